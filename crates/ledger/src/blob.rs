//! Content-addressed files: what is too big for a leaf (the set of people in an export) is a file named by
//! its SHA-256, and the leaf says that name. Through the leaf's hash the tree commits to the file.
//!
//! A leaf refers to a blob by the text `blob:sha256:<64 lower-case hexadecimal digits>` anywhere in it;
//! nothing else of a leaf is looked at. A leaf that names a blob which is not there is refused.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::disk::{self, Disk};
use crate::hash::{Hash, digest};
use crate::layout;

/// A bitmap of all 2^32 people is 512 MiB; one of 100 million at most 16 MiB. What is longer is a mistake.
pub const MAX_BLOB_LENGTH: usize = 256 * 1024 * 1024;

const REFERENCE: &str = "blob:sha256:";

/// The SHA-256 of a blob. Shown as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, std::hash::Hash)]
pub struct BlobHash(Hash);

impl BlobHash {
    pub fn of(bytes: &[u8]) -> Self {
        Self(digest(&[bytes]))
    }

    /// How a leaf names this blob.
    pub fn reference(&self) -> String {
        format!("{REFERENCE}{self}")
    }

    /// 64 lower-case hexadecimal digits, nothing else.
    pub fn parse(hex: &str) -> Option<Self> {
        let (pairs, []) = hex.as_bytes().as_chunks::<2>() else { return None };
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let bytes: Vec<u8> =
            pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect::<Option<_>>()?;
        Some(Self(Hash::new(bytes.try_into().ok()?)))
    }
}

impl fmt::Display for BlobHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for BlobHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    #[error("the blob has {0} bytes; the most is {MAX_BLOB_LENGTH}")]
    TooLong(usize),
    #[error("could not read or write the blob")]
    Io(#[from] io::Error),
    #[error("the file of blob {0} does not hash to its name: it was damaged or changed")]
    Damaged(BlobHash),
}

/// The blobs that a leaf names.
pub(crate) fn references(leaf: &[u8]) -> impl Iterator<Item = BlobHash> {
    let marker = REFERENCE.as_bytes();
    leaf.windows(marker.len() + 64).filter(move |window| window.starts_with(marker)).filter_map(|window| {
        // A leaf may hold any bytes, so what follows the marker need not be text.
        BlobHash::parse(std::str::from_utf8(&window[REFERENCE.len()..]).ok()?)
    })
}

/// Makes two writers of one blob use two temporary files.
static TEMPORARY: AtomicU64 = AtomicU64::new(0);

/// Durable when it returns. Writing the same blob again is cheap and mends a damaged one.
pub(crate) fn put(directory: &Path, disk: &dyn Disk, bytes: &[u8]) -> Result<BlobHash, BlobError> {
    if bytes.len() > MAX_BLOB_LENGTH {
        return Err(BlobError::TooLong(bytes.len()));
    }
    let hash = BlobHash::of(bytes);
    let path = layout::blob(&hash);
    let stored = disk::read_if_there(&directory.join(&path), bytes.len() as u64);
    if !matches!(&stored, Ok(Some(stored)) if stored == bytes) {
        let number = TEMPORARY.fetch_add(1, Ordering::Relaxed);
        let temporary = format!("{}/{hash}-{number}", layout::TEMPORARY_DIRECTORY);
        disk.create_directories(disk::parent(&path))?;
        disk.write(&temporary, bytes)?;
        disk.sync(&temporary)?;
        disk.rename(&temporary, &path)?;
    }
    // Also for a blob that was there: whoever renamed it may not have got this far.
    disk::ancestors(&path).try_for_each(|ancestor| disk.sync_directory(ancestor))?;
    Ok(hash)
}

pub(crate) fn get(directory: &Path, hash: &BlobHash) -> Result<Option<Vec<u8>>, BlobError> {
    let bytes = disk::read_if_there(&directory.join(layout::blob(hash)), MAX_BLOB_LENGTH as u64)?;
    match bytes {
        Some(bytes) if BlobHash::of(&bytes) != *hash => Err(BlobError::Damaged(*hash)),
        bytes => Ok(bytes),
    }
}

#[cfg(test)]
mod tests;
