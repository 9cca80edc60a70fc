//! Names of persons in a text.
//!
//! A name is recognised by what stands before it (*my name is*, *Dr.*), and by being one: a given and a
//! family name side by side, both on lists that cover some seventy languages. One name alone is not
//! enough, nor are two that are everyday words (`Grant Page`, `Summer Rose`); a name that is on no list
//! is not recognised. Fields for names are therefore reserved by their own names, and this is for the
//! rest.

use super::{Hints, Spans};
use crate::classify::words::{EVERYDAY, PARTICLE};
use domain::schema::DataKind;
use regex::Regex;
use rustc_hash::FxHashSet;
use std::ops::Range;
use std::sync::LazyLock;

/// One name a line, in lower case; see data/SOURCES.md.
static GIVEN: LazyLock<FxHashSet<&'static str>> =
    LazyLock::new(|| include_str!("../../../../../data/given-names.txt").lines().collect());
static FAMILY: LazyLock<FxHashSet<&'static str>> =
    LazyLock::new(|| include_str!("../../../../../data/family-names.txt").lines().collect());

static CUED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:(?i:\bmy name is|\bi am|\bi'm|\bdear|\bmr\.?|\bmrs\.?|\bms\.?|\bdr\.?|\bprof\.?))[ ]+(\p{Lu}[\p{L}\p{M}'’-]+(?:[ ]+\p{Lu}[\p{L}\p{M}'’.-]*){0,3})",
    )
    .expect("a constant pattern")
});

static WORD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*").expect("a constant pattern"));

/// Most words that a name has between its first and its last: initials, particles, a second name.
const MOST_BETWEEN: usize = 3;

pub(super) fn find(text: &str, hints: Hints, spans: &mut Spans) {
    for found in CUED.captures_iter(text) {
        if let Some(name) =
            found.get(1).filter(|name| !EVERYDAY.contains(name.as_str().to_lowercase().as_str()))
        {
            spans.push(name.range(), DataKind::Name);
        }
    }
    if hints.has(Hints::PROPER) {
        return;
    }
    let words: Vec<Word<'_>> =
        WORD.find_iter(text).map(|word| Word::new(word.range(), word.as_str())).collect();
    let mut at = 0;
    while at < words.len() {
        match name_at(text, &words, at) {
            Some(last) => {
                spans.push(words[at].range.start..words[last].range.end, DataKind::Name);
                at = last + 1;
            }
            None => {
                if words[at].is_unspaced_name() {
                    spans.push(words[at].range.clone(), DataKind::Name);
                }
                at += 1;
            }
        }
    }
}

struct Word<'a> {
    range: Range<usize>,
    written: &'a str,
    lower: String,
}

impl<'a> Word<'a> {
    fn new(range: Range<usize>, written: &'a str) -> Self {
        Self { range, written, lower: written.to_lowercase() }
    }

    /// Begins with a capital, or is of a script that has none.
    fn is_capital(&self) -> bool {
        self.written.starts_with(|c: char| !c.is_lowercase())
    }

    fn is_long_enough(&self) -> bool {
        self.written.len() >= 3
    }

    fn is_given(&self) -> bool {
        self.is_long_enough() && GIVEN.contains(self.lower.as_str())
    }

    fn is_family(&self) -> bool {
        self.is_long_enough() && FAMILY.contains(self.lower.as_str())
    }

    fn is_everyday(&self) -> bool {
        EVERYDAY.contains(self.lower.as_str())
    }

    /// Family and given name in one word, as Chinese, Japanese and Korean write them.
    fn is_unspaced_name(&self) -> bool {
        let unspaced = |c: char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}');
        (3..=5).contains(&self.written.chars().count())
            && self.written.chars().all(unspaced)
            && self.written.char_indices().skip(1).any(|(at, _)| {
                let (family, given) = self.written.split_at(at);
                FAMILY.contains(family) && GIVEN.contains(given)
            })
    }
}

/// The last word of the name that begins with word `first`, if one does.
fn name_at(text: &str, words: &[Word<'_>], first: usize) -> Option<usize> {
    let begin = &words[first];
    let (given, family) = (begin.is_given(), begin.is_family());
    if !given && !family {
        return None;
    }
    let mut found = None;
    for last in first + 1..words.len().min(first + 2 + MOST_BETWEEN) {
        let word = &words[last];
        let joint = &text[words[last - 1].range.end..word.range.start];
        if !joins(joint, begin, word, found.is_some()) {
            break;
        }
        let listed = word.is_family() || word.is_given();
        let proper = given && word.is_family() || family && word.is_given();
        // Many a family name is on the lists as a given one only (`Amina Rahman`).
        let completes = if proper {
            !(begin.is_everyday() && word.is_everyday())
        } else {
            given && listed && !begin.is_everyday() && !word.is_everyday()
        };
        if completes || found.is_some() && listed && !word.is_everyday() {
            found = Some(last);
            continue;
        }
        // What may stand between a first and a last name.
        let between = listed || PARTICLE.contains(word.lower.as_str()) || word.lower.chars().count() == 1;
        if found.is_some() || !between {
            break;
        }
    }
    found
}

/// Whether what stands between two words leaves them one name: a space between capitals, a single
/// `-`, `_`, `.` or `+` between any (`ada.lovelace`).
fn joins(joint: &str, first: &Word<'_>, word: &Word<'_>, complete: bool) -> bool {
    match joint {
        " " | ". " | ", " | "\u{a0}" => {
            (joint != ", " || !complete)
                && first.is_capital()
                && (word.is_capital() || PARTICLE.contains(word.lower.as_str()))
        }
        "-" | "_" | "." | "+" => true,
        _ => false,
    }
}
