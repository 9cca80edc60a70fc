//! What happened to the bytes of a log is found and named.

use super::*;

struct Written {
    disk: SimDisk,
    frames: Vec<(LogPosition, u32)>,
}

fn settings() -> LogSettings {
    LogSettings { segment_bytes: 250, ..LogSettings::default() }
}

/// Three segments of groups of one and two frames.
fn written() -> Written {
    let disk = SimDisk::new(1);
    let (mut log, _) = open(&disk, settings());
    let mut frames = Vec::new();
    for group in [&[0, 1][..], &[2], &[3], &[4], &[5, 6], &[7], &[8], &[9, 10], &[11], &[12]] {
        let ends = commit(&mut log, group).unwrap();
        frames.extend(ends.into_iter().zip(group.iter().copied()));
    }
    assert_eq!(segment_files(&disk).len(), 3);
    Written { disk, frames }
}

/// Opens, and reads everything there is.
fn reopen(disk: &SimDisk) -> (Recovered, Vec<(LogPosition, u32)>, Vec<Damage>) {
    let report = check(&dir(), Arc::new(disk.clone())).unwrap();
    let (log, recovered) = open(disk, settings());
    assert_eq!(report, recovered, "a check finds what opening finds");
    let (mut frames, mut damages) = (Vec::new(), Vec::new());
    for item in log.read_from(log.segments.begin()) {
        match item {
            Ok((position, batch)) => frames.push((position, number(&batch))),
            Err(ReadError::Damaged(damage)) => damages.push(damage),
            Err(error) => panic!("{error}"),
        }
    }
    (recovered, frames, damages)
}

#[test]
fn every_flipped_bit_is_found_and_costs_one_frame() {
    let Written { disk, frames } = written();
    for path in segment_files(&disk) {
        let intact = disk.content(&path).unwrap();
        for bit in 0..intact.len() * 8 {
            let mut content = intact.clone();
            content[bit / 8] ^= 1 << (bit % 8);
            disk.plant(&path, content);
            let (recovered, read, damages) = reopen(&disk);
            let byte = (bit / 8) as u64;
            let hit = |offset, length| (offset..offset + length).contains(&byte);
            let named = match (&recovered.damages[..], &recovered.torn) {
                ([damage], None) => damage.file == path && hit(damage.offset, damage.length),
                ([], Some(torn)) => torn.file == path && hit(torn.offset, torn.length),
                _ => false,
            };
            assert!(named, "bit {bit} of {}: {recovered:?}", path.display());
            let in_header = byte < segment::HEADER_LENGTH;
            let lost: Vec<_> = frames.iter().filter(|frame| !read.contains(frame)).collect();
            assert_eq!(lost.len(), usize::from(!in_header), "bit {bit} costs {lost:?}");
            if recovered.torn.is_none() {
                assert_eq!(recovered.lost_frames, lost.len() as u64);
            }
            assert!(read.is_sorted() && read.iter().all(|frame| frames.contains(frame)));
            let expected = if in_header { vec![] } else { recovered.damages };
            assert_eq!(damages, expected, "reading names what opening named");
        }
        disk.plant(&path, intact);
    }
    assert_eq!(reopen(&disk).1, frames);
}

#[test]
fn a_cut_file_and_a_lost_file_are_missing_bytes() {
    let Written { disk, frames } = written();
    let files = segment_files(&disk);
    let (first, second) = (disk.content(&files[0]).unwrap(), disk.content(&files[1]).unwrap());

    disk.plant(&files[0], first[..first.len() - 7].to_vec());
    let (recovered, read, _) = reopen(&disk);
    assert_eq!(read.len(), frames.len() - 1);
    let lost: u64 = recovered.damages.iter().map(|damage| damage.length).sum();
    assert_eq!(lost, payload(4).len() as u64 + frame::HEADER_LENGTH as u64);
    assert_eq!(recovered.damages.last().unwrap().kind, DamageKind::Missing);
    assert_eq!(recovered.damages.last().unwrap().length, 7);
    disk.plant(&files[0], first.clone());

    disk.lose(&files[1]);
    let (recovered, read, _) = reopen(&disk);
    let [damage] = &recovered.damages[..] else { panic!("{recovered:?}") };
    assert_eq!(
        (damage.kind, damage.offset, damage.length),
        (DamageKind::Missing, first.len() as u64, second.len() as u64)
    );
    assert_eq!(recovered.lost_frames, (frames.len() - read.len()) as u64);
    let end_of_first = LogPosition(first.len() as u64);
    let start_of_third =
        LogPosition(segment::parse_file_name(files[2].file_name().unwrap().to_str().unwrap()).unwrap());
    let expected: Vec<_> =
        frames.iter().filter(|frame| frame.0 <= end_of_first || frame.0 > start_of_third).copied().collect();
    assert_eq!(read, expected);
}

#[test]
fn a_zeroed_stretch_is_one_damage_and_the_rest_is_read() {
    let Written { disk, frames } = written();
    let path = segment_files(&disk).remove(1);
    let mut content = disk.content(&path).unwrap();
    let (from, to) = (60, content.len() - 70);
    content[from..to].fill(0);
    disk.plant(&path, content);
    let (recovered, read, _) = reopen(&disk);
    assert_eq!(recovered.torn, None);
    assert!(!recovered.damages.is_empty() && recovered.damages.iter().all(|damage| damage.file == path));
    assert!(read.contains(frames.last().unwrap()) && read.contains(&frames[0]));
    assert_eq!(recovered.lost_frames, (frames.len() - read.len()) as u64);
}

#[test]
fn a_bad_frame_is_damage_if_a_later_group_proves_it_was_durable_and_torn_if_not() {
    let disk = SimDisk::new(1);
    let (mut log, _) = open(&disk, LogSettings::default());
    let first = commit(&mut log, &[1, 2]).unwrap();
    let second = commit(&mut log, &[3, 4]).unwrap();
    drop(log);
    let path = segment_files(&disk).remove(0);
    let intact = disk.content(&path).unwrap();

    let mut content = intact.clone();
    content[first[0].0 as usize - 1] ^= 1;
    disk.plant(&path, content);
    let (recovered, read, _) = reopen(&disk);
    assert_eq!((recovered.damages.len(), recovered.torn), (1, None));
    assert_eq!(read, [(first[1], 2), (second[0], 3), (second[1], 4)]);

    // The group's second frame is whole, but nobody was told of it.
    let mut content = intact;
    content[second[0].0 as usize - 1] ^= 1;
    disk.plant(&path, content);
    let (recovered, read, _) = reopen(&disk);
    assert_eq!(recovered.damages, []);
    assert_eq!(recovered.torn.unwrap().offset, first[1].0);
    assert_eq!(read, [(first[0], 1), (first[1], 2)]);
}

#[test]
fn bytes_that_look_like_a_frame_are_not_taken_for_one() {
    let disk = SimDisk::new(1);
    let (mut log, _) = open(&disk, LogSettings::default());
    commit(&mut log, &[1]).unwrap();
    let path = segment_files(&disk).remove(0);
    let copy = disk.content(&path).unwrap()[segment::HEADER_LENGTH as usize..].to_vec();
    let mut trojan = batch(2);
    trojan.sealed[0].0 = copy;
    log.writer.commit([codec::encode(&trojan).unwrap().payload.as_slice()].into_iter()).unwrap();
    let end = log.end();
    let last = commit(&mut log, &[3]).unwrap()[0];
    drop(log);
    let mut content = disk.content(&path).unwrap();
    let at = content.len() - (last.0 - end.0) as usize;
    let start = content[..at].windows(4).rposition(|four| four == frame::MAGIC).unwrap();
    let outer = content[..start].windows(4).rposition(|four| four == frame::MAGIC).unwrap();
    content[outer] ^= 1;
    disk.plant(&path, content);
    let (recovered, read, _) = reopen(&disk);
    assert_eq!(recovered.damages.len(), 1);
    assert_eq!(read.iter().map(|frame| frame.1).collect::<Vec<_>>(), [1, 3]);
}
