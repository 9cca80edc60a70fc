//! A segment: one file of the log.
//!
//! Name: the position of its first byte in 20 decimal digits and `.log`, so that names sort by position.
//! Position − start = offset in the file. Content: a header, then [frames](super::frame) without gaps.
//!
//! ```text
//! offset  bytes
//!      0      8  magic "BKLOGSEG"
//!      8      4  version of the format, 1
//!     12      8  start: position of the file's first byte; the same as in its name
//!     20      8  previous end: position up to which the earlier segments hold answered frames
//!     28      8  sequence number of its first frame
//!     36      4  CRC-32C of bytes 0..36
//!     40         frames
//! ```
//!
//! All integers are little-endian. The *previous end* is what makes a failure final: whatever a
//! crash, a full disk or a failed sync left behind it in an earlier segment was never answered and is
//! not read, even if it happens to be whole. And if an earlier segment ends before it, bytes are missing.

use super::LogPosition;

pub(super) const HEADER_LENGTH: u64 = 40;
const MAGIC: &[u8; 8] = b"BKLOGSEG";
const VERSION: u32 = 1;
const SUFFIX: &str = ".log";
const DIGITS: usize = 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SegmentHeader {
    pub(super) start: u64,
    pub(super) previous_end: u64,
    pub(super) first_sequence: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HeaderFault {
    Damaged,
    /// Whole, but written by a later version of this program.
    Version(u32),
}

impl SegmentHeader {
    pub(super) fn to_bytes(self) -> [u8; HEADER_LENGTH as usize] {
        let mut bytes = [0; HEADER_LENGTH as usize];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
        bytes[12..20].copy_from_slice(&self.start.to_le_bytes());
        bytes[20..28].copy_from_slice(&self.previous_end.to_le_bytes());
        bytes[28..36].copy_from_slice(&self.first_sequence.to_le_bytes());
        let checksum = crc32c::crc32c(&bytes[..36]);
        bytes[36..].copy_from_slice(&checksum.to_le_bytes());
        bytes
    }

    /// `start` is what the file's name says.
    pub(super) fn parse(bytes: &[u8], start: u64) -> Result<Self, HeaderFault> {
        let Some(bytes) = bytes.first_chunk::<{ HEADER_LENGTH as usize }>() else {
            return Err(HeaderFault::Damaged);
        };
        let u32_at = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        let u64_at = |at: usize| u64::from(u32_at(at)) | u64::from(u32_at(at + 4)) << 32;
        if &bytes[..8] != MAGIC || u32_at(36) != crc32c::crc32c(&bytes[..36]) {
            return Err(HeaderFault::Damaged);
        }
        if u32_at(8) != VERSION {
            return Err(HeaderFault::Version(u32_at(8)));
        }
        let header = Self { start: u64_at(12), previous_end: u64_at(20), first_sequence: u64_at(28) };
        if header.start == start { Ok(header) } else { Err(HeaderFault::Damaged) }
    }
}

pub(super) fn file_name(start: u64) -> String {
    format!("{start:020}{SUFFIX}")
}

/// The start that a file's name tells, if it is a segment's name.
pub(super) fn parse_file_name(name: &str) -> Option<u64> {
    let digits = name.strip_suffix(SUFFIX)?;
    if digits.len() != DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

pub(super) fn first_frame(start: u64) -> LogPosition {
    LogPosition(start + HEADER_LENGTH)
}
