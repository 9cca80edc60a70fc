//! Everything that the engine asks of a disk, so that tests can put one in its place that tears,
//! fills up and fails.
//!
//! The contract is POSIX's, not more: what was appended is durable only once [`DiskFile::sync`]
//! returned, a name only once [`Disk::sync_dir`] of its directory did, and after a failed `sync`
//! nothing that was not durable before may be trusted, not even if a later one succeeds.

mod real;
mod sim;

pub use real::RealDisk;
pub use sim::{SimDisk, SimFaults};

use std::fmt;
use std::io;
use std::path::Path;

/// A place to keep files.
pub trait Disk: Send + Sync + fmt::Debug {
    /// Makes the directory and those above it, where they are missing, durably.
    fn create_dir(&self, path: &Path) -> io::Result<()>;

    /// Names of the files in a directory (not of directories in it), in no certain order.
    fn list(&self, dir: &Path) -> io::Result<Vec<String>>;

    /// Makes a new, empty file; fails with [`io::ErrorKind::AlreadyExists`] if there is one.
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;

    /// Opens a file for reading and appending.
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;

    /// Opens a file for reading only: works on a disk that takes no writes.
    fn open_read(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;

    /// Puts a file under another name of the same directory, atomically, replacing what was there.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Makes the names in a directory durable.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;

    /// Takes the lock that this file stands for, or fails with [`io::ErrorKind::WouldBlock`] if
    /// another holds it. Dropping the result, or the death of the process, gives it back.
    fn lock(&self, path: &Path) -> io::Result<Box<dyn DiskLock>>;
}

/// An open file. Reading and appending go on side by side.
pub trait DiskFile: Send + Sync + fmt::Debug {
    /// Writes at the end of the file and says how many bytes went in, which may be fewer than given.
    fn append(&self, bytes: &[u8]) -> io::Result<usize>;

    /// Makes content and length durable.
    fn sync(&self) -> io::Result<()>;

    /// Reads from an offset and says how many bytes came, which may be fewer than there are; none
    /// at the end of the file.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize>;

    fn length(&self) -> io::Result<u64>;

    fn truncate(&self, length: u64) -> io::Result<()>;

    /// Appends all of it, or fails with an unknown part of it appended.
    fn append_all(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.append(bytes) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => bytes = &bytes[written..],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Reads until the buffer is full or the file ends, and says how many bytes came.
    fn read_up_to(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.read_at(&mut buffer[filled..], offset + filled as u64) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    /// Fills the buffer, or fails with [`io::ErrorKind::UnexpectedEof`].
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        match self.read_up_to(buffer, offset)? {
            filled if filled == buffer.len() => Ok(()),
            _ => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

/// A held lock.
pub trait DiskLock: Send + Sync + fmt::Debug {}

#[cfg(test)]
mod tests;
