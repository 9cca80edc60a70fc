use proptest::prelude::*;

use super::*;
use crate::hash::leaf_hash;

/// RFC 6962 §2.1, word for word.
fn merkle_tree_hash(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let split = leaves.len().next_power_of_two() / 2;
            node_hash(&merkle_tree_hash(&leaves[..split]), &merkle_tree_hash(&leaves[split..]))
        }
    }
}

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|index| leaf_hash(&index.to_be_bytes())).collect()
}

/// The test vectors that Certificate Transparency implementations share.
#[test]
fn known_roots() {
    let inputs: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut frontier = Frontier::default();
    assert_eq!(frontier.root().to_string(), roots[0]);
    for (input, root) in inputs.iter().zip(&roots[1..]) {
        frontier.push(leaf_hash(input));
        assert_eq!(frontier.root().to_string(), *root, "after {} leaves", frontier.size());
    }
}

#[test]
fn every_root_is_that_of_the_textbook() {
    let leaves = leaves(600);
    let mut frontier = Frontier::default();
    for (count, leaf) in leaves.iter().enumerate() {
        assert_eq!(frontier.root(), merkle_tree_hash(&leaves[..count]), "{count} leaves");
        frontier.push(*leaf);
    }
}

#[test]
fn tiles_fill_up_over_three_levels() {
    let leaves = leaves(256 * 256 + 256 + 3);
    let mut tree = TileTree::default();
    let mut full = Vec::new();
    for leaf in &leaves {
        tree.push(*leaf, |tile| full.push(tile));
    }
    assert_eq!(tree.edge().iter().map(Vec::len).collect::<Vec<_>>(), [3, 1, 1]);
    assert_eq!(full.iter().filter(|tile| tile.level == 0).count(), 257);
    let upper: Vec<_> = full.iter().filter(|tile| tile.level > 0).collect();
    assert_eq!(upper.len(), 1);
    assert_eq!((upper[0].level, upper[0].index), (1, 0));
    assert_eq!(upper[0].hashes[7], merkle_tree_hash(&leaves[7 * 256..8 * 256]));
    assert_eq!(full[7].hashes, leaves[7 * 256..8 * 256]);
    assert_eq!(tree.root(), merkle_tree_hash(&leaves));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn a_tree_can_be_taken_up_from_its_edge(first in 0_u64..70_000, more in 0_u64..600) {
        let leaves = leaves(first + more);
        let (before, after) = leaves.split_at(first as usize);
        let mut whole = TileTree::default();
        before.iter().for_each(|leaf| whole.push(*leaf, drop));
        let mut resumed = TileTree::from_edge(first, whole.edge().to_vec());
        prop_assert_eq!(resumed.frontier(), whole.frontier());
        after.iter().for_each(|leaf| resumed.push(*leaf, drop));
        prop_assert_eq!(resumed.root(), merkle_tree_hash(&leaves));
    }
}
