//! What to read, and the errors of reading.

use arrow_schema::ArrowError;
use domain::{EventName, PropertyName, Timestamp};
use roaring::RoaringBitmap;
use std::ops::Range;
use std::sync::Arc;

/// A question to the store: rows and columns. Rows come without superseded ones.
#[derive(Clone, Debug)]
pub struct Scan {
    /// Time of the event, half open.
    pub range: Range<Timestamp>,
    /// `None`: all events. A name that the project never saw matches nothing.
    pub events: Option<Vec<EventName>>,
    /// The properties to read.
    pub properties: Vec<PropertyName>,
    /// Read every property, and the details.
    pub all_properties: bool,
    /// Read device, user, insert id and time of arrival.
    pub details: bool,
    /// Only events of these canonical `PersonId`s.
    pub people: Option<RoaringBitmap>,
}

impl Scan {
    /// All events in the range, without properties.
    pub fn over(range: Range<Timestamp>) -> Self {
        Self { range, events: None, properties: vec![], all_properties: false, details: false, people: None }
    }

    /// All events of all time, without properties.
    pub fn everything() -> Self {
        Self::over(Timestamp::from_millis(i64::MIN)..Timestamp::from_millis(i64::MAX))
    }

    pub(crate) fn wants_details(&self) -> bool {
        self.details || self.all_properties
    }

    pub(crate) fn wants_property(&self, name: &PropertyName) -> bool {
        self.all_properties || self.properties.contains(name)
    }
}

impl Default for Scan {
    fn default() -> Self {
        Self::everything()
    }
}

#[derive(Clone, Debug, thiserror::Error)]
pub enum ReadError {
    #[error("{file} is damaged: {what}; run `bulkhead fsck` to see what is lost")]
    Damaged { file: String, what: String },
    #[error("cannot read {file}: {source}")]
    Disk { file: String, source: Arc<std::io::Error> },
    #[error("columns do not fit together: {0}")]
    Columns(Arc<ArrowError>),
    #[error("project {0} is not available: {1}")]
    Unavailable(domain::ProjectId, String),
    #[error("project {0} is not defined")]
    UnknownProject(domain::ProjectId),
}

impl From<ArrowError> for ReadError {
    fn from(error: ArrowError) -> Self {
        Self::Columns(Arc::new(error))
    }
}
