use super::fault::{Damage, DamageKind, ReadError};
use super::scan::{Found, Scanner};
use super::segment::HEADER_LENGTH;
use super::table::{SegmentExtent, SegmentTable};
use super::{LogPosition, codec};
use domain::Batch;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// Frames of the log in order, each with the position of its end. Damage is an item too, and the
/// frames behind it follow.
#[derive(Debug)]
pub struct Frames {
    table: Arc<SegmentTable>,
    after: u64,
    /// Bytes that should be there, and lie before the first segment.
    gone: Option<Damage>,
    segments: std::vec::IntoIter<SegmentExtent>,
    current: Option<(SegmentExtent, Scanner)>,
}

impl Frames {
    /// Frames that end after `position`, up to the end of the log at this moment.
    pub(super) fn new(table: Arc<SegmentTable>, LogPosition(after): LogPosition) -> Self {
        let mut segments = table.segments();
        let gone = segments.first().filter(|first| after < first.previous_end).map(|first| Damage {
            file: table.path(first.start),
            offset: 0,
            length: first.previous_end - after,
            kind: DamageKind::Missing,
        });
        segments.retain(|segment| segment.end > after);
        Self { table, after, gone, segments: segments.into_iter(), current: None }
    }

    fn open(&self, segment: SegmentExtent) -> io::Result<Scanner> {
        let file = self.table.disk.open_read(&self.table.path(segment.start))?;
        let offset = self.after.saturating_sub(segment.start).max(HEADER_LENGTH);
        Scanner::new(file, segment.start, offset, Some(segment.end - segment.start))
    }

    /// Nothing comes after an error of the disk.
    fn fail(&mut self, file: PathBuf, source: io::Error) -> Option<Result<(LogPosition, Batch), ReadError>> {
        self.current = None;
        self.segments = Vec::new().into_iter();
        Some(Err(ReadError::Io { file, source }))
    }
}

impl Iterator for Frames {
    type Item = Result<(LogPosition, Batch), ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(damage) = self.gone.take() {
            return Some(Err(ReadError::Damaged(damage)));
        }
        loop {
            let Some((segment, scanner)) = &mut self.current else {
                let segment = self.segments.next()?;
                match self.open(segment) {
                    Ok(scanner) => self.current = Some((segment, scanner)),
                    Err(error) => return self.fail(self.table.path(segment.start), error),
                }
                continue;
            };
            let file = self.table.path(segment.start);
            match scanner.next() {
                Ok(Some(Found::Frame { offset, header, payload })) => {
                    let position = LogPosition(segment.start + offset + header.frame_length());
                    return Some(match codec::decode(payload) {
                        Ok(batch) => Ok((position, batch)),
                        Err(source) => Err(ReadError::Undecodable { position, source }),
                    });
                }
                Ok(Some(Found::Bad { offset, length, kind })) => {
                    return Some(Err(ReadError::Damaged(Damage { file, offset, length, kind })));
                }
                Ok(None) => self.current = None,
                Err(error) => return self.fail(file, error),
            }
        }
    }
}
