//! Names of persons in a text.

use super::Spans;
use domain::schema::DataKind;
use regex::Regex;
use std::sync::LazyLock;

static CUED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:(?i:\bmy name is|\bi am|\bi'm|\bdear|\bmr\.?|\bmrs\.?|\bms\.?|\bdr\.?|\bprof\.?))[ ]+(\p{Lu}[\p{L}\p{M}'’-]+(?:[ ]+\p{Lu}[\p{L}\p{M}'’.-]*){0,3})",
    )
    .expect("a constant pattern")
});

pub(super) fn find(text: &str, spans: &mut Spans) {
    for found in CUED.captures_iter(text) {
        if let Some(name) = found.get(1) {
            spans.push(name.range(), DataKind::Name);
        }
    }
}
