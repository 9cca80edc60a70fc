//! `name=value&…`, as in a query or a form body.

use super::text;
use percent_encoding::percent_decode;
use std::borrow::Cow;

/// Enough for every client's parameters; a body with more pairs is not one of theirs.
const MAX_PAIRS: usize = 256;

/// The pairs of a query or form body, before decoding.
pub(super) fn raw_pairs(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    bytes.split(|&byte| byte == b'&').filter(|pair| !pair.is_empty()).take(MAX_PAIRS).map(|pair| {
        match memchr::memchr(b'=', pair) {
            Some(at) => (&pair[..at], &pair[at + 1..]),
            None => (pair, &pair[pair.len()..]),
        }
    })
}

/// Percent-decoding, with `+` for a space.
pub(super) fn decode(raw: &[u8]) -> Cow<'_, [u8]> {
    let spaced: Cow<'_, [u8]> = if memchr::memchr(b'+', raw).is_some() {
        raw.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect::<Vec<u8>>().into()
    } else {
        raw.into()
    };
    if memchr::memchr(b'%', raw).is_none() {
        return spaced;
    }
    Cow::Owned(percent_decode(&spaced).collect())
}

/// A raw pair as text. Bytes that are no UTF-8 come out mended, never refused.
pub(super) fn text_pair(name: &[u8], value: &[u8]) -> (String, String) {
    (text::decode(&decode(name)).into_owned(), text::decode(&decode(value)).into_owned())
}
