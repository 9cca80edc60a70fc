//! Carries out a scan: which pieces of which files and chunks to read, and reading them.

use crate::store::block::{Block, MAX_BLOCK_ROWS};
use crate::store::event_file::EventFile;
use crate::store::generation::Part;
use crate::store::hot::HotChunk;
use crate::store::project::ListedEvents;
use crate::store::scan::{ReadError, Scan};
use roaring::RoaringBitmap;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Up to so many people, pages are chosen by whom they hold: one person's events of a year are in
/// a page or two per event and file. With more, nearly every page holds somebody.
const FEW_PEOPLE: u64 = 64;

/// What the parts of a scan share.
#[derive(Debug)]
struct Work {
    scan: Scan,
    /// Ids of the events that are wanted.
    events: Option<RoaringBitmap>,
    canonical: Arc<Vec<u32>>,
    pieces: Vec<Piece>,
    next: AtomicUsize,
}

/// What is read in one go and becomes one block.
#[derive(Debug)]
enum Piece {
    Chunk(Part),
    /// Rows of one row group of a file.
    Rows {
        file: Arc<EventFile>,
        deleted: Arc<RoaringBitmap>,
        group: usize,
        rows: Vec<Range<u32>>,
    },
    /// A file that would be needed and cannot be read.
    Unreadable(ReadError),
}

/// Blocks of a scan; see [`Snapshot::scan_parts`](super::Snapshot::scan_parts).
#[derive(Debug)]
pub struct ScanPart {
    work: Arc<Work>,
}

pub(crate) fn plan(
    scan: &Scan,
    events: Option<RoaringBitmap>,
    canonical: &Arc<Vec<u32>>,
    parts: &[Part],
    files: &[ListedEvents],
    n: usize,
) -> Vec<ScanPart> {
    let mut pieces = vec![];
    let (start, end) = (scan.range.start.millis(), scan.range.end.millis());
    let ids = scan.people.as_ref().and_then(|people| ids_of(people, canonical));
    for listed in files.iter().filter(|listed| listed.file.overlaps(start, end)) {
        let groups = match rows_by_group(&listed.file, events.as_ref(), ids.as_ref()) {
            Ok(groups) => groups,
            Err(error) => {
                pieces.push(Piece::Unreadable(error));
                continue;
            }
        };
        for (group, rows) in groups {
            let (file, deleted) = (listed.file.clone(), listed.deleted.clone());
            pieces.push(Piece::Rows { file, deleted, group, rows });
        }
    }
    pieces.extend(parts.iter().cloned().map(Piece::Chunk));
    let (scan, canonical) = (scan.clone(), canonical.clone());
    let work = Arc::new(Work { scan, events, canonical, pieces, next: AtomicUsize::new(0) });
    (0..n).map(|_| ScanPart { work: work.clone() }).collect()
}

/// All ids that stand for one of these people, if they are few enough to look for them page by page.
fn ids_of(people: &RoaringBitmap, canonical: &[u32]) -> Option<RoaringBitmap> {
    if people.len() > FEW_PEOPLE {
        return None;
    }
    let merged = (0..).zip(canonical).filter(|(_, person)| people.contains(**person)).map(|(id, _)| id);
    Some(merged.chain(people).collect())
}

/// The rows of the wanted events, by row group; without pages that hold none of the ids.
fn rows_by_group(
    file: &EventFile,
    events: Option<&RoaringBitmap>,
    ids: Option<&RoaringBitmap>,
) -> Result<BTreeMap<usize, Vec<Range<u32>>>, ReadError> {
    let index = file.index()?;
    let all = 0..index.rows;
    let ranges: Vec<_> = match events {
        None => vec![all],
        Some(events) => {
            let wanted = index.events.iter().filter(|(event, _)| events.contains(*event));
            wanted.map(|(_, rows)| rows.clone()).collect()
        }
    };
    let mut groups: BTreeMap<usize, Vec<Range<u32>>> = BTreeMap::new();
    for range in ranges {
        let mut start = range.start;
        while start < range.end {
            let group = start as usize / MAX_BLOCK_ROWS;
            let end = range.end.min(((group + 1) * MAX_BLOCK_ROWS) as u32);
            let rows = groups.entry(group).or_default();
            match rows.last_mut() {
                Some(last) if last.end == start => last.end = end,
                _ => rows.push(start..end),
            }
            start = end;
        }
    }
    if let Some(ids) = ids {
        for (group, rows) in &mut groups {
            *rows = file.pages_with(*group, rows, ids)?;
        }
        groups.retain(|_, rows| !rows.is_empty());
    }
    Ok(groups)
}

impl Work {
    /// `None`: nothing in it is wanted.
    fn read(&self, piece: &Piece) -> Result<Option<Block>, ReadError> {
        let block = match piece {
            Piece::Chunk(part) if !self.wants_some_of(&part.chunk) => return Ok(None),
            Piece::Chunk(part) => {
                let block = part.chunk.block(&self.scan, &self.canonical);
                let rows = 0..part.chunk.len() as u32;
                block.select(&self.scan, self.events.as_ref(), &part.deleted, std::slice::from_ref(&rows))?
            }
            Piece::Rows { file, deleted, group, rows } => {
                let block = file.read(*group, rows, &self.scan, &self.canonical)?;
                block.select(&self.scan, None, deleted, rows)?
            }
            Piece::Unreadable(error) => return Err(error.clone()),
        };
        Ok((!block.is_empty()).then_some(block))
    }

    /// Spares laying out the columns of a chunk for nothing.
    fn wants_some_of(&self, chunk: &HotChunk) -> bool {
        let (start, end) = (self.scan.range.start.millis(), self.scan.range.end.millis());
        let mut rows = chunk.times.iter().zip(&chunk.events);
        rows.any(|(&time, &event)| {
            start <= time && time < end && self.events.as_ref().is_none_or(|events| events.contains(event))
        })
    }
}

impl Iterator for ScanPart {
    type Item = Result<Block, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let at = self.work.next.fetch_add(1, Ordering::Relaxed);
            if let Some(result) = self.work.read(self.work.pieces.get(at)?).transpose() {
                return Some(result);
            }
        }
    }
}
