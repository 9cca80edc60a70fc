//! What stands in a text in another spelling: percent-encoded, in base64, in hex. If something is
//! recognised in what a word decodes to, the whole word goes.

use super::glance::{Glance, SHORTEST_TOKEN, mark};
use super::name::Hints;
use super::shape::{self, Spans};
use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use domain::schema::DataKind;
use percent_encoding::percent_decode_str;
use regex::Regex;
use std::sync::LazyLock;

/// How many layers of encoding are taken off: `%2540` is two.
const MOST_LAYERS: usize = 3;
/// Longest word that is decoded: the longest value of an event that is not a list or an object is 255
/// characters, of a profile's list 256 KB; beyond this a word is an attachment, not a value.
const LONGEST_WORD: usize = 16 * 1024;

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const BASE64: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);
const BASE64_URL: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LENIENT);

static BASE64_WORD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[A-Za-z0-9+/_-]{12,}={0,2}").expect("a constant pattern"));
static HEX_WORD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:0x|\\x)?(?:[0-9A-Fa-f]{2}[:-]?){8,}").expect("a constant pattern"));
static ESCAPE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\\+u[0-9A-Fa-f]{4}|&#x?[0-9A-Fa-f]{1,6};").expect("a constant pattern"));

pub(super) fn find(text: &str, glance: &Glance, hints: Hints, layer: usize, spans: &mut Spans) {
    if layer >= MOST_LAYERS {
        return;
    }
    if glance.has(mark::PERCENT) {
        for (start, word) in words(text).filter(|(_, word)| word.contains('%')) {
            let decoded = percent_decode_str(word).decode_utf8_lossy();
            if decoded != word
                && let Some(kind) = kind_of(&decoded, hints, layer)
            {
                spans.push(start..start + word.len(), kind);
            }
        }
    }
    if glance.has(mark::BACKSLASH | mark::AMPERSAND) && ESCAPE.is_match(text) {
        for (start, word) in words(text) {
            let decoded = unescape(word);
            if decoded != word
                && let Some(kind) = kind_of(&decoded, hints, layer)
            {
                spans.push(start..start + word.len(), kind);
            }
        }
    }
    if glance.longest_run >= SHORTEST_TOKEN {
        for found in BASE64_WORD.find_iter(text) {
            let word = found.as_str();
            if looks_like_base64(word)
                && let Some(kind) = in_base64(word, layer)
            {
                spans.push(found.range(), kind);
            }
        }
        for found in HEX_WORD.find_iter(text) {
            if let Some(kind) = hex(found.as_str()).and_then(|decoded| kind_of(&decoded, Hints::THING, layer))
            {
                spans.push(found.range(), kind);
            }
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let start = text.as_ptr() as usize;
    text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | ',' | ';' | '|'))
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr() as usize - start, word))
}

/// What is recognised in a decoded text, here or under a further layer.
fn kind_of(decoded: &str, hints: Hints, layer: usize) -> Option<DataKind> {
    let glance = Glance::of(decoded);
    if glance.is_clean() {
        return None;
    }
    let mut spans = Spans::default();
    shape::find(decoded, &glance, hints, &mut spans);
    super::pair::find(decoded, &glance, &mut spans);
    find(decoded, &glance, hints, layer + 1, &mut spans);
    shape::find_random(decoded, &glance, hints, &mut spans);
    spans.settle().first().map(|span| span.kind)
}

/// Base64 of a text has capitals, and small letters; a word of a language has no capitals inside.
fn looks_like_base64(word: &str) -> bool {
    let inside = &word.as_bytes()[1..];
    word.len() <= LONGEST_WORD
        && inside.iter().any(u8::is_ascii_uppercase)
        && inside.iter().any(u8::is_ascii_lowercase)
}

fn in_base64(word: &str, layer: usize) -> Option<DataKind> {
    let engine = if word.contains(['-', '_']) { &BASE64_URL } else { &BASE64 };
    let mut decoded = vec![];
    // A length that base64 cannot have: whatever is behind the last full group is left out.
    let bare = word.trim_end_matches('=');
    let usable = if bare.len() % 4 == 1 { bare.len() - 1 } else { bare.len() };
    engine.decode_vec(&bare[..usable], &mut decoded).ok()?;
    let text = readable(decoded)?;
    kind_of(&text, Hints::THING, layer)
}

fn hex(word: &str) -> Option<String> {
    let digits: Vec<u8> = word
        .strip_prefix("0x")
        .or_else(|| word.strip_prefix("\\x"))
        .unwrap_or(word)
        .chars()
        .filter_map(|c| c.to_digit(16).map(|digit| digit as u8))
        .collect();
    if digits.len() > LONGEST_WORD {
        return None;
    }
    readable(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// Decoded bytes as a text, if they are one. UTF-16 is read too, by leaving out its zeros.
fn readable(bytes: Vec<u8>) -> Option<String> {
    let narrow = bytes.iter().filter(|&&byte| byte == 0).count() * 3 >= bytes.len();
    let bytes = if narrow { bytes.into_iter().filter(|&byte| byte != 0).collect() } else { bytes };
    let text = String::from_utf8(bytes).ok()?;
    text.chars().all(|c| !c.is_control() || c.is_whitespace()).then_some(text)
}

/// `\u0061` and `&#97;` as the characters they stand for.
fn unescape(word: &str) -> String {
    ESCAPE
        .replace_all(word, |found: &regex::Captures<'_>| {
            let escape = &found[0];
            let digits = escape.trim_matches(|c: char| matches!(c, '\\' | '&' | '#' | ';' | 'u' | 'x'));
            let radix = if escape.starts_with('&') && !escape.contains('x') { 10 } else { 16 };
            u32::from_str_radix(digits, radix)
                .ok()
                .and_then(char::from_u32)
                .map_or_else(|| escape.to_owned(), |c| c.to_string())
        })
        .into_owned()
}
