//! Numbers by which states know their people. Only forms that can be told from other numbers: by a
//! check digit, by letters in fixed places, by their grouping.

use super::card::luhn;
use super::{Hints, Spans, digits, stands_alone};
use domain::schema::DataKind;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

struct Form {
    pattern: &'static str,
    is_valid: fn(&str) -> bool,
    /// Plain digits without separators: not looked for where the name speaks of a thing or a time.
    bare: bool,
}

static FORMS: [Form; 11] = [
    // United States: social security number
    Form { pattern: r"[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}", is_valid: is_ssn, bare: false },
    // United Kingdom: national insurance number
    Form {
        pattern: r"(?i:[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z])[ ]?[0-9]{2}[ ]?[0-9]{2}[ ]?[0-9]{2}[ ]?(?i:[A-D])",
        is_valid: |_| true,
        bare: false,
    },
    // Romania: cod numeric personal
    Form { pattern: r"[1-8][0-9]{12}", is_valid: is_cnp, bare: true },
    // Spain: DNI and NIE
    Form { pattern: r"(?i:[XYZ]|[0-9])[0-9]{7}[- ]?[A-Za-z]", is_valid: is_dni, bare: false },
    // India: Aadhaar, in its groups
    Form { pattern: r"[2-9][0-9]{3}[- ][0-9]{4}[- ][0-9]{4}", is_valid: is_aadhaar, bare: false },
    // Brazil: CPF, in its groups
    Form { pattern: r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}", is_valid: is_cpf, bare: false },
    // Italy: codice fiscale
    Form {
        pattern: r"[A-Za-z]{6}[0-9]{2}[A-EHLMPR-Ta-ehlmpr-t][0-9]{2}[A-Za-z][0-9]{3}[A-Za-z]",
        is_valid: |_| true,
        bare: false,
    },
    // France: numéro de sécurité sociale
    Form {
        pattern: r"[12] ?[0-9]{2} ?[0-9]{2} ?(?:[0-9]{2}|2[ABab]) ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}",
        is_valid: is_nir,
        bare: true,
    },
    // Sweden: personnummer
    Form { pattern: r"(?:19|20)?[0-9]{6}[-+][0-9]{4}", is_valid: is_personnummer, bare: false },
    // China: resident identity number
    Form { pattern: r"[1-9][0-9]{16}[0-9Xx]", is_valid: is_resident_identity, bare: true },
    // Mexico: CURP
    Form { pattern: r"[A-Z]{4}[0-9]{6}[HMX][A-Z]{5}[A-Z0-9][0-9]", is_valid: |_| true, bare: false },
];

static PATTERNS: LazyLock<Vec<(Regex, &'static Form)>> = LazyLock::new(|| {
    FORMS.iter().map(|form| (Regex::new(form.pattern).expect("a constant pattern"), form)).collect()
});

pub(super) fn find(text: &str, hints: Hints, spans: &mut Spans) {
    for (pattern, form) in PATTERNS.iter() {
        if form.bare && (hints.has(Hints::THING) || hints.has(Hints::TIME)) {
            continue;
        }
        for found in pattern.find_iter(text) {
            if is_separate(text, &found.range()) && (form.is_valid)(found.as_str()) {
                spans.push(found.range(), DataKind::NationalId);
            }
        }
    }
}

fn is_separate(text: &str, range: &Range<usize>) -> bool {
    let joins = |c: Option<char>| c.is_some_and(|c| matches!(c, '-' | '.' | '/'));
    stands_alone(text, range)
        && !joins(text[..range.start].chars().next_back())
        && !text[range.end..].starts_with(['-', '/'])
}

fn number(text: &str, range: Range<usize>) -> u32 {
    digits(text).skip(range.start).take(range.len()).fold(0, |value, digit| value * 10 + u32::from(digit))
}

fn weighted(text: &str, weights: &[u32]) -> u32 {
    digits(text).zip(weights).map(|(digit, weight)| u32::from(digit) * weight).sum()
}

fn is_day_of_year(month: u32, day: u32) -> bool {
    (1..=12).contains(&month) && (1..=31).contains(&day)
}

fn is_ssn(text: &str) -> bool {
    let (area, group, serial) = (number(text, 0..3), number(text, 3..5), number(text, 5..9));
    !matches!(area, 0 | 666 | 900..) && group != 0 && serial != 0
}

fn is_cnp(text: &str) -> bool {
    const WEIGHTS: [u32; 12] = [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9];
    let check = match weighted(text, &WEIGHTS) % 11 {
        10 => 1,
        rest => rest,
    };
    is_day_of_year(number(text, 3..5), number(text, 5..7))
        && matches!(number(text, 7..9), 1..=48 | 51 | 52 | 70 | 80..=83 | 90..)
        && check == number(text, 12..13)
}

fn is_dni(text: &str) -> bool {
    const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let first = match text.as_bytes()[0].to_ascii_uppercase() {
        b'X' => 0,
        b'Y' => 1,
        b'Z' => 2,
        digit => u32::from(digit - b'0'),
    };
    let rest = digits(&text[1..]).fold(0_u32, |value, digit| value * 10 + u32::from(digit));
    let letter = text.as_bytes()[text.len() - 1].to_ascii_uppercase();
    LETTERS[((first * 10_000_000 + rest) % 23) as usize] == letter
}

fn is_cpf(text: &str) -> bool {
    let check = |weights: &[u32]| match weighted(text, weights) * 10 % 11 {
        10 => 0,
        rest => rest,
    };
    check(&[10, 9, 8, 7, 6, 5, 4, 3, 2]) == number(text, 9..10)
        && check(&[11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) == number(text, 10..11)
}

fn is_nir(text: &str) -> bool {
    let digits: String = text.chars().filter(|c| *c != ' ').map(|c| c.to_ascii_uppercase()).collect();
    let digits = digits.replace("2A", "19").replace("2B", "18");
    let (Some(body), Some(key)) = (digits.get(..13), digits.get(13..)) else { return false };
    let (Ok(body), Ok(key)) = (body.parse::<u64>(), key.parse::<u64>()) else { return false };
    let month = body / 100_000_000 % 100;
    (1..=12).contains(&month) && 97 - body % 97 == key
}

fn is_personnummer(text: &str) -> bool {
    let all: Vec<u8> = digits(text).collect();
    let ten = &all[all.len() - 10..];
    let pair = |at: usize| u32::from(ten[at]) * 10 + u32::from(ten[at + 1]);
    is_day_of_year(pair(2), pair(4) % 60) && luhn(ten)
}

fn is_resident_identity(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    matches!(number(text, 6..8), 19 | 20)
        && is_day_of_year(number(text, 10..12), number(text, 12..14))
        && CHECKS[(weighted(text, &WEIGHTS) % 11) as usize] == text.as_bytes()[17].to_ascii_uppercase()
}

/// Verhoeff's check, which Aadhaar numbers carry.
fn is_aadhaar(text: &str) -> bool {
    const TIMES: [[u8; 10]; 10] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
        [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
        [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
        [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
        [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
        [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
        [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
        [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ];
    const PERMUTED: [[u8; 10]; 8] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
        [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
        [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
        [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
        [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
        [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
        [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ];
    let backwards: Vec<u8> = digits(text).collect::<Vec<_>>().into_iter().rev().collect();
    let check = backwards.iter().enumerate().fold(0_u8, |check, (place, &digit)| {
        TIMES[usize::from(check)][usize::from(PERMUTED[place % 8][usize::from(digit)])]
    });
    check == 0
}
