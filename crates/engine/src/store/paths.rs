//! Where each file of the store is: pure functions, so that the layout can be read in one place.
//!
//! ```text
//! projects                              which projects there are, and how far all of them are
//! projects.d/<project>/manifest         the truth: every other file counts only as far as it says
//! projects.d/<project>/people           pseudonyms by PersonId
//! projects.d/<project>/identity         facts about ids
//! projects.d/<project>/profiles-<n>     profiles
//! projects.d/<project>/events/<week>-<file>.parquet
//! projects.d/<project>/events/<week>-<file>.index
//! ```
//!
//! `<week>` is the ISO week of the events' times in UTC, such as `2026-W47`; `<file>` counts up
//! within the project and is never used twice.

use domain::ProjectId;
use std::path::{Path, PathBuf};

const DAY_MILLIS: i64 = 86_400_000;
const WEEK_MILLIS: i64 = 7 * DAY_MILLIS;

/// 1970-01-01 was a Thursday: weeks begin three days before.
const WEEK_SHIFT: i64 = 3 * DAY_MILLIS;

/// A partition: number of the ISO week, counted from the one that holds 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Week(pub(crate) i64);

impl Week {
    pub(crate) fn of(millis: i64) -> Self {
        Self(millis.saturating_add(WEEK_SHIFT).div_euclid(WEEK_MILLIS))
    }
}

impl std::fmt::Display for Week {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let monday = self.0.saturating_mul(WEEK_MILLIS).saturating_sub(WEEK_SHIFT);
        match jiff::Timestamp::from_millisecond(monday) {
            Ok(monday) => {
                let week = monday.to_zoned(jiff::tz::TimeZone::UTC).date().iso_week_date();
                write!(f, "{:04}-W{:02}", week.year(), week.week())
            }
            // Not a time that a calendar has a week for; the number will do.
            Err(_) => write!(f, "week{}", self.0),
        }
    }
}

/// The files of one project.
#[derive(Clone, Debug)]
pub(crate) struct ProjectPaths {
    dir: PathBuf,
}

impl ProjectPaths {
    pub(crate) fn new(root: &Path, project: ProjectId) -> Self {
        Self { dir: root.join("projects.d").join(project.to_string()) }
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn manifest(&self) -> PathBuf {
        self.dir.join("manifest")
    }

    pub(crate) fn people(&self) -> PathBuf {
        self.dir.join("people")
    }

    pub(crate) fn identity(&self) -> PathBuf {
        self.dir.join("identity")
    }

    pub(crate) fn profiles(&self, number: u64) -> PathBuf {
        self.dir.join(format!("profiles-{number}"))
    }

    pub(crate) fn events(&self) -> PathBuf {
        self.dir.join("events")
    }

    pub(crate) fn event_file(&self, week: Week, number: u64) -> PathBuf {
        self.events().join(format!("{week}-{number:06}.parquet"))
    }

    pub(crate) fn event_index(&self, week: Week, number: u64) -> PathBuf {
        self.events().join(format!("{week}-{number:06}.index"))
    }
}

/// Which projects there are.
pub(crate) fn projects(root: &Path) -> PathBuf {
    root.join("projects")
}

#[cfg(test)]
mod tests;
