//! From the entries to the signed root.

use std::ops::Range;

use super::{Check, Problem};
use crate::blob;
use crate::checkpoint::Checkpoint;
use crate::hash::{Hash, leaf_hash};
use crate::layout::{self, Resource, TILE_HEIGHT, TILE_WIDTH};
use crate::leaf::{decode_bundle, decode_prefix};
use crate::read::stored;
use crate::tile;
use crate::tree::{Frontier, TileTree};

/// What a tile should say according to what lies below it; `None` where that is unreadable.
type Computed = Vec<Option<Hash>>;

/// A tile in doubt: what is stored, what was computed, and where they differ.
struct Doubt<'a> {
    resource: Resource,
    stored: &'a [Hash],
    computed: &'a [Option<Hash>],
}

/// Who is right.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Stored,
    Computed,
    Neither,
}

/// What decides: the right edge as it is stored, and whether it leads to the signed root.
struct Edge {
    size: u64,
    tiles: Vec<Option<Vec<Hash>>>,
    is_signed: bool,
}

impl Check<'_> {
    /// Checks all tiles and bundles under the checkpoint. Returns the tree, mended where that is possible.
    pub(super) fn tree(&mut self, checkpoint: &Checkpoint) -> Option<Frontier> {
        let size = checkpoint.size;
        let edge = self.edge(checkpoint);
        let mut computed = Computed::new();
        let mut mended_edge = Vec::new();
        for level in 0..layout::levels(size) {
            let tiles = layout::hashes_at(level, size).div_ceil(TILE_WIDTH);
            let mut above = Computed::with_capacity(tiles as usize);
            let mut right_edge = Some(Vec::new());
            for index in 0..tiles {
                let resource = Resource { level: Some(level), index, width: width_at(level, index, size) };
                let below = if level == 0 {
                    self.bundle(Resource { level: None, ..resource }, &edge)
                } else {
                    let start = (index * TILE_WIDTH) as usize;
                    computed[start..start + resource.width as usize].to_vec()
                };
                let hashes = self.tile(resource, &below, &edge);
                if resource.width == TILE_WIDTH {
                    above.push(hashes.map(|hashes| tile::perfect_root(&hashes)));
                } else {
                    right_edge = hashes;
                }
            }
            computed = above;
            mended_edge.push(right_edge);
        }
        let tree = TileTree::from_edge(size, mended_edge.into_iter().collect::<Option<_>>()?);
        if tree.root() != checkpoint.root {
            self.report.add(layout::checkpoint(), 0..size, Problem::Root);
        }
        Some(tree.frontier().clone())
    }

    /// Reads the partial tiles; what is wrong with them is reported when their turn comes.
    fn edge(&self, checkpoint: &Checkpoint) -> Edge {
        let size = checkpoint.size;
        let tiles: Vec<_> = (0..layout::levels(size))
            .map(|level| {
                let (index, width) = (layout::full_tiles(level, size), layout::partial_width(level, size));
                if width == 0 {
                    return Some(Vec::new());
                }
                self.stored_tile(Resource { level: Some(level), index, width })
            })
            .collect();
        let whole: Option<Vec<_>> = tiles.iter().cloned().collect();
        let is_signed = whole.is_some_and(|edge| TileTree::from_edge(size, edge).root() == checkpoint.root);
        Edge { size, tiles, is_signed }
    }

    fn stored_tile(&self, resource: Resource) -> Option<Vec<Hash>> {
        let hashes = tile::decode(&stored(self.directory, &resource).ok()??)?;
        (hashes.len() as u64 == resource.width).then_some(hashes)
    }

    /// The leaf hashes of a bundle as it lies there.
    fn bundle(&mut self, resource: Resource, edge: &Edge) -> Computed {
        let (path, entries) = (resource.path(), span(resource));
        let (directory, count) = (self.directory, resource.width as usize);
        let mut computed = vec![None; count];
        let Some(bytes) = self.read(&path, entries.clone(), |_| stored(directory, &resource)) else {
            return computed;
        };
        let (leaves, _) = decode_prefix(&bytes, count);
        for (place, leaf) in leaves.iter().enumerate() {
            computed[place] = Some(leaf_hash(leaf));
        }
        if decode_bundle(&bytes, count).is_err() {
            // One wrong length shifts all that follow it, so the first entry that differs is the damaged one.
            let tile = Resource { level: Some(0), ..resource };
            let stored =
                if count as u64 == TILE_WIDTH { self.stored_tile(tile) } else { edge.tiles[0].clone() };
            let differs = |place: &usize| computed[*place] != stored.as_ref().map(|hashes| hashes[*place]);
            let first = (0..count).find(differs).unwrap_or(count - 1);
            computed[first..].fill(None);
            self.report.add(path, entries.start + first as u64..entries.end, Problem::Bundle);
        }
        for (index, (leaf, computed)) in (entries.start..).zip(leaves.iter().zip(&computed)) {
            if computed.is_some() {
                for reference in blob::references(leaf) {
                    self.references.entry(reference).or_insert(index);
                }
            }
        }
        computed
    }

    /// Compares a tile with what lies below it, names who is wrong, and returns the hashes to go on with.
    fn tile(&mut self, resource: Resource, computed: &[Option<Hash>], edge: &Edge) -> Option<Vec<Hash>> {
        let stored = match self.stored_tile(resource) {
            Some(hashes) => hashes,
            None => {
                let directory = self.directory;
                if self.read(&resource.path(), span(resource), |_| stored(directory, &resource)).is_some() {
                    self.report.add(resource.path(), span(resource), Problem::Length);
                }
                let hashes: Option<Vec<Hash>> = computed.iter().copied().collect();
                return self.mend(resource, hashes);
            }
        };
        let differs = |place: &usize| computed[*place].is_some_and(|hash| hash != stored[*place]);
        let places: Vec<usize> = (0..stored.len()).filter(differs).collect();
        if places.is_empty() {
            return Some(stored);
        }
        let doubt = Doubt { resource, stored: &stored, computed };
        let verdict = self.judge(&doubt, edge);
        for run in runs(&places) {
            self.blame(&doubt, run, verdict);
        }
        let hashes = if verdict == Verdict::Stored { stored } else { doubt.merged() };
        self.mend(resource, Some(hashes))
    }

    fn mend(&mut self, resource: Resource, hashes: Option<Vec<Hash>>) -> Option<Vec<Hash>> {
        if resource.level == Some(0)
            && let Some(hashes) = &hashes
        {
            self.mended.insert(resource.index, hashes.clone());
        }
        hashes
    }

    fn judge(&self, doubt: &Doubt<'_>, edge: &Edge) -> Verdict {
        let Resource { level, index, width } = doubt.resource;
        if width < TILE_WIDTH {
            // Nothing is above the right edge but the signature; the root is compared at the end in any case.
            return if edge.is_signed { Verdict::Stored } else { Verdict::Computed };
        }
        let above = level.expect("a tile") + 1;
        let parent = Resource {
            level: Some(above),
            index: index / TILE_WIDTH,
            width: width_at(above, index / TILE_WIDTH, edge.size),
        };
        let tile = match parent.width {
            TILE_WIDTH => self.stored_tile(parent),
            _ => edge.tiles[usize::from(above)].clone(),
        };
        let hash = tile.map(|hashes| hashes[(index % TILE_WIDTH) as usize]);
        match hash {
            Some(hash) if hash == tile::perfect_root(doubt.stored) => Verdict::Stored,
            Some(hash) if hash == tile::perfect_root(&doubt.merged()) => Verdict::Computed,
            _ => Verdict::Neither,
        }
    }

    fn blame(&mut self, doubt: &Doubt<'_>, places: Range<u64>, verdict: Verdict) {
        let Resource { level, index, width } = doubt.resource;
        let level = level.expect("a tile");
        let children = index * TILE_WIDTH + places.start..index * TILE_WIDTH + places.end;
        let shift = TILE_HEIGHT * u32::from(level);
        let entries = children.start << shift..children.end << shift;
        match (verdict, level) {
            (Verdict::Stored, 0) => {
                let bundle = Resource { level: None, index, width };
                self.report.add(bundle.path(), entries, Problem::Entry);
            }
            (Verdict::Stored, _) => {
                for child in children {
                    let child = Resource { level: Some(level - 1), index: child, width: TILE_WIDTH };
                    self.report.add(child.path(), span(child), Problem::Rewritten);
                }
            }
            (Verdict::Computed, _) => self.report.add(doubt.resource.path(), entries, Problem::Tile),
            (Verdict::Neither, _) => self.report.add(doubt.resource.path(), entries, Problem::Undecided),
        }
    }
}

impl Doubt<'_> {
    /// What was computed, and what is stored where nothing could be.
    fn merged(&self) -> Vec<Hash> {
        self.computed.iter().zip(self.stored).map(|(computed, stored)| computed.unwrap_or(*stored)).collect()
    }
}

/// How wide a tile is in a tree of `size` leaves.
fn width_at(level: u8, index: u64, size: u64) -> u64 {
    (layout::hashes_at(level, size) - index * TILE_WIDTH).min(TILE_WIDTH)
}

/// The leaves under a tile, or in a bundle.
pub(super) fn span(resource: Resource) -> Range<u64> {
    let shift = TILE_HEIGHT * u32::from(resource.level.unwrap_or(0));
    let first = resource.index * TILE_WIDTH;
    first << shift..(first + resource.width) << shift
}

/// Neighbouring places as ranges.
fn runs(places: &[usize]) -> Vec<Range<u64>> {
    let runs = places.chunk_by(|left, right| left + 1 == *right);
    runs.map(|run| run[0] as u64..(run[run.len() - 1] + 1) as u64).collect()
}
