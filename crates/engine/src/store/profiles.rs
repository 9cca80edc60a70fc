//! Profiles of persons and groups, folded as updates arrive.
//!
//! What changed since the last flush is in memory, all else is read from the file when asked for.

pub(crate) mod file;
pub(crate) mod operators;

use crate::disk::Disk;
use crate::store::cow_map::CowMap;
use crate::store::paths::ProjectPaths;
use crate::store::scan::ReadError;
use domain::event::Properties;
use domain::profile::{ProfileSubject, ProfileUpdate};
use domain::{PropertyValue, Timestamp};
use file::{Place, ProfileFile, ProfileReader};
use std::sync::Arc;

/// What is known of a person or a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    pub subject: ProfileSubject,
    /// In the order of first setting; `$last_seen` is among them, as `2026-01-31T23:59:59` in UTC.
    pub properties: Properties,
    pub last_seen: Option<Timestamp>,
}

/// `None`: deleted.
pub(crate) type Changes = CowMap<ProfileSubject, Option<Arc<Profile>>>;

/// The profiles of one project. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Profiles {
    changed: Changes,
    /// About what `changed` holds in memory.
    changed_bytes: usize,
    /// Changes that are being written.
    flushing: Changes,
    stored: CowMap<ProfileSubject, Place>,
    /// Bytes of the records in `stored`.
    live: u64,
    file: Arc<ProfileReader>,
    listed: ProfileFile,
}

/// What a flush of profiles wrote.
#[derive(Debug)]
pub(crate) struct Flushed {
    pub(crate) listed: ProfileFile,
    file: Arc<ProfileReader>,
    places: Vec<(ProfileSubject, Option<Place>)>,
    /// All that counts is in the new file.
    rewritten: bool,
}

/// Below this size a file is not worth writing anew.
const MIN_REWRITE: u64 = 1 << 20;

impl Profiles {
    /// Of a file that the manifest lists; says what is wrong with it if it is damaged. Profiles
    /// before the damage can be read.
    pub(crate) fn open(
        disk: Arc<dyn Disk>,
        paths: &ProjectPaths,
        listed: ProfileFile,
    ) -> (Self, Option<String>) {
        let file = Arc::new(ProfileReader::new(disk, paths.profiles(listed.number)));
        let (mut stored, mut live) = (CowMap::default(), 0);
        let result = file.index(listed.extent, |subject, deleted, place: Place| {
            let old = if deleted { stored.remove(&subject) } else { stored.insert(subject, place) };
            live += if deleted { 0 } else { u64::from(place.length) };
            live -= old.map_or(0, |old| u64::from(old.length));
        });
        let (changed, flushing) = Default::default();
        (Self { changed, changed_bytes: 0, flushing, stored, live, file, listed }, result.err())
    }

    pub(crate) fn get(&self, subject: &ProfileSubject) -> Result<Option<Arc<Profile>>, ReadError> {
        if let Some(profile) = self.changed.get(subject).or_else(|| self.flushing.get(subject)) {
            return Ok(profile.clone());
        }
        match self.stored.get(subject) {
            Some(&place) => self.file.get(place).map(|profile| Some(Arc::new(profile))),
            None => Ok(None),
        }
    }

    /// Fails if the profile that the update applies to is damaged; the update then begins a new one.
    pub(crate) fn apply(&mut self, update: &ProfileUpdate) -> Result<(), ReadError> {
        let (before, result) = match self.get(&update.subject) {
            Ok(before) => (before, Ok(())),
            Err(error) => (None, Err(error)),
        };
        if let Some(after) = operators::fold(before.as_deref(), update) {
            self.changed_bytes += after.as_ref().map_or(0, size_of_profile) + 128;
            self.changed.insert(update.subject.clone(), after.map(Arc::new));
        }
        result
    }

    /// About what changes take in memory.
    pub(crate) fn bytes(&self) -> usize {
        self.changed_bytes
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Result<Arc<Profile>, ReadError>> {
        let older = self.flushing.iter().filter(|(subject, _)| self.changed.get(subject).is_none());
        let in_memory = self.changed.iter().chain(older).filter_map(|(_, profile)| profile.clone().map(Ok));
        let untouched = |subject: &ProfileSubject| {
            self.changed.get(subject).is_none() && self.flushing.get(subject).is_none()
        };
        let places = self.stored.iter().filter(|(subject, _)| untouched(subject)).map(|(_, place)| *place);
        in_memory.chain(self.file.get_many(places.collect()).map(|profile| profile.map(Arc::new)))
    }

    /// Sets the changes apart to be written.
    pub(crate) fn seal(&mut self) {
        debug_assert_eq!(self.flushing.len(), 0, "one flush at a time");
        self.flushing = std::mem::take(&mut self.changed);
        self.changed_bytes = 0;
    }

    /// Writes what was set apart, on a clone, without holding up anybody.
    pub(crate) fn write(
        &self,
        disk: &Arc<dyn Disk>,
        paths: &ProjectPaths,
    ) -> Result<Flushed, crate::store::error::WriteError> {
        let mut bytes = vec![];
        let mut places = vec![];
        let after = self.listed.extent.length;
        let rewrite = after > MIN_REWRITE && self.live * 2 < after;
        let base = if rewrite { 0 } else { after };
        if rewrite {
            for (subject, &place) in self.stored.iter() {
                if self.flushing.get(subject).is_none() {
                    let offset = base + bytes.len() as u64;
                    bytes.extend_from_slice(&self.file.record(place)?);
                    places.push((subject.clone(), Some(Place { offset, length: place.length })));
                }
            }
        }
        for (subject, profile) in self.flushing.iter() {
            let start = bytes.len();
            if let Err(error) = file::encode(&mut bytes, subject, profile.as_deref()) {
                tracing::error!(%error, "a profile is too large to be kept: its last changes are lost");
                bytes.truncate(start);
                continue;
            }
            let place = Place { offset: base + start as u64, length: (bytes.len() - start) as u32 };
            places.push((subject.clone(), profile.is_some().then_some(place)));
        }
        let (number, extent) = match rewrite {
            true => (self.listed.number + 1, super::append_file::Extent::default()),
            false => (self.listed.number, self.listed.extent),
        };
        let path = paths.profiles(number);
        let extent = super::append_file::append(disk.as_ref(), &path, extent, &bytes)?;
        let file = match rewrite {
            true => Arc::new(ProfileReader::new(disk.clone(), path)),
            false => self.file.clone(),
        };
        Ok(Flushed { listed: ProfileFile { number, extent }, file, places, rewritten: rewrite })
    }

    /// The manifest lists what was written.
    pub(crate) fn install(&mut self, flushed: Flushed) {
        if flushed.rewritten {
            self.stored = CowMap::default();
            self.live = 0;
            self.file.set_replaced();
        }
        self.file = flushed.file;
        self.listed = flushed.listed;
        for (subject, place) in flushed.places {
            let old = match place {
                Some(place) => self.stored.insert(subject, place),
                None => self.stored.remove(&subject),
            };
            self.live += place.map_or(0, |place| u64::from(place.length));
            self.live -= old.map_or(0, |old| u64::from(old.length));
        }
        self.flushing = Changes::default();
    }
}

fn size_of_profile(profile: &Profile) -> usize {
    profile.properties.iter().map(|(name, value)| name.as_str().len() + 48 + size_of_value(value)).sum()
}

fn size_of_value(value: &PropertyValue) -> usize {
    match value {
        PropertyValue::String(text) => text.len(),
        PropertyValue::List(values) => values.iter().map(|value| 32 + size_of_value(value)).sum(),
        PropertyValue::Object(properties) => {
            properties.iter().map(|(name, value)| name.as_str().len() + 48 + size_of_value(value)).sum()
        }
        _ => 0,
    }
}
