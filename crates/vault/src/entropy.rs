//! Randomness as a thing that is handed in: a test can repeat any run.

use sha2::{Digest, Sha256};
use std::convert::Infallible;
use std::fmt;
use std::sync::Mutex;

/// A source of random bytes good enough for keys.
pub trait Entropy: Send + Sync + fmt::Debug {
    fn fill(&self, buffer: &mut [u8]);
}

/// The operating system's generator: the only one outside tests.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    #[expect(clippy::disallowed_methods, reason = "this is the one real source")]
    fn fill(&self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("a host whose kernel gives no random bytes cannot make keys");
    }
}

/// The same bytes for the same seed. For tests and reproducible demonstrations, never for keys
/// that protect anything.
#[derive(Debug)]
pub struct SeededEntropy(Mutex<Counter>);

#[derive(Debug)]
struct Counter {
    seed: u64,
    next: u64,
}

impl SeededEntropy {
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(Counter { seed, next: 0 }))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        let mut counter = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for chunk in buffer.chunks_mut(32) {
            let block = Sha256::new()
                .chain_update(counter.seed.to_be_bytes())
                .chain_update(counter.next.to_be_bytes());
            chunk.copy_from_slice(&block.finalize()[..chunk.len()]);
            counter.next += 1;
        }
    }
}

/// Lends an [`Entropy`] to the HPKE library under the trait that it knows.
pub(crate) struct Borrowed<'a>(pub(crate) &'a dyn Entropy);

impl hpke::rand_core::TryRng for Borrowed<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, buffer: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(buffer);
        Ok(())
    }
}

impl hpke::rand_core::TryCryptoRng for Borrowed<'_> {}
