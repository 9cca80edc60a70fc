//! A tile: up to 256 consecutive hashes of one level, 32 bytes each, and the eight tree levels they span.

use crate::hash::{Hash, node_hash};
use crate::layout::{TILE_HEIGHT, TILE_WIDTH};

/// The length of a full tile: 256 × 32. Nothing longer is ever read.
pub(crate) const MAX_TILE_LENGTH: u64 = TILE_WIDTH * Hash::LENGTH as u64;

pub(crate) fn encode(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

/// `None` if the bytes are not a whole number of hashes.
pub(crate) fn decode(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks();
    rest.is_empty().then(|| hashes.iter().map(|hash| Hash::new(*hash)).collect())
}

/// The root of a perfect subtree over `hashes`, whose number must be a power of two.
pub(crate) fn perfect_root(hashes: &[Hash]) -> Hash {
    debug_assert!(hashes.len().is_power_of_two());
    let mut layer = hashes.to_vec();
    while layer.len() > 1 {
        layer = parents(&layer);
    }
    layer[0]
}

/// The roots of the perfect subtrees that `hashes` (fewer than 256) fall into, the largest first.
pub(crate) fn perfect_roots(mut hashes: &[Hash]) -> Vec<Hash> {
    let mut roots = Vec::new();
    while !hashes.is_empty() {
        let (subtree, rest) = hashes.split_at(1 << hashes.len().ilog2());
        roots.push(perfect_root(subtree));
        hashes = rest;
    }
    roots
}

fn parents(layer: &[Hash]) -> Vec<Hash> {
    layer.as_chunks().0.iter().map(|[left, right]| node_hash(left, right)).collect()
}

/// A tile with its inner nodes worked out, for proofs.
#[derive(Debug)]
pub(crate) struct Nodes {
    /// `layers[0]` are the tile's hashes, each further layer the parents of the one before.
    layers: Vec<Vec<Hash>>,
}

impl Nodes {
    pub(crate) fn new(hashes: Vec<Hash>) -> Self {
        let mut layers = vec![hashes];
        for height in 0..TILE_HEIGHT as usize {
            layers.push(parents(&layers[height]));
        }
        Self { layers }
    }

    /// The root of the perfect subtree of 2^`height` hashes that is the `offset`-th such in this tile.
    pub(crate) fn get(&self, height: u32, offset: u64) -> Option<Hash> {
        self.layers.get(height as usize)?.get(usize::try_from(offset).ok()?).copied()
    }
}
