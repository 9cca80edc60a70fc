//! The ledger of reads as the rest of the server sees it: records in, leaves durable.

use domain::access::{AccessRecord, LeafIndex, LeafSink};
use ledger::{Ledger, Origin, Signer};
use roaring::RoaringBitmap;
use std::path::Path;

/// Name of the ledger in its checkpoints. A ledger is known by its key; the origin only has to
/// stay the same.
pub const ORIGIN: &str = "bulkhead/access-ledger";

/// Name under which the keyring keeps the seed of the ledger's signing key.
const SEED: &str = "ledger-signing-seed";

#[derive(Debug)]
pub struct LedgerSink(Ledger);

#[derive(Debug, thiserror::Error)]
pub enum SinkError {
    #[error("ledger: {0}")]
    Append(#[from] ledger::AppendError),
    #[error("ledger, set of people: {0}")]
    Blob(#[from] ledger::BlobError),
    #[error("ledger: the record cannot be written as JSON: {0}")]
    Record(#[from] serde_json::Error),
}

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error(transparent)]
    Keys(#[from] vault::KeyringError),
    #[error("ledger: {0}")]
    Origin(#[from] ledger::KeyError),
}

/// The ledger's signing key and name.
pub fn identity(keyring: &vault::Keyring) -> Result<(Signer, Origin), KeyError> {
    let seed = keyring.secret(SEED)?;
    Ok((Signer::from_seed(&seed), Origin::parse(ORIGIN)?))
}

impl LedgerSink {
    pub fn open(directory: &Path, signer: Signer, origin: Origin) -> Result<Self, ledger::OpenError> {
        Ledger::open(directory, signer, origin).map(Self)
    }

    /// Keeps a set of people by its hash, durable before the leaf that names it.
    pub fn put_people(&self, people: &RoaringBitmap) -> Result<(String, u64), SinkError> {
        let mut bytes = Vec::with_capacity(people.serialized_size());
        people.serialize_into(&mut bytes).expect("writing to a Vec cannot fail");
        Ok((self.0.put_blob(&bytes)?.reference(), people.len()))
    }

    pub fn status(&self) -> ledger::Status {
        self.0.status()
    }

    /// Publishes a last checkpoint over all leaves.
    pub fn close(&self) -> Result<(), ledger::PublishError> {
        self.0.close().map(drop)
    }
}

impl LeafSink for LedgerSink {
    type Error = SinkError;

    /// Canonical JSON: names sorted, no spaces; the same record gives the same bytes.
    fn append(&self, record: &AccessRecord) -> Result<LeafIndex, SinkError> {
        let canonical = serde_json::to_value(record)?.to_string();
        Ok(LeafIndex(self.0.append(canonical.into_bytes())?))
    }
}
