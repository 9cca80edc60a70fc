//! What a client reads: exactly the bytes that each of them tests for (mixpanel-wire.md §1.2 to §1.5).

use super::{Endpoint, Refusal, WireError};
use crate::outcome::{Outcome, Rejection};
use serde_json::{Value, json};
use std::borrow::Cow;

/// An answer, ready for any HTTP server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    pub content_type: &'static str,
    /// Seconds, for the `Retry-After` header.
    pub retry_after: Option<u32>,
    pub body: Cow<'static, [u8]>,
}

pub(crate) const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const IMAGE: &str = "image/gif";

/// One transparent pixel.
const PIXEL: &[u8] = &[
    0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0x01, 0x00, 0x01, 0x00, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff,
    0xff, 0xff, 0x21, 0xf9, 0x04, 0x01, 0x00, 0x00, 0x00, 0x00, 0x2c, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00,
    0x01, 0x00, 0x00, 0x02, 0x02, 0x44, 0x01, 0x00, 0x3b,
];

/// A callback's name is a path in the page, not a program.
const MAX_CALLBACK: usize = 128;

/// In which form a client wants its answer; from the query or the form body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplyOptions {
    pub verbosity: Verbosity,
    pub strict: bool,
    pub image: bool,
    /// A checked name of a function in the client's page.
    pub callback: Option<Box<str>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verbosity {
    /// One character: `1` or `0`.
    #[default]
    Plain,
    Verbose,
    /// With a fuller error text.
    Full,
}

impl ReplyOptions {
    pub(super) fn read(&mut self, name: &str, value: &str) {
        match name {
            "verbose" => {
                self.verbosity = match value {
                    "2" => Verbosity::Full,
                    value if super::is_on(value) => Verbosity::Verbose,
                    _ => Verbosity::Plain,
                }
            }
            "strict" => self.strict = super::is_on(value),
            "img" => self.image = super::is_on(value),
            "callback" => self.callback = is_callback(value).then(|| value.into()),
            _ => {}
        }
    }
}

/// Names joined by dots, with numbers in brackets: `mixpanel._jsc[123]`. Anything else could be a
/// script of somebody else's choice.
fn is_callback(text: &str) -> bool {
    let name = |part: &str| {
        let mut characters = part.chars();
        characters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_' || c == '$')
            && characters.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
    };
    let indexed = |part: &str| {
        let (base, mut indices) = part.split_at(part.find('[').unwrap_or(part.len()));
        while let Some(rest) = indices.strip_prefix('[') {
            let Some((index, rest)) = rest.split_once(']') else { return false };
            if index.is_empty() || !index.bytes().all(|byte| byte.is_ascii_digit()) {
                return false;
            }
            indices = rest;
        }
        indices.is_empty() && name(base)
    };
    text.len() <= MAX_CALLBACK && text.split('.').all(indexed)
}

/// The answer to a request whose records each have their outcome.
pub fn reply(endpoint: Endpoint, options: &ReplyOptions, outcomes: &[Outcome]) -> Reply {
    if options.strict && has_strict_form(endpoint) {
        return strict(endpoint, outcomes);
    }
    let first_rejection = outcomes.iter().find_map(|outcome| match outcome {
        Outcome::Rejected(rejection) => Some(rejection),
        _ => None,
    });
    let error = if outcomes.iter().any(Outcome::is_good) {
        None
    } else {
        Some(first_rejection.map_or_else(|| WireError::Empty.to_string().into(), |r| r.message.clone()))
    };
    loose(endpoint, options, 200, error)
}

/// The answer to a request that could not be told apart into records.
///
/// 200 on the endpoints of SDKs: two of them would send the same bytes again for ever after any 4xx.
pub fn refused(endpoint: Endpoint, refusal: &Refusal) -> Reply {
    let status = match (refusal.error.is_size(), endpoint) {
        (true, _) => 413,
        (false, Endpoint::Import) => 400,
        (false, _) => 200,
    };
    failure(endpoint, &refusal.options, status, refusal.error.to_string().into(), None)
}

/// `/import` without credentials that hold.
pub fn unauthorized(endpoint: Endpoint, options: &ReplyOptions) -> Reply {
    failure(endpoint, options, 401, "Invalid credentials".into(), None)
}

/// More than can be taken at present: nothing of the request was kept.
pub fn overloaded(endpoint: Endpoint, options: &ReplyOptions, retry_after: u32) -> Reply {
    let error = "Project exceeded rate limits. Retry with exponential backoff";
    failure(endpoint, options, 429, error.into(), Some(retry_after))
}

/// Nothing can be taken at present, such as with a full disk: nothing of the request was kept.
pub fn unavailable(endpoint: Endpoint, options: &ReplyOptions, retry_after: u32) -> Reply {
    failure(endpoint, options, 503, "Service unavailable".into(), Some(retry_after))
}

const fn has_strict_form(endpoint: Endpoint) -> bool {
    matches!(endpoint, Endpoint::Import | Endpoint::Engage)
}

fn failure(
    endpoint: Endpoint,
    options: &ReplyOptions,
    status: u16,
    error: Cow<'static, str>,
    retry_after: Option<u32>,
) -> Reply {
    // Whoever asked for no form in particular is better served by words than by `0`.
    let is_plain = options.verbosity == Verbosity::Plain && !options.image && options.callback.is_none();
    let about_access = endpoint == Endpoint::Import && is_plain && !matches!(status, 200 | 400);
    let reply = if about_access || (options.strict && has_strict_form(endpoint)) {
        let code = if status == 200 { 400 } else { status };
        json_reply(status, &json!({ "code": code, "error": error, "status": status_text(code) }))
    } else {
        loose(endpoint, options, status, Some(error))
    };
    Reply { retry_after, ..reply }
}

fn status_text(code: u16) -> &'static str {
    match code {
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        413 => "Request Entity Too Large",
        429 => "Too Many Requests",
        _ => "Service Unavailable",
    }
}

/// The documented answer of `/import?strict=1`. `/engage` answers 200 whatever it found.
fn strict(endpoint: Endpoint, outcomes: &[Outcome]) -> Reply {
    let imported = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Accepted)).count();
    let failed: Vec<Value> = outcomes
        .iter()
        .enumerate()
        .filter_map(|(index, outcome)| match outcome {
            Outcome::Rejected(rejection) => Some(failed_record(index, rejection)),
            _ => None,
        })
        .collect();
    if failed.is_empty() {
        return json_reply(200, &json!({ "code": 200, "num_records_imported": imported, "status": "OK" }));
    }
    let status = if endpoint == Endpoint::Import { 400 } else { 200 };
    json_reply(
        status,
        &json!({
            "code": 400,
            "error": "some data points in the request failed validation",
            "failed_records": failed,
            "num_records_imported": imported,
            "status": "Bad Request",
        }),
    )
}

/// The vendor's documents spell the id both ways, so both are there.
fn failed_record(index: usize, rejection: &Rejection) -> Value {
    let id = rejection.insert_id.as_deref().unwrap_or_default();
    json!({
        "index": index,
        "$insert_id": id,
        "insert_id": id,
        "field": rejection.field,
        "message": rejection.message,
    })
}

/// The answer of the other three forms: picture, callback, one character or status object.
fn loose(endpoint: Endpoint, options: &ReplyOptions, status: u16, error: Option<Cow<'static, str>>) -> Reply {
    if options.image {
        return Reply { status, content_type: IMAGE, retry_after: None, body: PIXEL.into() };
    }
    let good = error.is_none();
    let (content_type, body) = match options.verbosity {
        Verbosity::Plain => (TEXT, Cow::Borrowed(if good { "1" } else { "0" })),
        verbosity => {
            let error = error.map(|error| match (verbosity, endpoint) {
                (Verbosity::Full, Endpoint::Engage) => format!("Engage API error: {error}").into(),
                (Verbosity::Full, Endpoint::Groups) => format!("Groups API error: {error}").into(),
                (Verbosity::Full, Endpoint::Track) => format!("Track API error: {error}").into(),
                _ => error,
            });
            (JSON, Cow::Owned(json!({ "error": error, "status": u8::from(good) }).to_string()))
        }
    };
    let (content_type, body) = match &options.callback {
        Some(callback) => (SCRIPT, Cow::Owned(format!("{callback}({body})"))),
        None => (content_type, body),
    };
    let body = match body {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    };
    Reply { status, content_type, retry_after: None, body }
}

pub(crate) fn json_reply(status: u16, value: &Value) -> Reply {
    Reply { status, content_type: JSON, retry_after: None, body: value.to_string().into_bytes().into() }
}
