//! Conversion through steps.
//!
//! * The window runs from the event of the first step and is inclusive: step k counts if
//!   `t_k - t_1 <= window`. It is elapsed time, never calendar days.
//! * One event fills at most one step of one attempt, even if it matches several.
//! * Equal times never block a conversion: within a tie events are tried in the order of steps.
//!   `grace_ms` lets a step precede the one before it by at most that much.
//! * The first step must lie in the report's range; later ones may follow after it. Attempts whose
//!   window has not elapsed are counted and flagged open.

use super::{Breakdown, EventFilter, Period};
use crate::PropertyName;
use crate::expression::Expression;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Funnel {
    pub steps: Vec<Step>,
    pub window_ms: u64,
    #[serde(default)]
    pub grace_ms: u64,
    #[serde(default)]
    pub order: StepOrder,
    #[serde(default)]
    pub counting: FunnelCounting,
    #[serde(default)]
    pub unit: FunnelUnit,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclusions: Vec<Exclusion>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Expression>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breakdowns: Vec<Breakdown>,
    pub period: Period,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(flatten)]
    pub of: EventFilter,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepOrder {
    /// In order, with anything in between.
    #[default]
    Ordered,
    /// In order, with nothing in between.
    Strict,
    /// All of them, in any order.
    Any,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FunnelCounting {
    /// Each unit once.
    Uniques(Reentry),
    /// Each attempt. A new one is possible only after the one before it ended by conversion,
    /// time-out or exclusion.
    Totals,
}

impl Default for FunnelCounting {
    fn default() -> Self {
        Self::Uniques(Reentry::First)
    }
}

/// Which attempt of a unit counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reentry {
    /// The first entry in the range.
    #[default]
    First,
    /// The best one: furthest step, then earliest completion, then latest entry.
    Optimized,
}

/// Who walks through the funnel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FunnelUnit {
    #[default]
    Person,
    /// A group by its key. Each item of a list counts for its group, events without a group are left out.
    Group(PropertyName),
}

/// Events that end an attempt, strictly between the events of two neighbouring steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exclusion {
    #[serde(flatten)]
    pub of: EventFilter,
    /// Counted from 0: between this step and the next one. `None`: between any two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_step: Option<usize>,
    #[serde(default)]
    pub effect: ExclusionEffect,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExclusionEffect {
    /// The attempt stops at the step before and still counts there.
    #[default]
    Drop,
    /// The unit leaves the funnel.
    Remove,
}
