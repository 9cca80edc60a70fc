//! Checks the whole of a ledger directory against its signed checkpoint, with nothing but the verifier key,
//! and says which file and which entries are damaged.
//!
//! It works upwards from the entries: each must hash to its place in the level-0 tile, each tile to its place
//! in the tile above, the right edge to the signed root. Where two disagree, the level above decides who is
//! right; so a flipped bit is pinned on the file it is in, not on everything that depends on it.

mod blobs;
mod pending;
mod tiles;
mod tree;

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::ops::Range;
use std::path::Path;

use crate::blob::BlobHash;
use crate::checkpoint::{Checkpoint, CheckpointError, MAX_CHECKPOINT_LENGTH};
use crate::disk;
use crate::hash::Hash;
use crate::key::VerifierKey;
use crate::layout;
use crate::read::Reader;

/// How many places a report names. Beyond that a directory is rubble and a longer list helps nobody.
const MAX_DAMAGE: usize = 10_000;

/// What a verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The checkpoint, if it holds.
    pub checkpoint: Option<Checkpoint>,
    /// Leaves in pending groups, and of these the ones that the checkpoint does not cover yet.
    pub pending: u64,
    pub unpublished: u64,
    /// Bytes of an unfinished group at the end: a writer is at work, or was killed. Nothing confirmed is in it.
    pub unfinished_bytes: u64,
    /// Blobs that leaves name, and others: a blob is stored before its leaf, so a crash may leave some.
    pub blobs: u64,
    pub unnamed_blobs: u64,
    /// Files that no ledger makes. They are not looked at.
    pub unknown_files: Vec<String>,
    pub damage: Vec<Damage>,
    /// Damage beyond what `damage` can name.
    pub omitted: u64,
}

impl Report {
    pub fn is_intact(&self) -> bool {
        self.damage.is_empty()
    }

    fn add(&mut self, file: impl Into<String>, entries: Range<u64>, problem: Problem) {
        if self.damage.len() < MAX_DAMAGE {
            self.damage.push(Damage { file: file.into(), entries, problem });
        } else {
            self.omitted += 1;
        }
    }
}

/// One damaged place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// Relative to the ledger's directory.
    pub file: String,
    /// The leaves that are touched; empty if it is none in particular.
    pub entries: Range<u64>,
    pub problem: Problem,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("is missing")]
    Missing,
    #[error("cannot be read ({0})")]
    Unreadable(io::ErrorKind),
    #[error("has the wrong length")]
    Length,
    #[error("cannot be split into its entries")]
    Bundle,
    #[error("is not what the tree committed to")]
    Entry,
    #[error("has hashes that differ from what lies below and above")]
    Tile,
    #[error("and the tile above it disagree, and nothing is left to say which is right")]
    Undecided,
    #[error("is consistent in itself but is not what the tree above committed to: it was rewritten")]
    Rewritten,
    #[error("does not hold: {0}")]
    Checkpoint(CheckpointError),
    #[error("signs another root than the entries lead to")]
    Root,
    #[error("ends before the checkpoint of size {0} that is known from elsewhere: leaves were removed")]
    RolledBack(u64),
    #[error("does not extend the checkpoint of size {0} that is known from elsewhere: history was rewritten")]
    Forked(u64),
    #[error("has a group that was changed")]
    Group,
    #[error("has a group that this ledger's key did not sign")]
    GroupSignature,
    #[error("has a group whose root does not follow from the leaves")]
    GroupRoot,
    #[error("does not go on where the group before ends")]
    Gap,
    #[error("does not hash to its name")]
    Blob,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Range { start, end } = self.entries;
        match end.saturating_sub(start) {
            0 => write!(f, "{}: {}", self.file, self.problem),
            1 => write!(f, "{}: entry {start}: {}", self.file, self.problem),
            _ => write!(f, "{}: entries {start} to {}: {}", self.file, end - 1, self.problem),
        }
    }
}

/// What one verification carries along.
struct Check<'a> {
    directory: &'a Path,
    key: &'a VerifierKey,
    report: Report,
    /// The first leaf that names each blob.
    references: HashMap<BlobHash, u64>,
    /// The hashes of level-0 tiles that are damaged on disk, as far as they could be told.
    mended: HashMap<u64, Vec<Hash>>,
}

/// Checks everything in `directory`. `known` are checkpoints of this log from elsewhere (a witness, a mail, an
/// earlier check): without one, nobody can tell a ledger from an older copy of itself.
pub fn verify(directory: &Path, key: &VerifierKey, known: &[Checkpoint]) -> Report {
    let mut check = Check {
        directory,
        key,
        report: Report::default(),
        references: HashMap::new(),
        mended: HashMap::new(),
    };
    let checkpoint = check.checkpoint();
    let tree = checkpoint.as_ref().map(|checkpoint| check.tree(checkpoint));
    check.pending(checkpoint.as_ref().map(|checkpoint| checkpoint.size), tree.flatten());
    check.blobs();
    if let Some(checkpoint) = &checkpoint {
        check.other_tiles(checkpoint.size);
        check.known(checkpoint, known);
    }
    check.report.checkpoint = checkpoint;
    check.report
}

impl Check<'_> {
    fn checkpoint(&mut self) -> Option<Checkpoint> {
        let file = layout::checkpoint();
        let note = self.read(file, 0..0, |path| disk::read_if_there(path, MAX_CHECKPOINT_LENGTH))?;
        match Checkpoint::verify(&note, self.key) {
            Ok(checkpoint) => Some(checkpoint),
            Err(error) => {
                self.report.add(file, 0..0, Problem::Checkpoint(error));
                None
            }
        }
    }

    fn known(&mut self, checkpoint: &Checkpoint, known: &[Checkpoint]) {
        let reader = Reader::open(self.directory, self.key);
        for known in known {
            if known.size > checkpoint.size {
                self.report.add(
                    layout::checkpoint(),
                    checkpoint.size..known.size,
                    Problem::RolledBack(known.size),
                );
            } else if let Ok(reader) = &reader
                && let Ok(root) = reader.root(known.size)
                && root != known.root
            {
                self.report.add(layout::checkpoint(), 0..known.size, Problem::Forked(known.size));
            }
        }
    }

    /// Runs a read, and notes it as damage if there is nothing to read.
    fn read<T>(
        &mut self,
        file: &str,
        entries: Range<u64>,
        read: impl FnOnce(&Path) -> io::Result<Option<T>>,
    ) -> Option<T> {
        let problem = match read(&self.directory.join(file)) {
            Ok(Some(value)) => return Some(value),
            Ok(None) => Problem::Missing,
            Err(error) if error.kind() == io::ErrorKind::FileTooLarge => Problem::Length,
            Err(error) => Problem::Unreadable(error.kind()),
        };
        self.report.add(file, entries, problem);
        None
    }
}
