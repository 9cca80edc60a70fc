//! One event: `{"event": …, "properties": {…}}`, what Bulkhead reads itself taken apart from the rest.

use super::names::Names;
use super::scalar::{Key, Object, ObjectReader, Scalar};
use super::skip;
use super::value::{Collected, Gauge, top_level};
use crate::admit::limits::EVENT_SHAPE;
use crate::wire::{Defect, Id, IncomingEvent};
use domain::PropertyName;
use serde::de::MapAccess;

pub(super) struct EventReader<'n>(pub(super) &'n mut Names);

enum Field {
    Name,
    Properties,
    Metadata,
    Other,
}

impl Field {
    fn of(name: &str) -> Self {
        match name {
            "event" => Self::Name,
            "properties" => Self::Properties,
            "$mp_metadata" => Self::Metadata,
            _ => Self::Other,
        }
    }
}

impl<'de> ObjectReader<'de> for EventReader<'_> {
    type Output = IncomingEvent;

    fn read<A: MapAccess<'de>>(self, mut map: A) -> Result<IncomingEvent, A::Error> {
        let Self(names) = self;
        let mut event = IncomingEvent::default();
        let mut gauge = Gauge::new(&EVENT_SHAPE);
        while let Some(field) = map.next_key_seed(Key(Field::of))? {
            match field {
                Field::Name => match map.next_value()? {
                    Scalar::Text(name) => {
                        gauge.grow(name.len());
                        event.name = Some(names.event(&name));
                    }
                    Scalar::Null => {}
                    _ => gauge.mark(Defect::NameNotText),
                },
                Field::Properties => {
                    let properties = EventProperties { event: &mut event, gauge: &mut gauge, names };
                    if map.next_value_seed(Object(properties))?.is_none() {
                        gauge.mark(Defect::PropertiesNotAnObject);
                    }
                }
                Field::Metadata => {
                    event.metadata_id = map.next_value_seed(Object(Metadata))?.unwrap_or_default();
                }
                Field::Other => skip(&mut map)?,
            }
        }
        event.defect = gauge.defect;
        Ok(event)
    }
}

/// Names of properties that become fields of the event, or that nobody stores.
enum Reserved {
    Token,
    DistinctId,
    DeviceId,
    UserId,
    InsertId,
    Time,
    Address,
    UserAgent,
    Ignore,
    Hidden,
}

enum Property {
    Reserved(Reserved),
    Plain(PropertyName),
}

impl Property {
    fn of(name: &str, names: &mut Names) -> Self {
        Self::Reserved(match name {
            "token" => Reserved::Token,
            "distinct_id" => Reserved::DistinctId,
            "$device_id" => Reserved::DeviceId,
            "$user_id" => Reserved::UserId,
            "$insert_id" => Reserved::InsertId,
            "time" => Reserved::Time,
            "ip" | "$ip" => Reserved::Address,
            "$user_agent" | "$useragent" => Reserved::UserAgent,
            "$ignore" => Reserved::Ignore,
            "bucket" | "$bucket" => Reserved::Hidden,
            _ => return Self::Plain(names.next(name)),
        })
    }
}

struct EventProperties<'r> {
    event: &'r mut IncomingEvent,
    gauge: &'r mut Gauge,
    names: &'r mut Names,
}

impl<'de> ObjectReader<'de> for EventProperties<'_> {
    type Output = ();

    fn read<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { event, gauge, names } = self;
        let mut collected = Collected::default();
        let mut count = 0;
        names.begin();
        while let Some(property) = map.next_key_seed(Key(|name: &str| Property::of(name, names)))? {
            count += 1;
            let too_many = count > gauge.shape.properties;
            if too_many {
                gauge.mark(Defect::TooManyProperties);
            }
            match property {
                Property::Plain(_) if too_many => skip(&mut map)?,
                Property::Plain(name) => {
                    let value = top_level(&mut map, gauge, names, &name)?;
                    collected.put(name, value);
                }
                Property::Reserved(reserved) => {
                    let value: Scalar<'_> = map.next_value()?;
                    if let Scalar::Text(text) = &value {
                        gauge.grow(text.len() + 16);
                    }
                    match reserved {
                        Reserved::Token => event.token = value.into_text(),
                        Reserved::DistinctId => event.distinct_id = value.into_id(),
                        Reserved::DeviceId => event.device_id = value.into_id(),
                        Reserved::UserId => event.user_id = value.into_id(),
                        Reserved::InsertId => event.insert_id = value.into_id(),
                        Reserved::Time => event.time = value.into_time(),
                        Reserved::Address => event.address = value.into_address(),
                        Reserved::UserAgent => event.user_agent = value.into_text(),
                        Reserved::Ignore => event.ignore = value.is_set(),
                        Reserved::Hidden => {}
                    }
                }
            }
        }
        event.properties = collected.properties;
        Ok(())
    }
}

/// `$mp_metadata`, which mobile clients put beside the properties.
struct Metadata;

impl<'de> ObjectReader<'de> for Metadata {
    type Output = Id;

    fn read<A: MapAccess<'de>>(self, mut map: A) -> Result<Id, A::Error> {
        let mut id = Id::Missing;
        while let Some(is_id) = map.next_key_seed(Key(|name: &str| name == "$mp_event_id"))? {
            if is_id {
                id = map.next_value::<Scalar<'_>>()?.into_id();
            } else {
                skip(&mut map)?;
            }
        }
        Ok(id)
    }
}
