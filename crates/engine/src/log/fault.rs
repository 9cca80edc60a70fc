use super::LogPosition;
use super::codec::{DecodeError, EncodeError};
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// Why an append was not answered. Nothing of it counts: the client should send it again. (If the
/// machine stops just then, its frame may still turn out to be whole; deduplication takes care.)
#[derive(Clone, Debug, thiserror::Error)]
pub enum AppendError {
    #[error("the log takes no more until what waits is written: send again later")]
    Overloaded,
    #[error("the disk is full: make room, the next append tries again")]
    Full,
    #[error("the disk is read-only: make it writable, the next append tries again")]
    ReadOnly,
    #[error("cannot {doing}: {source}")]
    Failed {
        doing: &'static str,
        #[source]
        source: Arc<io::Error>,
    },
    #[error(transparent)]
    Encode(#[from] EncodeError),
    #[error("the log is closed")]
    Closed,
}

impl AppendError {
    /// Names the cause of a failed step, the two that an operator can remove by name.
    pub(super) fn from_io(doing: &'static str, error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::WriteZero => {
                Self::Full
            }
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => Self::ReadOnly,
            _ => Self::Failed { doing, source: Arc::new(error) },
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("another process has the log at {} open", .0.display())]
    Locked(PathBuf),
    #[error("{} is of log format {version}: use the version of bulkhead that wrote it, or a later one", .file.display())]
    Version { file: PathBuf, version: u32 },
    #[error("cannot {doing} {}: {source}", .path.display())]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
}

#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Reading goes on behind it.
    #[error("damage in the log: {0}")]
    Damaged(Damage),
    /// The frame is as it was written, but this program cannot read it. Reading goes on behind it.
    #[error("cannot decode the frame that ends at {position}: {source}")]
    Undecodable { position: LogPosition, source: DecodeError },
    /// Nothing comes after it.
    #[error("cannot read {}: {source}", .file.display())]
    Io { file: PathBuf, source: io::Error },
}

/// Something that was answered and cannot be read any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    pub file: PathBuf,
    pub offset: u64,
    pub length: u64,
    pub kind: DamageKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DamageKind {
    /// The head of a segment: by itself it costs no frame.
    SegmentHeader,
    /// One frame or more, as no frame's head can be found here.
    Frames,
    /// The payload of exactly one frame.
    Payload,
    /// Bytes that should follow here and do not: the file is cut short, or the next ones are gone.
    Missing,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            DamageKind::SegmentHeader => "unreadable segment header",
            DamageKind::Frames => "unreadable frames",
            DamageKind::Payload => "one frame with an unreadable payload",
            DamageKind::Missing => "missing bytes",
        };
        write!(f, "{what} in {} at offset {}, {} bytes", self.file.display(), self.offset, self.length)
    }
}
