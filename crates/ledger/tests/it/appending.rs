//! What is confirmed is there: once, in order, and under the checkpoint.

use std::collections::HashSet;

use ledger::{
    AppendError, BlobHash, Ledger, LedgerSettings, OpenError, ReadError, Reader, leaf_hash, verify,
    verify_consistency, verify_inclusion,
};

use super::{copy, fill, key, leaf, open, origin, signer};

#[test]
fn leaves_outlive_the_process_and_are_proved() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    assert_eq!(ledger.append(leaf(0)).unwrap(), 0);
    fill(&ledger, 1..700);
    let checkpoint = ledger.publish().unwrap();
    assert_eq!(checkpoint.size, 700);
    let reader = ledger.reader().unwrap();
    for index in [0, 1, 255, 256, 511, 512, 699] {
        assert_eq!(reader.leaf(index).unwrap(), leaf(index));
        let proof = reader.prove_inclusion(index, 700).unwrap();
        verify_inclusion(&proof, &leaf_hash(&leaf(index)), &checkpoint.root).unwrap();
        assert_eq!(reader.prove(index).unwrap().verify(&leaf(index), &key()).unwrap(), checkpoint);
    }
    fill(&ledger, 700..1000);
    let later = ledger.close().unwrap();
    assert_eq!(later.size, 1000);
    assert!(matches!(ledger.append(leaf(0)), Err(AppendError::Closed)));
    drop(ledger);

    let ledger = open(directory.path());
    assert_eq!((ledger.recovered().size, ledger.recovered().unpublished), (1000, 0));
    let reader = ledger.reader().unwrap();
    let proof = reader.prove_consistency(700, 1000).unwrap();
    verify_consistency(&proof, &checkpoint.root, &later.root).unwrap();
    assert_eq!(reader.root(700).unwrap(), checkpoint.root);
    let leaves: Vec<_> = reader.leaves(250..600).map(Result::unwrap).collect();
    assert_eq!(leaves, (250..600).map(|index| (index, leaf(index))).collect::<Vec<_>>());
    assert_eq!(reader.leaves(990..2000).count(), 10);
    #[expect(clippy::reversed_empty_ranges, reason = "a caller may ask for one")]
    let none = reader.leaves(600..250).count();
    assert_eq!(none, 0);
    assert!(matches!(reader.leaf(1000), Err(ReadError::Range { asked: 1000, size: 1000 })));
    assert!(matches!(reader.prove_inclusion(0, 1001), Err(ReadError::Range { asked: 1001, .. })));
    assert!(matches!(reader.prove_inclusion(7, 7), Err(ReadError::Range { asked: 7, .. })));
    assert!(matches!(reader.prove_consistency(5, 4), Err(ReadError::Range { asked: 5, .. })));
    let report = verify(directory.path(), &key(), &[checkpoint, later]);
    assert!(report.is_intact(), "{:?}", report.damage);
    assert_eq!((report.unknown_files.len(), report.unfinished_bytes, report.unpublished), (0, 0, 0));
}

#[test]
fn many_threads_get_each_leaf_in_once() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    let indexes: Vec<(u64, u64)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16_u64)
            .map(|thread| {
                let ledger = &ledger;
                let append = move |n| (ledger.append(leaf(thread * 1000 + n)).unwrap(), thread * 1000 + n);
                scope.spawn(move || (0..50).map(append).collect::<Vec<_>>())
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    ledger.publish().unwrap();
    let reader = ledger.reader().unwrap();
    assert_eq!(reader.size(), 800);
    assert_eq!(indexes.iter().map(|(index, _)| index).collect::<HashSet<_>>().len(), 800);
    for (index, number) in indexes {
        assert_eq!(reader.leaf(index).unwrap(), leaf(number));
    }
}

#[test]
fn a_checkpoint_follows_by_itself() {
    let directory = tempfile::tempdir().unwrap();
    let settings = LedgerSettings { publish_interval: std::time::Duration::from_millis(1) };
    let ledger = Ledger::open_with(directory.path(), signer(), origin(), settings).unwrap();
    for index in 0..3 {
        ledger.append(leaf(index)).unwrap();
        while ledger.status().published <= index {
            std::thread::yield_now();
        }
        assert_eq!(ledger.reader().unwrap().leaf(index).unwrap(), leaf(index));
    }
    assert_eq!((ledger.status().size, ledger.status().publish_error), (3, None));
}

#[test]
fn a_directory_can_be_verified_and_copied_while_it_is_written() {
    let directory = tempfile::tempdir().unwrap();
    let settings = LedgerSettings { publish_interval: std::time::Duration::from_millis(1) };
    let ledger = Ledger::open_with(directory.path(), signer(), origin(), settings).unwrap();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| (0..20).for_each(|round| fill(&ledger, round * 100..(round + 1) * 100)));
        while !writer.is_finished() {
            let report = verify(directory.path(), &key(), &[]);
            assert!(report.is_intact(), "{:?}", report.damage);
        }
    });
    let report = verify(directory.path(), &key(), &[]);
    assert!(report.is_intact(), "{:?}", report.damage);
}

#[test]
fn the_published_files_alone_are_a_whole_ledger() {
    let (directory, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let ledger = open(directory.path());
    fill(&ledger, 0..600);
    let checkpoint = ledger.close().unwrap();
    copy(directory.path(), other.path());
    std::fs::remove_dir_all(other.path().join("pending")).unwrap();
    assert!(verify(other.path(), &key(), std::slice::from_ref(&checkpoint)).is_intact());
    let ledger = open(other.path());
    assert_eq!(ledger.reader().unwrap().checkpoint(), &checkpoint);
    fill(&ledger, 600..900);
    ledger.close().unwrap();
    let report = verify(other.path(), &key(), &[checkpoint]);
    assert!(report.is_intact(), "{:?}", report.damage);
    assert_eq!(Reader::open(other.path(), &key()).unwrap().leaf(599).unwrap(), leaf(599));
}

#[test]
fn blobs_come_before_the_leaves_that_name_them() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    let absent = BlobHash::of(b"absent");
    let refused = ledger.append(absent.reference().into_bytes());
    assert!(matches!(refused, Err(AppendError::MissingBlob(hash)) if hash == absent));
    let hash = ledger.put_blob(b"a bitmap").unwrap();
    ledger.append(format!("{{\"people\":\"{}\"}}", hash.reference()).into_bytes()).unwrap();
    ledger.put_blob(b"a crash came between").unwrap();
    ledger.close().unwrap();
    assert_eq!(ledger.reader().unwrap().blob(&hash).unwrap().unwrap(), b"a bitmap");
    let report = verify(directory.path(), &key(), &[]);
    assert!(report.is_intact(), "{:?}", report.damage);
    assert_eq!((report.blobs, report.unnamed_blobs), (1, 1));
}

#[test]
fn leaves_have_a_longest_length_and_no_shortest() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    assert!(matches!(ledger.append(vec![0; 65_536]), Err(AppendError::TooLong(65_536))));
    assert_eq!(ledger.append(vec![0; 65_535]).unwrap(), 0);
    assert_eq!(ledger.append(vec![]).unwrap(), 1);
    ledger.publish().unwrap();
    let reader = ledger.reader().unwrap();
    assert_eq!((reader.leaf(0).unwrap().len(), reader.leaf(1).unwrap().len()), (65_535, 0));
}

#[test]
fn one_process_writes() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    let second = Ledger::open(directory.path(), signer(), origin());
    assert!(matches!(second, Err(OpenError::Locked)));
    drop(ledger);
    drop(open(directory.path()));
}

#[test]
fn an_empty_ledger_has_the_empty_tree() {
    let directory = tempfile::tempdir().unwrap();
    drop(open(directory.path()));
    let reader = Reader::open(directory.path(), &key()).unwrap();
    assert_eq!((reader.size(), reader.checkpoint().root), (0, ledger::empty_root()));
    assert!(reader.prove(0).is_err());
    assert!(reader.prove_consistency(0, 0).unwrap().hashes.is_empty());
    assert!(verify(directory.path(), &key(), &[]).is_intact());
}
