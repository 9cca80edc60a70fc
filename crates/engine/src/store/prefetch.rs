//! Column chunks that are read whole, in one go, instead of page by page.

use crate::store::checked::CheckedReader;
use bytes::{Buf, Bytes};
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};
use std::io;

#[derive(Debug)]
pub(crate) struct Prefetched {
    file: CheckedReader,
    chunks: Vec<(u64, Bytes)>,
}

impl Prefetched {
    pub(crate) fn new(file: CheckedReader) -> Self {
        Self { file, chunks: vec![] }
    }

    pub(crate) fn fetch(&mut self, start: u64, length: usize) -> io::Result<()> {
        let bytes = self.file.read(start, length)?;
        self.chunks.push((start, bytes));
        Ok(())
    }

    /// From `start` to the end of the fetched chunk it lies in.
    fn fetched(&self, start: u64) -> Option<Bytes> {
        self.chunks.iter().find_map(|(from, bytes)| {
            let skip = start.checked_sub(*from)? as usize;
            (skip < bytes.len()).then(|| bytes.slice(skip..))
        })
    }
}

impl Length for Prefetched {
    fn len(&self) -> u64 {
        self.file.len()
    }
}

impl ChunkReader for Prefetched {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        match self.fetched(start) {
            Some(bytes) => Ok(bytes.reader()),
            None => self.file.get_read(start),
        }
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        match self.fetched(start).filter(|bytes| bytes.len() >= length) {
            Some(bytes) => Ok(bytes.slice(..length)),
            None => self.file.get_bytes(start, length),
        }
    }
}
