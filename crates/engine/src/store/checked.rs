//! Files whose every byte is checked when it is read: a CRC32C for each 64 KiB, kept beside.
//!
//! Parquet's own page checksums are not written by the library, and a flipped bit in an
//! uncompressed column would otherwise change a number without a trace.

use crate::disk::{Disk, DiskFile};
use bytes::{Buf, Bytes};
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};
use std::fmt;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

/// Small enough that a point lookup reads little more than it needs.
pub(crate) const BLOCK: usize = 64 << 10;

/// Content of a file: its length, and the CRC32C of each block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Checksums {
    pub(crate) length: u64,
    pub(crate) blocks: Vec<u32>,
}

/// Writes a file and notes its checksums.
pub(crate) struct CheckedWriter {
    file: Box<dyn DiskFile>,
    block: Vec<u8>,
    checksums: Checksums,
}

impl fmt::Debug for CheckedWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckedWriter").field("length", &self.checksums.length).finish_non_exhaustive()
    }
}

impl CheckedWriter {
    pub(crate) fn create(disk: &dyn Disk, path: &Path) -> io::Result<Self> {
        super::envelope::remove_if_there(disk, path)?;
        let file = disk.create(path)?;
        Ok(Self { file, block: Vec::with_capacity(BLOCK), checksums: Checksums::default() })
    }

    fn write_block(&mut self) -> io::Result<()> {
        self.checksums.blocks.push(crc32c::crc32c(&self.block));
        self.file.append_all(&self.block)?;
        self.block.clear();
        Ok(())
    }

    /// Makes the content durable, not yet the name.
    pub(crate) fn finish(mut self) -> io::Result<Checksums> {
        if !self.block.is_empty() {
            self.write_block()?;
        }
        self.file.sync()?;
        Ok(self.checksums)
    }
}

impl Write for CheckedWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(BLOCK - self.block.len());
        self.block.extend_from_slice(&bytes[..taken]);
        self.checksums.length += taken as u64;
        if self.block.len() == BLOCK {
            self.write_block()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads such a file. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct CheckedReader {
    file: Arc<dyn DiskFile>,
    checksums: Arc<Checksums>,
}

impl CheckedReader {
    pub(crate) fn new(file: Box<dyn DiskFile>, checksums: Arc<Checksums>) -> Self {
        Self { file: file.into(), checksums }
    }

    pub(crate) fn read(&self, start: u64, length: usize) -> io::Result<Bytes> {
        let end = start + length as u64;
        if end > self.checksums.length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if length == 0 {
            return Ok(Bytes::new());
        }
        let first = start / BLOCK as u64;
        let from = first * BLOCK as u64;
        let to = end.next_multiple_of(BLOCK as u64).min(self.checksums.length);
        let mut bytes = vec![0; (to - from) as usize];
        self.file.read_exact_at(&mut bytes, from)?;
        for (block, &expected) in bytes.chunks(BLOCK).zip(&self.checksums.blocks[first as usize..]) {
            if crc32c::crc32c(block) != expected {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!("checksum mismatch between bytes {from} and {to}"),
                ));
            }
        }
        let skip = (start - from) as usize;
        Ok(Bytes::from(bytes).slice(skip..skip + length))
    }

    /// Offsets of the blocks that are not as they were written.
    pub(crate) fn damaged_blocks(&self) -> Vec<u64> {
        let offsets = (0..self.checksums.length).step_by(BLOCK);
        offsets
            .filter(|&offset| {
                let length = (self.checksums.length - offset).min(BLOCK as u64);
                self.read(offset, length as usize).is_err()
            })
            .collect()
    }
}

impl Length for CheckedReader {
    fn len(&self) -> u64 {
        self.checksums.length
    }
}

impl ChunkReader for CheckedReader {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        // The library asks for this only to read a page header of unknown length.
        let length = (self.checksums.length.saturating_sub(start)).min(BLOCK as u64);
        Ok(self.read(start, length as usize)?.reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        Ok(self.read(start, length)?)
    }
}
