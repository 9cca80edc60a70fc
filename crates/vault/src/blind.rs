//! Blind indexes: finding a person by an identifier without opening anybody.
//!
//! An entry is the first 16 bytes of HMAC-SHA256 under the project's index key, over one byte for
//! what it is and the identifier in canonical form:
//!
//! ```text
//! 1 e-mail address    2 its MD5    3 its SHA-1    4 its SHA-256 (raw digests of the canonical address)
//! 5 phone number      6 distinct id as sent
//! ```
//!
//! The digests are there because leaked lists often hold nothing else: such a list is matched with
//! one HMAC per row. Without the key an entry is a random number, whatever dictionary one has.

use crate::canonical;
use crate::key::SecretKey;
use hmac::{Hmac, Mac};
use md5::Md5;
use serde_json::Value;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::fmt;

/// How deep a value is searched for identifiers. JSON of clients nests three or four levels.
const MAX_DEPTH: usize = 16;

/// Words in a field's name that make its digits a phone number.
const PHONE_WORDS: [&str; 5] = ["phone", "mobile", "msisdn", "cell", "telefon"];

#[derive(Clone, Copy)]
#[repr(u8)]
enum Kind {
    Email = 1,
    EmailMd5 = 2,
    EmailSha1 = 3,
    EmailSha256 = 4,
    Phone = 5,
    DistinctId = 6,
}

/// One entry of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct BlindHash(pub(crate) [u8; 16]);

/// A digest of an e-mail address, as leaked lists carry them.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum EmailHash {
    Md5([u8; 16]),
    Sha1([u8; 20]),
    Sha256([u8; 32]),
}

impl EmailHash {
    /// From raw bytes; the length says which digest it is.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        match bytes.len() {
            16 => bytes.try_into().ok().map(Self::Md5),
            20 => bytes.try_into().ok().map(Self::Sha1),
            32 => bytes.try_into().ok().map(Self::Sha256),
            _ => None,
        }
    }

    /// From hex digits of either case.
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits = text.trim().as_bytes();
        if !matches!(digits.len(), 32 | 40 | 64) {
            return None;
        }
        let nibble = |digit: u8| (digit as char).to_digit(16).and_then(|value| u8::try_from(value).ok());
        let bytes: Option<Vec<u8>> =
            digits.chunks_exact(2).map(|pair| Some(nibble(pair[0])? << 4 | nibble(pair[1])?)).collect();
        Self::from_bytes(&bytes?)
    }
}

impl fmt::Debug for EmailHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A plain digest of an address is as good as the address to one who has a dictionary.
        f.write_str("EmailHash([clear])")
    }
}

/// The keyed function of one project.
#[derive(Clone)]
pub(crate) struct BlindIndex(Hmac<Sha256>);

impl BlindIndex {
    pub(crate) fn new(key: &SecretKey) -> Self {
        Self(key.mac())
    }

    pub(crate) fn distinct_id(&self, id: &str) -> BlindHash {
        self.hash(Kind::DistinctId, id.as_bytes())
    }

    pub(crate) fn phone(&self, text: &str) -> Option<BlindHash> {
        canonical::phone(text).map(|digits| self.hash(Kind::Phone, digits.as_bytes()))
    }

    pub(crate) fn email(&self, text: &str) -> Option<BlindHash> {
        canonical::email(text).map(|address| self.hash(Kind::Email, address.as_bytes()))
    }

    pub(crate) fn email_hash(&self, hash: &EmailHash) -> BlindHash {
        match hash {
            EmailHash::Md5(digest) => self.hash(Kind::EmailMd5, digest),
            EmailHash::Sha1(digest) => self.hash(Kind::EmailSha1, digest),
            EmailHash::Sha256(digest) => self.hash(Kind::EmailSha256, digest),
        }
    }

    /// The entries for a distinct id: itself, and the address if it is one.
    pub(crate) fn entries_of_id(&self, id: &str, into: &mut Vec<BlindHash>) {
        into.push(self.distinct_id(id));
        self.email_entries(id, into);
    }

    /// The entries for all addresses and phone numbers in a field's value.
    pub(crate) fn entries_of_field(&self, field: &str, value: &Value, into: &mut Vec<BlindHash>) {
        let field = field.to_ascii_lowercase();
        let is_phone = PHONE_WORDS.iter().any(|word| field.contains(word));
        self.search(is_phone, value, MAX_DEPTH, into);
    }

    fn search(&self, is_phone: bool, value: &Value, depth: usize, into: &mut Vec<BlindHash>) {
        match value {
            Value::String(text) => {
                self.email_entries(text, into);
                if is_phone || text.trim_start().starts_with('+') {
                    into.extend(self.phone(text));
                }
            }
            Value::Number(number) if is_phone => into.extend(self.phone(&number.to_string())),
            Value::Array(items) if depth > 0 => {
                items.iter().for_each(|item| self.search(is_phone, item, depth - 1, into));
            }
            Value::Object(members) if depth > 0 => {
                members.values().for_each(|member| self.search(is_phone, member, depth - 1, into));
            }
            _ => {}
        }
    }

    fn email_entries(&self, text: &str, into: &mut Vec<BlindHash>) {
        let Some(address) = canonical::email(text) else { return };
        into.extend([
            self.hash(Kind::Email, address.as_bytes()),
            self.hash(Kind::EmailMd5, &Md5::digest(&address)),
            self.hash(Kind::EmailSha1, &Sha1::digest(&address)),
            self.hash(Kind::EmailSha256, &Sha256::digest(&address)),
        ]);
    }

    fn hash(&self, kind: Kind, content: &[u8]) -> BlindHash {
        let mac = self.0.clone().chain_update([kind as u8]).chain_update(content).finalize().into_bytes();
        let mut first = [0; 16];
        first.copy_from_slice(&mac[..16]);
        BlindHash(first)
    }
}

impl fmt::Debug for BlindIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BlindIndex([keyed])")
    }
}

#[cfg(test)]
mod tests;
