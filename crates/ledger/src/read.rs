//! Reading what is published: leaves, blobs, proofs, and the files themselves. A reader stays at the
//! checkpoint it was opened with; everything it gives out was in the tree by then.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::blob::{self, BlobError, BlobHash};
use crate::checkpoint::{Checkpoint, CheckpointError, MAX_CHECKPOINT_LENGTH};
use crate::commit::lock;
use crate::disk::{read_capped, read_if_there};
use crate::hash::{Hash, leaf_hash};
use crate::key::VerifierKey;
use crate::layout::{self, Resource, TILE_HEIGHT, TILE_WIDTH};
use crate::leaf::{MAX_BUNDLE_LENGTH, decode_bundle, decode_prefix};
use crate::proof::{self, ConsistencyProof, InclusionProof, NodeSource, SelfContainedProof};
use crate::tile::{self, MAX_TILE_LENGTH, Nodes};

/// Tiles that a reader keeps worked out: 16 KiB each, so at most 16 MiB.
const MAX_CACHED_TILES: usize = 1024;

/// A writer that publishes between the listing of the wider tiles and the reading of one makes a second look
/// necessary. To be overtaken each time it would have to publish faster than a directory is listed.
const STORED_ATTEMPTS: usize = 8;

#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("could not read the ledger")]
    Io(#[from] io::Error),
    #[error("the checkpoint cannot be trusted: {0}")]
    Checkpoint(#[from] CheckpointError),
    #[error("leaf or size {asked} is beyond the published size {size}")]
    Range { asked: u64, size: u64 },
    #[error("{0} is missing or damaged; run `ledger verify`")]
    Damaged(String),
    #[error(transparent)]
    Blob(#[from] BlobError),
}

/// A published state of a ledger.
#[derive(Debug)]
pub struct Reader {
    directory: PathBuf,
    note: String,
    checkpoint: Checkpoint,
    tiles: Mutex<HashMap<(u8, u64), Arc<Nodes>>>,
}

impl Reader {
    /// Opens a ledger, or a copy of one, at its present checkpoint.
    pub fn open(directory: &Path, key: &VerifierKey) -> Result<Self, ReadError> {
        let note = read_capped(&directory.join(layout::checkpoint()), MAX_CHECKPOINT_LENGTH)?;
        let checkpoint = Checkpoint::verify(&note, key)?;
        let note = String::from_utf8(note).map_err(|_| CheckpointError::Note)?;
        Ok(Self { directory: directory.to_owned(), note, checkpoint, tiles: Mutex::default() })
    }

    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The signed checkpoint, byte for byte.
    pub fn note(&self) -> &str {
        &self.note
    }

    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.checkpoint.size
    }

    /// The leaf at `index`, compared with its hash in the tree.
    pub fn leaf(&self, index: u64) -> Result<Vec<u8>, ReadError> {
        if index >= self.size() {
            return Err(ReadError::Range { asked: index, size: self.size() });
        }
        let mut leaves = self.bundle(index / TILE_WIDTH)?;
        Ok(leaves.swap_remove((index % TILE_WIDTH) as usize))
    }

    /// The leaves of `range` in order, each with its index. Holds one bundle at a time. After an error it ends.
    pub fn leaves(&self, range: Range<u64>) -> impl Iterator<Item = Result<(u64, Vec<u8>), ReadError>> {
        let end = range.end.min(self.size());
        let bundles = range.start / TILE_WIDTH..end.div_ceil(TILE_WIDTH);
        let mut failed = false;
        bundles
            .map_while(move |index| {
                let bundle = (!failed).then(|| self.bundle(index))?;
                failed = bundle.is_err();
                Some((index * TILE_WIDTH, bundle))
            })
            .flat_map(|(first, bundle)| match bundle {
                Ok(leaves) => (first..).zip(leaves).map(Ok).collect(),
                Err(error) => vec![Err(error)],
            })
            .filter(move |leaf| leaf.as_ref().map_or(true, |(index, _)| (range.start..end).contains(index)))
    }

    /// The proof that leaf `index` is in the tree of the first `size` leaves.
    pub fn prove_inclusion(&self, index: u64, size: u64) -> Result<InclusionProof, ReadError> {
        self.check_size(size)?;
        if index >= size {
            return Err(ReadError::Range { asked: index, size });
        }
        Ok(InclusionProof { index, size, hashes: proof::inclusion_hashes(self, index, size)? })
    }

    /// The proof that the tree of the first `new_size` leaves begins with that of the first `old_size`.
    pub fn prove_consistency(&self, old_size: u64, new_size: u64) -> Result<ConsistencyProof, ReadError> {
        self.check_size(new_size)?;
        if old_size > new_size {
            return Err(ReadError::Range { asked: old_size, size: new_size });
        }
        Ok(ConsistencyProof {
            old_size,
            new_size,
            hashes: proof::consistency_hashes(self, old_size, new_size)?,
        })
    }

    /// Proof and checkpoint in one piece, for someone who has nothing but the verifier key.
    pub fn prove(&self, index: u64) -> Result<SelfContainedProof, ReadError> {
        let hashes = self.prove_inclusion(index, self.size())?.hashes;
        Ok(SelfContainedProof { index, hashes, checkpoint: self.note.clone() })
    }

    /// The root of the tree of the first `size` leaves.
    pub fn root(&self, size: u64) -> Result<Hash, ReadError> {
        self.check_size(size)?;
        proof::root(self, size)
    }

    /// A blob, compared with its name; `None` if there is none.
    pub fn blob(&self, hash: &BlobHash) -> Result<Option<Vec<u8>>, ReadError> {
        Ok(blob::get(&self.directory, hash)?)
    }

    /// A tile or bundle as tlog-tiles serves it; a partial one also when only a wider one is left.
    pub fn resource(&self, resource: &Resource) -> Result<Option<Vec<u8>>, ReadError> {
        Ok(stored(&self.directory, resource)?)
    }

    fn check_size(&self, size: u64) -> Result<(), ReadError> {
        if size > self.size() { Err(ReadError::Range { asked: size, size: self.size() }) } else { Ok(()) }
    }

    fn bundle(&self, index: u64) -> Result<Vec<Vec<u8>>, ReadError> {
        let resource = self.published(None, index);
        let damaged = || ReadError::Damaged(resource.path());
        let bytes = stored(&self.directory, &resource)?.ok_or_else(damaged)?;
        let leaves = decode_bundle(&bytes, resource.width as usize).map_err(|_| damaged())?;
        let tile = self.tile(0, index)?;
        let intact = (0..).zip(&leaves).all(|(place, leaf)| tile.get(0, place) == Some(leaf_hash(leaf)));
        if !intact {
            return Err(damaged());
        }
        Ok(leaves.into_iter().map(<[u8]>::to_vec).collect())
    }

    /// The tile or bundle as wide as it is in the published tree.
    fn published(&self, level: Option<u8>, index: u64) -> Resource {
        let hashes = layout::hashes_at(level.unwrap_or(0), self.size());
        Resource { level, index, width: (hashes - index * TILE_WIDTH).min(TILE_WIDTH) }
    }

    fn tile(&self, level: u8, index: u64) -> Result<Arc<Nodes>, ReadError> {
        if let Some(nodes) = lock(&self.tiles).get(&(level, index)) {
            return Ok(Arc::clone(nodes));
        }
        let resource = self.published(Some(level), index);
        let hashes = stored(&self.directory, &resource)?.and_then(|bytes| tile::decode(&bytes));
        let hashes = hashes.filter(|hashes| hashes.len() as u64 == resource.width);
        let nodes = Arc::new(Nodes::new(hashes.ok_or_else(|| ReadError::Damaged(resource.path()))?));
        let mut tiles = lock(&self.tiles);
        if tiles.len() >= MAX_CACHED_TILES {
            tiles.clear();
        }
        tiles.insert((level, index), Arc::clone(&nodes));
        Ok(nodes)
    }
}

impl NodeSource for Reader {
    type Error = ReadError;

    fn node(&self, height: u32, index: u64) -> Result<Hash, ReadError> {
        let (level, height) = (height / TILE_HEIGHT, height % TILE_HEIGHT);
        let level = u8::try_from(level).expect("a height is below 64");
        let per_tile = TILE_WIDTH >> height;
        let nodes = self.tile(level, index / per_tile)?;
        let damaged = || ReadError::Damaged(self.published(Some(level), index / per_tile).path());
        nodes.get(height, index % per_tile).ok_or_else(damaged)
    }
}

/// The bytes of a tile or bundle, cut out of a wider one if it is not there itself.
pub(crate) fn stored(directory: &Path, resource: &Resource) -> io::Result<Option<Vec<u8>>> {
    let limit = if resource.level.is_some() { MAX_TILE_LENGTH } else { MAX_BUNDLE_LENGTH };
    let read = |width| read_if_there(&directory.join(Resource { width, ..*resource }.path()), limit);
    for _ in 0..STORED_ATTEMPTS {
        if let Some(bytes) = read(resource.width)? {
            return Ok(Some(bytes));
        }
        // A wider one is made before the narrower one is removed, and a full one before the last wider one.
        for width in wider(directory, resource)?.into_iter().chain([TILE_WIDTH]) {
            if let Some(mut bytes) = read(width)? {
                let length = match resource.level {
                    Some(_) => resource.width as usize * Hash::LENGTH,
                    None => bytes.len() - decode_prefix(&bytes, resource.width as usize).1.len(),
                };
                bytes.truncate(length);
                return Ok(Some(bytes));
            }
        }
    }
    Ok(None)
}

fn wider(directory: &Path, resource: &Resource) -> io::Result<Vec<u64>> {
    let full = Resource { width: TILE_WIDTH, ..*resource }.path();
    let names = match fs::read_dir(directory.join(format!("{full}.p"))) {
        Ok(names) => names,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut widths = Vec::new();
    for name in names {
        let path = format!("{full}.p/{}", name?.file_name().to_string_lossy());
        widths
            .extend(Resource::parse(&path).map(|found| found.width).filter(|width| *width > resource.width));
    }
    widths.sort_unstable();
    Ok(widths)
}
