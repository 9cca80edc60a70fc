use collect::outcome::{DropReason, DroppedExample};
use domain::Timestamp;
use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Last examples kept for the reasons page: enough to recognise a pattern.
const EXAMPLES_MAX: usize = 50;

/// Counts of one project since the server started: nothing is dropped without showing up here.
#[derive(Debug, Default)]
pub struct Tally(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    accepted: u64,
    dropped: BTreeMap<&'static str, u64>,
    examples: VecDeque<DropExample>,
    first_event_at: Option<Timestamp>,
}

/// One record that was not taken, without any value of it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct DropExample {
    #[schema(value_type = String, format = DateTime)]
    pub at: String,
    pub reason: &'static str,
    /// Name of the event, swept like everything else.
    pub event: Option<String>,
    /// What was wrong: the name of a field.
    pub field: Option<String>,
}

impl From<DroppedExample> for DropExample {
    fn from(dropped: DroppedExample) -> Self {
        Self {
            at: dropped.time.to_string(),
            reason: dropped.reason.tag(),
            event: dropped.event.map(String::from),
            field: dropped.field.map(str::to_owned),
        }
    }
}

/// The counts at one moment.
#[derive(Clone, Debug)]
pub struct TallySnapshot {
    pub accepted: u64,
    pub dropped: BTreeMap<&'static str, u64>,
    pub examples: Vec<DropExample>,
    pub first_event_at: Option<Timestamp>,
}

impl Tally {
    pub fn accepted(&self, events: u64, at: Timestamp) {
        let mut counts = self.lock();
        counts.accepted += events;
        if events > 0 {
            counts.first_event_at.get_or_insert(at);
        }
    }

    pub fn dropped(&self, reason: DropReason, records: u64) {
        *self.lock().dropped.entry(reason.tag()).or_default() += records;
    }

    pub fn example(&self, example: DropExample) {
        let mut counts = self.lock();
        if counts.examples.len() == EXAMPLES_MAX {
            counts.examples.pop_front();
        }
        counts.examples.push_back(example);
    }

    pub fn snapshot(&self) -> TallySnapshot {
        let counts = self.lock();
        TallySnapshot {
            accepted: counts.accepted,
            dropped: counts.dropped.clone(),
            examples: counts.examples.iter().rev().cloned().collect(),
            first_event_at: counts.first_event_at,
        }
    }

    /// Counts stay usable if a thread died while it held them: they are only numbers.
    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
