//! Proofs of RFC 6962 §2.1.1 and §2.1.2, made from any source of tree nodes and checked with hashes alone
//! (the algorithms of RFC 9162 §2.1.3.2 and §2.1.4.2).

use std::fmt;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::hash::{Hash, empty_root, leaf_hash, node_hash};
use crate::key::VerifierKey;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    #[error("the proof has the wrong number of hashes")]
    Length,
    #[error("the proof's sizes or its index do not fit the tree")]
    Range,
    #[error("the proof does not lead to the root")]
    Root,
    #[error("the text is not a c2sp.org/tlog-proof@v1")]
    Text,
    #[error("the proof's checkpoint does not hold: {0}")]
    Checkpoint(#[from] CheckpointError),
}

/// Leaf `index` is in the tree of the first `size` leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    pub index: u64,
    pub size: u64,
    /// From the leaf's sibling up to the root's child.
    pub hashes: Vec<Hash>,
}

/// The tree of `new_size` leaves begins with the whole tree of `old_size` leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsistencyProof {
    pub old_size: u64,
    pub new_size: u64,
    pub hashes: Vec<Hash>,
}

/// Checks that the leaf that hashes to `leaf` is in the tree with this `root`.
pub fn verify_inclusion(proof: &InclusionProof, leaf: &Hash, root: &Hash) -> Result<(), ProofError> {
    if proof.index >= proof.size {
        return Err(ProofError::Range);
    }
    let (mut node, mut last) = (proof.index, proof.size - 1);
    let mut hash = *leaf;
    for sibling in &proof.hashes {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            (node, last) = skip_missing_siblings(node, last);
        } else {
            hash = node_hash(&hash, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    match last {
        0 if hash == *root => Ok(()),
        0 => Err(ProofError::Root),
        _ => Err(ProofError::Length),
    }
}

/// Checks that the tree with `new_root` extends the tree with `old_root`.
pub fn verify_consistency(
    proof: &ConsistencyProof,
    old_root: &Hash,
    new_root: &Hash,
) -> Result<(), ProofError> {
    if proof.old_size > proof.new_size {
        return Err(ProofError::Range);
    }
    if proof.old_size == 0 || proof.old_size == proof.new_size {
        let same = if proof.old_size == 0 { empty_root() } else { *new_root };
        let empty = proof.new_size != 0 || *new_root == empty_root();
        return match (proof.hashes.is_empty(), same == *old_root && empty) {
            (true, true) => Ok(()),
            (true, false) => Err(ProofError::Root),
            (false, _) => Err(ProofError::Length),
        };
    }
    // A perfect old tree is itself a node of the new one, so its root is not repeated in the proof.
    let mut hashes = proof.old_size.is_power_of_two().then_some(old_root).into_iter().chain(&proof.hashes);
    let shift = (proof.old_size - 1).trailing_ones();
    let (mut node, mut last) = ((proof.old_size - 1) >> shift, (proof.new_size - 1) >> shift);
    let first = *hashes.next().ok_or(ProofError::Length)?;
    let (mut old, mut new) = (first, first);
    for hash in hashes {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node & 1 == 1 || node == last {
            old = node_hash(hash, &old);
            new = node_hash(hash, &new);
            (node, last) = skip_missing_siblings(node, last);
        } else {
            new = node_hash(&new, hash);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    match last {
        0 if old == *old_root && new == *new_root => Ok(()),
        0 => Err(ProofError::Root),
        _ => Err(ProofError::Length),
    }
}

/// A node at the right edge may rise several levels before it meets a sibling.
fn skip_missing_siblings(node: u64, last: u64) -> (u64, u64) {
    let shift = if node == 0 { 0 } else { node.trailing_zeros() };
    (node >> shift, last >> shift)
}

/// Where the making of a proof gets hashes from.
pub(crate) trait NodeSource {
    type Error;

    /// The root of the perfect subtree over the leaves `index << height .. (index + 1) << height`.
    fn node(&self, height: u32, index: u64) -> Result<Hash, Self::Error>;
}

/// The hashes of [`InclusionProof`]: PATH of RFC 6962. `index` must be below `size`.
pub(crate) fn inclusion_hashes<S: NodeSource>(
    source: &S,
    index: u64,
    size: u64,
) -> Result<Vec<Hash>, S::Error> {
    let (mut start, mut end) = (0, size);
    let mut hashes = Vec::new();
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            hashes.push(range_root(source, middle, end)?);
            end = middle;
        } else {
            hashes.push(range_root(source, start, middle)?);
            start = middle;
        }
    }
    hashes.reverse();
    Ok(hashes)
}

/// The hashes of [`ConsistencyProof`]: PROOF of RFC 6962.
pub(crate) fn consistency_hashes<S: NodeSource>(
    source: &S,
    old: u64,
    new: u64,
) -> Result<Vec<Hash>, S::Error> {
    let mut hashes = Vec::new();
    if old == 0 || old == new {
        return Ok(hashes);
    }
    let (mut start, mut end) = (0, new);
    while old != end {
        let middle = start + split(end - start);
        if old <= middle {
            hashes.push(range_root(source, middle, end)?);
            end = middle;
        } else {
            hashes.push(range_root(source, start, middle)?);
            start = middle;
        }
    }
    if start != 0 {
        hashes.push(range_root(source, start, end)?);
    }
    hashes.reverse();
    Ok(hashes)
}

/// The root of the tree of the first `size` leaves.
pub(crate) fn root<S: NodeSource>(source: &S, size: u64) -> Result<Hash, S::Error> {
    if size == 0 { Ok(empty_root()) } else { range_root(source, 0, size) }
}

/// MTH of a range that begins where a subtree begins.
fn range_root<S: NodeSource>(source: &S, start: u64, end: u64) -> Result<Hash, S::Error> {
    let length = end - start;
    if length.is_power_of_two() {
        return source.node(length.ilog2(), start / length);
    }
    let middle = start + split(length);
    Ok(node_hash(&range_root(source, start, middle)?, &range_root(source, middle, end)?))
}

/// The largest power of two below `length`, which is at least 2.
fn split(length: u64) -> u64 {
    1 << (length - 1).ilog2()
}

/// An inclusion proof with the signed checkpoint it leads to, in the text form of C2SP tlog-proof:
/// with the leaf and the log's verifier key it can be checked anywhere, for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfContainedProof {
    pub index: u64,
    pub hashes: Vec<Hash>,
    /// The signed note, byte for byte.
    pub checkpoint: String,
}

const PROOF_HEADER: &str = "c2sp.org/tlog-proof@v1";

impl SelfContainedProof {
    pub fn parse(text: &str) -> Result<Self, ProofError> {
        let (proof, checkpoint) = text.split_once("\n\n").ok_or(ProofError::Text)?;
        let mut lines = proof.split('\n');
        if lines.next() != Some(PROOF_HEADER) {
            return Err(ProofError::Text);
        }
        let index = lines.next().and_then(|line| line.strip_prefix("index ")).ok_or(ProofError::Text)?;
        let index = index.parse().map_err(|_| ProofError::Text)?;
        let hashes = lines.map(Hash::from_base64).collect::<Result<_, _>>().map_err(|_| ProofError::Text)?;
        let proof = Self { index, hashes, checkpoint: checkpoint.to_owned() };
        if proof.to_string() == text { Ok(proof) } else { Err(ProofError::Text) }
    }

    /// Checks that `leaf` is in the log of `key`, and returns the checkpoint that says so.
    pub fn verify(&self, leaf: &[u8], key: &VerifierKey) -> Result<Checkpoint, ProofError> {
        let checkpoint = Checkpoint::verify(self.checkpoint.as_bytes(), key)?;
        let proof = InclusionProof { index: self.index, size: checkpoint.size, hashes: self.hashes.clone() };
        verify_inclusion(&proof, &leaf_hash(leaf), &checkpoint.root)?;
        Ok(checkpoint)
    }
}

impl fmt::Display for SelfContainedProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{PROOF_HEADER}\nindex {}", self.index)?;
        self.hashes.iter().try_for_each(|hash| writeln!(f, "{}", hash.to_base64()))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

#[cfg(test)]
mod tests;
