//! Programs that fetch pages without a person behind them.

use regex::bytes::{Regex, RegexBuilder};
use std::sync::LazyLock;

/// One pattern a line; see data/SOURCES.md.
static PATTERNS: &str = include_str!("../../../../data/bots.txt");
/// Patterns of the list that are about our own customers: server-side SDKs speak HTTP by such
/// libraries, and what they send is what people did.
const CLIENT_LIBRARIES: [&str; 12] = [
    "python-requests",
    "Python-urllib",
    "aiohttp",
    "httpx",
    "okhttp",
    "axios",
    "node-fetch",
    "Go-http-client",
    "libwww-perl",
    "[wW]get",
    "^Apache-HttpClient",
    "sindresorhus",
];
/// Room for the compiled patterns.
const MOST_COMPILED_BYTES: usize = 64 * 1024 * 1024;
/// Longest part of a user agent that is looked at.
const LONGEST_AGENT: usize = 512;

static BOTS: LazyLock<Regex> = LazyLock::new(|| {
    let patterns: Vec<&str> = PATTERNS
        .lines()
        .filter(|pattern| {
            !pattern.is_empty() && !CLIENT_LIBRARIES.iter().any(|library| pattern.contains(library))
        })
        .collect();
    RegexBuilder::new(&patterns.join("|"))
        .unicode(false)
        .size_limit(MOST_COMPILED_BYTES)
        .build()
        .expect("the list was checked by a test")
});

/// Compiled at the first question.
#[derive(Debug)]
pub(super) struct Bots;

impl Bots {
    pub(super) fn is_bot(&self, user_agent: &str) -> bool {
        let end = user_agent.len().min(LONGEST_AGENT);
        BOTS.is_match(&user_agent.as_bytes()[..end])
    }
}
