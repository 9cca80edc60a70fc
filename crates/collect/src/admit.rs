//! What is let in: the rules of each endpoint about one record (mixpanel-wire.md §1.6).
//!
//! Pure functions over the record's raw fields. What is wrong comes back as a [`Rejection`] in the
//! vendor's words; what a lenient endpoint can mend is mended.

pub(crate) mod limits;

use crate::outcome::{DropReason, Rejection};
use crate::wire::{Defect, Endpoint, Head, Id, RawTime};
use domain::{EventName, Timestamp};
use limits::{
    BANNED_IDS, EARLIEST_MS, EVENT_SHAPE, FIRST_MILLISECONDS, FUTURE_MS, INSERT_ID_BYTES, PROFILE_SHAPE,
    Shape, TRACK_AGE_MS,
};

/// Which rules hold for an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rules {
    /// Lenient, but only for what has just happened.
    Track,
    /// Of any age; strict where the client asks for it.
    Import { strict: bool },
}

impl Rules {
    pub(crate) fn of(head: &Head) -> Self {
        match head.endpoint {
            Endpoint::Import => Self::Import { strict: head.options.strict },
            _ => Self::Track,
        }
    }

    fn is_strict(self) -> bool {
        self == Self::Import { strict: true }
    }
}

/// A defect that was found while the record was read.
pub(crate) fn defect(defect: Option<Defect>, takes_events: bool) -> Result<(), Rejection> {
    let Some(defect) = defect else { return Ok(()) };
    let shape: &Shape = if takes_events { &EVENT_SHAPE } else { &PROFILE_SHAPE };
    let field = if takes_events { "properties" } else { "$set" };
    Err(match defect {
        Defect::NotJson => Rejection::new(DropReason::NotAnObject, "", "record, not valid JSON"),
        Defect::NotAnObject => Rejection::new(DropReason::NotAnObject, "", "record, not an object"),
        Defect::NameNotText => Rejection::new(DropReason::MissingName, "event", "event, not a string"),
        Defect::PropertiesNotAnObject => {
            Rejection::new(DropReason::BadProperties, field, "properties, not an object")
        }
        Defect::Operator(operator) => Rejection::new(
            DropReason::BadOperator,
            operator,
            match operator {
                "$unset" => "$unset, not a list of names".to_owned(),
                operator => format!("{operator}, not an object"),
            },
        ),
        Defect::TooManyProperties => Rejection::new(
            DropReason::TooManyProperties,
            field,
            format!("{field}, more than {} properties", shape.properties),
        ),
        Defect::TooManyKeys => Rejection::new(
            DropReason::TooManyProperties,
            field,
            format!("{field}, an object of more than {} keys", shape.keys),
        ),
        Defect::TooManyItems => Rejection::new(
            DropReason::TooManyProperties,
            field,
            format!("{field}, a list of more than {} items", shape.items),
        ),
        Defect::TooDeep => Rejection::new(
            DropReason::TooDeep,
            field,
            format!("{field}, nested deeper than {} objects", shape.objects),
        ),
        Defect::PropertyTooLarge => Rejection::new(
            DropReason::PropertyTooLarge,
            field,
            format!("{field}, a list or object of more than {} bytes", shape.composite_bytes),
        ),
        Defect::TooLarge => Rejection::new(
            DropReason::RecordTooLarge,
            "",
            format!("record, larger than {} bytes", shape.record_bytes),
        ),
    })
}

/// An empty name on `/track` becomes `mp_event`, as the Swift library calls it; elsewhere a name is required.
pub(crate) fn name(rules: Rules, name: Option<EventName>) -> Result<EventName, Rejection> {
    match name {
        Some(name) if !name.as_str().is_empty() => Ok(name),
        Some(_) if rules == Rules::Track => Ok(EventName::from("mp_event")),
        _ => Err(Rejection::missing(DropReason::MissingName, "event")),
    }
}

pub(crate) fn time(rules: Rules, time: RawTime, now: Timestamp) -> Result<Timestamp, Rejection> {
    const FIELD: &str = "properties.time";
    let millis = match time {
        RawTime::Missing if rules.is_strict() => {
            return Err(Rejection::missing(DropReason::MissingTime, FIELD));
        }
        RawTime::Missing => return Ok(now),
        RawTime::Number(number) => millis(number),
        RawTime::Invalid => None,
    };
    let Some(millis) = millis else {
        let message = "time, not a number of seconds or milliseconds since 1970";
        return Err(Rejection::new(DropReason::BadTime, FIELD, message));
    };
    if millis > now.millis().saturating_add(FUTURE_MS) {
        return Err(Rejection::new(DropReason::InTheFuture, FIELD, "time, more than 1 hour in the future"));
    }
    let too_old = match rules {
        Rules::Track if millis < now.millis().saturating_sub(TRACK_AGE_MS) => {
            Some("time, older than 5 days: send it to /import")
        }
        Rules::Import { .. } if millis < EARLIEST_MS => Some("time, before 1971-01-01"),
        _ => None,
    };
    match too_old {
        Some(message) => Err(Rejection::new(DropReason::TooOld, FIELD, message)),
        None => Ok(Timestamp::from_millis(millis.min(now.millis()))),
    }
}

/// When a profile update happened. A time that says nothing does not cost the update.
pub(crate) fn update_time(time: RawTime, now: Timestamp) -> Timestamp {
    match time {
        RawTime::Number(number) => {
            millis(number).map_or(now, |millis| Timestamp::from_millis(millis).min(now))
        }
        RawTime::Missing | RawTime::Invalid => now,
    }
}

/// Seconds or milliseconds, told apart by magnitude.
fn millis(number: f64) -> Option<i64> {
    let millis = if number.abs() < FIRST_MILLISECONDS { number * 1000.0 } else { number };
    millis.is_finite().then(|| millis.round() as i64)
}

/// Whether the ids of an event will do. `elsewhere`: it names its person by `$user_id` or `$device_id`.
pub(crate) fn distinct_id(rules: Rules, id: &Id, elsewhere: bool) -> Result<(), Rejection> {
    const FIELD: &str = "properties.distinct_id";
    match id {
        Id::Invalid => Err(Rejection::new(DropReason::BadDistinctId, FIELD, "distinct_id, not a string")),
        Id::Missing if rules.is_strict() && !elsewhere => {
            Err(Rejection::missing(DropReason::MissingDistinctId, FIELD))
        }
        Id::Text(text) if rules.is_strict() && is_banned(text) => Err(Rejection::new(
            DropReason::BadDistinctId,
            FIELD,
            "distinct_id, not a value that names anyone",
        )),
        _ => Ok(()),
    }
}

/// What becomes of a client's key for deduplication.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum InsertIdChoice<'a> {
    Keep(&'a str),
    /// Not of the documented form: it still tells repeats, but is replaced by a keyed digest.
    Digest(&'a str),
    MakeUp,
}

pub(crate) fn insert_id<'a>(
    rules: Rules,
    id: &'a Id,
    metadata_id: &'a Id,
) -> Result<InsertIdChoice<'a>, Rejection> {
    const FIELD: &str = "properties.$insert_id";
    let bad = |message: &'static str| Err(Rejection::new(DropReason::BadInsertId, FIELD, message));
    match id.text().or(metadata_id.text()) {
        None if rules.is_strict() => match id {
            Id::Invalid => bad("$insert_id, not a string"),
            _ => Err(Rejection::missing(DropReason::MissingInsertId, FIELD)),
        },
        None => Ok(InsertIdChoice::MakeUp),
        Some(id) if is_banned(id) => {
            if rules.is_strict() {
                bad("$insert_id, not a value that tells events apart")
            } else {
                // Kept, it would make one event of all that carry it.
                Ok(InsertIdChoice::MakeUp)
            }
        }
        Some(id) if !is_insert_id(id) => {
            if rules.is_strict() {
                bad("$insert_id, not 1 to 36 letters, digits and hyphens")
            } else {
                Ok(InsertIdChoice::Digest(id))
            }
        }
        Some(id) => Ok(InsertIdChoice::Keep(id)),
    }
}

fn is_insert_id(id: &str) -> bool {
    id.len() <= INSERT_ID_BYTES && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn is_banned(id: &str) -> bool {
    BANNED_IDS.iter().any(|banned| banned.eq_ignore_ascii_case(id))
}
