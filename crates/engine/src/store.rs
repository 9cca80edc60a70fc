//! What became of the log: people, names, events in columns, profiles. One applier changes it in
//! the order of the log; readers take a [`Snapshot`], which never changes under them.
//!
//! * [`snapshot`], [`scan`], [`block`], [`column`]: how reports and exports read.
//! * [`registry`], [`identity`]: who is who.
//! * [`lexicon`]: which names there are.
//! * [`hot`]: events that are in the log but not yet in a file.
//! * [`project`]: all of it for one project.

#![allow(dead_code, reason = "files and restart, which need the rest, come next")]

pub mod block;
pub mod column;
pub(crate) mod cow_map;
pub(crate) mod dictionary;
pub(crate) mod generation;
pub(crate) mod hot;
pub(crate) mod identity;
pub(crate) mod insert_id;
pub(crate) mod key;
pub mod lexicon;
pub mod profiles;
pub(crate) mod project;
pub(crate) mod registry;
pub mod scan;
pub mod snapshot;

pub use block::Block;
pub use column::{PropertyColumn, ValueRef};
pub use lexicon::{EventId, EventSummary, PropertyKind, PropertySummary};
pub use profiles::Profile;
pub use scan::{ReadError, Scan};
pub use snapshot::{ScanPart, Snapshot};

/// Stands where an event has no person, device or user.
pub const NOBODY: u32 = u32::MAX;
