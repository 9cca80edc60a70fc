//! Insert ids are most of an event that does not compress, and most of them are 16 bytes written
//! in one of four ways. Whatever way it was, it comes back the same.

use super::DecodeError;
use super::bytes::{Source, put_bytes};
use domain::InsertId;

const TEXT: u8 = 0;
const LOWER_HEX: u8 = 1;
const UPPER_HEX: u8 = 2;
const LOWER_UUID: u8 = 3;
const UPPER_UUID: u8 = 4;

const LOWER_DIGITS: &[u8; 16] = b"0123456789abcdef";
const UPPER_DIGITS: &[u8; 16] = b"0123456789ABCDEF";

/// Where a UUID has its hyphens.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

pub(super) fn put(out: &mut Vec<u8>, insert_id: &InsertId) {
    let text = insert_id.as_str().as_bytes();
    match pack(text) {
        Some((form, bytes)) => {
            out.push(form);
            out.extend_from_slice(&bytes);
        }
        None => {
            out.push(TEXT);
            put_bytes(out, text);
        }
    }
}

pub(super) fn take(source: &mut Source<'_>) -> Result<InsertId, DecodeError> {
    let form = source.byte()?;
    if form == TEXT {
        return source.text().map(InsertId::from);
    }
    if form > UPPER_UUID {
        return Err(DecodeError::Tag);
    }
    let digits = if matches!(form, LOWER_HEX | LOWER_UUID) { LOWER_DIGITS } else { UPPER_DIGITS };
    let mut text = [b'-'; 36];
    let mut at = 0;
    for byte in source.array::<16>()? {
        if form >= LOWER_UUID && HYPHENS.contains(&at) {
            at += 1;
        }
        text[at] = digits[usize::from(byte >> 4)];
        text[at + 1] = digits[usize::from(byte & 15)];
        at += 2;
    }
    let text = std::str::from_utf8(&text[..at]).map_err(|_| DecodeError::Text)?;
    Ok(InsertId::from(text))
}

fn pack(text: &[u8]) -> Option<(u8, [u8; 16])> {
    let (lower, upper) = match text.len() {
        32 => (LOWER_HEX, UPPER_HEX),
        36 if HYPHENS.iter().all(|&at| text[at] == b'-') => (LOWER_UUID, UPPER_UUID),
        _ => return None,
    };
    let mut bytes = [0; 16];
    let mut at = 0;
    // Letters of either case seen: all must be of one. Without letters, either will do.
    let (mut any_lower, mut any_upper) = (false, false);
    for byte in &mut bytes {
        if text.len() == 36 && HYPHENS.contains(&at) {
            at += 1;
        }
        for digit in [text[at], text[at + 1]] {
            let value = match digit {
                b'0'..=b'9' => digit - b'0',
                b'a'..=b'f' => {
                    any_lower = true;
                    digit - b'a' + 10
                }
                b'A'..=b'F' => {
                    any_upper = true;
                    digit - b'A' + 10
                }
                _ => return None,
            };
            *byte = *byte << 4 | value;
        }
        at += 2;
    }
    match (any_lower, any_upper) {
        (true, true) => None,
        (_, false) => Some((lower, bytes)),
        (false, true) => Some((upper, bytes)),
    }
}
