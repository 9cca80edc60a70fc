//! Pseudonym ⇄ `PersonId`. Ids are handed out in the order of first sight and never change.

use domain::Pseudonym;
use domain::id::PersonId;
use rustc_hash::FxHashMap;

#[derive(Debug, Default)]
pub(crate) struct Registry {
    pseudonyms: Vec<Pseudonym>,
    ids: FxHashMap<Pseudonym, u32>,
}

impl Registry {
    /// From the pseudonyms in the order of their ids.
    pub(crate) fn from_pseudonyms(pseudonyms: Vec<Pseudonym>) -> Self {
        let ids = pseudonyms.iter().zip(0..).map(|(&pseudonym, id)| (pseudonym, id)).collect();
        Self { pseudonyms, ids }
    }

    pub(crate) fn len(&self) -> usize {
        self.pseudonyms.len()
    }

    pub(crate) fn get(&self, pseudonym: &Pseudonym) -> Option<u32> {
        self.ids.get(pseudonym).copied()
    }

    pub(crate) fn get_or_insert(&mut self, pseudonym: Pseudonym) -> u32 {
        let next = self.pseudonyms.len() as u32;
        let id = *self.ids.entry(pseudonym).or_insert(next);
        if id == next {
            self.pseudonyms.push(pseudonym);
        }
        id
    }

    pub(crate) fn pseudonym(&self, id: PersonId) -> Option<Pseudonym> {
        self.pseudonyms.get(id.0 as usize).copied()
    }

    /// All of them, by id.
    pub(crate) fn pseudonyms(&self) -> &[Pseudonym] {
        &self.pseudonyms
    }
}
