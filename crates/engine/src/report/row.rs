//! One row of a block as expressions see it.
//!
//! Beside the event's own properties there are fields under the names clients know them by:
//! `time` (Unix seconds), `$time`, `$event_name`, `distinct_id`, `$distinct_id`, `$device_id`,
//! `$user_id` (pseudonyms) and `$insert_id`.

use crate::store::{Block, Profile, Scan, Snapshot, ValueRef};
use domain::expression::{ExprValue, PropertyScope, PropertySource, UsedProperties};
use domain::id::PersonId;
use domain::profile::ProfileSubject;
use domain::{PropertyName, PropertyValue, Timestamp};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A name that stands for a field of the event, not for a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Time,
    DateTime,
    EventName,
    DistinctId,
    DeviceId,
    UserId,
    InsertId,
}

impl Field {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "time" => Self::Time,
            "$time" => Self::DateTime,
            "$event_name" => Self::EventName,
            "distinct_id" | "$distinct_id" => Self::DistinctId,
            "$device_id" => Self::DeviceId,
            "$user_id" => Self::UserId,
            "$insert_id" => Self::InsertId,
            _ => return None,
        })
    }

    /// Whether the scan must be asked for it.
    fn is_detail(self) -> bool {
        matches!(self, Self::DeviceId | Self::UserId | Self::InsertId)
    }
}

/// Adds to a scan what expressions read.
pub(super) fn ask_for(scan: &mut Scan, used: &UsedProperties) {
    for name in &used.row {
        match Field::named(name.as_str()) {
            Some(field) => scan.details |= field.is_detail(),
            None if scan.properties.contains(name) => {}
            None => scan.properties.push(name.clone()),
        }
    }
}

/// Reads rows for expressions; remembers the profiles of people it has met.
#[derive(Debug)]
pub(super) struct RowReader<'a> {
    snapshot: &'a Snapshot,
    profiles: FxHashMap<u32, Option<Arc<Profile>>>,
}

impl<'a> RowReader<'a> {
    pub(super) fn new(snapshot: &'a Snapshot) -> Self {
        Self { snapshot, profiles: FxHashMap::default() }
    }

    /// The row; `with_profile` if an expression reads the person's profile.
    pub(super) fn row<'b>(
        &'b mut self,
        block: &'b Block,
        row: usize,
        with_profile: bool,
    ) -> Result<Row<'b>, crate::store::ReadError> {
        let person = block.people()[row];
        let profile = if with_profile && person != crate::store::NOBODY {
            if !self.profiles.contains_key(&person) {
                let profile = match self.snapshot.pseudonym(PersonId(person)) {
                    Some(pseudonym) => self.snapshot.profile(&ProfileSubject::Person(pseudonym))?,
                    None => None,
                };
                self.profiles.insert(person, profile);
            }
            self.profiles.get(&person).and_then(Option::as_deref)
        } else {
            None
        };
        Ok(Row { snapshot: self.snapshot, block, row, profile })
    }
}

#[derive(Debug)]
pub(super) struct Row<'a> {
    snapshot: &'a Snapshot,
    block: &'a Block,
    row: usize,
    profile: Option<&'a Profile>,
}

impl Row<'_> {
    fn field(&self, field: Field) -> ExprValue<'_> {
        let time = self.block.times()[self.row];
        match field {
            Field::Time => ExprValue::Number(Timestamp::from_millis(time).seconds() as f64),
            Field::DateTime => ExprValue::DateTime(time),
            Field::EventName => self
                .snapshot
                .event_name(self.block.event(self.row))
                .map_or(ExprValue::Undefined, |name| ExprValue::text(name.as_str())),
            Field::DistinctId => {
                let person = self.block.people()[self.row];
                self.pseudonym((person != crate::store::NOBODY).then_some(PersonId(person)))
            }
            Field::DeviceId => self.pseudonym(self.block.device(self.row)),
            Field::UserId => self.pseudonym(self.block.user(self.row)),
            Field::InsertId => self
                .block
                .insert_id(self.row)
                .map_or(ExprValue::Undefined, |id| ExprValue::text(id.as_str().to_owned())),
        }
    }

    fn pseudonym(&self, person: Option<PersonId>) -> ExprValue<'_> {
        person
            .and_then(|person| self.snapshot.pseudonym(person))
            .map_or(ExprValue::Undefined, |pseudonym| ExprValue::text(pseudonym.to_string()))
    }
}

impl PropertySource for Row<'_> {
    fn property(&self, scope: PropertyScope, name: &str) -> ExprValue<'_> {
        if scope == PropertyScope::User {
            return self.profile.map_or(ExprValue::Undefined, |profile| {
                profile.properties.property(PropertyScope::Row, name)
            });
        }
        match Field::named(name) {
            Some(field) => self.field(field),
            None => column_of(self.block, name)
                .map_or(ExprValue::Undefined, |column| value(column.value(self.row))),
        }
    }
}

pub(super) fn column_of<'a>(block: &'a Block, name: &str) -> Option<&'a crate::store::PropertyColumn> {
    let columns = block.properties();
    let at = columns.binary_search_by(|(other, _): &(PropertyName, _)| other.as_str().cmp(name)).ok()?;
    Some(&columns[at].1)
}

/// A stored value as a value of the language; an object counts as its JSON text.
pub(super) fn value(value: ValueRef<'_>) -> ExprValue<'_> {
    match value {
        ValueRef::Missing => ExprValue::Undefined,
        ValueRef::Null => ExprValue::Null,
        ValueRef::Bool(value) => ExprValue::Boolean(value),
        ValueRef::Int(value) => ExprValue::Number(value as f64),
        ValueRef::Float(value) => ExprValue::number(value),
        ValueRef::Str(text) => ExprValue::text(text),
        ValueRef::Json(text) => list(text).unwrap_or_else(|| ExprValue::text(text)),
    }
}

/// The items, if it is a list.
pub(super) fn list(json: &str) -> Option<ExprValue<'static>> {
    if !json.starts_with('[') {
        return None;
    }
    let parsed: PropertyValue = serde_json::from_str(json).ok()?;
    Some(ExprValue::from(&parsed).into_owned())
}

/// One value in place of all properties: for expressions that read a single one.
pub(super) struct OneValue<'a>(pub(super) ExprValue<'a>);

impl PropertySource for OneValue<'_> {
    fn property(&self, _: PropertyScope, _: &str) -> ExprValue<'_> {
        self.0.clone()
    }
}
