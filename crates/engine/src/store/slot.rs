//! A project with its files: the state that readers see, and the manifest that makes it last.

use crate::disk::Disk;
use crate::store::flush::Prepared;
use crate::store::manifest::Manifest;
use crate::store::paths::ProjectPaths;
use crate::store::project::Project;
use domain::ProjectId;
use domain::identity::IdentityMode;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) id: ProjectId,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) paths: ProjectPaths,
    state: Mutex<Project>,
    /// What the project was last known to hold in memory.
    pub(crate) hot_bytes: AtomicUsize,
    /// The committed one. Locked before the state where both are needed.
    manifest: Mutex<Manifest>,
    /// One flush at a time; what it wrote while that is not listed yet.
    flushing: Mutex<Option<Prepared>>,
    /// One compaction at a time.
    compacting: Mutex<()>,
}

impl Slot {
    /// Makes the files of a new project, unless it was made before.
    pub(crate) fn create(
        id: ProjectId,
        mode: IdentityMode,
        disk: &dyn Disk,
        paths: &ProjectPaths,
    ) -> std::io::Result<()> {
        disk.create_dir(paths.dir())?;
        match disk.open_read(&paths.manifest()) {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Manifest::new(id, mode).commit(disk, &paths.manifest())
            }
            Err(error) => Err(error),
        }
    }

    /// Opens a project that was made. Changes nothing on disk.
    pub(crate) fn open(disk: Arc<dyn Disk>, paths: ProjectPaths) -> Result<Self, String> {
        let manifest = Manifest::load(disk.as_ref(), &paths.manifest())
            .map_err(|what| format!("{}: {what}", paths.manifest().display()))?;
        let project = Project::load(&disk, &paths, &manifest)?;
        Ok(Self {
            id: manifest.project,
            disk,
            paths,
            state: Mutex::new(project),
            hot_bytes: AtomicUsize::new(0),
            manifest: Mutex::new(manifest),
            flushing: Mutex::default(),
            compacting: Mutex::default(),
        })
    }

    /// Removes files that the manifest does not list. Only for whoever has the engine's lock.
    pub(crate) fn tidy(&self) {
        remove_unlisted(self.disk.as_ref(), &self.paths, &self.manifest());
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, Project> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn manifest(&self) -> MutexGuard<'_, Manifest> {
        self.manifest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn one_flush(&self) -> MutexGuard<'_, Option<Prepared>> {
        self.flushing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn one_compaction(&self) -> MutexGuard<'_, ()> {
        self.compacting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number for a new file of events, never used before.
    pub(crate) fn next_file(&self) -> u64 {
        let mut manifest = self.manifest();
        manifest.next_file += 1;
        manifest.next_file - 1
    }
}

/// Files that no manifest lists are of flushes and compactions that did not come to their end, or
/// were replaced while somebody read them.
fn remove_unlisted(disk: &dyn Disk, paths: &ProjectPaths, manifest: &Manifest) {
    let mut keep = vec![paths.manifest(), paths.people(), paths.identity()];
    keep.push(paths.profiles(manifest.profiles.number));
    for file in &manifest.files {
        keep.push(paths.event_file(file.entry.week, file.entry.number));
        keep.push(paths.event_index(file.entry.week, file.entry.number));
    }
    for dir in [paths.dir().to_owned(), paths.events()] {
        // A directory that cannot be listed keeps its leftovers.
        for name in disk.list(&dir).unwrap_or_default() {
            let path = dir.join(name);
            if !keep.contains(&path)
                && let Err(error) = disk.remove(&path)
            {
                tracing::warn!(file = %path.display(), %error, "cannot remove an unlisted file");
            }
        }
    }
}
