//! The hashes of RFC 6962 §2.1: SHA-256, with a byte in front that keeps leaves and nodes apart.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

/// Domain separation of RFC 6962: without it a node could be passed off as a leaf.
const LEAF_PREFIX: [u8; 1] = [0];
const NODE_PREFIX: [u8; 1] = [1];

/// A SHA-256 hash: of a leaf, of a node of the tree, or a root.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, std::hash::Hash)]
pub struct Hash([u8; Hash::LENGTH]);

impl Hash {
    pub const LENGTH: usize = 32;

    pub const fn new(bytes: [u8; Hash::LENGTH]) -> Self {
        Self(bytes)
    }

    pub const fn as_bytes(&self) -> &[u8; Hash::LENGTH] {
        &self.0
    }

    /// The form that checkpoints and proofs use.
    pub fn to_base64(self) -> String {
        BASE64_STANDARD.encode(self.0)
    }

    pub fn from_base64(text: &str) -> Result<Self, ParseHashError> {
        let bytes = BASE64_STANDARD.decode(text).map_err(|_| ParseHashError)?;
        Ok(Self(bytes.try_into().map_err(|_| ParseHashError)?))
    }
}

/// Lower-case hexadecimal.
impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a hash is 32 bytes in base64")]
pub struct ParseHashError;

/// `SHA-256(0x00 || leaf)`.
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    digest(&[&LEAF_PREFIX, leaf])
}

/// `SHA-256(0x01 || left || right)`.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    digest(&[&NODE_PREFIX, &left.0, &right.0])
}

/// The root of the tree without leaves: SHA-256 of nothing.
pub fn empty_root() -> Hash {
    digest(&[])
}

/// Plain SHA-256 over the parts in order.
pub(crate) fn digest(parts: &[&[u8]]) -> Hash {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update(part);
    }
    Hash(sha.finalize().into())
}
