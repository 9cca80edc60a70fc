use super::LogPosition;
use crate::disk::Disk;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the log consists of now: shared by the writer, which changes it, and the readers.
#[derive(Debug)]
pub(super) struct SegmentTable {
    pub(super) disk: Arc<dyn Disk>,
    pub(super) dir: PathBuf,
    content: Mutex<Content>,
}

#[derive(Debug)]
struct Content {
    /// By position; each ends no later than the next begins.
    segments: Vec<SegmentExtent>,
    end: u64,
}

/// A segment and how far it holds answered frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SegmentExtent {
    pub(super) start: u64,
    /// Where the earlier segments' answered frames end.
    pub(super) previous_end: u64,
    pub(super) end: u64,
}

impl SegmentTable {
    pub(super) fn new(disk: Arc<dyn Disk>, dir: PathBuf, segments: Vec<SegmentExtent>, end: u64) -> Self {
        Self { disk, dir, content: Mutex::new(Content { segments, end }) }
    }

    pub(super) fn path(&self, start: u64) -> PathBuf {
        self.dir.join(super::segment::file_name(start))
    }

    pub(super) fn end(&self) -> LogPosition {
        LogPosition(self.content().end)
    }

    pub(super) fn begin(&self) -> LogPosition {
        let content = self.content();
        LogPosition(content.segments.first().map_or(content.end, |first| first.previous_end))
    }

    pub(super) fn size(&self) -> u64 {
        self.content().segments.iter().map(|segment| segment.end - segment.start).sum()
    }

    pub(super) fn segments(&self) -> Vec<SegmentExtent> {
        self.content().segments.clone()
    }

    pub(super) fn add(&self, segment: SegmentExtent) {
        self.content().segments.push(segment);
    }

    /// The last segment now holds answered frames up to here.
    pub(super) fn extend(&self, end: u64) {
        let mut content = self.content();
        content.end = end;
        if let Some(last) = content.segments.last_mut() {
            last.end = end;
        }
    }

    /// Forgets the last segment, which holds nothing.
    pub(super) fn drop_last(&self) {
        self.content().segments.pop();
    }

    /// Forgets the segment that begins there and all before it.
    pub(super) fn forget_through(&self, start: u64) {
        self.content().segments.retain(|segment| segment.start > start);
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
