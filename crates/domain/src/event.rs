//! Something a person did, as it is stored: pseudonymous, classified, its time settled.

use crate::{Pseudonym, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

macro_rules! shared_name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<T: Into<Arc<str>>> From<T> for $name {
            fn from(text: T) -> Self {
                Self(text.into())
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&*self.0, f)
            }
        }
    };
}

shared_name!(
    /// Name of an event. Cheap to clone: batches repeat the same few.
    EventName
);
shared_name!(
    /// Name of a property. Cheap to clone: batches repeat the same few.
    PropertyName
);
shared_name!(
    /// The client's key for deduplication, as it came.
    InsertId
);

/// What a property can hold: JSON, with integers kept apart from fractions so that an export
/// gives back what came in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PropertyValue {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    String(Box<str>),
    List(Vec<PropertyValue>),
    #[serde(with = "object")]
    Object(Properties),
}

/// Properties in the order in which they came; a name stands in it once.
pub type Properties = Vec<(PropertyName, PropertyValue)>;

/// Writes [`Properties`] as a JSON object and reads them back.
pub mod object {
    use super::{Properties, PropertyName, PropertyValue};
    use serde::de::{MapAccess, Visitor};
    use serde::{Deserializer, Serializer};

    pub fn serialize<S: Serializer>(properties: &Properties, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(properties.iter().map(|(name, value)| (name, value)))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Properties, D::Error> {
        struct ObjectVisitor;
        impl<'de> Visitor<'de> for ObjectVisitor {
            type Value = Properties;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties, A::Error> {
                let mut properties = Properties::new();
                while let Some(entry) = map.next_entry::<PropertyName, PropertyValue>()? {
                    properties.push(entry);
                }
                Ok(properties)
            }
        }
        deserializer.deserialize_map(ObjectVisitor)
    }
}

/// An event as it goes into the log and the store. `token` and `ip` are never in `properties`;
/// neither are `distinct_id`, `$device_id`, `$user_id`, `time` and `$insert_id`, which have
/// fields of their own.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub name: EventName,
    pub time: Timestamp,
    /// The id that the event counts for, before merges: in simplified mode the user if there is
    /// one, else the device, else the id as sent. `None`: an import with an empty distinct id.
    pub distinct: Option<Pseudonym>,
    /// Pseudonym of `$device:<$device_id>`, where the event carries a device.
    pub device: Option<Pseudonym>,
    /// Pseudonym of `$user_id`, where the event carries one.
    pub user: Option<Pseudonym>,
    /// Always there: made up by the collector where the client sent none.
    pub insert_id: InsertId,
    pub properties: Properties,
}
