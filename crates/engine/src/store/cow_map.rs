//! A map that is cheap to snapshot: it is cut into shards, and changing one while a snapshot
//! holds it copies that shard alone.

use rustc_hash::{FxBuildHasher, FxHashMap};
use std::hash::{BuildHasher, Hash};
use std::sync::Arc;

/// Enough that one of them is small with a million entries.
const SHARDS: usize = 256;

#[derive(Clone, Debug)]
pub(crate) struct CowMap<K, V> {
    shards: Vec<Arc<FxHashMap<K, V>>>,
    len: usize,
}

impl<K, V> Default for CowMap<K, V> {
    fn default() -> Self {
        // Empty maps take no memory: one stands for all until something is put in.
        let empty = Arc::new(FxHashMap::default());
        Self { shards: vec![empty; SHARDS], len: 0 }
    }
}

impl<K: Eq + Hash + Clone, V: Clone> CowMap<K, V> {
    fn shard(key: &K) -> usize {
        // The map itself uses the low bits of the same hash.
        (FxBuildHasher.hash_one(key) >> 40) as usize % SHARDS
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.shards[Self::shard(key)].get(key)
    }

    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        let old = Arc::make_mut(&mut self.shards[Self::shard(&key)]).insert(key, value);
        self.len += usize::from(old.is_none());
        old
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let shard = &mut self.shards[Self::shard(key)];
        if !shard.contains_key(key) {
            return None;
        }
        let old = Arc::make_mut(shard).remove(key);
        self.len -= usize::from(old.is_some());
        old
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.shards.iter().flat_map(|shard| shard.iter())
    }
}
