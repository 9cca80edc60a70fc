//! Free text: what is recognised in it is replaced where it stands, the rest stays readable.

use super::encoded;
use super::glance::{Glance, mark};
use super::name::Hints;
use super::pair;
use super::shape::{self, Span, Spans};
use super::url;
use domain::schema::{DataKind, Sensitivity};
use regex::Regex;
use std::sync::LazyLock;

/// What was taken out of a text: the kind, and the clear text that stood there.
pub(super) type Taken = Vec<(DataKind, String)>;

/// How often a text is gone over. Once is enough for all but texts made to confuse: where taking
/// something out brings something else to light. What is still not at rest then goes as a whole.
const MOST_ROUNDS: usize = 4;

/// URLs, and what only a path and a query can be, inside of a text.
static EMBEDDED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?:[A-Za-z][A-Za-z0-9+.-]{1,30}://|(?i:www\.|mailto:|tel:|sms:))[^\s<>"'`\\^|]+|(?:^|\s)/[^\s<>"'`\\^|]{2,}"#)
        .expect("a constant pattern")
});

/// Names that home directories give away.
static HOME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?:(?i:[a-z]:\\+users\\+|(?:^|[\s"'(=:,])/(?:users|home)/)|\\+Users\\+)([^\s/\\:"'<>|\[]+)"#,
    )
    .expect("a constant pattern")
});

/// Cleans a text. `None`: it may stay as it is.
pub(super) fn clean(text: &str, hints: Hints, taken: &mut Taken) -> Option<String> {
    let mut current = None;
    for _ in 0..MOST_ROUNDS {
        let now = current.as_deref().unwrap_or(text);
        let Some(next) = round(now, hints, taken) else { return current };
        current = Some(next);
    }
    let unsettled = current.as_deref().is_some_and(|text| round(text, hints, &mut vec![]).is_some());
    if unsettled { Some(DataKind::Other.placeholder().to_string()) } else { current }
}

/// Takes out what is secret, and nothing else: for properties that an operator made readable.
pub(super) fn destroy_secrets(text: &str, taken: &mut Taken) -> Option<String> {
    let glance = Glance::of(text);
    if glance.is_clean() {
        return None;
    }
    let mut spans = recognise(text, &glance, Hints::NONE);
    spans.retain(|span| span.kind.sensitivity() == Sensitivity::Secret);
    replace(text, &spans, taken)
}

fn round(text: &str, hints: Hints, taken: &mut Taken) -> Option<String> {
    let glance = Glance::of(text);
    if glance.is_clean() || DataKind::from_placeholder(text).is_some() {
        return None;
    }
    let without_urls =
        if glance.has(mark::SLASH | mark::COLON | mark::DOT) { embedded_urls(text, taken) } else { None };
    let now = without_urls.as_deref().unwrap_or(text);
    let glance = if without_urls.is_some() { Glance::of(now) } else { glance };
    let spans = recognise(now, &glance, hints);
    replace(now, &spans, taken).or(without_urls)
}

fn recognise(text: &str, glance: &Glance, hints: Hints) -> Vec<Span> {
    let mut spans = Spans::default();
    shape::find(text, glance, hints, &mut spans);
    encoded::find(text, glance, hints, 0, &mut spans);
    pair::find(text, glance, &mut spans);
    shape::find_random(text, glance, hints, &mut spans);
    if glance.has(mark::SLASH | mark::BACKSLASH) {
        for found in HOME.captures_iter(text) {
            if let Some(owner) =
                found.get(1).filter(|owner| DataKind::from_placeholder(owner.as_str()).is_none())
            {
                spans.push(owner.range(), DataKind::Name);
            }
        }
    }
    spans.settle()
}

fn replace(text: &str, spans: &[Span], taken: &mut Taken) -> Option<String> {
    if spans.is_empty() {
        return None;
    }
    let mut clean = String::with_capacity(text.len());
    let mut from = 0;
    for span in spans {
        clean.push_str(&text[from..span.range.start]);
        clean.push_str(&span.kind.placeholder().to_string());
        taken.push((span.kind, text[span.range.clone()].to_owned()));
        from = span.range.end;
    }
    clean.push_str(&text[from..]);
    Some(clean)
}

fn embedded_urls(text: &str, taken: &mut Taken) -> Option<String> {
    let mut clean: Option<String> = None;
    let mut from = 0;
    for found in EMBEDDED.find_iter(text) {
        let written = found.as_str();
        let lead = written.len() - written.trim_start().len();
        let bare = written.trim_start().trim_end_matches(['.', ',', ';', ':', '!', '?', ')']);
        let Some(replaced) = url::clean(bare, taken) else { continue };
        let start = found.start() + lead;
        let clean = clean.get_or_insert_with(|| String::with_capacity(text.len()));
        clean.push_str(&text[from..start]);
        clean.push_str(&replaced);
        from = start + bare.len();
    }
    let mut clean = clean?;
    clean.push_str(&text[from..]);
    Some(clean)
}
