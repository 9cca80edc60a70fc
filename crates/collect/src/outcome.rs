//! What became of each record: one outcome per record, whatever happened to its neighbours.

use domain::Timestamp;
use std::borrow::Cow;
use std::fmt;

/// What became of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Accepted,
    /// Not kept, and the client is told that all is well: it asked for it, or could not help it.
    Dropped(DropReason),
    /// Not kept, and the client is told why.
    Rejected(Rejection),
}

impl Outcome {
    /// Whether the client should read this as a success.
    pub const fn is_good(&self) -> bool {
        !matches!(self, Self::Rejected(_))
    }

    pub const fn reason(&self) -> Option<DropReason> {
        match self {
            Self::Accepted => None,
            Self::Dropped(reason) => Some(*reason),
            Self::Rejected(rejection) => Some(rejection.reason),
        }
    }
}

impl From<Rejection> for Outcome {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

/// Why a record was not kept. Closed: whoever adds a way to lose a record names it here, and
/// every counter and page shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DropReason {
    UnknownToken,
    /// The event carries `$ignore`.
    Ignored,
    /// `DNT` or `Sec-GPC` came, and the project honours it.
    OptedOut,
    MissingToken,
    NotAnObject,
    MissingName,
    BadProperties,
    TooManyProperties,
    TooDeep,
    PropertyTooLarge,
    RecordTooLarge,
    MissingTime,
    BadTime,
    TooOld,
    InTheFuture,
    MissingDistinctId,
    BadDistinctId,
    MissingInsertId,
    BadInsertId,
    MissingGroup,
    NoOperator,
    BadOperator,
}

impl DropReason {
    pub const ALL: [Self; 22] = [
        Self::UnknownToken,
        Self::Ignored,
        Self::OptedOut,
        Self::MissingToken,
        Self::NotAnObject,
        Self::MissingName,
        Self::BadProperties,
        Self::TooManyProperties,
        Self::TooDeep,
        Self::PropertyTooLarge,
        Self::RecordTooLarge,
        Self::MissingTime,
        Self::BadTime,
        Self::TooOld,
        Self::InTheFuture,
        Self::MissingDistinctId,
        Self::BadDistinctId,
        Self::MissingInsertId,
        Self::BadInsertId,
        Self::MissingGroup,
        Self::NoOperator,
        Self::BadOperator,
    ];

    /// A stable name for counters and pages.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::UnknownToken => "unknown_token",
            Self::Ignored => "ignored",
            Self::OptedOut => "opted_out",
            Self::MissingToken => "missing_token",
            Self::NotAnObject => "not_an_object",
            Self::MissingName => "missing_name",
            Self::BadProperties => "bad_properties",
            Self::TooManyProperties => "too_many_properties",
            Self::TooDeep => "too_deep",
            Self::PropertyTooLarge => "property_too_large",
            Self::RecordTooLarge => "record_too_large",
            Self::MissingTime => "missing_time",
            Self::BadTime => "bad_time",
            Self::TooOld => "too_old",
            Self::InTheFuture => "in_the_future",
            Self::MissingDistinctId => "missing_distinct_id",
            Self::BadDistinctId => "bad_distinct_id",
            Self::MissingInsertId => "missing_insert_id",
            Self::BadInsertId => "bad_insert_id",
            Self::MissingGroup => "missing_group",
            Self::NoOperator => "no_operator",
            Self::BadOperator => "bad_operator",
        }
    }
}

/// Why a record was refused, as its client reads it. The texts are ours: nothing of the record is
/// in them.
#[derive(Clone, PartialEq, Eq)]
pub struct Rejection {
    pub reason: DropReason,
    /// As the vendor writes fields: `event`, `properties.time`, `$distinct_id`.
    pub field: &'static str,
    pub message: Cow<'static, str>,
    /// As the client sent it, for its own bookkeeping. Goes nowhere but into the reply.
    pub insert_id: Option<Box<str>>,
}

impl Rejection {
    pub(crate) fn new(
        reason: DropReason,
        field: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { reason, field, message: message.into(), insert_id: None }
    }

    /// The vendor's words for what is not there: `token, missing or empty`.
    pub(crate) fn missing(reason: DropReason, field: &'static str) -> Self {
        let name = field.strip_prefix("properties.").unwrap_or(field);
        Self::new(reason, field, format!("{name}, missing or empty"))
    }
}

impl fmt::Debug for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejection")
            .field("reason", &self.reason)
            .field("field", &self.field)
            .field("message", &self.message)
            .finish_non_exhaustive()
    }
}

/// Puts the outcomes of a request's shares back into the order of its records.
pub fn in_order(count: usize, shares: impl IntoIterator<Item = (usize, Outcome)>) -> Vec<Outcome> {
    let mut outcomes = vec![Outcome::Accepted; count];
    for (position, outcome) in shares {
        if let Some(place) = outcomes.get_mut(position) {
            *place = outcome;
        }
    }
    outcomes
}

/// A record that was not kept, without anything personal, for an operator to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DroppedExample {
    pub time: Timestamp,
    /// Swept like every name that is stored; `None` where there was none or it is a profile update.
    pub event: Option<Box<str>>,
    pub reason: DropReason,
    pub field: Option<&'static str>,
}

#[cfg(test)]
mod tests;
