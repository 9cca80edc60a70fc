//! Leaves, and the entry bundles that hold them: `u16` big-endian length, then that many bytes, per entry.

use crate::layout::TILE_WIDTH;

/// A leaf's length must fit the two bytes that tlog-tiles gives it: 2^16 - 1.
pub const MAX_LEAF_LENGTH: usize = 65_535;

/// The length of a full bundle of the longest leaves: 256 × (2 + 65,535). Nothing longer is ever read.
pub(crate) const MAX_BUNDLE_LENGTH: u64 = TILE_WIDTH * (2 + MAX_LEAF_LENGTH as u64);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    #[error("the bundle ends inside entry {0} of it")]
    Cut(usize),
    #[error("the bundle holds more than the {0} entries it should")]
    TooMany(usize),
}

/// Appends one entry in bundle form. The leaf must not be longer than [`MAX_LEAF_LENGTH`].
pub fn encode_entry(leaf: &[u8], bundle: &mut Vec<u8>) {
    let length = u16::try_from(leaf.len()).expect("a leaf's length is checked when it is handed in");
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(leaf);
}

/// Splits a bundle that should hold exactly `count` entries.
pub fn decode_bundle(bundle: &[u8], count: usize) -> Result<Vec<&[u8]>, BundleError> {
    let (leaves, rest) = decode_prefix(bundle, count);
    if leaves.len() < count {
        return Err(BundleError::Cut(leaves.len()));
    }
    if !rest.is_empty() {
        return Err(BundleError::TooMany(count));
    }
    Ok(leaves)
}

/// Up to `count` entries and what follows them; fewer if the bytes end before.
pub(crate) fn decode_prefix(mut bundle: &[u8], count: usize) -> (Vec<&[u8]>, &[u8]) {
    let mut leaves = Vec::with_capacity(count.min(bundle.len() / 2));
    while leaves.len() < count {
        let Some((length, rest)) = bundle.split_first_chunk() else { break };
        let length = usize::from(u16::from_be_bytes(*length));
        let Some((leaf, rest)) = rest.split_at_checked(length) else { break };
        leaves.push(leaf);
        bundle = rest;
    }
    (leaves, bundle)
}

#[cfg(test)]
mod tests;
