//! Where the keys are: the root key in a file of its own, everything else in a keyring file closed
//! under it.
//!
//! The root key is 32 random bytes in a file of mode 0600. Its default place is *beside* the data
//! directory ([`default_root_key_path`]), not inside: who takes the data directory, or a backup of
//! it, opens nothing. The keyring lies inside the data directory and is backed up with it; `file`
//! describes its bytes. It is replaced by renaming, under a lock, so that a command typed on the
//! host can add a project while the server runs.

mod file;

use crate::key::{KEY_BYTES, SecretKey};
use crate::{Entropy, ProjectSealer, PseudonymKey, SealError, VaultPrivateKey, VaultPublicKey};
use domain::{ProjectId, Pseudonym};
use file::{Entries, MAX_FILE_BYTES, Refusal, Slot};
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use zeroize::Zeroizing;

/// Names of secrets are written by us, not by users.
const MAX_SECRET_NAME_BYTES: usize = 64;

/// What can be wrong with the keys. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    #[error(
        "there is no root key at {0}: put the key file back there, or give its place with the root key setting; without it nothing sealed can be opened"
    )]
    RootKeyMissing(PathBuf),
    #[error("the root key at {0} can be read by other users: run `chmod 600` on it")]
    RootKeyExposed(PathBuf),
    #[error("the root key at {0} is not 32 bytes long: put the right file there")]
    RootKeyMalformed(PathBuf),
    #[error(
        "the root key at {root_key} does not belong to the keyring at {keyring}: give the key that was made with it"
    )]
    RootKeyWrong { root_key: PathBuf, keyring: PathBuf },
    #[error("there is no keyring at {0}: run `bulkhead init`, or restore it from a backup")]
    KeyringMissing(PathBuf),
    #[error("there is a keyring at {0} already: nothing was changed")]
    KeyringExists(PathBuf),
    #[error("the keyring at {0} is damaged: restore it from a backup")]
    KeyringDamaged(PathBuf),
    #[error("the file at {0} is not a keyring")]
    NotAKeyring(PathBuf),
    #[error("the keyring at {path} has version {version}, written by a newer release: upgrade")]
    KeyringNewer { path: PathBuf, version: u16 },
    #[error("project {0} has no keys: create the project first")]
    UnknownProject(ProjectId),
    #[error("a secret's name has 1 to 64 bytes")]
    SecretName,
    #[error("cannot use {path}: {source}")]
    Io { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// Where the two files are.
#[derive(Clone, Debug)]
pub struct KeyringPaths {
    pub root_key: PathBuf,
    pub keyring: PathBuf,
}

/// `<data-dir>.key`, beside the data directory.
pub fn default_root_key_path(data_dir: &Path) -> PathBuf {
    let mut name = data_dir.components().collect::<PathBuf>().into_os_string();
    name.push(".key");
    name.into()
}

impl KeyringPaths {
    /// The default places for a data directory.
    pub fn for_data_dir(data_dir: &Path) -> Self {
        Self { root_key: default_root_key_path(data_dir), keyring: data_dir.join("keyring") }
    }
}

/// The keys of one project.
#[derive(Clone, Debug)]
pub(crate) struct ProjectKeys {
    pub(crate) pseudonym: PseudonymKey,
    pub(crate) index: SecretKey,
    /// Closes the keys of the project's persons.
    pub(crate) wrapping: SecretKey,
}

/// All keys, opened. Cloning shares them.
#[derive(Clone, Debug)]
pub struct Keyring(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    paths: KeyringPaths,
    root: SecretKey,
    entropy: Arc<dyn Entropy>,
    entries: Mutex<Entries>,
}

impl Keyring {
    /// Makes the keys of a new installation. A root key file that is there already is used, so that
    /// an operator may provide it and an interrupted start can be repeated; a keyring is never
    /// replaced.
    pub fn create(paths: KeyringPaths, entropy: Arc<dyn Entropy>) -> Result<Self, KeyringError> {
        if paths.keyring.try_exists().map_err(io_error(&paths.keyring))? {
            return Err(KeyringError::KeyringExists(paths.keyring));
        }
        for path in [&paths.root_key, &paths.keyring] {
            if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
                DirBuilder::new().recursive(true).mode(0o700).create(parent).map_err(io_error(parent))?;
            }
        }
        let root = match read_root_key(&paths.root_key) {
            Err(KeyringError::RootKeyMissing(_)) => {
                let root = SecretKey::generate(&*entropy);
                write_new(&paths.root_key, root.expose())?;
                root
            }
            found => found?,
        };
        let private = VaultPrivateKey::generate(&*entropy);
        let entries = Entries::from([(Slot::VaultPrivate, SecretKey::from_bytes(*private.to_bytes()))]);
        let inner = Inner { paths, root, entropy, entries: Mutex::new(Entries::new()) };
        let _lock = inner.lock_file()?;
        if inner.paths.keyring.try_exists().map_err(io_error(&inner.paths.keyring))? {
            return Err(KeyringError::KeyringExists(inner.paths.keyring.clone()));
        }
        inner.write(&entries)?;
        *lock(&inner.entries) = entries;
        Ok(Self(Arc::new(inner)))
    }

    pub fn open(paths: KeyringPaths, entropy: Arc<dyn Entropy>) -> Result<Self, KeyringError> {
        let root = read_root_key(&paths.root_key)?;
        let inner = Inner { paths, root, entropy, entries: Mutex::new(Entries::new()) };
        let entries = inner.read()?;
        *lock(&inner.entries) = entries;
        Ok(Self(Arc::new(inner)))
    }

    /// Opens the keyring if there is one, else makes the keys of a new installation.
    pub fn open_or_create(paths: KeyringPaths, entropy: Arc<dyn Entropy>) -> Result<Self, KeyringError> {
        if paths.keyring.try_exists().map_err(io_error(&paths.keyring))? {
            return Self::open(paths, entropy);
        }
        match Self::create(paths.clone(), Arc::clone(&entropy)) {
            // Another process was faster.
            Err(KeyringError::KeyringExists(_)) => Self::open(paths, entropy),
            made => made,
        }
    }

    /// Makes the project's keys, unless it has them.
    pub fn create_project(&self, project: ProjectId) -> Result<(), KeyringError> {
        let ProjectId(id) = project;
        self.0.ensure(&[Slot::Pseudonym(id), Slot::Index(id), Slot::Wrapping(id)])
    }

    /// The write-only half for the collector, which is not to hold more than this.
    /// `erased` are the project's erased pseudonyms, from [`Vault::erased`](crate::Vault::erased).
    pub fn project_sealer(
        &self,
        project: ProjectId,
        erased: impl IntoIterator<Item = Pseudonym>,
    ) -> Result<ProjectSealer, KeyringError> {
        let keys = self.project(project)?;
        Ok(ProjectSealer::new(project, self.vault_public()?, &keys.pseudonym, erased, self.0.entropy.clone()))
    }

    /// A secret of another part, such as the seed of the ledger's signing key; made at first use.
    pub fn secret(&self, name: &str) -> Result<Zeroizing<[u8; 32]>, KeyringError> {
        if name.is_empty() || name.len() > MAX_SECRET_NAME_BYTES {
            return Err(KeyringError::SecretName);
        }
        let slot = Slot::Secret(name.to_owned());
        self.0.ensure(std::slice::from_ref(&slot))?;
        let key = self.0.get(&slot).ok_or_else(|| self.0.damaged())?;
        Ok(Zeroizing::new(*key.expose()))
    }

    pub fn vault_public(&self) -> Result<VaultPublicKey, KeyringError> {
        Ok(self.vault_private()?.public())
    }

    pub(crate) fn vault_private(&self) -> Result<VaultPrivateKey, KeyringError> {
        let key = self.0.get(&Slot::VaultPrivate);
        key.and_then(|key| VaultPrivateKey::from_bytes(key.expose())).ok_or_else(|| self.0.damaged())
    }

    pub(crate) fn project(&self, project: ProjectId) -> Result<ProjectKeys, KeyringError> {
        let find = || {
            Some(ProjectKeys {
                pseudonym: PseudonymKey::from_bytes(*self.0.get(&Slot::Pseudonym(project.0))?.expose()),
                index: self.0.get(&Slot::Index(project.0))?,
                wrapping: self.0.get(&Slot::Wrapping(project.0))?,
            })
        };
        if let Some(keys) = find() {
            return Ok(keys);
        }
        // Another process may have added it since.
        let entries = self.0.read()?;
        *lock(&self.0.entries) = entries;
        find().ok_or(KeyringError::UnknownProject(project))
    }

    pub(crate) fn entropy(&self) -> &Arc<dyn Entropy> {
        &self.0.entropy
    }
}

impl Inner {
    fn get(&self, slot: &Slot) -> Option<SecretKey> {
        lock(&self.entries).get(slot).cloned()
    }

    /// Makes the keys of those slots that are empty.
    fn ensure(&self, slots: &[Slot]) -> Result<(), KeyringError> {
        if slots.iter().all(|slot| lock(&self.entries).contains_key(slot)) {
            return Ok(());
        }
        let _lock = self.lock_file()?;
        let mut entries = self.read()?;
        let before = entries.len();
        for slot in slots {
            entries.entry(slot.clone()).or_insert_with(|| SecretKey::generate(&*self.entropy));
        }
        if entries.len() != before {
            self.write(&entries)?;
        }
        *lock(&self.entries) = entries;
        Ok(())
    }

    fn read(&self) -> Result<Entries, KeyringError> {
        let path = &self.paths.keyring;
        let bytes = match read_capped(path, MAX_FILE_BYTES) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(KeyringError::KeyringMissing(path.clone()));
            }
            bytes => bytes.map_err(io_error(path))?,
        };
        file::decode(&bytes, &self.root).map_err(|refusal| match refusal {
            Refusal::NotAKeyring => KeyringError::NotAKeyring(path.clone()),
            Refusal::NewerVersion(version) => KeyringError::KeyringNewer { path: path.clone(), version },
            Refusal::Damaged => self.damaged(),
            Refusal::WrongRootKey => {
                KeyringError::RootKeyWrong { root_key: self.paths.root_key.clone(), keyring: path.clone() }
            }
        })
    }

    /// Replaces the file as a whole: after a crash it is either the old one or the new one.
    fn write(&self, entries: &Entries) -> Result<(), KeyringError> {
        let path = &self.paths.keyring;
        let fresh = path.with_extension("new");
        match std::fs::remove_file(&fresh) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(io_error(&fresh)(error)),
            _ => {}
        }
        write_new(&fresh, &file::encode(entries, &self.root, &*self.entropy))?;
        std::fs::rename(&fresh, path).map_err(io_error(path))?;
        sync_parent(path)
    }

    /// Held while the file is read and replaced.
    fn lock_file(&self) -> Result<File, KeyringError> {
        let path = self.paths.keyring.with_extension("lock");
        let options = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).clone();
        let file = options.open(&path).map_err(io_error(&path))?;
        file.lock().map_err(io_error(&path))?;
        Ok(file)
    }

    fn damaged(&self) -> KeyringError {
        KeyringError::KeyringDamaged(self.paths.keyring.clone())
    }
}

fn read_root_key(path: &Path) -> Result<SecretKey, KeyringError> {
    let metadata = match std::fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(KeyringError::RootKeyMissing(path.to_owned()));
        }
        metadata => metadata.map_err(io_error(path))?,
    };
    if metadata.permissions().mode() & 0o077 != 0 {
        return Err(KeyringError::RootKeyExposed(path.to_owned()));
    }
    let bytes = Zeroizing::new(read_capped(path, KEY_BYTES as u64 + 1).map_err(io_error(path))?);
    SecretKey::from_slice(&bytes).ok_or_else(|| KeyringError::RootKeyMalformed(path.to_owned()))
}

fn read_capped(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    #[expect(clippy::disallowed_methods, reason = "capped by `take`")]
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes a file that was not there, readable by its owner alone, and makes it durable.
fn write_new(path: &Path, content: &[u8]) -> Result<(), KeyringError> {
    let write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(content)?;
        file.sync_all()
    };
    write().map_err(io_error(path))?;
    sync_parent(path)
}

fn sync_parent(path: &Path) -> Result<(), KeyringError> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(parent).and_then(|directory| directory.sync_all()).map_err(io_error(parent))
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> KeyringError {
    let path = path.to_owned();
    move |source| KeyringError::Io { path, source }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
