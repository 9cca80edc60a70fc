//! The growing tree: the root after each leaf, and the tiles that fill up on the way.

use crate::hash::{Hash, empty_root, node_hash};
use crate::layout::{self, TILE_WIDTH};
use crate::tile;

/// The least that is needed to extend a tree and to know its root: the roots of the perfect
/// subtrees it falls into, one for each set bit of its size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// The largest subtree first.
    peaks: Vec<Hash>,
}

impl Frontier {
    pub fn size(&self) -> u64 {
        self.size
    }

    pub fn push(&mut self, leaf: Hash) {
        self.size += 1;
        self.peaks.push(leaf);
        for _ in 0..self.size.trailing_zeros() {
            let right = self.peaks.pop().expect("each carry joins two peaks");
            let left = self.peaks.pop().expect("each carry joins two peaks");
            self.peaks.push(node_hash(&left, &right));
        }
    }

    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(smallest) = peaks.next() else { return empty_root() };
        peaks.fold(*smallest, |right, left| node_hash(left, &right))
    }
}

/// A tree that knows its partial tiles and hands out each tile that becomes full.
#[derive(Debug, Clone, Default)]
pub(crate) struct TileTree {
    frontier: Frontier,
    /// Per level the hashes of the partial tile at the right edge, possibly none.
    edge: Vec<Vec<Hash>>,
}

/// A tile that has just become full.
#[derive(Debug)]
pub(crate) struct FullTile {
    pub(crate) level: u8,
    pub(crate) index: u64,
    pub(crate) hashes: Vec<Hash>,
}

impl TileTree {
    /// A tree from the hashes of the partial tiles at its right edge, the lowest level first.
    pub(crate) fn from_edge(size: u64, edge: Vec<Vec<Hash>>) -> Self {
        debug_assert!(
            (0_u8..)
                .zip(&edge)
                .all(|(level, hashes)| hashes.len() as u64 == layout::partial_width(level, size))
        );
        let peaks = edge.iter().rev().flat_map(|hashes| tile::perfect_roots(hashes)).collect();
        Self { frontier: Frontier { size, peaks }, edge }
    }

    pub(crate) fn size(&self) -> u64 {
        self.frontier.size
    }

    pub(crate) fn root(&self) -> Hash {
        self.frontier.root()
    }

    pub(crate) fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    /// The partial tiles, the lowest level first. A level may have none.
    pub(crate) fn edge(&self) -> &[Vec<Hash>] {
        &self.edge
    }

    /// Adds a leaf; each tile that it completes goes to `full`, the lowest level first.
    pub(crate) fn push(&mut self, leaf: Hash, mut full: impl FnMut(FullTile)) {
        self.frontier.push(leaf);
        let mut carry = leaf;
        for level in 0_u8.. {
            if self.edge.len() == usize::from(level) {
                self.edge.push(Vec::new());
            }
            let hashes = &mut self.edge[usize::from(level)];
            hashes.push(carry);
            if (hashes.len() as u64) < TILE_WIDTH {
                return;
            }
            carry = tile::perfect_root(hashes);
            let index = layout::full_tiles(level, self.frontier.size) - 1;
            full(FullTile { level, index, hashes: std::mem::take(hashes) });
        }
    }
}

#[cfg(test)]
mod tests;
