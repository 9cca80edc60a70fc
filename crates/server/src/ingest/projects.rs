use super::{LiveFeed, Tally};
use crate::control::Project;
use crate::wiring::Office;
use domain::time::Clock;
use domain::{ProjectId, Timestamp};
use engine::{Engine, ProjectDefinition};
use rustc_hash::FxHashMap;
use std::sync::{Arc, PoisonError, RwLock};
use vault::{ProjectSealer, Vault};

/// How long an unknown token stays unknown before the control database is asked again: short
/// enough that a project just made works at once, long enough that a flood costs one look a second.
const UNKNOWN_FOR_MS: i64 = 1000;

/// Unknown tokens remembered; a flood of random ones must not fill memory.
const UNKNOWN_MAX: usize = 10_000;

/// All that the door needs of one project.
#[derive(Debug)]
pub struct ProjectDesk {
    pub project: Project,
    pub sealer: ProjectSealer,
    pub tally: Tally,
    pub live: LiveFeed,
}

/// The projects by their tokens, looked up once and kept.
#[derive(Debug)]
pub struct ProjectDesks {
    office: Office,
    vault: Arc<Vault>,
    engine: Engine,
    clock: Arc<dyn Clock>,
    known: RwLock<Known>,
}

#[derive(Debug, Default)]
struct Known {
    by_token: FxHashMap<String, Arc<ProjectDesk>>,
    by_id: FxHashMap<ProjectId, Arc<ProjectDesk>>,
    unknown: FxHashMap<String, Timestamp>,
}

#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    #[error(transparent)]
    Control(#[from] crate::control::ControlError),
    #[error("keys of the project: {0}")]
    Vault(#[from] vault::VaultError),
    #[error("store of the project: {0}")]
    Store(String),
}

impl ProjectDesks {
    pub fn new(office: Office, vault: Arc<Vault>, engine: Engine) -> Self {
        let clock = Arc::clone(&office.clock);
        Self { office, vault, engine, clock, known: RwLock::default() }
    }

    /// The project that this token writes to, if there is one.
    pub async fn by_token(&self, token: &str) -> Result<Option<Arc<ProjectDesk>>, DeskError> {
        let now = self.clock.now();
        {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(desk) = known.by_token.get(token) {
                return Ok(Some(Arc::clone(desk)));
            }
            if let Some(since) = known.unknown.get(token)
                && (0..UNKNOWN_FOR_MS).contains(&(now.millis() - since.millis()))
            {
                return Ok(None);
            }
        }
        match self.office.control.project_by_token(token).await? {
            Some(project) => self.of(&project).await.map(Some),
            None => {
                let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
                if known.unknown.len() >= UNKNOWN_MAX {
                    known.unknown.clear();
                }
                known.unknown.insert(token.to_owned(), now);
                Ok(None)
            }
        }
    }

    /// The desk of a project that the control database knows.
    pub async fn of(&self, project: &Project) -> Result<Arc<ProjectDesk>, DeskError> {
        if let Some(desk) = self.known.read().unwrap_or_else(PoisonError::into_inner).by_id.get(&project.id) {
            return Ok(Arc::clone(desk));
        }
        let sealer = self.vault.project_sealer(project.id).await?;
        self.engine
            .define_project(ProjectDefinition { id: project.id, identity_mode: project.identity_mode })
            .map_err(|error| DeskError::Store(error.to_string()))?;
        let desk = Arc::new(ProjectDesk {
            project: project.clone(),
            sealer,
            tally: Tally::default(),
            live: LiveFeed::default(),
        });
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        // Another request may have been faster; everyone must share one desk, and so one tally.
        let desk = Arc::clone(known.by_id.entry(project.id).or_insert(desk));
        known.by_token.insert(project.token.clone(), Arc::clone(&desk));
        Ok(desk)
    }

    pub fn all(&self) -> Vec<Arc<ProjectDesk>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.by_id.values().cloned().collect()
    }
}
