//! The durable log: what was answered with a 2xx is in here, in the order of its application.
//!
//! Constraints:
//!
//! * An append is answered only after its frame was synced and its batch applied: a crash at any
//!   moment loses nothing that was answered and invents nothing.
//! * Many waiting appends cost one write and one sync (group commit). Batches are encoded on the
//!   threads that bring them; one thread writes.
//! * What waits is bounded in number and bytes. Past that, an append is refused, not queued.
//! * Every byte is covered by a checksum that also covers its place. Damage is named by file,
//!   offset and length, and reading goes on behind it.
//! * Opening changes nothing: no file is truncated or rewritten, so a read-only disk will do, and
//!   whatever a later look could still save is there. A segment's header says where the content of
//!   the one before ends; torn bytes behind that are ignored for good.
//! * After a failed write or sync the segment is given up, as its unsynced part may or may not be on
//!   disk whatever a later sync says; the next append begins a new one. Nothing else is needed to
//!   recover once there is room again.
//!
//! The formats: [`segment`] (files), [`frame`] (what is in them), [`codec`] (a batch as bytes).

pub mod codec;
mod fault;
mod frame;
mod position;
mod queue;
mod reader;
mod recover;
mod scan;
mod segment;
mod table;
mod writer;

pub use fault::{AppendError, Damage, DamageKind, OpenError, ReadError};
pub use position::LogPosition;
pub use queue::{Answers, Appended, Applier, Health};
pub use reader::Frames;
pub use recover::{Recovered, TornTail, check};

use crate::disk::Disk;
use domain::Batch;
use queue::Queue;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use table::SegmentTable;
use writer::Writer;

/// How the log behaves. The defaults are right for one server.
#[derive(Clone, Debug)]
pub struct LogSettings {
    /// A segment that has reached this size is followed by a new one.
    pub segment_bytes: u64,
    /// Appends that may wait for the disk or their application, in number …
    pub waiting_appends: usize,
    /// … and in encoded bytes, before compression.
    pub waiting_bytes: usize,
    /// Positions begin here at the least. The store hands in how far it has taken the log, so that
    /// no position is given out twice even if the log's directory was lost.
    pub not_before: LogPosition,
}

/// Small enough that dropping whole segments keeps the log short, large enough that starting one
/// (two syncs) is lost among the hundreds of group commits between.
pub const DEFAULT_SEGMENT_BYTES: u64 = 64 << 20;

/// More clients than one server has connections.
pub const DEFAULT_WAITING_APPENDS: usize = 4096;

/// About a second of a disk that writes 64 MB/s; the batches themselves take a few times as much memory.
pub const DEFAULT_WAITING_BYTES: usize = 64 << 20;

impl Default for LogSettings {
    fn default() -> Self {
        Self {
            segment_bytes: DEFAULT_SEGMENT_BYTES,
            waiting_appends: DEFAULT_WAITING_APPENDS,
            waiting_bytes: DEFAULT_WAITING_BYTES,
            not_before: LogPosition::START,
        }
    }
}

/// A log that was opened and checked, before anything is appended: replay it with
/// [`IdleLog::read_from`], then [`IdleLog::start`] it.
#[derive(Debug)]
pub struct IdleLog {
    segments: Arc<SegmentTable>,
    writer: Writer,
    settings: LogSettings,
}

impl IdleLog {
    /// Every whole frame that ends after `position`, which is one that the log gave out, in order.
    pub fn read_from(&self, position: LogPosition) -> Frames {
        Frames::new(Arc::clone(&self.segments), position)
    }

    /// The end of the last frame.
    pub fn end(&self) -> LogPosition {
        self.segments.end()
    }

    /// Starts the thread that writes.
    pub fn start(self, applier: impl Applier + 'static) -> std::io::Result<Log> {
        let queue = Arc::new(Queue::new(&self.settings));
        let thread = queue::spawn_writer(Arc::clone(&queue), self.writer, Box::new(applier))?;
        Ok(Log { segments: self.segments, queue, thread: Mutex::new(Some(thread)) })
    }
}

/// The running log. Dropping it writes what waits, then stops.
#[derive(Debug)]
pub struct Log {
    segments: Arc<SegmentTable>,
    queue: Arc<Queue>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Log {
    /// Opens the log of a directory, or begins one, and checks every frame in it.
    ///
    /// Damage does not keep it from opening: it is in the report, and reading skips it.
    pub fn open(
        dir: &Path,
        settings: LogSettings,
        disk: Arc<dyn Disk>,
    ) -> Result<(IdleLog, Recovered), OpenError> {
        recover::open(dir, settings, disk)
    }

    /// Encodes the batch on this thread and hands it to the writer. The result resolves once the
    /// batch is on disk and applied.
    pub fn append(&self, batch: Batch) -> Result<Appended, AppendError> {
        self.queue.check_room()?;
        let encoded = codec::encode(&batch)?;
        self.queue.push(encoded, batch)
    }

    /// Every whole frame that ends after `position`, which is one that the log gave out (or
    /// [`Log::begin`], for all), in order, up to the end of the log at this moment.
    pub fn read_from(&self, position: LogPosition) -> Frames {
        Frames::new(Arc::clone(&self.segments), position)
    }

    /// Where reading can begin: nothing before it is kept.
    pub fn begin(&self) -> LogPosition {
        self.segments.begin()
    }

    /// The end of the last answered frame.
    pub fn end(&self) -> LogPosition {
        self.segments.end()
    }

    /// Bytes that the log's segments take.
    pub fn size(&self) -> u64 {
        self.segments.size()
    }

    /// Removes the segments that hold nothing after `position`. Positions are not reused, even if
    /// all goes: the last segment is then followed by an empty one first. Blocks.
    pub fn truncate_before(&self, position: LogPosition) -> Result<(), AppendError> {
        self.queue.truncate_before(position)
    }

    /// Tries to get a failing log going again without waiting for the next append. Blocks.
    pub fn probe(&self) -> Result<(), AppendError> {
        self.queue.probe()
    }

    pub fn health(&self) -> Health {
        self.queue.health()
    }

    /// Writes and applies what waits, then stops: later appends are refused. Blocks.
    pub fn close(&self) {
        self.queue.close();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the log's writer had stopped on a panic");
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.close();
    }
}

/// The lock that keeps a second process from writing to the same log.
fn lock_path(dir: &Path) -> PathBuf {
    dir.join("LOCK")
}

#[cfg(test)]
mod tests;
