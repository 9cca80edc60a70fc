//! What was sealed a moment ago need not be sealed again: SDKs send the same id with every event
//! and the same profile with every start. Bounded memory, and digests only.

use crate::Entropy;
use crate::SealedOperation;
use crate::key::SecretKey;
use domain::Pseudonym;
use hmac::{Hmac, Mac};
use rustc_hash::{FxHashMap, FxHasher};
use sha2::Sha256;
use std::fmt;
use std::hash::{Hash, Hasher};

/// Entries in each half of a memory. The memories of one project take up to about 25 MB when full,
/// which takes as many people; what is forgotten is merely sealed once more.
const ENTRIES_PER_HALF: usize = 128 * 1024;

/// How many values may have been sealed between two records and still reach the log in the other
/// order, because their requests ran side by side. Within this distance of a change a repeat is
/// sealed nevertheless: the log's order has the last word, and it is not known here.
const IN_FLIGHT: u64 = 64 * 1024;

/// A map that forgets: when the young half is full it becomes the old half, and the old one goes.
#[derive(Debug)]
pub(crate) struct Recent<K, V> {
    young: FxHashMap<K, V>,
    old: FxHashMap<K, V>,
    per_half: usize,
}

impl<K: Hash + Eq, V: Copy> Recent<K, V> {
    pub(crate) fn new() -> Self {
        Self::with_capacity(ENTRIES_PER_HALF)
    }

    fn with_capacity(per_half: usize) -> Self {
        Self { young: FxHashMap::default(), old: FxHashMap::default(), per_half }
    }

    pub(crate) fn get(&self, key: &K) -> Option<V> {
        self.young.get(key).or_else(|| self.old.get(key)).copied()
    }

    pub(crate) fn insert(&mut self, key: K, value: V) {
        if self.young.len() >= self.per_half {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }

    /// Whether the key was new.
    pub(crate) fn remember(&mut self, key: K) -> bool
    where
        V: Default,
    {
        if self.young.contains_key(&key) {
            return false;
        }
        let new = !self.old.contains_key(&key);
        self.insert(key, V::default());
        new
    }

    pub(crate) fn forget(&mut self, key: &K) {
        self.young.remove(key);
        self.old.remove(key);
    }

    fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
    }
}

/// The last thing sealed for a field.
#[derive(Clone, Copy)]
struct Last {
    /// `None`: repeating it is not the same as doing it once.
    digest: Option<u64>,
    /// From this count on it is certain that it is also the last in the log.
    settled_at: u64,
}

/// Knows whether a field's value is only a repeat of its last one.
pub(crate) struct FieldMemory {
    mac: Hmac<Sha256>,
    last: Recent<u64, Last>,
    observed: Recent<u64, ()>,
    /// How many values were sealed so far.
    sealed: u64,
    /// Fields not seen since the last deletion of a profile are settled at this count.
    settled_at: u64,
}

impl FieldMemory {
    pub(crate) fn new(entropy: &dyn Entropy) -> Self {
        // Keyed afresh in each process, so that the digests are worth nothing without this memory.
        let mac = SecretKey::generate(entropy).mac();
        Self { mac, last: Recent::new(), observed: Recent::new(), sealed: 0, settled_at: 0 }
    }

    /// Whether this has to be sealed; remembers it as sealed.
    pub(crate) fn is_news(
        &mut self,
        who: Pseudonym,
        field: &str,
        operation: SealedOperation,
        value: &str,
    ) -> bool {
        let news = match operation {
            SealedOperation::Observe => {
                let digest = self.digest(who, field, operation, value);
                self.observed.remember(digest)
            }
            // What the person's other fields were is known to the vault, not here.
            SealedOperation::Delete => {
                self.last.clear();
                self.settled_at = self.sealed + IN_FLIGHT;
                true
            }
            _ => self.changes(who, field, operation, value),
        };
        self.sealed += u64::from(news);
        news
    }

    fn changes(&mut self, who: Pseudonym, field: &str, operation: SealedOperation, value: &str) -> bool {
        // Fields that share a slot only hide repeats from each other: the digest tells them apart.
        let slot = slot(who, field);
        let digest = operation.is_idempotent().then(|| self.digest(who, field, operation, value));
        let settled_at = match self.last.get(&slot) {
            None => self.settled_at,
            Some(last) if digest.is_none() || last.digest != digest => self.sealed + IN_FLIGHT,
            Some(last) if self.sealed < last.settled_at => last.settled_at,
            Some(_) => return false,
        };
        self.last.insert(slot, Last { digest, settled_at });
        true
    }

    /// What was sealed for this field was lost on its way.
    pub(crate) fn forget(&mut self, who: Pseudonym, field: &str, operation: SealedOperation) {
        match operation {
            // The value is not known here any more, so it could be any of them.
            SealedOperation::Observe => self.observed.clear(),
            SealedOperation::Delete => {}
            _ => {
                let settled_at = self.sealed + IN_FLIGHT;
                self.last.insert(slot(who, field), Last { digest: None, settled_at });
            }
        }
    }

    fn digest(&self, who: Pseudonym, field: &str, operation: SealedOperation, value: &str) -> u64 {
        let mac = self
            .mac
            .clone()
            .chain_update(who.0)
            .chain_update([operation.code()])
            .chain_update((field.len() as u64).to_be_bytes())
            .chain_update(field)
            .chain_update(value);
        let mut first = [0; 8];
        first.copy_from_slice(&mac.finalize().into_bytes()[..8]);
        u64::from_be_bytes(first)
    }
}

impl fmt::Debug for FieldMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldMemory").field("sealed", &self.sealed).finish_non_exhaustive()
    }
}

/// Fields nested in one another share a slot: what is done to `account` changes `account.owner`, and
/// the other way round.
fn slot(who: Pseudonym, field: &str) -> u64 {
    let mut hasher = FxHasher::default();
    who.hash(&mut hasher);
    field.split(['.', '[']).next().hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
