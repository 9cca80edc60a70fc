//! The only place with key material and clear identifiers.

mod clear;
mod entropy;
mod key;
mod open;
mod pseudonym;
mod record;
mod repeats;
mod seal;
mod session;

pub use clear::{Clear, DistinctId};
pub use entropy::{Entropy, OsEntropy, SeededEntropy};
pub use open::{OpenRecordError, OpenedRecord, RecordOpener};
pub use pseudonym::PseudonymKey;
pub use record::{Content, SealedOperation};
pub use seal::{ProjectSealer, SealError};
pub use session::{VaultPrivateKey, VaultPublicKey};
