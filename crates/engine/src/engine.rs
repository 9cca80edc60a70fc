//! Log and store as one thing: append, and take a snapshot that has what was appended.
//!
//! ```text
//!  append ─▶ log: one write, one sync per group ─▶ applier: memory ─▶ answer
//!                                                       │
//!                             flusher: files, manifest ◀┘─▶ compactor: larger files
//!                                  └─▶ the log is cut off behind what all files and the vault have
//! ```

mod applier;
mod catalogue;
mod error;
mod health;
mod maintenance;
mod sealed;
mod settings;

pub(crate) use catalogue::check as check_catalogue;
pub use error::{AppendError, DefineError, OpenError, ShutdownError};
pub use health::Health;
pub(crate) use settings::log_dir;
pub use settings::{EngineComponents, EngineSettings, Maintenance, ProjectDefinition};

use crate::disk::Disk;
use crate::log::{IdleLog, Log, LogPosition};
use crate::store::paths::ProjectPaths;
use crate::store::scan::ReadError;
use crate::store::slot::Slot;
use crate::store::{Snapshot, compact};
use applier::Applied;
use catalogue::Catalogue;
use domain::sealed::SealedRecord;
use domain::time::Clock;
use domain::{Batch, ProjectId};
use maintenance::Workers;
use sealed::SealedQueue;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

/// Seconds after which a client should send again what could not be taken: a flush is through by then.
const RETRY_AFTER_S: u32 = 2;

/// Events in, snapshots out. Clones share it.
#[derive(Clone, Debug)]
pub struct Engine {
    store: Arc<Store>,
    log: Arc<Log>,
    workers: Arc<Workers>,
}

/// What the log's applier, the workers and the facade share.
#[derive(Debug)]
struct Store {
    settings: EngineSettings,
    clock: Arc<dyn Clock>,
    disk: Arc<dyn Disk>,
    projects: RwLock<BTreeMap<ProjectId, Opened>>,
    catalogue: Mutex<Catalogue>,
    applied: Applied,
    sealed: Mutex<SealedQueue>,
    troubles: health::Troubles,
    signal: maintenance::Signal,
    stopping: AtomicBool,
}

/// A project, or why there is none to work with.
type Opened = Result<Arc<Slot>, String>;

impl Engine {
    /// Opens the store, takes in what the log has beyond it, and starts to work. A project whose
    /// own files are damaged beyond use does not keep the others from working.
    pub fn open(settings: EngineSettings, components: EngineComponents) -> Result<Self, OpenError> {
        let EngineComponents { clock, disk } = components;
        disk.create_dir(&settings.dir)
            .map_err(|source| OpenError::Directory { dir: settings.dir.clone(), source })?;
        let catalogue = Catalogue::load(disk.as_ref(), &settings.dir)?;
        let store = Arc::new(Store::new(settings, clock, disk, catalogue));
        let (log, recovered) =
            Log::open(&store.settings.log_dir(), store.log_settings(), store.disk.clone())?;
        for damage in &recovered.damages {
            store.troubles.complain_of_damage(damage.to_string());
        }
        // Now that the log's lock is held, nobody else is at work on these files.
        store.slots().iter().for_each(|slot| slot.tidy());
        store.replay(&log)?;
        let (applier, thread) = applier::start(&store)?;
        let log = Arc::new(log.start(applier).map_err(OpenError::Thread)?);
        let workers = Arc::new(Workers::start(&store, &log, thread)?);
        Ok(Self { store, log, workers })
    }

    /// Makes a project known; one that is known already must have the same identity mode.
    pub fn define_project(&self, definition: ProjectDefinition) -> Result<(), DefineError> {
        self.store.define(definition)
    }

    /// Resolves once the batch is on disk and in every snapshot taken from then on.
    pub async fn append(&self, batch: Batch) -> Result<LogPosition, AppendError> {
        self.store.admit(batch.project)?;
        Ok(self.log.append(batch)?.await?)
    }

    /// The project as it is now.
    pub fn snapshot(&self, project: ProjectId) -> Result<Snapshot, ReadError> {
        Ok(self.store.slot(project)?.state().snapshot())
    }

    /// Batches with sealed records after a position, in order. Asking says that those up to the
    /// position are taken for good, as [`Self::sealed_consumed`] does: they may be gone.
    pub fn sealed_records(
        &self,
        after: LogPosition,
        limit: usize,
    ) -> Result<Vec<(LogPosition, ProjectId, Vec<SealedRecord>)>, crate::log::ReadError> {
        let start = {
            let mut queue = self.store.sealed();
            if let Some(records) = queue.after(after, limit) {
                // Whoever asks has taken all before.
                queue.consumed(after);
                return Ok(records);
            }
            queue.start()
        };
        let records = sealed::read(self.log.read_from(after), limit)?;
        if records.is_empty() {
            self.store.sealed().nothing_between(after, start);
        }
        Ok(records)
    }

    /// The vault has what is sealed up to here: the log need not keep it.
    pub fn sealed_consumed(&self, upto: LogPosition) {
        self.store.sealed().consumed(upto);
        self.store.signal.wake();
    }

    pub fn health(&self) -> Health {
        health::of(&self.store, &self.log)
    }

    /// Writes all that is in memory to files. Blocks.
    pub fn flush(&self) -> Result<(), ShutdownError> {
        self.store.flush_all()?;
        self.store.truncate(&self.log);
        Ok(())
    }

    /// Merges files until none are worth merging. Blocks.
    pub fn compact(&self) -> Result<(), ShutdownError> {
        for slot in self.store.slots() {
            while compact::compact(&slot).map_err(|error| ShutdownError::new(slot.id, &error))? {}
        }
        Ok(())
    }

    /// Finishes what was accepted and writes all that is in memory to files. Later appends are
    /// refused. Blocks. After an error nothing is lost: the log has it.
    pub fn shutdown(&self) -> Result<(), ShutdownError> {
        self.store.stopping.store(true, Ordering::Release);
        self.log.close();
        self.workers.stop();
        self.store.flush_all()
    }
}

impl Store {
    fn new(
        settings: EngineSettings,
        clock: Arc<dyn Clock>,
        disk: Arc<dyn Disk>,
        catalogue: Catalogue,
    ) -> Self {
        let mut projects = BTreeMap::new();
        let troubles = health::Troubles::default();
        for &definition in catalogue.projects() {
            projects.insert(definition.id, open_slot(&settings, &disk, definition, &troubles));
        }
        let applied = Applied::starting_at(catalogue.complete_to());
        Self {
            settings,
            clock,
            disk,
            projects: RwLock::new(projects),
            catalogue: Mutex::new(catalogue),
            applied,
            sealed: Mutex::default(),
            troubles,
            signal: maintenance::Signal::default(),
            stopping: AtomicBool::new(false),
        }
    }

    fn log_settings(&self) -> crate::log::LogSettings {
        let slots = self.slots();
        let positions = slots.iter().map(|slot| slot.manifest().position);
        let not_before = positions.max().unwrap_or_default().max(self.applied.position());
        crate::log::LogSettings { not_before, ..self.settings.log.clone() }
    }

    /// Takes in what is in the log and not in files yet.
    fn replay(&self, log: &IdleLog) -> Result<(), OpenError> {
        let positions = self.slots().into_iter().map(|slot| slot.manifest().position);
        let complete_to = self.catalogue().complete_to();
        let from = positions.min().unwrap_or_default().max(complete_to);
        for frame in log.read_from(from) {
            let (position, batch) = match frame {
                Ok(frame) => frame,
                Err(error @ crate::log::ReadError::Io { .. }) => return Err(OpenError::Replay(error)),
                Err(error) => {
                    self.troubles.complain_of_damage(error.to_string());
                    continue;
                }
            };
            let project = batch.project;
            self.apply(position, &batch);
            // Memory stays bounded however long the log is.
            if let Ok(slot) = self.slot(project)
                && slot.state().hot_bytes() >= self.settings.flush_bytes
            {
                // If it fails, health says so, and all stays in memory.
                let _ = self.flush_slot(&slot);
            }
        }
        self.sealed().start_after(log.end());
        Ok(())
    }

    fn define(&self, definition: ProjectDefinition) -> Result<(), DefineError> {
        let mut catalogue = self.catalogue();
        if let Some(known) = catalogue.get(definition.id) {
            return match known.identity_mode == definition.identity_mode {
                true => Ok(()),
                false => Err(DefineError::OtherMode(definition.id)),
            };
        }
        let ProjectDefinition { id, identity_mode } = definition;
        Slot::create(id, identity_mode, self.disk.as_ref(), &ProjectPaths::new(&self.settings.dir, id))?;
        catalogue.add(self.disk.as_ref(), &self.settings.dir, definition)?;
        let slot = open_slot(&self.settings, &self.disk, definition, &self.troubles);
        self.projects.write().unwrap_or_else(PoisonError::into_inner).insert(definition.id, slot);
        Ok(())
    }

    /// Whether there is room for another batch of the project.
    fn admit(&self, project: ProjectId) -> Result<(), AppendError> {
        match self.projects().get(&project) {
            None => return Err(AppendError::UnknownProject(project)),
            Some(Err(why)) => return Err(AppendError::Unavailable { project, why: why.clone() }),
            Some(Ok(_)) => {}
        }
        if self.applied.hot_bytes() >= self.settings.hot_bytes_limit {
            self.signal.wake();
            return Err(AppendError::Overloaded { retry_after_s: RETRY_AFTER_S });
        }
        Ok(())
    }

    fn slot(&self, project: ProjectId) -> Result<Arc<Slot>, ReadError> {
        match self.projects().get(&project) {
            None => Err(ReadError::UnknownProject(project)),
            Some(Err(why)) => Err(ReadError::Unavailable(project, why.clone())),
            Some(Ok(slot)) => Ok(slot.clone()),
        }
    }

    fn slots(&self) -> Vec<Arc<Slot>> {
        self.projects().values().filter_map(|opened| opened.as_ref().ok().cloned()).collect()
    }

    fn projects(&self) -> RwLockReadGuard<'_, BTreeMap<ProjectId, Opened>> {
        self.projects.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn catalogue(&self) -> MutexGuard<'_, Catalogue> {
        self.catalogue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sealed(&self) -> MutexGuard<'_, SealedQueue> {
        self.sealed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whatever of the log is up to here is in files. `applied`: up to here all is applied.
    fn complete_to(&self, applied: LogPosition) -> LogPosition {
        let slots = self.slots();
        let unwritten = slots.iter().filter_map(|slot| {
            let committed = slot.manifest().position;
            (!slot.state().is_clean()).then_some(committed)
        });
        // A project that cannot be used may need the log once it can.
        let needed = self.troubles.has_unplaced() || self.projects().values().any(Result::is_err);
        let floor = self.catalogue().complete_to();
        if needed { floor } else { unwritten.min().unwrap_or(applied).max(floor) }
    }
}

fn open_slot(
    settings: &EngineSettings,
    disk: &Arc<dyn Disk>,
    definition: ProjectDefinition,
    troubles: &health::Troubles,
) -> Opened {
    let opened = Slot::open(disk.clone(), ProjectPaths::new(&settings.dir, definition.id));
    opened.map(Arc::new).inspect_err(|why| {
        troubles.complain_of_damage(format!("project {} cannot be used: {why}", definition.id));
    })
}

#[cfg(test)]
mod tests;
