//! What a start does before anything is written: find out what the ledger holds, and refuse one that
//! contradicts its own signed checkpoint.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use crate::checkpoint::{Checkpoint, CheckpointError, MAX_CHECKPOINT_LENGTH};
use crate::commit::{AppendError, Segment};
use crate::disk::{self, Disk};
use crate::hash::{Hash, leaf_hash};
use crate::key::VerifierKey;
use crate::layout::{self, Resource, TILE_WIDTH};
use crate::leaf;
use crate::pending::{self, MAX_SEGMENT_LENGTH};
use crate::publish::{self, PublishError};
use crate::read;
use crate::tile::{self, MAX_TILE_LENGTH};
use crate::tree::{Frontier, TileTree};

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("could not read or write the ledger's directory")]
    Io(#[from] io::Error),
    #[error("another process has this ledger open")]
    Locked,
    #[error("the checkpoint is missing although there are leaves: it was removed, restore it")]
    CheckpointMissing,
    #[error("the checkpoint cannot be trusted: {0}")]
    Checkpoint(#[from] CheckpointError),
    #[error("{file} is damaged: {what}; run `ledger verify`")]
    Damaged { file: String, what: &'static str },
    #[error("only {stored} leaves are left of the {promised} that the checkpoint promises")]
    Short { stored: u64, promised: u64 },
    #[error("the leaves do not lead to the root that was signed for {size} of them: history was changed")]
    Diverged { size: u64 },
    #[error("could not write what was recovered")]
    Rewrite(#[from] AppendError),
    #[error("could not publish what was recovered")]
    Publish(#[from] PublishError),
}

/// What a start found and did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recovered {
    /// Leaves in the ledger.
    pub size: u64,
    /// Of these, leaves that no checkpoint on disk covered: the last run ended without an orderly stop.
    pub unpublished: u64,
    /// Bytes of a torn group that were cut off: leaves whose append was never confirmed.
    pub cut_bytes: u64,
}

/// Where a ledger stands.
#[derive(Debug)]
pub(crate) struct Recovery {
    /// The tree that the synced full tiles hold.
    pub(crate) tiles: TileTree,
    /// The tree of all leaves in `segments`.
    pub(crate) frontier: Frontier,
    pub(crate) segments: Vec<Segment>,
    /// Leaves that only the partial bundle has: they must be appended again.
    pub(crate) tail: Vec<Vec<u8>>,
    pub(crate) partials: BTreeSet<String>,
    pub(crate) report: Recovered,
}

/// Reads the ledger; the only thing it changes is to cut off a torn group.
pub(crate) fn recover(directory: &Path, disk: &dyn Disk, key: &VerifierKey) -> Result<Recovery, OpenError> {
    let (starts, _) = pending::list(directory)?;
    let note = disk::read_if_there(&directory.join(layout::checkpoint()), MAX_CHECKPOINT_LENGTH)?;
    let checkpoint = match note {
        Some(note) => Checkpoint::verify(&note, key)?,
        None if !starts.is_empty() || directory.join(layout::TILE_DIRECTORY).try_exists()? => {
            return Err(OpenError::CheckpointMissing);
        }
        None => Checkpoint { origin: key.origin().clone(), size: 0, root: crate::hash::empty_root() },
    };

    // Segments go only when synced full tiles replace them, so what precedes the first is in full tiles.
    let first = starts.first().copied();
    let base = first.map_or(checkpoint.size / TILE_WIDTH, |first| first.div_ceil(TILE_WIDTH)) * TILE_WIDTH;
    if base > checkpoint.size {
        return Err(OpenError::Damaged {
            file: layout::checkpoint().to_owned(),
            what: "it is older than the tiles",
        });
    }
    let tiles = load_tiles(directory, base)?;
    let mut replay = Replay {
        key,
        checkpoint: &checkpoint,
        frontier: tiles.frontier().clone(),
        next: first.unwrap_or(base),
        segments: Vec::new(),
        cut_bytes: 0,
    };
    replay.check_root()?;
    for start in &starts {
        replay.segment(directory, disk, *start, Some(start) == starts.last())?;
    }
    let tail = if replay.next < checkpoint.size { replay.tail(directory)? } else { Vec::new() };
    let Replay { frontier, segments, cut_bytes, .. } = replay;
    let size = frontier.size() + tail.len() as u64;
    Ok(Recovery {
        partials: publish::find_partials(directory, base, size)?,
        report: Recovered { size, unpublished: size - checkpoint.size, cut_bytes },
        tiles,
        frontier,
        segments,
        tail,
    })
}

/// The tree of the first `size` leaves, a multiple of 256, from full tiles alone: partial ones need not be synced.
fn load_tiles(directory: &Path, size: u64) -> Result<TileTree, OpenError> {
    let mut edge = vec![Vec::new()];
    for level in 1..layout::levels(size).max(1) {
        let (index, width) = (layout::full_tiles(level, size), layout::partial_width(level, size));
        let children = index * TILE_WIDTH..index * TILE_WIDTH + width;
        let hashes = children.map(|child| {
            let file = layout::tile(level - 1, child, TILE_WIDTH);
            let bytes = disk::read_if_there(&directory.join(&file), MAX_TILE_LENGTH)?;
            let hashes = bytes.and_then(|bytes| tile::decode(&bytes));
            match hashes {
                Some(hashes) if hashes.len() as u64 == TILE_WIDTH => Ok(tile::perfect_root(&hashes)),
                _ => Err(OpenError::Damaged { file, what: "it is missing or not a full tile" }),
            }
        });
        edge.push(hashes.collect::<Result<Vec<Hash>, OpenError>>()?);
    }
    Ok(TileTree::from_edge(size, edge))
}

/// Goes through the pending groups, checking each against the one before, the key and the checkpoint.
struct Replay<'a> {
    key: &'a VerifierKey,
    checkpoint: &'a Checkpoint,
    frontier: Frontier,
    /// The index that the next group must begin with. Behind the frontier while groups are in full tiles already.
    next: u64,
    segments: Vec<Segment>,
    cut_bytes: u64,
}

impl Replay<'_> {
    fn segment(
        &mut self,
        directory: &Path,
        disk: &dyn Disk,
        start: u64,
        last: bool,
    ) -> Result<(), OpenError> {
        let file = layout::pending(start);
        let damaged = |what| OpenError::Damaged { file: file.clone(), what };
        if start != self.next {
            return Err(damaged("it does not begin where the one before ends"));
        }
        let bytes = disk::read_capped(&directory.join(&file), MAX_SEGMENT_LENGTH)?;
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let here = rest;
            // Under the checkpoint the root vouches for a group, beyond it only the signature does.
            let covered = |group: &pending::Group<'_>| group.end() <= self.checkpoint.size;
            let intact = |group: &pending::Group<'_>| covered(group) || group.is_signed_by(self.key);
            match pending::decode(&mut rest).ok().filter(intact) {
                Some(group) if group.first != self.next => return Err(damaged("a group is out of order")),
                Some(group) => self.group(&group)?,
                None if !last || pending::find_group(here, self.key, self.next).is_some() => {
                    return Err(damaged("a group was changed"));
                }
                None => {
                    self.cut_bytes = here.len() as u64;
                    disk.truncate(&file, (bytes.len() - here.len()) as u64)?;
                    disk.sync(&file)?;
                    break;
                }
            }
        }
        self.segments.push(Segment { start, end: self.next, length: bytes.len() as u64 - self.cut_bytes });
        Ok(())
    }

    fn group(&mut self, group: &pending::Group<'_>) -> Result<(), OpenError> {
        for (index, leaf) in (group.first..).zip(&group.leaves) {
            if index == self.frontier.size() {
                self.frontier.push(leaf_hash(leaf));
                self.check_root()?;
            }
        }
        if self.frontier.size() == group.end() && self.frontier.root() != group.root {
            return Err(OpenError::Diverged { size: group.end() });
        }
        self.next = group.end();
        Ok(())
    }

    fn check_root(&self) -> Result<(), OpenError> {
        let size = self.frontier.size();
        if size == self.checkpoint.size && self.frontier.root() != self.checkpoint.root {
            return Err(OpenError::Diverged { size });
        }
        Ok(())
    }

    /// The leaves that the checkpoint covers but no group has, from the partial bundle: a copy of the
    /// published files alone is a whole ledger.
    fn tail(&self, directory: &Path) -> Result<Vec<Vec<u8>>, OpenError> {
        let promised = self.checkpoint.size;
        let short = OpenError::Short { stored: self.next, promised };
        let bundle = Resource { level: None, index: promised / TILE_WIDTH, width: promised % TILE_WIDTH };
        if self.next != self.frontier.size() || self.next < promised - bundle.width {
            return Err(short);
        }
        let Some(bytes) = read::stored(directory, &bundle)? else { return Err(short) };
        let leaves = leaf::decode_bundle(&bytes, bundle.width as usize)
            .map_err(|_| OpenError::Damaged { file: bundle.path(), what: "it is not a bundle" })?;
        let missing = &leaves[(bundle.width - (promised - self.next)) as usize..];
        let mut frontier = self.frontier.clone();
        missing.iter().for_each(|leaf| frontier.push(leaf_hash(leaf)));
        if frontier.root() != self.checkpoint.root {
            return Err(OpenError::Diverged { size: promised });
        }
        Ok(missing.iter().map(|leaf| leaf.to_vec()).collect())
    }
}
