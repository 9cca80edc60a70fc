//! Who signs and how that is checked: Ed25519 keys in the forms of C2SP signed-note.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::hash::digest;

/// The signature type that signed-note assigns to plain Ed25519.
const ED25519: u8 = 0x01;

/// Long enough for any scheme-less URL in use; a note's line must not grow without bound.
const MAX_ORIGIN_LENGTH: usize = 255;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error(
        "an origin has 1 to {MAX_ORIGIN_LENGTH} bytes, without spaces, control characters and `+`: use a name like `example.com/ledger`"
    )]
    Origin,
    #[error("a verifier key reads `<name>+<8 hexadecimal digits>+<base64>`")]
    Form,
    #[error("the verifier key's id does not fit its name and key: it was copied wrongly")]
    Id,
    #[error("the verifier key is not an Ed25519 key (type 1)")]
    Type,
}

/// The name of one log: the first line of its checkpoints and the name of its key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

impl Origin {
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let allowed = |c: char| !c.is_whitespace() && !c.is_control() && c != '+';
        if text.is_empty() || text.len() > MAX_ORIGIN_LENGTH || !text.chars().all(allowed) {
            return Err(KeyError::Origin);
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Signs checkpoints. The seed is kept by whoever hands it in; it is wiped from here on drop.
#[derive(Clone)]
pub struct Signer(SigningKey);

impl Signer {
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// What an outsider needs to check the log `origin` that this key signs.
    pub fn verifier_key(&self, origin: &Origin) -> VerifierKey {
        VerifierKey::new(origin.clone(), self.0.verifying_key())
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; Signature::BYTE_SIZE] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer([secret])")
    }
}

/// The public half with the log's name. Its text form is the `vkey` of signed-note.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    origin: Origin,
    id: u32,
    key: VerifyingKey,
}

impl VerifierKey {
    fn new(origin: Origin, key: VerifyingKey) -> Self {
        let hash = digest(&[origin.as_str().as_bytes(), b"\n", &[ED25519], key.as_bytes()]);
        let [a, b, c, d, ..] = *hash.as_bytes();
        Self { origin, id: u32::from_be_bytes([a, b, c, d]), key }
    }

    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The four bytes that lead each signature of this key.
    pub fn id(&self) -> u32 {
        self.id
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        // Base64 may itself contain `+`, a name and an id cannot.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyError::Form);
        };
        let origin = Origin::parse(name)?;
        let bytes = BASE64_STANDARD.decode(key).map_err(|_| KeyError::Form)?;
        let Some((&ED25519, key)) = bytes.split_first() else { return Err(KeyError::Type) };
        let key = key.try_into().map_err(|_| KeyError::Form)?;
        let verifier = Self::new(origin, VerifyingKey::from_bytes(key).map_err(|_| KeyError::Form)?);
        if id != format!("{:08x}", verifier.id) {
            return Err(KeyError::Id);
        }
        Ok(verifier)
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[ED25519], self.key.as_bytes().as_slice()].concat();
        write!(f, "{}+{:08x}+{}", self.origin, self.id, BASE64_STANDARD.encode(key))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests;
