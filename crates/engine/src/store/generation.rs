//! The rows that go into files together: a list of chunks, and where each key is among them.

use crate::store::hot::{HotChunk, HotRow};
use crate::store::key::Key;
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// Room for the rows of one chunk in the numbering of a generation.
const ROW_BITS: u32 = 13;
const _: () = assert!(1 << ROW_BITS == super::hot::CHUNK_ROWS);

/// What a key costs beside its row, for the accounting of memory.
const KEY_COST: usize = 32;

/// A chunk and its superseded rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Part {
    pub(crate) chunk: Arc<HotChunk>,
    pub(crate) deleted: Arc<RoaringBitmap>,
}

/// A place in a generation: chunk and row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place(pub(crate) u32);

impl Place {
    pub(crate) fn new(part: usize, row: usize) -> Self {
        Self((part as u32) << ROW_BITS | row as u32)
    }

    pub(crate) fn part(self) -> usize {
        (self.0 >> ROW_BITS) as usize
    }

    pub(crate) fn row(self) -> u32 {
        self.0 & ((1 << ROW_BITS) - 1)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Generation {
    parts: Vec<Part>,
    /// Hash of a key → the row with it that counts.
    keys: FxHashMap<u64, Place>,
    /// Keys whose hash was taken by another key.
    colliding: Vec<(u64, Place)>,
    sealed_bytes: usize,
    sealed_rows: usize,
}

impl Generation {
    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    pub(crate) fn rows(&self) -> usize {
        self.sealed_rows + self.parts.last().map_or(0, |part| part.chunk.len())
    }

    /// About what it holds in memory.
    pub(crate) fn bytes(&self) -> usize {
        self.sealed_bytes + self.parts.last().map_or(0, |part| part.chunk.bytes()) + self.rows() * KEY_COST
    }

    /// Adds a row. Returns the chunk that came full before it, if one did.
    pub(crate) fn push(&mut self, row: &HotRow<'_>, hash: u64) -> Option<Arc<HotChunk>> {
        let mut full = None;
        if self.parts.last().is_none_or(|part| part.chunk.is_full()) {
            full = self.seal_last();
            self.parts.push(Part::default());
        }
        let at = self.parts.len() - 1;
        let chunk = Arc::make_mut(&mut self.parts[at].chunk);
        chunk.push(row);
        let place = Place::new(at, chunk.len() - 1);
        match self.keys.entry(hash) {
            Entry::Vacant(free) => {
                free.insert(place);
            }
            Entry::Occupied(mut taken) => {
                let old = taken.insert(place);
                if !self.parts[old.part()].deleted.contains(old.row()) {
                    // The old row still counts, so its key is another one.
                    self.colliding.push((hash, old));
                }
            }
        }
        full
    }

    /// Marks the row with this key, if there is one, as superseded.
    pub(crate) fn supersede(&mut self, key: &Key<'_>, hash: u64) -> bool {
        let Some(&place) = self.keys.get(&hash) else { return false };
        let candidates = std::iter::once(place)
            .chain(self.colliding.iter().filter(|(other, _)| *other == hash).map(|&(_, place)| place));
        let found = candidates.into_iter().find(|&place| !self.is_deleted(place) && self.key(place) == *key);
        match found {
            Some(place) => {
                self.delete(place);
                true
            }
            None => false,
        }
    }

    pub(crate) fn delete(&mut self, place: Place) {
        Arc::make_mut(&mut self.parts[place.part()].deleted).insert(place.row());
    }

    fn is_deleted(&self, place: Place) -> bool {
        self.parts[place.part()].deleted.contains(place.row())
    }

    fn key(&self, place: Place) -> Key<'_> {
        self.parts[place.part()].chunk.key(place.row() as usize)
    }

    /// Seals the chunk being filled and returns it.
    pub(crate) fn seal_last(&mut self) -> Option<Arc<HotChunk>> {
        let last = self.parts.last_mut()?;
        let chunk = Arc::make_mut(&mut last.chunk);
        chunk.seal();
        self.sealed_bytes += chunk.bytes();
        self.sealed_rows += chunk.len();
        Some(last.chunk.clone())
    }
}
