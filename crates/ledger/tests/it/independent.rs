//! The published files and the proofs as Cloudflare's `tlog_tiles`, a port of Go's `sumdb/tlog`, sees them.

use std::path::{Path, PathBuf};

use ledger::{Hash, Reader, leaf_hash};
use tlog_tiles::{
    Checkpoint, HashReader as _, TileHashReader, TileReader, check_record, check_tree, prove_record,
    prove_tree, record_hash, tree_hash,
};

use super::{fill, key, leaf, open};

/// Serves tiles from the directory by the paths that the other implementation asks for.
struct Files(PathBuf);

impl TileReader for Files {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[tlog_tiles::Tile]) -> Result<Vec<Vec<u8>>, tlog_tiles::Error> {
        Ok(tiles.iter().map(|tile| std::fs::read(self.0.join(tile_path(tile))).unwrap()).collect())
    }

    fn save_tiles(&self, _: &[tlog_tiles::Tile], _: &[Vec<u8>]) {}
}

/// Go's paths name the tile height, those of C2SP tlog-tiles do not.
fn tile_path(tile: &tlog_tiles::Tile) -> String {
    tile.path().replacen("tile/8/", "tile/", 1)
}

fn theirs(hashes: &[Hash]) -> Vec<tlog_tiles::Hash> {
    hashes.iter().map(|hash| tlog_tiles::Hash(*hash.as_bytes())).collect()
}

fn ours(hashes: &[tlog_tiles::Hash]) -> Vec<Hash> {
    hashes.iter().map(|hash| Hash::new(hash.0)).collect()
}

fn checkpoint(directory: &Path) -> Checkpoint {
    let note = std::fs::read_to_string(directory.join("checkpoint")).unwrap();
    let (body, _) = note.split_once("\n\n").unwrap();
    Checkpoint::from_bytes(format!("{body}\n").as_bytes()).unwrap()
}

#[test]
fn another_implementation_reads_the_files_and_agrees() {
    const SIZE: u64 = 66_000;
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    fill(&ledger, 0..SIZE);
    ledger.close().unwrap();

    let checkpoint = checkpoint(directory.path());
    assert_eq!((checkpoint.origin(), checkpoint.size()), ("example.com/ledger", SIZE));
    let files = Files(directory.path().to_owned());
    // It verifies each tile it reads against the checkpoint's root.
    let hashes = TileHashReader::new(SIZE, *checkpoint.hash(), &files);
    let reader = Reader::open(directory.path(), &key()).unwrap();
    let sizes = [1, 2, 255, 256, 257, 511, 512, 4097, 65_535, 65_536, 65_537, 65_800, SIZE - 1, SIZE];
    for size in sizes {
        let root = tree_hash(size, &hashes).unwrap();
        assert_eq!(reader.root(size).unwrap(), Hash::new(root.0), "root of {size}");
        for index in [0, 1, size / 3, size / 2, size - 1] {
            let index = index.min(size - 1);
            let our_proof = reader.prove_inclusion(index, size).unwrap();
            let their_leaf = record_hash(&leaf(index));
            assert_eq!(leaf_hash(&leaf(index)), Hash::new(their_leaf.0));
            check_record(&theirs(&our_proof.hashes), size, root, index, their_leaf).unwrap();
            assert_eq!(ours(&prove_record(size, index, &hashes).unwrap()), our_proof.hashes);
            check_record(&theirs(&our_proof.hashes), size, root, index, record_hash(b"another")).unwrap_err();
        }
        for old in sizes.into_iter().filter(|old| *old < size) {
            let our_proof = reader.prove_consistency(old, size).unwrap();
            let old_root = tree_hash(old, &hashes).unwrap();
            check_tree(&theirs(&our_proof.hashes), size, root, old, old_root).unwrap();
            assert_eq!(ours(&prove_tree(size, old, &hashes).unwrap()), our_proof.hashes, "{old} in {size}");
        }
    }
    // Entry bundles: the other implementation has no reader for them, its record hashes stand in for one.
    let indexes: Vec<u64> = (SIZE - 300..SIZE).map(|index| tlog_tiles::stored_hash_index(0, index)).collect();
    let stored = hashes.read_hashes(&indexes).unwrap();
    for (stored, leaf) in stored.iter().zip(reader.leaves(SIZE - 300..SIZE)) {
        assert_eq!(*stored, record_hash(&leaf.unwrap().1));
    }
}

#[test]
fn tile_files_are_the_ones_it_expects() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    fill(&ledger, 0..700);
    ledger.close().unwrap();
    let mut expected: Vec<String> = tlog_tiles::Tile::new_tiles(8, 0, 700).iter().map(tile_path).collect();
    expected.sort_unstable();
    assert_eq!(expected, ["tile/0/000", "tile/0/001", "tile/0/002.p/188", "tile/1/000.p/2"]);
    for path in expected {
        assert!(directory.path().join(&path).is_file(), "{path}");
    }
    assert_eq!(std::fs::read_dir(directory.path().join("tile/0/002.p")).unwrap().count(), 1);
}
