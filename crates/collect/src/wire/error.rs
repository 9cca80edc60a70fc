//! Why a request as a whole cannot be told apart into records.

use super::ReplyOptions;

/// The client's fault, all of them. No variant carries anything that the client sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    #[error("data, missing or empty")]
    Empty,
    #[error("body, not valid gzip")]
    BadGzip,
    #[error("request exceeds max limit of {limit} bytes")]
    TooLarge { limit: usize },
    #[error("request exceeds max limit of {limit} records")]
    TooManyRecords { limit: usize },
    #[error("data, not valid base64")]
    BadBase64,
    #[error("data, not a JSON object or list of objects")]
    BadJson,
}

impl WireError {
    /// A stable name for counters.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::BadGzip => "bad_gzip",
            Self::TooLarge { .. } => "too_large",
            Self::TooManyRecords { .. } => "too_many_records",
            Self::BadBase64 => "bad_base64",
            Self::BadJson => "bad_json",
        }
    }

    /// Whether a smaller request would be taken.
    pub const fn is_size(self) -> bool {
        matches!(self, Self::TooLarge { .. } | Self::TooManyRecords { .. })
    }
}

/// A request that was refused as a whole, with the form in which its client wants to read so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub error: WireError,
    pub options: ReplyOptions,
}
