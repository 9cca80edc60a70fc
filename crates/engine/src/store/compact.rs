//! Small files become large ones: fewer to open, longer runs of one event, and rows that do not
//! count any more are gone.

use crate::store::block::{Block, MAX_BLOCK_ROWS};
use crate::store::error::WriteError;
use crate::store::event_file::EventFile;
use crate::store::event_writer::{EventWriter, RowAt};
use crate::store::flush::{limit_columns, list_deleted, write_file};
use crate::store::insert_id::PackedId;
use crate::store::lexicon::PropertyKind;
use crate::store::manifest::ListedFile;
use crate::store::paths::Week;
use crate::store::project::{Files, ListedEvents};
use crate::store::scan::Scan;
use crate::store::schema::{ColumnPlan, FilePlan};
use crate::store::slot::Slot;
use crate::store::source::RowSource;
use domain::PropertyName;
use roaring::RoaringBitmap;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

/// So many files of about one size make a larger one.
const FAN_IN: usize = 4;

/// Files of one merge at most: each keeps a block in memory.
const MAX_INPUTS: usize = 16;

/// A file of this many rows is large enough; merging it again would cost more than it gives.
const LARGE: u32 = 8 << 20;

/// A file is written anew when more than one row in this many does not count.
const GARBAGE_SHARE: u64 = 5;

/// About what the rows that are read ahead from all inputs may take in memory.
const READ_AHEAD_BYTES: u64 = 96 << 20;

/// Decoded, rows take about so many times what they take in a file.
const DECODED: u64 = 6;

/// Rows are read in multiples of this: a whole page.
const PAGE_ROWS: u32 = 8_192;

const GONE: u32 = u32::MAX;

/// Merges one group of files, if some group is worth it. Returns whether it did.
pub(crate) fn compact(slot: &Slot) -> Result<bool, WriteError> {
    let _one = slot.one_compaction();
    let Some(inputs) = choose(&slot.state().files) else { return Ok(false) };
    let week = inputs[0].file.entry.week;
    let lexicon = slot.state().lexicon.clone();
    let rows: usize = inputs.iter().map(|input| input.file.entry.rows as usize).sum();
    let kept = rows as u64 - inputs.iter().map(|input| input.deleted.len()).sum::<u64>();
    let mut output = None;
    let mut moved = vec![];
    if kept > 0 {
        let mut events = RoaringBitmap::new();
        for input in &inputs {
            events.extend(input.file.index()?.events.iter().map(|(event, _)| *event));
        }
        let plan = plan(&inputs, |columns, long_ids, rest| {
            limit_columns(columns, long_ids, rest, &lexicon, &events)
        })?;
        let file = write_file(slot, week, plan, kept as usize, |writer| {
            moved = merge(&inputs, writer)?;
            Ok(())
        })?;
        if let Err(error) = slot.disk.sync_dir(&slot.paths.events()) {
            file.set_replaced();
            return Err(error.into());
        }
        output = Some(file);
    }
    commit(slot, &inputs, output, &moved)?;
    Ok(true)
}

/// The files to merge: the smallest tier of some week that is full, or one with much garbage.
fn choose(files: &Files) -> Option<Vec<ListedEvents>> {
    let mut tiers: BTreeMap<(Week, u32), Vec<&ListedEvents>> = BTreeMap::new();
    for listed in files.values().filter(|listed| listed.file.damage().is_none()) {
        let rows = listed.file.entry.rows;
        if listed.deleted.len() * GARBAGE_SHARE > u64::from(rows) {
            return Some(vec![listed.clone()]);
        }
        if rows < LARGE {
            // Sizes within a factor of four are of one tier.
            tiers.entry((listed.file.entry.week, rows.max(1).ilog2() / 2)).or_default().push(listed);
        }
    }
    let full = tiers.into_iter().filter(|(_, files)| files.len() >= FAN_IN);
    let (_, files) = full.min_by_key(|((_, tier), _)| *tier)?;
    Some(files.into_iter().take(MAX_INPUTS).cloned().collect())
}

fn plan(
    inputs: &[ListedEvents],
    limit: impl FnOnce(Vec<(u64, ColumnPlan)>, bool, bool) -> FilePlan,
) -> Result<FilePlan, WriteError> {
    let mut columns: BTreeMap<(PropertyName, PropertyKind), (u64, bool)> = BTreeMap::new();
    let (mut long_ids, mut rest) = (false, false);
    for input in inputs {
        for column in input.file.property_columns()? {
            let (values, wide) = columns.entry((column.name, column.kind)).or_default();
            *values += column.values;
            *wide |= column.compressed;
        }
        long_ids |= input.file.has_long_ids()?;
        rest |= input.file.has_rest()?;
    }
    let columns = columns
        .into_iter()
        .map(|((name, kind), (values, wide))| (values, ColumnPlan { name, kind, wide }))
        .collect();
    Ok(limit(columns, long_ids, rest))
}

/// A file that is read from its first row to its last.
struct Cursor {
    file: Arc<EventFile>,
    deleted: Arc<RoaringBitmap>,
    /// Rows to read in one go.
    at_once: u32,
    /// The next row to read from the file.
    next: u32,
    block: Option<Arc<Block>>,
    /// Number of the block's first row in the file.
    first: u32,
    /// The current row of the block.
    row: usize,
    /// Number of the block among those that are in memory.
    source: usize,
}

type SortKey = (u32, u32, i64, PackedId);

impl Cursor {
    fn row_number(&self) -> u32 {
        self.first + self.row as u32
    }

    /// The sort key of the current row.
    fn key(&self) -> Option<SortKey> {
        let key = self.block.as_ref()?.key(self.row);
        Some((key.event, key.distinct, key.time, key.insert_id))
    }

    /// Goes to the next row that counts, reading on where needed.
    fn advance(&mut self, sources: &mut Vec<Arc<Block>>) -> Result<(), WriteError> {
        loop {
            match &self.block {
                Some(block) if self.row + 1 < block.len() => self.row += 1,
                _ if self.next >= self.file.entry.rows => {
                    self.block = None;
                    return Ok(());
                }
                _ => self.read(sources)?,
            }
            if !self.deleted.contains(self.row_number()) {
                return Ok(());
            }
        }
    }

    fn read(&mut self, sources: &mut Vec<Arc<Block>>) -> Result<(), WriteError> {
        let group = self.next as usize / MAX_BLOCK_ROWS;
        let group_end = ((group + 1) * MAX_BLOCK_ROWS) as u32;
        let end = (self.next + self.at_once).min(group_end).min(self.file.entry.rows);
        let scan = Scan { all_properties: true, ..Scan::everything() };
        let block = Arc::new(self.file.read(group, std::slice::from_ref(&(self.next..end)), &scan, &[])?);
        (self.first, self.next, self.row) = (self.next, end, 0);
        self.source = sources.len();
        sources.push(block.clone());
        self.block = Some(block);
        Ok(())
    }
}

/// As many rows as fit: a whole row group if possible, as each piece of one costs reading the
/// dictionaries of its columns again.
fn rows_at_once(file: &EventFile, inputs: usize) -> Result<u32, WriteError> {
    let index = file.index()?;
    let row_bytes = (index.checksums.length * DECODED / u64::from(index.rows.max(1))).max(1);
    let rows = READ_AHEAD_BYTES / inputs as u64 / row_bytes;
    Ok((rows.min(MAX_BLOCK_ROWS as u64) as u32 / PAGE_ROWS * PAGE_ROWS).max(PAGE_ROWS))
}

/// Writes the rows of all inputs in order. Returns for each row of each input its new number.
fn merge(inputs: &[ListedEvents], writer: &mut EventWriter) -> Result<Vec<Vec<u32>>, WriteError> {
    let mut sources: Vec<Arc<Block>> = vec![];
    let mut cursors = vec![];
    let mut heap = BinaryHeap::new();
    for (at, input) in inputs.iter().enumerate() {
        let (file, deleted) = (input.file.clone(), input.deleted.clone());
        let at_once = rows_at_once(&file, inputs.len())?;
        let mut cursor = Cursor { file, deleted, at_once, next: 0, block: None, first: 0, row: 0, source: 0 };
        cursor.advance(&mut sources)?;
        heap.extend(cursor.key().map(|key| Reverse((key, at))));
        cursors.push(cursor);
    }
    let mut moved: Vec<_> = inputs.iter().map(|input| vec![GONE; input.file.entry.rows as usize]).collect();
    let mut written = 0;
    let mut rows: Vec<RowAt> = vec![];
    while let Some(Reverse((_, at))) = heap.pop() {
        let cursor = &mut cursors[at];
        rows.push((cursor.source, cursor.row));
        moved[at][cursor.row_number() as usize] = written;
        written += 1;
        cursor.advance(&mut sources)?;
        heap.extend(cursor.key().map(|key| Reverse((key, at))));
        if rows.len() == MAX_BLOCK_ROWS {
            push(writer, &sources, &rows)?;
            rows.clear();
            // Only the blocks that cursors stand in are needed further on.
            sources.clear();
            for cursor in &mut cursors {
                if let Some(block) = &cursor.block {
                    cursor.source = sources.len();
                    sources.push(block.clone());
                }
            }
        }
    }
    if !rows.is_empty() {
        push(writer, &sources, &rows)?;
    }
    Ok(moved)
}

fn push(writer: &mut EventWriter, blocks: &[Arc<Block>], rows: &[RowAt]) -> Result<(), WriteError> {
    let sources: Vec<&dyn RowSource> = blocks.iter().map(|block| &**block as _).collect();
    writer.push(&sources, rows)
}

/// Puts the output in place of the inputs.
fn commit(
    slot: &Slot,
    inputs: &[ListedEvents],
    output: Option<Arc<EventFile>>,
    moved: &[Vec<u32>],
) -> Result<(), WriteError> {
    let mut committed = slot.manifest();
    let mut manifest = committed.clone();
    manifest.files.retain(|listed| inputs.iter().all(|input| input.file.entry.number != listed.entry.number));
    {
        let state = slot.state();
        list_deleted(&mut manifest, &state);
        if let Some(output) = &output {
            let deleted = Arc::new(superseded_since(&state.files, inputs, moved));
            manifest.files.push(ListedFile { entry: output.entry.clone(), deleted });
        }
    }
    manifest.commit(slot.disk.as_ref(), &slot.paths.manifest())?;
    {
        let mut state = slot.state();
        // Once more: batches were applied while the manifest was written.
        let deleted = Arc::new(superseded_since(&state.files, inputs, moved));
        for input in inputs {
            if let Some(old) = state.files.remove(&input.file.entry.number) {
                old.file.set_replaced();
            }
        }
        if let Some(file) = output {
            state.files.insert(file.entry.number, ListedEvents { file, deleted });
        }
    }
    *committed = manifest;
    Ok(())
}

/// Rows of the inputs that were superseded while they were merged, as rows of the output.
fn superseded_since(files: &Files, inputs: &[ListedEvents], moved: &[Vec<u32>]) -> RoaringBitmap {
    let mut rows = RoaringBitmap::new();
    for (input, moved) in inputs.iter().zip(moved) {
        if let Some(now) = files.get(&input.file.entry.number) {
            let news = &*now.deleted - &*input.deleted;
            rows.extend(news.into_iter().map(|row| moved[row as usize]).filter(|&row| row != GONE));
        }
    }
    rows
}
