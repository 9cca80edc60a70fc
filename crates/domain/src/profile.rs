//! Profiles of persons and groups, and the operators that change them (mixpanel-wire.md §3).

use crate::event::Properties;
use crate::{PropertyName, Pseudonym, Timestamp};

/// Whose profile.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProfileSubject {
    Person(Pseudonym),
    /// A group such as a company: `key` is the name of the group key, `id` the group's id, which
    /// is a business's name for a business and stays readable unless it has a personal shape.
    Group {
        key: Box<str>,
        id: Box<str>,
    },
}

/// One update record of `/engage` or `/groups`, clear of everything personal: a value that was
/// sealed stands here as its placeholder, so that the property still shows as set.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfileUpdate {
    pub subject: ProfileSubject,
    /// `$time`, or the time of arrival.
    pub time: Timestamp,
    /// In the order of application: `$set, $set_once, $add, $append, $union, $remove, $unset, $delete`.
    pub operators: Vec<ProfileOperator>,
    /// `$ignore_time`: leave `$last_seen` alone.
    pub ignore_time: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ProfileOperator {
    Set(Properties),
    SetOnce(Properties),
    Add(Properties),
    Append(Properties),
    Union(Properties),
    Remove(Properties),
    Unset(Vec<PropertyName>),
    Delete,
}
