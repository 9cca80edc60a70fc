//! Addresses of the internet protocol. Version numbers of four parts are told apart by the name of
//! the property and by what stands before them.

use super::{Hints, Spans};
use domain::schema::DataKind;
use regex::Regex;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

static CANDIDATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+").expect("a constant pattern")
});

/// Fewest characters of a version 6 address that is believed: `a::b` may be anything.
const SHORTEST_V6: usize = 7;

pub(super) fn find(text: &str, hints: Hints, spans: &mut Spans) {
    if hints.has(Hints::VERSION) {
        return;
    }
    for found in CANDIDATE.find_iter(text) {
        let range = found.range();
        let before = text[..range.start].chars().next_back();
        let after = text[range.end..].chars().next();
        let personal = match found.as_str().parse::<Ipv4Addr>() {
            Ok(address) => {
                let part_of_longer = before
                    .is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-'))
                    || after.is_some_and(|c| c.is_alphanumeric() || c == '_')
                    || after == Some('.') && text[range.end + 1..].starts_with(|c: char| c.is_ascii_digit());
                let versioned = before == Some('/') && !text[..range.start].ends_with("//")
                    || names_a_version(&text[..range.start]);
                !part_of_longer && !versioned && !address.is_loopback() && !address.is_unspecified()
            }
            Err(_) => {
                let joined = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
                let written = found.as_str().trim_end_matches('.');
                !joined(before)
                    && !joined(after)
                    && written.len() >= SHORTEST_V6
                    && written.parse::<Ipv6Addr>().is_ok_and(|address| !address.is_loopback())
            }
        };
        if personal {
            spans.push(range, DataKind::Ip);
        }
    }
}

/// `version 1.2.3.4`, `v. 1.2.3.4`, `build 1.2.3.4`
fn names_a_version(before: &str) -> bool {
    let words = before.trim_end_matches([' ', ':', '.']);
    let last = words.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    ["version", "ver", "v", "build", "release", "sdk"].iter().any(|word| last.eq_ignore_ascii_case(word))
}
