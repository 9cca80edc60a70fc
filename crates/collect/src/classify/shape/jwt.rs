//! JSON web tokens: `{"` in base64 is always `eyJ`.

use super::Spans;
use domain::schema::DataKind;
use regex::Regex;
use std::sync::LazyLock;

static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"eyJ[A-Za-z0-9_=-]{8,}\.[A-Za-z0-9_=-]{4,}(?:\.[A-Za-z0-9_=+/-]*){0,3}")
        .expect("a constant pattern")
});

pub(super) fn find(text: &str, spans: &mut Spans) {
    for found in TOKEN.find_iter(text) {
        spans.push(found.range(), DataKind::Jwt);
    }
}
