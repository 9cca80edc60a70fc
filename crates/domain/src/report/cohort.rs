//! Sets of people by a rule.

use super::EventFilter;
use crate::expression::Expression;
use serde::{Deserialize, Serialize};

/// People for whom a rule holds, worked out anew whenever it is used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cohort {
    pub name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    pub rule: CohortRule,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CohortRule {
    All(Vec<CohortRule>),
    Any(Vec<CohortRule>),
    Not(Box<CohortRule>),
    /// Did it at least so often within so many days up to now.
    Did {
        of: EventFilter,
        at_least: u32,
        last_days: u16,
    },
    /// Whose profile an expression is true for.
    Profile(Expression),
}
