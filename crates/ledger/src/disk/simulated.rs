//! A disk that records every step and can fail at any, and what a crash after some of the steps leaves.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use super::{AppendFile, Disk, RealDisk, ancestors, parent};
use crate::commit::lock;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    Directories(String),
    Write(String, Vec<u8>),
    Create(String),
    Append(String, Vec<u8>),
    Truncate(String, u64),
    Sync(String),
    SyncDirectory(String),
    Rename(String, String),
    Remove(String),
    RemoveDirectory(String),
    /// Said by the test: this many leaves are confirmed.
    Confirmed(u64),
}

type Fault = Box<dyn FnMut(&Step) -> bool + Send>;

#[derive(Default)]
struct Shared {
    steps: Mutex<Vec<Step>>,
    /// Says which steps fail, with "no space left on device".
    fault: Mutex<Option<Fault>>,
}

/// Does everything on the real file system, too.
#[derive(Clone)]
pub(crate) struct RecordingDisk {
    real: Arc<RealDisk>,
    shared: Arc<Shared>,
}

impl std::fmt::Debug for RecordingDisk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.real.fmt(f)
    }
}

impl RecordingDisk {
    pub(crate) fn new(root: &Path) -> Self {
        Self { real: Arc::new(RealDisk::new(root)), shared: Arc::default() }
    }

    pub(crate) fn steps(&self) -> Vec<Step> {
        lock(&self.shared.steps).clone()
    }

    pub(crate) fn record(&self, step: Step) {
        lock(&self.shared.steps).push(step);
    }

    pub(crate) fn fail_when(&self, fault: impl FnMut(&Step) -> bool + Send + 'static) {
        *lock(&self.shared.fault) = Some(Box::new(fault));
    }

    pub(crate) fn heal(&self) {
        *lock(&self.shared.fault) = None;
    }

    fn step(&self, step: Step, act: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        if lock(&self.shared.fault).as_mut().is_some_and(|fault| fault(&step)) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        act()?;
        self.record(step);
        Ok(())
    }
}

impl Disk for RecordingDisk {
    fn create_directories(&self, path: &str) -> io::Result<()> {
        self.step(Step::Directories(path.into()), || self.real.create_directories(path))
    }

    fn write(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.step(Step::Write(path.into(), bytes.into()), || self.real.write(path, bytes))
    }

    fn append(&self, path: &str) -> io::Result<Box<dyn AppendFile>> {
        let file = self.real.append(path)?;
        self.step(Step::Create(path.into()), || Ok(()))?;
        Ok(Box::new(RecordingFile { path: path.into(), file, disk: self.clone() }))
    }

    fn truncate(&self, path: &str, length: u64) -> io::Result<()> {
        self.step(Step::Truncate(path.into(), length), || self.real.truncate(path, length))
    }

    fn sync(&self, path: &str) -> io::Result<()> {
        // What is asked for is recorded; doing it would only make the test slow.
        self.step(Step::Sync(path.into()), || fs::metadata(self.real.root.join(path)).map(drop))
    }

    fn sync_directory(&self, path: &str) -> io::Result<()> {
        self.step(Step::SyncDirectory(path.into()), || Ok(()))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.step(Step::Rename(from.into(), to.into()), || self.real.rename(from, to))
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        self.step(Step::Remove(path.into()), || self.real.remove(path))
    }

    fn remove_directory(&self, path: &str) -> io::Result<()> {
        self.step(Step::RemoveDirectory(path.into()), || self.real.remove_directory(path))
    }
}

#[derive(Debug)]
struct RecordingFile {
    path: String,
    file: Box<dyn AppendFile>,
    disk: RecordingDisk,
}

impl AppendFile for RecordingFile {
    /// A write that fails leaves half of the bytes behind, as a full disk does.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let (path, file) = (self.path.clone(), &mut self.file);
        let written = self.disk.step(Step::Append(path.clone(), bytes.into()), || file.write(bytes));
        if written.is_err() {
            let half = &bytes[..bytes.len() / 2];
            file.write(half)?;
            self.disk.record(Step::Append(path, half.into()));
        }
        written
    }

    fn sync(&mut self) -> io::Result<()> {
        self.disk.step(Step::Sync(self.path.clone()), || Ok(()))
    }
}

/// A file system that knows what it has promised to keep.
#[derive(Debug, Default)]
pub(crate) struct Model {
    /// Contents now, and contents as of the last sync.
    files: Vec<(Vec<u8>, Vec<u8>)>,
    /// Names now, and names as of the last sync of their directory. `None`: a directory.
    now: BTreeMap<String, Option<usize>>,
    kept: BTreeMap<String, Option<usize>>,
}

/// What a crash spares of that which is not synced.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Loss {
    /// The process is killed.
    Nothing,
    /// The power fails, and the disk keeps only what it promised.
    Everything,
    /// The power fails, and of each name and file more or less is kept.
    Some(u64),
}

impl Model {
    pub(crate) fn apply(&mut self, step: &Step) {
        match step {
            Step::Directories(path) => {
                for path in ancestors(path).chain([path.as_str()]).filter(|path| !path.is_empty()) {
                    self.now.insert(path.into(), None);
                }
            }
            Step::Write(path, bytes) => {
                let file = self.file(path);
                self.files[file].0.clone_from(bytes);
            }
            Step::Create(path) => drop(self.file(path)),
            Step::Append(path, bytes) => {
                let file = self.file(path);
                self.files[file].0.extend(bytes);
            }
            Step::Truncate(path, length) => {
                let file = self.file(path);
                self.files[file].0.truncate(*length as usize);
            }
            Step::Sync(path) => {
                let file = self.file(path);
                self.files[file].1 = self.files[file].0.clone();
            }
            Step::SyncDirectory(directory) => {
                self.kept.retain(|path, _| parent(path) != directory);
                let inside = self.now.iter().filter(|(path, _)| parent(path) == directory);
                self.kept.extend(inside.map(|(path, file)| (path.clone(), *file)));
            }
            Step::Rename(from, to) => {
                let file = self.now.remove(from).unwrap();
                self.now.insert(to.clone(), file);
            }
            Step::Remove(path) | Step::RemoveDirectory(path) => drop(self.now.remove(path)),
            Step::Confirmed(_) => {}
        }
    }

    fn file(&mut self, path: &str) -> usize {
        let next = self.files.len();
        let file = self.now.entry(path.into()).or_insert(Some(next)).unwrap();
        if file == next {
            self.files.push(Default::default());
        }
        file
    }

    /// Writes into `directory` what is there after the crash.
    pub(crate) fn crash(&self, directory: &Path, loss: Loss) {
        let mut dice = Dice(if let Loss::Some(seed) = loss { seed } else { 0 });
        let names: BTreeSet<&String> = self.now.keys().chain(self.kept.keys()).collect();
        for path in names {
            let keep_now = match loss {
                Loss::Nothing => true,
                Loss::Everything => false,
                Loss::Some(_) => dice.roll(2) == 0,
            };
            let file = if keep_now { self.now.get(path) } else { self.kept.get(path) };
            let target = directory.join(path);
            match file {
                // The parents come first in the order of names; without one, nothing below it is there.
                _ if !target.parent().unwrap().is_dir() => {}
                None => {}
                Some(None) => fs::create_dir_all(target).unwrap(),
                Some(Some(file)) => fs::write(target, self.contents(*file, loss, &mut dice)).unwrap(),
            }
        }
    }

    fn contents(&self, file: usize, loss: Loss, dice: &mut Dice) -> Vec<u8> {
        let (now, kept) = &self.files[file];
        match loss {
            Loss::Nothing => now.clone(),
            Loss::Everything => kept.clone(),
            Loss::Some(_) if now == kept => now.clone(),
            Loss::Some(_) => match dice.roll(4) {
                0 => now.clone(),
                1 => kept.clone(),
                // Appended data may be there in part, or have a length but not yet its bytes.
                _ if now.starts_with(kept) => {
                    let cut = kept.len() + dice.roll(now.len() - kept.len() + 1);
                    let mut contents = now[..cut].to_vec();
                    if dice.roll(2) == 0 {
                        contents.resize(now.len(), 0);
                    }
                    contents
                }
                _ => now[..dice.roll(now.len() + 1)].to_vec(),
            },
        }
    }
}

/// Enough randomness to pick crashes with (SplitMix64).
#[derive(Debug)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// 0 to `sides` - 1.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }
}
