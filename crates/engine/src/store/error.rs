//! Why a file of the store could not be written.

use crate::store::scan::ReadError;
use arrow_schema::ArrowError;
use parquet::errors::ParquetError;
use std::io;

/// Nothing is lost by it: what was to be written is still in memory and in the log.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WriteError {
    #[error("{0}")]
    Disk(#[from] io::Error),
    #[error("{0}")]
    Parquet(#[from] ParquetError),
    #[error("{0}")]
    Columns(#[from] ArrowError),
    #[error("{0}")]
    Read(#[from] ReadError),
}
