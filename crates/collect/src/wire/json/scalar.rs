//! Values that are read by what they should be: any other kind is passed over, never an error, so
//! that one odd record does not cost its neighbours.

use crate::wire::{AddressField, Id, RawTime};
use serde::de::{Deserialize, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserializer, de};
use std::borrow::Cow;
use std::fmt;

/// A JSON value of which only a scalar is of interest.
pub(super) enum Scalar<'de> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Cow<'de, str>),
    /// A list or an object, passed over.
    Composite,
}

impl Scalar<'_> {
    /// Never empty text.
    pub(super) fn into_text(self) -> Option<Box<str>> {
        match self {
            Self::Text(text) if !text.is_empty() => Some(text.into()),
            _ => None,
        }
    }

    pub(super) fn into_id(self) -> Id {
        match self {
            Self::Null => Id::Missing,
            Self::Int(number) => Id::Text(number.to_string().into()),
            Self::Float(number) => Id::Text(number.to_string().into()),
            Self::Text(text) if text.is_empty() => Id::Empty,
            Self::Text(text) => Id::Text(text.into()),
            Self::Bool(_) | Self::Composite => Id::Invalid,
        }
    }

    pub(super) fn into_time(self) -> RawTime {
        match self {
            Self::Null => RawTime::Missing,
            Self::Int(number) => RawTime::Number(number as f64),
            Self::Float(number) => RawTime::Number(number),
            Self::Text(text) if text.is_empty() => RawTime::Missing,
            Self::Text(text) => text.trim().parse().map_or(RawTime::Invalid, RawTime::Number),
            Self::Bool(_) | Self::Composite => RawTime::Invalid,
        }
    }

    pub(super) fn into_address(self) -> AddressField {
        match self {
            Self::Int(0) | Self::Bool(false) => AddressField::Off,
            Self::Int(1) | Self::Bool(true) => AddressField::Own,
            Self::Text(text) => address(&text),
            _ => AddressField::Missing,
        }
    }

    /// Set to anything but a no.
    pub(super) fn is_set(&self) -> bool {
        match self {
            Self::Null | Self::Bool(false) | Self::Int(0) => false,
            Self::Text(text) => !matches!(&**text, "" | "0" | "false"),
            _ => true,
        }
    }
}

/// What the text of an `ip` property says.
pub(crate) fn address(text: &str) -> AddressField {
    match text.trim() {
        "0" => AddressField::Off,
        "1" => AddressField::Own,
        text => text.parse().map_or(AddressField::Missing, AddressField::Given),
    }
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Scalar::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Scalar::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(i64::try_from(value).map_or(Scalar::Float(value as f64), Scalar::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Scalar::Float(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(value.to_owned().into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        IgnoredAny.visit_seq(list).map(|_| Scalar::Composite)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        IgnoredAny.visit_map(map).map(|_| Scalar::Composite)
    }
}

/// Reads the entries of an object.
pub(super) trait ObjectReader<'de> {
    type Output;

    fn read<A: MapAccess<'de>>(self, map: A) -> Result<Self::Output, A::Error>;
}

/// An object as its reader makes it; `None` where the value is none.
pub(super) struct Object<R>(pub(super) R);

impl<'de, R: ObjectReader<'de>> DeserializeSeed<'de> for Object<R> {
    type Value = Option<R::Output>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, R: ObjectReader<'de>> Visitor<'de> for Object<R> {
    type Value = Option<R::Output>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        self.0.read(map).map(Some)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        IgnoredAny.visit_seq(list).map(|_| None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// The name of an entry, turned into something else without being copied.
pub(super) struct Key<F>(pub(super) F);

impl<'de, T, F: FnOnce(&str) -> T> DeserializeSeed<'de> for Key<F> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de, T, F: FnOnce(&str) -> T> Visitor<'de> for Key<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<T, E> {
        Ok((self.0)(name))
    }
}
