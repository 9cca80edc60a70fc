//! What became of the log: people, names, events in columns, profiles. One applier changes it in
//! the order of the log; readers take a [`Snapshot`], which never changes under them.
//!
//! * [`snapshot`], [`scan`], [`block`], [`column`]: how reports and exports read.
//! * [`registry`], [`identity`]: who is who.
//! * [`lexicon`]: which names there are.
//! * [`hot`], [`generation`]: events that are in the log but not yet in a file.
//! * [`event_file`], [`event_writer`], [`schema`], [`index`]: Parquet files of events.
//! * [`manifest`], [`paths`]: which files count, and where they are.
//! * [`project`], [`slot`]: all of it for one project; [`flush`] and [`compact`] change its files.

pub(crate) mod append_file;
pub mod block;
pub(crate) mod bloom;
pub(crate) mod checked;
pub mod column;
pub(crate) mod compact;
pub(crate) mod cow_map;
pub(crate) mod dictionary;
pub(crate) mod envelope;
pub(crate) mod error;
pub(crate) mod event_file;
pub(crate) mod event_writer;
pub(crate) mod flush;
pub(crate) mod generation;
pub(crate) mod hot;
pub(crate) mod identity;
pub(crate) mod ids_file;
pub(crate) mod index;
pub(crate) mod insert_id;
pub(crate) mod key;
pub mod lexicon;
pub(crate) mod manifest;
pub(crate) mod paths;
pub(crate) mod prefetch;
pub mod profiles;
pub(crate) mod project;
pub(crate) mod registry;
pub mod scan;
pub(crate) mod scanner;
pub(crate) mod schema;
pub(crate) mod slot;
pub mod snapshot;
pub(crate) mod source;

pub use block::Block;
pub use column::{PropertyColumn, ValueRef};
pub use lexicon::{EventId, EventSummary, PropertyKind, PropertySummary};
pub use profiles::Profile;
pub use scan::{ReadError, Scan};
pub use scanner::ScanPart;
pub use snapshot::Snapshot;

/// Stands where an event has no person, device or user.
pub const NOBODY: u32 = u32::MAX;
