//! Which ids are one person. Two modes as projects choose (mixpanel-wire.md §2.2); a project has
//! one, fixed once it has data.

use crate::{Pseudonym, Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityMode {
    /// An event that carries `$device_id` and `$user_id` links the two. The canonical id is the user.
    #[default]
    Simplified,
    /// `$identify`, `$create_alias` and `$merge` events link ids into clusters.
    Original,
}

/// A fact about ids of one person. Facts may arrive in any order, more than once, and late:
/// what they amount to must not depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdentityLink {
    pub time: Timestamp,
    pub kind: LinkKind,
    /// `$identify`: the anonymous id; `$create_alias`: the alias; `$merge`: the first id.
    pub left: Pseudonym,
    /// `$identify`: the identified id; `$create_alias`: the distinct id; `$merge`: the second id.
    pub right: Pseudonym,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkKind {
    /// Merges only an anonymous id that is merged nowhere else (that it had the form of a
    /// UUID v4 was checked at the door, where ids are still clear).
    Identify,
    Alias,
    Merge,
}
