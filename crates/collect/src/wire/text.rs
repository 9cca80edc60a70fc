//! Text as clients really send it, made into UTF-8 and JSON that a strict parser takes.
//!
//! The browser library's base64 encoder writes each half of a surrogate pair as a sequence of its
//! own (CESU-8), and its cut at 255 units can leave half an emoji as a lone `\ud83c`. Neither may
//! cost the batch. Whatever cannot be mended becomes U+FFFD.

use std::borrow::Cow;

const REPLACEMENT: char = '\u{fffd}';

/// UTF-8 as it is; CESU-8 pairs joined; anything else replaced.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(mend_utf8(bytes)),
    }
}

fn mend_utf8(mut rest: &[u8]) -> String {
    let mut mended = String::with_capacity(rest.len());
    loop {
        let error = match std::str::from_utf8(rest) {
            Ok(text) => {
                mended.push_str(text);
                return mended;
            }
            Err(error) => error,
        };
        let (good, bad) = rest.split_at(error.valid_up_to());
        mended.push_str(&String::from_utf8_lossy(good));
        let (character, length) = match surrogate(bad) {
            Some(high @ 0xd800..=0xdbff) => match surrogate(&bad[3..]) {
                Some(low @ 0xdc00..=0xdfff) => (join(high, low), 6),
                _ => (REPLACEMENT, 3),
            },
            Some(_) => (REPLACEMENT, 3),
            None => (REPLACEMENT, error.error_len().unwrap_or(bad.len()).max(1)),
        };
        mended.push(character);
        rest = &bad[length..];
    }
}

/// The UTF-16 surrogate that three bytes encode, if they do.
fn surrogate(bytes: &[u8]) -> Option<u32> {
    match *bytes {
        [0xed, second @ 0xa0..=0xbf, third @ 0x80..=0xbf, ..] => {
            Some(0xd000 | (u32::from(second & 0x3f) << 6) | u32::from(third & 0x3f))
        }
        _ => None,
    }
}

fn join(high: u32, low: u32) -> char {
    char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)).unwrap_or(REPLACEMENT)
}

/// JSON with what strict parsers refuse but clients send replaced: lone surrogates, unknown escapes
/// and raw control characters in strings; `NaN`, `Infinity` (Python writes them) and numbers beyond
/// a double outside of them. JSON that was good comes out unchanged.
pub(super) fn mend_json(json: &str) -> String {
    let mut mended = String::with_capacity(json.len() + 16);
    let mut rest = json;
    loop {
        let Some(quote) = memchr::memchr(b'"', rest.as_bytes()) else {
            mend_bare(rest, &mut mended);
            return mended;
        };
        mend_bare(&rest[..quote], &mut mended);
        mended.push('"');
        rest = mend_string(&rest[quote + 1..], &mut mended);
    }
}

/// Copies a string up to and with its closing quote; returns what follows.
fn mend_string<'a>(mut rest: &'a str, mended: &mut String) -> &'a str {
    loop {
        let Some(at) = rest.bytes().position(|byte| byte == b'"' || byte == b'\\' || byte < 0x20) else {
            mended.push_str(rest);
            return "";
        };
        mended.push_str(&rest[..at]);
        let found = rest.as_bytes()[at];
        rest = &rest[at..];
        match found {
            b'"' => {
                mended.push('"');
                return &rest[1..];
            }
            b'\\' => rest = mend_escape(rest, mended),
            control => {
                mended.push_str(&format!("\\u{control:04x}"));
                rest = &rest[1..];
            }
        }
    }
}

/// Copies one escape sequence, or two that belong together; returns what follows.
fn mend_escape<'a>(rest: &'a str, mended: &mut String) -> &'a str {
    match rest.as_bytes().get(1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
            mended.push_str(&rest[..2]);
            &rest[2..]
        }
        Some(b'u') => match unit(rest) {
            Some(0xd800..=0xdbff) => match unit(&rest[6..]) {
                Some(0xdc00..=0xdfff) => {
                    mended.push_str(&rest[..12]);
                    &rest[12..]
                }
                _ => {
                    mended.push(REPLACEMENT);
                    &rest[6..]
                }
            },
            Some(0xdc00..=0xdfff) => {
                mended.push(REPLACEMENT);
                &rest[6..]
            }
            Some(_) => {
                mended.push_str(&rest[..6]);
                &rest[6..]
            }
            None => {
                mended.push(REPLACEMENT);
                &rest[2..]
            }
        },
        _ => {
            mended.push_str("\\\\");
            &rest[1..]
        }
    }
}

/// The unit of a `\uXXXX` at the beginning.
fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.as_bytes().get(..4)?;
    digits.iter().try_fold(0, |unit, &digit| Some(unit * 16 + char::from(digit).to_digit(16)?))
}

/// Copies what stands outside of strings, with numbers that JSON does not know made null.
fn mend_bare(bare: &str, mended: &mut String) {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let mut rest = bare;
    while let Some(start) = rest.find(is_word) {
        mended.push_str(&rest[..start]);
        let end = rest[start..].find(|c| !is_word(c)).map_or(rest.len(), |length| start + length);
        let word = &rest[start..end];
        // Rust reads `nan` and `inf` in any case as numbers, so one test finds all that JSON lacks.
        let beyond = word.parse::<f64>().is_ok_and(|number| !number.is_finite());
        mended.push_str(if beyond { "null" } else { word });
        rest = &rest[end..];
    }
    mended.push_str(rest);
}

#[cfg(test)]
mod tests;
