//! Insights: planned, run over the blocks of a scan by a few threads, put together.

mod plan;
mod present;
mod worker;

use super::number::Ranges;
use super::row::RowReader;
use super::{Cancel, ReportError, THREADS};
use crate::store::Snapshot;
use domain::report::{BreakdownKind, Insights, ReportResult};
use plan::Plan;
use roaring::RoaringBitmap;
use worker::Worker;

/// Most cells, segments times buckets times metrics, that a report may have while it runs: it
/// bounds its memory to a few hundred megabytes.
pub const MAX_CELLS: usize = 2_000_000;

/// A report's result, and the people whose events it was worked out from (canonical `PersonId`s).
#[derive(Clone, Debug)]
pub struct Answer {
    pub result: ReportResult,
    pub people: RoaringBitmap,
}

pub fn run(snapshot: &Snapshot, report: Insights, cancel: &Cancel) -> Result<Answer, ReportError> {
    let plan = Plan::new(report.normalise()?)?;
    let ranges = number_ranges(snapshot, &plan, cancel)?;
    let worker = work(snapshot, &plan, &ranges, cancel)?;
    Ok(present::answer(&plan, &worker))
}

/// A first pass for breakdowns by ranges: these depend on the least and the greatest number.
fn number_ranges(
    snapshot: &Snapshot,
    plan: &Plan,
    cancel: &Cancel,
) -> Result<Vec<Option<Ranges>>, ReportError> {
    let wanted = |kind| kind == BreakdownKind::NumberRanges;
    let mut bounds: Vec<Option<(f64, f64)>> = plan
        .report()
        .breakdowns
        .iter()
        .map(|breakdown| wanted(breakdown.kind).then_some((f64::INFINITY, f64::NEG_INFINITY)))
        .collect();
    if bounds.iter().any(Option::is_some) {
        let mut reader = RowReader::new(snapshot);
        for block in snapshot.scan(&plan.scan) {
            cancel.check()?;
            let block = block?;
            let rows = plan.rows_of_any_metric(snapshot, &block, &mut reader)?;
            for (breakdown, bounds) in plan.report().breakdowns.iter().zip(&mut bounds) {
                if let Some((least, greatest)) = bounds {
                    super::groups::numbers_of(&breakdown.by, &block, &rows, &mut reader, |_, number| {
                        *least = least.min(number);
                        *greatest = greatest.max(number);
                    })?;
                }
            }
        }
    }
    Ok(bounds
        .into_iter()
        .map(|bounds| bounds.map(|(least, greatest)| Ranges::covering(least, greatest)))
        .collect())
}

fn work(
    snapshot: &Snapshot,
    plan: &Plan,
    ranges: &[Option<Ranges>],
    cancel: &Cancel,
) -> Result<Worker, ReportError> {
    let parts = snapshot.scan_parts(&plan.scan, THREADS);
    let people = snapshot.person_count() as usize;
    let mut workers = std::thread::scope(|scope| {
        let handles: Vec<_> = parts
            .into_iter()
            .map(|part| {
                scope.spawn(move || {
                    let mut worker = Worker::new(plan, ranges, people);
                    let mut reader = RowReader::new(snapshot);
                    for block in part {
                        cancel.check()?;
                        worker.add(snapshot, plan, &block?, &mut reader)?;
                    }
                    worker.finish();
                    Ok(worker)
                })
            })
            .collect();
        let results: Vec<Result<Worker, ReportError>> = handles
            .into_iter()
            .map(|handle| handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect();
        results.into_iter().collect::<Result<Vec<Worker>, ReportError>>()
    })?
    .into_iter();
    let mut all = workers.next().unwrap_or_else(|| Worker::new(plan, ranges, people));
    for other in workers {
        all.absorb(plan, other)?;
    }
    Ok(all)
}
