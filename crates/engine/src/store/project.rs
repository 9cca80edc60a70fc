//! Everything that is kept of one project. Changed by the applier alone.

use crate::store::NOBODY;
use crate::store::generation::Generation;
use crate::store::hot::HotRow;
use crate::store::identity::{Fact, FactKind, Identity};
use crate::store::insert_id::{self, PackedId};
use crate::store::key::Key;
use crate::store::lexicon::Lexicon;
use crate::store::profiles::Profiles;
use crate::store::registry::Registry;
use crate::store::snapshot::Snapshot;
use domain::identity::IdentityMode;
use domain::{Batch, Event, ProjectId, Pseudonym};
use std::sync::{Arc, PoisonError, RwLock};

#[derive(Debug)]
pub(crate) struct Project {
    id: ProjectId,
    mode: IdentityMode,
    /// Grows only, so snapshots share it and look no further than their own length.
    registry: Arc<RwLock<Registry>>,
    identity: Identity,
    lexicon: Arc<Lexicon>,
    active: Generation,
    profiles: Profiles,
}

impl Project {
    pub(crate) fn new(id: ProjectId, mode: IdentityMode) -> Self {
        Self {
            id,
            mode,
            registry: Arc::default(),
            identity: Identity::new(mode),
            lexicon: Arc::default(),
            active: Generation::default(),
            profiles: Profiles::default(),
        }
    }

    /// Takes in a batch. Batches come in the order of the log.
    pub(crate) fn apply(&mut self, batch: &Batch) {
        let registry = self.registry.clone();
        let mut registry = registry.write().unwrap_or_else(PoisonError::into_inner);
        for event in &batch.events {
            self.apply_event(event, batch.received.millis(), &mut registry);
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
        for update in &batch.profiles {
            self.profiles.apply(update);
        }
    }

    fn apply_event(&mut self, event: &Event, received: i64, registry: &mut Registry) {
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
        self.active.supersede(&key, hash);
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

    /// The state after the last batch. Cheap, and stays as it is.
    pub(crate) fn snapshot(&mut self) -> Snapshot {
        let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
        Snapshot {
            project: self.id,
            canonical: self.identity.canonical(&registry),
            people: registry.len() as u32,
            registry: self.registry.clone(),
            lexicon: self.lexicon.clone(),
            parts: self.active.parts().to_vec(),
            profiles: self.profiles.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
