//! The few ways in which this crate changes a directory. One implementation is real; the tests
//! have one that records each step, so that a loss of power can be played at every one of them.

use std::fmt::Debug;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Changes below one directory; paths are relative to it. Nothing is durable before it is synced,
/// and a name is durable only once its directory is.
pub(crate) trait Disk: Debug + Send + Sync {
    fn create_directories(&self, path: &str) -> io::Result<()>;
    /// Creates the file or replaces its contents.
    fn write(&self, path: &str, bytes: &[u8]) -> io::Result<()>;
    /// Opens for appending; creates the file if need be.
    fn append(&self, path: &str) -> io::Result<Box<dyn AppendFile>>;
    fn truncate(&self, path: &str, length: u64) -> io::Result<()>;
    fn sync(&self, path: &str) -> io::Result<()>;
    fn sync_directory(&self, path: &str) -> io::Result<()>;
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    fn remove(&self, path: &str) -> io::Result<()>;
    /// Fails if the directory is not empty.
    fn remove_directory(&self, path: &str) -> io::Result<()>;
}

pub(crate) trait AppendFile: Debug + Send {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;
    fn sync(&mut self) -> io::Result<()>;
}

/// The file system.
#[derive(Debug)]
pub(crate) struct RealDisk {
    root: PathBuf,
}

impl RealDisk {
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }
}

impl Disk for RealDisk {
    fn create_directories(&self, path: &str) -> io::Result<()> {
        fs::create_dir_all(self.root.join(path))
    }

    fn write(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        fs::write(self.root.join(path), bytes)
    }

    fn append(&self, path: &str) -> io::Result<Box<dyn AppendFile>> {
        Ok(Box::new(OpenOptions::new().create(true).append(true).open(self.root.join(path))?))
    }

    fn truncate(&self, path: &str, length: u64) -> io::Result<()> {
        OpenOptions::new().write(true).open(self.root.join(path))?.set_len(length)
    }

    fn sync(&self, path: &str) -> io::Result<()> {
        File::open(self.root.join(path))?.sync_all()
    }

    fn sync_directory(&self, path: &str) -> io::Result<()> {
        File::open(self.root.join(path))?.sync_all()
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.root.join(from), self.root.join(to))
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        fs::remove_file(self.root.join(path))
    }

    fn remove_directory(&self, path: &str) -> io::Result<()> {
        fs::remove_dir(self.root.join(path))
    }
}

impl AppendFile for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }
}

/// The directory part of a relative path; empty for the top.
pub(crate) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// Every directory on the way to `path`, the nearest first and the top (empty) last.
pub(crate) fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(parent(path)), |path| (!path.is_empty()).then(|| parent(path)))
}

/// Reads a whole file of at most `limit` bytes; a longer one is an error, for it cannot be ours.
pub(crate) fn read_capped(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    #[expect(clippy::disallowed_methods, reason = "capped by the line itself")]
    File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "the file is longer than any of its kind"));
    }
    Ok(bytes)
}

/// The same, with a missing file as `None`.
pub(crate) fn read_if_there(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    match read_capped(path, limit) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
pub(crate) mod simulated;
