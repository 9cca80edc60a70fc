//! One profile update: who, and one or more operators.

use super::names::Names;
use super::scalar::{Key, Object, ObjectReader, Scalar};
use super::skip;
use super::value::{Gauge, PropertiesReader, top_level};
use crate::admit::limits::PROFILE_SHAPE;
use crate::wire::{Defect, IncomingUpdate, RawOperator};
use domain::event::Properties;
use domain::{PropertyName, PropertyValue};
use serde::de::{IgnoredAny, MapAccess};

pub(super) struct UpdateReader<'n>(pub(super) &'n mut Names);

enum Field {
    Token,
    DistinctId,
    DeviceId,
    UserId,
    GroupKey,
    GroupId,
    Time,
    IgnoreTime,
    Address,
    Operator(&'static str, fn(Properties) -> RawOperator),
    Unset,
    Delete,
    Other,
}

impl Field {
    fn of(name: &str) -> Self {
        match name {
            "$token" => Self::Token,
            "$distinct_id" => Self::DistinctId,
            "$device_id" => Self::DeviceId,
            "$user_id" => Self::UserId,
            "$group_key" => Self::GroupKey,
            "$group_id" => Self::GroupId,
            "$time" => Self::Time,
            "$ignore_time" => Self::IgnoreTime,
            "$ip" => Self::Address,
            "$set" => Self::Operator("$set", RawOperator::Set),
            "$set_once" => Self::Operator("$set_once", RawOperator::SetOnce),
            "$add" => Self::Operator("$add", RawOperator::Add),
            "$append" => Self::Operator("$append", RawOperator::Append),
            "$union" => Self::Operator("$union", RawOperator::Union),
            "$remove" => Self::Operator("$remove", RawOperator::Remove),
            "$unset" => Self::Unset,
            "$delete" => Self::Delete,
            _ => Self::Other,
        }
    }
}

impl<'de> ObjectReader<'de> for UpdateReader<'_> {
    type Output = IncomingUpdate;

    fn read<A: MapAccess<'de>>(self, mut map: A) -> Result<IncomingUpdate, A::Error> {
        let Self(names) = self;
        let mut update = IncomingUpdate::default();
        let mut gauge = Gauge::new(&PROFILE_SHAPE);
        while let Some(field) = map.next_key_seed(Key(Field::of))? {
            match field {
                Field::Token => update.token = map.next_value::<Scalar<'_>>()?.into_text(),
                Field::DistinctId => update.distinct_id = map.next_value::<Scalar<'_>>()?.into_id(),
                Field::DeviceId => update.device_id = map.next_value::<Scalar<'_>>()?.into_id(),
                Field::UserId => update.user_id = map.next_value::<Scalar<'_>>()?.into_id(),
                Field::GroupKey => update.group_key = map.next_value::<Scalar<'_>>()?.into_id(),
                Field::GroupId => update.group_id = map.next_value::<Scalar<'_>>()?.into_id(),
                Field::Time => update.time = map.next_value::<Scalar<'_>>()?.into_time(),
                Field::IgnoreTime => update.ignore_time = map.next_value::<Scalar<'_>>()?.is_set(),
                Field::Address => update.address = map.next_value::<Scalar<'_>>()?.into_address(),
                Field::Operator(name, operator) => {
                    let reader = PropertiesReader { gauge: &mut gauge, names };
                    match map.next_value_seed(Object(reader))? {
                        Some(properties) => update.operators.push(operator(properties)),
                        None => gauge.mark(Defect::Operator(name)),
                    }
                }
                Field::Unset => {
                    let name = names.property("$unset");
                    let value = top_level(&mut map, &mut gauge, names, &name)?;
                    match unset(value, names) {
                        Some(unset) => update.operators.push(RawOperator::Unset(unset)),
                        None => gauge.mark(Defect::Operator("$unset")),
                    }
                }
                Field::Delete => {
                    // Its value says nothing: some send the distinct id, some `true`, some nothing.
                    map.next_value::<IgnoredAny>()?;
                    update.operators.push(RawOperator::Delete);
                }
                Field::Other => skip(&mut map)?,
            }
        }
        update.operators.sort_by_key(RawOperator::order);
        update.defect = gauge.defect;
        Ok(update)
    }
}

/// A list of names, or one name alone.
fn unset(value: PropertyValue, names: &mut Names) -> Option<Vec<PropertyName>> {
    let mut name = |value: PropertyValue| match value {
        PropertyValue::String(text) => Some(names.property(&text)),
        _ => None,
    };
    match value {
        PropertyValue::List(list) => list.into_iter().map(name).collect(),
        single => name(single).map(|name| vec![name]),
    }
}
