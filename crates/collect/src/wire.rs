//! From the bytes of a request to records, and from outcomes back to the bytes of a reply.
//!
//! Official clients wrap the same JSON in five ways and read answers in four; which one it is shows
//! in the content, never reliably in a header (mixpanel-wire.md §0 to §1.5). This module knows
//! nothing of HTTP servers: the server hands in the parts of a request and sends back a [`Reply`].

mod body;
mod error;
mod form;
mod json;
mod record;
mod reply;
mod text;

pub use error::{Refusal, WireError};
pub use record::{Credentials, Head, IncomingEvent, IncomingUpdate, Record, Request, Share};
pub(crate) use reply::{JSON, json_reply};
pub use reply::{Reply, ReplyOptions, Verbosity, overloaded, refused, reply, unauthorized, unavailable};

pub(crate) use body::inflate;
pub(crate) use json::parse_address;
pub(crate) use record::{AddressField, Defect, Id, RawOperator, RawTime};

use domain::Timestamp;
use std::fmt;
use std::net::IpAddr;

/// Which of the ingestion endpoints; a trailing slash makes no difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    Track,
    Engage,
    Groups,
    Import,
}

impl Endpoint {
    /// The endpoint of a path, with or without its slash at the end.
    pub fn from_path(path: &str) -> Option<Self> {
        match path.strip_suffix('/').unwrap_or(path) {
            "/track" => Some(Self::Track),
            "/engage" => Some(Self::Engage),
            "/groups" => Some(Self::Groups),
            "/import" => Some(Self::Import),
            _ => None,
        }
    }

    pub const fn path(self) -> &'static str {
        match self {
            Self::Track => "/track",
            Self::Engage => "/engage",
            Self::Groups => "/groups",
            Self::Import => "/import",
        }
    }

    /// Whether its records are events, as opposed to profile updates.
    pub const fn takes_events(self) -> bool {
        matches!(self, Self::Track | Self::Import)
    }
}

/// The parts of a request that matter here. The project's credentials in a header are the server's business.
#[derive(Clone, Copy)]
pub struct Incoming<'a> {
    pub endpoint: Endpoint,
    /// As it came, without the question mark.
    pub query: Option<&'a str>,
    pub content_type: Option<&'a str>,
    pub user_agent: Option<&'a str>,
    /// `DNT: 1` came.
    pub do_not_track: bool,
    /// `Sec-GPC: 1` came.
    pub global_privacy_control: bool,
    /// As it came, compressed or not. The server has already capped it at [`Limits::body`].
    pub body: &'a [u8],
    /// Of the client; used to look up a place, never kept.
    pub address: Option<IpAddr>,
    pub now: Timestamp,
}

impl fmt::Debug for Incoming<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming")
            .field("endpoint", &self.endpoint)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What one request may hold.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the body, compressed as well as not.
    pub body: usize,
    pub records: usize,
}

/// The documented 10 MB of `/import`. Larger answers 413, on which clients send smaller batches.
pub const MAX_BODY_BYTES: usize = 10 * 1024 * 1024;

/// Documented for every ingestion endpoint; clients send at most 50, exporters 2,000.
pub const MAX_RECORDS: usize = 2000;

impl Default for Limits {
    fn default() -> Self {
        Self { body: MAX_BODY_BYTES, records: MAX_RECORDS }
    }
}

/// Unwraps and parses a request. Records that are wrong in themselves are part of a good request:
/// each gets its own outcome later. Only what cannot be told apart into records is refused here.
pub fn decode(incoming: &Incoming<'_>, limits: Limits) -> Result<Request, Refusal> {
    let wrapped = body::unwrap(incoming.query, incoming.body, limits.body);
    let mut options = ReplyOptions::default();
    let mut credentials = Credentials::default();
    let mut place_by_address = None;
    for (name, value) in &wrapped.parameters {
        options.read(name, value);
        credentials.read(name, value);
        if name == "ip" {
            place_by_address = Some(is_on(value));
        }
    }
    let by_line = incoming.content_type.is_some_and(|kind| kind.to_ascii_lowercase().contains("ndjson"));
    let records =
        wrapped.payload.and_then(|json| json::records(&json, incoming.endpoint, by_line, limits.records));
    match records {
        Ok(records) => Ok(Request {
            head: Head {
                endpoint: incoming.endpoint,
                options,
                place_by_address,
                address: incoming.address,
                user_agent: incoming.user_agent.map(Into::into),
                do_not_track: incoming.do_not_track,
                global_privacy_control: incoming.global_privacy_control,
                now: incoming.now,
            },
            credentials,
            records,
        }),
        Err(error) => Err(Refusal { error, options }),
    }
}

/// How clients write a parameter that is switched on.
pub(crate) fn is_on(value: &str) -> bool {
    matches!(value, "1" | "2" | "true" | "True")
}
