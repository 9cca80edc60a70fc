use crate::disk::Disk;
use crate::log::LogSettings;
use domain::ProjectId;
use domain::identity::IdentityMode;
use domain::time::Clock;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::Arc;

/// How the engine behaves. The defaults are right for one server of a few gigabytes of memory.
#[derive(Clone, Debug)]
pub struct EngineSettings {
    /// Everything is in here.
    pub dir: PathBuf,
    pub log: LogSettings,
    /// A project with this much in memory is flushed to files.
    pub flush_bytes: usize,
    /// So is one whose oldest unwritten batch is this old: a restart then has little to take in.
    pub flush_after_ms: i64,
    /// With this much in memory, appends are refused until a flush is through.
    pub hot_bytes_limit: usize,
    pub maintenance: Maintenance,
}

/// Who flushes and compacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maintenance {
    /// Threads of the engine, as needed.
    Background,
    /// Nobody but [`Engine::flush`](super::Engine::flush) and [`Engine::compact`](super::Engine::compact).
    Manual,
}

/// About 200,000 common events: files that are worth having, written in a second or two.
const DEFAULT_FLUSH_BYTES: usize = 64 << 20;

/// Ten minutes.
const DEFAULT_FLUSH_AFTER_MS: i64 = 600_000;

/// A few flushes' worth, for when files are written more slowly than events come.
const DEFAULT_HOT_BYTES_LIMIT: usize = 256 << 20;

impl EngineSettings {
    pub fn in_dir(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            log: LogSettings::default(),
            flush_bytes: DEFAULT_FLUSH_BYTES,
            flush_after_ms: DEFAULT_FLUSH_AFTER_MS,
            hot_bytes_limit: DEFAULT_HOT_BYTES_LIMIT,
            maintenance: Maintenance::Background,
        }
    }

    pub(crate) fn log_dir(&self) -> PathBuf {
        log_dir(&self.dir)
    }
}

/// Where the log of an engine is.
pub(crate) fn log_dir(dir: &std::path::Path) -> PathBuf {
    dir.join("log")
}

/// What the engine takes from outside.
#[derive(Clone, Debug)]
pub struct EngineComponents {
    pub clock: Arc<dyn Clock>,
    pub disk: Arc<dyn Disk>,
}

/// A project, as the engine needs to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectDefinition {
    pub id: ProjectId,
    pub identity_mode: IdentityMode,
}
