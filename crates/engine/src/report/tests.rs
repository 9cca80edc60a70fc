//! The operators over a project in memory.

mod export;
mod insights;
mod names;
mod numbers;
mod people;
mod sets;

use crate::store::Snapshot;
use domain::access::{AccessGrant, AccessRecord, Action, Actor, LeafIndex, LeafSink, Purpose, ReadScope};
use domain::event::Properties;
use domain::identity::IdentityMode;
use domain::{Batch, Event, ProjectId, Pseudonym, Timestamp};

const PROJECT: ProjectId = ProjectId(1);

fn pseudonym(name: &str) -> Pseudonym {
    let mut bytes = [0; 16];
    bytes[..name.len()].copy_from_slice(name.as_bytes());
    Pseudonym(bytes)
}

fn at(text: &str) -> Timestamp {
    Timestamp::from_millis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

/// Properties from JSON.
fn properties(json: &str) -> Properties {
    domain::event::object::deserialize(&mut serde_json::Deserializer::from_str(json)).unwrap()
}

fn event(who: &str, name: &str, time: &str, json: &str) -> Event {
    Event {
        name: name.into(),
        time: at(time),
        distinct: (!who.is_empty()).then(|| pseudonym(who)),
        device: None,
        user: None,
        insert_id: format!("{who}-{name}-{time}").into(),
        properties: properties(json),
    }
}

/// Several batches, as they would come.
fn batches_of(events: Vec<Event>) -> Vec<Batch> {
    let batch = |events: &[Event]| {
        let mut batch = Batch::new(PROJECT, at("2024-02-01T00:00:00Z"));
        batch.events = events.to_vec();
        batch
    };
    events.chunks(7).map(batch).collect()
}

fn snapshot_of(events: Vec<Event>) -> Snapshot {
    Snapshot::in_memory(PROJECT, IdentityMode::Simplified, &batches_of(events))
}

/// A ledger that takes everything.
struct NoLedger;

impl LeafSink for NoLedger {
    type Error = std::convert::Infallible;

    fn append(&self, _: &AccessRecord) -> Result<LeafIndex, Self::Error> {
        Ok(LeafIndex(0))
    }
}

fn grant(project: ProjectId) -> AccessGrant {
    let record = AccessRecord {
        time: at("2024-02-01T00:00:00Z"),
        actor: Actor::CommandLine,
        purpose: Purpose("test".into()),
        project,
        action: Action::Export,
        scope: ReadScope::Pseudonymous,
        query: String::new(),
        fields: vec![],
        people: None,
        rows: None,
    };
    AccessGrant::issue(record, &NoLedger).unwrap()
}
