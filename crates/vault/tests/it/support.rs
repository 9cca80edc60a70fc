//! A vault in a temporary directory, and grants from a ledger that takes everything.

use domain::access::{AccessGrant, AccessRecord, Action, Actor, LeafIndex, LeafSink, Purpose, ReadScope};
use domain::sealed::SealedRecord;
use domain::{ProjectId, Pseudonym, Timestamp};
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vault::{
    IntakeReport, Keyring, KeyringPaths, ProjectSealer, RevealedFields, SealedBatch, SealedOperation,
    SeededEntropy, Vault, VaultSettings,
};

pub(crate) const PROJECT: ProjectId = ProjectId(1);
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

pub(crate) struct House {
    directory: tempfile::TempDir,
    pub(crate) keyring: Keyring,
    pub(crate) vault: Vault,
    pub(crate) sealer: ProjectSealer,
    position: u64,
}

impl House {
    pub(crate) async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let paths = KeyringPaths::for_data_dir(&data_dir(directory.path()));
        let keyring = Keyring::create(paths, Arc::new(SeededEntropy::new(1))).unwrap();
        keyring.create_project(PROJECT).unwrap();
        let vault = Vault::open(&settings(directory.path()), keyring.clone()).await.unwrap();
        let sealer = vault.project_sealer(PROJECT).await.unwrap();
        Self { directory, keyring, vault, sealer, position: 0 }
    }

    /// Stops and starts: nothing is left but what is on disk.
    pub(crate) async fn restart(&mut self) {
        self.vault.close().await;
        self.vault = Vault::open(&self.settings(), self.keyring.clone()).await.unwrap();
        self.sealer = self.vault.project_sealer(PROJECT).await.unwrap();
        self.position = self.vault.position().await.unwrap();
    }

    pub(crate) fn settings(&self) -> VaultSettings {
        settings(self.directory.path())
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        data_dir(self.directory.path())
    }

    pub(crate) async fn intake(&mut self, records: Vec<SealedRecord>) -> IntakeReport {
        self.position += 100;
        let batch = SealedBatch { position: self.position, project: PROJECT, records };
        self.vault.intake(vec![batch]).await.unwrap()
    }

    /// Seals an id with fields that are set, and takes them in.
    pub(crate) async fn person(&mut self, id: &str, fields: &[(&str, &str)]) -> Pseudonym {
        let who = self.sealer.pseudonym(id);
        let mut records: Vec<SealedRecord> = self.sealer.seal_distinct_id(who, id).into_iter().collect();
        for (field, value) in fields {
            records.extend(self.sealer.seal_field(who, field, SealedOperation::Set, value, NOW));
        }
        self.intake(records).await;
        who
    }

    /// All fields of one person, or none.
    pub(crate) async fn fields(&self, who: Pseudonym) -> Option<RevealedFields> {
        self.vault.reveal_fields(&everything(), &[who]).await.unwrap().remove(&who)
    }

    pub(crate) async fn id(&self, who: Pseudonym) -> Option<String> {
        let mut ids = self.vault.reveal_distinct_ids(&everything(), &[who]).await.unwrap();
        ids.remove(&who).map(|id| id.expose().to_owned())
    }
}

fn data_dir(directory: &Path) -> PathBuf {
    directory.join("data")
}

fn settings(directory: &Path) -> VaultSettings {
    VaultSettings::for_data_dir(&data_dir(directory))
}

pub(crate) fn profile(fields: &RevealedFields) -> Vec<(&str, &str)> {
    fields.profile.iter().map(|(field, value)| (field.as_str(), value.expose().as_str())).collect()
}

#[derive(Debug)]
struct TakesAll;

impl LeafSink for TakesAll {
    type Error = Infallible;

    fn append(&self, _: &AccessRecord) -> Result<LeafIndex, Infallible> {
        Ok(LeafIndex(0))
    }
}

pub(crate) fn grant(project: ProjectId, scope: ReadScope, fields: &[&str]) -> AccessGrant {
    let record = AccessRecord {
        time: NOW,
        actor: Actor::CommandLine,
        purpose: Purpose("test".into()),
        project,
        action: Action::Reveal,
        scope,
        query: String::new(),
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        people: None,
        rows: None,
    };
    AccessGrant::issue(record, &TakesAll).unwrap()
}

pub(crate) fn everything() -> AccessGrant {
    grant(PROJECT, ReadScope::Identified, &["*"])
}
