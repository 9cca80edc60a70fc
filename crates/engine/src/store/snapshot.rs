//! A consistent view of a project: what was answered before it was taken, and nothing after.

use crate::store::block::Block;
use crate::store::generation::Part;
use crate::store::lexicon::{EventId, EventSummary, Lexicon, PropertySummary};
use crate::store::profiles::{Profile, Profiles};
use crate::store::project::Project;
use crate::store::registry::Registry;
use crate::store::scan::{ReadError, Scan};
use domain::id::PersonId;
use domain::identity::IdentityMode;
use domain::profile::ProfileSubject;
use domain::{Batch, EventName, ProjectId, Pseudonym};
use roaring::RoaringBitmap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

#[derive(Clone, Debug)]
pub struct Snapshot {
    pub(crate) project: ProjectId,
    pub(crate) registry: Arc<RwLock<Registry>>,
    /// Ids handed out when the snapshot was taken.
    pub(crate) people: u32,
    pub(crate) canonical: Arc<Vec<u32>>,
    pub(crate) lexicon: Arc<Lexicon>,
    pub(crate) parts: Vec<Part>,
    pub(crate) profiles: Profiles,
}

impl Snapshot {
    /// What a project would hold after these batches, kept nowhere.
    pub fn in_memory(project: ProjectId, mode: IdentityMode, batches: &[Batch]) -> Self {
        let mut project = Project::new(project, mode);
        batches.iter().for_each(|batch| project.apply(batch));
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
        let work = Arc::new(Work {
            scan: scan.clone(),
            events,
            canonical: self.canonical.clone(),
            parts: self.parts.clone(),
            next: AtomicUsize::new(0),
        });
        (0..n).map(|_| ScanPart { work: work.clone() }).collect()
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

    /// The lexicon counts a chunk when it is sealed: the last one is added here.
    fn full_lexicon(&self) -> Lexicon {
        let mut lexicon = (*self.lexicon).clone();
        if let Some(last) = self.parts.last() {
            lexicon.absorb(&last.chunk);
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

    pub fn profiles(&self) -> impl Iterator<Item = Result<Arc<Profile>, ReadError>> {
        self.profiles.iter().map(Ok)
    }

    pub fn profile(&self, subject: &ProfileSubject) -> Result<Option<Arc<Profile>>, ReadError> {
        Ok(self.profiles.get(subject))
    }
}

/// What the parts of a scan share.
#[derive(Debug)]
struct Work {
    scan: Scan,
    events: Option<RoaringBitmap>,
    canonical: Arc<Vec<u32>>,
    parts: Vec<Part>,
    next: AtomicUsize,
}

/// Blocks of a scan; see [`Snapshot::scan_parts`].
#[derive(Debug)]
pub struct ScanPart {
    work: Arc<Work>,
}

impl Iterator for ScanPart {
    type Item = Result<Block, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let at = self.work.next.fetch_add(1, Ordering::Relaxed);
            let part = self.work.parts.get(at)?;
            let block = part.chunk.block(&self.work.scan, &self.work.canonical);
            match block.select(&self.work.scan, self.work.events.as_ref(), &part.deleted, 0) {
                Ok(block) if block.is_empty() => {}
                result => return Some(result),
            }
        }
    }
}
