//! What values look like: one file per family of shapes.
//!
//! Each family looks for its shape anywhere in a text and adds the spans it is sure of. A family takes
//! a candidate only with a proof beyond its outline wherever there is one: a check digit, a known
//! prefix, a country's length.

mod card;
mod email;
mod entropy;
mod iban;
mod ip;
mod jwt;
mod key;
mod national;
mod opaque;
mod person;
mod phone;

#[cfg(test)]
mod tests;

pub(super) use entropy::is_uuid;

use super::glance::{Glance, mark};
use super::name::Hints;
use domain::schema::DataKind;
use std::ops::Range;

pub(super) use card::is_card_number;

/// A place in a text where something was recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) range: Range<usize>,
    pub(super) kind: DataKind,
}

/// What was recognised so far. Families are asked in the order of certainty: where two see something
/// in the same place, the first one's kind stands.
#[derive(Debug, Default)]
pub(super) struct Spans(Vec<Span>);

impl Spans {
    pub(super) fn push(&mut self, range: Range<usize>, kind: DataKind) {
        self.0.push(Span { range, kind });
    }

    /// Forgets what was pushed after the first `kept` and lies wholly inside one of these places.
    fn forget_inside(&mut self, kept: usize, places: &[Range<usize>]) {
        let inside = |span: &Span| {
            places.iter().any(|place| place.start <= span.range.start && span.range.end <= place.end)
        };
        let mut rank = 0;
        self.0.retain(|span| {
            rank += 1;
            rank <= kept || !inside(span)
        });
    }

    /// Whether something was recognised in this place, or in a part of it.
    fn touches(&self, range: &Range<usize>) -> bool {
        self.0.iter().any(|span| span.range.start < range.end && range.start < span.range.end)
    }

    /// In order of place, without overlaps: what overlaps becomes one span, so that no part of
    /// either stays readable.
    pub(super) fn settle(self) -> Vec<Span> {
        let mut spans: Vec<(usize, Span)> = self.0.into_iter().enumerate().collect();
        spans.sort_by_key(|(rank, span)| (span.range.start, *rank));
        let mut settled: Vec<(usize, Span)> = vec![];
        for (rank, span) in spans {
            match settled.last_mut() {
                Some((best, last)) if span.range.start < last.range.end => {
                    last.range.end = last.range.end.max(span.range.end);
                    if rank < *best {
                        (*best, last.kind) = (rank, span.kind);
                    }
                }
                _ => settled.push((rank, span)),
            }
        }
        settled.into_iter().map(|(_, span)| span).collect()
    }
}

/// Everything recognised in the text as it stands (not in what may be encoded in it).
pub(super) fn find(text: &str, glance: &Glance, hints: Hints, spans: &mut Spans) {
    let run = glance.longest_run;
    if run >= 12 || glance.has(mark::COLON) {
        key::find(text, spans);
    }
    if run >= 20 {
        jwt::find(text, spans);
    }
    if glance.has(mark::AT | mark::PERCENT | mark::AMPERSAND | mark::BACKSLASH | mark::BRACKET | mark::HIGH) {
        email::find(text, spans);
    }
    let certain = spans.0.len();
    if glance.digits >= 13 {
        card::find(text, spans);
    }
    if glance.digits >= 9 {
        iban::find(text, spans);
    }
    if glance.digits >= 4 && (glance.has(mark::DOT) || glance.has(mark::COLON)) || glance.has(mark::COLON) {
        ip::find(text, hints, spans);
    }
    if glance.digits >= 6 {
        national::find(text, hints, spans);
    }
    if glance.digits >= 8 {
        phone::find(text, hints, spans);
    }
    if glance.may_name_someone() {
        person::find(text, hints, spans);
    }
    if run >= opaque::SHORTEST && spans.0.len() > certain {
        spans.forget_inside(certain, &opaque::ranges(text));
    }
}

/// Strings drawn at random, where nothing better is known of them: asked last, after all else.
pub(super) fn find_random(text: &str, glance: &Glance, hints: Hints, spans: &mut Spans) {
    if glance.longest_run >= entropy::SHORTEST {
        entropy::find(text, hints, spans);
    }
}

/// The kind of the first thing recognised in the text, if there is one.
pub(super) fn first_kind(text: &str, hints: Hints) -> Option<DataKind> {
    let glance = Glance::of(text);
    if glance.is_clean() {
        return None;
    }
    let mut spans = Spans::default();
    find(text, &glance, hints, &mut spans);
    find_random(text, &glance, hints, &mut spans);
    spans.settle().first().map(|span| span.kind)
}

/// Whether the character before (or after) a span would make it a part of something longer.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    !text[..range.start].chars().next_back().is_some_and(joins)
        && !text[range.end..].chars().next().is_some_and(joins)
}

/// The decimal digits of a text.
fn digits(text: &str) -> impl Iterator<Item = u8> + '_ {
    text.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0')
}
