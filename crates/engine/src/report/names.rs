//! Which events and values there are, the most common first.

use super::{Cancel, ReportError, check_grant, insights};
use crate::store::Snapshot;
use domain::EventName;
use domain::access::AccessGrant;
use domain::calendar::{CivilRange, Granularity, ReportZone};
use domain::expression::{Expression, PropertyScope};
use domain::report::{
    Breakdown, EventSelection, Insights, MAX_LIMIT, Measurement, Metric, NOT_SET, Period, ReportProblem,
    ReportResult, Segment,
};
use jiff::civil::Date;

/// A name or value, and how common it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Common {
    pub name: String,
    pub figure: f64,
}

/// An event of today.
#[derive(Clone, Debug, PartialEq)]
pub struct TopEvent {
    pub event: String,
    pub amount: f64,
    /// Today's amount by yesterday's, less one; `None` where there was none yesterday.
    pub change: Option<f64>,
}

/// Events of today by how common they are, against yesterday.
pub fn top_events(
    snapshot: &Snapshot,
    measurement: Measurement,
    (today, zone): (Date, ReportZone),
    limit: usize,
    cancel: &Cancel,
) -> Result<Vec<TopEvent>, ReportError> {
    let range = CivilRange::last_days(today, 2).map_err(ReportProblem::from)?;
    let period = Period { range, granularity: Granularity::Day, zone };
    let metric = Metric::new(EventSelection::Any, measurement);
    let result = by(snapshot, metric, event_name(), period, cancel)?;
    let last = result.buckets.len().saturating_sub(1);
    let mut events: Vec<TopEvent> = named(&result)
        .filter_map(|(event, series)| {
            let amount = series.values.get(last).copied().flatten().filter(|amount| *amount > 0.0)?;
            let before = series.values[..last].last().copied().flatten().filter(|before| *before > 0.0);
            Some(TopEvent { event, amount, change: before.map(|before| amount / before - 1.0) })
        })
        .collect();
    events.sort_by(|a, b| b.amount.total_cmp(&a.amount).then_with(|| a.event.cmp(&b.event)));
    events.truncate(limit);
    Ok(events)
}

/// Names of the events of a range.
pub fn common_events(
    snapshot: &Snapshot,
    measurement: Measurement,
    (range, zone): (CivilRange, ReportZone),
    limit: usize,
    cancel: &Cancel,
) -> Result<Vec<Common>, ReportError> {
    let period = Period { range, granularity: Granularity::Quarter, zone };
    let metric = Metric::new(EventSelection::Any, measurement);
    let result = by(snapshot, metric, event_name(), period, cancel)?;
    Ok(common(&result, limit))
}

/// Values of a property of one event or of all. A value may name somebody: it takes a grant.
pub fn property_values(
    snapshot: &Snapshot,
    grant: &AccessGrant,
    (event, property): (Option<EventName>, &str),
    (range, zone): (CivilRange, ReportZone),
    limit: usize,
    cancel: &Cancel,
) -> Result<Vec<Common>, ReportError> {
    check_grant(snapshot, grant)?;
    let period = Period { range, granularity: Granularity::Quarter, zone };
    let events = event.map_or(EventSelection::Any, |event| EventSelection::Named(vec![event]));
    let metric = Metric::new(events, Measurement::Total);
    let result = by(snapshot, metric, Expression::property(property), period, cancel)?;
    Ok(common(&result, limit))
}

fn event_name() -> Expression {
    Expression::Property(PropertyScope::Event, "$event_name".into())
}

fn by(
    snapshot: &Snapshot,
    metric: Metric,
    by: Expression,
    period: Period,
    cancel: &Cancel,
) -> Result<ReportResult, ReportError> {
    let mut report = Insights::of(metric, period);
    report.breakdowns.push(Breakdown::by(by));
    report.limit = MAX_LIMIT;
    Ok(insights::run(snapshot, report, cancel)?.result)
}

/// Series of the segments with a value.
fn named(result: &ReportResult) -> impl Iterator<Item = (String, &domain::report::Series)> {
    result.segments(0).filter_map(|series| match &series.segment {
        Segment::Values(values) => {
            values.first().filter(|value| *value != NOT_SET).map(|value| (value.clone(), series))
        }
        _ => None,
    })
}

fn common(result: &ReportResult, limit: usize) -> Vec<Common> {
    let figures = named(result).map(|(name, series)| Common { name, figure: series.total.unwrap_or(0.0) });
    figures.take(limit).collect()
}
