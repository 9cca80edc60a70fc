//! From what was asked to what is run: checks, then rewrites, each with a name.

use super::{
    Aggregate, EventSelection, Insights, MAX_BREAKDOWNS, MAX_LIMIT, MAX_METRICS, Measurement, Window,
};
use crate::calendar::{CalendarError, Granularity};
use crate::expression::Expression;

/// Longest look-back of a rolling window in days.
const MAX_ROLLING_DAYS: u16 = 365;

/// Why a report cannot be run as it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportProblem {
    #[error("the report has no metric; add one")]
    NoMetric,
    #[error("a report has at most {MAX_METRICS} metrics")]
    TooManyMetrics,
    #[error("a report has at most {MAX_BREAKDOWNS} breakdowns")]
    TooManyBreakdowns,
    #[error("a metric names no event; name one or ask for any")]
    NoEvent,
    #[error("a percentile lies between 0 and 100")]
    BadPercentile,
    #[error("a running window counts events or unique people; choose one of these")]
    WindowNotCounting,
    #[error("a rolling window needs daily buckets and 1 to {MAX_ROLLING_DAYS} days")]
    BadRollingWindow,
    #[error("a formula calls a metric that the report does not have")]
    FormulaWithoutMetric,
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

/// A report that passed all checks, in its one canonical form.
#[derive(Clone, Debug, PartialEq)]
pub struct NormalisedInsights {
    report: Insights,
    rewrites: Vec<&'static str>,
}

impl NormalisedInsights {
    pub fn get(&self) -> &Insights {
        &self.report
    }

    /// Names of the rewrites that changed something, for showing how the report was read.
    pub fn rewrites(&self) -> &[&'static str] {
        &self.rewrites
    }
}

type Rewrite = fn(&mut Insights);

/// What is done to each report, in this order.
const REWRITES: [(&str, Rewrite); 4] = [
    ("give the report's filter to each metric", spread_filter),
    ("drop filters that keep everything", drop_idle_filters),
    ("name each event once", name_events_once),
    ("keep the limit in bounds", bound_limit),
];

impl Insights {
    pub fn normalise(self) -> Result<NormalisedInsights, ReportProblem> {
        self.check()?;
        let mut report = self;
        let mut rewrites = Vec::new();
        for (name, rewrite) in REWRITES {
            let before = report.clone();
            rewrite(&mut report);
            rewrites.extend((before != report).then_some(name));
        }
        Ok(NormalisedInsights { report, rewrites })
    }

    fn check(&self) -> Result<(), ReportProblem> {
        if self.metrics.is_empty() {
            return Err(ReportProblem::NoMetric);
        }
        if self.metrics.len() > MAX_METRICS {
            return Err(ReportProblem::TooManyMetrics);
        }
        if self.breakdowns.len() > MAX_BREAKDOWNS {
            return Err(ReportProblem::TooManyBreakdowns);
        }
        for metric in &self.metrics {
            if matches!(&metric.of.events, EventSelection::Named(names) if names.is_empty()) {
                return Err(ReportProblem::NoEvent);
            }
            if let Measurement::Number { aggregate: Aggregate::Percentile(p), .. } = metric.measurement
                && !(0.0..=100.0).contains(&p)
            {
                return Err(ReportProblem::BadPercentile);
            }
            let counts = matches!(metric.measurement, Measurement::Total | Measurement::Unique);
            if metric.window != Window::Bucket && !counts {
                return Err(ReportProblem::WindowNotCounting);
            }
            if let Window::RollingDays(days) = metric.window
                && (self.period.granularity != Granularity::Day || !(1..=MAX_ROLLING_DAYS).contains(&days))
            {
                return Err(ReportProblem::BadRollingWindow);
            }
        }
        if self.formulas.iter().any(|formula| formula.metrics_needed() > self.metrics.len()) {
            return Err(ReportProblem::FormulaWithoutMetric);
        }
        Ok(())
    }
}

fn spread_filter(report: &mut Insights) {
    let Some(shared) = report.filter.take() else { return };
    for metric in &mut report.metrics {
        let own = metric.of.filter.take();
        metric.of.filter = Some(match own {
            Some(own) => shared.clone().and(own),
            None => shared.clone(),
        });
    }
}

fn drop_idle_filters(report: &mut Insights) {
    for metric in &mut report.metrics {
        metric.of.filter.take_if(|filter| *filter == Expression::Boolean(true));
    }
}

fn name_events_once(report: &mut Insights) {
    for metric in &mut report.metrics {
        if let EventSelection::Named(names) = &mut metric.of.events {
            names.sort();
            names.dedup();
        }
    }
}

fn bound_limit(report: &mut Insights) {
    report.limit = report.limit.clamp(1, MAX_LIMIT);
}
