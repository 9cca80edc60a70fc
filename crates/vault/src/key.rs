//! Symmetric keys, and the box in which one key or value is kept under another.
//!
//! A box is `nonce (24) ‖ XChaCha20-Poly1305 ciphertext ‖ tag (16)`. The nonce is random: at 192
//! bits two of them never meet, however many boxes one key closes.

use crate::Entropy;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::Hmac;
use sha2::Sha256;
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Length of every symmetric key.
pub(crate) const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;
/// What a box is longer than its content.
pub(crate) const BOX_OVERHEAD: usize = NONCE_BYTES + TAG_BYTES;

/// A secret of 32 bytes. Never shown, overwritten when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(crate) struct SecretKey([u8; KEY_BYTES]);

impl SecretKey {
    pub(crate) fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; KEY_BYTES];
        entropy.fill(&mut bytes);
        let key = Self(bytes);
        bytes.zeroize();
        key
    }

    pub(crate) fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }

    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(crate) fn expose(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    /// A keyed MAC that has already taken the key in: clone it per message.
    pub(crate) fn mac(&self) -> Hmac<Sha256> {
        Hmac::new_from_slice(&self.0).expect("HMAC takes a key of any length")
    }

    /// Closes `content` under this key, bound to `context`.
    pub(crate) fn close(&self, context: &[u8], content: &[u8], entropy: &dyn Entropy) -> Vec<u8> {
        let mut nonce = [0; NONCE_BYTES];
        entropy.fill(&mut nonce);
        let closed = XChaCha20Poly1305::new(&self.0.into())
            .encrypt(&XNonce::from(nonce), Payload { msg: content, aad: context })
            .expect("content is far below the 256 GiB that the cipher can take");
        [&nonce[..], &closed].concat()
    }

    /// Opens what [`close`](Self::close) made. `None`: another key, another context, or damage.
    pub(crate) fn open(&self, context: &[u8], boxed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, closed) = boxed.split_first_chunk::<NONCE_BYTES>()?;
        XChaCha20Poly1305::new(&self.0.into())
            .decrypt(&XNonce::from(*nonce), Payload { msg: closed, aad: context })
            .ok()
            .map(Zeroizing::new)
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey([secret])")
    }
}
