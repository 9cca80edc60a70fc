//! Insert ids in 16 bytes each.
//!
//! Every event has one and most are random, so they are the dearest column of all. SDKs send few
//! forms: 32 hex digits or a UUID (16 bytes once decoded) and short base-36 text. Each id is a
//! form and 16 bytes; an export gives back exactly what came in.
//!
//! | form | bytes |
//! |---|---|
//! | 0–16 | text of that many bytes, filled up with zeros |
//! | 17, 18 | 32 hex digits, lower case; upper case |
//! | 19, 20 | UUID with hyphens, lower case; upper case |
//! | 255 | longer text: 8 bytes hash of it, 8 zeros; the text is kept beside |

use arrow_array::cast::AsArray;
use arrow_array::types::UInt8Type;
use arrow_array::{Array, FixedSizeBinaryArray, StringArray, UInt8Array};
use arrow_schema::ArrowError;
use arrow_select::filter::FilterPredicate;
use domain::InsertId;
use rustc_hash::FxHasher;
use std::hash::Hasher;

pub(crate) const WIDTH: usize = 16;
const HEX_LOWER: u8 = 17;
const HEX_UPPER: u8 = 18;
const UUID_LOWER: u8 = 19;
const UUID_UPPER: u8 = 20;
pub(crate) const LONG: u8 = 255;

/// Where a UUID has its hyphens.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

/// An insert id as it is stored. Ids of form [`LONG`] are equal only if their texts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PackedId {
    pub(crate) form: u8,
    pub(crate) bytes: [u8; WIDTH],
}

impl PackedId {
    pub(crate) fn pack(text: &str) -> Self {
        let raw = text.as_bytes();
        if raw.len() <= WIDTH {
            let mut bytes = [0; WIDTH];
            bytes[..raw.len()].copy_from_slice(raw);
            return Self { form: raw.len() as u8, bytes };
        }
        let (forms, digits) = match raw.len() {
            32 => ((HEX_LOWER, HEX_UPPER), None),
            36 if HYPHENS.iter().all(|&at| raw[at] == b'-') => ((UUID_LOWER, UUID_UPPER), Some(())),
            _ => return Self::long(raw),
        };
        let mut hex = [0; 32];
        if digits.is_some() {
            let kept = raw.iter().enumerate().filter(|(at, _)| !HYPHENS.contains(at));
            for (slot, (_, digit)) in hex.iter_mut().zip(kept) {
                *slot = *digit;
            }
        } else {
            hex.copy_from_slice(raw);
        }
        if let Some(bytes) = decode(&hex, b'a') {
            Self { form: forms.0, bytes }
        } else if let Some(bytes) = decode(&hex, b'A') {
            Self { form: forms.1, bytes }
        } else {
            Self::long(raw)
        }
    }

    fn long(raw: &[u8]) -> Self {
        let mut hasher = FxHasher::default();
        hasher.write(raw);
        let mut bytes = [0; WIDTH];
        bytes[..8].copy_from_slice(&hasher.finish().to_le_bytes());
        Self { form: LONG, bytes }
    }

    /// The text, which for form [`LONG`] is `long`.
    pub(crate) fn unpack(self, long: Option<&str>) -> InsertId {
        let hex = |first: u8, hyphens: bool| {
            let mut text = String::with_capacity(36);
            for (at, byte) in self.bytes.iter().enumerate() {
                if hyphens && matches!(at, 4 | 6 | 8 | 10) {
                    text.push('-');
                }
                for digit in [byte >> 4, byte & 15] {
                    text.push(char::from(if digit < 10 { b'0' + digit } else { first + digit - 10 }));
                }
            }
            InsertId::from(text)
        };
        match self.form {
            HEX_LOWER => hex(b'a', false),
            HEX_UPPER => hex(b'A', false),
            UUID_LOWER => hex(b'a', true),
            UUID_UPPER => hex(b'A', true),
            LONG => InsertId::from(long.unwrap_or_default()),
            length => {
                let raw = &self.bytes[..usize::from(length).min(WIDTH)];
                InsertId::from(String::from_utf8_lossy(raw).as_ref())
            }
        }
    }
}

/// Digits of one case only: a mixed-case id would not come back as it was.
fn decode(hex: &[u8; 32], first: u8) -> Option<[u8; WIDTH]> {
    let digit = |c: u8| match c {
        b'0'..=b'9' => Some(c - b'0'),
        c if (first..first + 6).contains(&c) => Some(c - first + 10),
        _ => None,
    };
    let mut bytes = [0; WIDTH];
    for (byte, pair) in bytes.iter_mut().zip(hex.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

/// The insert ids of a block.
#[derive(Clone, Debug)]
pub(crate) struct InsertIds {
    pub(crate) forms: UInt8Array,
    pub(crate) bytes: FixedSizeBinaryArray,
    /// Texts of form [`LONG`]; absent if there is none.
    pub(crate) long: Option<StringArray>,
}

impl InsertIds {
    pub(crate) fn packed(&self, row: usize) -> PackedId {
        let mut bytes = [0; WIDTH];
        bytes.copy_from_slice(self.bytes.value(row));
        PackedId { form: self.forms.value(row), bytes }
    }

    pub(crate) fn long(&self, row: usize) -> Option<&str> {
        self.long.as_ref().filter(|long| long.is_valid(row)).map(|long| long.value(row))
    }

    pub(crate) fn get(&self, row: usize) -> InsertId {
        self.packed(row).unpack(self.long(row))
    }

    pub(crate) fn filter(&self, predicate: &FilterPredicate) -> Result<Self, ArrowError> {
        Ok(Self {
            forms: predicate.filter(&self.forms)?.as_primitive::<UInt8Type>().clone(),
            bytes: predicate.filter(&self.bytes)?.as_fixed_size_binary().clone(),
            long: match &self.long {
                None => None,
                Some(long) => Some(predicate.filter(long)?.as_string().clone()),
            },
        })
    }
}

#[cfg(test)]
mod tests;
