//! An engine on a simulated disk that tests put events into and ask questions of.

use domain::event::Properties;
use domain::identity::IdentityMode;
use domain::profile::ProfileUpdate;
use domain::time::FixedClock;
use domain::{Batch, Event, ProjectId, Pseudonym, Timestamp};
use engine::disk::SimDisk;
use engine::{Engine, EngineComponents, EngineSettings, Maintenance, ProjectDefinition, Snapshot};
use std::sync::Arc;

const PROJECT: ProjectId = ProjectId(1);

pub(crate) fn pseudonym(name: &str) -> Pseudonym {
    let mut bytes = [0; 16];
    bytes[..name.len()].copy_from_slice(name.as_bytes());
    Pseudonym(bytes)
}

pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp::from_millis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

/// Properties from JSON.
pub(crate) fn properties(json: &str) -> Properties {
    domain::event::object::deserialize(&mut serde_json::Deserializer::from_str(json)).unwrap()
}

/// Where rows are when they are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    InMemory,
    /// A file for each appended batch.
    InFiles,
    /// Files merged where it is worth it.
    Compacted,
}

impl Kept {
    pub(crate) const ALL: [Self; 3] = [Self::InMemory, Self::InFiles, Self::Compacted];
}

pub(crate) struct World {
    disk: SimDisk,
    engine: Engine,
    kept: Kept,
    appended: usize,
}

impl World {
    pub(crate) fn new(kept: Kept) -> Self {
        let disk = SimDisk::new(1);
        Self { engine: open(&disk), disk, kept, appended: 0 }
    }

    /// How many batches were appended.
    pub(crate) fn appended(&self) -> usize {
        self.appended
    }

    pub(crate) fn append_events(&mut self, events: &[Event]) {
        let mut batch = batch();
        batch.events = events.to_vec();
        self.append(batch);
    }

    /// What a project would hold after these events, without an engine.
    pub(crate) fn snapshot_of(events: &[Event]) -> Snapshot {
        let batches: Vec<Batch> = events
            .chunks(7)
            .map(|events| {
                let mut batch = batch();
                batch.events = events.to_vec();
                batch
            })
            .collect();
        Snapshot::in_memory(PROJECT, IdentityMode::Simplified, &batches)
    }

    pub(crate) fn append_profile(&mut self, update: ProfileUpdate) {
        let mut batch = batch();
        batch.profiles.push(update);
        self.append(batch);
    }

    fn append(&mut self, batch: Batch) {
        self.appended += 1;
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(self.engine.append(batch)).unwrap();
        if self.kept != Kept::InMemory {
            self.engine.flush().unwrap();
        }
    }

    pub(crate) fn restart(&mut self) {
        self.engine.shutdown().unwrap();
        self.engine = open(&self.disk);
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        if self.kept == Kept::Compacted {
            self.engine.compact().unwrap();
        }
        self.engine.snapshot(PROJECT).unwrap()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // Its threads end; what it holds is not needed any more.
        let _ = self.engine.shutdown();
    }
}

fn batch() -> Batch {
    Batch::new(PROJECT, at("2024-12-01T00:00:00Z"))
}

fn open(disk: &SimDisk) -> Engine {
    let mut settings = EngineSettings::in_dir("/engine");
    settings.maintenance = Maintenance::Manual;
    let clock = Arc::new(FixedClock::at(at("2024-12-01T00:00:00Z")));
    let engine = Engine::open(settings, EngineComponents { clock, disk: Arc::new(disk.clone()) }).unwrap();
    engine
        .define_project(ProjectDefinition { id: PROJECT, identity_mode: IdentityMode::Simplified })
        .unwrap();
    engine
}
