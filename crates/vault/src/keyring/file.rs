//! The bytes of the keyring file, version 1. All integers are big-endian.
//!
//! ```text
//! offset  length  content
//!      0       8  "BHKEYS\r\n": a transfer as text would show
//!      8       2  version, 1
//!     10      16  root key check: first half of SHA-256("bulkhead root key check v1" ‖ root key)
//!     26       n  the entries, closed under the root key with bytes 0 … 25 as associated data:
//!                 nonce (24) ‖ XChaCha20-Poly1305 ciphertext ‖ tag (16)
//!   26+n      32  SHA-256 of everything before: tells damage from a wrong root key
//! ```
//!
//! An entry is `kind (1) ‖ project (4) ‖ length of name (2) ‖ name ‖ key (32)`:
//!
//! ```text
//! 1 the vault's X25519 private key    2 pseudonym key    3 index key    4 wrapping key of a project
//! 5 a named secret
//! ```
//!
//! Where there is no project or name, it is 0 or empty.

use crate::Entropy;
use crate::key::{BOX_OVERHEAD, KEY_BYTES, SecretKey};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

const MAGIC: &[u8; 8] = b"BHKEYS\r\n";
const VERSION: u16 = 1;
const CHECK_BYTES: usize = 16;
const HEADER_BYTES: usize = 8 + 2 + CHECK_BYTES;
const DIGEST_BYTES: usize = 32;

/// Far more keys than ten thousand projects need; a larger file is not a keyring.
pub(super) const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;

/// Which key an entry holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    VaultPrivate,
    Pseudonym(u32),
    Index(u32),
    Wrapping(u32),
    Secret(String),
}

impl Slot {
    fn parts(&self) -> (u8, u32, &str) {
        match self {
            Self::VaultPrivate => (1, 0, ""),
            Self::Pseudonym(project) => (2, *project, ""),
            Self::Index(project) => (3, *project, ""),
            Self::Wrapping(project) => (4, *project, ""),
            Self::Secret(name) => (5, 0, name),
        }
    }

    fn from_parts(kind: u8, project: u32, name: &str) -> Option<Self> {
        Some(match kind {
            1 => Self::VaultPrivate,
            2 => Self::Pseudonym(project),
            3 => Self::Index(project),
            4 => Self::Wrapping(project),
            5 => Self::Secret(name.to_owned()),
            _ => return None,
        })
    }
}

pub(super) type Entries = std::collections::BTreeMap<Slot, SecretKey>;

/// Why the bytes are not a keyring that this root key opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    NotAKeyring,
    NewerVersion(u16),
    Damaged,
    WrongRootKey,
}

pub(super) fn encode(entries: &Entries, root: &SecretKey, entropy: &dyn Entropy) -> Vec<u8> {
    let longest: usize = entries.keys().map(|slot| 7 + slot.parts().2.len() + KEY_BYTES).sum();
    let mut clear = Zeroizing::new(Vec::with_capacity(longest));
    for (slot, key) in entries {
        let (kind, project, name) = slot.parts();
        let length = u16::try_from(name.len()).expect("names of secrets are checked when they are made");
        clear.push(kind);
        clear.extend_from_slice(&project.to_be_bytes());
        clear.extend_from_slice(&length.to_be_bytes());
        clear.extend_from_slice(name.as_bytes());
        clear.extend_from_slice(key.expose());
    }
    let mut file = Vec::with_capacity(HEADER_BYTES + clear.len() + BOX_OVERHEAD + DIGEST_BYTES);
    file.extend_from_slice(MAGIC);
    file.extend_from_slice(&VERSION.to_be_bytes());
    file.extend_from_slice(&root_key_check(root));
    let closed = root.close(&file, &clear, entropy);
    file.extend_from_slice(&closed);
    let digest = Sha256::digest(&file);
    file.extend_from_slice(&digest);
    file
}

pub(super) fn decode(file: &[u8], root: &SecretKey) -> Result<Entries, Refusal> {
    if !file.starts_with(MAGIC) {
        return Err(Refusal::NotAKeyring);
    }
    let (content, digest) = file.split_last_chunk::<DIGEST_BYTES>().ok_or(Refusal::Damaged)?;
    let (header, closed) = content.split_at_checked(HEADER_BYTES).ok_or(Refusal::Damaged)?;
    if Sha256::digest(content).as_slice() != digest {
        return Err(Refusal::Damaged);
    }
    let version = u16::from_be_bytes([header[8], header[9]]);
    if version != VERSION {
        return Err(Refusal::NewerVersion(version));
    }
    if header[10..] != root_key_check(root) {
        return Err(Refusal::WrongRootKey);
    }
    let clear = root.open(header, closed).ok_or(Refusal::Damaged)?;
    let mut entries = Entries::new();
    let mut rest = clear.as_slice();
    while !rest.is_empty() {
        let (slot, key, after) = read_entry(rest).ok_or(Refusal::Damaged)?;
        entries.insert(slot, key);
        rest = after;
    }
    Ok(entries)
}

fn read_entry(rest: &[u8]) -> Option<(Slot, SecretKey, &[u8])> {
    let (&kind, rest) = rest.split_first()?;
    let (project, rest) = rest.split_first_chunk()?;
    let (length, rest) = rest.split_first_chunk()?;
    let (name, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
    let (key, rest) = rest.split_at_checked(KEY_BYTES)?;
    let slot = Slot::from_parts(kind, u32::from_be_bytes(*project), std::str::from_utf8(name).ok()?)?;
    Some((slot, SecretKey::from_slice(key)?, rest))
}

/// Recognises the root key. It gives nothing away: the key is 256 random bits.
fn root_key_check(root: &SecretKey) -> [u8; CHECK_BYTES] {
    let digest =
        Sha256::new().chain_update(b"bulkhead root key check v1").chain_update(root.expose()).finalize();
    let mut check = [0; CHECK_BYTES];
    check.copy_from_slice(&digest[..CHECK_BYTES]);
    check
}
