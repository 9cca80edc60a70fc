//! Reports: saved questions as values that travel.
//!
//! A report is parsed (from a client's parameters or from JSON), normalised by named rewrites,
//! planned and executed by the engine, and comes back as a [`ReportResult`] that says how it was
//! made. What each number means is fixed here, in the documentation of the types.

mod cohort;
mod flow;
mod formula;
mod funnel;
mod insights;
mod metric;
mod normalise;
mod result;
mod retention;
#[cfg(test)]
mod tests;

pub use cohort::{Cohort, CohortRule};
pub use flow::Flow;
pub use formula::{Formula, FormulaError};
pub use funnel::{Exclusion, ExclusionEffect, Funnel, FunnelCounting, FunnelUnit, Reentry, Step, StepOrder};
pub use insights::{
    Breakdown, BreakdownKind, DEFAULT_LIMIT, Insights, MAX_BREAKDOWNS, MAX_LIMIT, MAX_METRICS,
};
pub use metric::{Aggregate, EventFilter, EventSelection, Measurement, Metric, Window};
pub use normalise::{NormalisedInsights, ReportProblem};
pub use result::{HowMade, RULE_SET, ReportResult, Segment, Series};
pub use retention::{Retention, RetentionKind, RetentionPeriods, ReturnRule};

use crate::calendar::{CivilRange, Granularity, ReportZone};
use serde::{Deserialize, Serialize};

/// What a row counts under whose property is missing, `null` or an empty list.
pub const NOT_SET: &str = "(not set)";

/// A saved question of any kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Report {
    Insights(Insights),
    Funnel(Funnel),
    Retention(Retention),
    Flow(Flow),
}

impl Report {
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Insights(_) => "insights",
            Self::Funnel(_) => "funnel",
            Self::Retention(_) => "retention",
            Self::Flow(_) => "flow",
        }
    }
}

/// The time a report is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Period {
    pub range: CivilRange,
    #[serde(default)]
    pub granularity: Granularity,
    pub zone: ReportZone,
}
