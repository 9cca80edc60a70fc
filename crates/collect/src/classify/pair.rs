//! `password=hunter2` and `Name: Ada Lovelace` inside of a text: a reserved name, then its value.

use super::glance::{Glance, mark};
use super::name::{self, Promise};
use super::shape::Spans;
use domain::schema::DataKind;
use regex::Regex;
use std::sync::LazyLock;

/// A name of up to three words and what follows it. The value is cut afterwards, by its kind.
static PAIR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)
        ["']? ([A-Za-z][A-Za-z0-9_-]{1,30} (?:\x20[A-Za-z][A-Za-z0-9_-]{1,20}){0,2}) ["']?
        (?: \x20? (?:=|:|=>|%3[AaDd]) \x20? | \x20 is \x20 )
        (?: "([^"\n]*)" | '([^'\n]*)' | ([^\n,;&"'|<>]+) )"#,
    )
    .expect("a constant pattern")
});

/// Names that take a pair in a text for what it says. Narrower than for properties: `address: …` and
/// `id: …` mean anything in a sentence.
fn kind_of(name: &str) -> Option<DataKind> {
    let last = name.rsplit(' ').next().unwrap_or(name);
    let promise = match name::promise(name, None) {
        Promise::Nothing(_) if last.len() < name.len() => name::promise(last, None),
        promise => promise,
    };
    match promise {
        Promise::Reserved(DataKind::Other) => None,
        Promise::Reserved(kind) => Some(kind),
        _ => None,
    }
}

pub(super) fn find(text: &str, glance: &Glance, spans: &mut Spans) {
    if !glance.has(mark::EQUALS | mark::COLON | mark::PERCENT) && !text.contains(" is ") {
        return;
    }
    let mut from = 0;
    while let Some(found) = PAIR.captures_at(text, from) {
        let (Some(name), Some(whole)) = (found.get(1), found.get(0)) else { break };
        let value = found.get(2).or_else(|| found.get(3)).or_else(|| found.get(4));
        from = value.map_or(whole.end(), |value| value.start()).max(from + 1);
        let Some(value) = value else { continue };
        let Some(kind) = kind_of(name.as_str()) else { continue };
        let quoted = found.get(4).is_none();
        let length = if quoted { value.len() } else { length_of(kind, value.as_str()) };
        if length > 0 && is_plausible(kind, &value.as_str()[..length]) {
            spans.push(value.start()..value.start() + length, kind);
            from = value.start() + length;
        }
    }
}

/// How much of what follows belongs to the value.
fn length_of(kind: DataKind, following: &str) -> usize {
    let cut = match kind {
        DataKind::Address | DataKind::BirthDate => following.len(),
        // A name goes on while its words begin with capitals.
        DataKind::Name => {
            let mut end = 0;
            for word in following.split_inclusive(' ') {
                let bare = word.trim();
                if end > 0 && !bare.starts_with(|c: char| c.is_uppercase()) {
                    break;
                }
                end += word.len();
            }
            end
        }
        DataKind::Phone | DataKind::Card | DataKind::Iban => following
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '+' | '(' | ')' | '.')))
            .unwrap_or(following.len()),
        _ => following.find(char::is_whitespace).unwrap_or(following.len()),
    };
    following[..cut].trim_end().len()
}

/// What follows can be a value of this kind: `Error in password: must be longer` has none.
fn is_plausible(kind: DataKind, value: &str) -> bool {
    if DataKind::from_placeholder(value.trim()).is_some() {
        return false;
    }
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    match kind {
        DataKind::Phone | DataKind::NationalId => digits >= 5,
        DataKind::Card => digits >= 8,
        DataKind::Ip | DataKind::BirthDate | DataKind::Iban => digits >= 3,
        DataKind::Address => digits >= 1,
        DataKind::Name => {
            value.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase()) && value.chars().count() > 1
        }
        DataKind::Id => digits >= 1,
        DataKind::Email => value.contains('@') || value.contains('%'),
        DataKind::Password | DataKind::Token | DataKind::ApiKey => {
            value.len() >= 4
                && (digits > 0 || value.bytes().any(|b| b.is_ascii_punctuation() || b.is_ascii_uppercase()))
        }
        DataKind::Jwt | DataKind::Other => true,
    }
}
