//! Texts that were looked through and held nothing: events repeat the same few pages, browsers and
//! plans, and a URL takes a hundred times as long to look through as to recognise.
//!
//! Exact texts, so that nothing slips through by a collision, and a hash that is keyed by the
//! process, so that nobody can choose texts that are slow to find.

use super::sweep::Treatment;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

/// Shorter texts are looked through as fast as they are found here.
const SHORTEST: usize = 12;

/// Longer texts hardly come twice.
const LONGEST: usize = 256;

/// Texts kept of each treatment, by thread; with these numbers at most a few megabytes. Beyond it
/// all are forgotten: what is frequent is soon known again.
const MOST: usize = 4096;

thread_local! {
    static CLEAN: RefCell<HashMap<Treatment, HashSet<Box<str>>>> = RefCell::default();
}

/// Whether this text is known to hold nothing under this treatment.
pub(super) fn is_known_clean(text: &str, treatment: Treatment) -> bool {
    is_worth_it(text)
        && CLEAN.with_borrow(|clean| clean.get(&treatment).is_some_and(|texts| texts.contains(text)))
}

/// To be called for a text of which nothing was taken.
pub(super) fn remember_clean(text: &str, treatment: Treatment) {
    if is_worth_it(text) {
        CLEAN.with_borrow_mut(|clean| {
            let texts = clean.entry(treatment).or_default();
            if texts.len() == MOST {
                texts.clear();
            }
            texts.insert(text.into());
        });
    }
}

fn is_worth_it(text: &str) -> bool {
    (SHORTEST..=LONGEST).contains(&text.len())
}
