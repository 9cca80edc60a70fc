//! Group commit: many threads append, one writes. All leaves that wait while a sync is under way
//! go into the next group and share the next sync.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::blob::BlobHash;
use crate::disk::{AppendFile, Disk};
use crate::hash::{Hash, leaf_hash};
use crate::key::{Origin, Signer};
use crate::layout;
use crate::leaf::{MAX_LEAF_LENGTH, encode_entry};
use crate::pending::{self, GROUP_TARGET};
use crate::tree::Frontier;

/// What may wait for the disk: a second of a slow one. Beyond it the caller must hold back.
const MAX_QUEUED_BYTES: usize = 64 * 1024 * 1024;

#[derive(Debug, Clone, thiserror::Error)]
pub enum AppendError {
    #[error("the leaf has {0} bytes; the most is {MAX_LEAF_LENGTH}")]
    TooLong(usize),
    #[error("the leaf names blob {0}, which is not stored: put the blob first")]
    MissingBlob(BlobHash),
    #[error("too many leaves wait for the disk; try again")]
    Overloaded,
    #[error("the ledger is closed")]
    Closed,
    /// Nothing was kept; a later append may succeed.
    #[error("could not write the leaf; it is not in the ledger")]
    Write(#[source] Arc<io::Error>),
    /// The leaf may or may not come back at the next start.
    #[error("the disk did not confirm the leaf; the ledger takes no more until it is opened again")]
    Failed,
}

type Done = Box<dyn FnOnce(Result<u64, AppendError>) + Send>;

/// A leaf on its way, and who waits for it.
pub(crate) struct Job {
    leaf: Vec<u8>,
    hash: Hash,
    done: Done,
}

/// Leaves that wait for the writer.
#[derive(Default)]
pub(crate) struct Queue {
    state: Mutex<QueueState>,
    changed: Condvar,
}

#[derive(Default)]
struct QueueState {
    jobs: VecDeque<Job>,
    bytes: usize,
    closed: bool,
}

impl Queue {
    /// Calls `done` from the writer's thread once the leaf is durable or refused.
    pub(crate) fn push(&self, leaf: Vec<u8>, done: Done) -> Result<(), AppendError> {
        let hash = leaf_hash(&leaf);
        let mut state = lock(&self.state);
        if state.closed {
            return Err(AppendError::Closed);
        }
        if state.bytes + leaf.len() > MAX_QUEUED_BYTES {
            return Err(AppendError::Overloaded);
        }
        state.bytes += leaf.len();
        state.jobs.push_back(Job { leaf, hash, done });
        self.changed.notify_one();
        Ok(())
    }

    /// No more leaves are taken; those that wait are still written.
    pub(crate) fn close(&self) {
        lock(&self.state).closed = true;
        self.changed.notify_all();
    }

    /// Waits for leaves; empty when there will be no more.
    fn take_group(&self) -> Vec<Job> {
        let waiting = |state: &mut QueueState| state.jobs.is_empty() && !state.closed;
        let state = self.changed.wait_while(lock(&self.state), waiting);
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        let (mut group, mut bytes) = (Vec::new(), 0);
        while bytes < GROUP_TARGET
            && let Some(job) = state.jobs.pop_front()
        {
            // Empty leaves take space, too: the two bytes of their length.
            bytes += 2 + job.leaf.len();
            state.bytes -= job.leaf.len();
            group.push(job);
        }
        group
    }
}

/// Nobody may wait for a writer that is gone: if it panics (a caller's `done` may), all who wait are told.
struct AbandonOnPanic<'a> {
    queue: &'a Queue,
    journal: Arc<Journal>,
}

impl Drop for AbandonOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.queue.close();
            self.journal.update(|journal| journal.failed = true);
            for job in std::mem::take(&mut lock(&self.queue.state).jobs) {
                // Dropping `done` wakes whoever waits on it; calling it might panic again.
                drop(job);
            }
        }
    }
}

/// A panic elsewhere leaves these states whole: each is changed in one step.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A segment of pending groups, as far as it is synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment {
    /// Index of the first leaf, and of the one after the last.
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// In bytes.
    pub(crate) length: u64,
}

/// What the writer has made durable; the publisher follows it.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    state: Mutex<JournalState>,
    changed: Condvar,
}

#[derive(Debug, Default)]
pub(crate) struct JournalState {
    /// Ascending; only the last one grows.
    pub(crate) segments: Vec<Segment>,
    pub(crate) size: u64,
    pub(crate) failed: bool,
    pub(crate) closing: bool,
}

impl Journal {
    pub(crate) fn new(segments: Vec<Segment>, size: u64) -> Self {
        Self {
            state: Mutex::new(JournalState { segments, size, ..Default::default() }),
            changed: Condvar::new(),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, JournalState> {
        lock(&self.state)
    }

    pub(crate) fn update(&self, change: impl FnOnce(&mut JournalState)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    /// Waits while `condition` holds, at most `timeout` if there is one.
    pub(crate) fn wait_while(
        &self,
        timeout: Option<std::time::Duration>,
        condition: impl Fn(&JournalState) -> bool,
    ) {
        let state = self.lock();
        match timeout {
            Some(timeout) => drop(self.changed.wait_timeout_while(state, timeout, |state| condition(state))),
            None => drop(self.changed.wait_while(state, |state| condition(state))),
        }
    }
}

/// The one who writes.
#[derive(Debug)]
pub(crate) struct Committer {
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) origin: Origin,
    pub(crate) signer: Signer,
    pub(crate) journal: Arc<Journal>,
    /// The tree of all that is durable.
    pub(crate) frontier: Frontier,
    /// The segment that grows; none before the first group.
    pub(crate) file: Option<(Segment, Box<dyn AppendFile>)>,
    /// When the next segment begins.
    pub(crate) segment_target: u64,
    pub(crate) failed: bool,
}

impl Committer {
    pub(crate) fn run(mut self, queue: &Queue) {
        let _abandon = AbandonOnPanic { queue, journal: Arc::clone(&self.journal) };
        loop {
            let jobs = queue.take_group();
            if jobs.is_empty() {
                return;
            }
            let outcome = self.commit(jobs.iter().map(|job| (job.leaf.as_slice(), job.hash)));
            for (place, job) in (0_u64..).zip(jobs) {
                (job.done)(outcome.clone().map(|first| first + place));
            }
        }
    }

    /// Makes a group durable and returns the index of its first leaf.
    pub(crate) fn commit<'a>(
        &mut self,
        leaves: impl Iterator<Item = (&'a [u8], Hash)>,
    ) -> Result<u64, AppendError> {
        if self.failed {
            return Err(AppendError::Failed);
        }
        let first = self.frontier.size();
        let mut next = self.frontier.clone();
        let mut entries = Vec::new();
        for (leaf, hash) in leaves {
            encode_entry(leaf, &mut entries);
            next.push(hash);
        }
        let count = u32::try_from(next.size() - first).expect("a group stops growing at its target");
        let group = pending::encode(first, count, &entries, next.root(), &self.origin, &self.signer);
        let segment = self.write(&group, next.size())?;
        self.frontier = next;
        self.journal.update(|journal| {
            journal.size = segment.end;
            match journal.segments.last_mut() {
                Some(last) if last.start == segment.start => *last = segment,
                _ => journal.segments.push(segment),
            }
        });
        Ok(first)
    }

    fn write(&mut self, group: &[u8], end: u64) -> Result<Segment, AppendError> {
        let full = self.file.as_ref().is_none_or(|(segment, _)| segment.length >= self.segment_target);
        if full {
            let opened = self.start_segment();
            self.file = Some(opened?);
        }
        let (segment, file) = self.file.as_mut().expect("opened above");
        if let Err(error) = file.write(group) {
            // What did get written must not stand before the next group.
            if self.disk.truncate(&layout::pending(segment.start), segment.length).is_err() {
                return Err(self.fail());
            }
            return Err(AppendError::Write(Arc::new(error)));
        }
        if file.sync().is_err() {
            // After a failed sync nobody knows what the disk holds, and a second one may falsely succeed.
            return Err(self.fail());
        }
        segment.end = end;
        segment.length += group.len() as u64;
        Ok(*segment)
    }

    fn start_segment(&mut self) -> Result<(Segment, Box<dyn AppendFile>), AppendError> {
        let start = self.frontier.size();
        let path = layout::pending(start);
        let file = self.disk.append(&path).map_err(|error| AppendError::Write(Arc::new(error)))?;
        if self.disk.sync_directory(layout::PENDING_DIRECTORY).is_err() {
            return Err(self.fail());
        }
        Ok((Segment { start, end: start, length: 0 }, file))
    }

    fn fail(&mut self) -> AppendError {
        self.failed = true;
        self.journal.update(|journal| journal.failed = true);
        AppendError::Failed
    }
}

#[cfg(test)]
mod tests;
