use std::sync::mpsc;

use super::*;
use crate::disk::RealDisk;

fn committer(directory: &std::path::Path) -> Committer {
    std::fs::create_dir(directory.join(layout::PENDING_DIRECTORY)).unwrap();
    Committer {
        disk: Arc::new(RealDisk::new(directory)),
        origin: Origin::parse("example.com/ledger").unwrap(),
        signer: Signer::from_seed(&[1; 32]),
        journal: Arc::default(),
        frontier: Frontier::default(),
        file: None,
        segment_target: u64::MAX,
        failed: false,
    }
}

#[test]
fn leaves_that_wait_share_a_group() {
    let directory = tempfile::tempdir().unwrap();
    let committer = committer(directory.path());
    let journal = Arc::clone(&committer.journal);
    let queue = Queue::default();
    let (sender, receiver) = mpsc::channel();
    for number in 0..10_u8 {
        let sender = sender.clone();
        queue.push(vec![number], Box::new(move |outcome| sender.send((number, outcome)).unwrap())).unwrap();
    }
    queue.close();
    assert!(matches!(queue.push(vec![], Box::new(|_| ())), Err(AppendError::Closed)));
    committer.run(&queue);
    drop(sender);
    for (number, outcome) in receiver {
        assert_eq!(outcome.unwrap(), u64::from(number));
    }
    let bytes = std::fs::read(directory.path().join(layout::pending(0))).unwrap();
    let mut rest = bytes.as_slice();
    assert_eq!(pending::decode(&mut rest).unwrap().leaves.len(), 10);
    assert!(rest.is_empty());
    let journal = journal.lock();
    assert_eq!(journal.segments, [Segment { start: 0, end: 10, length: bytes.len() as u64 }]);
}

#[test]
fn a_queue_that_nobody_empties_pushes_back() {
    let queue = Queue::default();
    let leaf = vec![0; MAX_LEAF_LENGTH];
    for _ in 0..MAX_QUEUED_BYTES / MAX_LEAF_LENGTH {
        queue.push(leaf.clone(), Box::new(|_| ())).unwrap();
    }
    assert!(matches!(queue.push(leaf, Box::new(|_| ())), Err(AppendError::Overloaded)));
    queue.push(vec![0; 100], Box::new(|_| ())).unwrap();
}

#[test]
fn groups_end_at_their_target() {
    let queue = Queue::default();
    for _ in 0..40 {
        queue.push(vec![0; MAX_LEAF_LENGTH], Box::new(|_| ())).unwrap();
    }
    assert_eq!([0; 3].map(|_| queue.take_group().len()), [16, 16, 8]);
}

#[test]
fn a_panicking_caller_leaves_nobody_waiting() {
    let directory = tempfile::tempdir().unwrap();
    let committer = committer(directory.path());
    let journal = Arc::clone(&committer.journal);
    let queue = Queue::default();
    let (sender, receiver) = mpsc::channel();
    queue.push(b"first".to_vec(), Box::new(|_| panic!("a caller's mistake"))).unwrap();
    queue.push(b"second".to_vec(), Box::new(move |outcome| sender.send(outcome).unwrap())).unwrap();
    let run = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| committer.run(&queue)));
    assert!(run.is_err());
    assert!(receiver.recv().is_err());
    assert!(journal.lock().failed);
    assert!(matches!(queue.push(vec![], Box::new(|_| ())), Err(AppendError::Closed)));
}
