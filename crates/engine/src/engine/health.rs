//! How the engine is doing, and what is wrong.

use super::Store;
use crate::log::Log;
use domain::ProjectId;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Damages that are kept by name; a failing disk must not fill the memory.
const MAX_DAMAGES: usize = 100;

/// How the engine is doing.
#[derive(Clone, Debug, Default)]
pub struct Health {
    /// What keeps it from taking or answering something: full disk, damaged files.
    pub complaints: Vec<String>,
    /// What is wrong without being in the way.
    pub warnings: Vec<String>,
    /// Events in memory that are in no file yet.
    pub hot_rows: u64,
    /// About what is in memory because it is in no file yet.
    pub hot_bytes: u64,
    /// Files of events.
    pub files: u64,
    pub log_bytes: u64,
}

impl Health {
    pub fn is_well(&self) -> bool {
        self.complaints.is_empty()
    }
}

/// What is wrong at present.
#[derive(Debug, Default)]
pub(super) struct Troubles(Mutex<Present>);

#[derive(Debug, Default)]
struct Present {
    /// For good.
    damages: Vec<String>,
    /// Until a later try succeeds.
    flushes: BTreeMap<ProjectId, String>,
    compactions: BTreeMap<ProjectId, String>,
    truncation: Option<String>,
    /// There are batches that no project took.
    unplaced: bool,
}

impl Troubles {
    fn present(&self) -> MutexGuard<'_, Present> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn complain_of_damage(&self, damage: String) {
        let mut present = self.present();
        if !present.damages.contains(&damage) && present.damages.len() < MAX_DAMAGES {
            tracing::error!(%damage, "damage in the engine");
            present.damages.push(damage);
        }
    }

    pub(super) fn note_unplaced(&self, why: &dyn Display) {
        self.present().unplaced = true;
        self.complain_of_damage(format!("the log has batches that cannot be taken in: {why}"));
    }

    /// The log has batches that are in no file and no project's memory.
    pub(super) fn has_unplaced(&self) -> bool {
        self.present().unplaced
    }

    pub(super) fn note_flush(&self, project: ProjectId, failure: Option<String>) {
        note(&mut self.present().flushes, project, failure, "cannot write files of events");
    }

    pub(super) fn note_compaction(&self, project: ProjectId, failure: Option<String>) {
        note(&mut self.present().compactions, project, failure, "cannot merge files of events");
    }

    pub(super) fn note_truncation(&self, failure: Option<String>) {
        self.present().truncation = failure;
    }

    /// Why the last flush of a project failed.
    pub(super) fn failed_flush(&self, project: ProjectId) -> bool {
        self.present().flushes.contains_key(&project)
    }
}

fn note(of: &mut BTreeMap<ProjectId, String>, project: ProjectId, failure: Option<String>, what: &str) {
    match failure {
        None => {
            of.remove(&project);
        }
        Some(why) => {
            if of.get(&project) != Some(&why) {
                tracing::error!(%project, why, "{what}");
            }
            of.insert(project, why);
        }
    }
}

pub(super) fn of(store: &Store, log: &Log) -> Health {
    let mut health = Health { log_bytes: log.size(), ..Health::default() };
    if let Some(failure) = log.health().failure {
        health.complaints.push(format!("log: {failure}"));
    }
    health.complaints.extend(store.catalogue().damage.clone());
    for slot in store.slots() {
        let state = slot.state();
        health.hot_rows += state.hot_rows() as u64;
        health.hot_bytes += state.hot_bytes() as u64;
        health.files += state.files.len() as u64;
        health.complaints.extend(state.damages());
    }
    let present = store.troubles.present();
    health.complaints.extend(present.damages.iter().cloned());
    for (project, why) in &present.flushes {
        health.complaints.push(format!("project {project}: cannot write files: {why}"));
    }
    for (project, why) in &present.compactions {
        health.warnings.push(format!("project {project}: cannot merge files: {why}"));
    }
    health.warnings.extend(present.truncation.iter().map(|why| format!("cannot shorten the log: {why}")));
    health
}
