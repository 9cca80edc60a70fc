//! The bytes of a [`SealedRecord`], version 1. All integers are big-endian.
//!
//! ```text
//! offset  length  content
//!      0       1  version, 1
//!      1       1  operation: 0 distinct id, 1 … 9 see [`SealedOperation`]
//!      2       4  project
//!      6      16  subject, a pseudonym
//!     22      32  encapsulated key of the session (HPKE, X25519)
//!     54       2  number of the record within its session
//!     56       4  length n of the field's name
//!     60       n  field's name, UTF-8
//!   60+n          ciphertext of the body, then its tag (16)
//! ```
//!
//! Everything before the ciphertext is its associated data: a record moved to another person,
//! project, field or operation does not open. The body is
//!
//! ```text
//!      0       8  time, milliseconds since 1970 (i64)
//!      8       4  length m of the value
//!     12       m  the value: JSON text, or the distinct id as sent
//!   12+m          zeros up to the next multiple of 32
//! ```
//!
//! The zeros keep a value's exact length from telling names apart. Each record carries its
//! session's encapsulated key, so that it opens by itself, whatever became of the log before it.

use domain::{ProjectId, Pseudonym, Timestamp};
use zeroize::Zeroizing;

pub(crate) const VERSION: u8 = 1;
pub(crate) const ENCAPSULATED_KEY_BYTES: usize = 32;
const FIXED_HEADER_BYTES: usize = 60;
const FIXED_BODY_BYTES: usize = 12;
/// Bodies are padded to multiples of this.
const PADDING_BYTES: usize = 32;
const DISTINCT_ID: u8 = 0;

/// What a sealed value does to the field it belongs to. The profile operators mean what
/// mixpanel-wire.md §3 says; they are kept in order of arrival and folded when a field is revealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SealedOperation {
    Set,
    SetOnce,
    Add,
    Append,
    Union,
    Remove,
    /// Takes the field away, with everything nested in it. The value is empty.
    Unset,
    /// Takes all fields of the profile away. Field and value are empty.
    Delete,
    /// The value stood in an event, not in the profile: it belongs to the person, but is no
    /// profile property and no profile operator changes it.
    Observe,
}

impl SealedOperation {
    pub(crate) const ALL: [Self; 9] = [
        Self::Set,
        Self::SetOnce,
        Self::Add,
        Self::Append,
        Self::Union,
        Self::Remove,
        Self::Unset,
        Self::Delete,
        Self::Observe,
    ];

    /// Its number on disk. Never reused.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Set => 1,
            Self::SetOnce => 2,
            Self::Add => 3,
            Self::Append => 4,
            Self::Union => 5,
            Self::Remove => 6,
            Self::Unset => 7,
            Self::Delete => 8,
            Self::Observe => 9,
        }
    }

    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.code() == code)
    }

    /// Whether doing it twice in a row is the same as doing it once.
    pub(crate) const fn is_idempotent(self) -> bool {
        !matches!(self, Self::Add | Self::Append)
    }
}

/// What a record is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    DistinctId,
    Field(SealedOperation),
}

/// The readable part of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header<'a> {
    pub(crate) content: Content,
    pub(crate) project: ProjectId,
    pub(crate) subject: Pseudonym,
    pub(crate) session: [u8; ENCAPSULATED_KEY_BYTES],
    pub(crate) number: u16,
    pub(crate) field: &'a str,
}

impl<'a> Header<'a> {
    pub(crate) fn write(&self) -> Vec<u8> {
        let code = match self.content {
            Content::DistinctId => DISTINCT_ID,
            Content::Field(operation) => operation.code(),
        };
        let length = u32::try_from(self.field.len()).expect("requests are far below 4 GiB");
        let mut bytes = Vec::with_capacity(FIXED_HEADER_BYTES + self.field.len());
        bytes.extend_from_slice(&[VERSION, code]);
        bytes.extend_from_slice(&self.project.0.to_be_bytes());
        bytes.extend_from_slice(&self.subject.0);
        bytes.extend_from_slice(&self.session);
        bytes.extend_from_slice(&self.number.to_be_bytes());
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(self.field.as_bytes());
        bytes
    }

    /// The header, its own bytes, and the ciphertext behind it.
    pub(crate) fn read(record: &'a [u8]) -> Option<(Self, &'a [u8], &'a [u8])> {
        let rest = record;
        let (&[version, code], rest) = rest.split_first_chunk()?;
        let (project, rest) = rest.split_first_chunk()?;
        let (subject, rest) = rest.split_first_chunk()?;
        let (session, rest) = rest.split_first_chunk()?;
        let (number, rest) = rest.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let length = u32::from_be_bytes(*length) as usize;
        let (field, ciphertext) = rest.split_at_checked(length)?;
        if version != VERSION {
            return None;
        }
        let content = match code {
            DISTINCT_ID => Content::DistinctId,
            code => Content::Field(SealedOperation::from_code(code)?),
        };
        let header = Self {
            content,
            project: ProjectId(u32::from_be_bytes(*project)),
            subject: Pseudonym(*subject),
            session: *session,
            number: u16::from_be_bytes(*number),
            field: std::str::from_utf8(field).ok()?,
        };
        Some((header, &record[..FIXED_HEADER_BYTES + length], ciphertext))
    }
}

/// The body of a record, padded.
pub(crate) fn write_body(time: Timestamp, value: &str) -> Zeroizing<Vec<u8>> {
    let length = u32::try_from(value.len()).expect("requests are far below 4 GiB");
    let padded = (FIXED_BODY_BYTES + value.len()).next_multiple_of(PADDING_BYTES);
    let mut body = Zeroizing::new(Vec::with_capacity(padded));
    body.extend_from_slice(&time.millis().to_be_bytes());
    body.extend_from_slice(&length.to_be_bytes());
    body.extend_from_slice(value.as_bytes());
    body.resize(padded, 0);
    body
}

pub(crate) fn read_body(body: &[u8]) -> Option<(Timestamp, &str)> {
    let (time, rest) = body.split_first_chunk()?;
    let (length, rest) = rest.split_first_chunk()?;
    let (value, padding) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
    if padding.iter().any(|byte| *byte != 0) {
        return None;
    }
    Some((Timestamp::from_millis(i64::from_be_bytes(*time)), std::str::from_utf8(value).ok()?))
}
