//! From clear ids to pseudonyms: who an event counts for, and what it says about who is who
//! (mixpanel-wire.md §2).
//!
//! This is the last place of the collector where an id is readable. Behind it there are pseudonyms,
//! and the id itself sealed to the vault.

use crate::wire::{Endpoint, Id};
use domain::event::Properties;
use domain::identity::{IdentityLink, IdentityMode, LinkKind};
use domain::sealed::SealedRecord;
use domain::{PropertyName, PropertyValue, Pseudonym, Timestamp};
use std::collections::HashMap;
use std::net::IpAddr;
use vault::{DistinctId, ProjectSealer};

/// What a device's id is in the world of distinct ids.
const DEVICE_PREFIX: &str = "$device:";

/// Pseudonyms of one request's people. Batches come from few of them, so each id is computed and
/// sealed once.
pub(crate) struct People<'a> {
    sealer: &'a ProjectSealer,
    known: HashMap<Box<str>, Pseudonym>,
    sealed: Vec<SealedRecord>,
}

impl<'a> People<'a> {
    pub(crate) fn new(sealer: &'a ProjectSealer) -> Self {
        Self { sealer, known: HashMap::new(), sealed: Vec::new() }
    }

    /// The pseudonym of an id. At first sight the id is sealed for the vault.
    pub(crate) fn who(&mut self, id: &str) -> Pseudonym {
        if let Some(who) = self.known.get(id) {
            return *who;
        }
        let who = self.sealer.pseudonym(id);
        self.sealed.extend(self.sealer.seal_distinct_id(who, id));
        self.known.insert(id.into(), who);
        who
    }

    pub(crate) fn device(&mut self, id: &str) -> Pseudonym {
        if id.starts_with(DEVICE_PREFIX) { self.who(id) } else { self.who(&format!("{DEVICE_PREFIX}{id}")) }
    }

    /// Somebody at an address. Keyed, and sealed nowhere: nobody gets the address back.
    pub(crate) fn at_address(&self, address: IpAddr) -> Pseudonym {
        self.sealer.pseudonym(&format!("ip:{address}"))
    }

    pub(crate) fn into_sealed(self) -> Vec<SealedRecord> {
        self.sealed
    }
}

/// Whom an event is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct EventIdentity {
    pub(crate) distinct: Option<Pseudonym>,
    pub(crate) device: Option<Pseudonym>,
    pub(crate) user: Option<Pseudonym>,
}

/// `somebody`: who it is where the client named no one and asked for the address instead.
pub(crate) fn of_event(
    mode: IdentityMode,
    (distinct, device, user): (&Id, &Id, &Id),
    somebody: Option<IpAddr>,
    people: &mut People<'_>,
) -> EventIdentity {
    let device = device.text().map(|id| people.device(id));
    let user = user.text().map(|id| people.who(id));
    let as_sent = distinct.text().map(|id| people.who(id));
    let derived = user.or(device);
    let distinct = match mode {
        // What the client sent is overridden: all clients name a person the same way.
        IdentityMode::Simplified => derived.or(as_sent),
        IdentityMode::Original => as_sent.or(derived),
    };
    let distinct = match (distinct, somebody) {
        (None, Some(address)) => Some(people.at_address(address)),
        (distinct, _) => distinct,
    };
    EventIdentity { distinct, device, user }
}

/// Whose profile an update is about: the distinct id as sent, in either mode.
pub(crate) fn of_update(
    (distinct, device, user): (&Id, &Id, &Id),
    people: &mut People<'_>,
) -> Option<Pseudonym> {
    distinct
        .text()
        .or(user.text())
        .map(|id| people.who(id))
        .or_else(|| device.text().map(|id| people.device(id)))
}

/// The ids that stand in properties, taken out of them.
#[derive(Default)]
pub(crate) struct IdentityProperties(Vec<(PropertyName, Ids)>);

enum Ids {
    One(DistinctId),
    Many(Vec<DistinctId>),
}

impl IdentityProperties {
    /// Takes every property out that holds distinct ids.
    pub(crate) fn take(event: &str, properties: &mut Properties) -> Self {
        if !properties.iter().any(|(name, _)| holds_ids(event, name.as_str())) {
            return Self::default();
        }
        let mut taken = Vec::new();
        properties.retain_mut(|(name, value)| {
            if !holds_ids(event, name.as_str()) {
                return true;
            }
            match ids(value) {
                Some(ids) => {
                    taken.push((name.clone(), ids));
                    false
                }
                None => true,
            }
        });
        Self(taken)
    }

    /// What to store in their place: the same properties with pseudonyms.
    pub(crate) fn into_pseudonyms(
        self,
        people: &mut People<'_>,
    ) -> impl Iterator<Item = (PropertyName, PropertyValue)> {
        let mut written = |id: &DistinctId| PropertyValue::String(people.who(id.expose()).to_string().into());
        self.0.into_iter().map(move |(name, ids)| {
            let value = match &ids {
                Ids::One(id) => written(id),
                Ids::Many(list) => PropertyValue::List(list.iter().map(&mut written).collect()),
            };
            (name, value)
        })
    }

    fn one(&self, name: &str) -> Option<&str> {
        self.0.iter().find_map(|(known, ids)| match ids {
            Ids::One(id) if known.as_str() == name => Some(id.expose()),
            _ => None,
        })
    }

    fn pair(&self, name: &str) -> Option<(&str, &str)> {
        self.0.iter().find_map(|(known, ids)| match ids {
            Ids::Many(list) if known.as_str() == name => match &list[..] {
                [left, right] => Some((left.expose(), right.expose())),
                _ => None,
            },
            _ => None,
        })
    }
}

/// `alias` is an everyday word: it is an id only in the event that creates one.
fn holds_ids(event: &str, name: &str) -> bool {
    match name {
        "$anon_distinct_id"
        | "$anon_id"
        | "$identified_id"
        | "$distinct_ids"
        | "distinctId"
        | "$distinct_id_before_identity"
        | "$distinct_id" => true,
        "alias" => event == "$create_alias",
        _ => false,
    }
}

fn ids(value: &mut PropertyValue) -> Option<Ids> {
    match value {
        PropertyValue::List(list) => list.iter().map(id).collect::<Option<_>>().map(Ids::Many),
        one => id(one).map(Ids::One),
    }
}

fn id(value: &PropertyValue) -> Option<DistinctId> {
    match value {
        PropertyValue::String(text) if !text.is_empty() => Some(DistinctId::new(&**text)),
        PropertyValue::Int(number) => Some(DistinctId::new(number.to_string())),
        _ => None,
    }
}

/// What came of an event that speaks about ids.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// It is no such event, or its project does not merge by events.
    None,
    Made(IdentityLink),
    /// It links nothing. The event is stored with the reason, as the vendor does.
    Failed(&'static str),
}

/// The link that `$identify`, `$create_alias` or `$merge` makes in original mode.
pub(crate) fn link(
    event: &str,
    endpoint: Endpoint,
    (distinct, user): (&Id, &Id),
    properties: &IdentityProperties,
    time: Timestamp,
    people: &mut People<'_>,
) -> Link {
    let (kind, ids) = match event {
        "$identify" => {
            let anonymous = properties.one("$anon_distinct_id").or(properties.one("$anon_id"));
            let identified = properties.one("$identified_id").or(user.text()).or(distinct.text());
            (LinkKind::Identify, anonymous.zip(identified))
        }
        "$create_alias" => (LinkKind::Alias, properties.one("alias").zip(distinct.text())),
        "$merge" => (LinkKind::Merge, properties.pair("$distinct_ids")),
        _ => return Link::None,
    };
    let Some((left, right)) = ids else { return Link::Failed("two ids are needed") };
    if left == right {
        return Link::Failed("the ids are the same");
    }
    if kind == LinkKind::Identify && !is_uuid_v4(left.strip_prefix(DEVICE_PREFIX).unwrap_or(left)) {
        return Link::Failed("the anonymous id is not a UUID v4");
    }
    // Anyone can send to /track; merging any two people takes the project's credentials.
    if kind == LinkKind::Merge && endpoint != Endpoint::Import {
        return Link::Failed("$merge is taken on /import only");
    }
    let (left, right) = (people.who(left), people.who(right));
    Link::Made(IdentityLink { time, kind, left, right })
}

fn is_uuid_v4(id: &str) -> bool {
    let bytes = id.as_bytes();
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            14 => *byte == b'4',
            19 => matches!(byte, b'8' | b'9' | b'a' | b'b' | b'A' | b'B'),
            _ => byte.is_ascii_hexdigit(),
        })
}
