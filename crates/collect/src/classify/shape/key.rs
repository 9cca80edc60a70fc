//! Keys and credentials that say so: prefixes by which vendors mark theirs, private keys in PEM,
//! `Authorization` headers, passwords inside URLs.

use super::Spans;
use domain::schema::DataKind;
use regex::Regex;
use std::sync::LazyLock;

/// Formats of keys, by vendor. What follows a prefix is given its least length, not its exact one:
/// vendors change lengths, and half a key is better found than missed.
const FORMATS: [&str; 35] = [
    // OpenAI, Anthropic, OpenRouter and others of the same habit; Stripe; Clerk
    r"sk-[A-Za-z0-9_-]{16,}",
    r"(?:sk|rk|pk)_(?:live|test|prod)_[A-Za-z0-9]{8,}",
    r"whsec_[A-Za-z0-9+/=]{16,}",
    // GitHub, GitLab
    r"gh[pousr]_[A-Za-z0-9]{16,}",
    r"github_pat_[A-Za-z0-9_]{16,}",
    r"gl(?:pat|rt|dt|ptt|cbt|oas|soat|ft)-[A-Za-z0-9_.-]{16,}",
    // Slack
    r"xox[a-z]-[A-Za-z0-9-]{10,}",
    r"xapp-[A-Za-z0-9-]{10,}",
    r"hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/_-]{16,}",
    // AWS, Google, Azure
    r"(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{16}",
    r"AIza[0-9A-Za-z_-]{20,}",
    r"ya29\.[0-9A-Za-z_.-]{16,}",
    r"GOCSPX-[0-9A-Za-z_-]{16,}",
    r"AccountKey=[A-Za-z0-9+/=]{20,}",
    // Registries: npm, PyPI, RubyGems, crates.io
    r"npm_[A-Za-z0-9]{16,}",
    r"pypi-[A-Za-z0-9_-]{16,}",
    r"rubygems_[a-f0-9]{16,}",
    r"cio[A-Za-z0-9]{32}",
    // Mail: SendGrid, Mailgun, Mailchimp, Brevo, Postmark's neighbours
    r"SG\.[A-Za-z0-9_-]{12,}\.[A-Za-z0-9_-]{12,}",
    r"key-[0-9a-zA-Z]{24,}",
    r"[0-9a-f]{32}-us[0-9]{1,2}",
    r"xkeysib-[a-f0-9]{32,}(?:-[A-Za-z0-9]+)?",
    // Shops and payment: Shopify, Square, PayPal's neighbours
    r"shp(?:at|ca|pa|ss|tka)_[A-Za-z0-9]{16,}",
    r"(?:sq0[a-z]{3}-[A-Za-z0-9_-]{16,}|EAAA[A-Za-z0-9_-]{20,})",
    // Facebook, Telegram, Discord, Twilio
    r"EAAC[A-Za-z0-9]{16,}",
    r"[0-9]{8,10}:AA[A-Za-z0-9_-]{30,}",
    r"[MNO][A-Za-z0-9_-]{23,26}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,}",
    r"(?:SK|AC)[0-9a-f]{32}",
    // Hosts: DigitalOcean, Fly, Heroku, Netlify, Supabase, Databricks, HashiCorp
    r"do[opr]_v1_[a-f0-9]{16,}",
    r"(?:fo1_|FlyV1 fm[0-9]_|HRKU-|nfp_|sbp_|dapi|hvs\.|hvb\.)[A-Za-z0-9_+/=-]{20,}",
    // Tools: Hugging Face, Replicate, Linear, Figma, Notion, Airtable, New Relic, Sentry, PostHog, Atlassian
    r"(?:hf_|r8_|lin_api_|figd_|ntn_|secret_|NRAK-|sntry[su]_|phx_|ATATT3|glsa_|dckr_pat_|tskey-|pul-|PMAK-|xai-|gsk_|pplx-)[A-Za-z0-9_=-]{16,}",
    r"pat[A-Za-z0-9]{14}\.[0-9a-f]{16,}",
    r"AGE-SECRET-KEY-1[0-9A-Za-z]{20,}",
    // Headers
    r"(?i:bearer)(?:[ ]+|%20|\+)[A-Za-z0-9._~+/=-]{8,}",
    r"(?i:basic)(?:[ ]+|%20|\+)[A-Za-z0-9+/_-]{12,}={0,2}",
];

/// Private keys in PEM, whole or cut off.
const PRIVATE_KEY: &str = r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(?s:.*?)(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|$)";

/// A key begins a word. (A match is never looked into again: the scan stays linear in the text.)
static KEY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!("(?:(?-u:\\b)|_)(?:{})|{PRIVATE_KEY}", FORMATS.join("|"))).expect("constant patterns")
});

/// `postgres://user:password@host`, and what a URL library would not take for a URL.
static USERINFO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[A-Za-z][A-Za-z0-9+.-]*://([^\s/?#@:]*:[^\s/?#@]+)@").expect("a constant pattern")
});

pub(super) fn find(text: &str, spans: &mut Spans) {
    for found in KEY.find_iter(text) {
        if is_convincing(found.as_str().trim_start_matches('_')) {
            spans.push(found.range(), DataKind::ApiKey);
        }
    }
    for found in USERINFO.captures_iter(text) {
        if let Some(userinfo) = found.get(1) {
            spans.push(userinfo.range(), DataKind::Password);
        }
    }
}

/// Some prefixes are also the beginnings of words (`sk-learn-…`, `basic subscriptions`): there, what
/// follows must look drawn at random.
fn is_convincing(key: &str) -> bool {
    let body = if let Some(body) = key.strip_prefix("sk-").or_else(|| key.strip_prefix("pypi-")) {
        body
    } else if key.len() > 5 && key.as_bytes()[..5].eq_ignore_ascii_case(b"basic") {
        &key[5..]
    } else if key.len() > 6 && key.as_bytes()[..6].eq_ignore_ascii_case(b"bearer") {
        &key[6..]
    } else if key.starts_with("secret_") || key.starts_with("key-") || key.starts_with("pul-") {
        key
    } else {
        return true;
    };
    body.bytes().any(|b| b.is_ascii_digit() || b == b'=')
        || body.bytes().any(|b| b.is_ascii_lowercase()) && body[1..].bytes().any(|b| b.is_ascii_uppercase())
}
