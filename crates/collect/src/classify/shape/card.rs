//! Payment card numbers: a scheme's prefix and length, and the Luhn check digit.

use super::{Spans, digits};
use domain::schema::DataKind;
use regex::Regex;
use std::sync::LazyLock;

static CANDIDATE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[0-9](?:[ .-]?[0-9]){12,18}").expect("a constant pattern"));

pub(super) fn find(text: &str, spans: &mut Spans) {
    for found in CANDIDATE.find_iter(text) {
        let range = found.range();
        let longer = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        if longer(text[..range.start].chars().next_back()) || longer(text[range.end..].chars().next()) {
            continue;
        }
        if is_card_number(found.as_str()) {
            spans.push(range, DataKind::Card);
        }
    }
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
