//! Records as the client sent them: parsed, not judged yet, and still clear.
//!
//! What Bulkhead reads itself has a field of its own; the rest are properties. Nothing in here may
//! be printed: `Debug` shows counts only.

use super::{Endpoint, ReplyOptions};
use crate::outcome::{DropReason, Outcome, Rejection};
use domain::event::Properties;
use domain::{EventName, PropertyName, Timestamp};
use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;

/// A decoded request.
#[derive(Debug)]
pub struct Request {
    pub head: Head,
    /// Credentials that older clients put into the query or the form body.
    pub credentials: Credentials,
    pub records: Vec<Record>,
}

impl Request {
    /// `/track`, `/engage`, `/groups`: each record names its project by token. Shares are in the
    /// order in which their tokens first appear.
    pub fn by_token(self) -> (Head, Vec<Share>) {
        let mut shares: Vec<Share> = Vec::new();
        let mut places: HashMap<Option<Box<str>>, usize> = HashMap::new();
        for (position, record) in self.records.into_iter().enumerate() {
            // Nearly every request has one token, so the last share is nearly always the right one.
            let place = match shares.last() {
                Some(share) if share.token.as_deref() == record.token() => shares.len() - 1,
                _ => *places.entry(record.token().map(Into::into)).or_insert_with_key(|token| {
                    shares.push(Share { token: token.clone(), records: Vec::new() });
                    shares.len() - 1
                }),
            };
            shares[place].records.push((position, record));
        }
        (self.head, shares)
    }

    /// `/import`: the project comes from the credentials, whatever token a record carries.
    pub fn whole(self) -> (Head, Share) {
        let records = self.records.into_iter().enumerate().collect();
        (self.head, Share { token: None, records })
    }
}

/// What is true of all records of a request.
#[derive(Clone)]
pub struct Head {
    pub endpoint: Endpoint,
    pub options: ReplyOptions,
    /// The `ip` parameter, where there was one.
    pub place_by_address: Option<bool>,
    pub address: Option<IpAddr>,
    pub user_agent: Option<Box<str>>,
    pub do_not_track: bool,
    pub global_privacy_control: bool,
    pub now: Timestamp,
}

impl Head {
    /// The address to look up where a record says nothing about it: asked for on events, the
    /// default on profiles.
    pub(crate) fn place_address(&self) -> Option<IpAddr> {
        let on_by_default = !self.endpoint.takes_events();
        self.address.filter(|_| self.place_by_address.unwrap_or(on_by_default))
    }
}

impl fmt::Debug for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Head")
            .field("endpoint", &self.endpoint)
            .field("options", &self.options)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

/// Credentials outside of the `Authorization` header.
#[derive(Clone, Default)]
pub struct Credentials {
    pub project_id: Option<String>,
    pub api_key: Option<String>,
    pub api_secret: Option<String>,
}

impl Credentials {
    pub(super) fn read(&mut self, name: &str, value: &str) {
        let field = match name {
            "project_id" => &mut self.project_id,
            "api_key" => &mut self.api_key,
            "api_secret" => &mut self.api_secret,
            _ => return,
        };
        if !value.is_empty() {
            *field = Some(value.to_owned());
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("project_id", &self.project_id)
            .field("api_key", &self.api_key.as_ref().map(|_| "[secret]"))
            .field("api_secret", &self.api_secret.as_ref().map(|_| "[secret]"))
            .finish()
    }
}

/// The records of one project in a request, with their positions in it.
#[derive(Debug)]
pub struct Share {
    pub token: Option<Box<str>>,
    pub(crate) records: Vec<(usize, Record)>,
}

impl Share {
    pub fn len(&self) -> usize {
        self.records.len()
    }

    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The outcomes where no project has this token. A token that is there but unknown is still
    /// answered as good, as the vendor does; one that is missing is the client's mistake.
    pub fn without_project(self) -> Vec<(usize, Outcome)> {
        let missing = self.token.is_none();
        self.records
            .into_iter()
            .map(|(position, record)| {
                let outcome =
                    if missing { record.without_token() } else { Outcome::Dropped(DropReason::UnknownToken) };
                (position, outcome)
            })
            .collect()
    }
}

#[derive(Debug)]
pub enum Record {
    Event(IncomingEvent),
    Update(IncomingUpdate),
}

impl Record {
    fn token(&self) -> Option<&str> {
        match self {
            Self::Event(event) => event.token.as_deref(),
            Self::Update(update) => update.token.as_deref(),
        }
    }

    fn without_token(&self) -> Outcome {
        let (defect, field) = match self {
            Self::Event(event) => (event.defect, "token"),
            Self::Update(update) => (update.defect, "$token"),
        };
        // Whatever has no token because it is no record is better told that.
        let takes_events = matches!(self, Self::Event(_));
        let rejection = crate::admit::defect(defect, takes_events).err();
        Outcome::Rejected(rejection.unwrap_or_else(|| Rejection::missing(DropReason::MissingToken, field)))
    }
}

/// An id as it came. Numbers are as good as text: clients send both.
#[derive(Clone, Default, PartialEq)]
pub(crate) enum Id {
    #[default]
    Missing,
    Empty,
    Text(Box<str>),
    /// A list, an object or a truth value.
    Invalid,
}

impl Id {
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum RawTime {
    #[default]
    Missing,
    /// Seconds or milliseconds.
    Number(f64),
    Invalid,
}

/// What a record says about the address to look up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum AddressField {
    /// Nothing: the request's parameter decides.
    #[default]
    Missing,
    /// `1`: the request's own address.
    Own,
    /// `0`: none.
    Off,
    Given(IpAddr),
}

/// What is wrong with a record's shape, found while reading it. The first one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Defect {
    NotJson,
    NotAnObject,
    NameNotText,
    PropertiesNotAnObject,
    /// An operator whose value is of the wrong kind.
    Operator(&'static str),
    TooManyProperties,
    TooManyKeys,
    TooManyItems,
    TooDeep,
    PropertyTooLarge,
    TooLarge,
}

/// One event of `/track` or `/import`.
#[derive(Default)]
pub struct IncomingEvent {
    pub(crate) name: Option<EventName>,
    pub(crate) token: Option<Box<str>>,
    pub(crate) distinct_id: Id,
    pub(crate) device_id: Id,
    pub(crate) user_id: Id,
    pub(crate) insert_id: Id,
    /// `$mp_metadata.$mp_event_id`, beside the properties.
    pub(crate) metadata_id: Id,
    pub(crate) time: RawTime,
    pub(crate) address: AddressField,
    /// `$user_agent`, which an app on a server passes on.
    pub(crate) user_agent: Option<Box<str>>,
    pub(crate) ignore: bool,
    pub(crate) properties: Properties,
    pub(crate) defect: Option<Defect>,
}

impl fmt::Debug for IncomingEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IncomingEvent")
            .field("properties", &self.properties.len())
            .field("defect", &self.defect)
            .finish_non_exhaustive()
    }
}

/// One update of `/engage` or `/groups`.
#[derive(Default)]
pub struct IncomingUpdate {
    pub(crate) token: Option<Box<str>>,
    pub(crate) distinct_id: Id,
    pub(crate) device_id: Id,
    pub(crate) user_id: Id,
    pub(crate) group_key: Id,
    pub(crate) group_id: Id,
    pub(crate) time: RawTime,
    pub(crate) address: AddressField,
    pub(crate) ignore_time: bool,
    pub(crate) operators: Vec<RawOperator>,
    pub(crate) defect: Option<Defect>,
}

impl fmt::Debug for IncomingUpdate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IncomingUpdate")
            .field("operators", &self.operators.len())
            .field("defect", &self.defect)
            .finish_non_exhaustive()
    }
}

/// An operator as it came. The order of the variants is the order of application.
pub(crate) enum RawOperator {
    Set(Properties),
    SetOnce(Properties),
    Add(Properties),
    Append(Properties),
    Union(Properties),
    Remove(Properties),
    Unset(Vec<PropertyName>),
    Delete,
}

impl RawOperator {
    pub(crate) fn order(&self) -> u8 {
        match self {
            Self::Set(_) => 0,
            Self::SetOnce(_) => 1,
            Self::Add(_) => 2,
            Self::Append(_) => 3,
            Self::Union(_) => 4,
            Self::Remove(_) => 5,
            Self::Unset(_) => 6,
            Self::Delete => 7,
        }
    }
}
