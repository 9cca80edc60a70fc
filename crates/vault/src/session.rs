//! Sessions: how the collector seals what it cannot open.
//!
//! A session begins with one HPKE encapsulation (RFC 9180: X25519-HKDF-SHA256, HKDF-SHA256,
//! ChaCha20-Poly1305) to the vault's public key. From it both sides export a chain key; record *i*
//! is sealed by ChaCha20-Poly1305 under its own key, derived from link *i* of the chain:
//!
//! ```text
//! key of record i  = HMAC-SHA256(link i, 0x01)
//! link i + 1       = HMAC-SHA256(link i, 0x02)
//! ```
//!
//! The sealing side keeps only the newest link. What it has sealed it cannot open again: that
//! would take the vault's private key, or to run HMAC backwards. A dump of its memory opens at most
//! the records that the running session would still seal. A key is used once, so the nonce is zero.

use crate::entropy::Borrowed;
use crate::key::SecretKey;
use crate::record::ENCAPSULATED_KEY_BYTES;
use crate::{Entropy, SealError};
use chacha20poly1305::aead::{AeadInOut, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce, Tag};
use domain::ProjectId;
use hmac::Mac;
use hpke::{Deserializable, Kem as _, OpModeR, OpModeS, Serializable};
use std::fmt;
use zeroize::Zeroizing;

type Kem = hpke::kem::X25519HkdfSha256;
type Kdf = hpke::kdf::HkdfSha256;
type SuiteAead = hpke::aead::ChaCha20Poly1305;

/// Records per session. An encapsulation costs some 100 µs: at this number it is 0.1 µs per
/// record, and the vault holds the 32 KiB of keys of a whole session with ease.
pub(crate) const RECORDS_PER_SESSION: u16 = 1024;

const TAG_BYTES: usize = 16;
const RECORD_KEY: [u8; 1] = [1];
const NEXT_LINK: [u8; 1] = [2];

/// What the collector seals to. It can be known to everyone.
#[derive(Clone)]
pub struct VaultPublicKey(<Kem as hpke::Kem>::PublicKey);

impl VaultPublicKey {
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, SealError> {
        <Kem as hpke::Kem>::PublicKey::from_bytes(bytes).map(Self).map_err(|_| SealError::InvalidPublicKey)
    }

    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes().into()
    }
}

impl fmt::Debug for VaultPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VaultPublicKey(")?;
        self.to_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}

/// What opens records on their way from the collector to the vault.
#[derive(Clone)]
pub struct VaultPrivateKey(<Kem as hpke::Kem>::PrivateKey);

impl VaultPrivateKey {
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(Kem::gen_keypair_with_rng(&mut Borrowed(entropy)).0)
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        <Kem as hpke::Kem>::PrivateKey::from_bytes(bytes).ok().map(Self)
    }

    pub(crate) fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes().into())
    }

    pub fn public(&self) -> VaultPublicKey {
        VaultPublicKey(Kem::sk_to_pk(&self.0))
    }
}

impl fmt::Debug for VaultPrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VaultPrivateKey([secret])")
    }
}

/// The newest link of a chain.
#[derive(Clone, Debug)]
struct Chain(SecretKey);

impl Chain {
    /// The key of the next record; the chain moves on and the old link is overwritten.
    fn advance(&mut self) -> SecretKey {
        let mac = self.0.mac();
        let key = SecretKey::from_bytes(mac.clone().chain_update(RECORD_KEY).finalize().into_bytes().into());
        self.0 = SecretKey::from_bytes(mac.chain_update(NEXT_LINK).finalize().into_bytes().into());
        key
    }
}

/// The sealing side of a session.
#[derive(Debug)]
pub(crate) struct Session {
    encapsulated: [u8; ENCAPSULATED_KEY_BYTES],
    chain: Chain,
    sealed: u16,
}

/// The right to seal one record.
#[derive(Debug)]
pub(crate) struct RecordKey {
    pub(crate) session: [u8; ENCAPSULATED_KEY_BYTES],
    pub(crate) number: u16,
    key: SecretKey,
}

impl Session {
    pub(crate) fn begin(project: ProjectId, vault: &VaultPublicKey, entropy: &dyn Entropy) -> Self {
        let (encapsulated, context) = hpke::setup_sender_with_rng::<SuiteAead, Kdf, Kem>(
            &OpModeS::Base,
            &vault.0,
            &session_info(project),
            &mut Borrowed(entropy),
        )
        .expect("the public key was checked when it was read");
        let chain = first_link(|label, out| context.export(label, out));
        Self { encapsulated: encapsulated.to_bytes().into(), chain, sealed: 0 }
    }

    /// `None`: the session is used up.
    pub(crate) fn next(&mut self) -> Option<RecordKey> {
        if self.sealed >= RECORDS_PER_SESSION {
            return None;
        }
        let number = self.sealed;
        self.sealed += 1;
        Some(RecordKey { session: self.encapsulated, number, key: self.chain.advance() })
    }
}

impl RecordKey {
    /// Appends the sealed body to `header`, which is its associated data.
    pub(crate) fn seal(self, mut header: Vec<u8>, body: &mut [u8]) -> Vec<u8> {
        let tag = ChaCha20Poly1305::new(&(*self.key.expose()).into())
            .encrypt_inout_detached(&Nonce::default(), &header, body.into())
            .expect("a record is far below the 256 GiB that the cipher can take");
        header.reserve_exact(body.len() + TAG_BYTES);
        header.extend_from_slice(body);
        header.extend_from_slice(&tag);
        header
    }
}

/// The opening side: the keys of a session, derived as far as they were asked for. Records of
/// parallel requests reach the log in any order.
#[derive(Debug)]
pub(crate) struct OpenSession {
    chain: Chain,
    keys: Vec<SecretKey>,
}

impl OpenSession {
    pub(crate) fn resume(
        project: ProjectId,
        vault: &VaultPrivateKey,
        encapsulated: &[u8; ENCAPSULATED_KEY_BYTES],
    ) -> Option<Self> {
        let encapsulated = <Kem as hpke::Kem>::EncappedKey::from_bytes(encapsulated).ok()?;
        let context = hpke::setup_receiver::<SuiteAead, Kdf, Kem>(
            &OpModeR::Base,
            &vault.0,
            &encapsulated,
            &session_info(project),
        )
        .ok()?;
        Some(Self { chain: first_link(|label, out| context.export(label, out)), keys: vec![] })
    }

    pub(crate) fn open(
        &mut self,
        number: u16,
        header: &[u8],
        ciphertext: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        if number >= RECORDS_PER_SESSION {
            return None;
        }
        while self.keys.len() <= usize::from(number) {
            self.keys.push(self.chain.advance());
        }
        let (body, tag) = ciphertext.split_last_chunk::<TAG_BYTES>()?;
        let mut body = Zeroizing::new(body.to_vec());
        ChaCha20Poly1305::new(&(*self.keys[usize::from(number)].expose()).into())
            .decrypt_inout_detached(&Nonce::default(), header, body.as_mut_slice().into(), &Tag::from(*tag))
            .ok()?;
        Some(body)
    }
}

fn session_info(project: ProjectId) -> Vec<u8> {
    [b"bulkhead vault session v1\0".as_slice(), &project.0.to_be_bytes()].concat()
}

fn first_link(export: impl FnOnce(&[u8], &mut [u8]) -> Result<(), hpke::HpkeError>) -> Chain {
    let mut link = Zeroizing::new([0; 32]);
    export(b"chain", link.as_mut_slice()).expect("32 bytes are within what HKDF can export");
    Chain(SecretKey::from_bytes(*link))
}
