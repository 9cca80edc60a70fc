//! Telephone numbers: international ones, and national ones as people write them.
//!
//! Digits alone are no proof, so a number must also be *written* like a telephone number: with its
//! `+`, with a trunk prefix of `0`, in brackets, or in groups that no date, price, version or
//! order number has.

use super::{Hints, Spans};
use domain::schema::DataKind;
use regex::Regex;
use std::sync::LazyLock;

static CANDIDATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:(?:[+＋]|%2[Bb])[ ]?)?\(?[0-9](?:[ .()\u{a0}\u{2010}\u{2011}\u{2013}/-]{0,3}[0-9])*")
        .expect("a constant pattern")
});

/// Words before a number that make plain digits a telephone number.
const CUES: [&str; 22] = [
    "phone",
    "call",
    "tel",
    "mobile",
    "cell",
    "whatsapp",
    "sms",
    "text",
    "fax",
    "ring",
    "msisdn",
    "viber",
    "dial",
    "telephone",
    "contact",
    "reach",
    "hotline",
    "handy",
    "landline",
    "no",
    "at",
    "me",
];

/// Fewest and most digits of a telephone number with its country code (E.164 allows 15).
const INTERNATIONAL: std::ops::RangeInclusive<usize> = 8..=15;

pub(super) fn find(text: &str, hints: Hints, spans: &mut Spans) {
    if hints.has(Hints::TIME) || hints.has(Hints::VERSION) {
        return;
    }
    for found in CANDIDATE.find_iter(text) {
        let range = found.range();
        let written = found.as_str();
        if written.len() < 8 {
            continue;
        }
        let before = text[..range.start].chars().next_back();
        let after = text[range.end..].chars().next();
        let plus = written.starts_with(['+', '＋']) || written.starts_with("%2");
        let joined_before = before.is_some_and(|c| {
            c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '#' | '$' | '€' | '£' | '/')
        });
        let joined_after = after.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '%' | '$' | '€'))
            || after.is_some_and(|c| matches!(c, ':' | '-' | '.' | ',' | '/'))
                && text[range.end + 1..].starts_with(|c: char| c.is_ascii_digit());
        if joined_after && !plus
            || joined_before && !(plus && before.is_some_and(|c| matches!(c, '-' | '/' | '.')))
        {
            continue;
        }
        let number = written.strip_prefix("%2B").or_else(|| written.strip_prefix("%2b")).unwrap_or(written);
        if is_number(number, plus, hints) || !hints.has(Hints::THING) && has_cue(&text[..range.start], number)
        {
            spans.push(range, DataKind::Phone);
        }
    }
}

fn is_number(written: &str, plus: bool, hints: Hints) -> bool {
    let Written { digits, groups, separators, bracketed } = Written::read(written);
    let (count, first) = (digits.len(), digits[0]);
    if plus {
        return INTERNATIONAL.contains(&count) && first != b'0' && !written.contains('/');
    }
    if hints.has(Hints::THING) || is_date(&groups, &digits) {
        return false;
    }
    if bracketed {
        let area = groups.first().is_some_and(|area| (2..=5).contains(area));
        return area && (9..=13).contains(&count) && groups.len() >= 2;
    }
    if separators.contains(&'/') {
        return false;
    }
    let trunk = first == b'0' && digits.get(1).is_some_and(|&second| second != b'0');
    if groups.len() == 1 {
        // Plain digits: with the trunk prefix, of a length that both Europe and South Asia have.
        return trunk && (10..=11).contains(&count);
    }
    let regular = separators.windows(2).all(|pair| pair[0] == pair[1]) || groups.len() <= 3;
    if trunk {
        let tail = groups[1..].iter().all(|group| (2..=8).contains(group));
        return regular && groups[0] >= 2 && tail && (9..=11).contains(&count) && groups.len() <= 5;
    }
    if is_north_american(&groups, &digits) {
        return true;
    }
    // A country code without its plus: `880 1711 123456`. Groups of three are an amount.
    let amount = groups[1..].iter().all(|&group| group == 3);
    let country = digits[..groups[0].min(count)].to_vec();
    regular
        && !amount
        && !separators.contains(&'.')
        && groups.len() >= 3
        && (11..=13).contains(&count)
        && (is_country_code(&country) || digits.starts_with(b"00"))
}

/// A number taken apart.
struct Written {
    digits: Vec<u8>,
    /// Length of each run of digits.
    groups: Vec<usize>,
    /// First character between two groups.
    separators: Vec<char>,
    bracketed: bool,
}

impl Written {
    fn read(written: &str) -> Self {
        let mut read = Self { digits: vec![], groups: vec![], separators: vec![], bracketed: false };
        let mut inside = false;
        for c in written.chars() {
            if c.is_ascii_digit() {
                if !inside {
                    read.groups.push(0);
                }
                if let Some(group) = read.groups.last_mut() {
                    *group += 1;
                }
                read.digits.push(c as u8);
                inside = true;
            } else {
                if inside {
                    read.separators.push(if c == ')' { ' ' } else { c });
                }
                read.bracketed |= c == '(';
                inside = false;
            }
        }
        read
    }
}

fn is_north_american(groups: &[usize], digits: &[u8]) -> bool {
    let local = match groups {
        [3, 3, 4] => digits,
        [1, 3, 3, 4] if digits[0] == b'1' => &digits[1..],
        _ => return false,
    };
    (b'2'..=b'9').contains(&local[0]) && (b'2'..=b'9').contains(&local[3])
}

/// `2024-01-15 …`, `15.01.2024 …`
fn is_date(groups: &[usize], digits: &[u8]) -> bool {
    match groups {
        [4, 2, 2, ..] => digits.starts_with(b"19") || digits.starts_with(b"20"),
        [2 | 1, 2 | 1, 4, ..] => {
            let year = &digits[groups[0] + groups[1]..];
            year.starts_with(b"19") || year.starts_with(b"20")
        }
        _ => false,
    }
}

/// Country codes begin with one of these.
fn is_country_code(code: &[u8]) -> bool {
    matches!(
        code,
        b"1" | b"7"
            | b"20"
            | b"27"
            | b"30"
            | b"31"
            | b"32"
            | b"33"
            | b"34"
            | b"36"
            | b"39"
            | b"40"
            | b"41"
            | b"43"
            | b"44"
            | b"45"
            | b"46"
            | b"47"
            | b"48"
            | b"49"
            | b"51"
            | b"52"
            | b"53"
            | b"54"
            | b"55"
            | b"56"
            | b"57"
            | b"58"
            | b"60"
            | b"61"
            | b"62"
            | b"63"
            | b"64"
            | b"65"
            | b"66"
            | b"81"
            | b"82"
            | b"84"
            | b"86"
            | b"90"
            | b"91"
            | b"92"
            | b"93"
            | b"94"
            | b"95"
            | b"98"
    ) || code.len() == 3
        && matches!(
            code[..2],
            [b'2', b'1'..=b'9']
                | [b'3', b'5' | b'7' | b'8']
                | [b'4', b'2']
                | [b'5', b'0' | b'9']
                | [b'6', b'7'..=b'9']
                | [b'8', b'5' | b'8']
                | [b'9', b'6' | b'7' | b'9']
        )
}

/// `call me at 8801711123456`
fn has_cue(before: &str, number: &str) -> bool {
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let plain = number.bytes().all(|b| b.is_ascii_digit() || b == b' ' || b == b'-');
    let mut words = before.rsplit(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let cued = |word: &str| CUES.iter().any(|cue| word.eq_ignore_ascii_case(cue));
    let strong = |word: &str| CUES[..19].iter().any(|cue| word.eq_ignore_ascii_case(cue));
    let Some(last) = words.next() else { return false };
    plain
        && INTERNATIONAL.contains(&digits)
        && (strong(last)
            || cued(last) && words.take(2).any(strong)
            || last.eq_ignore_ascii_case("number") && before.len() < 80)
}
