//! What the name of a property promises, decided once per name.

use super::reserved;
use domain::schema::DataKind;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::sync::{PoisonError, RwLock};

/// What shapes not to see in a value, because its name says what it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Hints(u8);

impl Hints {
    pub(super) const NONE: Self = Self(0);
    /// A version: four parts with dots are no address.
    pub(super) const VERSION: Self = Self(1);
    /// Names a thing (`order_id`, `trace_id`, `commit`, `sku`): long digits are no phone, random
    /// characters no secret.
    pub(super) const THING: Self = Self(2);
    /// A point in time: digits are neither a phone nor a person's number.
    pub(super) const TIME: Self = Self(4);
    /// Says that it is an id, but not of what: a random UUID there is taken for a person's.
    pub(super) const BARE_ID: Self = Self(8);

    /// A proper name of something else: a place, a product, a company, a work.
    pub(super) const PROPER: Self = Self(16);

    pub(super) fn has(self, hint: Self) -> bool {
        self.0 & hint.0 != 0
    }

    pub(super) fn with(self, hint: Self) -> Self {
        Self(self.0 | hint.0)
    }
}

/// What a name promises of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Promise {
    /// The identity step's own: left alone at the top of an event.
    Identity,
    /// Personal or secret by name, whatever its shape.
    Reserved(DataKind),
    /// A URL, a path, or a query string.
    Url,
    /// Nothing: the value is scanned for shapes.
    Nothing(Hints),
}

/// Most names that are remembered: ten times what a large project has. Beyond it names are decided
/// afresh each time, so that a client that makes up names costs time, not memory.
const MOST_NAMES: usize = 20_000;
/// Longest name that is remembered.
const LONGEST_NAME: usize = 128;

/// Remembers what was decided for a name. Only names that hold nothing personal themselves get in.
#[derive(Debug, Default)]
pub(super) struct NameCache(RwLock<FxHashMap<Box<str>, Promise>>);

impl NameCache {
    pub(super) fn get(&self, name: &str) -> Option<Promise> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(name).copied()
    }

    pub(super) fn remember(&self, name: &str, promise: Promise) {
        if name.len() <= LONGEST_NAME {
            let mut names = self.0.write().unwrap_or_else(PoisonError::into_inner);
            if names.len() < MOST_NAMES {
                names.insert(name.into(), promise);
            }
        }
    }
}

/// Decides for a name that stands under `parent` (the name of the object around it), if any.
pub(super) fn promise(name: &str, parent: Option<&str>) -> Promise {
    let name_words = words(name);
    let parent_words = parent.map(words);
    reserved::decide(name, &name_words, parent_words.as_deref())
}

/// The words of a name in lower case: `billingEmail2`, `billing_email_2` and `Billing e-mail (2)` are
/// `billing email`. Digits at the end number a name, and say nothing.
pub(super) fn words(name: &str) -> Vec<String> {
    // What was taken out of a name says nothing of its value: `clicks by [email]` is a number.
    let name = DataKind::ALL.iter().filter(|_| name.contains('[')).fold(Cow::Borrowed(name), |name, kind| {
        let placeholder = kind.placeholder().to_string();
        if name.contains(&placeholder) { Cow::Owned(name.replace(&placeholder, " ")) } else { name }
    });
    let mut words: Vec<String> = vec![];
    let mut word = String::new();
    let mut before = ' ';
    let mut rest = name.chars().peekable();
    while let Some(c) = rest.next() {
        let next_is_lower = rest.peek().is_some_and(|next| next.is_lowercase());
        // A capital begins a word (`userName`), in a run of them the last one does (`userIDNumber`).
        let begins = c.is_uppercase() && (before.is_lowercase() || before.is_uppercase() && next_is_lower)
            || c.is_ascii_digit() != before.is_ascii_digit()
                && before.is_alphanumeric()
                && c.is_alphanumeric();
        if (begins || !c.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    if !word.is_empty() {
        words.push(word);
    }
    while words.len() > 1 && words.last().is_some_and(|word| word.bytes().all(|b| b.is_ascii_digit())) {
        words.pop();
    }
    // `e-mail`, `e_mail`, `E-Mail`
    while let Some(at) = words.windows(2).position(|pair| pair[0] == "e" && pair[1].starts_with("mail")) {
        let mail = words.remove(at + 1);
        words[at] = format!("e{mail}");
    }
    words
}
