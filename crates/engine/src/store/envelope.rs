//! Small files that are written whole, with a checksum, and replaced atomically.
//!
//! ```text
//! 0   8  what the file is, in ASCII, its version last: "BHMANIF1"
//! 8   8  length of the content, little endian
//! 16  4  CRC32C of bytes 0–15 and the content, little endian
//! 20  …  content
//! ```
//!
//! Replacing writes beside the file, syncs, renames, and syncs the directory: a crash leaves the
//! old file or the new one.

use crate::disk::Disk;
use std::io;
use std::path::Path;

const HEADER: usize = 20;

/// Larger than any content that is written here; a length above it is damage, not a reason to
/// ask for that much memory.
const MAX_CONTENT: u64 = 1 << 30;

#[derive(Debug, thiserror::Error)]
pub(crate) enum EnvelopeError {
    #[error("{0}")]
    Disk(#[from] io::Error),
    #[error("{0}")]
    Damaged(&'static str),
}

/// The bytes of such a file.
pub(crate) fn wrap(kind: &[u8; 8], content: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER + content.len());
    bytes.extend_from_slice(kind);
    bytes.extend_from_slice(&(content.len() as u64).to_le_bytes());
    let checksum = crc32c::crc32c_append(crc32c::crc32c(&bytes), content);
    bytes.extend_from_slice(&checksum.to_le_bytes());
    bytes.extend_from_slice(content);
    bytes
}

pub(crate) fn read(disk: &dyn Disk, path: &Path, kind: &[u8; 8]) -> Result<Vec<u8>, EnvelopeError> {
    let file = disk.open_read(path)?;
    let length = file.length()?;
    if length < HEADER as u64 {
        return Err(EnvelopeError::Damaged("shorter than its header"));
    }
    if length > MAX_CONTENT {
        return Err(EnvelopeError::Damaged("longer than such a file can be"));
    }
    let mut bytes = vec![0; length as usize];
    file.read_exact_at(&mut bytes, 0)?;
    let (header, content) = bytes.split_at(HEADER);
    if header[..7] != kind[..7] {
        return Err(EnvelopeError::Damaged("not a file of this kind"));
    }
    if header[7] != kind[7] {
        return Err(EnvelopeError::Damaged("of another version"));
    }
    if header[8..16] != (content.len() as u64).to_le_bytes() {
        return Err(EnvelopeError::Damaged("not as long as its header says"));
    }
    let checksum = crc32c::crc32c_append(crc32c::crc32c(&header[..16]), content);
    if header[16..] != checksum.to_le_bytes() {
        return Err(EnvelopeError::Damaged("its checksum does not match"));
    }
    bytes.drain(..HEADER);
    Ok(bytes)
}

/// Writes a new file and makes its content durable, not yet its name.
pub(crate) fn create(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> io::Result<()> {
    remove_if_there(disk, path)?;
    let file = disk.create(path)?;
    file.append_all(bytes)?;
    file.sync()
}

/// Puts a file in place of what was there, durably.
pub(crate) fn replace(disk: &dyn Disk, path: &Path, kind: &[u8; 8], content: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    create(disk, &beside, &wrap(kind, content))?;
    disk.rename(&beside, path)?;
    match path.parent() {
        Some(dir) => disk.sync_dir(dir),
        None => Ok(()),
    }
}

pub(crate) fn remove_if_there(disk: &dyn Disk, path: &Path) -> io::Result<()> {
    match disk.remove(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
