//! A person's own key, and what is closed under it.
//!
//! Boxes are those of [`key`](crate::key). Their associated data is
//!
//! ```text
//! person's key, closed under the project's wrapping key   "bulkhead person key v1\0" ‖ project ‖ pseudonym
//! distinct id, under the person's key                     "bulkhead distinct id v1\0" ‖ project ‖ pseudonym
//! operation on a field, under the person's key            "bulkhead field v1\0" ‖ project ‖ pseudonym
//!                                                         ‖ sequence (i64 BE) ‖ operation (1) ‖ field
//! ```
//!
//! so that no box can stand for another person, field, operation, or place in the order. The
//! content is a record's padded body ([`record`](crate::record)).

use crate::Entropy;
use crate::SealedOperation;
use crate::key::{KEY_BYTES, SecretKey};
use crate::record::{read_body, write_body};
use domain::{ProjectId, Pseudonym, Timestamp};
use hkdf::Hkdf;
use hmac::Mac;
use sha2::Sha256;
use std::fmt;
use zeroize::Zeroizing;

const KEY_CONTEXT: &[u8] = b"bulkhead person key v1\0";
const ID_CONTEXT: &[u8] = b"bulkhead distinct id v1\0";
const FIELD_CONTEXT: &[u8] = b"bulkhead field v1\0";

/// Which box of a person an operation lies in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) sequence: i64,
    pub(crate) operation: SealedOperation,
    pub(crate) field: &'a str,
}

/// The key of one person. Once the only copy is gone, so is all that was closed under it.
pub(crate) struct PersonKey {
    project: ProjectId,
    who: Pseudonym,
    key: SecretKey,
}

impl PersonKey {
    /// A fresh key, and its wrapped form.
    pub(crate) fn create(
        project: ProjectId,
        who: Pseudonym,
        wrapping: &SecretKey,
        entropy: &dyn Entropy,
    ) -> (Self, Vec<u8>) {
        let key = SecretKey::generate(entropy);
        let wrapped = wrapping.close(&context(KEY_CONTEXT, project, who), key.expose(), entropy);
        (Self { project, who, key }, wrapped)
    }

    pub(crate) fn unwrap(
        project: ProjectId,
        who: Pseudonym,
        wrapping: &SecretKey,
        wrapped: &[u8],
    ) -> Option<Self> {
        let clear = wrapping.open(&context(KEY_CONTEXT, project, who), wrapped)?;
        Some(Self { project, who, key: SecretKey::from_slice(&clear)? })
    }

    pub(crate) fn close_id(&self, id: &str, entropy: &dyn Entropy) -> Vec<u8> {
        let body = write_body(Timestamp::default(), id);
        self.key.close(&context(ID_CONTEXT, self.project, self.who), &body, entropy)
    }

    pub(crate) fn open_id(&self, closed: &[u8]) -> Option<String> {
        let body = self.key.open(&context(ID_CONTEXT, self.project, self.who), closed)?;
        Some(read_body(&body)?.1.to_owned())
    }

    pub(crate) fn close_field(
        &self,
        place: Place<'_>,
        time: Timestamp,
        value: &str,
        entropy: &dyn Entropy,
    ) -> Vec<u8> {
        self.key.close(&self.field_context(place), &write_body(time, value), entropy)
    }

    pub(crate) fn open_field(
        &self,
        place: Place<'_>,
        closed: &[u8],
    ) -> Option<(Timestamp, Zeroizing<String>)> {
        let body = self.key.open(&self.field_context(place), closed)?;
        let (time, value) = read_body(&body)?;
        Some((time, Zeroizing::new(value.to_owned())))
    }

    /// Recognises a repeat without opening what is there. Keyed by the person's key: worth nothing
    /// without it.
    pub(crate) fn digest(&self, field: &str, operation: SealedOperation, value: &str) -> [u8; 16] {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        Hkdf::<Sha256>::from_prk(self.key.expose())
            .expect("a key is as long as the hash")
            .expand(b"bulkhead repeats v1", key.as_mut_slice())
            .expect("32 bytes are within what HKDF can give");
        let mac = SecretKey::from_bytes(*key)
            .mac()
            .chain_update([operation.code()])
            .chain_update((field.len() as u64).to_be_bytes())
            .chain_update(field)
            .chain_update(value)
            .finalize()
            .into_bytes();
        let mut first = [0; 16];
        first.copy_from_slice(&mac[..16]);
        first
    }

    fn field_context(&self, place: Place<'_>) -> Vec<u8> {
        let mut bytes = context(FIELD_CONTEXT, self.project, self.who);
        bytes.extend_from_slice(&place.sequence.to_be_bytes());
        bytes.push(place.operation.code());
        bytes.extend_from_slice(place.field.as_bytes());
        bytes
    }
}

impl fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonKey({}, [secret])", self.who)
    }
}

fn context(label: &[u8], project: ProjectId, who: Pseudonym) -> Vec<u8> {
    [label, &project.0.to_be_bytes(), &who.0].concat()
}
