//! URLs, paths and query strings keep only what is plain. Here the burden of proof is turned round:
//! in a free text what is not recognised stays; in a URL, where a name or an id looks like any other
//! word, what is not known to be harmless goes.
//!
//! | part | stays | becomes |
//! |---|---|---|
//! | scheme, port | as it is | |
//! | user and password | never | gone, without a trace in the URL |
//! | host | as it is | `[ip]` for an address; a label that has a shape, its kind |
//! | path segment | words (`checkout`, `summer-sale-2024`, `index.html`), numbers up to four digits | UUIDs, longer numbers, short random ids: `[id]`; shapes: their kind; percent-encoded or non-ASCII text: `[other]` |
//! | segment after `users`, `profile`, `members`, … or beginning with `@` | what is a page (`settings`, `edit`) | `[id]` |
//! | segment after `reset-password`, `invite`, `verify`, … | words | `[token]` |
//! | query parameter | name on the list of plain ones *and* value plain; flags, numbers up to four digits, one or two letters | `name=[kind]`: the kind the name promises, the value's shape, else `[other]` |
//! | parameter with a URL in it | never | `name=[other]` |
//! | fragment | a word, a path (as above), parameters (as above) | `#[other]` |
//! | `mailto:`, `tel:`, `sms:` | the scheme | `mailto:[email]`, `tel:[phone]` |
//! | `data:`, `javascript:` | the scheme | `data:[other]` |

use super::glance::Glance;
use super::name::{self, Hints, Promise};
use super::shape;
use super::text::Taken;
use super::words::{OPENERS, PAGES, PEOPLE, PLAIN_PARAMETERS, WordList};
use domain::schema::DataKind;
use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// Longest segment or value that is believed to be words.
const LONGEST_PLAIN: usize = 80;
/// Longest number that stays: pages, years, sizes, but not what counts people.
const LONGEST_NUMBER: usize = 4;

/// Whether a text as a whole is a URL, a path or a query string.
pub(super) fn is_url(text: &str) -> bool {
    if text.contains(char::is_whitespace) {
        return false;
    }
    if let Some(at) = text.find("://") {
        return text[..at].split(':').all(|scheme| !scheme.is_empty() && is_scheme(scheme));
    }
    (text.starts_with('/') && text.len() > 1)
        || (text.starts_with('?') && text.contains('='))
        || opaque_scheme(text).is_some()
        || text.split_once(['/', '?']).is_some_and(|(host, _)| is_host(host))
}

/// Whether a text under the name of a URL can be a part of one: `q=ada`, `#top`, but not `Home`.
pub(super) fn may_be_part(text: &str) -> bool {
    !text.contains(char::is_whitespace) && text.contains(['/', '?', '#', '&', '=', '@', '%', ':', '.'])
}

/// Cleans a URL, a path, a query string or a host. `None`: it may stay as it is.
pub(super) fn clean(url: &str, taken: &mut Taken) -> Option<String> {
    if let Some((scheme, kind)) = opaque_scheme(url) {
        let rest = &url[scheme.len()..];
        if DataKind::from_placeholder(rest).is_some() {
            return None;
        }
        if scheme.eq_ignore_ascii_case("blob:") {
            return Some(format!("{scheme}{}", clean(rest, taken)?));
        }
        taken.push((kind, rest.to_owned()));
        return Some(format!("{scheme}{}", kind.placeholder()));
    }
    let (head, fragment) = split(url, '#');
    let (head, query) = split(head, '?');
    let (scheme, authority, path) = match head.find("://") {
        Some(at) => {
            let (scheme, rest) = head.split_at(at + 3);
            let end = rest.find(['/', '\\']).unwrap_or(rest.len());
            (scheme, &rest[..end], &rest[end..])
        }
        None if head.starts_with("//") => {
            let end = head[2..].find('/').map_or(head.len(), |at| at + 2);
            ("//", &head[2..end], &head[end..])
        }
        None => {
            let end = head.find('/').unwrap_or(head.len());
            if is_host(&head[..end]) { ("", &head[..end], &head[end..]) } else { ("", "", head) }
        }
    };
    let mut clean = String::with_capacity(url.len());
    clean.push_str(scheme);
    clean_authority(authority, &mut clean, taken);
    clean_path(path, &mut clean, taken);
    if let Some(query) = query {
        clean.push('?');
        clean_parameters(query, &mut clean, taken);
    }
    if let Some(fragment) = fragment {
        clean.push('#');
        clean_fragment(fragment, &mut clean, taken);
    }
    (clean != url).then_some(clean)
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(head, tail)| (head, Some(tail)))
}

fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

/// `www.example.com`, `localhost:3000`
fn is_host(text: &str) -> bool {
    let host = text.split_once(':').map_or(text, |(host, _)| host);
    host.contains('.')
        && host
            .split('.')
            .all(|label| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
        && host
            .rsplit('.')
            .next()
            .is_some_and(|top| top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic()))
}

/// Schemes without a host, and what stands behind them.
fn opaque_scheme(url: &str) -> Option<(&str, DataKind)> {
    let end = url.find(':')? + 1;
    let kind = match url[..end].to_ascii_lowercase().as_str() {
        "mailto:" => DataKind::Email,
        "tel:" | "sms:" | "smsto:" | "callto:" | "facetime:" => DataKind::Phone,
        "skype:" => DataKind::Id,
        "data:" | "javascript:" | "vbscript:" | "blob:" => DataKind::Other,
        _ => return None,
    };
    (end < url.len() && !url[end..].starts_with("//") && !url[end..].starts_with(' '))
        .then_some((&url[..end], kind))
}

fn replace(kind: DataKind, value: &str, clean: &mut String, taken: &mut Taken) {
    clean.push_str(&kind.placeholder().to_string());
    taken.push((kind, value.to_owned()));
}

fn clean_authority(authority: &str, clean: &mut String, taken: &mut Taken) {
    let host = match authority.rsplit_once('@') {
        Some((userinfo, host)) => {
            taken.push((
                if userinfo.contains(':') { DataKind::Password } else { DataKind::Id },
                userinfo.to_owned(),
            ));
            host
        }
        None => authority,
    };
    let bare = match host.rsplit_once(':') {
        Some((bare, port)) if port.bytes().all(|b| b.is_ascii_digit()) => bare,
        _ => host,
    };
    if host.starts_with("[ip]") {
        clean.push_str(host);
        return;
    }
    let address = bare.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    if let Ok(address) = address {
        if address.is_loopback() || address.is_unspecified() {
            clean.push_str(host);
        } else {
            replace(DataKind::Ip, bare, clean, taken);
            clean.push_str(&host[bare.len()..]);
        }
        return;
    }
    for (at, label) in bare.split('.').enumerate() {
        if at > 0 {
            clean.push('.');
        }
        let decoded = decode(label);
        match if is_placeholder(label) { None } else { shape::first_kind(&decoded, Hints::NONE) } {
            Some(kind) => replace(kind, label, clean, taken),
            None if label.contains('%') => replace(DataKind::Other, label, clean, taken),
            None if shape::is_uuid(label) => replace(DataKind::Id, label, clean, taken),
            None => clean.push_str(label),
        }
    }
    clean.push_str(&host[bare.len()..]);
}

fn clean_path(path: &str, clean: &mut String, taken: &mut Taken) {
    let mut before = "";
    for (at, segment) in path.split('/').enumerate() {
        if at > 0 {
            clean.push('/');
        }
        match segment_kind(segment, before) {
            Some(kind) => replace(kind, segment, clean, taken),
            None => clean.push_str(segment),
        }
        if !segment.is_empty() {
            before = segment;
        }
    }
}

fn listed(list: &WordList, word: &str) -> bool {
    list.contains(word) || list.contains(word.to_ascii_lowercase().as_str())
}

fn is_placeholder(text: &str) -> bool {
    DataKind::from_placeholder(text).is_some()
}

fn segment_kind(segment: &str, before: &str) -> Option<DataKind> {
    if segment.is_empty() || is_placeholder(segment) {
        return None;
    }
    let decoded = decode(segment);
    if let Some(kind) = shape::first_kind(&decoded, Hints::NONE).or_else(|| encoded_kind(&decoded)) {
        return Some(kind);
    }
    if segment.starts_with(['@', '~']) && segment.len() > 1 {
        return Some(DataKind::Id);
    }
    if listed(&PEOPLE, before) && !listed(&PAGES, segment) && !listed(&PEOPLE, segment) {
        return Some(DataKind::Id);
    }
    if listed(&OPENERS, before) && segment.bytes().any(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) {
        return Some(DataKind::Token);
    }
    if !is_words(segment) {
        return Some(DataKind::Other);
    }
    is_thing_id(segment).then_some(DataKind::Id)
}

/// Only what a slug or a file name is made of.
fn is_words(text: &str) -> bool {
    text.len() <= LONGEST_PLAIN
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~' | b'+' | b'!'))
}

/// UUIDs, long numbers, and the short random ids of URLs (`dQw4w9WgXcQ`, `3f2a9c1b`).
fn is_thing_id(segment: &str) -> bool {
    let longest_number = segment.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    longest_number > LONGEST_NUMBER
        || shape::is_uuid(segment)
        || segment.split(['-', '_', '.']).any(is_short_random)
}

fn is_short_random(word: &str) -> bool {
    let count = |test: fn(&u8) -> bool| word.as_bytes().iter().filter(|b| test(b)).count();
    let (digits, upper, lower) =
        (count(u8::is_ascii_digit), count(u8::is_ascii_uppercase), count(u8::is_ascii_lowercase));
    let hex =
        word.len() >= 8 && digits > 0 && digits < word.len() && word.bytes().all(|b| b.is_ascii_hexdigit());
    let mixed = word.len() >= 8 && digits > 0 && upper > 0 && lower > 0;
    let turned = word.len() >= 10 && digits >= 2 && digits + lower + upper == word.len() && {
        let letters_then_digits = word.trim_end_matches(|c: char| c.is_ascii_digit());
        letters_then_digits.bytes().any(|b| b.is_ascii_digit())
    };
    hex || mixed || turned
}

fn clean_parameters(query: &str, clean: &mut String, taken: &mut Taken) {
    for (at, pair) in query.split('&').enumerate() {
        if at > 0 {
            clean.push('&');
        }
        if pair.is_empty() || is_placeholder(pair) {
            clean.push_str(pair);
            continue;
        }
        let (name, value) = split(pair, '=');
        let decoded_name = decode(name);
        let bare_name = decoded_name.trim_end_matches(['[', ']']);
        if !is_words(bare_name) || segment_kind(bare_name, "").is_some() || bare_name.contains('@') {
            let kind = shape::first_kind(&decode(pair), Hints::NONE).unwrap_or(DataKind::Other);
            replace(kind, pair, clean, taken);
            continue;
        }
        clean.push_str(name);
        let Some(value) = value else { continue };
        clean.push('=');
        match parameter_kind(bare_name, value) {
            Some(kind) => replace(kind, value, clean, taken),
            None => clean.push_str(value),
        }
    }
}

fn parameter_kind(name: &str, value: &str) -> Option<DataKind> {
    if value.is_empty() || is_placeholder(value) {
        return None;
    }
    let decoded = decode_form(value);
    let promised = match name::promise(name, None) {
        Promise::Reserved(kind) => Some(kind),
        Promise::Identity => Some(DataKind::Id),
        Promise::Url | Promise::Nothing(_) => None,
    };
    let flag = matches!(&*decoded, "true" | "false" | "yes" | "no" | "on" | "off" | "null")
        || decoded.len() <= LONGEST_NUMBER && decoded.bytes().all(|b| b.is_ascii_digit())
        || decoded.len() <= 2 && decoded.bytes().all(|b| b.is_ascii_alphanumeric());
    if flag && !matches!(promised, Some(DataKind::Id | DataKind::Password | DataKind::Phone)) {
        return None;
    }
    if let Some(kind) =
        promised.or_else(|| shape::first_kind(&decoded, Hints::NONE)).or_else(|| encoded_kind(&decoded))
    {
        return Some(kind);
    }
    let lower = name.to_ascii_lowercase();
    let named_plain =
        lower.starts_with("utm_") || lower.starts_with("mtm_") || listed(&PLAIN_PARAMETERS, &lower);
    let plain = is_words(&decoded.replace([' ', ',', '|'], "-")) && !is_thing_id(&decoded);
    if named_plain && plain { None } else { Some(DataKind::Other) }
}

fn clean_fragment(fragment: &str, clean: &mut String, taken: &mut Taken) {
    if fragment.is_empty() || is_placeholder(fragment) {
        clean.push_str(fragment);
    } else if let Some(path) = fragment.strip_prefix('!').filter(|path| path.starts_with('/')) {
        clean.push('!');
        clean_fragment(path, clean, taken);
    } else if fragment.starts_with('/') || fragment.contains('?') {
        let (path, query) = split(fragment, '?');
        clean_path(path, clean, taken);
        if let Some(query) = query {
            clean.push('?');
            clean_parameters(query, clean, taken);
        }
    } else if fragment.contains(['=', '&']) {
        clean_parameters(fragment, clean, taken);
    } else {
        match segment_kind(fragment, "") {
            Some(kind) => replace(kind, fragment, clean, taken),
            None => clean.push_str(fragment),
        }
    }
}

fn encoded_kind(decoded: &str) -> Option<DataKind> {
    let glance = Glance::of(decoded);
    let mut spans = shape::Spans::default();
    super::encoded::find(decoded, &glance, Hints::NONE, 0, &mut spans);
    spans.settle().first().map(|span| span.kind)
}

fn decode(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

/// As forms write it: `+` is a space.
fn decode_form(text: &str) -> Cow<'_, str> {
    if text.contains('+') && !text.starts_with('+') {
        Cow::Owned(decode(&text.replace('+', " ")).into_owned())
    } else {
        decode(text)
    }
}
