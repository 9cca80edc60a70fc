#![doc = include_str!("../README.md")]

mod blob;
mod checkpoint;
mod commit;
mod disk;
mod hash;
mod key;
pub mod layout;
mod leaf;
mod pending;
mod proof;
mod publish;
mod read;
mod recover;
mod tile;
mod tree;
mod verify;
mod writer;

pub use blob::{BlobError, BlobHash, MAX_BLOB_LENGTH};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use commit::AppendError;
pub use hash::{Hash, ParseHashError, empty_root, leaf_hash, node_hash};
pub use key::{KeyError, Origin, Signer, VerifierKey};
pub use leaf::{BundleError, MAX_LEAF_LENGTH, decode_bundle, encode_entry};
pub use proof::{
    ConsistencyProof, InclusionProof, ProofError, SelfContainedProof, verify_consistency, verify_inclusion,
};
pub use publish::PublishError;
pub use read::{ReadError, Reader};
pub use recover::{OpenError, Recovered};
pub use tree::Frontier;
pub use verify::{Damage, Problem, Report, verify};
pub use writer::{Ledger, LedgerSettings, Status};
