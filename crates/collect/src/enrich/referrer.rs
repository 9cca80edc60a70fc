//! What kind of source a visit came from.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// Medium, name, domains, by tabs; see data/SOURCES.md.
static LIST: &str = include_str!("../../../../data/referrers.tsv");

/// What the list (of 2014) could not know.
const NEWER: [(Medium, &str, &str); 38] = [
    (Medium::Search, "Google", "google.com"),
    (Medium::Search, "Bing", "bing.com"),
    (Medium::Search, "DuckDuckGo", "duckduckgo.com"),
    (Medium::Search, "Ecosia", "ecosia.org"),
    (Medium::Search, "Brave", "search.brave.com"),
    (Medium::Search, "Kagi", "kagi.com"),
    (Medium::Search, "Startpage", "startpage.com"),
    (Medium::Search, "Qwant", "qwant.com"),
    (Medium::Search, "Perplexity", "perplexity.ai"),
    (Medium::Search, "ChatGPT", "chatgpt.com"),
    (Medium::Search, "ChatGPT", "chat.openai.com"),
    (Medium::Search, "Claude", "claude.ai"),
    (Medium::Search, "Gemini", "gemini.google.com"),
    (Medium::Search, "Copilot", "copilot.microsoft.com"),
    (Medium::Search, "Google", "com.google.android.googlequicksearchbox"),
    (Medium::Email, "Gmail", "com.google.android.gm"),
    (Medium::Email, "Gmail", "mail.google.com"),
    (Medium::Email, "Outlook", "outlook.live.com"),
    (Medium::Email, "Outlook", "outlook.office.com"),
    (Medium::Email, "Outlook", "outlook.office365.com"),
    (Medium::Email, "Proton Mail", "mail.proton.me"),
    (Medium::Social, "Facebook", "facebook.com"),
    (Medium::Social, "Instagram", "instagram.com"),
    (Medium::Social, "Threads", "threads.net"),
    (Medium::Social, "X", "x.com"),
    (Medium::Social, "X", "t.co"),
    (Medium::Social, "LinkedIn", "linkedin.com"),
    (Medium::Social, "LinkedIn", "lnkd.in"),
    (Medium::Social, "TikTok", "tiktok.com"),
    (Medium::Social, "Reddit", "reddit.com"),
    (Medium::Social, "YouTube", "youtube.com"),
    (Medium::Social, "Bluesky", "bsky.app"),
    (Medium::Social, "Mastodon", "mastodon.social"),
    (Medium::Social, "Hacker News", "news.ycombinator.com"),
    (Medium::Social, "WhatsApp", "whatsapp.com"),
    (Medium::Social, "Telegram", "t.me"),
    (Medium::Social, "Slack", "app.slack.com"),
    (Medium::Social, "Discord", "discord.com"),
];

/// Kind of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Medium {
    Search,
    Social,
    Email,
    Paid,
    /// Another site.
    Referral,
}

impl Medium {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Social => "social",
            Self::Email => "email",
            Self::Paid => "paid",
            Self::Referral => "referral",
        }
    }
}

/// Where a visit came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub medium: Medium,
    /// `Google`, or the registrable domain where the source has no known name.
    pub name: String,
}

static BY_DOMAIN: LazyLock<FxHashMap<&'static str, (Medium, &'static str)>> = LazyLock::new(|| {
    let mut domains = FxHashMap::default();
    let mut parts = FxHashMap::default();
    for line in LIST.lines() {
        let mut fields = line.split('\t');
        let (Some(medium), Some(name), Some(listed)) = (fields.next(), fields.next(), fields.next()) else {
            continue;
        };
        let medium = match medium {
            "search" => Medium::Search,
            "social" => Medium::Social,
            "email" => Medium::Email,
            "paid" => Medium::Paid,
            _ => Medium::Referral,
        };
        for domain in listed.split(' ') {
            // `google.com/imghp`: whose pages are told apart by path does not have the whole host.
            match domain.split_once('/') {
                None => domains.insert(domain.strip_prefix("www.").unwrap_or(domain), (medium, name)),
                Some((host, _)) => parts.insert(host.strip_prefix("www.").unwrap_or(host), (medium, name)),
            };
        }
    }
    for (host, source) in parts {
        domains.entry(host).or_insert(source);
    }
    for (medium, name, domain) in NEWER {
        domains.insert(domain, (medium, name));
    }
    domains
});

#[derive(Debug)]
pub(super) struct Sources;

impl Sources {
    /// The source of a referring URL or domain. `None`: there is none (`$direct`, an empty text).
    pub(super) fn find(&self, referrer: &str) -> Option<Source> {
        let host = host(referrer)?;
        // From the whole host to its registrable domain: `mail.google.com` is not `google.com`.
        let registrable = psl::domain_str(host);
        let mut rest = host.strip_prefix("www.").unwrap_or(host);
        loop {
            if let Some(&(medium, name)) = BY_DOMAIN.get(rest) {
                return Some(Source { medium, name: name.to_owned() });
            }
            if Some(rest) == registrable {
                break;
            }
            match rest.split_once('.') {
                Some((_, parent)) if parent.contains('.') => rest = parent,
                _ => break,
            }
        }
        Some(Source { medium: Medium::Referral, name: registrable.unwrap_or(host).to_owned() })
    }

    pub(super) fn of_campaign(
        &self,
        medium: Option<&str>,
        source: Option<&str>,
        referrer: Option<&str>,
    ) -> Option<Source> {
        let referred = referrer.and_then(|referrer| self.find(referrer));
        let filled = |text: Option<&str>| {
            text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_ascii_lowercase)
        };
        let (medium, source) = (filled(medium), filled(source));
        if medium.is_none() && source.is_none() {
            return referred;
        }
        let medium = match medium.as_deref().unwrap_or_default() {
            "cpc" | "ppc" | "cpm" | "cpv" | "cpa" | "paid" | "paidsearch" | "paid_search" | "paid-search"
            | "paidsocial" | "paid_social" | "paid-social" | "display" | "banner" | "retargeting" | "ads"
            | "ad" | "affiliate" => Medium::Paid,
            "email" | "e-mail" | "e_mail" | "mail" | "newsletter" => Medium::Email,
            "social" | "social-media" | "social_media" | "sm" | "social-network" => Medium::Social,
            "organic" | "search" => Medium::Search,
            _ => referred.as_ref().map_or(Medium::Referral, |source| source.medium),
        };
        let name = source.or_else(|| referred.map(|source| source.name))?;
        // `utm_source=google` is the Google of the list.
        let known = BY_DOMAIN.values().find(|(_, known)| known.eq_ignore_ascii_case(&name));
        Some(Source { medium, name: known.map_or(name, |(_, known)| (*known).to_owned()) })
    }
}

/// The host of a URL, or the text itself if it is one.
fn host(referrer: &str) -> Option<&str> {
    let rest = referrer.split_once("://").map_or(referrer, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host).trim_end_matches('.');
    (!host.is_empty() && !host.starts_with(['$', '['])).then_some(host)
}
