//! Same person, no name.
//!
//! A pseudonym is the first 16 bytes of HMAC-SHA256 under the project's pseudonym key, over
//!
//! ```text
//! person     0x01 ‖ project (u32 BE) ‖ distinct id as sent
//! group      0x02 ‖ project (u32 BE) ‖ length of the group key (u32 BE) ‖ group key ‖ group id
//! successor  0x03 ‖ project (u32 BE) ‖ the erased pseudonym (16) ‖ distinct id as sent
//! ```
//!
//! An id such as `$device:…` is a string like any other. Once a person was erased, the same
//! distinct id leads to the successor of the erased pseudonym. To tell that a successor follows an
//! erased pseudonym takes the key *and* the clear id, so the two are never linked by what is stored.

use crate::Entropy;
use crate::key::SecretKey;
use domain::{ProjectId, Pseudonym};
use hmac::{Hmac, Mac};
use rustc_hash::FxHashSet;
use sha2::Sha256;
use std::fmt;
use std::sync::{PoisonError, RwLock};

const PERSON: u8 = 1;
const GROUP: u8 = 2;
const SUCCESSOR: u8 = 3;

/// The key of a project's pseudonyms. Who holds it can test a guessed id against a pseudonym, and
/// nothing else.
#[derive(Clone, Debug)]
pub struct PseudonymKey(SecretKey);

impl PseudonymKey {
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(SecretKey::generate(entropy))
    }

    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(SecretKey::from_bytes(bytes))
    }
}

/// The project's keyed function from ids to pseudonyms, with the key already taken in: two
/// compressions of SHA-256 per id.
pub(crate) struct Pseudonyms {
    person: Hmac<Sha256>,
    group: Hmac<Sha256>,
    successor: Hmac<Sha256>,
    erased: RwLock<FxHashSet<Pseudonym>>,
}

impl Pseudonyms {
    pub(crate) fn new(
        project: ProjectId,
        key: &PseudonymKey,
        erased: impl IntoIterator<Item = Pseudonym>,
    ) -> Self {
        let begin = |kind: u8| key.0.mac().chain_update([kind]).chain_update(project.0.to_be_bytes());
        Self {
            person: begin(PERSON),
            group: begin(GROUP),
            successor: begin(SUCCESSOR),
            erased: RwLock::new(erased.into_iter().collect()),
        }
    }

    pub(crate) fn person(&self, id: &str) -> Pseudonym {
        let mut who = truncate(self.person.clone().chain_update(id));
        let erased = self.erased.read().unwrap_or_else(PoisonError::into_inner);
        // Ends: the set is finite, and a cycle within it would be a collision of the function.
        while erased.contains(&who) {
            who = truncate(self.successor.clone().chain_update(who.0).chain_update(id));
        }
        who
    }

    pub(crate) fn group(&self, key: &str, id: &str) -> Pseudonym {
        let length = u32::try_from(key.len()).unwrap_or(u32::MAX);
        truncate(self.group.clone().chain_update(length.to_be_bytes()).chain_update(key).chain_update(id))
    }

    pub(crate) fn mark_erased(&self, who: &[Pseudonym]) {
        self.erased.write().unwrap_or_else(PoisonError::into_inner).extend(who);
    }
}

impl fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pseudonyms([keyed])")
    }
}

fn truncate(mac: Hmac<Sha256>) -> Pseudonym {
    let mut first = [0; 16];
    first.copy_from_slice(&mac.finalize().into_bytes()[..16]);
    Pseudonym(first)
}
