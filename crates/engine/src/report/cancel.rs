//! Stopping a question that nobody waits for any more.

use super::ReportError;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Looked at before each block. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn check(&self) -> Result<(), ReportError> {
        if self.is_cancelled() { Err(ReportError::Cancelled) } else { Ok(()) }
    }
}
