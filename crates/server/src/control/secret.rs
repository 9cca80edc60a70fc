use sha2::{Digest, Sha256};
use vault::Entropy;

/// Bytes of randomness in a secret, a session or a link: beyond guessing.
const SECRET_BYTES: usize = 16;

/// A fresh secret of 32 hex digits.
pub fn new_secret(entropy: &dyn Entropy) -> String {
    let mut bytes = [0; SECRET_BYTES];
    entropy.fill(&mut bytes);
    hex(&bytes)
}

/// What is stored of a secret, and looked up by.
pub fn hash_secret(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a String cannot fail");
        text
    })
}
