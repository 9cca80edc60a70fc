//! A disk in memory that behaves as badly as a real one may.

use super::{Disk, DiskFile, DiskLock};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a crash keeps or spoils as one piece.
const SECTOR: usize = 512;

/// A disk for tests: in memory, repeatable from its seed. Clones share it.
///
/// * A crash keeps what was synced. Of the rest of a file a random length stays, in which each
///   sector holds what was written, zeros, or garbage.
/// * Changes of names that were not synced survive up to a random point in their order, as with a
///   journalling file system.
/// * After a failed sync its bytes can still be read, yet never become durable, not even by the
///   next sync that succeeds.
/// * Faults are switched on and off with [`SimDisk::set_faults`].
#[derive(Clone, Debug)]
pub struct SimDisk(Arc<Mutex<State>>);

/// What goes wrong at present. By default nothing does.
#[derive(Clone, Copy, Debug, Default)]
pub struct SimFaults {
    /// Room left: appends fail with [`io::ErrorKind::StorageFull`] once it is used up, taking what still fits.
    pub room: Option<u64>,
    /// So many of the next syncs (of files or directories) fail with an I/O error.
    pub failing_syncs: u32,
    /// Every change fails with [`io::ErrorKind::ReadOnlyFilesystem`].
    pub read_only: bool,
    /// Reads and writes move a random part of what was asked for.
    pub short: bool,
    /// So many changes and syncs still happen; then the power is gone and everything fails until
    /// [`SimDisk::crash`] is called and the faults are taken back.
    pub changes_until_power_cut: Option<u32>,
}

#[derive(Debug)]
struct State {
    random: u64,
    faults: SimFaults,
    /// Counts crashes: whoever opened a file before the last one holds a dead handle.
    life: u64,
    nodes: Vec<Node>,
    names: BTreeMap<PathBuf, usize>,
    durable_names: BTreeMap<PathBuf, usize>,
    /// Changes of names since the directory was last synced, oldest first.
    pending: Vec<NameChange>,
    dirs: BTreeSet<PathBuf>,
    locks: BTreeSet<PathBuf>,
}

#[derive(Clone, Debug)]
enum NameChange {
    Create(PathBuf, usize),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
}

/// Content of a file: as a reader sees it, and as it is on the platter.
#[derive(Debug, Default)]
struct Node {
    seen: Vec<u8>,
    durable: Vec<u8>,
    /// From here on `seen` still has to be written down.
    dirty_from: Option<usize>,
}

#[derive(Debug)]
struct SimFile {
    disk: SimDisk,
    node: usize,
    life: u64,
    writable: bool,
}

#[derive(Debug)]
struct SimLock {
    disk: SimDisk,
    path: PathBuf,
    life: u64,
}

impl SimDisk {
    pub fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(State {
            random: seed,
            faults: SimFaults::default(),
            life: 0,
            nodes: Vec::new(),
            names: BTreeMap::new(),
            durable_names: BTreeMap::new(),
            pending: Vec::new(),
            dirs: BTreeSet::new(),
            locks: BTreeSet::new(),
        })))
    }

    pub fn set_faults(&self, faults: SimFaults) {
        self.state().faults = faults;
    }

    /// Pulls the plug: open files and locks are dead, what was not durable is lost, torn or garbled.
    pub fn crash(&self) {
        let mut guard = self.state();
        let state = &mut *guard;
        state.life += 1;
        state.locks.clear();
        let survivors = state.below(state.pending.len() + 1);
        let pending = std::mem::take(&mut state.pending);
        for change in pending.into_iter().take(survivors) {
            change.apply(&mut state.durable_names);
        }
        state.names = state.durable_names.clone();
        for node in 0..state.nodes.len() {
            state.crash_node(node);
        }
    }

    /// What a reader sees of a file now.
    pub fn content(&self, path: &Path) -> Option<Vec<u8>> {
        let state = self.state();
        state.names.get(path).map(|&node| state.nodes[node].seen.clone())
    }

    /// Puts a file there, or in place of one, durable: how a test damages a disk.
    pub fn plant(&self, path: &Path, content: Vec<u8>) {
        let mut state = self.state();
        let node = state.nodes.len();
        state.nodes.push(Node { seen: content.clone(), durable: content, dirty_from: None });
        state.names.insert(path.to_owned(), node);
        state.durable_names.insert(path.to_owned(), node);
    }

    /// Takes a file away as if it had never been.
    pub fn lose(&self, path: &Path) {
        let mut state = self.state();
        state.names.remove(path);
        state.durable_names.remove(path);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn file(&self, state: &State, node: usize, writable: bool) -> Box<dyn DiskFile> {
        Box::new(SimFile { disk: self.clone(), node, life: state.life, writable })
    }
}

impl State {
    /// SplitMix64: small, and good enough to choose where to tear.
    fn next(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn check_power(&mut self) -> io::Result<()> {
        match &mut self.faults.changes_until_power_cut {
            Some(0) => Err(io::Error::other("simulated power cut")),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn check_change(&mut self) -> io::Result<()> {
        self.check_power()?;
        if self.faults.read_only { Err(io::ErrorKind::ReadOnlyFilesystem.into()) } else { Ok(()) }
    }

    fn check_sync(&mut self) -> io::Result<()> {
        self.check_power()?;
        if self.faults.failing_syncs > 0 {
            self.faults.failing_syncs -= 1;
            return Err(io::Error::other("simulated I/O error"));
        }
        Ok(())
    }

    fn find(&self, path: &Path) -> io::Result<usize> {
        self.names.get(path).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn change_name(&mut self, change: NameChange) {
        change.apply(&mut self.names);
        self.pending.push(change);
    }

    fn crash_node(&mut self, node: usize) {
        let Some(from) = self.nodes[node].dirty_from.take() else {
            self.nodes[node].seen = self.nodes[node].durable.clone();
            return;
        };
        let mut content = std::mem::take(&mut self.nodes[node].durable);
        let seen = std::mem::take(&mut self.nodes[node].seen);
        // A truncation that was not synced may or may not have happened.
        if from < content.len() && self.below(2) == 0 {
            content.truncate(from);
        }
        if content.len() <= from && seen.len() > from {
            content.resize(from, 0);
            let kept = self.below(seen.len() - from + 1);
            for sector in seen[from..from + kept].chunks(SECTOR) {
                match self.below(4) {
                    0 => content.extend(std::iter::repeat_n(0, sector.len())),
                    1 => {
                        for _ in sector {
                            let byte = self.next() as u8;
                            content.push(byte);
                        }
                    }
                    _ => content.extend_from_slice(sector),
                }
            }
        }
        self.nodes[node].seen = content.clone();
        self.nodes[node].durable = content;
    }

    /// The bytes of a failed sync: gone from the list of what is to be written, never written.
    fn forsake(&mut self, node: usize) {
        if let Some(from) = self.nodes[node].dirty_from.take() {
            let length = self.nodes[node].seen.len();
            self.nodes[node].durable.truncate(from);
            let kept = self.below(length.saturating_sub(from) + 1);
            let lost = self.next() as u8;
            self.nodes[node].durable.resize(from.min(length) + kept, lost);
        }
    }
}

impl NameChange {
    fn apply(&self, names: &mut BTreeMap<PathBuf, usize>) {
        match self {
            Self::Create(path, node) => {
                names.insert(path.clone(), *node);
            }
            Self::Rename(from, to) => {
                if let Some(node) = names.remove(from) {
                    names.insert(to.clone(), node);
                }
            }
            Self::Remove(path) => {
                names.remove(path);
            }
        }
    }

    fn is_in(&self, dir: &Path) -> bool {
        let (Self::Create(path, _) | Self::Rename(path, _) | Self::Remove(path)) = self;
        path.parent() == Some(dir)
    }
}

impl Disk for SimDisk {
    fn create_dir(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        if state.dirs.contains(path) {
            return Ok(());
        }
        state.check_change()?;
        state.dirs.extend(path.ancestors().map(Path::to_owned));
        Ok(())
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let state = self.state();
        if !state.dirs.contains(dir) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let inside = state.names.keys().filter(|path| path.parent() == Some(dir));
        Ok(inside.filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())).collect())
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let mut state = self.state();
        state.check_change()?;
        if !path.parent().is_some_and(|dir| state.dirs.contains(dir)) {
            return Err(io::ErrorKind::NotFound.into());
        }
        if state.names.contains_key(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let node = state.nodes.len();
        state.nodes.push(Node::default());
        state.change_name(NameChange::Create(path.to_owned(), node));
        Ok(self.file(&state, node, true))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let mut state = self.state();
        state.check_change()?;
        let node = state.find(path)?;
        Ok(self.file(&state, node, true))
    }

    fn open_read(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let state = self.state();
        let node = state.find(path)?;
        Ok(self.file(&state, node, false))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.check_change()?;
        state.find(from)?;
        state.change_name(NameChange::Rename(from.to_owned(), to.to_owned()));
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.check_change()?;
        state.find(path)?;
        state.change_name(NameChange::Remove(path.to_owned()));
        Ok(())
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        let mut guard = self.state();
        let state = &mut *guard;
        state.check_sync()?;
        let (synced, left) =
            std::mem::take(&mut state.pending).into_iter().partition(|change| change.is_in(dir));
        state.pending = left;
        let synced: Vec<NameChange> = synced;
        for change in synced {
            change.apply(&mut state.durable_names);
        }
        Ok(())
    }

    fn lock(&self, path: &Path) -> io::Result<Box<dyn DiskLock>> {
        let mut state = self.state();
        if !state.locks.insert(path.to_owned()) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        Ok(Box::new(SimLock { disk: self.clone(), path: path.to_owned(), life: state.life }))
    }
}

impl SimFile {
    fn state(&self) -> io::Result<MutexGuard<'_, State>> {
        let state = self.disk.state();
        if state.life == self.life { Ok(state) } else { Err(io::Error::other("opened before the crash")) }
    }

    fn state_for_writing(&self) -> io::Result<MutexGuard<'_, State>> {
        let mut state = self.state()?;
        state.check_change()?;
        if self.writable { Ok(state) } else { Err(io::ErrorKind::PermissionDenied.into()) }
    }
}

impl DiskFile for SimFile {
    fn append(&self, bytes: &[u8]) -> io::Result<usize> {
        let mut guard = self.state_for_writing()?;
        let state = &mut *guard;
        let mut count = bytes.len();
        if state.faults.short && count > 1 {
            count = 1 + state.below(count);
        }
        if let Some(room) = &mut state.faults.room {
            count = count.min(usize::try_from(*room).unwrap_or(usize::MAX));
            *room -= count as u64;
            if count == 0 && !bytes.is_empty() {
                return Err(io::ErrorKind::StorageFull.into());
            }
        }
        let node = &mut state.nodes[self.node];
        node.dirty_from = Some(node.dirty_from.unwrap_or(node.seen.len()));
        node.seen.extend_from_slice(&bytes[..count]);
        Ok(count)
    }

    fn sync(&self) -> io::Result<()> {
        let mut guard = self.state()?;
        let state = &mut *guard;
        if let Err(error) = state.check_sync() {
            state.forsake(self.node);
            return Err(error);
        }
        let node = &mut state.nodes[self.node];
        if let Some(from) = node.dirty_from.take() {
            node.durable.resize(from, 0);
            node.durable.extend_from_slice(&node.seen[from..]);
        }
        Ok(())
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut guard = self.state()?;
        let state = &mut *guard;
        let length = state.nodes[self.node].seen.len();
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(length);
        let mut count = buffer.len().min(length - start);
        if state.faults.short && count > 1 {
            count = 1 + state.below(count);
        }
        buffer[..count].copy_from_slice(&state.nodes[self.node].seen[start..start + count]);
        Ok(count)
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.state()?.nodes[self.node].seen.len() as u64)
    }

    fn truncate(&self, length: u64) -> io::Result<()> {
        let mut guard = self.state_for_writing()?;
        let node = &mut guard.nodes[self.node];
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let changed_from = length.min(node.seen.len());
        node.seen.resize(length, 0);
        node.dirty_from = Some(node.dirty_from.map_or(changed_from, |from| from.min(changed_from)));
        Ok(())
    }
}

impl DiskLock for SimLock {}

impl Drop for SimLock {
    fn drop(&mut self) {
        let mut state = self.disk.state();
        if state.life == self.life {
            state.locks.remove(&self.path);
        }
    }
}
