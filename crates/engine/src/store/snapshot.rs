//! A consistent view of a project: what was answered before it was taken, and nothing after.

use crate::log::LogPosition;
use crate::store::generation::Part;
use crate::store::hot::HotChunk;
use crate::store::lexicon::{EventId, EventSummary, Lexicon, PropertySummary};
use crate::store::paths::ProjectPaths;
use crate::store::profiles::{Profile, Profiles};
use crate::store::project::{ListedEvents, Project};
use crate::store::registry::Registry;
use crate::store::scan::{ReadError, Scan};
use crate::store::scanner::{self, ScanPart};
use domain::id::PersonId;
use domain::identity::IdentityMode;
use domain::profile::ProfileSubject;
use domain::{Batch, EventName, ProjectId, Pseudonym};
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

#[derive(Clone, Debug)]
pub struct Snapshot {
    pub(crate) project: ProjectId,
    pub(crate) registry: Arc<RwLock<Registry>>,
    /// Ids handed out when the snapshot was taken.
    pub(crate) people: u32,
    pub(crate) canonical: Arc<Vec<u32>>,
    pub(crate) lexicon: Arc<Lexicon>,
    pub(crate) mode: IdentityMode,
    /// The chunk being filled, which the lexicon does not count yet.
    pub(crate) uncounted: Option<Arc<HotChunk>>,
    pub(crate) parts: Vec<Part>,
    pub(crate) files: Vec<ListedEvents>,
    /// Worked out when asked for.
    pub(crate) clusters: Arc<OnceLock<FxHashMap<u32, Vec<u32>>>>,
    pub(crate) profiles: Profiles,
}

impl Snapshot {
    /// What a project would hold after these batches, kept nowhere.
    pub fn in_memory(project: ProjectId, mode: IdentityMode, batches: &[Batch]) -> Self {
        // Nothing is written or read: the disk is there because files would be on one.
        let disk = Arc::new(crate::disk::SimDisk::new(0));
        let paths = ProjectPaths::new(std::path::Path::new("/"), project);
        let mut project = Project::new(project, mode, disk, &paths);
        batches.iter().zip(1..).for_each(|(batch, at)| project.apply(LogPosition(at), batch));
        project.snapshot()
    }

    pub fn project(&self) -> ProjectId {
        self.project
    }

    /// The rows that the scan asks for, each once, in no promised order of blocks.
    pub fn scan(&self, scan: &Scan) -> ScanPart {
        self.scan_parts(scan, 1).pop().expect("one part was asked for")
    }

    /// The same rows as [`Self::scan`] in `n` parts, for `n` threads: each takes the next piece
    /// of work when it is done with one, so that all end together.
    pub fn scan_parts(&self, scan: &Scan, n: usize) -> Vec<ScanPart> {
        let events = scan.events.as_ref().map(|names| {
            names.iter().filter_map(|name| self.lexicon.get(name.as_str())).collect::<RoaringBitmap>()
        });
        scanner::plan(scan, events, &self.canonical, &self.parts, &self.files, n)
    }

    pub fn event_name(&self, id: EventId) -> Option<&EventName> {
        self.lexicon.name(id)
    }

    pub fn event_id(&self, name: &str) -> Option<EventId> {
        self.lexicon.get(name).map(EventId)
    }

    /// Names of events that came, the most frequent first.
    pub fn event_names(&self) -> Vec<EventSummary> {
        self.full_lexicon().events()
    }

    /// Names of properties of one event or of all, the most frequent first.
    pub fn property_names(&self, event: Option<EventId>) -> Vec<PropertySummary> {
        self.full_lexicon().properties(event)
    }

    /// The lexicon counts a chunk when it is sealed: the one being filled is added here.
    fn full_lexicon(&self) -> Lexicon {
        let mut lexicon = (*self.lexicon).clone();
        if let Some(last) = &self.uncounted {
            lexicon.absorb(last);
        }
        lexicon
    }

    pub fn pseudonym(&self, id: PersonId) -> Option<Pseudonym> {
        if id.0 >= self.people {
            return None;
        }
        self.registry.read().unwrap_or_else(PoisonError::into_inner).pseudonym(id)
    }

    /// The person that this id stands for.
    pub fn canonical(&self, id: PersonId) -> PersonId {
        PersonId(self.canonical.get(id.0 as usize).copied().unwrap_or(id.0))
    }

    /// The canonical id of whom this pseudonym stands for.
    pub fn person(&self, pseudonym: &Pseudonym) -> Option<PersonId> {
        let id = self.registry.read().unwrap_or_else(PoisonError::into_inner).get(pseudonym)?;
        (id < self.people).then(|| self.canonical(PersonId(id)))
    }

    /// How many ids were handed out: every `PersonId` is below it. Ids that were merged count.
    pub fn person_count(&self) -> u32 {
        self.people
    }

    /// All profiles, in no promised order. In original mode those of one person's ids are one:
    /// where they differ, the one seen last counts.
    pub fn profiles(&self) -> impl Iterator<Item = Result<Arc<Profile>, ReadError>> {
        self.profiles.iter().filter_map(|profile| match profile {
            Ok(profile) => match self.cluster_of(&profile.subject) {
                None => Some(Ok(profile)),
                // The cluster is told once, at its first member with a profile.
                Some(members) => match self.merged(&members) {
                    Ok(Some((first, merged))) if first == profile.subject => Some(Ok(merged)),
                    Ok(_) => None,
                    Err(error) => Some(Err(error)),
                },
            },
            Err(error) => Some(Err(error)),
        })
    }

    /// The profile of a person or a group. Any id of a person will do in original mode; in
    /// simplified mode profiles live on the id that they were set on.
    pub fn profile(&self, subject: &ProfileSubject) -> Result<Option<Arc<Profile>>, ReadError> {
        match self.cluster_of(subject) {
            Some(members) => Ok(self.merged(&members)?.map(|(_, profile)| profile)),
            None => self.profiles.get(subject),
        }
    }

    /// The ids of the person, if there are several: smallest pseudonym first.
    fn cluster_of(&self, subject: &ProfileSubject) -> Option<Vec<Pseudonym>> {
        let ProfileSubject::Person(pseudonym) = subject else { return None };
        if self.mode != IdentityMode::Original {
            return None;
        }
        let person = self.person(pseudonym)?;
        let members = self.clusters.get_or_init(|| clusters(&self.canonical)).get(&person.0)?;
        let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
        let mut pseudonyms: Vec<_> =
            members.iter().filter_map(|&id| registry.pseudonym(PersonId(id))).collect();
        pseudonyms.sort();
        Some(pseudonyms)
    }

    /// The first of the ids that has a profile, and what all of them amount to.
    fn merged(&self, members: &[Pseudonym]) -> Result<Option<(ProfileSubject, Arc<Profile>)>, ReadError> {
        let mut profiles = vec![];
        for member in members {
            profiles.extend(self.profiles.get(&ProfileSubject::Person(*member))?);
        }
        let Some(first) = profiles.first().map(|profile| profile.subject.clone()) else { return Ok(None) };
        profiles.sort_by_key(|profile| profile.last_seen);
        let mut merged = Profile {
            subject: ProfileSubject::Person(members[0]),
            properties: vec![],
            last_seen: profiles.iter().filter_map(|profile| profile.last_seen).max(),
        };
        for (name, value) in profiles.iter().flat_map(|profile| &profile.properties) {
            match merged.properties.iter_mut().find(|(other, _)| other == name) {
                Some((_, old)) => *old = value.clone(),
                None => merged.properties.push((name.clone(), value.clone())),
            }
        }
        Ok(Some((first, Arc::new(merged))))
    }
}

/// The ids of each person that has several.
fn clusters(canonical: &[u32]) -> FxHashMap<u32, Vec<u32>> {
    let mut clusters: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    for (id, &person) in (0..).zip(canonical) {
        if id != person {
            clusters.entry(person).or_insert_with(|| vec![person]).push(id);
        }
    }
    clusters
}

#[cfg(test)]
mod tests;
