//! Trends and breakdowns.

use super::formula::Formula;
use super::{Metric, Period};
use crate::expression::Expression;
use serde::{Deserialize, Serialize};

/// Most metrics of one report: as many as letters, by which formulas call them.
pub const MAX_METRICS: usize = 26;

/// Most breakdowns of one report: tables of more levels are not read.
pub const MAX_BREAKDOWNS: usize = 4;

/// Segments shown when nobody says how many; Mixpanel's default.
pub const DEFAULT_LIMIT: u32 = 60;

/// Most segments shown; Mixpanel's.
pub const MAX_LIMIT: u32 = 10_000;

/// Metrics over time, by segment.
///
/// Every metric has a series over all rows; with breakdowns also one for each of the `limit`
/// greatest segments and one for all others together. "Others" is measured, not subtracted: its
/// unique people are those who did it in any of these segments. A row whose property is a list
/// counts in the segment of each different item, so that segments may add up to more than all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Insights {
    pub metrics: Vec<Metric>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formulas: Vec<Formula>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Expression>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breakdowns: Vec<Breakdown>,
    pub period: Period,
    #[serde(default = "default_limit")]
    pub limit: u32,
}

fn default_limit() -> u32 {
    DEFAULT_LIMIT
}

impl Insights {
    /// One metric over time.
    pub fn of(metric: Metric, period: Period) -> Self {
        Self {
            metrics: vec![metric],
            formulas: vec![],
            filter: None,
            breakdowns: vec![],
            period,
            limit: DEFAULT_LIMIT,
        }
    }
}

/// What rows are split by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Breakdown {
    pub by: Expression,
    #[serde(default, rename = "as")]
    pub kind: BreakdownKind,
}

impl Breakdown {
    pub fn by(by: Expression) -> Self {
        Self { by, kind: BreakdownKind::Values }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BreakdownKind {
    /// Each value as it is written.
    #[default]
    Values,
    /// Ranges of numbers such as `2,000 - 2,100`, of equal and round width chosen from the data;
    /// rows without a number are left out.
    NumberRanges,
}
