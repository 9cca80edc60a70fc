//! Ids are distinct types, so that a project can never be passed where an operator is meant.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

macro_rules! numeric_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

numeric_id!(
    /// A tenant: one product whose events are counted together.
    ProjectId
);
numeric_id!(
    /// One who uses Bulkhead.
    OperatorId
);
numeric_id!(
    /// A person of a project inside the engine: dense, handed out in the order of first sight.
    ///
    /// Dense so that anything kept per person is an array or a bitmap, never a hash table.
    PersonId
);
