//! What is kept in memory of a file of events: its index, written beside it.
//!
//! An [`envelope`](super::envelope) of kind `BHEVIDX1`; the content is, in little endian:
//!
//! ```text
//! 0   8  rows
//! 8   8  earliest time of an event, milliseconds
//! 16  8  latest time of an event, milliseconds
//! 24  8  length of the Parquet file
//! 32  4  b: blocks of 64 KiB in it
//! 36  4  e: events in it
//! 40  8  f: length of the Bloom filter of the keys' hashes
//! 48  4b CRC32C of each block
//!     12e per event, ascending: EventId, first row, end of rows (4 bytes each)
//!     f  the filter: blocks of eight 32-bit words
//! ```

use super::bloom::Bloom;
use super::checked::Checksums;
use std::ops::Range;
use std::sync::Arc;

pub(crate) const KIND: &[u8; 8] = b"BHEVIDX1";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileIndex {
    pub(crate) rows: u32,
    pub(crate) earliest: i64,
    pub(crate) latest: i64,
    pub(crate) checksums: Arc<Checksums>,
    /// The rows of each event, in the order of rows and of events.
    pub(crate) events: Vec<(u32, Range<u32>)>,
    pub(crate) keys: Bloom,
}

impl FileIndex {
    /// The rows of one event.
    pub(crate) fn rows_of(&self, event: u32) -> Range<u32> {
        match self.events.binary_search_by_key(&event, |(id, _)| *id) {
            Ok(at) => self.events[at].1.clone(),
            Err(_) => 0..0,
        }
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let keys = self.keys.to_bytes();
        let mut bytes = vec![];
        bytes.extend_from_slice(&u64::from(self.rows).to_le_bytes());
        bytes.extend_from_slice(&self.earliest.to_le_bytes());
        bytes.extend_from_slice(&self.latest.to_le_bytes());
        bytes.extend_from_slice(&self.checksums.length.to_le_bytes());
        bytes.extend_from_slice(&(self.checksums.blocks.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&(self.events.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&(keys.len() as u64).to_le_bytes());
        for checksum in &self.checksums.blocks {
            bytes.extend_from_slice(&checksum.to_le_bytes());
        }
        for (event, rows) in &self.events {
            for number in [*event, rows.start, rows.end] {
                bytes.extend_from_slice(&number.to_le_bytes());
            }
        }
        bytes.extend_from_slice(&keys);
        bytes
    }

    /// `None`: not what [`Self::encode`] writes.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let rows = u32::try_from(long(&mut rest)?).ok()?;
        let earliest = long(&mut rest)? as i64;
        let latest = long(&mut rest)? as i64;
        let length = long(&mut rest)?;
        let block_count = int(&mut rest)? as usize;
        let event_count = int(&mut rest)? as usize;
        let filter = long(&mut rest)?;
        if rest.len() as u64 != block_count as u64 * 4 + event_count as u64 * 12 + filter {
            return None;
        }
        let blocks = (0..block_count).map(|_| int(&mut rest)).collect::<Option<_>>()?;
        let mut event = || Some((int(&mut rest)?, int(&mut rest)?..int(&mut rest)?));
        let events = (0..event_count).map(|_| event()).collect::<Option<_>>()?;
        let keys = Bloom::from_bytes(rest)?;
        Some(Self { rows, earliest, latest, checksums: Arc::new(Checksums { length, blocks }), events, keys })
    }
}

fn long(bytes: &mut &[u8]) -> Option<u64> {
    bytes.split_off(..8).map(|raw| u64::from_le_bytes(raw.try_into().expect("eight were taken")))
}

fn int(bytes: &mut &[u8]) -> Option<u32> {
    bytes.split_off(..4).map(|raw| u32::from_le_bytes(raw.try_into().expect("four were taken")))
}
