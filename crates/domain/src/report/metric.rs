//! What is measured: of which events, and how.

use crate::EventName;
use crate::expression::Expression;
use serde::{Deserialize, Serialize};

/// Which events, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventSelection {
    #[default]
    Any,
    Named(Vec<EventName>),
}

impl EventSelection {
    pub fn one(name: impl Into<EventName>) -> Self {
        Self::Named(vec![name.into()])
    }
}

/// Events of a name for which an expression is true.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EventFilter {
    #[serde(default)]
    pub events: EventSelection,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Expression>,
}

/// One line of a chart: events and a measurement of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default)]
    pub of: EventFilter,
    pub measurement: Measurement,
    #[serde(default)]
    pub window: Window,
}

impl Metric {
    pub fn new(events: EventSelection, measurement: Measurement) -> Self {
        Self { name: None, of: EventFilter { events, filter: None }, measurement, window: Window::default() }
    }
}

/// How events become a number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Measurement {
    /// Number of events.
    Total,
    /// Number of different people. An event without a person counts in totals only. The figure
    /// for the range counts each person once, however many buckets they are in.
    Unique,
    /// Total divided by unique: what `type=average` asks for. `null` where there is nobody.
    Average,
    /// Number of different values, as they are written; what is not set has no value, each item
    /// of a list is one.
    Distinct { of: Expression },
    /// An aggregate of a number. Values that are not numbers are left out, except that
    /// `number(…)` in the expression casts them; each number in a list is one value.
    Number { of: Expression, aggregate: Aggregate },
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aggregate {
    /// 0 where there is no number.
    Sum,
    /// Of the numbers; `null` where there is none, as for the following.
    Average,
    Min,
    Max,
    Median,
    /// Between 0 and 100, exact, with linear interpolation between the two nearest ranks.
    Percentile(f64),
    /// How many numbers there are.
    Count,
}

/// What of the past each bucket takes in. The figure for the whole range is the same for all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    #[default]
    Bucket,
    /// From the beginning of the range to the end of the bucket.
    Cumulative,
    /// This many days up to the end of the bucket, days before the range included. Of daily
    /// buckets only.
    RollingDays(u16),
}
