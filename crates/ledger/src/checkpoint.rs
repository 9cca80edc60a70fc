//! The signed tree head: a C2SP tlog-checkpoint in a signed-note.
//!
//! ```text
//! example.com/ledger                                 origin
//! 20852163                                           size of the tree, decimal
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=       root, base64
//!                                                    an empty line ends what is signed
//! — example.com/ledger Az3grlgtzPICa5OS8npVmf1M…     base64(u32 big-endian key id || Ed25519 signature)
//! ```
//!
//! Further signature lines (witnesses, rotated keys) may follow; those of unknown keys are ignored.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::hash::Hash;
use crate::key::{Origin, Signer, VerifierKey};

/// Room for the three lines and far more than the 16 signatures that signed-note asks verifiers to accept,
/// each at most 5 kB.
pub(crate) const MAX_CHECKPOINT_LENGTH: u64 = 128 * 1024;

/// What a log promises: the first `size` leaves have this `root`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    pub origin: Origin,
    pub size: u64,
    pub root: Hash,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    #[error("it is not a signed note: text, an empty line, signature lines")]
    Note,
    #[error("its text is not origin, size and root, one a line")]
    Body,
    #[error("it belongs to another log than the verifier key")]
    Origin,
    #[error("it has no signature of the verifier key")]
    NotSigned,
    #[error("the signature of the verifier key is wrong")]
    Signature,
}

impl Checkpoint {
    /// The text that is signed.
    fn body(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root.to_base64())
    }

    /// The whole note, signed by the log itself.
    pub fn sign(&self, signer: &Signer) -> String {
        let body = self.body();
        let id = signer.verifier_key(&self.origin).id().to_be_bytes();
        let signature = [id.as_slice(), &signer.sign(body.as_bytes())].concat();
        format!("{body}\n— {} {}\n", self.origin, BASE64_STANDARD.encode(signature))
    }

    /// Reads a note and checks that the log `key` signed it.
    pub fn verify(note: &[u8], key: &VerifierKey) -> Result<Self, CheckpointError> {
        let note = std::str::from_utf8(note).map_err(|_| CheckpointError::Note)?;
        if note.chars().any(|c| c < ' ' && c != '\n') {
            return Err(CheckpointError::Note);
        }
        let (before, signatures) = note.rsplit_once("\n\n").ok_or(CheckpointError::Note)?;
        let body = &note[..=before.len()];
        let checkpoint = Self::parse_body(body).ok_or(CheckpointError::Body)?;
        if checkpoint.origin != *key.origin() {
            return Err(CheckpointError::Origin);
        }
        let mut signed = false;
        for line in signatures.strip_suffix('\n').ok_or(CheckpointError::Note)?.split('\n') {
            let (name, id, signature) = parse_signature(line).ok_or(CheckpointError::Note)?;
            if name == key.origin().as_str() && id == key.id() {
                if !key.verifies(body.as_bytes(), &signature) {
                    return Err(CheckpointError::Signature);
                }
                signed = true;
            }
        }
        if signed { Ok(checkpoint) } else { Err(CheckpointError::NotSigned) }
    }

    /// Extension lines are refused: this log writes none, and no monitor can check them.
    fn parse_body(body: &str) -> Option<Self> {
        let mut lines = body.strip_suffix('\n')?.split('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let checkpoint = Self {
            origin: Origin::parse(origin).ok()?,
            size: size.parse().ok()?,
            root: Hash::from_base64(root).ok()?,
        };
        // One spelling only: no leading zeroes or signs, nothing after.
        (checkpoint.body() == body).then_some(checkpoint)
    }
}

fn parse_signature(line: &str) -> Option<(&str, u32, Vec<u8>)> {
    let (name, signature) = line.strip_prefix("— ")?.split_once(' ')?;
    let bytes = BASE64_STANDARD.decode(signature).ok()?;
    let (id, signature) = bytes.split_first_chunk()?;
    (!name.is_empty()).then(|| (name, u32::from_be_bytes(*id), signature.to_vec()))
}

#[cfg(test)]
mod tests;
