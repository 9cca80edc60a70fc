//! The words and rules of Bulkhead. Pure: no I/O, no async, no clock, no randomness.
//!
//! Nothing in here can name a clear identifier of a person: what a client sent as `distinct_id`
//! exists as `vault::DistinctId` in `collect` and `vault` only. Everyone else sees a [`Pseudonym`].

pub mod access;
pub mod batch;
pub mod calendar;
pub mod event;
pub mod expression;
pub mod id;
pub mod identity;
pub mod profile;
pub mod report;
pub mod schema;
pub mod sealed;
pub mod subject;
pub mod time;

pub use batch::Batch;
pub use event::{Event, EventName, InsertId, PropertyName, PropertyValue};
pub use id::ProjectId;
pub use subject::Pseudonym;
pub use time::Timestamp;
