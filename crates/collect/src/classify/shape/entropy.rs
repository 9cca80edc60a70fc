//! Strings drawn at random: what they open is unknown, so they are treated as secrets.
//!
//! Entropy alone does not tell a token from a long identifier: `GetUserProfileV2Response` has as much.
//! What does is how often letters, capitals and digits take turns. In a random string neighbours
//! differ in class more often than not; in anything made of words, once a word.
//!
//! Left alone on purpose:
//! * **UUIDs.** They name things (orders, sessions, replays) as often as people, open nothing, and are
//!   what funnels are joined on. Under a name that says whose id it is, or just `id`, they are ids.
//! * Values under names of things and of builds (`order_id`, `trace_id`, `commit`).

use super::{Hints, Spans};
use domain::schema::DataKind;
use regex::Regex;
use std::sync::LazyLock;

/// Shortest string that is judged.
pub(in super::super) const SHORTEST: u32 = 20;
/// From this length on, few distinct turns are needed: nobody types that.
const LONG: usize = 32;

static RUN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[A-Za-z0-9_+/=~.-]{20,}").expect("a constant pattern"));

pub(super) fn find(text: &str, hints: Hints, spans: &mut Spans) {
    if hints.has(Hints::THING) {
        return;
    }
    for found in RUN.find_iter(text) {
        // Paths, host names and sentences without spaces are judged part by part.
        let mut start = found.start();
        for part in found.as_str().split_inclusive(['/', '.', '=']) {
            let body = part.trim_end_matches(['/', '.', '=']);
            if is_random(body) && !spans.touches(&(start..start + body.len())) {
                spans.push(start..start + body.len(), DataKind::Token);
            }
            start += part.len();
        }
        // Standard base64 has slashes: parts may be too short each for what the whole shows.
        let range = found.range();
        let whole = found.as_str().trim_matches(['/', '.', '=']);
        if !spans.touches(&range)
            && whole.contains('/')
            && !found.as_str().contains('.')
            && is_random_base64(whole)
        {
            spans.push(range, DataKind::Token);
        }
    }
}

/// Classes of characters that take turns in a random string.
#[derive(Clone, Copy, PartialEq)]
enum Class {
    Digit,
    Upper,
    Lower,
}

/// What is counted of a string.
#[derive(Default)]
struct Turns {
    digits: usize,
    upper: usize,
    lower: usize,
    turns: usize,
    joints: usize,
}

impl Turns {
    fn of(text: &str) -> Self {
        let mut counted = Self::default();
        let mut before = None;
        for byte in text.bytes() {
            let class = match byte {
                b'0'..=b'9' => Class::Digit,
                b'A'..=b'Z' => Class::Upper,
                b'a'..=b'z' => Class::Lower,
                _ => {
                    counted.joints += 1;
                    // A word begins anew behind a hyphen: `Sign-Up` has no more turns than `sign-up`.
                    before = None;
                    continue;
                }
            };
            match class {
                Class::Digit => counted.digits += 1,
                Class::Upper => counted.upper += 1,
                Class::Lower => counted.lower += 1,
            }
            counted.turns += usize::from(before.is_some_and(|before| before != class));
            before = Some(class);
        }
        counted
    }

    fn letters_and_digits(&self) -> usize {
        self.digits + self.upper + self.lower
    }
}

/// Whether a single string looks drawn at random.
pub(super) fn is_random(text: &str) -> bool {
    if text.len() < SHORTEST as usize || is_uuid(text) || is_pseudonym(text) {
        return false;
    }
    let counted = Turns::of(text);
    let length = counted.letters_and_digits();
    // Words joined by hyphens have a joint every few letters; random base64url one in 32.
    if length < SHORTEST as usize || counted.joints * 6 > length || distinct(text) < 10 {
        return false;
    }
    let mixed = counted.upper > 0 && counted.lower > 0;
    match (counted.digits, mixed) {
        // Letters of both cases and digits: base62, base64.
        (1.., true) => length >= 22 && counted.turns * 100 >= length * 38,
        // Letters of one case and digits: hex, base32, base36.
        (1.., false) => {
            counted.digits >= 3
                && counted.digits < length
                && length >= 24
                && counted.turns * 100 >= length * if length >= LONG { 18 } else { 26 }
        }
        // Letters of both cases only.
        (0, true) => length >= LONG && counted.turns * 100 >= length * 42,
        (0, false) => false,
    }
}

fn is_random_base64(text: &str) -> bool {
    let counted = Turns::of(text);
    counted.joints * 8 <= text.len()
        && counted.digits > 0
        && counted.upper > 0
        && counted.lower > 0
        && text.len() >= 24
        && counted.turns * 100 >= text.len() * 42
}

/// `550e8400-e29b-41d4-a716-446655440000`
pub(in super::super) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Our own pseudonyms come back when an export is imported again.
fn is_pseudonym(text: &str) -> bool {
    text.parse::<domain::Pseudonym>().is_ok()
}

fn distinct(text: &str) -> u32 {
    let seen = text.bytes().fold(0_u128, |seen, byte| seen | 1_u128 << (byte & 127));
    seen.count_ones()
}
