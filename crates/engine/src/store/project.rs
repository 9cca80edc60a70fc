//! Everything that is kept of one project. Changed by the applier, and by flushes and compactions
//! when they are through.

use crate::disk::Disk;
use crate::log::LogPosition;
use crate::store::NOBODY;
use crate::store::event_file::EventFile;
use crate::store::generation::{Generation, Place};
use crate::store::hot::HotRow;
use crate::store::identity::{Fact, FactKind, Identity};
use crate::store::insert_id::{self, PackedId};
use crate::store::key::{Key, OwnedKey};
use crate::store::lexicon::Lexicon;
use crate::store::manifest::Manifest;
use crate::store::paths::ProjectPaths;
use crate::store::profiles::Profiles;
use crate::store::profiles::file::ProfileFile;
use crate::store::registry::Registry;
use crate::store::snapshot::Snapshot;
use domain::identity::IdentityMode;
use domain::{Batch, Event, ProjectId, Pseudonym, Timestamp};
use roaring::RoaringBitmap;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Damages that are kept by name; more are not, so that a failing disk does not fill the memory.
const MAX_DAMAGES: usize = 100;

#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) id: ProjectId,
    pub(crate) mode: IdentityMode,
    /// Grows only, so snapshots share it and look no further than their own length.
    pub(crate) registry: Arc<RwLock<Registry>>,
    pub(crate) identity: Identity,
    pub(crate) lexicon: Arc<Lexicon>,
    pub(crate) active: Generation,
    /// Rows that are being written to files.
    pub(crate) flushing: Option<Flushing>,
    pub(crate) files: Files,
    pub(crate) profiles: Profiles,
    /// The last batch that was applied.
    pub(crate) applied: LogPosition,
    /// Something was applied that is in no file yet.
    pub(crate) dirty: bool,
    /// When the first of it came.
    pub(crate) dirty_since: Timestamp,
    damages: Vec<String>,
}

/// Files of events by number.
pub(crate) type Files = BTreeMap<u64, ListedEvents>;

/// A file that the manifest lists.
#[derive(Clone, Debug)]
pub(crate) struct ListedEvents {
    pub(crate) file: Arc<EventFile>,
    /// Rows that do not count any more.
    pub(crate) deleted: Arc<RoaringBitmap>,
}

/// What a flush takes, sealed at a position of the log. Kept until it is in files, however often
/// that has to be tried.
#[derive(Debug)]
pub(crate) struct Flushing {
    pub(crate) generation: Generation,
    pub(crate) position: LogPosition,
    /// People that were known at the position.
    pub(crate) people: usize,
    pub(crate) facts: Arc<Vec<Fact>>,
    pub(crate) lexicon: Arc<Lexicon>,
}

impl Project {
    /// A project without files.
    pub(crate) fn new(id: ProjectId, mode: IdentityMode, disk: Arc<dyn Disk>, paths: &ProjectPaths) -> Self {
        let (profiles, _) = Profiles::open(disk, paths, ProfileFile::default());
        Self {
            id,
            mode,
            registry: Arc::default(),
            identity: Identity::new(mode),
            lexicon: Arc::default(),
            active: Generation::default(),
            flushing: None,
            files: Files::new(),
            profiles,
            applied: LogPosition::START,
            dirty: false,
            dirty_since: Timestamp::default(),
            damages: vec![],
        }
    }

    /// The project as its manifest says it was. An error names what makes it unusable as a whole.
    pub(crate) fn load(
        disk: &Arc<dyn Disk>,
        paths: &ProjectPaths,
        manifest: &Manifest,
    ) -> Result<Self, String> {
        let mut project = Self::new(manifest.project, manifest.identity_mode, disk.clone(), paths);
        let registry = super::ids_file::read_people(disk.as_ref(), &paths.people(), manifest.people)?;
        super::ids_file::read_facts(disk.as_ref(), &paths.identity(), manifest.identity, |fact| {
            project.identity.recall(fact, &registry);
        })?;
        project.registry = Arc::new(RwLock::new(registry));
        project.lexicon = Arc::new(Lexicon::from_entries(manifest.lexicon.clone()));
        for listed in &manifest.files {
            let file = Arc::new(EventFile::open(disk.clone(), paths, listed.entry.clone()));
            let listed = ListedEvents { file, deleted: listed.deleted.clone() };
            project.files.insert(listed.file.entry.number, listed);
        }
        let (profiles, damage) = Profiles::open(disk.clone(), paths, manifest.profiles);
        project.profiles = profiles;
        if let Some(what) = damage {
            project.report(format!("{}: {what}", paths.profiles(manifest.profiles.number).display()));
        }
        project.applied = manifest.position;
        Ok(project)
    }

    /// Takes in a batch. Batches come in the order of the log.
    pub(crate) fn apply(&mut self, position: LogPosition, batch: &Batch) {
        let registry = self.registry.clone();
        let mut registry = registry.write().unwrap_or_else(PoisonError::into_inner);
        let mut suspects = vec![];
        for event in &batch.events {
            self.apply_event(event, batch.received.millis(), &mut registry, &mut suspects);
        }
        for link in &batch.links {
            let fact = Fact {
                time: link.time.millis(),
                kind: link.kind.into(),
                left: registry.get_or_insert(link.left),
                right: registry.get_or_insert(link.right),
            };
            self.identity.learn(fact, &registry);
        }
        drop(registry);
        self.supersede_in_files(&suspects);
        for update in &batch.profiles {
            if let Err(error) = self.profiles.apply(update) {
                self.report(error.to_string());
            }
        }
        self.applied = position;
        if !self.dirty {
            self.dirty = true;
            self.dirty_since = batch.received;
        }
    }

    fn apply_event(
        &mut self,
        event: &Event,
        received: i64,
        registry: &mut Registry,
        suspects: &mut Vec<(OwnedKey, u64)>,
    ) {
        let mut id =
            |who: Option<Pseudonym>| who.map_or(NOBODY, |pseudonym| registry.get_or_insert(pseudonym));
        let (distinct, device, user) = (id(event.distinct), id(event.device), id(event.user));
        if device != NOBODY && user != NOBODY && self.mode == IdentityMode::Simplified {
            let fact =
                Fact { time: event.time.millis(), kind: FactKind::DeviceOfUser, left: device, right: user };
            self.identity.learn(fact, registry);
        }
        let event_id = match self.lexicon.get(event.name.as_str()) {
            Some(id) => id,
            None => Arc::make_mut(&mut self.lexicon).insert(&event.name),
        };
        let insert_text = event.insert_id.as_str();
        let insert_id = PackedId::pack(insert_text);
        let key = Key {
            event: event_id,
            distinct,
            time: event.time.millis(),
            insert_id,
            long: (insert_id.form == insert_id::LONG).then_some(insert_text),
        };
        let hash = key.hash();
        let superseded = self.active.supersede(&key, hash)
            || self.flushing.as_mut().is_some_and(|flushing| flushing.generation.supersede(&key, hash));
        // Whoever superseded a row in a file is in memory now, or in a later file.
        if !superseded && self.files.values().any(|listed| listed.file.may_contain(key.time, hash)) {
            suspects.push((key.into(), hash));
        }
        let row = HotRow {
            event: event_id,
            distinct,
            device,
            user,
            time: key.time,
            received,
            insert_id,
            insert_text,
            properties: &event.properties,
        };
        if let Some(full) = self.active.push(&row, hash) {
            Arc::make_mut(&mut self.lexicon).absorb(&full);
        }
    }

    /// Marks the rows in files that have one of these keys.
    fn supersede_in_files(&mut self, suspects: &[(OwnedKey, u64)]) {
        if suspects.is_empty() {
            return;
        }
        for listed in self.files.values_mut() {
            let mut keys = suspects.to_vec();
            keys.retain(|(key, hash)| listed.file.may_contain(key.time, *hash));
            if keys.is_empty() {
                continue;
            }
            match listed.file.find(&keys) {
                Ok(found) if found.is_empty() => {}
                Ok(found) => {
                    let rows = found.into_iter().map(|(_, row)| row);
                    Arc::make_mut(&mut listed.deleted).extend(rows);
                }
                // Questions that touch the file fail, so no number is wrong by it.
                Err(error) => tracing::error!(project = %self.id, %error, "cannot look for duplicates"),
            }
        }
    }

    /// About what is in memory because it is in no file yet.
    pub(crate) fn hot_bytes(&self) -> usize {
        let flushing = self.flushing.as_ref().map_or(0, |flushing| flushing.generation.bytes());
        self.active.bytes() + flushing + self.profiles.bytes()
    }

    /// Events in memory that are in no file yet.
    pub(crate) fn hot_rows(&self) -> usize {
        self.active.rows() + self.flushing.as_ref().map_or(0, |flushing| flushing.generation.rows())
    }

    pub(crate) fn report(&mut self, damage: String) {
        if !self.damages.contains(&damage) && self.damages.len() < MAX_DAMAGES {
            tracing::error!(project = %self.id, %damage, "damage in the store");
            self.damages.push(damage);
        }
    }

    /// What is known to be damaged.
    pub(crate) fn damages(&self) -> Vec<String> {
        let files = self.files.values().filter_map(|listed| {
            listed.file.damage().map(|what| format!("{} is damaged: {what}", listed.file.path().display()))
        });
        files.chain(self.damages.iter().cloned()).collect()
    }

    /// Sets apart what a flush takes; what an earlier one could not write comes first.
    pub(crate) fn seal(&mut self) -> Option<&Flushing> {
        if self.flushing.is_none() && self.dirty {
            if let Some(last) = self.active.seal_last() {
                Arc::make_mut(&mut self.lexicon).absorb(&last);
            }
            self.profiles.seal();
            self.flushing = Some(Flushing {
                generation: std::mem::take(&mut self.active),
                position: self.applied,
                people: self.registry.read().unwrap_or_else(PoisonError::into_inner).len(),
                facts: Arc::new(self.identity.take_unflushed()),
                lexicon: self.lexicon.clone(),
            });
            self.dirty = false;
        }
        self.flushing.as_ref()
    }

    /// Rows of the flushing generation that were superseded since `before` was taken.
    pub(crate) fn superseded_since(&self, before: &[Arc<RoaringBitmap>]) -> Vec<Place> {
        let Some(flushing) = &self.flushing else { return vec![] };
        let parts = flushing.generation.parts().iter().zip(before).enumerate();
        parts
            .filter(|(_, (part, before))| !Arc::ptr_eq(&part.deleted, before))
            .flat_map(|(at, (part, before))| {
                (&*part.deleted - &**before).into_iter().map(move |row| Place::new(at, row as usize))
            })
            .collect()
    }

    /// The state after the last batch. Cheap, and stays as it is.
    pub(crate) fn snapshot(&mut self) -> Snapshot {
        let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
        let flushing = self.flushing.iter().flat_map(|flushing| flushing.generation.parts());
        Snapshot {
            project: self.id,
            canonical: self.identity.canonical(&registry),
            people: registry.len() as u32,
            registry: self.registry.clone(),
            mode: self.mode,
            lexicon: self.lexicon.clone(),
            uncounted: self.active.parts().last().map(|part| part.chunk.clone()),
            parts: flushing.chain(self.active.parts()).cloned().collect(),
            files: self.files.values().cloned().collect(),
            clusters: Arc::default(),
            profiles: self.profiles.clone(),
        }
    }

    /// Whether nothing is in memory alone.
    pub(crate) fn is_clean(&self) -> bool {
        !self.dirty && self.flushing.is_none()
    }
}

#[cfg(test)]
mod tests;
