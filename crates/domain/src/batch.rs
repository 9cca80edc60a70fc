//! What one request of a client becomes: the unit of the log, durable as a whole.

use crate::identity::IdentityLink;
use crate::profile::ProfileUpdate;
use crate::sealed::SealedRecord;
use crate::{Event, ProjectId, Timestamp};

/// The admitted part of one request. Profile updates are in order of arrival.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    pub project: ProjectId,
    pub received: Timestamp,
    pub events: Vec<Event>,
    /// Original identity mode only; in simplified mode an event's own device and user say it.
    pub links: Vec<IdentityLink>,
    pub profiles: Vec<ProfileUpdate>,
    pub sealed: Vec<SealedRecord>,
}

impl Batch {
    pub fn new(project: ProjectId, received: Timestamp) -> Self {
        Self { project, received, events: vec![], links: vec![], profiles: vec![], sealed: vec![] }
    }

    pub fn is_empty(&self) -> bool {
        self.events.is_empty() && self.links.is_empty() && self.profiles.is_empty() && self.sealed.is_empty()
    }
}
