//! Crashes after every step, and disks that fail.

use std::ops::Range;
use std::path::Path;
use std::sync::mpsc;

use super::*;
use crate::disk::simulated::{Loss, Model, RecordingDisk, Step};
use crate::verify::verify;

/// Small, so that segments come and go.
const SMALL_SEGMENT: u64 = 1_200;

/// In memory where that can be had: these tests make thousands of directories.
fn scratch() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

fn identity() -> (Signer, Origin) {
    (Signer::from_seed(&[6; 32]), Origin::parse("example.com/ledger").unwrap())
}

fn key() -> VerifierKey {
    let (signer, origin) = identity();
    signer.verifier_key(&origin)
}

/// Publishes only when asked to.
fn quiet() -> LedgerSettings {
    LedgerSettings { publish_interval: Duration::from_secs(3600) }
}

fn open(directory: &Path) -> Result<Ledger, OpenError> {
    let (signer, origin) = identity();
    Ledger::open_on(
        directory,
        Arc::new(RecordingDisk::new(directory)),
        signer,
        origin,
        quiet(),
        SMALL_SEGMENT,
    )
}

fn open_recorded(directory: &Path) -> (Ledger, RecordingDisk) {
    let disk = RecordingDisk::new(directory);
    let (signer, origin) = identity();
    let ledger =
        Ledger::open_on(directory, Arc::new(disk.clone()), signer, origin, quiet(), SMALL_SEGMENT).unwrap();
    (ledger, disk)
}

fn leaf(index: u64) -> Vec<u8> {
    format!("leaf {index} {}", ".".repeat((index % 30) as usize)).into_bytes()
}

fn fill(ledger: &Ledger, range: Range<u64>) {
    let (sender, receiver) = mpsc::channel();
    for index in range {
        let sender = sender.clone();
        ledger.append_then(leaf(index), move |outcome| sender.send((index, outcome)).unwrap()).unwrap();
    }
    drop(sender);
    receiver.into_iter().for_each(|(index, outcome)| assert_eq!(outcome.unwrap(), index));
}

/// What was promised to the outside by some step.
#[derive(Default)]
struct Promised {
    confirmed: u64,
    checkpoint: Option<Checkpoint>,
}

impl Promised {
    fn note(&mut self, steps: &[Step], position: usize) {
        match &steps[position] {
            Step::Confirmed(size) => self.confirmed = *size,
            Step::Rename(from, to) if to == layout::checkpoint() => {
                let contents = steps[..position].iter().rev().find_map(|step| match step {
                    Step::Write(path, bytes) if path == from => Some(bytes),
                    _ => None,
                });
                self.checkpoint = Some(Checkpoint::verify(contents.unwrap(), &key()).unwrap());
            }
            _ => {}
        }
    }

    /// Opens what a crash left and holds it to the promises.
    fn hold(&self, directory: &Path, what: &str) {
        let known: Vec<Checkpoint> = self.checkpoint.iter().cloned().collect();
        let ledger = open(directory).unwrap_or_else(|error| panic!("{what}: {error}"));
        let reader = ledger.reader().unwrap();
        let size = reader.size();
        assert_eq!(size, ledger.recovered().size, "{what}");
        assert!(size >= self.confirmed, "{what}: {size} of {}", self.confirmed);
        for (index, found) in (0..size).zip(reader.leaves(0..size)) {
            assert_eq!(found.unwrap(), (index, leaf(index)), "{what}");
        }
        let report = verify(directory, &key(), &known);
        assert!(report.is_intact() && report.unknown_files.is_empty(), "{what}: {report:?}");
        assert_eq!((report.unfinished_bytes, report.unpublished), (0, 0), "{what}");
        // And it goes on from there.
        fill(&ledger, size..size + 3);
        ledger.close().unwrap();
        let report = verify(directory, &key(), &known);
        assert!(report.is_intact() && report.unknown_files.is_empty(), "{what}: {report:?}");
    }
}

#[test]
fn a_crash_after_any_step_keeps_every_promise() {
    let directory = scratch();
    let mut steps = Vec::new();
    let mut next = 0;
    // Two runs, so that crashes also hit a start that has something to recover.
    for rounds in [[60_u64, 60, 140, 1, 15], [3, 20, 1, 2, 10]] {
        let (ledger, disk) = open_recorded(directory.path());
        for (round, count) in rounds.into_iter().enumerate() {
            fill(&ledger, next..next + count);
            next += count;
            disk.record(Step::Confirmed(next));
            if round % 2 == 1 {
                ledger.publish().unwrap();
            }
        }
        let hash = ledger.put_blob(b"people").unwrap();
        assert_eq!(hash, BlobHash::of(b"people"));
        drop(ledger);
        steps.extend(disk.steps());
    }
    assert!(steps.iter().any(|step| matches!(step, Step::Remove(path) if path.starts_with("pending/"))));

    let (mut model, mut promised) = (Model::default(), Promised::default());
    for position in 0..steps.len() {
        model.apply(&steps[position]);
        promised.note(&steps, position);
        // Syncs change nothing for a killed process, and the rest is sampled to keep the test short.
        let mut losses = vec![Loss::Some(position as u64)];
        if !matches!(steps[position], Step::Sync(_) | Step::SyncDirectory(_) | Step::Confirmed(_)) {
            losses.extend([Loss::Nothing, Loss::Everything]);
        }
        for loss in losses {
            let after = scratch();
            model.crash(after.path(), loss);
            promised.hold(
                after.path(),
                &format!("{loss:?} after step {position}, {:?}", short(&steps[position])),
            );
        }
    }
}

fn short(step: &Step) -> String {
    format!("{step:?}").chars().take(60).collect()
}

/// A copy of a ledger that was killed: 4 leaves under the checkpoint, 3 only in pending groups.
fn killed(directory: &Path) -> std::path::PathBuf {
    let (ledger, disk) = open_recorded(directory);
    (0..4).for_each(|index| fill(&ledger, index..index + 1));
    ledger.publish().unwrap();
    (4..7).for_each(|index| fill(&ledger, index..index + 1));
    let copy = directory.join("copy");
    std::fs::create_dir(&copy).unwrap();
    let mut model = Model::default();
    disk.steps().iter().for_each(|step| model.apply(step));
    model.crash(&copy, Loss::Nothing);
    copy
}

fn with_pending(copy: &Path, pending: &[u8]) -> tempfile::TempDir {
    let directory = scratch();
    for path in ["checkpoint", "pending/00000000000000000000.log", "tile/0/000.p/4", "tile/entries/000.p/4"] {
        std::fs::create_dir_all(directory.path().join(path).parent().unwrap()).unwrap();
        std::fs::copy(copy.join(path), directory.path().join(path)).unwrap();
    }
    std::fs::write(directory.path().join("pending/00000000000000000000.log"), pending).unwrap();
    directory
}

#[test]
fn a_segment_cut_at_any_byte_keeps_the_whole_groups_before() {
    let directory = scratch();
    let copy = killed(directory.path());
    let pending = std::fs::read(copy.join("pending/00000000000000000000.log")).unwrap();
    let mut ends = vec![0];
    let mut rest = pending.as_slice();
    while !rest.is_empty() {
        crate::pending::decode(&mut rest).unwrap();
        ends.push(pending.len() - rest.len());
    }
    assert_eq!(ends.len(), 8);
    for length in 0..=pending.len() {
        let directory = with_pending(&copy, &pending[..length]);
        let whole = ends.iter().filter(|end| **end <= length).count() - 1;
        let ledger = open(directory.path()).unwrap_or_else(|error| panic!("cut to {length}: {error}"));
        // Published leaves come back from the bundle even if the groups are gone.
        assert_eq!(ledger.recovered().size, whole.max(4) as u64, "cut to {length}");
        assert_eq!(ledger.recovered().cut_bytes as usize, length - ends[whole], "cut to {length}");
        drop(ledger);
        let report = verify(directory.path(), &key(), &[]);
        assert!(report.is_intact(), "cut to {length}: {report:?}");
        if whole < 4 {
            let directory = with_pending(&copy, &pending[..length]);
            std::fs::remove_dir_all(directory.path().join("tile/entries")).unwrap();
            let error = open(directory.path()).unwrap_err();
            assert!(matches!(error, OpenError::Short { promised: 4, .. }), "cut to {length}: {error}");
        }
    }
}

#[test]
fn a_changed_segment_is_refused_and_named() {
    let directory = scratch();
    let copy = killed(directory.path());
    let pending = std::fs::read(copy.join("pending/00000000000000000000.log")).unwrap();
    let mut ends = Vec::new();
    let mut rest = pending.as_slice();
    while !rest.is_empty() {
        crate::pending::decode(&mut rest).unwrap();
        ends.push(pending.len() - rest.len());
    }
    for position in 0..pending.len() {
        let mut changed = pending.clone();
        changed[position] ^= 1 << (position % 8);
        let directory = with_pending(&copy, &changed);
        let entry = ends.iter().filter(|end| **end <= position).count() as u64;
        let report = verify(directory.path(), &key(), &[]);
        let found = report.damage.iter().any(|damage| damage.entries.contains(&entry));
        // The last group alone cannot be told from a torn one if it seems to go on.
        assert!(found || (entry == 6 && report.unfinished_bytes > 0), "byte {position}: {report:?}");
        match open(directory.path()) {
            Err(OpenError::Damaged { file, .. }) => assert_eq!(file, "pending/00000000000000000000.log"),
            Err(error) => panic!("byte {position}: {error}"),
            // A signature under the checkpoint is not needed any more; a last group counts as torn.
            Ok(ledger) => {
                assert_eq!(ledger.recovered().size, if entry == 6 { 6 } else { 7 }, "byte {position}")
            }
        }
    }
}

#[test]
fn groups_of_a_stranger_do_not_get_in() {
    let directory = scratch();
    let copy = killed(directory.path());
    let mut pending = std::fs::read(copy.join("pending/00000000000000000000.log")).unwrap();
    let (_, origin) = identity();
    let mut entries = Vec::new();
    crate::leaf::encode_entry(b"forged", &mut entries);
    let root = crate::hash::leaf_hash(b"any");
    let stranger = Signer::from_seed(&[66; 32]);
    pending.extend(crate::pending::encode(7, 1, &entries, root, &origin, &stranger));
    let directory = with_pending(&copy, &pending);
    let report = verify(directory.path(), &key(), &[]);
    assert!(report.damage.iter().any(|damage| damage.problem == crate::Problem::GroupSignature));
    // The start cannot tell it from a torn group; in either case nothing of it gets in.
    let ledger = open(directory.path()).unwrap();
    assert_eq!(ledger.recovered().size, 7);
    assert!(ledger.recovered().cut_bytes > 0);
}

#[test]
fn a_ledger_can_be_verified_while_segments_and_partial_tiles_come_and_go() {
    let directory = scratch();
    let (ledger, _) = open_recorded(directory.path());
    let known = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let publish = |round: u64| {
                fill(&ledger, round * 7..(round + 1) * 7);
                ledger.publish().unwrap()
            };
            (0..150).map(publish).collect::<Vec<_>>()
        });
        while !writer.is_finished() {
            let report = verify(directory.path(), &key(), &[]);
            assert!(report.is_intact(), "{report:?}");
        }
        writer.join().unwrap()
    });
    let report = verify(directory.path(), &key(), &known);
    assert!(report.is_intact(), "{report:?}");
}

#[test]
fn a_full_disk_refuses_and_then_goes_on() {
    let directory = scratch();
    let (ledger, disk) = open_recorded(directory.path());
    fill(&ledger, 0..10);
    disk.fail_when(|step| matches!(step, Step::Append(..) | Step::Write(..)));
    assert!(matches!(ledger.append(leaf(10)), Err(AppendError::Write(_))));
    assert!(matches!(ledger.publish(), Err(PublishError::Io(_))));
    assert!(ledger.put_blob(b"people").is_err());
    assert!(!ledger.status().failed);
    assert!(ledger.status().publish_error.is_some());
    disk.heal();
    fill(&ledger, 10..600);
    assert_eq!(ledger.publish().unwrap().size, 600);
    assert_eq!(ledger.status().publish_error, None);
    drop(ledger);
    let report = verify(directory.path(), &key(), &[]);
    assert!(report.is_intact(), "{report:?}");
    let ledger = open(directory.path()).unwrap();
    let leaves: Vec<_> = ledger.reader().unwrap().leaves(0..600).map(|leaf| leaf.unwrap().1).collect();
    assert_eq!(leaves, (0..600).map(leaf).collect::<Vec<_>>());
}

#[test]
fn publishing_that_fails_at_any_step_is_taken_up_again() {
    for failing in 0.. {
        let directory = scratch();
        let (ledger, disk) = open_recorded(directory.path());
        fill(&ledger, 0..300);
        let mut step = 0;
        let (sender, failed) = mpsc::channel();
        disk.fail_when(move |_| {
            step += 1;
            let fails = step == failing + 1;
            if fails {
                sender.send(()).unwrap();
            }
            fails
        });
        let outcome = ledger.publish();
        disk.heal();
        if failed.try_recv().is_err() {
            assert_eq!(outcome.unwrap().size, 300);
            assert!(failing > 10, "publishing takes more steps than {failing}");
            return;
        }
        fill(&ledger, 300..301);
        match ledger.publish() {
            Ok(checkpoint) => assert_eq!(checkpoint.size, 301, "step {failing}"),
            Err(error) => assert!(matches!(error, PublishError::Failed), "step {failing}: {error}"),
        }
        drop(ledger);
        let ledger = open(directory.path()).unwrap();
        assert_eq!(ledger.recovered().size, 301);
        let report = verify(directory.path(), &key(), &[]);
        assert!(report.is_intact(), "step {failing}: {report:?}");
    }
}

#[test]
fn a_disk_that_does_not_confirm_stops_the_ledger_until_it_is_opened_again() {
    let directory = scratch();
    let (ledger, disk) = open_recorded(directory.path());
    fill(&ledger, 0..10);
    disk.fail_when(|step| matches!(step, Step::Sync(path) if path.starts_with("pending/")));
    assert!(matches!(ledger.append(leaf(10)), Err(AppendError::Failed)));
    disk.heal();
    assert!(matches!(ledger.append(leaf(10)), Err(AppendError::Failed)));
    assert!(ledger.status().failed);
    assert_eq!(ledger.publish().unwrap().size, 10);
    drop(ledger);
    let ledger = open(directory.path()).unwrap();
    // The leaf got to the disk after all; it was never said that it did not.
    assert_eq!(ledger.recovered().size, 11);
    fill(&ledger, 11..20);
}

#[test]
fn a_ledger_that_contradicts_its_checkpoint_does_not_open() {
    let original = scratch();
    let (ledger, _) = open_recorded(original.path());
    fill(&ledger, 0..300);
    drop(ledger);
    let note = std::fs::read(original.path().join("checkpoint")).unwrap();

    let other = scratch();
    let (ledger, _) = open_recorded(other.path());
    fill(&ledger, 0..100);
    ledger.append(b"another history".to_vec()).unwrap();
    fill(&ledger, 101..400);
    drop(ledger);
    std::fs::write(other.path().join("checkpoint"), &note).unwrap();
    assert!(matches!(open(other.path()), Err(OpenError::Diverged { size: 300 })));

    std::fs::remove_file(other.path().join("checkpoint")).unwrap();
    assert!(matches!(open(other.path()), Err(OpenError::CheckpointMissing)));
    std::fs::write(other.path().join("checkpoint"), &note[..100]).unwrap();
    assert!(matches!(open(other.path()), Err(OpenError::Checkpoint(_))));
    let (_, origin) = identity();
    let wrong = Ledger::open(original.path(), Signer::from_seed(&[1; 32]), origin);
    assert!(matches!(wrong, Err(OpenError::Checkpoint(_))));
}
