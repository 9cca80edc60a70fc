//! Sealed records on their way to the vault: the latest from memory, older ones from the log.

use crate::log::{Frames, LogPosition, ReadError};
use domain::ProjectId;
use domain::sealed::SealedRecord;
use std::collections::VecDeque;

/// What is kept in memory at most: the vault is normally less than a second behind.
const MAX_BYTES: usize = 8 << 20;

type SealedBatch = (LogPosition, ProjectId, Vec<SealedRecord>);

#[derive(Debug, Default)]
pub(super) struct SealedQueue {
    /// All sealed records after this position, up to what was applied, are in the queue.
    start: LogPosition,
    batches: VecDeque<SealedBatch>,
    bytes: usize,
    /// The vault has everything up to here. `None`: it did not say yet.
    consumed: Option<LogPosition>,
}

impl SealedQueue {
    /// The queue holds what is appended from here on.
    pub(super) fn start_after(&mut self, position: LogPosition) {
        self.start = position;
    }

    pub(super) fn push(&mut self, position: LogPosition, project: ProjectId, records: Vec<SealedRecord>) {
        if records.is_empty() {
            return;
        }
        self.bytes += size(&records);
        self.batches.push_back((position, project, records));
        while self.bytes > MAX_BYTES {
            self.drop_first();
        }
    }

    fn drop_first(&mut self) {
        if let Some((position, _, records)) = self.batches.pop_front() {
            self.bytes -= size(&records);
            self.start = position;
        }
    }

    /// `None`: they have to be read from the log.
    pub(super) fn after(&self, position: LogPosition, limit: usize) -> Option<Vec<SealedBatch>> {
        if position < self.start {
            return None;
        }
        let from = self.batches.partition_point(|(end, ..)| *end <= position);
        Some(self.batches.iter().skip(from).take(limit).cloned().collect())
    }

    pub(super) fn start(&self) -> LogPosition {
        self.start
    }

    /// The log was read from `after` to its end and has nothing sealed; before that the queue
    /// began at `start`. Asking for what comes after a position also says that all before is taken.
    pub(super) fn nothing_between(&mut self, after: LogPosition, start: LogPosition) {
        if self.start == start && after < start {
            self.start = after;
            self.consumed(after);
        }
    }

    pub(super) fn consumed(&mut self, upto: LogPosition) {
        self.consumed = Some(self.consumed.map_or(upto, |before| before.max(upto)));
        while self.batches.front().is_some_and(|(position, ..)| *position <= upto) {
            self.drop_first();
        }
    }

    /// Up to here the log is not needed for the vault. Where all that was sealed is consumed, that
    /// is as far as was applied.
    pub(super) fn not_needed(&self, applied: LogPosition) -> LogPosition {
        match self.consumed {
            None => LogPosition::START,
            Some(upto) if upto >= self.start && self.batches.is_empty() => applied.max(upto),
            Some(upto) => upto,
        }
    }
}

fn size(records: &[SealedRecord]) -> usize {
    records.iter().map(|record| record.0.len() + 64).sum()
}

/// Reads on where the queue does not reach back. Damage is in the log's own report, and skipped.
pub(super) fn read(frames: Frames, limit: usize) -> Result<Vec<SealedBatch>, ReadError> {
    let mut batches = vec![];
    for frame in frames {
        match frame {
            Ok((_, batch)) if batch.sealed.is_empty() => {}
            Ok((position, batch)) => batches.push((position, batch.project, batch.sealed)),
            Err(error @ ReadError::Io { .. }) => return Err(error),
            Err(_) => {}
        }
        if batches.len() >= limit {
            break;
        }
    }
    Ok(batches)
}
