use std::convert::Infallible;

use proptest::prelude::*;

use super::*;
use crate::key::{Origin, Signer};
use crate::tree::Frontier;

/// RFC 6962 §2.1, §2.1.1 and §2.1.2, word for word.
mod textbook {
    use super::*;

    pub(super) fn mth(d: &[Hash]) -> Hash {
        match d {
            [] => empty_root(),
            [leaf] => *leaf,
            _ => {
                let k = d.len().next_power_of_two() / 2;
                node_hash(&mth(&d[..k]), &mth(&d[k..]))
            }
        }
    }

    pub(super) fn path(m: usize, d: &[Hash]) -> Vec<Hash> {
        if d.len() == 1 {
            return vec![];
        }
        let k = d.len().next_power_of_two() / 2;
        let (mut path, other) =
            if m < k { (path(m, &d[..k]), mth(&d[k..])) } else { (path(m - k, &d[k..]), mth(&d[..k])) };
        path.push(other);
        path
    }

    pub(super) fn subproof(m: usize, d: &[Hash], whole: bool) -> Vec<Hash> {
        if m == d.len() {
            return if whole { vec![] } else { vec![mth(d)] };
        }
        let k = d.len().next_power_of_two() / 2;
        let (mut proof, other) = if m <= k {
            (subproof(m, &d[..k], whole), mth(&d[k..]))
        } else {
            (subproof(m - k, &d[k..], false), mth(&d[..k]))
        };
        proof.push(other);
        proof
    }
}

struct Leaves(Vec<Hash>);

impl Leaves {
    fn new(count: u64) -> Self {
        Self((0..count).map(|index| leaf_hash(&index.to_be_bytes())).collect())
    }
}

impl NodeSource for Leaves {
    type Error = Infallible;

    fn node(&self, height: u32, index: u64) -> Result<Hash, Infallible> {
        let start = (index << height) as usize;
        Ok(textbook::mth(&self.0[start..start + (1 << height)]))
    }
}

#[test]
fn proofs_of_small_trees_are_those_of_the_textbook_and_hold() {
    let leaves = Leaves::new(40);
    for size in 1..=40_usize {
        let tree = &leaves.0[..size];
        let root = textbook::mth(tree);
        for index in 0..size {
            let hashes = inclusion_hashes(&leaves, index as u64, size as u64).unwrap();
            assert_eq!(hashes, textbook::path(index, tree), "leaf {index} of {size}");
            let proof = InclusionProof { index: index as u64, size: size as u64, hashes };
            assert_eq!(verify_inclusion(&proof, &tree[index], &root), Ok(()), "leaf {index} of {size}");
        }
        for old in 0..=size {
            let hashes = consistency_hashes(&leaves, old as u64, size as u64).unwrap();
            if old > 0 {
                assert_eq!(hashes, textbook::subproof(old, tree, true), "{old} in {size}");
            }
            let proof = ConsistencyProof { old_size: old as u64, new_size: size as u64, hashes };
            let old_root = textbook::mth(&leaves.0[..old]);
            assert_eq!(verify_consistency(&proof, &old_root, &root), Ok(()), "{old} in {size}");
        }
    }
}

#[test]
fn impossible_sizes_are_refused() {
    let root = leaf_hash(b"");
    let inclusion = |index, size| InclusionProof { index, size, hashes: vec![] };
    assert_eq!(verify_inclusion(&inclusion(0, 0), &root, &root), Err(ProofError::Range));
    assert_eq!(verify_inclusion(&inclusion(1, 1), &root, &root), Err(ProofError::Range));
    assert_eq!(verify_inclusion(&inclusion(0, 2), &root, &root), Err(ProofError::Length));
    let consistency = |old_size, new_size, hashes| ConsistencyProof { old_size, new_size, hashes };
    assert_eq!(verify_consistency(&consistency(2, 1, vec![]), &root, &root), Err(ProofError::Range));
    assert_eq!(
        verify_consistency(&consistency(0, 1, vec![root]), &empty_root(), &root),
        Err(ProofError::Length)
    );
    assert_eq!(verify_consistency(&consistency(0, 1, vec![]), &root, &root), Err(ProofError::Root));
    assert_eq!(verify_consistency(&consistency(0, 0, vec![]), &empty_root(), &root), Err(ProofError::Root));
    assert_eq!(verify_consistency(&consistency(3, 3, vec![]), &root, &empty_root()), Err(ProofError::Root));
    assert_eq!(verify_consistency(&consistency(2, 3, vec![]), &root, &root), Err(ProofError::Length));
    assert_eq!(verify_consistency(&consistency(3, 4, vec![]), &root, &root), Err(ProofError::Length));
}

#[test]
fn a_self_contained_proof_travels_as_text() {
    let signer = Signer::from_seed(&[9; 32]);
    let origin = Origin::parse("example.com/ledger").unwrap();
    let key = signer.verifier_key(&origin);
    let texts = ["zero", "one", "two", "three", "four"];
    let leaves = Leaves(texts.iter().map(|text| leaf_hash(text.as_bytes())).collect());
    let checkpoint = Checkpoint { origin, size: 5, root: textbook::mth(&leaves.0) };
    let proof = SelfContainedProof {
        index: 3,
        hashes: inclusion_hashes(&leaves, 3, 5).unwrap(),
        checkpoint: checkpoint.sign(&signer),
    };
    let text = proof.to_string();
    assert!(text.starts_with("c2sp.org/tlog-proof@v1\nindex 3\n"));
    let read = SelfContainedProof::parse(&text).unwrap();
    assert_eq!(read, proof);
    assert_eq!(read.verify(b"three", &key), Ok(checkpoint));
    assert_eq!(read.verify(b"four", &key), Err(ProofError::Root));
    let other = Signer::from_seed(&[8; 32]).verifier_key(key.origin());
    assert_eq!(read.verify(b"three", &other), Err(ProofError::Checkpoint(CheckpointError::NotSigned)));
    for wrong in ["", "index 3", &text.replace("index 3", "index 03"), &text.replace("v1", "v2")] {
        assert_eq!(SelfContainedProof::parse(wrong), Err(ProofError::Text), "{wrong}");
    }
}

fn mutations(hashes: &[Hash], position: usize) -> Vec<Vec<Hash>> {
    let mut longer = hashes.to_vec();
    longer.push(leaf_hash(b"more"));
    let mut mutated = vec![longer];
    if !hashes.is_empty() {
        mutated.push(hashes[..hashes.len() - 1].to_vec());
        let mut other = hashes.to_vec();
        let position = position % hashes.len();
        other[position] = leaf_hash(other[position].as_bytes());
        mutated.push(other);
    }
    mutated
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn large_trees_agree_with_the_textbook_and_false_proofs_fail(
        size in 1_u64..1500, index: u64, old: u64, position: usize,
    ) {
        let (index, old) = (index % size, old % (size + 1));
        let leaves = Leaves::new(size);
        let mut frontier = Frontier::default();
        leaves.0.iter().for_each(|leaf| frontier.push(*leaf));
        let new_root = frontier.root();
        prop_assert_eq!(root(&leaves, size).unwrap(), new_root);

        let hashes = inclusion_hashes(&leaves, index, size).unwrap();
        let leaf = leaves.0[index as usize];
        for hashes in mutations(&hashes, position) {
            let proof = InclusionProof { index, size, hashes };
            prop_assert!(verify_inclusion(&proof, &leaf, &new_root).is_err());
        }
        let proof = InclusionProof { index, size, hashes };
        prop_assert_eq!(verify_inclusion(&proof, &leaf, &new_root), Ok(()));
        if size > 1 {
            let elsewhere = InclusionProof { index: (index + 1) % size, ..proof.clone() };
            prop_assert!(verify_inclusion(&elsewhere, &leaf, &new_root).is_err());
        }
        prop_assert!(verify_inclusion(&proof, &leaf_hash(b"another"), &new_root).is_err());

        let old_root = textbook::mth(&leaves.0[..old as usize]);
        let hashes = consistency_hashes(&leaves, old, size).unwrap();
        for hashes in mutations(&hashes, position) {
            let proof = ConsistencyProof { old_size: old, new_size: size, hashes };
            prop_assert!(verify_consistency(&proof, &old_root, &new_root).is_err());
        }
        let proof = ConsistencyProof { old_size: old, new_size: size, hashes };
        prop_assert_eq!(verify_consistency(&proof, &old_root, &new_root), Ok(()));
        prop_assert!(verify_consistency(&proof, &leaf_hash(b"fork"), &new_root).is_err());
        if old > 0 {
            prop_assert!(verify_consistency(&proof, &old_root, &leaf_hash(b"fork")).is_err());
        }
    }
}
