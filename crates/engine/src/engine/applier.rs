//! Makes durable batches visible, in the order of the log, while the log writes the next group.

use super::{OpenError, Store};
use crate::log::{Answers, Applier, LogPosition};
use crate::store::slot::Slot;
use domain::Batch;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Groups that wait for the applier: one is enough for the two to overlap.
const GROUPS: usize = 1;

type Group = (Vec<(LogPosition, Batch)>, Answers);

/// How far the applier is, and what it holds in memory.
#[derive(Debug, Default)]
pub(super) struct Applied {
    position: AtomicU64,
    hot_bytes: AtomicUsize,
}

impl Applied {
    pub(super) fn starting_at(position: LogPosition) -> Self {
        Self { position: AtomicU64::new(position.0), hot_bytes: AtomicUsize::new(0) }
    }

    pub(super) fn position(&self) -> LogPosition {
        LogPosition(self.position.load(Ordering::Acquire))
    }

    /// About what is in memory because it is in no file yet, of all projects.
    pub(super) fn hot_bytes(&self) -> usize {
        self.hot_bytes.load(Ordering::Relaxed)
    }
}

/// Hands groups on to the thread.
#[derive(Debug)]
pub(super) struct Relay(SyncSender<Group>);

impl Applier for Relay {
    fn on_durable(&mut self, frames: Vec<(LogPosition, Batch)>, answers: Answers) {
        // Should the thread be gone, its answers are dropped, which those who wait see as an error.
        drop(self.0.send((frames, answers)));
    }
}

/// For the log, and the thread behind it, which ends when the log drops it.
pub(super) fn start(store: &Arc<Store>) -> Result<(Relay, JoinHandle<()>), OpenError> {
    let (sender, receiver) = sync_channel::<Group>(GROUPS);
    let store = store.clone();
    let thread = std::thread::Builder::new()
        .name("applier".to_owned())
        .spawn(move || {
            let _watch = Watch(store.clone());
            for (frames, answers) in receiver {
                for (position, mut batch) in frames {
                    let sealed = std::mem::take(&mut batch.sealed);
                    store.sealed().push(position, batch.project, sealed);
                    store.apply(position, &batch);
                }
                answers.release();
            }
        })
        .map_err(OpenError::Thread)?;
    Ok((Relay(sender), thread))
}

/// Says so should the applier end on a panic: nothing is answered from then on.
struct Watch(Arc<Store>);

impl Drop for Watch {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.troubles.complain_of_damage("the applier stopped on a panic: restart".to_owned());
        }
    }
}

impl Store {
    pub(super) fn apply(&self, position: LogPosition, batch: &Batch) {
        match self.slot(batch.project) {
            Ok(slot) => {
                let mut state = slot.state();
                // Batches up to the manifest's position are in files.
                if state.applied < position {
                    state.apply(position, batch);
                }
                drop(state);
                if self.account(&slot) >= self.settings.flush_bytes || self.is_crowded() {
                    self.signal.wake();
                }
            }
            Err(error) => self.troubles.note_unplaced(&error),
        }
        self.applied.position.fetch_max(position.0, Ordering::Release);
    }

    /// Brings the sum of what is in memory up to date. Returns the project's own share.
    pub(super) fn account(&self, slot: &Slot) -> usize {
        // Under the project's lock, so that two do not write their sums in the wrong order.
        let state = slot.state();
        let now = state.hot_bytes();
        let before = slot.hot_bytes.swap(now, Ordering::Relaxed);
        if now >= before {
            self.applied.hot_bytes.fetch_add(now - before, Ordering::Relaxed);
        } else {
            self.applied.hot_bytes.fetch_sub(before - now, Ordering::Relaxed);
        }
        now
    }
}
