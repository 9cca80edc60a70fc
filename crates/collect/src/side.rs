//! Endpoints beside ingestion that clients ask on their own, and that must stay quiet: a wrong
//! answer switches features off, a missing one fills logs (mixpanel-wire.md §5). And what a
//! browser wants to hear before it reads any answer at all (§1.4).

use crate::wire::{JSON, Reply};
use std::borrow::Cow;

/// An endpoint that needs no more than a fixed answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Asked by browsers with a timeout of 500 ms.
    Settings,
    Flags,
    /// Polled every minute by servers that evaluate flags themselves.
    FlagDefinitions,
    FirstTimeEvents,
    /// Asked by browser libraries up to 2.41.
    Decide,
    /// Session recordings: acknowledged and discarded.
    Record,
}

impl Side {
    /// The endpoint of a path, with or without its slash at the end.
    pub fn from_path(path: &str) -> Option<Self> {
        match path.strip_suffix('/').unwrap_or(path) {
            "/settings" => Some(Self::Settings),
            "/flags" => Some(Self::Flags),
            "/flags/definitions" => Some(Self::FlagDefinitions),
            "/decide" => Some(Self::Decide),
            "/record" => Some(Self::Record),
            path => {
                let flag = path.strip_prefix("/flags/")?.strip_suffix("/first-time-events")?;
                (!flag.is_empty() && !flag.contains('/')).then_some(Self::FirstTimeEvents)
            }
        }
    }

    pub fn reply(self) -> Reply {
        let body: &'static str = match self {
            Self::Settings | Self::FirstTimeEvents => "{}",
            // A recorder takes any body that is not JSON for an error and sends its chunk again.
            Self::Record => "{}",
            // Python reads `code` without a guard, all others `flags` alone.
            Self::Flags => r#"{"code":200,"flags":{}}"#,
            Self::FlagDefinitions => r#"{"flags":[]}"#,
            Self::Decide => r#"{"notifications":[],"config":{},"surveys":[],"variants":[]}"#,
        };
        Reply { status: 200, content_type: JSON, retry_after: None, body: Cow::Borrowed(body.as_bytes()) }
    }
}

/// Headers are echoed no further than this; no client asks for more than three.
const MAX_ECHO: usize = 1024;

/// How long a browser may remember a preflight; browsers cap it themselves at one day or less.
const PREFLIGHT_SECONDS: &str = "86400";

/// What clients are known to send.
const USUAL_HEADERS: &str = "authorization, content-type, traceparent";

/// The headers that let a page of any origin send and read. For ingestion and side endpoints only:
/// their requests carry a public token and no session of ours, so there is nothing to protect by
/// origin. Browsers send with credentials, which is why the origin is echoed and never `*`.
///
/// `preflight`: the request is an `OPTIONS` with this `Access-Control-Request-Headers`.
pub fn cors_headers(origin: Option<&str>, preflight: Option<Option<&str>>) -> Vec<(&'static str, String)> {
    let mut headers = vec![("vary", "Origin".to_owned())];
    let Some(origin) = origin.filter(|origin| is_echoable(origin)) else { return headers };
    headers.push(("access-control-allow-origin", origin.to_owned()));
    headers.push(("access-control-allow-credentials", "true".to_owned()));
    headers.push(("access-control-expose-headers", "Retry-After".to_owned()));
    if let Some(requested) = preflight {
        let allowed =
            requested.filter(|names| !names.is_empty() && is_echoable(names)).unwrap_or(USUAL_HEADERS);
        headers.push(("access-control-allow-methods", "GET, POST, OPTIONS".to_owned()));
        headers.push(("access-control-allow-headers", allowed.to_owned()));
        headers.push(("access-control-max-age", PREFLIGHT_SECONDS.to_owned()));
        headers[0].1.push_str(", Access-Control-Request-Headers");
    }
    headers
}

fn is_echoable(value: &str) -> bool {
    value.len() <= MAX_ECHO && value.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}

#[cfg(test)]
mod tests;
