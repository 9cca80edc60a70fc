use super::lock::{DataDirLock, LockError};
use super::office::{Office, OfficeError};
use super::stopping::Stopping;
use crate::control::{Control, ControlError, NewProject};
use crate::http::{EngageSessions, RequestIds};
use crate::ingest::{ProjectDesks, Tally};
use crate::jobs::Jobs;
use crate::ledger_sink::{self, LedgerSink};
use crate::settings::Settings;
use collect::classify::{ClassOverrides, Classifier};
use collect::enrich::{Enricher, EnrichmentFiles, OpenEnrichmentError};
use collect::pipeline::Pipeline;
use domain::ProjectId;
use domain::identity::IdentityMode;
use domain::profile::{ProfileSubject, ProfileUpdate};
use engine::disk::RealDisk;
use engine::{Engine, EngineComponents, EngineSettings};
use rustc_hash::FxHashSet;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;
use vault::{Vault, VaultSettings};

/// Everything that a request can need.
#[derive(Debug)]
pub struct App {
    pub settings: Settings,
    pub office: Office,
    pub control: Control,
    pub vault: Arc<Vault>,
    pub ledger: LedgerSink,
    pub engine: Engine,
    pub pipeline: Pipeline,
    pub classifier: Arc<Classifier>,
    pub enricher: Arc<Enricher>,
    pub desks: ProjectDesks,
    /// Records that no project could be found for.
    pub unassigned: Tally,
    pub request_ids: Arc<RequestIds>,
    /// Bytes of bodies that may be in memory.
    pub ingest_budget: Arc<Semaphore>,
    pub query_slots: Arc<Semaphore>,
    pub engage_sessions: EngageSessions,
    pub stopping: Stopping,
    known_group_keys: Mutex<FxHashSet<(ProjectId, Box<str>)>>,
    jobs: Mutex<Option<Jobs>>,
    _lock: DataDirLock,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Office(#[from] OfficeError),
    #[error(transparent)]
    Lock(#[from] LockError),
    #[error(transparent)]
    Keys(#[from] ledger_sink::KeyError),
    #[error("vault: {0}")]
    Vault(#[from] vault::VaultError),
    #[error("ledger: {0}")]
    Ledger(#[from] ledger::OpenError),
    #[error("store: {0}")]
    Store(#[from] engine::OpenError),
    #[error("data for places and agents: {0}")]
    Enrichment(#[from] OpenEnrichmentError),
}

#[derive(Debug, thiserror::Error)]
pub enum CloseError {
    #[error("store: {0}")]
    Store(#[from] engine::ShutdownError),
    #[error("ledger: {0}")]
    Ledger(#[from] ledger::PublishError),
}

impl App {
    /// Opens everything, in the order in which the parts need each other, and starts the jobs.
    pub async fn open(settings: Settings) -> Result<Arc<Self>, OpenError> {
        let office = Office::open(&settings).await?;
        let lock = DataDirLock::take(&settings.data_dir)?;
        let vault = Arc::new(
            Vault::open(&VaultSettings::for_data_dir(&settings.data_dir), office.keyring.clone()).await?,
        );
        let (signer, origin) = ledger_sink::identity(&office.keyring)?;
        let ledger = LedgerSink::open(&settings.data_dir.join("ledger"), signer, origin)?;
        let components = EngineComponents { clock: Arc::clone(&office.clock), disk: Arc::new(RealDisk) };
        let engine = Engine::open(EngineSettings::in_dir(settings.data_dir.join("engine")), components)?;
        let files =
            EnrichmentFiles { city_v4: settings.geo.city_v4.clone(), city_v6: settings.geo.city_v6.clone() };
        let enricher = Arc::new(Enricher::open(&files)?);
        let classifier = Arc::new(Classifier::new(ClassOverrides::default()));
        let pipeline = Pipeline::new(Arc::clone(&enricher), Arc::clone(&office.entropy));
        let app = Arc::new(Self {
            control: office.control.clone(),
            desks: ProjectDesks::new(office.clone(), Arc::clone(&vault), engine.clone()),
            unassigned: Tally::default(),
            request_ids: Arc::new(RequestIds::new(&*office.entropy)),
            ingest_budget: Arc::new(Semaphore::new(settings.ingest.in_flight_bytes_max)),
            query_slots: Arc::new(Semaphore::new(settings.query.concurrent_max)),
            engage_sessions: EngageSessions::default(),
            stopping: Stopping::default(),
            known_group_keys: Mutex::default(),
            jobs: Mutex::new(None),
            settings,
            office,
            vault,
            ledger,
            engine,
            pipeline,
            classifier,
            enricher,
            _lock: lock,
        });
        let jobs = Jobs::start(&app);
        *app.jobs.lock().unwrap_or_else(PoisonError::into_inner) = Some(jobs);
        // Projects known from earlier runs are there from the first request on.
        for project in app.control.projects().await.map_err(OfficeError::from)? {
            if let Err(error) = app.desks.of(&project).await {
                tracing::error!(project = project.id.0, %error, "a project cannot be opened");
            }
        }
        Ok(app)
    }

    pub async fn create_project(
        &self,
        name: &str,
        timezone: &str,
        mode: IdentityMode,
    ) -> Result<NewProject, OfficeError> {
        self.office.create_project(name, timezone, mode).await
    }

    /// What `init` would have made, where nobody ran it.
    pub async fn make_first_project(&self) -> Result<(), OfficeError> {
        if self.control.projects().await?.is_empty() {
            let made = self.create_project("My product", "UTC", IdentityMode::default()).await?;
            tracing::info!(project = made.project.id.0, token = made.project.token, "made a first project");
        }
        Ok(())
    }

    pub async fn enrolment_url(&self) -> Result<String, OfficeError> {
        self.office.enrolment_url(&self.settings).await
    }

    /// Gives each group key a number the first time that an update names it.
    pub async fn note_group_keys(
        &self,
        project: ProjectId,
        updates: &[ProfileUpdate],
    ) -> Result<(), ControlError> {
        for update in updates {
            let ProfileSubject::Group { key, .. } = &update.subject else { continue };
            let entry = (project, key.clone());
            if self.known_group_keys.lock().unwrap_or_else(PoisonError::into_inner).contains(&entry) {
                continue;
            }
            self.control.group_key_number(project, key).await?;
            self.known_group_keys.lock().unwrap_or_else(PoisonError::into_inner).insert(entry);
        }
        Ok(())
    }

    /// What keeps the server from taking or answering; empty when it is ready.
    pub async fn complaints(&self) -> Vec<String> {
        let mut complaints = Vec::new();
        if let Err(error) = self.control.ping().await {
            complaints.push(error.to_string());
        }
        let ledger = self.ledger.status();
        if ledger.failed {
            complaints
                .push("ledger: the disk failed to confirm a write; restart once the disk is well".to_owned());
        }
        complaints.extend(ledger.publish_error.map(|error| format!("ledger: {error}")));
        complaints.extend(self.engine.health().complaints);
        complaints
    }

    /// What is wrong without being in the way.
    pub fn warnings(&self) -> Vec<String> {
        self.engine.health().warnings
    }

    /// Ends the jobs, flushes what is in memory, publishes a last checkpoint.
    pub async fn close(&self) -> Result<(), CloseError> {
        self.stopping.stop();
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(jobs) = jobs {
            jobs.finish().await;
        }
        let engine = self.engine.clone();
        let flushed = tokio::task::spawn_blocking(move || engine.shutdown()).await;
        self.vault.close().await;
        self.office.close().await;
        let published = self.ledger.close();
        if let Ok(flushed) = flushed {
            flushed?;
        }
        Ok(published?)
    }
}
