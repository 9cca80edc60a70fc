use super::fault::{Damage, DamageKind, OpenError};
use super::scan::{Found, Scanner};
use super::segment::{self, HEADER_LENGTH, HeaderFault, SegmentHeader};
use super::table::{SegmentExtent, SegmentTable};
use super::writer::Writer;
use super::{IdleLog, LogPosition, LogSettings, lock_path};
use crate::disk::Disk;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What opening a log found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Nothing before it is kept.
    pub begin: LogPosition,
    /// The end of the last whole frame.
    pub end: LogPosition,
    pub segments: usize,
    pub frames: u64,
    /// What a crash left half-written at the end. It was never answered.
    pub torn: Option<TornTail>,
    /// What was answered and is lost.
    pub damages: Vec<Damage>,
    /// How many frames the damages cost, told by the gaps in the sequence.
    pub lost_frames: u64,
}

/// Bytes behind the last whole frame. They stay in the file, and nothing reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TornTail {
    pub file: PathBuf,
    pub offset: u64,
    pub length: u64,
}

/// Looks at every frame of a log and reports; changes nothing, takes no lock.
pub fn check(dir: &Path, disk: Arc<dyn Disk>) -> Result<Recovered, OpenError> {
    Ok(survey(dir, disk.as_ref())?.report)
}

pub(super) fn open(
    dir: &Path,
    settings: LogSettings,
    disk: Arc<dyn Disk>,
) -> Result<(IdleLog, Recovered), OpenError> {
    disk.create_dir(dir).map_err(io_error("make directory", dir))?;
    let lock = match disk.lock(&lock_path(dir)) {
        Ok(lock) => Some(lock),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
            return Err(OpenError::Locked(dir.to_owned()));
        }
        // Reading is possible without; the first write takes it.
        Err(error) if error.kind() == io::ErrorKind::ReadOnlyFilesystem => None,
        Err(error) => return Err(io_error("lock", dir)(error)),
    };
    let Survey { mut report, extents, next_start, next_sequence } = survey(dir, disk.as_ref())?;
    if let Some(last) = extents.last() {
        sync_tail(dir, last.start, disk.as_ref())?;
    }
    let settled_end = extents.last().map_or(next_start, |last| last.end);
    report.end = report.end.max(settings.not_before);
    if extents.is_empty() {
        report.begin = report.end;
    }
    let segments = Arc::new(SegmentTable::new(disk, dir.to_owned(), extents, report.end.0));
    let writer = Writer::new(
        Arc::clone(&segments),
        lock,
        settings.segment_bytes,
        next_start.max(settings.not_before.0),
        settled_end,
        next_sequence,
    );
    Ok((IdleLog { segments, writer, settings }, report))
}

/// Frames that only the page cache held when the process died are about to be applied: make them
/// as durable as all others.
fn sync_tail(dir: &Path, start: u64, disk: &dyn Disk) -> Result<(), OpenError> {
    let path = dir.join(segment::file_name(start));
    match disk.open(&path).and_then(|file| file.sync()).and_then(|()| disk.sync_dir(dir)) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::ReadOnlyFilesystem => Ok(()),
        Err(error) => Err(io_error("sync", &path)(error)),
    }
}

struct Survey {
    report: Recovered,
    extents: Vec<SegmentExtent>,
    /// Larger than any position that was ever written at.
    next_start: u64,
    next_sequence: u64,
}

/// A file that may hold answered frames, as its own header and its successor's describe it.
struct Candidate {
    start: u64,
    header: Option<SegmentHeader>,
    bound: Bound,
}

/// Where the content of a segment ends.
#[derive(Clone, Copy)]
enum Bound {
    /// The next segment says so: everything before it was answered.
    Stated(u64),
    /// The next segment cannot say so any more: what is bad at the end is taken for damage.
    Unstated,
    /// There is no next segment: what is bad at the end is torn.
    Open,
}

/// How far the frames of the log go, at some point of reading it.
#[derive(Clone, Copy, Default)]
struct Tally {
    end: u64,
    frames: u64,
    lost: u64,
    /// `None` until the first header or frame tells.
    next_sequence: Option<u64>,
}

impl Tally {
    /// Something with this number is there: what lies between it and the last is not.
    fn reach(&mut self, sequence: u64) {
        let expected = self.next_sequence.unwrap_or(sequence);
        self.lost += sequence.saturating_sub(expected);
        self.next_sequence = Some(sequence.max(expected));
    }
}

fn survey(dir: &Path, disk: &dyn Disk) -> Result<Survey, OpenError> {
    let mut starts: Vec<u64> = disk
        .list(dir)
        .map_err(io_error("list", dir))?
        .iter()
        .filter_map(|name| segment::parse_file_name(name))
        .collect();
    starts.sort_unstable();

    let mut report = Recovered::default();
    let mut next_start = 0;
    let mut candidates = Vec::new();
    let mut bound = Bound::Open;
    for &start in starts.iter().rev() {
        let path = dir.join(segment::file_name(start));
        let (header, length) = read_header(&path, start, disk)?;
        next_start = next_start.max(start + length.max(HEADER_LENGTH));
        if matches!(bound, Bound::Stated(end) if start >= end) {
            // A beginning that was given up before anything in it was answered.
            continue;
        }
        if header.is_none() && length <= HEADER_LENGTH {
            // No frame is written before the header is durable: there was none.
            if candidates.is_empty() {
                report.torn = Some(TornTail { file: path, offset: 0, length });
            }
            continue;
        }
        candidates.push(Candidate { start, header, bound });
        bound = header.map_or(Bound::Unstated, |header| Bound::Stated(header.previous_end));
    }

    let mut extents = Vec::with_capacity(candidates.len());
    let mut tally = Tally::default();
    for candidate in candidates.into_iter().rev() {
        extents.push(survey_segment(dir, disk, &candidate, &mut tally, &mut report)?);
    }
    report.segments = extents.len();
    report.frames = tally.frames;
    report.lost_frames = tally.lost;
    report.begin = LogPosition(extents.first().map_or(next_start, |first| first.previous_end));
    report.end = LogPosition(if extents.is_empty() { next_start } else { tally.end });
    Ok(Survey { report, extents, next_start, next_sequence: tally.next_sequence.unwrap_or(0) })
}

fn read_header(path: &Path, start: u64, disk: &dyn Disk) -> Result<(Option<SegmentHeader>, u64), OpenError> {
    let read = || {
        let file = disk.open_read(path)?;
        let mut bytes = [0; HEADER_LENGTH as usize];
        let filled = file.read_up_to(&mut bytes, 0)?;
        Ok((SegmentHeader::parse(&bytes[..filled], start), file.length()?))
    };
    let (header, length) = read().map_err(io_error("read", path))?;
    match header {
        Ok(header) => Ok((Some(header), length)),
        Err(HeaderFault::Damaged) => Ok((None, length)),
        Err(HeaderFault::Version(version)) => Err(OpenError::Version { file: path.to_owned(), version }),
    }
}

fn survey_segment(
    dir: &Path,
    disk: &dyn Disk,
    candidate: &Candidate,
    tally: &mut Tally,
    report: &mut Recovered,
) -> Result<SegmentExtent, OpenError> {
    let &Candidate { start, header, bound } = candidate;
    let path = dir.join(segment::file_name(start));
    let file = disk.open_read(&path).map_err(io_error("read", &path))?;
    let previous_end = header.map_or(tally.end, |header| header.previous_end);
    tally.end = segment::first_frame(start).0;
    match header {
        Some(header) => tally.reach(header.first_sequence),
        None => report.damages.push(Damage {
            file: path.clone(),
            offset: 0,
            length: HEADER_LENGTH,
            kind: DamageKind::SegmentHeader,
        }),
    }
    let limit = match bound {
        Bound::Stated(end) => Some(end.saturating_sub(start)),
        Bound::Unstated | Bound::Open => None,
    };
    let mut scanner = Scanner::new(file, start, HEADER_LENGTH, limit).map_err(io_error("read", &path))?;

    // Bad places not known to be damage yet, each with how things stood before it.
    let mut suspects: Vec<(Damage, Tally)> = Vec::new();
    let mut length = HEADER_LENGTH;
    while let Some(found) = scanner.next().map_err(io_error("read", &path))? {
        match found {
            Found::Frame { offset, header, .. } => {
                let durable_before = offset.saturating_sub(u64::from(header.group_offset));
                let proven = suspects.partition_point(|(damage, _)| damage.offset < durable_before);
                report.damages.extend(suspects.drain(..proven).map(|(damage, _)| damage));
                length = offset + header.frame_length();
                tally.end = start + length;
                tally.frames += 1;
                tally.reach(header.sequence);
                tally.next_sequence = Some(header.sequence + 1);
            }
            Found::Bad { offset, length: bad, kind } => {
                length = offset + bad;
                suspects.push((Damage { file: path.clone(), offset, length: bad, kind }, *tally));
            }
        }
    }
    match bound {
        Bound::Stated(end) => {
            report.damages.extend(suspects.into_iter().map(|(damage, _)| damage));
            tally.end = end;
        }
        Bound::Unstated => report.damages.extend(suspects.into_iter().map(|(damage, _)| damage)),
        Bound::Open => {
            if let Some((first, before)) = suspects.into_iter().next() {
                *tally = before;
                report.torn =
                    Some(TornTail { file: path, offset: first.offset, length: length - first.offset });
            }
        }
    }
    Ok(SegmentExtent { start, previous_end, end: tally.end })
}

fn io_error(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> OpenError {
    let path = path.to_owned();
    move |source| OpenError::Io { doing, path, source }
}
