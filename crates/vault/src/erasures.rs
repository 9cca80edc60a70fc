//! The journal of erasures: a restore of an older database must not bring anybody back.
//!
//! It lies beside the data directory, so that restoring the directory leaves it alone, and is
//! replayed whenever the vault opens. It names pseudonyms only. All integers are big-endian.
//!
//! ```text
//! offset  length  content
//!      0       8  "BHERAS\r\n"
//!      8       2  version, 1
//!     10  32 × n  project (4) ‖ pseudonym (16) ‖ erased at, milliseconds (i64) ‖ check (4)
//! ```
//!
//! The check is the beginning of the SHA-256 of the 28 bytes before it. A last entry that is cut
//! short or does not check was being written when the machine stopped; its erasure was not confirmed to anyone,
//! and it is cut off. Anything else that does not check is damage and is said.

use domain::{ProjectId, Pseudonym, Timestamp};
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

const MAGIC: &[u8; 8] = b"BHERAS\r\n";
const VERSION: u16 = 1;
const HEADER_BYTES: usize = 10;
const ENTRY_BYTES: usize = 32;
const CHECKED_BYTES: usize = 28;
/// 32 million erasures. A larger file is not ours.
const MAX_BYTES: u64 = 1 << 30;

#[derive(Debug, thiserror::Error)]
pub enum ErasuresError {
    #[error("the erasure journal at {0} is not one, or was written by a newer release")]
    NotAJournal(PathBuf),
    #[error("the erasure journal at {path} is damaged at byte {offset}: restore the newest copy of it")]
    Damaged { path: PathBuf, offset: u64 },
    #[error("cannot use the erasure journal at {path}: {source}")]
    Io { path: PathBuf, source: io::Error },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Erasure {
    pub(crate) project: ProjectId,
    pub(crate) who: Pseudonym,
    pub(crate) at: Timestamp,
}

/// The open journal.
#[derive(Debug)]
pub(crate) struct Erasures {
    path: PathBuf,
    file: File,
}

impl Erasures {
    /// Opens the journal, or begins one, and gives back what is in it.
    pub(crate) fn open(path: &Path) -> Result<(Self, Vec<Erasure>), ErasuresError> {
        let failed = |source| ErasuresError::Io { path: path.to_owned(), source };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let mut file = options.open(path).map_err(failed)?;
        let mut bytes = vec![];
        #[expect(clippy::disallowed_methods, reason = "capped by `take`")]
        (&file).take(MAX_BYTES).read_to_end(&mut bytes).map_err(failed)?;

        let header = [MAGIC.as_slice(), &VERSION.to_be_bytes()].concat();
        if bytes.len() < HEADER_BYTES && header.starts_with(&bytes) {
            file.seek(SeekFrom::Start(0)).map_err(failed)?;
            file.write_all(&header).and_then(|()| file.sync_all()).map_err(failed)?;
            sync_parent(path).map_err(failed)?;
            return Ok((Self { path: path.to_owned(), file }, vec![]));
        }
        let Some(content) = bytes.strip_prefix(header.as_slice()) else {
            return Err(ErasuresError::NotAJournal(path.to_owned()));
        };
        let mut entries = vec![];
        let mut chunks = content.chunks_exact(ENTRY_BYTES);
        for chunk in chunks.by_ref() {
            match decode(chunk) {
                Some(entry) => entries.push(entry),
                None => break,
            }
        }
        let good = HEADER_BYTES + entries.len() * ENTRY_BYTES;
        if bytes.len() > good + ENTRY_BYTES {
            return Err(ErasuresError::Damaged { path: path.to_owned(), offset: good as u64 });
        }
        file.set_len(good as u64).and_then(|()| file.sync_all()).map_err(failed)?;
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        Ok((Self { path: path.to_owned(), file }, entries))
    }

    /// Durable when it returns.
    pub(crate) fn append(&mut self, erasures: &[Erasure]) -> Result<(), ErasuresError> {
        let bytes: Vec<u8> = erasures.iter().flat_map(encode).collect();
        let end = self.file.seek(SeekFrom::End(0));
        let written = end.and_then(|end| {
            let written = self.file.write_all(&bytes).and_then(|()| self.file.sync_data());
            if written.is_err() {
                // What is half written must not stand in the way of the next entry.
                self.file.set_len(end)?;
            }
            written
        });
        written.map_err(|source| ErasuresError::Io { path: self.path.clone(), source })
    }
}

fn encode(erasure: &Erasure) -> [u8; ENTRY_BYTES] {
    let mut entry = [0; ENTRY_BYTES];
    entry[..4].copy_from_slice(&erasure.project.0.to_be_bytes());
    entry[4..20].copy_from_slice(&erasure.who.0);
    entry[20..28].copy_from_slice(&erasure.at.millis().to_be_bytes());
    let check = Sha256::digest(&entry[..CHECKED_BYTES]);
    entry[CHECKED_BYTES..].copy_from_slice(&check[..ENTRY_BYTES - CHECKED_BYTES]);
    entry
}

fn decode(entry: &[u8]) -> Option<Erasure> {
    let (project, rest) = entry.split_first_chunk()?;
    let (who, rest) = rest.split_first_chunk()?;
    let (at, check) = rest.split_first_chunk()?;
    if Sha256::digest(&entry[..CHECKED_BYTES])[..ENTRY_BYTES - CHECKED_BYTES] != *check {
        return None;
    }
    Some(Erasure {
        project: ProjectId(u32::from_be_bytes(*project)),
        who: Pseudonym(*who),
        at: Timestamp::from_millis(i64::from_be_bytes(*at)),
    })
}

fn sync_parent(path: &Path) -> io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(parent)?.sync_all()
}

#[cfg(test)]
mod tests;
