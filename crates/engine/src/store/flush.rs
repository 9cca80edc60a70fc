//! From memory to files: what was applied up to a position of the log becomes files of events,
//! people, facts and profiles, and one commit of the manifest makes all of it count.

use crate::log::LogPosition;
use crate::store::append_file::{self, Extent};
use crate::store::block::MAX_BLOCK_ROWS;
use crate::store::envelope;
use crate::store::error::WriteError;
use crate::store::event_file::{EventFile, FileEntry};
use crate::store::event_writer::{EventWriter, RowAt};
use crate::store::generation::{Part, Place};
use crate::store::hot::HotChunk;
use crate::store::ids_file;
use crate::store::index::{self, FileIndex};
use crate::store::insert_id;
use crate::store::lexicon::{Lexicon, PropertyKind};
use crate::store::manifest::{ListedFile, Manifest};
use crate::store::paths::Week;
use crate::store::profiles::Flushed;
use crate::store::project::{ListedEvents, Project};
use crate::store::schema::{ColumnPlan, FilePlan, MAX_PROPERTY_COLUMNS};
use crate::store::slot::Slot;
use crate::store::source::RowSource;
use domain::PropertyName;
use roaring::RoaringBitmap;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use std::sync::{Arc, MutexGuard, PoisonError};

/// Text of at least this length on average is compressed …
const WIDE_TEXT: usize = 32;
/// … and text of which this share or more of the values are different.
const WIDE_SHARE: usize = 4;

/// A new file, and which row of memory each of its rows was.
#[derive(Debug)]
struct NewFile {
    file: Arc<EventFile>,
    rows: Vec<RowAt>,
}

/// What a flush has written. It counts once a manifest lists it. Should the commit fail, nobody
/// knows which manifest is on disk: then the same is listed again, never something else written
/// in its place.
#[derive(Debug)]
pub(crate) struct Prepared {
    position: LogPosition,
    people: Extent,
    identity: Extent,
    profiles: Flushed,
    lexicon: Arc<Lexicon>,
    files: Vec<NewFile>,
    /// Superseded rows of memory when it was sealed.
    before: Vec<Arc<RoaringBitmap>>,
}

/// Writes what is in memory alone. Returns the position up to which everything is in files now;
/// `None`: there was nothing to do. After an error nothing is lost and it can be tried again.
pub(crate) fn flush(slot: &Slot) -> Result<Option<LogPosition>, WriteError> {
    let mut pending = slot.one_flush();
    let prepared = match pending.take() {
        Some(prepared) => prepared,
        None => match prepare(slot)? {
            Some(prepared) => prepared,
            None => return Ok(None),
        },
    };
    let position = prepared.position;
    let (committed, manifest) = match commit(slot, &prepared) {
        Ok(committed) => committed,
        Err(error) => {
            *pending = Some(prepared);
            return Err(error.into());
        }
    };
    install(slot, prepared, committed, manifest);
    Ok(Some(position))
}

fn prepare(slot: &Slot) -> Result<Option<Prepared>, WriteError> {
    let (parts, position, people, facts, lexicon, profiles, registry) = {
        let mut state = slot.state();
        let Some(flushing) = state.seal() else { return Ok(None) };
        let parts = flushing.generation.parts().to_vec();
        let (position, people) = (flushing.position, flushing.people);
        let (facts, lexicon) = (flushing.facts.clone(), flushing.lexicon.clone());
        (parts, position, people, facts, lexicon, state.profiles.clone(), state.registry.clone())
    };
    let disk = slot.disk.as_ref();
    disk.create_dir(&slot.paths.events())?;
    let (listed_people, listed_facts) = {
        let manifest = slot.manifest();
        (manifest.people, manifest.identity)
    };
    let new_people = {
        let registry = registry.read().unwrap_or_else(PoisonError::into_inner);
        ids_file::encode_people(&registry.pseudonyms()[ids_file::people_in(listed_people)..people])
    };
    let people = append_file::append(disk, &slot.paths.people(), listed_people, &new_people)?;
    let new_facts = ids_file::encode_facts(&facts);
    let identity = append_file::append(disk, &slot.paths.identity(), listed_facts, &new_facts)?;
    let profiles = profiles.write(&slot.disk, &slot.paths)?;
    let files = write_events(slot, &parts, &lexicon)?;
    let before = parts.iter().map(|part| part.deleted.clone()).collect();
    let prepared = Prepared { position, people, identity, profiles, lexicon, files, before };
    if let Err(error) = disk.sync_dir(&slot.paths.events()) {
        prepared.files.iter().for_each(|new| new.file.set_replaced());
        return Err(error.into());
    }
    Ok(Some(prepared))
}

/// From its return on, the new files count.
fn commit<'a>(slot: &'a Slot, prepared: &Prepared) -> std::io::Result<(MutexGuard<'a, Manifest>, Manifest)> {
    let committed = slot.manifest();
    let mut manifest = Manifest {
        position: prepared.position,
        people: prepared.people,
        identity: prepared.identity,
        profiles: prepared.profiles.listed,
        lexicon: prepared.lexicon.entries().to_vec(),
        ..committed.clone()
    };
    {
        let state = slot.state();
        list_deleted(&mut manifest, &state);
        let deleted = translate(&state.superseded_since(&prepared.before), &prepared.files);
        manifest.files.extend(
            prepared.files.iter().zip(deleted).map(|(new, deleted)| ListedFile {
                entry: new.file.entry.clone(),
                deleted: Arc::new(deleted),
            }),
        );
    }
    manifest.commit(slot.disk.as_ref(), &slot.paths.manifest())?;
    Ok((committed, manifest))
}

/// From here on, readers take the rows from the files.
fn install(slot: &Slot, prepared: Prepared, mut committed: MutexGuard<'_, Manifest>, manifest: Manifest) {
    let mut state = slot.state();
    // Once more: batches were applied while the manifest was written.
    let deleted = translate(&state.superseded_since(&prepared.before), &prepared.files);
    for (new, deleted) in prepared.files.into_iter().zip(deleted) {
        let listed = ListedEvents { file: new.file, deleted: Arc::new(deleted) };
        state.files.insert(listed.file.entry.number, listed);
    }
    state.flushing = None;
    state.profiles.install(prepared.profiles);
    *committed = manifest;
}

/// Brings the bitmaps of the listed files up to date.
pub(crate) fn list_deleted(manifest: &mut Manifest, state: &Project) {
    for listed in &mut manifest.files {
        if let Some(current) = state.files.get(&listed.entry.number) {
            listed.deleted = current.deleted.clone();
        }
    }
}

/// Rows of memory as rows of the new files.
fn translate(superseded: &[Place], files: &[NewFile]) -> Vec<RoaringBitmap> {
    let mut bitmaps = vec![RoaringBitmap::new(); files.len()];
    if superseded.is_empty() {
        return bitmaps;
    }
    let wanted: FxHashSet<RowAt> =
        superseded.iter().map(|place| (place.part(), place.row() as usize)).collect();
    for (bitmap, new) in bitmaps.iter_mut().zip(files) {
        let rows = new.rows.iter().zip(0u32..).filter(|(row, _)| wanted.contains(row));
        bitmap.extend(rows.map(|(_, at)| at));
    }
    bitmaps
}

fn write_events(slot: &Slot, parts: &[Part], lexicon: &Lexicon) -> Result<Vec<NewFile>, WriteError> {
    let mut weeks: BTreeMap<Week, Vec<RowAt>> = BTreeMap::new();
    for (at, part) in parts.iter().enumerate() {
        for (row, &time) in part.chunk.times.iter().enumerate() {
            if !part.deleted.contains(row as u32) {
                weeks.entry(Week::of(time)).or_default().push((at, row));
            }
        }
    }
    let chunks: Vec<&HotChunk> = parts.iter().map(|part| &*part.chunk).collect();
    let mut files = vec![];
    for (week, mut rows) in weeks {
        rows.sort_by_cached_key(|&(part, row)| {
            let key = chunks[part].key(row);
            (key.event, key.distinct, key.time, key.insert_id)
        });
        let plan = plan(&chunks, &rows, lexicon);
        let sources: Vec<&dyn RowSource> = chunks.iter().map(|&chunk| chunk as _).collect();
        let written = write_file(slot, week, plan, rows.len(), |writer| {
            rows.chunks(MAX_BLOCK_ROWS).try_for_each(|group| writer.push(&sources, group))
        });
        match written {
            Ok(file) => files.push(NewFile { file, rows }),
            Err(error) => {
                files.iter().for_each(|new: &NewFile| new.file.set_replaced());
                return Err(error);
            }
        }
    }
    Ok(files)
}

/// Writes a file of events with its index, and makes their content durable. Leaves nothing behind
/// if it fails: the disk may be full.
pub(crate) fn write_file(
    slot: &Slot,
    week: Week,
    plan: FilePlan,
    rows: usize,
    fill: impl FnOnce(&mut EventWriter) -> Result<(), WriteError>,
) -> Result<Arc<EventFile>, WriteError> {
    let number = slot.next_file();
    let disk = slot.disk.as_ref();
    let (path, index_path) = (slot.paths.event_file(week, number), slot.paths.event_index(week, number));
    let write = || -> Result<FileIndex, WriteError> {
        let mut writer = EventWriter::create(disk, &path, plan, rows)?;
        fill(&mut writer)?;
        let index = writer.finish()?;
        envelope::create(disk, &index_path, &envelope::wrap(index::KIND, &index.encode()))?;
        Ok(index)
    };
    match write() {
        Ok(index) => {
            let (rows, earliest, latest) = (index.rows, index.earliest, index.latest);
            let entry = FileEntry { number, week, rows, earliest, latest };
            Ok(Arc::new(EventFile::new(slot.disk.clone(), &slot.paths, entry, index)))
        }
        Err(error) => {
            for path in [path, index_path] {
                // What cannot be removed now is unlisted, and goes at the next start.
                let _ = envelope::remove_if_there(disk, &path);
            }
            Err(error)
        }
    }
}

/// Which columns the rows need.
fn plan(chunks: &[&HotChunk], rows: &[RowAt], lexicon: &Lexicon) -> FilePlan {
    #[derive(Default)]
    struct Seen {
        values: u64,
        texts: usize,
        text_bytes: usize,
    }
    let mut used = vec![false; chunks.len()];
    let mut events = RoaringBitmap::new();
    let mut long_ids = false;
    for &(chunk, row) in rows {
        used[chunk] = true;
        events.insert(chunks[chunk].events[row]);
        long_ids |= chunks[chunk].insert_ids[row].form == insert_id::LONG;
    }
    let mut columns: BTreeMap<(PropertyName, PropertyKind), Seen> = BTreeMap::new();
    for (chunk, _) in chunks.iter().zip(used).filter(|(_, used)| *used) {
        for column in &chunk.columns {
            for (kind, present) in column.kinds() {
                let seen = columns.entry((column.name.clone(), kind)).or_default();
                seen.values += present.len() as u64;
                if let Some(dictionary) = column.dictionary(kind) {
                    seen.texts += dictionary.len();
                    seen.text_bytes += dictionary.bytes();
                }
            }
        }
    }
    let columns = columns.into_iter().map(|((name, kind), seen)| {
        let wide = seen.texts > 0
            && (seen.text_bytes / seen.texts >= WIDE_TEXT
                || seen.texts as u64 * WIDE_SHARE as u64 >= seen.values);
        (seen.values, ColumnPlan { name, kind, wide })
    });
    limit_columns(columns.collect(), long_ids, false, lexicon, &events)
}

/// Keeps the most frequent columns; the others go to the rest column.
pub(crate) fn limit_columns(
    mut columns: Vec<(u64, ColumnPlan)>,
    long_ids: bool,
    rest: bool,
    lexicon: &Lexicon,
    events: &RoaringBitmap,
) -> FilePlan {
    let rest = rest || columns.len() > MAX_PROPERTY_COLUMNS;
    columns.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| x.cmp(y)));
    columns.truncate(MAX_PROPERTY_COLUMNS);
    let mut properties: Vec<_> = columns.into_iter().map(|(_, column)| column).collect();
    properties.sort();
    let names: BTreeMap<u32, &str> = events
        .iter()
        .filter_map(|id| lexicon.name(super::EventId(id)).map(|name| (id, name.as_str())))
        .collect();
    let event_names = serde_json::to_string(&names).expect("numbers and names are JSON");
    FilePlan { properties, long_ids, rest, event_names }
}
