use crate::ambient::SystemClock;
use crate::control::{Control, ControlError, NewProject};
use crate::settings::Settings;
use domain::identity::IdentityMode;
use domain::time::Clock;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vault::{Entropy, Keyring, KeyringError, KeyringPaths, OsEntropy};

/// What commands need that do not serve: control data and keys. Works beside a running server.
#[derive(Clone, Debug)]
pub struct Office {
    pub control: Control,
    pub keyring: Keyring,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
}

#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    #[error("there is no Bulkhead data in {0}; make it with `bulkhead init --data-dir {0}`")]
    Missing(String),
    #[error("cannot make data directory {path}: {source}", path = path.display())]
    DataDir { path: PathBuf, source: std::io::Error },
    #[error("{0:?} is not a time zone of the IANA database, such as Europe/Bucharest")]
    TimeZone(String),
    #[error(transparent)]
    Control(#[from] ControlError),
    #[error(transparent)]
    Keys(#[from] KeyringError),
}

impl Office {
    /// Opens what is there, making what is missing.
    pub async fn open(settings: &Settings) -> Result<Self, OfficeError> {
        let data_dir = &settings.data_dir;
        std::fs::create_dir_all(data_dir)
            .map_err(|source| OfficeError::DataDir { path: data_dir.clone(), source })?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
        let paths = KeyringPaths { root_key: settings.key_path(), keyring: keyring_path(data_dir) };
        let keyring = Keyring::open_or_create(paths, Arc::clone(&entropy))?;
        let control =
            Control::open(&data_dir.join("control.db"), Arc::clone(&clock), Arc::clone(&entropy)).await?;
        Ok(Self { control, keyring, clock, entropy })
    }

    /// Opens what is there; an error if nothing is.
    pub async fn open_existing(settings: &Settings) -> Result<Self, OfficeError> {
        match keyring_path(&settings.data_dir).try_exists() {
            Ok(true) => Self::open(settings).await,
            _ => Err(OfficeError::Missing(settings.data_dir.display().to_string())),
        }
    }

    pub async fn create_project(
        &self,
        name: &str,
        timezone: &str,
        mode: IdentityMode,
    ) -> Result<NewProject, OfficeError> {
        if jiff::tz::TimeZone::get(timezone).is_err() {
            return Err(OfficeError::TimeZone(timezone.to_owned()));
        }
        let made = self.control.create_project(name, timezone, mode).await?;
        self.keyring.create_project(made.project.id)?;
        Ok(made)
    }

    /// A new one-time link for the first operator.
    pub async fn enrolment_url(&self, settings: &Settings) -> Result<String, OfficeError> {
        let operator = self.control.first_operator().await?;
        let code = self.control.create_enrolment_link(operator.id).await?;
        // The code stands behind `#`, so that no proxy or log on the way sees it.
        Ok(format!("{}/enrol#{code}", settings.base_url()))
    }

    pub async fn close(&self) {
        self.control.close().await;
    }
}

fn keyring_path(data_dir: &Path) -> PathBuf {
    data_dir.join("keyring")
}
