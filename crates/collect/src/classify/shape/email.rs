//! E-mail addresses: international ones, and the ways in which the `@` and the dots get disguised
//! (percent-encoded once or twice, HTML entities, JSON escapes, `(at)` and `[dot]`).

use super::Spans;
use domain::schema::DataKind;
use regex::Regex;
use std::sync::LazyLock;

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    let at =
        r"(?:@|＠|%(?:25)*40|&#0*64;|&#[xX]0*40;|&commat;|\\+u0040|\\+x40|[ ]?[\[(][ ]?(?i:at)[ ]?[\])][ ]?)";
    let dot = r"(?:\.|。|%(?:25)*2[eE]|[ ]?[\[(][ ]?(?i:dot)[ ]?[\])][ ]?)";
    let local = r#"(?:"[^"\s]{1,64}"|[\p{L}\p{N}\p{M}._%+'!$*^`~-]+)"#;
    let label = r"[\p{L}\p{N}\p{M}_-]+";
    Regex::new(&format!(r"{local}{at}(?:{label}{dot})+(?:xn--[a-zA-Z0-9-]+|[\p{{L}}\p{{M}}]{{2,24}})"))
        .expect("a constant pattern")
});

/// Endings of `logo@2x.png`: a picture for dense screens, not an address.
const PICTURES: [&str; 7] = ["png", "jpg", "jpeg", "gif", "svg", "webp", "avif"];

pub(super) fn find(text: &str, spans: &mut Spans) {
    for found in ADDRESS.find_iter(text) {
        if !is_picture(found.as_str()) {
            spans.push(found.range(), DataKind::Email);
        }
    }
}

fn is_picture(address: &str) -> bool {
    let Some((_, domain)) = address.rsplit_once('@') else { return false };
    let Some((scale, ending)) = domain.split_once('.') else { return false };
    PICTURES.iter().any(|picture| ending.eq_ignore_ascii_case(picture))
        && scale.strip_suffix('x').is_some_and(|factor| factor.bytes().all(|b| b.is_ascii_digit()))
}
