//! Profiles of persons and groups, folded as updates arrive.

pub(crate) mod operators;

use crate::store::cow_map::CowMap;
use domain::Timestamp;
use domain::event::Properties;
use domain::profile::{ProfileSubject, ProfileUpdate};
use std::sync::Arc;

/// What is known of a person or a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    pub subject: ProfileSubject,
    /// In the order of first setting; `$last_seen` is among them, as `2026-01-31T23:59:59` in UTC.
    pub properties: Properties,
    pub last_seen: Option<Timestamp>,
}

/// The profiles of one project.
#[derive(Clone, Debug, Default)]
pub(crate) struct Profiles {
    /// `None`: deleted.
    changed: CowMap<ProfileSubject, Option<Arc<Profile>>>,
}

impl Profiles {
    pub(crate) fn get(&self, subject: &ProfileSubject) -> Option<Arc<Profile>> {
        self.changed.get(subject).cloned().flatten()
    }

    pub(crate) fn apply(&mut self, update: &ProfileUpdate) {
        let before = self.get(&update.subject);
        if let Some(after) = operators::fold(before.as_deref(), update) {
            self.changed.insert(update.subject.clone(), after.map(Arc::new));
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Arc<Profile>> {
        self.changed.iter().filter_map(|(_, profile)| profile.clone())
    }
}
