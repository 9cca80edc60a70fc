//! Who comes back.
//!
//! A row is a cohort: people by the bucket of their birth event. Its size is the cohort's; the
//! figure of an offset counts the people who came back then. The figure of offset 0 is not the
//! size: it counts return events at or after the birth event.

use super::{Breakdown, EventFilter, Period};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Retention {
    pub birth: EventFilter,
    pub returning: EventFilter,
    #[serde(default)]
    pub counting: RetentionKind,
    #[serde(default)]
    pub periods: RetentionPeriods,
    #[serde(default)]
    pub rule: ReturnRule,
    /// Columns after the cohort's size.
    pub offsets: u16,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breakdowns: Vec<Breakdown>,
    pub period: Period,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetentionKind {
    /// A person belongs to the cohort of their first birth event.
    #[default]
    FirstTime,
    /// A person belongs to the cohort of every bucket in which they did it.
    Recurring,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetentionPeriods {
    /// Buckets of the calendar in the report's zone.
    #[default]
    Calendar,
    /// 24 hours, 7 or 30 times that, of elapsed time since each person's own birth event.
    Rolling,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnRule {
    #[default]
    On,
    /// Unbounded: who came back in this period or any later one.
    OnOrAfter,
}
