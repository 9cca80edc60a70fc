//! UUIDs and digests: drawn at random, so that by chance some digits inside of one check out as a
//! card, and some letters are somebody's name. About one UUID in two thousand would lose a part to
//! that, and with it orders, replays and insert ids would no longer match.

use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// Length of an MD5, the shortest of them.
pub(super) const SHORTEST: u32 = 32;

/// UUIDs of a known version and variant (RFC 9562), and MD5, SHA-1 and SHA-256 in hex.
static OPAQUE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i-u:\b(?:[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})\b)",
    )
    .expect("a constant pattern")
});

/// The places of all of them. One without a letter may as well be a row of numbers that were joined.
pub(super) fn ranges(text: &str) -> Vec<Range<usize>> {
    let mixed = |written: &str| written.bytes().any(|byte| byte.is_ascii_alphabetic());
    OPAQUE.find_iter(text).filter(|found| mixed(found.as_str())).map(|found| found.range()).collect()
}
