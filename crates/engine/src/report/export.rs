//! Events as JSON lines, written from columns straight into a byte buffer.
//!
//! One event is `{"event":"X","properties":{"time":…,"distinct_id":"…","$insert_id":"…",…}}`. The
//! fields come first, then the event's own properties by name. `distinct_id` is the person's
//! canonical id; where the event came under another one, that is `$distinct_id_before_identity`.
//! An event that belongs to nobody has an empty `distinct_id`.

mod json;

pub use json::{IdPlace, IdWriter, Pseudonyms, TimeUnit, write_rows};

use super::filter;
use super::row::{RowReader, ask_for};
use super::{Cancel, ReportError, check_grant};
use crate::store::{Block, NOBODY, Scan, ScanPart, Snapshot};
use domain::access::AccessGrant;
use domain::expression::Expression;
use domain::{EventName, Timestamp};
use roaring::RoaringBitmap;
use std::ops::Range;

/// Which events to export.
#[derive(Clone, Debug)]
pub struct ExportQuery {
    pub range: Range<Timestamp>,
    /// `None`: all.
    pub events: Option<Vec<EventName>>,
    pub filter: Option<Expression>,
    /// At most so many, in the order of the store.
    pub limit: Option<u64>,
}

/// What a read touches: for its leaf, before the first byte of it leaves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Touched {
    /// Canonical `PersonId`s.
    pub people: RoaringBitmap,
    pub rows: u64,
}

impl Touched {
    pub(super) fn add(&mut self, person: u32) {
        self.rows += 1;
        if person != NOBODY {
            self.people.insert(person);
        }
    }
}

/// Finds out whom an export would touch. Reads only the columns that the filter needs, and gives
/// out no row: it is what the leaf is made from.
pub fn survey(snapshot: &Snapshot, query: &ExportQuery, cancel: &Cancel) -> Result<Touched, ReportError> {
    let mut touched = Touched::default();
    for rows in Selected::new(snapshot, query, false, cancel) {
        let (block, rows) = rows?;
        let people = block.people();
        rows.iter().for_each(|row| touched.add(people[*row as usize]));
    }
    Ok(touched)
}

/// The export itself: blocks and the numbers of their rows, for [`write_rows`]. Each block is read
/// when it is asked for, so that memory does not grow with the export.
pub fn open<'a>(
    snapshot: &'a Snapshot,
    grant: &AccessGrant,
    query: &'a ExportQuery,
    cancel: &Cancel,
) -> Result<Selected<'a>, ReportError> {
    check_grant(snapshot, grant)?;
    Ok(Selected::new(snapshot, query, true, cancel))
}

/// Rows of a query, block by block.
#[derive(Debug)]
pub struct Selected<'a> {
    blocks: ScanPart,
    filter: Option<&'a Expression>,
    reader: RowReader<'a>,
    left: u64,
    cancel: Cancel,
}

impl<'a> Selected<'a> {
    fn new(snapshot: &'a Snapshot, query: &'a ExportQuery, everything: bool, cancel: &Cancel) -> Self {
        let mut scan = Scan::over(query.range.clone());
        scan.events = query.events.clone();
        scan.all_properties = everything;
        scan.details = everything;
        if let Some(filter) = &query.filter {
            ask_for(&mut scan, &filter.properties());
        }
        Self {
            blocks: snapshot.scan(&scan),
            filter: query.filter.as_ref(),
            reader: RowReader::new(snapshot),
            left: query.limit.unwrap_or(u64::MAX),
            cancel: cancel.clone(),
        }
    }

    fn select(&mut self, block: &Block) -> Result<Vec<u32>, ReportError> {
        let mut rows: Vec<u32> = match self.filter {
            None => (0..block.len() as u32).collect(),
            Some(expression) => {
                let kept = filter::mask(expression, block, &mut self.reader)?;
                kept.set_indices().map(|row| row as u32).collect()
            }
        };
        rows.truncate(usize::try_from(self.left).unwrap_or(usize::MAX));
        self.left -= rows.len() as u64;
        Ok(rows)
    }
}

impl Iterator for Selected<'_> {
    type Item = Result<(Block, Vec<u32>), ReportError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.left > 0 {
            if let Err(cancelled) = self.cancel.check() {
                return Some(Err(cancelled));
            }
            let block = match self.blocks.next()? {
                Ok(block) => block,
                Err(error) => return Some(Err(error.into())),
            };
            match self.select(&block) {
                Ok(rows) if rows.is_empty() => {}
                Ok(rows) => return Some(Ok((block, rows))),
                Err(error) => return Some(Err(error)),
            }
        }
        None
    }
}
