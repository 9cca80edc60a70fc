//! What can go wrong with the whole.

use crate::log;
use domain::ProjectId;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("cannot make {}: {source}", .dir.display())]
    Directory { dir: PathBuf, source: io::Error },
    #[error("cannot read {}: {what}", .file.display())]
    Catalogue { file: PathBuf, what: String },
    #[error(transparent)]
    Log(#[from] log::OpenError),
    #[error("cannot take in the log: {0}")]
    Replay(log::ReadError),
    #[error("cannot start a thread: {0}")]
    Thread(#[source] io::Error),
}

/// Why a batch was not taken. Nothing of it counts: send it again.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AppendError {
    #[error("too much waits to be written: send again in {retry_after_s} s")]
    Overloaded { retry_after_s: u32 },
    #[error("the disk is full: make room, the next append tries again")]
    Full,
    #[error("the disk is read-only: make it writable, the next append tries again")]
    ReadOnly,
    #[error("project {0} is not defined")]
    UnknownProject(ProjectId),
    #[error("project {project} is not available: {why}")]
    Unavailable { project: ProjectId, why: String },
    #[error(transparent)]
    Failed(log::AppendError),
}

impl From<log::AppendError> for AppendError {
    fn from(error: log::AppendError) -> Self {
        match error {
            log::AppendError::Overloaded => Self::Overloaded { retry_after_s: 1 },
            log::AppendError::Full => Self::Full,
            log::AppendError::ReadOnly => Self::ReadOnly,
            other => Self::Failed(other),
        }
    }
}

#[derive(Clone, Debug, thiserror::Error)]
pub enum DefineError {
    #[error("project {0} has the other identity mode, which is fixed once it is defined")]
    OtherMode(ProjectId),
    #[error("cannot write the list of projects: {0}")]
    Disk(Arc<io::Error>),
}

impl From<io::Error> for DefineError {
    fn from(error: io::Error) -> Self {
        Self::Disk(Arc::new(error))
    }
}

/// Something could not be written to files. The log still has it.
#[derive(Clone, Debug, thiserror::Error)]
#[error("project {project}: cannot write its files: {why}")]
pub struct ShutdownError {
    pub project: ProjectId,
    pub why: String,
}

impl ShutdownError {
    pub(super) fn new(project: ProjectId, why: &dyn std::fmt::Display) -> Self {
        Self { project, why: why.to_string() }
    }
}
