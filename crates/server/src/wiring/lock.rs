use std::fs::{File, TryLockError};
use std::path::Path;

/// Holds a data directory for one server at a time; given back by the system when the process ends, however it ends.
#[derive(Debug)]
pub struct DataDirLock(#[expect(dead_code, reason = "the lock lives as long as the open file")] File);

#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error("another bulkhead server runs on {0}; stop it first, or give this one its own --data-dir")]
    Held(String),
    #[error("cannot lock {path}: {source}")]
    Io { path: String, source: std::io::Error },
}

impl DataDirLock {
    pub fn take(data_dir: &Path) -> Result<Self, LockError> {
        let path = data_dir.join("lock");
        let io = |source| LockError::Io { path: path.display().to_string(), source };
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(LockError::Held(data_dir.display().to_string())),
            Err(TryLockError::Error(source)) => Err(io(source)),
        }
    }
}
