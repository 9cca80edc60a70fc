//! Looks at every file of an engine and names what is damaged and what is lost by it. Changes
//! nothing. Beside a running engine it may find files that were replaced while it looked.

use crate::disk::Disk;
use crate::engine::{ProjectDefinition, check_catalogue, log_dir};
use crate::log;
use crate::store::append_file::Extent;
use crate::store::block::MAX_BLOCK_ROWS;
use crate::store::checked::BLOCK;
use crate::store::event_file::EventFile;
use crate::store::manifest::Manifest;
use crate::store::paths::ProjectPaths;
use crate::store::profiles::file::ProfileReader;
use crate::store::{append_file, ids_file};
use domain::Timestamp;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct FsckReport {
    /// Files of events that were checked.
    pub files: u64,
    /// Events in them that count.
    pub events: u64,
    pub damage: Vec<FoundDamage>,
}

/// One damaged file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundDamage {
    pub file: PathBuf,
    pub what: String,
    /// What cannot be read because of it.
    pub lost: String,
}

impl fmt::Display for FoundDamage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; lost: {}", self.file.display(), self.what, self.lost)
    }
}

impl FsckReport {
    pub fn is_intact(&self) -> bool {
        self.damage.is_empty()
    }

    fn found(&mut self, file: &Path, what: impl Into<String>, lost: impl Into<String>) {
        self.damage.push(FoundDamage { file: file.to_owned(), what: what.into(), lost: lost.into() });
    }
}

/// Checks the engine in a directory.
pub fn check<D: Disk + Clone + 'static>(disk: &D, dir: &Path) -> FsckReport {
    let disk: Arc<dyn Disk> = Arc::new(disk.clone());
    let mut report = FsckReport::default();
    match log::check(&log_dir(dir), disk.clone()) {
        Ok(recovered) => {
            for damage in recovered.damages {
                let lost = "batches that were answered and are in no other file yet, if any";
                report.found(&damage.file.clone(), damage.to_string(), lost);
            }
        }
        Err(error) => report.found(&log_dir(dir), error.to_string(), "whatever is in no other file yet"),
    }
    let (projects, damages) = check_catalogue(disk.as_ref(), dir);
    for damage in damages {
        report.found(&crate::store::paths::projects(dir), damage, "nothing while one copy is left");
    }
    for project in projects {
        check_project(&disk, dir, project, &mut report);
    }
    report
}

fn check_project(disk: &Arc<dyn Disk>, dir: &Path, project: ProjectDefinition, report: &mut FsckReport) {
    let paths = ProjectPaths::new(dir, project.id);
    let manifest = match Manifest::load(disk.as_ref(), &paths.manifest()) {
        Ok(manifest) => manifest,
        Err(what) => {
            let lost = format!("which files of project {} count: all its events and people", project.id);
            return report.found(&paths.manifest(), what, lost);
        }
    };
    check_extent(disk, &paths.people(), manifest.people, "who the people of all events are", report);
    check_extent(disk, &paths.identity(), manifest.identity, "which ids are one person", report);
    if let Err(what) = ids_file::read_facts(disk.as_ref(), &paths.identity(), manifest.identity, drop)
        && !report.damage.iter().any(|damage| damage.file == paths.identity())
    {
        report.found(&paths.identity(), what, "which ids are one person");
    }
    let path = paths.profiles(manifest.profiles.number);
    let profiles = ProfileReader::new(disk.clone(), path.clone());
    if let Err(what) = profiles.index(manifest.profiles.extent, |_, _, _| {}) {
        report.found(&path, what, "profiles from there on");
    }
    for listed in &manifest.files {
        report.files += 1;
        report.events += u64::from(listed.entry.rows) - listed.deleted.len();
        check_events(&EventFile::open(disk.clone(), &paths, listed.entry.clone()), report);
    }
}

fn check_extent(disk: &Arc<dyn Disk>, path: &Path, extent: Extent, lost: &str, report: &mut FsckReport) {
    if let Err(what) = append_file::read(disk.as_ref(), path, extent, |_| {}) {
        report.found(path, what, lost);
    }
}

/// Every block against its checksum; a damaged one by the columns and rows it belongs to.
fn check_events(file: &EventFile, report: &mut FsckReport) {
    let entry = &file.entry;
    let from = Timestamp::from_millis(entry.earliest);
    let to = Timestamp::from_millis(entry.latest);
    let all = format!("{} events from {from} to {to}", entry.rows);
    let reader = match (file.damage(), file.reader()) {
        (Some(what), _) => return report.found(file.path(), what, all),
        (None, Err(error)) => return report.found(file.path(), error.to_string(), all),
        (None, Ok(reader)) => reader,
    };
    for offset in reader.damaged_blocks() {
        let what = format!("checksum mismatch in the {BLOCK} bytes at offset {offset}");
        let lost = match file.columns_at(offset, BLOCK as u64) {
            Ok(columns) if !columns.is_empty() => {
                let pieces: Vec<_> = columns
                    .iter()
                    .map(|(group, column)| {
                        let first = group * MAX_BLOCK_ROWS;
                        let last = (first + MAX_BLOCK_ROWS).min(entry.rows as usize);
                        format!("column {column} of rows {first} to {last}")
                    })
                    .collect();
                format!("{}, of events from {from} to {to}", pieces.join(", "))
            }
            // The footer itself, or something between.
            _ => all.clone(),
        };
        report.found(file.path(), what, lost);
    }
}
