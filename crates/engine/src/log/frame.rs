//! A frame: one batch in a segment.
//!
//! ```text
//! offset  bytes
//!      0      4  magic "BKFR"
//!      4      4  length of the payload
//!      8      8  sequence number: one more than that of the frame before, over all segments
//!     16      4  group offset: from the start of the group that this frame was written with to its own start
//!     20      4  CRC-32C of the payload
//!     24      4  CRC-32C of the frame's position (8 bytes, not stored) and bytes 0..24
//!     28         payload: see `codec`
//! ```
//!
//! All integers are little-endian.
//!
//! * The position in the checksum makes a frame valid at its own place only: neither a block that the
//!   disk returns from elsewhere nor bytes of a payload that look like a frame pass for one.
//! * The header has a checksum of its own, so that a damaged payload has a known end, and a search for
//!   the next header costs nothing per candidate.
//! * A group is written at once and synced before the next begins. So a frame proves that everything
//!   before its group was durable. That tells damage (a bad frame with such a proof behind it) from the
//!   torn end of a crash (a bad frame without), where nothing was answered.

pub(super) const HEADER_LENGTH: usize = 28;
pub(super) const MAGIC: &[u8; 4] = b"BKFR";

/// The largest payload: far above what the largest request body (10 MB) becomes, and small enough
/// to be held in memory while it is read.
pub(super) const MAX_PAYLOAD: usize = 128 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FrameHeader {
    pub(super) length: u32,
    pub(super) sequence: u64,
    pub(super) group_offset: u32,
    pub(super) payload_checksum: u32,
}

impl FrameHeader {
    pub(super) fn to_bytes(self, position: u64) -> [u8; HEADER_LENGTH] {
        let mut bytes = [0; HEADER_LENGTH];
        bytes[..4].copy_from_slice(MAGIC);
        bytes[4..8].copy_from_slice(&self.length.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.sequence.to_le_bytes());
        bytes[16..20].copy_from_slice(&self.group_offset.to_le_bytes());
        bytes[20..24].copy_from_slice(&self.payload_checksum.to_le_bytes());
        let checksum = checksum(position, &bytes[..24]);
        bytes[24..].copy_from_slice(&checksum.to_le_bytes());
        bytes
    }

    /// The header of the frame that begins at `position`; `None` if these bytes are not one.
    pub(super) fn parse(bytes: &[u8], position: u64) -> Option<Self> {
        let bytes = bytes.first_chunk::<HEADER_LENGTH>()?;
        let u32_at = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        if &bytes[..4] != MAGIC || u32_at(24) != checksum(position, &bytes[..24]) {
            return None;
        }
        let header = Self {
            length: u32_at(4),
            sequence: u64::from(u32_at(8)) | u64::from(u32_at(12)) << 32,
            group_offset: u32_at(16),
            payload_checksum: u32_at(20),
        };
        (header.length as usize <= MAX_PAYLOAD).then_some(header)
    }

    pub(super) fn frame_length(&self) -> u64 {
        HEADER_LENGTH as u64 + u64::from(self.length)
    }

    pub(super) fn fits(&self, payload: &[u8]) -> bool {
        payload.len() == self.length as usize && crc32c::crc32c(payload) == self.payload_checksum
    }
}

fn checksum(position: u64, header: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&position.to_le_bytes()), header)
}
