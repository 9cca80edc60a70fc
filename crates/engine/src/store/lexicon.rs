//! Which events and properties a project has sent: names, how often, of what kinds.
//!
//! Counts are of arrivals, duplicates included: they rank names, they are not a report.

use crate::store::hot::HotChunk;
use domain::{EventName, PropertyName, Timestamp};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Property names that are counted for one event. Names past it are stored and can be asked for;
/// they are not listed, so that a client that makes up names does not fill the memory.
const MAX_PROPERTIES: usize = 5_000;

/// An event name of a project: dense, handed out in the order of first sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub u32);

/// An event name and what came under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventSummary {
    pub id: EventId,
    pub name: EventName,
    pub count: u64,
    /// The earliest and the latest time of an event.
    pub first_seen: Timestamp,
    pub last_seen: Timestamp,
}

/// A property name and what came under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropertySummary {
    pub name: PropertyName,
    pub count: u64,
    pub kinds: Vec<PropertyKind>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PropertyKind {
    String,
    Integer,
    Float,
    Boolean,
    /// A list, an object or `null`.
    Json,
}

impl PropertyKind {
    const ALL: [Self; 5] = [Self::String, Self::Integer, Self::Float, Self::Boolean, Self::Json];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Float => "float",
            Self::Boolean => "boolean",
            Self::Json => "json",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// Numbers and counters of names. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lexicon {
    ids: FxHashMap<EventName, u32>,
    entries: Vec<Arc<Entry>>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    name: EventName,
    count: u64,
    first: i64,
    last: i64,
    properties: BTreeMap<PropertyName, Counter>,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Counter {
    count: u64,
    kinds: u8,
}

impl Lexicon {
    /// From the entries in the order of their ids.
    pub(crate) fn from_entries(entries: Vec<Arc<Entry>>) -> Self {
        let ids = entries.iter().zip(0..).map(|(entry, id)| (entry.name.clone(), id)).collect();
        Self { ids, entries }
    }

    pub(crate) fn entries(&self) -> &[Arc<Entry>] {
        &self.entries
    }

    pub(crate) fn get(&self, name: &str) -> Option<u32> {
        self.ids.get(name).copied()
    }

    pub(crate) fn insert(&mut self, name: &EventName) -> u32 {
        let next = self.entries.len() as u32;
        let id = *self.ids.entry(name.clone()).or_insert(next);
        if id == next {
            self.entries.push(Arc::new(Entry {
                name: name.clone(),
                count: 0,
                first: i64::MAX,
                last: i64::MIN,
                properties: BTreeMap::new(),
            }));
        }
        id
    }

    pub(crate) fn name(&self, id: EventId) -> Option<&EventName> {
        self.entries.get(id.0 as usize).map(|entry| &entry.name)
    }

    /// Counts the rows of a chunk.
    pub(crate) fn absorb(&mut self, chunk: &HotChunk) {
        // Events of this chunk get small numbers, so that counting is indexing.
        let mut local = FxHashMap::default();
        let mut events: Vec<u32> = vec![];
        let rows: Vec<usize> = chunk
            .events
            .iter()
            .map(|&event| {
                *local.entry(event).or_insert_with(|| {
                    events.push(event);
                    events.len() - 1
                })
            })
            .collect();
        for (row, &event) in chunk.events.iter().enumerate() {
            let entry = Arc::make_mut(&mut self.entries[event as usize]);
            entry.count += 1;
            entry.first = entry.first.min(chunk.times[row]);
            entry.last = entry.last.max(chunk.times[row]);
        }
        let mut counts = vec![0u64; events.len()];
        for column in &chunk.columns {
            for (kind, present) in column.kinds() {
                counts.fill(0);
                for &row in present {
                    counts[rows[row as usize]] += 1;
                }
                for (&event, &count) in events.iter().zip(&counts) {
                    if count > 0 {
                        let entry = Arc::make_mut(&mut self.entries[event as usize]);
                        let full = entry.properties.len() >= MAX_PROPERTIES;
                        if full && !entry.properties.contains_key(&column.name) {
                            continue;
                        }
                        let counter = entry.properties.entry(column.name.clone()).or_default();
                        counter.count += count;
                        counter.kinds |= kind.bit();
                    }
                }
            }
        }
    }

    /// Names that have come at least once, the most frequent first.
    pub(crate) fn events(&self) -> Vec<EventSummary> {
        let mut events: Vec<_> = self
            .entries
            .iter()
            .zip(0..)
            .filter(|(entry, _)| entry.count > 0)
            .map(|(entry, id)| EventSummary {
                id: EventId(id),
                name: entry.name.clone(),
                count: entry.count,
                first_seen: Timestamp::from_millis(entry.first),
                last_seen: Timestamp::from_millis(entry.last),
            })
            .collect();
        events.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
        events
    }

    /// Properties of one event or of all, the most frequent first.
    pub(crate) fn properties(&self, event: Option<EventId>) -> Vec<PropertySummary> {
        let mut counters: BTreeMap<&PropertyName, Counter> = BTreeMap::new();
        let wanted = self.entries.iter().zip(0..).filter(|(_, id)| event.is_none_or(|EventId(e)| e == *id));
        for (name, counter) in wanted.flat_map(|(entry, _)| &entry.properties) {
            let sum = counters.entry(name).or_default();
            sum.count += counter.count;
            sum.kinds |= counter.kinds;
        }
        let mut properties: Vec<_> = counters
            .into_iter()
            .map(|(name, counter)| PropertySummary {
                name: name.clone(),
                count: counter.count,
                kinds: PropertyKind::ALL.into_iter().filter(|kind| counter.kinds & kind.bit() != 0).collect(),
            })
            .collect();
        properties.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
        properties
    }
}
