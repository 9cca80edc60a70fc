//! The groups that are not, or not only, in tiles.

use std::ops::Range;

use super::{Check, Problem};
use crate::blob;
use crate::disk;
use crate::hash::{Hash, leaf_hash};
use crate::layout::{self, Resource, TILE_WIDTH};
use crate::pending::{self, Broken, Group, MAX_SEGMENT_LENGTH};
use crate::read::stored;
use crate::tile;
use crate::tree::Frontier;

/// Where the check of the groups stands.
struct Position {
    /// The size that the checkpoint covers; unknown if it does not hold.
    size: Option<u64>,
    /// The tree so far, once the groups go beyond the checkpoint; none if it could not be had.
    tree: Option<Frontier>,
    /// The index that the next group must begin with.
    next: Option<u64>,
    /// The level-0 tile that was looked at last.
    tile: Option<(u64, Vec<Hash>)>,
}

impl Check<'_> {
    pub(super) fn pending(&mut self, size: Option<u64>, tree: Option<Frontier>) {
        let starts = match pending::list(self.directory) {
            Ok((starts, strangers)) => {
                let path = |name| format!("{}/{name}", layout::PENDING_DIRECTORY);
                self.report.unknown_files.extend(strangers.into_iter().map(path));
                starts
            }
            Err(error) => {
                self.report.add(layout::PENDING_DIRECTORY, 0..0, Problem::Unreadable(error.kind()));
                return;
            }
        };
        let mut position = Position { size, tree, next: None, tile: None };
        for start in &starts {
            self.segment(*start, Some(start) == starts.last(), &mut position);
        }
    }

    fn segment(&mut self, start: u64, last: bool, position: &mut Position) {
        let file = layout::pending(start);
        if position.next.is_some_and(|next| next != start) {
            self.report.add(&file, gap(position.next, start), Problem::Gap);
        }
        position.next = Some(start);
        let bytes = match disk::read_if_there(&self.directory.join(&file), MAX_SEGMENT_LENGTH) {
            Ok(Some(bytes)) => bytes,
            outcome => {
                // One that was listed and is gone was retired by a running writer meanwhile.
                position.next = None;
                if let Err(error) = outcome {
                    self.report.add(&file, 0..0, Problem::Unreadable(error.kind()));
                }
                return;
            }
        };
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let here = rest;
            match pending::decode(&mut rest) {
                Ok(group) => self.group(&file, &group, position),
                Err(broken) => {
                    let next = position.next.unwrap_or(start);
                    if let Some((offset, first)) = pending::find_group(here, self.key, next) {
                        // What lies between is lost; how many leaves that are, the next group tells.
                        self.report.add(&file, next..first, Problem::Group);
                        position.tree = position.tree.take().filter(|tree| first <= tree.size());
                        position.next = Some(first);
                        rest = &here[offset..];
                        continue;
                    }
                    let covered = position.size.is_some_and(|size| next < size);
                    if last && broken == Broken::Cut && !covered {
                        self.report.unfinished_bytes = here.len() as u64;
                    } else {
                        let end = position.size.filter(|_| covered && last).unwrap_or(next + 1);
                        self.report.add(&file, next..end, Problem::Group);
                    }
                    return;
                }
            }
        }
    }

    fn group(&mut self, file: &str, group: &Group<'_>, position: &mut Position) {
        let entries = group.first..group.end();
        if position.next.is_some_and(|next| next != group.first) {
            self.report.add(file, gap(position.next, group.first), Problem::Gap);
        }
        position.next = Some(group.end());
        if !group.is_signed_by(self.key) {
            self.report.add(file, entries.clone(), Problem::GroupSignature);
        }
        self.report.pending += group.leaves.len() as u64;
        let Some(size) = position.size else { return };
        for (index, leaf) in entries.clone().zip(&group.leaves) {
            let hash = leaf_hash(leaf);
            if index < size {
                if self.committed(index, position).is_some_and(|committed| committed != hash) {
                    self.report.add(file, index..index + 1, Problem::Entry);
                }
                continue;
            }
            self.report.unpublished += 1;
            for reference in blob::references(leaf) {
                self.references.entry(reference).or_insert(index);
            }
            if let Some(tree) = &mut position.tree
                && tree.size() == index
            {
                tree.push(hash);
            }
        }
        if let Some(tree) = &position.tree
            && tree.size() == group.end()
            && tree.root() != group.root
        {
            self.report.add(file, entries, Problem::GroupRoot);
        }
    }

    /// The hash of a leaf in the published tree.
    fn committed(&self, index: u64, position: &mut Position) -> Option<Hash> {
        let (tile, place) = (index / TILE_WIDTH, (index % TILE_WIDTH) as usize);
        if position.tile.as_ref().is_none_or(|(cached, _)| *cached != tile) {
            let hashes = match self.mended.get(&tile) {
                Some(hashes) => hashes.clone(),
                None => {
                    let width = (position.size? - tile * TILE_WIDTH).min(TILE_WIDTH);
                    let resource = Resource { level: Some(0), index: tile, width };
                    tile::decode(&stored(self.directory, &resource).ok()??)?
                }
            };
            position.tile = Some((tile, hashes));
        }
        position.tile.as_ref()?.1.get(place).copied()
    }
}

/// The leaves between where a group should begin and where it does; none if it begins too early.
fn gap(expected: Option<u64>, found: u64) -> Range<u64> {
    let expected = expected.unwrap_or(found);
    expected..expected.max(found)
}
