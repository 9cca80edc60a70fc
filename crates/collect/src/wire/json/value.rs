//! Property values, measured while they are read: what is too large, too deep or too many is passed
//! over without being kept, and marks its record.

use super::names::Names;
use super::scalar::ObjectReader;
use crate::admit::limits::Shape;
use crate::wire::Defect;
use domain::event::Properties;
use domain::{PropertyName, PropertyValue};
use serde::Deserializer;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::HashMap;
use std::fmt;

/// From how many names on a table finds duplicates faster than a look at each.
const FEW: usize = 32;

/// The size of a record so far, and the first thing that is wrong with it.
pub(super) struct Gauge {
    pub(super) shape: &'static Shape,
    /// Bytes as compact JSON, escapes not counted.
    pub(super) size: usize,
    pub(super) defect: Option<Defect>,
}

impl Gauge {
    pub(super) fn new(shape: &'static Shape) -> Self {
        Self { shape, size: 0, defect: None }
    }

    pub(super) fn mark(&mut self, defect: Defect) {
        self.defect.get_or_insert(defect);
    }

    pub(super) fn grow(&mut self, bytes: usize) {
        self.size += bytes;
        if self.size > self.shape.record_bytes {
            self.mark(Defect::TooLarge);
        }
    }
}

/// Properties under construction: a name stands in them once, with the value that came last.
#[derive(Default)]
pub(super) struct Collected {
    pub(super) properties: Properties,
    /// Where each name stands. Interned, so that the address of its text is its identity.
    places: HashMap<usize, usize>,
}

impl Collected {
    pub(super) fn put(&mut self, name: PropertyName, value: PropertyValue) {
        let address = |name: &PropertyName| name.as_str().as_ptr().addr();
        let count = self.properties.len();
        let place = if count < FEW {
            self.properties.iter().position(|(known, _)| address(known) == address(&name))
        } else {
            if count == FEW && self.places.is_empty() {
                self.places = self.properties.iter().map(|(known, _)| address(known)).zip(0..).collect();
            }
            let place = self.places.get(&address(&name)).copied();
            if place.is_none() {
                self.places.insert(address(&name), count);
            }
            place
        };
        match place {
            Some(place) => self.properties[place].1 = value,
            None => self.properties.push((name, value)),
        }
    }
}

/// The entries of an operator's object: properties of the first level.
pub(super) struct PropertiesReader<'r> {
    pub(super) gauge: &'r mut Gauge,
    pub(super) names: &'r mut Names,
}

impl<'de> ObjectReader<'de> for PropertiesReader<'_> {
    type Output = Properties;

    fn read<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties, A::Error> {
        let mut collected = Collected::default();
        self.names.begin();
        while let Some(name) = map.next_key_seed(super::scalar::Key(|name: &str| self.names.next(name)))? {
            if collected.properties.len() >= self.gauge.shape.properties {
                self.gauge.mark(Defect::TooManyProperties);
                super::skip(&mut map)?;
                continue;
            }
            let value = top_level(&mut map, self.gauge, self.names, &name)?;
            collected.put(name, value);
        }
        Ok(collected.properties)
    }
}

/// The value of a property of the first level, whose lists and objects are limited in size.
pub(super) fn top_level<'de, A: MapAccess<'de>>(
    map: &mut A,
    gauge: &mut Gauge,
    names: &mut Names,
    name: &PropertyName,
) -> Result<PropertyValue, A::Error> {
    gauge.grow(name.as_str().len() + 4);
    let before = gauge.size;
    let value = map.next_value_seed(Value { gauge, names, objects: 0, containers: 0 })?;
    if matches!(value, PropertyValue::List(_) | PropertyValue::Object(_))
        && gauge.size - before > gauge.shape.composite_bytes
    {
        gauge.mark(Defect::PropertyTooLarge);
    }
    Ok(value)
}

struct Value<'r> {
    gauge: &'r mut Gauge,
    names: &'r mut Names,
    /// How many objects, and how many lists and objects, are around this value.
    objects: usize,
    containers: usize,
}

impl Value<'_> {
    fn inner(&mut self, is_object: bool) -> Value<'_> {
        Value {
            gauge: self.gauge,
            names: self.names,
            objects: self.objects + usize::from(is_object),
            containers: self.containers + 1,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = PropertyValue;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<PropertyValue, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = PropertyValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<PropertyValue, E> {
        self.gauge.grow(4);
        Ok(PropertyValue::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<PropertyValue, E> {
        self.gauge.grow(5);
        Ok(PropertyValue::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<PropertyValue, E> {
        self.gauge.grow(digits(value.unsigned_abs()) + 1);
        Ok(PropertyValue::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<PropertyValue, E> {
        self.gauge.grow(digits(value));
        Ok(i64::try_from(value).map_or(PropertyValue::Float(value as f64), PropertyValue::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<PropertyValue, E> {
        self.gauge.grow(8);
        Ok(PropertyValue::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<PropertyValue, E> {
        self.gauge.grow(value.len() + 2);
        Ok(PropertyValue::String(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<PropertyValue, A::Error> {
        self.gauge.grow(2);
        if self.containers >= self.gauge.shape.containers {
            self.gauge.mark(Defect::TooDeep);
            IgnoredAny.visit_seq(list)?;
            return Ok(PropertyValue::Null);
        }
        let mut items = Vec::new();
        while items.len() < self.gauge.shape.items {
            match list.next_element_seed(self.inner(false))? {
                Some(item) => items.push(item),
                None => return Ok(PropertyValue::List(items)),
            }
            self.gauge.grow(1);
        }
        while list.next_element::<IgnoredAny>()?.is_some() {
            self.gauge.mark(Defect::TooManyItems);
        }
        Ok(PropertyValue::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<PropertyValue, A::Error> {
        self.gauge.grow(2);
        if self.objects >= self.gauge.shape.objects || self.containers >= self.gauge.shape.containers {
            self.gauge.mark(Defect::TooDeep);
            IgnoredAny.visit_map(map)?;
            return Ok(PropertyValue::Null);
        }
        let mut collected = Collected::default();
        while let Some(name) =
            map.next_key_seed(super::scalar::Key(|name: &str| self.names.property(name)))?
        {
            if collected.properties.len() >= self.gauge.shape.keys {
                self.gauge.mark(Defect::TooManyKeys);
                super::skip(&mut map)?;
                continue;
            }
            self.gauge.grow(name.as_str().len() + 4);
            let value = map.next_value_seed(self.inner(true))?;
            collected.put(name, value);
        }
        Ok(PropertyValue::Object(collected.properties))
    }
}

fn digits(number: u64) -> usize {
    number.checked_ilog10().map_or(1, |log| log as usize + 1)
}
