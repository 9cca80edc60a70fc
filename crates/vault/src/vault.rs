//! The opening half: the database of sealed values, and the keys that open them.

use crate::blind::BlindIndex;
use crate::erasures::{Erasure, Erasures, ErasuresError};
use crate::keyring::{Keyring, KeyringError, ProjectKeys};
use crate::open::RecordOpener;
use crate::store::{self, Store, StoreError};
use crate::{Entropy, ProjectSealer};
use domain::{ProjectId, Pseudonym};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Why the vault did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    #[error(transparent)]
    Erasures(#[from] ErasuresError),
    #[error("this read is not granted: {0}")]
    NotGranted(&'static str),
    #[error("what is sealed of {0} does not open: the vault's database is damaged; restore it from a backup")]
    Damaged(Pseudonym),
    #[error("the vault is shutting down")]
    Stopped,
}

/// Where the vault keeps what.
#[derive(Clone, Debug)]
pub struct VaultSettings {
    pub database: PathBuf,
    /// The journal of erasures, outside of what is restored from a backup.
    pub erasures: PathBuf,
}

impl VaultSettings {
    /// The default places: the database inside the data directory, the journal of erasures beside it.
    pub fn for_data_dir(data_dir: &Path) -> Self {
        let mut journal = data_dir.components().collect::<PathBuf>().into_os_string();
        journal.push(".erased");
        Self { database: data_dir.join("vault.db"), erasures: journal.into() }
    }
}

/// Seals at rest, matches, reveals, erases. One per process, shared.
#[derive(Debug)]
pub struct Vault {
    pub(crate) store: Store,
    pub(crate) keyring: Keyring,
    pub(crate) opener: Arc<Mutex<RecordOpener>>,
    pub(crate) erasures: Arc<Mutex<Erasures>>,
    decryptions: AtomicU64,
}

impl Vault {
    /// Opens the database, or makes it, and replays the journal of erasures over it: a database
    /// restored from an older backup forgets again whom it had forgotten.
    pub async fn open(settings: &VaultSettings, keyring: Keyring) -> Result<Self, VaultError> {
        let private = keyring.vault_private()?;
        let store = Store::open(&settings.database, &private.public()).await?;
        let (mut journal, in_journal) = Erasures::open(&settings.erasures)?;

        let mut write = store.write().await?;
        let in_database: Vec<Erasure> = store::erased(write.connection(), None)
            .await?
            .into_iter()
            .map(|(project, who, at)| Erasure { project, who, at })
            .collect();
        let mut unknown_there: Vec<Erasure> = missing(&in_database, &in_journal);
        unknown_there.dedup_by_key(|erasure| (erasure.project, erasure.who));
        for erasure in &unknown_there {
            store::erase(write.connection(), erasure.project, &[erasure.who], erasure.at).await?;
        }
        write.commit().await?;
        journal.append(&missing(&in_journal, &in_database))?;
        if !unknown_there.is_empty() {
            store.flush_deleted().await?;
        }
        Ok(Self {
            store,
            opener: Arc::new(Mutex::new(RecordOpener::new(private))),
            erasures: Arc::new(Mutex::new(journal)),
            keyring,
            decryptions: AtomicU64::new(0),
        })
    }

    /// The write-only half of a project, which gives no erased pseudonym to anyone.
    pub async fn project_sealer(&self, project: ProjectId) -> Result<ProjectSealer, VaultError> {
        let erased = self.erased(project).await?;
        Ok(self.keyring.project_sealer(project, erased)?)
    }

    /// The project's erased pseudonyms.
    pub async fn erased(&self, project: ProjectId) -> Result<Vec<Pseudonym>, VaultError> {
        let mut read = self.store.read().await?;
        let rows = store::erased(&mut read, Some(project)).await?;
        Ok(rows.into_iter().map(|(_, who, _)| who).collect())
    }

    /// How many stored values were opened since the start. Matching opens none.
    pub fn decryptions(&self) -> u64 {
        self.decryptions.load(Ordering::Relaxed)
    }

    /// Waits for what is under way and closes the database.
    pub async fn close(&self) {
        self.store.close().await;
    }

    pub(crate) fn count_decryption(&self) {
        self.decryptions.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn keys(&self, project: ProjectId) -> Result<(ProjectKeys, BlindIndex), VaultError> {
        let keys = self.keyring.project(project)?;
        let index = BlindIndex::new(&keys.index);
        Ok((keys, index))
    }

    pub(crate) fn entropy(&self) -> &dyn Entropy {
        &**self.keyring.entropy()
    }
}

/// What is in `all` but not in `known`, in order.
fn missing(known: &[Erasure], all: &[Erasure]) -> Vec<Erasure> {
    let known: BTreeMap<_, ()> = known.iter().map(|erasure| ((erasure.project, erasure.who), ())).collect();
    let mut missing: Vec<Erasure> =
        all.iter().filter(|erasure| !known.contains_key(&(erasure.project, erasure.who))).copied().collect();
    missing.sort();
    missing
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs what takes long, or waits for a disk, where it keeps no request waiting.
pub(crate) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, VaultError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(_) => VaultError::Stopped,
    })
}
