//! Folds the pending groups into tiles and bundles and signs the tree they make.
//!
//! Order is everything: tiles and bundles first, then the checkpoint that needs them, then the removal of
//! partial ones that it no longer needs, and last, once the full ones are synced, of the pending segments
//! they replace. A loss of power between any two steps leaves either the pending groups or what came of them.
//! A checkpoint covers durable leaves only, so no start has to take one back.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;

use crate::checkpoint::Checkpoint;
use crate::commit::Journal;
use crate::disk::{self, Disk};
use crate::hash::leaf_hash;
use crate::key::{Origin, Signer};
use crate::layout::{self, Resource, TILE_WIDTH};
use crate::leaf::encode_entry;
use crate::pending;
use crate::tile;
use crate::tree::TileTree;

/// Where a file is made before it takes its place. One is enough: there is one publisher.
const TEMPORARY: &str = "tmp/publish";

#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error(
        "could not write tiles or the checkpoint; the leaves are safe, the next attempt goes on from here"
    )]
    Io(#[from] io::Error),
    #[error("{0} was damaged since it was written: run `ledger verify`")]
    Damaged(String),
    #[error("the disk did not confirm what was published; open the ledger again")]
    Failed,
}

#[derive(Debug)]
pub(crate) struct Publisher {
    directory: PathBuf,
    disk: Arc<dyn Disk>,
    origin: Origin,
    signer: Signer,
    journal: Arc<Journal>,
    tree: TileTree,
    /// The entries of the partial bundle.
    bundle: Vec<u8>,
    /// Which pending bytes come next: start of the segment, offset in it.
    cursor: (u64, u64),
    /// Full tiles and bundles that are not yet in their place.
    unwritten: Vec<(String, Vec<u8>)>,
    /// Those that are, but not synced.
    unsynced: BTreeSet<String>,
    /// The partial tiles and bundles that lie on disk.
    partials: BTreeSet<String>,
    checkpoint: Option<Checkpoint>,
    failed: bool,
}

impl Publisher {
    /// `tree` is what the synced full tiles hold; the journal's segments have all that comes after.
    pub(crate) fn new(
        directory: PathBuf,
        disk: Arc<dyn Disk>,
        (origin, signer): (Origin, Signer),
        journal: Arc<Journal>,
        tree: TileTree,
        partials: BTreeSet<String>,
    ) -> Self {
        let start = journal.lock().segments.first().map_or(tree.size(), |segment| segment.start);
        Self {
            directory,
            disk,
            origin,
            signer,
            journal,
            tree,
            bundle: Vec::new(),
            cursor: (start, 0),
            unwritten: Vec::new(),
            unsynced: BTreeSet::new(),
            partials,
            checkpoint: None,
            failed: false,
        }
    }

    /// The last checkpoint that was put in place.
    pub(crate) fn checkpoint(&self) -> Option<&Checkpoint> {
        self.checkpoint.as_ref()
    }

    /// Puts in place a checkpoint over everything that is durable.
    pub(crate) fn publish(&mut self) -> Result<Checkpoint, PublishError> {
        if self.failed {
            return Err(PublishError::Failed);
        }
        self.fold()?;
        if let Some(checkpoint) = &self.checkpoint
            && checkpoint.size == self.tree.size()
        {
            return Ok(checkpoint.clone());
        }
        let partials = self.write_partials()?;
        let checkpoint =
            Checkpoint { origin: self.origin.clone(), size: self.tree.size(), root: self.tree.root() };
        // Synced before it takes the old one's place: a torn tile is made anew, a torn checkpoint could not be.
        self.disk.write(TEMPORARY, checkpoint.sign(&self.signer).as_bytes())?;
        self.disk.sync(TEMPORARY)?;
        self.disk.rename(TEMPORARY, layout::checkpoint())?;
        self.checkpoint = Some(checkpoint.clone());
        self.remove_partials(partials)?;
        Ok(checkpoint)
    }

    /// Takes up all durable leaves and writes the tiles and bundles they fill.
    fn fold(&mut self) -> Result<(), PublishError> {
        loop {
            while let Some((path, bytes)) = self.unwritten.last() {
                self.put(path, bytes)?;
                let (path, _) = self.unwritten.pop().expect("looked at above");
                self.unsynced.insert(path);
            }
            let Some(bytes) = self.next_bytes()? else { return Ok(()) };
            let mut rest = bytes.as_slice();
            while !rest.is_empty() {
                let before = rest.len();
                let group = pending::decode(&mut rest).map_err(|_| self.damaged())?;
                for (index, leaf) in (group.first..).zip(&group.leaves) {
                    if index == self.tree.size() {
                        self.push(leaf);
                    }
                }
                if self.tree.size() == group.end() && self.tree.root() != group.root {
                    return Err(self.damaged());
                }
                self.cursor.1 += (before - rest.len()) as u64;
            }
        }
    }

    fn damaged(&self) -> PublishError {
        PublishError::Damaged(layout::pending(self.cursor.0))
    }

    /// Whole groups that are durable and not yet in the tree; at most one segment.
    fn next_bytes(&mut self) -> io::Result<Option<Vec<u8>>> {
        let segments = self.journal.lock().segments.clone();
        let from = segments.partition_point(|segment| segment.start < self.cursor.0);
        for segment in &segments[from..] {
            if segment.start > self.cursor.0 {
                self.cursor = (segment.start, 0);
            }
            let unread = segment.length - self.cursor.1;
            if unread > 0 {
                let mut file = File::open(self.directory.join(layout::pending(segment.start)))?;
                file.seek(SeekFrom::Start(self.cursor.1))?;
                let mut bytes = Vec::new();
                #[expect(clippy::disallowed_methods, reason = "capped by the line itself")]
                file.take(unread).read_to_end(&mut bytes)?;
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }

    fn push(&mut self, leaf: &[u8]) {
        encode_entry(leaf, &mut self.bundle);
        let unwritten = &mut self.unwritten;
        self.tree.push(leaf_hash(leaf), |full| {
            unwritten.push((layout::tile(full.level, full.index, TILE_WIDTH), tile::encode(&full.hashes)));
        });
        let size = self.tree.size();
        if size.is_multiple_of(TILE_WIDTH) {
            let bundle = std::mem::take(&mut self.bundle);
            self.unwritten.push((layout::entries(size / TILE_WIDTH - 1, TILE_WIDTH), bundle));
        }
    }

    fn write_partials(&mut self) -> io::Result<BTreeSet<String>> {
        let size = self.tree.size();
        let mut partials = BTreeSet::new();
        for (level, hashes) in (0_u8..).zip(self.tree.edge()) {
            if !hashes.is_empty() {
                let path = layout::tile(level, layout::full_tiles(level, size), hashes.len() as u64);
                self.put(&path, &tile::encode(hashes))?;
                partials.insert(path);
            }
        }
        if !self.bundle.is_empty() {
            let path = layout::entries(size / TILE_WIDTH, size % TILE_WIDTH);
            self.put(&path, &self.bundle)?;
            partials.insert(path);
        }
        self.partials.extend(partials.iter().cloned());
        Ok(partials)
    }

    /// Replaces a file in one step, so that a reader sees it whole or not at all.
    fn put(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let stored = disk::read_if_there(&self.directory.join(path), bytes.len() as u64);
        if matches!(&stored, Ok(Some(stored)) if stored == bytes) {
            return Ok(());
        }
        self.disk.create_directories(disk::parent(path))?;
        self.disk.write(TEMPORARY, bytes)?;
        self.disk.rename(TEMPORARY, path)
    }

    /// Removes all partial tiles and bundles but `current`: wider ones and full ones contain them.
    fn remove_partials(&mut self, current: BTreeSet<String>) -> io::Result<()> {
        let parents: BTreeSet<&str> = current.iter().map(|path| disk::parent(path)).collect();
        for path in self.partials.difference(&current) {
            remove_if_there(self.disk.remove(path))?;
            if !parents.contains(disk::parent(path)) {
                // Another leftover may still be in it; then the directory goes with that one.
                let _ = self.disk.remove_directory(disk::parent(path));
            }
        }
        self.partials = current;
        Ok(())
    }

    /// Removes the segments that full tiles and bundles have replaced, after syncing these. That takes a sync for
    /// every 256 leaves or so, which is why neither a start nor a stop waits for it.
    pub(crate) fn retire(&mut self) -> Result<(), PublishError> {
        let full = self.tree.size() / TILE_WIDTH * TILE_WIDTH;
        let segments = self.journal.lock().segments.clone();
        let Some((_, sealed)) = segments.split_last() else { return Ok(()) };
        let spent: Vec<_> = sealed
            .iter()
            .take_while(|segment| segment.end <= full && segment.start < self.cursor.0)
            .collect();
        if spent.is_empty() {
            return Ok(());
        }
        let mut files = std::mem::take(&mut self.unsynced);
        files.insert(layout::checkpoint().to_owned());
        self.sync(files)?;
        for segment in spent {
            remove_if_there(self.disk.remove(&layout::pending(segment.start)))?;
            // The oldest must be gone for good before the next goes, or a loss of power could leave a gap.
            self.disk.sync_directory(layout::PENDING_DIRECTORY)?;
            self.journal.update(|journal| journal.segments.retain(|other| other.start != segment.start));
        }
        Ok(())
    }

    fn sync(&mut self, files: BTreeSet<String>) -> Result<(), PublishError> {
        let directories: BTreeSet<&str> = files.iter().flat_map(|path| disk::ancestors(path)).collect();
        let synced = files
            .iter()
            .try_for_each(|path| self.disk.sync(path))
            .and_then(|()| directories.iter().try_for_each(|path| self.disk.sync_directory(path)));
        synced.map_err(|_| {
            // A second sync may falsely succeed; only writing everything anew, as a start does, is safe.
            self.failed = true;
            PublishError::Failed
        })
    }
}

fn remove_if_there(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Paths of the partial tiles and bundles that lie at or after the tiles where a tree of `size` leaves ends.
pub(crate) fn find_partials(directory: &std::path::Path, from: u64, to: u64) -> io::Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let levels = (0..layout::levels(to).max(1)).map(Some).chain([None]);
    for level in levels {
        let height = level.unwrap_or(0);
        for index in layout::full_tiles(height, from)..=layout::full_tiles(height, to) {
            let full = Resource { level, index, width: TILE_WIDTH }.path();
            let entries = match std::fs::read_dir(directory.join(format!("{full}.p"))) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            for entry in entries {
                let path = format!("{full}.p/{}", entry?.file_name().to_string_lossy());
                found.extend(Resource::parse(&path).map(|_| path));
            }
        }
    }
    Ok(found)
}
