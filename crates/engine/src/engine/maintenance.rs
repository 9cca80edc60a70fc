//! Threads that write what is in memory to files, merge files, and shorten the log.

use super::{Maintenance, OpenError, ShutdownError, Store};
use crate::log::{Log, LogPosition};
use crate::store::slot::Slot;
use crate::store::{compact, flush};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Between two looks at what there is to do, if nobody calls: also the time after which something
/// that failed is tried again.
const TICK: Duration = Duration::from_secs(1);

/// Wakes the threads.
#[derive(Debug, Default)]
pub(super) struct Signal {
    calls: Mutex<u64>,
    changed: Condvar,
}

impl Signal {
    pub(super) fn wake(&self) {
        *self.calls.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.changed.notify_all();
    }

    /// Waits for a call after `seen`, a tick at most. Returns what was seen now.
    fn wait(&self, seen: u64) -> u64 {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let result = self.changed.wait_timeout_while(calls, TICK, |calls| *calls == seen);
        *result.unwrap_or_else(PoisonError::into_inner).0
    }
}

#[derive(Debug)]
pub(super) struct Workers {
    store: Arc<Store>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Workers {
    pub(super) fn start(
        store: &Arc<Store>,
        log: &Arc<Log>,
        applier: JoinHandle<()>,
    ) -> Result<Self, OpenError> {
        let mut threads = vec![applier];
        if store.settings.maintenance == Maintenance::Background {
            let (shared, log) = (store.clone(), log.clone());
            threads.push(spawn("flusher", move || shared.flush_as_needed(&log))?);
            let shared = store.clone();
            threads.push(spawn("compactor", move || shared.compact_as_needed())?);
        }
        Ok(Self { store: store.clone(), threads: Mutex::new(threads) })
    }

    pub(super) fn request_stop(&self) {
        self.store.stopping.store(true, Ordering::Release);
        self.store.signal.wake();
    }

    /// Waits for the threads to end. The log must be closed.
    pub(super) fn stop(&self) {
        self.request_stop();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a thread of the engine had stopped on a panic");
            }
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.request_stop();
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, OpenError> {
    std::thread::Builder::new().name(name.to_owned()).spawn(work).map_err(OpenError::Thread)
}

impl Store {
    fn flush_as_needed(&self, log: &Log) {
        let mut seen = 0;
        while !self.stopping.load(Ordering::Acquire) {
            seen = self.signal.wait(seen);
            let mut wrote = false;
            for slot in self.slots() {
                if self.wants_flush(&slot) {
                    wrote |= self.flush_slot(&slot).is_ok();
                }
            }
            if log.health().failure.is_some() {
                // Gets going again once the cause is gone, also if nobody appends; if not, health says so.
                let _ = log.probe();
            }
            if wrote || self.may_truncate(log) {
                self.truncate(log);
            }
        }
    }

    fn wants_flush(&self, slot: &Slot) -> bool {
        let state = slot.state();
        if state.is_clean() {
            return false;
        }
        let crowded = self.is_crowded();
        let age = self.clock.now().millis().saturating_sub(state.dirty_since.millis());
        crowded
            || state.hot_bytes() >= self.settings.flush_bytes
            || age >= self.settings.flush_after_ms
            || self.troubles.failed_flush(slot.id)
    }

    /// Many projects together may fill the memory before one of them is worth a file.
    pub(super) fn is_crowded(&self) -> bool {
        self.applied.hot_bytes() >= self.settings.hot_bytes_limit / 2
    }

    fn compact_as_needed(&self) {
        let mut seen = 0;
        while !self.stopping.load(Ordering::Acquire) {
            seen = self.signal.wait(seen);
            for slot in self.slots() {
                // Events that wait to be written come first.
                while !self.stopping.load(Ordering::Acquire) && !self.is_crowded() {
                    let result = compact::compact(&slot);
                    let failure = result.as_ref().err().map(ToString::to_string);
                    self.troubles.note_compaction(slot.id, failure);
                    if !matches!(result, Ok(true)) {
                        break;
                    }
                }
            }
        }
    }

    /// Flushes one project and notes how it went.
    pub(super) fn flush_slot(&self, slot: &Slot) -> Result<(), ShutdownError> {
        let result = flush::flush(slot);
        self.account(slot);
        self.troubles.note_flush(slot.id, result.as_ref().err().map(ToString::to_string));
        result.map(drop).map_err(|error| ShutdownError::new(slot.id, &error))
    }

    /// Flushes every project, however the others went.
    pub(super) fn flush_all(&self) -> Result<(), ShutdownError> {
        let mut result = Ok(());
        for slot in self.slots() {
            // What an earlier try left and what came since are two flushes.
            for _ in 0..2 {
                if !slot.state().is_clean()
                    && let Err(error) = self.flush_slot(&slot)
                {
                    result = Err(error);
                    break;
                }
            }
        }
        result
    }

    /// Cuts the log off behind what is in files and in the vault.
    pub(super) fn truncate(&self, log: &Log) {
        let result = self.try_truncate(log);
        self.troubles.note_truncation(result.err());
    }

    fn may_truncate(&self, log: &Log) -> bool {
        log.size() > self.settings.log.segment_bytes && self.truncation_point() > log.begin()
    }

    fn truncation_point(&self) -> LogPosition {
        let applied = self.applied.position();
        let complete = self.complete_to(applied);
        complete.min(self.sealed().not_needed(applied))
    }

    fn try_truncate(&self, log: &Log) -> Result<(), String> {
        let point = self.truncation_point();
        if point <= log.begin() {
            return Ok(());
        }
        let mut catalogue = self.catalogue();
        if point > catalogue.complete_to() {
            // First: a start after this must not look for what is gone.
            catalogue
                .set_complete_to(self.disk.as_ref(), &self.settings.dir, point)
                .map_err(|error| error.to_string())?;
        }
        drop(catalogue);
        log.truncate_before(point).map_err(|error| error.to_string())
    }
}
