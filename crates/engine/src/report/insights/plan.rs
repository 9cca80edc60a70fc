//! What a normalised report needs to read.

use crate::report::ReportError;
use crate::report::filter;
use crate::report::row::{RowReader, ask_for};
use crate::store::{Block, Scan, Snapshot};
use arrow_buffer::BooleanBuffer;
use domain::EventName;
use domain::calendar::{Buckets, CivilRange};
use domain::expression::UsedProperties;
use domain::report::{
    EventFilter, EventSelection, Insights, Measurement, NormalisedInsights, ReportProblem, Window,
};
use std::collections::BTreeSet;

#[derive(Debug)]
pub(super) struct Plan {
    report: NormalisedInsights,
    /// Those of the report, and before them the days that rolling windows look back on.
    pub(super) buckets: Buckets,
    /// How many there are before the report's range.
    pub(super) before: usize,
    pub(super) scan: Scan,
}

impl Plan {
    pub(super) fn new(report: NormalisedInsights) -> Result<Self, ReportError> {
        let insights = report.get();
        let period = &insights.period;
        let own =
            Buckets::new(period.range, period.granularity, &period.zone).map_err(ReportProblem::from)?;
        let look_back = insights.metrics.iter().map(|metric| match metric.window {
            Window::RollingDays(days) => i32::from(days) - 1,
            _ => 0,
        });
        let days_before = look_back.max().unwrap_or(0);
        let buckets = if days_before == 0 {
            own.clone()
        } else {
            let last = period.range.to();
            let days = u32::try_from(period.range.days() + days_before).unwrap_or(u32::MAX);
            let longer = CivilRange::last_days(last, days).map_err(ReportProblem::from)?;
            Buckets::new(longer, period.granularity, &period.zone).map_err(ReportProblem::from)?
        };
        let mut scan = Scan::over(buckets.instants());
        scan.events = all_names(insights);
        let mut used = UsedProperties::default();
        for metric in &insights.metrics {
            metric.of.filter.iter().for_each(|filter| used.add(filter));
            if let Measurement::Distinct { of } | Measurement::Number { of, .. } = &metric.measurement {
                used.add(of);
            }
        }
        insights.breakdowns.iter().for_each(|breakdown| used.add(&breakdown.by));
        ask_for(&mut scan, &used);
        Ok(Self { before: buckets.len() - own.len(), buckets, scan, report })
    }

    pub(super) fn report(&self) -> &Insights {
        self.report.get()
    }

    pub(super) fn rewrites(&self) -> &[&'static str] {
        self.report.rewrites()
    }

    /// Numbers of the rows that at least one metric counts.
    pub(super) fn rows_of_any_metric(
        &self,
        snapshot: &Snapshot,
        block: &Block,
        reader: &mut RowReader<'_>,
    ) -> Result<Vec<u32>, ReportError> {
        let mut any = BooleanBuffer::new_unset(block.len());
        for metric in &self.report().metrics {
            any = &any | &mask(&metric.of, snapshot, block, reader)?;
        }
        Ok(any.set_indices().map(|row| row as u32).collect())
    }
}

/// The names of all metrics, unless one of them takes any event.
fn all_names(insights: &Insights) -> Option<Vec<EventName>> {
    let mut names = BTreeSet::new();
    for metric in &insights.metrics {
        match &metric.of.events {
            EventSelection::Any => return None,
            EventSelection::Named(of_metric) => names.extend(of_metric.iter().cloned()),
        }
    }
    Some(names.into_iter().collect())
}

/// The rows of a block that a metric counts.
pub(super) fn mask(
    of: &EventFilter,
    snapshot: &Snapshot,
    block: &Block,
    reader: &mut RowReader<'_>,
) -> Result<BooleanBuffer, ReportError> {
    let mut kept = match &of.events {
        EventSelection::Any => BooleanBuffer::new_set(block.len()),
        EventSelection::Named(names) => {
            let ids: Vec<u32> =
                names.iter().filter_map(|name| snapshot.event_id(name.as_str())).map(|id| id.0).collect();
            let events = block.events();
            BooleanBuffer::collect_bool(block.len(), |row| ids.contains(&events[row]))
        }
    };
    if let Some(expression) = &of.filter
        && kept.count_set_bits() > 0
    {
        kept = &kept & &filter::mask(expression, block, reader)?;
    }
    Ok(kept)
}
