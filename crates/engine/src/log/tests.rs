use super::codec;
use super::segment::SegmentHeader;
use super::*;
use crate::disk::{SimDisk, SimFaults};
use domain::{ProjectId, Timestamp};

mod damage;
mod model;
mod threads;

pub(super) fn dir() -> PathBuf {
    PathBuf::from("/data/log")
}

/// A batch that can be told from all others by its number.
pub(super) fn batch(number: u32) -> Batch {
    let mut batch = Batch::new(ProjectId(number), Timestamp::from_millis(1_700_000_000_000));
    batch.sealed.push(domain::sealed::SealedRecord(vec![number as u8; (number % 37) as usize]));
    batch
}

pub(super) fn number(batch: &Batch) -> u32 {
    batch.project.0
}

pub(super) fn payload(number: u32) -> Vec<u8> {
    codec::encode(&batch(number)).unwrap().payload
}

/// The log without its thread.
pub(super) fn open(disk: &SimDisk, settings: LogSettings) -> (IdleLog, Recovered) {
    Log::open(&dir(), settings, Arc::new(disk.clone())).unwrap()
}

pub(super) fn commit(log: &mut IdleLog, numbers: &[u32]) -> Result<Vec<LogPosition>, AppendError> {
    let payloads: Vec<_> = numbers.iter().map(|&number| payload(number)).collect();
    log.writer.commit(payloads.iter().map(Vec::as_slice))
}

/// What can be read after a position, or the first error.
pub(super) fn read(log: &IdleLog, after: LogPosition) -> Result<Vec<(LogPosition, u32)>, ReadError> {
    log.read_from(after).map(|item| item.map(|(position, batch)| (position, number(&batch)))).collect()
}

pub(super) fn segment_files(disk: &SimDisk) -> Vec<PathBuf> {
    let mut names = disk.list(&dir()).unwrap();
    names.retain(|name| name.ends_with(".log"));
    names.sort();
    names.iter().map(|name| dir().join(name)).collect()
}

#[test]
fn what_was_committed_is_read_in_order_from_any_position() {
    let disk = SimDisk::new(1);
    let settings = LogSettings { segment_bytes: 400, ..LogSettings::default() };
    let (mut log, recovered) = open(&disk, settings.clone());
    assert_eq!(recovered, Recovered::default());
    assert!(segment_files(&disk).is_empty(), "opening writes nothing");
    let mut written = Vec::new();
    for number in 0..40 {
        let end = commit(&mut log, &[number]).unwrap()[0];
        assert_eq!(log.end(), end);
        written.push((end, number));
    }
    assert!(segment_files(&disk).len() > 3);
    assert_eq!(read(&log, LogPosition::START).unwrap(), written);
    drop(log);
    let (log, recovered) = open(&disk, settings);
    assert_eq!((recovered.frames, recovered.torn, recovered.damages), (40, None, vec![]));
    for (index, &(position, _)) in written.iter().enumerate() {
        assert_eq!(read(&log, position).unwrap(), written[index + 1..]);
    }
}

#[test]
fn positions_outlive_the_frames() {
    let disk = SimDisk::new(1);
    let (mut log, _) = open(&disk, LogSettings::default());
    let end = *commit(&mut log, &[1, 2, 3]).unwrap().last().unwrap();
    log.writer.truncate_before(end).unwrap();
    assert_eq!(segment_files(&disk).len(), 1);
    assert_eq!(log.segments.begin(), end);
    drop(log);
    disk.crash();
    let (mut log, recovered) = open(&disk, LogSettings::default());
    assert_eq!((recovered.begin, recovered.frames), (end, 0));
    assert!(log.end() >= end);
    let next = commit(&mut log, &[4]).unwrap()[0];
    assert!(next > end);
    assert_eq!(read(&log, end).unwrap(), [(next, 4)]);
    let gone = read(&log, LogPosition::START).unwrap_err();
    assert!(matches!(gone, ReadError::Damaged(Damage { kind: DamageKind::Missing, .. })), "{gone}");
}

#[test]
fn positions_outlive_a_failure_of_the_only_segment() {
    let disk = SimDisk::new(1);
    let (mut log, _) = open(&disk, LogSettings::default());
    let end = commit(&mut log, &[1]).unwrap()[0];
    log.writer.truncate_before(end).unwrap();
    disk.set_faults(SimFaults { room: Some(0), ..SimFaults::default() });
    assert!(commit(&mut log, &[2]).is_err());
    drop(log);
    disk.set_faults(SimFaults::default());
    let (mut log, _) = open(&disk, LogSettings::default());
    assert!(commit(&mut log, &[3]).unwrap()[0] > end);
}

#[test]
fn truncation_keeps_what_is_after_the_position() {
    let disk = SimDisk::new(1);
    let (mut log, _) = open(&disk, LogSettings { segment_bytes: 200, ..LogSettings::default() });
    let ends: Vec<_> = (0..30).map(|number| commit(&mut log, &[number]).unwrap()[0]).collect();
    for (index, &end) in ends.iter().enumerate() {
        let files = segment_files(&disk).len();
        log.writer.truncate_before(end).unwrap();
        let left: Vec<_> = read(&log, end).unwrap().into_iter().map(|(_, number)| number).collect();
        assert_eq!(left, (index as u32 + 1..30).collect::<Vec<_>>());
        assert!(segment_files(&disk).len() <= files);
    }
}

#[test]
fn a_lost_directory_does_not_bring_positions_back() {
    let settings = LogSettings { not_before: LogPosition(5_000), ..LogSettings::default() };
    let (mut log, recovered) = open(&SimDisk::new(1), settings);
    assert_eq!(recovered.end, LogPosition(5_000));
    assert!(commit(&mut log, &[1]).unwrap()[0] > LogPosition(5_000));
}

#[test]
fn a_second_process_is_turned_away() {
    let disk = SimDisk::new(1);
    let (log, _) = open(&disk, LogSettings::default());
    let second = Log::open(&dir(), LogSettings::default(), Arc::new(disk.clone()));
    assert!(matches!(second, Err(OpenError::Locked(_))));
    check(&dir(), Arc::new(disk.clone())).unwrap();
    drop(log);
    open(&disk, LogSettings::default());
}

#[test]
fn a_full_disk_fails_appends_until_there_is_room() {
    let disk = SimDisk::new(1);
    let (mut log, _) = open(&disk, LogSettings::default());
    let first = commit(&mut log, &[1]).unwrap()[0];
    for room in [0, 3, 45, 0, 60] {
        disk.set_faults(SimFaults { room: Some(room), ..SimFaults::default() });
        assert!(matches!(commit(&mut log, &[2, 3]), Err(AppendError::Full)), "room of {room}");
        assert_eq!(segment_files(&disk).len(), 1, "attempts leave nothing behind");
    }
    disk.set_faults(SimFaults::default());
    let second = commit(&mut log, &[4]).unwrap()[0];
    assert_eq!(read(&log, LogPosition::START).unwrap(), [(first, 1), (second, 4)]);
}

#[test]
fn a_read_only_disk_can_be_read_and_recovers() {
    let disk = SimDisk::new(1);
    let (mut log, _) = open(&disk, LogSettings::default());
    let first = commit(&mut log, &[1]).unwrap()[0];
    disk.set_faults(SimFaults { read_only: true, ..SimFaults::default() });
    assert!(matches!(commit(&mut log, &[2]), Err(AppendError::ReadOnly)));
    drop(log);
    let (mut log, recovered) = open(&disk, LogSettings::default());
    assert_eq!(recovered.frames, 1);
    assert_eq!(read(&log, LogPosition::START).unwrap(), [(first, 1)]);
    assert!(matches!(commit(&mut log, &[2]), Err(AppendError::ReadOnly)));
    disk.set_faults(SimFaults::default());
    let second = commit(&mut log, &[3]).unwrap()[0];
    assert_eq!(read(&log, LogPosition::START).unwrap(), [(first, 1), (second, 3)]);
}

#[test]
fn after_a_failed_sync_its_bytes_are_never_believed() {
    for seed in 0..30 {
        let disk = SimDisk::new(seed);
        let (mut log, _) = open(&disk, LogSettings::default());
        let first = commit(&mut log, &[1]).unwrap()[0];
        disk.set_faults(SimFaults { failing_syncs: 1, ..SimFaults::default() });
        assert!(matches!(commit(&mut log, &[2]), Err(AppendError::Failed { .. })));
        let second = commit(&mut log, &[3]).unwrap()[0];
        drop(log);
        disk.crash();
        let (log, recovered) = open(&disk, LogSettings::default());
        assert_eq!(recovered.damages, []);
        assert_eq!(read(&log, LogPosition::START).unwrap(), [(first, 1), (second, 3)]);
    }
}

#[test]
fn an_abandoned_beginning_is_not_read_and_goes_with_what_is_old() {
    let disk = SimDisk::new(1);
    let (mut log, _) = open(&disk, LogSettings::default());
    let first = commit(&mut log, &[1]).unwrap()[0];
    drop(log);
    let later = LogPosition(first.0 + 1000);
    let (mut log, _) = open(&disk, LogSettings { not_before: later, ..LogSettings::default() });
    let second = commit(&mut log, &[2]).unwrap()[0];
    drop(log);

    // What a failed attempt leaves if it can neither write its first group nor be removed.
    let header = SegmentHeader { start: first.0, previous_end: first.0, first_sequence: 1 };
    disk.plant(&dir().join(segment::file_name(first.0)), [&header.to_bytes()[..], &[7; 100]].concat());
    let (mut log, recovered) = open(&disk, LogSettings::default());
    assert_eq!((recovered.segments, recovered.torn, recovered.damages), (2, None, vec![]));
    assert_eq!(read(&log, LogPosition::START).unwrap(), [(first, 1), (second, 2)]);
    log.writer.truncate_before(second).unwrap();
    assert_eq!(segment_files(&disk).len(), 1);
}

#[test]
fn a_format_of_the_future_is_left_alone() {
    let disk = SimDisk::new(1);
    let (mut log, _) = open(&disk, LogSettings::default());
    commit(&mut log, &[1]).unwrap();
    drop(log);
    let path = segment_files(&disk).remove(0);
    let mut content = disk.content(&path).unwrap();
    content[8] = 2;
    let checksum = crc32c::crc32c(&content[..36]);
    content[36..40].copy_from_slice(&checksum.to_le_bytes());
    disk.plant(&path, content);
    let error = Log::open(&dir(), LogSettings::default(), Arc::new(disk)).unwrap_err();
    assert!(matches!(error, OpenError::Version { version: 2, .. }), "{error}");
}
