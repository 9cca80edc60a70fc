//! The ledger as its server holds it: one process writes, any number read.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::blob::{self, BlobError, BlobHash};
use crate::checkpoint::Checkpoint;
use crate::commit::{AppendError, Committer, Journal, Queue, lock};
use crate::disk::{Disk, RealDisk};
use crate::hash::leaf_hash;
use crate::key::{Origin, Signer, VerifierKey};
use crate::layout;
use crate::leaf::MAX_LEAF_LENGTH;
use crate::pending::{GROUP_TARGET, SEGMENT_TARGET};
use crate::publish::{PublishError, Publisher};
use crate::read::{ReadError, Reader};
use crate::recover::{self, OpenError, Recovered, Recovery};

/// What may be set from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerSettings {
    /// How long after an append a checkpoint covers it, at most. Shorter costs more small files,
    /// longer leaves witnesses and readers behind; durability does not depend on it.
    pub publish_interval: Duration,
}

impl Default for LedgerSettings {
    /// Four times a second: a person who looks at the ledger sees their own read, and an idle disk stays idle.
    fn default() -> Self {
        Self { publish_interval: Duration::from_millis(250) }
    }
}

/// How a ledger is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Durable leaves.
    pub size: u64,
    /// Of these, leaves under the checkpoint.
    pub published: u64,
    /// The disk failed to confirm a write: no append will succeed until the ledger is opened again.
    pub failed: bool,
    /// Why the last publishing failed, if it did.
    pub publish_error: Option<String>,
}

/// A ledger open for writing. Closes itself on drop; [`Ledger::close`] also says whether that went well.
#[derive(Debug)]
pub struct Ledger {
    directory: PathBuf,
    disk: Arc<dyn Disk>,
    key: VerifierKey,
    recovered: Recovered,
    writer: Arc<Writer>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// Held for as long as this process may write.
    _lock: File,
}

/// What the threads share.
struct Writer {
    queue: Queue,
    journal: Arc<Journal>,
    publisher: Mutex<Publisher>,
    publish_error: Mutex<Option<String>>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("journal", &self.journal).finish_non_exhaustive()
    }
}

impl Ledger {
    /// Opens the ledger in `directory`, or makes a new one there. When it returns, a checkpoint covers every
    /// leaf whose append was ever confirmed.
    pub fn open(directory: &Path, signer: Signer, origin: Origin) -> Result<Self, OpenError> {
        Self::open_with(directory, signer, origin, LedgerSettings::default())
    }

    pub fn open_with(
        directory: &Path,
        signer: Signer,
        origin: Origin,
        settings: LedgerSettings,
    ) -> Result<Self, OpenError> {
        fs::create_dir_all(directory)?;
        let disk = Arc::new(RealDisk::new(directory));
        Self::open_on(directory, disk, signer, origin, settings, SEGMENT_TARGET)
    }

    pub(crate) fn open_on(
        directory: &Path,
        disk: Arc<dyn Disk>,
        signer: Signer,
        origin: Origin,
        settings: LedgerSettings,
        segment_target: u64,
    ) -> Result<Self, OpenError> {
        let lock = acquire(directory)?;
        prepare(directory, disk.as_ref())?;
        let key = signer.verifier_key(&origin);
        let recovery = recover::recover(directory, disk.as_ref(), &key)?;
        let Recovery { tiles, frontier, segments, tail, partials, report } = recovery;
        let journal = Arc::new(Journal::new(segments, frontier.size()));
        let mut committer = Committer {
            disk: Arc::clone(&disk),
            origin: origin.clone(),
            signer: signer.clone(),
            journal: Arc::clone(&journal),
            frontier,
            file: None,
            segment_target,
            failed: false,
        };
        for leaves in tail.chunks(GROUP_TARGET / MAX_LEAF_LENGTH) {
            committer.commit(leaves.iter().map(|leaf| (leaf.as_slice(), leaf_hash(leaf))))?;
        }
        let mut publisher = Publisher::new(
            directory.to_owned(),
            Arc::clone(&disk),
            (origin, signer),
            Arc::clone(&journal),
            tiles,
            partials,
        );
        publisher.publish()?;
        // The first checkpoint must be found wherever the first group is.
        disk.sync_directory("")?;
        let writer = Arc::new(Writer {
            queue: Queue::default(),
            journal,
            publisher: Mutex::new(publisher),
            publish_error: Mutex::default(),
        });
        let ledger = Self {
            directory: directory.to_owned(),
            disk,
            key,
            recovered: report,
            writer: Arc::clone(&writer),
            threads: Mutex::default(),
            _lock: lock,
        };
        let commit = {
            let writer = Arc::clone(&writer);
            thread::Builder::new().name("ledger-commit".into()).spawn(move || committer.run(&writer.queue))?
        };
        lock_threads(&ledger).push(commit);
        let publish = thread::Builder::new()
            .name("ledger-publish".into())
            .spawn(move || writer.publish_regularly(settings.publish_interval))?;
        lock_threads(&ledger).push(publish);
        Ok(ledger)
    }

    /// Appends a leaf and returns its index once it is durable. Threads that append at the same time
    /// share a sync.
    pub fn append(&self, leaf: Vec<u8>) -> Result<u64, AppendError> {
        let (sender, receiver) = mpsc::sync_channel(1);
        self.append_then(leaf, move |outcome| {
            // The receiver waits below; it cannot be gone.
            let _ = sender.send(outcome);
        })?;
        receiver.recv().unwrap_or(Err(AppendError::Failed))
    }

    /// The same without waiting: `done` is called from the writer's thread, so it must be quick.
    pub fn append_then(
        &self,
        leaf: Vec<u8>,
        done: impl FnOnce(Result<u64, AppendError>) + Send + 'static,
    ) -> Result<(), AppendError> {
        if leaf.len() > MAX_LEAF_LENGTH {
            return Err(AppendError::TooLong(leaf.len()));
        }
        for blob in blob::references(&leaf) {
            let stored = self.directory.join(layout::blob(&blob)).try_exists();
            if !stored.map_err(|error| AppendError::Write(Arc::new(error)))? {
                return Err(AppendError::MissingBlob(blob));
            }
        }
        self.writer.queue.push(leaf, Box::new(done))
    }

    /// Stores a blob. Durable when it returns; only then may a leaf name it, as [`BlobHash::reference`].
    pub fn put_blob(&self, bytes: &[u8]) -> Result<BlobHash, BlobError> {
        blob::put(&self.directory, self.disk.as_ref(), bytes)
    }

    /// Puts a checkpoint over all that is durable in place now, not after the interval.
    pub fn publish(&self) -> Result<Checkpoint, PublishError> {
        self.writer.publish()
    }

    /// A reader at the last published checkpoint.
    pub fn reader(&self) -> Result<Reader, ReadError> {
        Reader::open(&self.directory, &self.key)
    }

    /// What outsiders need to check this ledger.
    pub fn verifier_key(&self) -> &VerifierKey {
        &self.key
    }

    /// What the opening found.
    pub fn recovered(&self) -> Recovered {
        self.recovered
    }

    pub fn status(&self) -> Status {
        let (size, failed) = {
            let journal = self.writer.journal.lock();
            (journal.size, journal.failed)
        };
        let published = lock(&self.writer.publisher).checkpoint().map_or(0, |checkpoint| checkpoint.size);
        Status { size, published, failed, publish_error: lock(&self.writer.publish_error).clone() }
    }

    /// Writes what waits, publishes it, and takes no more. Closing again does nothing but publish.
    pub fn close(&self) -> Result<Checkpoint, PublishError> {
        self.writer.queue.close();
        self.writer.journal.update(|journal| journal.closing = true);
        for thread in lock_threads(self).drain(..) {
            // A panic in there was reported by its thread; what it left undone the next start takes up.
            let _ = thread.join();
        }
        lock(&self.writer.publisher).publish()
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        // Whoever wants to know calls `close`. What could not be published is durable all the same.
        let _ = self.close();
    }
}

impl Writer {
    fn publish(&self) -> Result<Checkpoint, PublishError> {
        let mut publisher = lock(&self.publisher);
        let outcome = publisher.publish().and_then(|checkpoint| publisher.retire().map(|()| checkpoint));
        *lock(&self.publish_error) = outcome.as_ref().err().map(ToString::to_string);
        outcome
    }

    fn publish_regularly(&self, interval: Duration) {
        let mut published = lock(&self.publisher).checkpoint().map_or(0, |checkpoint| checkpoint.size);
        loop {
            self.journal.wait_while(None, |journal| !journal.closing && journal.size == published);
            // Leaves that come within the interval share the checkpoint.
            self.journal.wait_while(Some(interval), |journal| !journal.closing);
            if self.journal.lock().closing {
                return;
            }
            // A failure is kept for `status`, and after the interval tried again.
            if let Ok(checkpoint) = self.publish() {
                published = checkpoint.size;
            }
        }
    }
}

fn lock_threads(ledger: &Ledger) -> std::sync::MutexGuard<'_, Vec<JoinHandle<()>>> {
    lock(&ledger.threads)
}

fn acquire(directory: &Path) -> Result<File, OpenError> {
    let file = File::create(directory.join(layout::LOCK_FILE))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::Locked),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Makes the directories and throws away what was under construction.
fn prepare(directory: &Path, disk: &dyn Disk) -> Result<(), OpenError> {
    for path in [layout::PENDING_DIRECTORY, layout::TEMPORARY_DIRECTORY] {
        disk.create_directories(path)?;
    }
    disk.sync_directory("")?;
    for entry in fs::read_dir(directory.join(layout::TEMPORARY_DIRECTORY))? {
        let name = entry?.file_name();
        disk.remove(&format!("{}/{}", layout::TEMPORARY_DIRECTORY, name.to_string_lossy()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
