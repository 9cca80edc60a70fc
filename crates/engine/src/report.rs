//! Answers: reports, lists of names and values, profiles, one person's events, exports.
//!
//! All of it reads a [`Snapshot`](crate::store::Snapshot) through its scan and nothing else, so
//! that a superseded row can never be counted. What singles out people takes an
//! [`AccessGrant`](domain::access::AccessGrant): the read is in the ledger before it begins.
//!
//! * [`insights`]: metrics over time by segment. Filters and breakdowns work on dictionary codes
//!   where a column has them; people are counted in bitmaps.
//! * [`export`]: events as JSON lines, in constant memory.
//! * [`people`]: profiles, and the events of some people in the order of time.
//! * [`names`]: which events and values there are, by how common they are.
//!
//! The same question over the same snapshot gives the same bytes: ties are broken by name and
//! sums do not depend on the order of rows.

mod cancel;
pub mod export;
mod filter;
mod groups;
pub mod insights;
mod measure;
pub mod names;
mod number;
pub mod people;
mod row;
mod sets;
#[cfg(test)]
mod tests;

pub use cancel::Cancel;
pub use insights::Answer;

use crate::store::{ReadError, Snapshot};
use domain::ProjectId;
use domain::access::AccessGrant;
use domain::report::{Report, ReportProblem};

/// Threads that one question may use. Two, so that one report cannot starve ingestion.
const THREADS: usize = 2;

#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error(transparent)]
    Problem(#[from] ReportProblem),
    #[error("reports of kind {0} cannot be run by this version; insights can")]
    KindNotRunnable(&'static str),
    #[error("the breakdown has too many different values; filter, coarsen the unit or shorten the range")]
    TooManySegments,
    #[error("the metric has more than {0} numbers or values; filter or shorten the range")]
    TooManyValues(usize),
    #[error("the question was cancelled")]
    Cancelled,
    #[error("the grant is for project {granted}, the question for project {asked}")]
    WrongProject { granted: ProjectId, asked: ProjectId },
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Runs a report of any kind that has an operator.
pub fn run(snapshot: &Snapshot, report: &Report, cancel: &Cancel) -> Result<Answer, ReportError> {
    match report {
        Report::Insights(report) => insights::run(snapshot, report.clone(), cancel),
        other => Err(ReportError::KindNotRunnable(other.kind())),
    }
}

/// A grant opens its own project only.
fn check_grant(snapshot: &Snapshot, grant: &AccessGrant) -> Result<(), ReportError> {
    if grant.project() == snapshot.project() {
        return Ok(());
    }
    Err(ReportError::WrongProject { granted: grant.project(), asked: snapshot.project() })
}
