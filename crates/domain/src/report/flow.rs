//! Paths: what people do after or before an event.
//!
//! A path belongs to one person and one session: the time between two neighbouring events of it is
//! at most `session_gap_ms`. An anchor inside a path that began at an earlier one starts no other.

use super::{Breakdown, EventFilter, EventSelection, Period};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flow {
    pub anchor: EventFilter,
    #[serde(default)]
    pub steps_before: u8,
    #[serde(default)]
    pub steps_after: u8,
    /// Events that make up paths.
    #[serde(default)]
    pub events: EventSelection,
    /// Neighbouring events of one name are one step.
    #[serde(default)]
    pub collapse_repeats: bool,
    pub session_gap_ms: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breakdowns: Vec<Breakdown>,
    pub period: Period,
    /// Greatest number of different steps shown at each place; the others are one step.
    pub limit: u32,
}
