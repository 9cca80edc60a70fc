//! Which projects there are, and up to where all of them have taken the log.
//!
//! `projects`, an [`envelope`] of kind `BHPROJS1` with the JSON of [`Content`], and a second copy,
//! `projects-copy`: it is a few bytes, and without it no project could be opened.

use super::{OpenError, ProjectDefinition};
use crate::disk::Disk;
use crate::log::LogPosition;
use crate::store::envelope::{self, EnvelopeError};
use crate::store::paths;
use domain::ProjectId;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};

const KIND: &[u8; 8] = b"BHPROJS1";

#[derive(Debug)]
pub(super) struct Catalogue {
    content: Content,
    /// What was wrong with one of the copies.
    pub(super) damage: Option<String>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Content {
    projects: Vec<ProjectDefinition>,
    /// All batches up to here are in files; written before the log is cut off.
    complete_to: LogPosition,
}

impl Catalogue {
    pub(super) fn load(disk: &dyn Disk, dir: &Path) -> Result<Self, OpenError> {
        let copies =
            copies(dir).map(|file| read(disk, &file).map_err(|what| OpenError::Catalogue { file, what }));
        match copies {
            // The first is written first.
            [Ok(Some(content)), Ok(_)] => Ok(Self { content, damage: None }),
            [Ok(Some(content)), Err(damage)] | [Err(damage), Ok(Some(content))] => {
                Ok(Self { content, damage: Some(damage.to_string()) })
            }
            [Ok(None), Ok(Some(content))] => {
                Ok(Self { content, damage: Some(format!("{} is gone", paths::projects(dir).display())) })
            }
            [Ok(None), Ok(None)] => Ok(Self { content: Content::default(), damage: None }),
            [Err(damage), _] | [_, Err(damage)] => Err(damage),
        }
    }

    pub(super) fn projects(&self) -> &[ProjectDefinition] {
        &self.content.projects
    }

    pub(super) fn complete_to(&self) -> LogPosition {
        self.content.complete_to
    }

    pub(super) fn get(&self, project: ProjectId) -> Option<&ProjectDefinition> {
        self.content.projects.iter().find(|definition| definition.id == project)
    }

    pub(super) fn add(&mut self, disk: &dyn Disk, dir: &Path, project: ProjectDefinition) -> io::Result<()> {
        let mut content = self.content.clone();
        content.projects.push(project);
        self.write(disk, dir, content)
    }

    pub(super) fn set_complete_to(
        &mut self,
        disk: &dyn Disk,
        dir: &Path,
        position: LogPosition,
    ) -> io::Result<()> {
        self.write(disk, dir, Content { complete_to: position, ..self.content.clone() })
    }

    fn write(&mut self, disk: &dyn Disk, dir: &Path, content: Content) -> io::Result<()> {
        let bytes = serde_json::to_vec(&content).expect("a list of projects is JSON");
        for file in copies(dir) {
            envelope::replace(disk, &file, KIND, &bytes)?;
        }
        self.content = content;
        self.damage = None;
        Ok(())
    }
}

/// What is wrong with the copies, if something is.
pub(crate) fn check(disk: &dyn Disk, dir: &Path) -> (Vec<ProjectDefinition>, Vec<String>) {
    match Catalogue::load(disk, dir) {
        Ok(catalogue) => (catalogue.content.projects, catalogue.damage.into_iter().collect()),
        Err(error) => (vec![], vec![error.to_string()]),
    }
}

fn copies(dir: &Path) -> [PathBuf; 2] {
    [paths::projects(dir), dir.join("projects-copy")]
}

fn read(disk: &dyn Disk, file: &Path) -> Result<Option<Content>, String> {
    match envelope::read(disk, file, KIND) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| error.to_string()),
        Err(EnvelopeError::Disk(error)) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}
