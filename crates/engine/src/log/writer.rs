use super::fault::AppendError;
use super::frame::FrameHeader;
use super::segment::{self, HEADER_LENGTH, SegmentHeader};
use super::table::{SegmentExtent, SegmentTable};
use super::{LogPosition, lock_path};
use crate::disk::{DiskFile, DiskLock};
use std::io;
use std::sync::Arc;

/// Memory that the writer keeps between groups.
const KEPT_BUFFER: usize = 1 << 20;

/// Writes groups of frames; the only one who changes the log's files. Knows nothing of threads.
#[derive(Debug)]
pub(super) struct Writer {
    table: Arc<SegmentTable>,
    lock: Option<Box<dyn DiskLock>>,
    segment_bytes: u64,
    /// `None`: the next write begins a segment. So it is after opening and after every failure.
    active: Option<Active>,
    /// Where the next segment begins: behind every byte that was ever written, answered or not.
    next_start: u64,
    /// Where the answered frames of all segments end.
    settled_end: u64,
    next_sequence: u64,
    buffer: Vec<u8>,
}

#[derive(Debug)]
struct Active {
    file: Arc<dyn DiskFile>,
    start: u64,
    /// Position where its answered frames end.
    end: u64,
}

impl Writer {
    pub(super) fn new(
        table: Arc<SegmentTable>,
        lock: Option<Box<dyn DiskLock>>,
        segment_bytes: u64,
        next_start: u64,
        settled_end: u64,
        next_sequence: u64,
    ) -> Self {
        Self {
            table,
            lock,
            segment_bytes,
            active: None,
            next_start,
            settled_end,
            next_sequence,
            buffer: Vec::new(),
        }
    }

    /// Makes these payloads durable, all or none, and returns where their frames end.
    pub(super) fn commit<'a>(
        &mut self,
        payloads: impl Iterator<Item = &'a [u8]>,
    ) -> Result<Vec<LogPosition>, AppendError> {
        let (file, group_start) = self.writable_segment()?;
        self.buffer.clear();
        self.buffer.shrink_to(KEPT_BUFFER);
        let mut ends = Vec::new();
        for payload in payloads {
            let header = FrameHeader {
                length: payload.len() as u32,
                sequence: self.next_sequence + ends.len() as u64,
                group_offset: self.buffer.len() as u32,
                payload_checksum: crc32c::crc32c(payload),
            };
            self.buffer.extend_from_slice(&header.to_bytes(group_start + self.buffer.len() as u64));
            self.buffer.extend_from_slice(payload);
            ends.push(LogPosition(group_start + self.buffer.len() as u64));
        }
        if let Err(error) = file.append_all(&self.buffer) {
            self.give_up(group_start + self.buffer.len() as u64);
            return Err(AppendError::from_io("write to the log", error));
        }
        if let Err(error) = file.sync() {
            self.give_up(group_start + self.buffer.len() as u64);
            return Err(AppendError::from_io("sync the log", error));
        }
        self.settled_end = group_start + self.buffer.len() as u64;
        self.next_sequence += ends.len() as u64;
        self.table.extend(self.settled_end);
        if let Some(active) = &mut self.active {
            active.end = self.settled_end;
        }
        Ok(ends)
    }

    /// Sees to it that there is a segment that takes frames.
    pub(super) fn probe(&mut self) -> Result<(), AppendError> {
        self.writable_segment().map(|_| ())
    }

    /// Removes segments whose frames all end at `position` or before. The last one stays, or leaves
    /// an empty successor: its name is what keeps positions from being given out again.
    pub(super) fn truncate_before(&mut self, position: LogPosition) -> Result<(), AppendError> {
        let segments = self.table.segments();
        let holds_frames = |segment: &SegmentExtent| segment.end > segment::first_frame(segment.start).0;
        if segments.iter().all(|segment| segment.end <= position.0) && segments.iter().any(holds_frames) {
            self.end_segment();
            self.writable_segment()?;
        }
        let segments = self.table.segments();
        let Some(kept) = segments
            .iter()
            .find(|segment| segment.end > position.0)
            .or(segments.last())
            .map(|segment| segment.start)
        else {
            return Ok(());
        };
        self.remove_before(kept)
            .map_err(|error| AppendError::from_io("remove old segments of the log", error))
    }

    /// Removes the files of all segments, and of beginnings of some, that lie before the one at `kept`.
    fn remove_before(&mut self, kept: u64) -> io::Result<()> {
        let names = self.table.disk.list(&self.table.dir)?;
        let mut old: Vec<u64> = names
            .iter()
            .filter_map(|name| segment::parse_file_name(name))
            .filter(|&start| start < kept)
            .collect();
        old.sort_unstable();
        for start in old {
            // One by one, the oldest first: after a crash there must be no hole.
            self.table.disk.remove(&self.table.path(start))?;
            self.table.disk.sync_dir(&self.table.dir)?;
            self.table.forget_through(start);
        }
        Ok(())
    }

    /// The segment to write to and the position of its next frame.
    fn writable_segment(&mut self) -> Result<(Arc<dyn DiskFile>, u64), AppendError> {
        if self.active.as_ref().is_some_and(|active| active.end - active.start >= self.segment_bytes) {
            self.end_segment();
        }
        if let Some(active) = &self.active {
            return Ok((Arc::clone(&active.file), active.end));
        }
        self.begin_segment().map_err(|error| AppendError::from_io("begin a segment of the log", error))
    }

    fn begin_segment(&mut self) -> io::Result<(Arc<dyn DiskFile>, u64)> {
        if self.lock.is_none() {
            self.lock = Some(self.table.disk.lock(&lock_path(&self.table.dir))?);
        }
        let start = self.next_start;
        // Another attempt takes another name: what this one leaves behind may not be removable.
        self.next_start = segment::first_frame(start).0;
        let header =
            SegmentHeader { start, previous_end: self.settled_end, first_sequence: self.next_sequence };
        let path = self.table.path(start);
        let create = || {
            let file = self.table.disk.create(&path)?;
            file.append_all(&header.to_bytes())?;
            file.sync()?;
            self.table.disk.sync_dir(&self.table.dir)?;
            Ok(file)
        };
        let file: Arc<dyn DiskFile> = match create() {
            Ok(file) => Arc::from(file),
            Err(error) => {
                // If it stays, its start tells that it holds nothing.
                let _ = self.table.disk.remove(&path);
                return Err(error);
            }
        };
        let end = start + HEADER_LENGTH;
        self.table.add(SegmentExtent { start, previous_end: self.settled_end, end });
        self.active = Some(Active { file: Arc::clone(&file), start, end });
        Ok((file, end))
    }

    fn end_segment(&mut self) {
        if let Some(active) = self.active.take() {
            self.next_start = self.next_start.max(active.end);
        }
    }

    /// Leaves a segment to which writing failed, perhaps up to `written`: what is behind its answered
    /// frames is not to be trusted, whatever a later sync says. The next segment's header will state
    /// that; cutting it off here and now only saves room, and the trouble of seeing it again should
    /// the process restart before.
    fn give_up(&mut self, written: u64) {
        let Some(active) = self.active.take() else {
            return;
        };
        self.next_start = self.next_start.max(written);
        let holds_nothing = active.end == segment::first_frame(active.start).0;
        // The only one's name is all that keeps positions from being given out again.
        if holds_nothing && self.table.segments().len() > 1 {
            self.table.drop_last();
            let _ = self.table.disk.remove(&self.table.path(active.start));
        } else {
            let _ = active.file.truncate(active.end - active.start);
        }
    }
}
