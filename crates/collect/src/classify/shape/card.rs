//! Payment card numbers: a scheme's prefix and length, and the Luhn check digit.

use super::{Spans, digits};
use domain::schema::DataKind;
use std::ops::Range;

/// Digits of the shortest and the longest card number.
const LENGTHS: std::ops::RangeInclusive<usize> = 13..=19;

/// Any neighbouring groups of digits may be one number: `4111 1111 1111 1111` is, and in
/// `order 264846 4111111111111111` the last group alone is.
pub(super) fn find(text: &str, spans: &mut Spans) {
    let groups = groups(text.as_bytes());
    let mut first = 0;
    while first < groups.len() {
        match longest_from(text, &groups[first..]) {
            Some(count) => {
                spans.push(groups[first].start..groups[first + count - 1].end, DataKind::Card);
                first += count;
            }
            None => first += 1,
        }
    }
}

/// How many groups from the first on make a card number, the most of them that do.
fn longest_from(text: &str, groups: &[Range<usize>]) -> Option<usize> {
    let mut length = 0;
    let mut found = None;
    for (index, group) in groups.iter().enumerate() {
        let joined = index == 0 || is_joined(text.as_bytes(), groups[index - 1].end, group.start);
        length += group.len();
        if !joined || length > *LENGTHS.end() {
            break;
        }
        if LENGTHS.contains(&length) && is_card_number(&text[groups[0].start..group.end]) {
            found = Some(index + 1);
        }
    }
    found
}

/// Whether one character that people write between digits of a number is all there is in between.
fn is_joined(text: &[u8], end: usize, start: usize) -> bool {
    start == end + 1 && matches!(text[end], b' ' | b'.' | b'-')
}

/// Where the runs of digits are.
fn groups(text: &[u8]) -> Vec<Range<usize>> {
    let mut groups = Vec::new();
    let mut start = None;
    for (place, byte) in text.iter().enumerate() {
        match (byte.is_ascii_digit(), start) {
            (true, None) => start = Some(place),
            (false, Some(from)) => {
                groups.push(from..place);
                start = None;
            }
            _ => {}
        }
    }
    groups.extend(start.map(|from| from..text.len()));
    groups
}

/// Whether the digits of this text are those of a card. Milliseconds since 1970 never are: they
/// begin with a 1, which no scheme does.
pub(in super::super) fn is_card_number(text: &str) -> bool {
    let number: Vec<u8> = digits(text).collect();
    is_issued(&number) && luhn(&number) && number.iter().any(|&digit| digit != number[0])
}

/// Whether a scheme issues numbers of this prefix and length.
fn is_issued(number: &[u8]) -> bool {
    let prefix = number.iter().take(6).fold(0_u32, |value, &digit| value * 10 + u32::from(digit));
    match (number.len(), prefix) {
        // Visa
        (13 | 16 | 19, 400_000..=499_999) => true,
        // Mastercard
        (16, 510_000..=559_999 | 222_100..=272_099) => true,
        // American Express
        (15, 340_000..=349_999 | 370_000..=379_999) => true,
        // Discover, RuPay
        (16..=19, 601_100..=601_199 | 644_000..=659_999 | 607_000..=608_999) => true,
        // JCB
        (16..=19, 352_800..=358_999) => true,
        // Diners Club
        (14..=19, 300_000..=305_999 | 360_000..=369_999 | 380_000..=399_999) => true,
        // UnionPay
        (16..=19, 620_000..=629_999) => true,
        // Maestro, Mir
        (16..=19, 500_000..=509_999 | 560_000..=589_999 | 630_000..=639_999 | 670_000..=679_999) => true,
        (16, 220_000..=220_499) => true,
        _ => false,
    }
}

pub(super) fn luhn(number: &[u8]) -> bool {
    let sum: u32 = number
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| match (place % 2, u32::from(digit)) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => digit * 2 - 9,
            (_, digit) => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}
