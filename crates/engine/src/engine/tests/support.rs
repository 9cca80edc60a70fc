use super::super::{Engine, EngineComponents, EngineSettings, Maintenance, ProjectDefinition};
use crate::disk::SimDisk;
use crate::store::{Scan, Snapshot};
use domain::identity::IdentityMode;
use domain::time::FixedClock;
use domain::{Batch, Event, EventName, InsertId, ProjectId, Pseudonym, Timestamp};
use std::sync::Arc;

pub(super) const PROJECT: ProjectId = ProjectId(1);

pub(super) fn settings() -> EngineSettings {
    EngineSettings { maintenance: Maintenance::Manual, ..EngineSettings::in_dir("/engine") }
}

pub(super) fn open(disk: &SimDisk) -> Engine {
    open_with(disk, settings(), IdentityMode::Simplified)
}

pub(super) fn open_with(disk: &SimDisk, settings: EngineSettings, identity_mode: IdentityMode) -> Engine {
    let clock = Arc::new(FixedClock::at(Timestamp::from_seconds(1_000)));
    let components = EngineComponents { clock, disk: Arc::new(disk.clone()) };
    let engine = Engine::open(settings, components).unwrap();
    engine.define_project(ProjectDefinition { id: PROJECT, identity_mode }).unwrap();
    engine
}

pub(super) fn pseudonym(name: &str) -> Pseudonym {
    let mut bytes = [0; 16];
    bytes[..name.len()].copy_from_slice(name.as_bytes());
    Pseudonym(bytes)
}

pub(super) fn event(name: &str, who: &str, time: i64, insert_id: &str) -> Event {
    Event {
        name: EventName::from(name),
        time: Timestamp::from_seconds(time),
        distinct: Some(pseudonym(who)),
        device: None,
        user: None,
        insert_id: InsertId::from(insert_id),
        properties: vec![],
    }
}

pub(super) fn batch(events: Vec<Event>) -> Batch {
    let mut batch = Batch::new(PROJECT, Timestamp::from_seconds(100));
    batch.events = events;
    batch
}

pub(super) fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

pub(super) fn append(engine: &Engine, events: Vec<Event>) {
    block_on(engine.append(batch(events))).unwrap();
}

pub(super) fn count(engine: &Engine) -> usize {
    let snapshot = engine.snapshot(PROJECT).unwrap();
    snapshot.scan(&Scan::everything()).map(|block| block.unwrap().len()).sum()
}

/// Every event as one line of text, sorted.
pub(super) fn rows(snapshot: &Snapshot) -> Vec<String> {
    let scan = Scan { all_properties: true, ..Scan::everything() };
    let mut rows = vec![];
    for block in snapshot.scan(&scan) {
        let block = block.unwrap();
        for row in 0..block.len() {
            let who = |id| snapshot.pseudonym(id).unwrap();
            let person = (block.people()[row] != crate::store::NOBODY)
                .then(|| who(domain::id::PersonId(block.people()[row])));
            let properties: Vec<_> =
                block.row(row).map(|(name, value)| format!("{name}={value:?}")).collect();
            rows.push(format!(
                "{} {} {:?} {:?} {:?} {:?} {} {} {properties:?}",
                snapshot.event_name(block.event(row)).unwrap(),
                block.times()[row],
                person,
                block.distinct(row).map(who),
                block.device(row).map(who),
                block.user(row).map(who),
                block.insert_id(row).unwrap(),
                block.received(row).unwrap().millis(),
            ));
        }
    }
    rows.sort();
    rows
}
