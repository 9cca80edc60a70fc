use super::fault::DamageKind;
use super::frame::{self, FrameHeader};
use crate::disk::DiskFile;
use std::io;

/// Read at once: a few calls per segment, and little beside the frames themselves.
const READ_AHEAD: usize = 1 << 20;

/// Walks through the frames of one segment, and over what is not one.
#[derive(Debug)]
pub(super) struct Scanner {
    file: Box<dyn DiskFile>,
    /// Position of the file's first byte.
    start: u64,
    offset: u64,
    /// Where the content should end …
    limit: u64,
    /// … and where it can: the file may be shorter.
    readable: u64,
    window: Vec<u8>,
    window_offset: u64,
}

#[derive(Debug)]
pub(super) enum Found<'a> {
    Frame { offset: u64, header: FrameHeader, payload: &'a [u8] },
    Bad { offset: u64, length: u64, kind: DamageKind },
}

impl Scanner {
    /// Begins at `offset`. Without a limit, the content ends where the file does.
    pub(super) fn new(
        file: Box<dyn DiskFile>,
        start: u64,
        offset: u64,
        limit: Option<u64>,
    ) -> io::Result<Self> {
        let length = file.length()?;
        let limit = limit.unwrap_or(length);
        let readable = limit.min(length);
        Ok(Self { file, start, offset, limit, readable, window: Vec::new(), window_offset: 0 })
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Found<'_>>> {
        let offset = self.offset;
        if offset >= self.readable {
            return Ok(self.missing());
        }
        let position = self.start + offset;
        let Some(header) = FrameHeader::parse(self.bytes(offset, frame::HEADER_LENGTH)?, position) else {
            self.offset = self.find_header(offset + 1)?;
            return Ok(Some(Found::Bad { offset, length: self.offset - offset, kind: DamageKind::Frames }));
        };
        let end = offset + header.frame_length();
        if end > self.readable {
            self.offset = self.readable;
            return Ok(Some(Found::Bad {
                offset,
                length: self.readable - offset,
                kind: DamageKind::Payload,
            }));
        }
        self.offset = end;
        let payload = self.bytes(offset + frame::HEADER_LENGTH as u64, header.length as usize)?;
        Ok(Some(if header.fits(payload) {
            Found::Frame { offset, header, payload }
        } else {
            Found::Bad { offset, length: end - offset, kind: DamageKind::Payload }
        }))
    }

    fn missing(&mut self) -> Option<Found<'static>> {
        let offset = self.offset.max(self.readable);
        if offset >= self.limit {
            return None;
        }
        self.offset = self.limit;
        Some(Found::Bad { offset, length: self.limit - offset, kind: DamageKind::Missing })
    }

    /// Where the next header is that is valid at its place, or the end.
    fn find_header(&mut self, mut from: u64) -> io::Result<u64> {
        let start = self.start;
        while from < self.readable {
            let bytes = self.bytes(from, READ_AHEAD)?;
            let candidates =
                bytes.windows(frame::MAGIC.len()).enumerate().filter(|(_, four)| four == frame::MAGIC);
            for (at, _) in candidates {
                let place = from + at as u64;
                if FrameHeader::parse(&bytes[at..], start + place).is_some() {
                    return Ok(place);
                }
            }
            // A header may lie across the end of what was looked at.
            let passed = (bytes.len() + 1).saturating_sub(frame::HEADER_LENGTH).max(1);
            from += passed as u64;
        }
        Ok(self.readable)
    }

    /// Up to `wanted` bytes from `offset` on, fewer only where the content ends.
    fn bytes(&mut self, offset: u64, wanted: usize) -> io::Result<&[u8]> {
        let available = self.readable.saturating_sub(offset);
        let wanted = available.min(wanted as u64) as usize;
        let window_end = self.window_offset + self.window.len() as u64;
        if offset < self.window_offset || offset + wanted as u64 > window_end {
            if (self.window_offset..window_end).contains(&offset) {
                self.window.drain(..(offset - self.window_offset) as usize);
            } else {
                self.window.clear();
            }
            self.window_offset = offset;
            let kept = self.window.len();
            self.window.resize(available.min(wanted.max(READ_AHEAD) as u64) as usize, 0);
            let read = self.file.read_up_to(&mut self.window[kept..], offset + kept as u64)?;
            self.window.truncate(kept + read);
        }
        let from = (offset - self.window_offset) as usize;
        Ok(&self.window[from..self.window.len().min(from + wanted)])
    }
}
