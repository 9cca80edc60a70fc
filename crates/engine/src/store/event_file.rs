//! A file of events, and how it is read.

mod lookup;

use crate::disk::Disk;
use crate::store::block::{Block, Details, MAX_BLOCK_ROWS};
use crate::store::checked::CheckedReader;
use crate::store::column::PropertyColumn;
use crate::store::envelope;
use crate::store::hot::HotColumn;
use crate::store::index::{self, FileIndex};
use crate::store::insert_id::InsertIds;
use crate::store::lexicon::PropertyKind;
use crate::store::paths::{ProjectPaths, Week};
use crate::store::prefetch::Prefetched;
use crate::store::scan::{ReadError, Scan};
use crate::store::schema;
use arrow_array::cast::AsArray;
use arrow_array::types::{TimestampMillisecondType, UInt8Type, UInt32Type};
use arrow_array::{Array, RecordBatch, StringArray};
use domain::PropertyName;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection,
};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::PageIndexPolicy;
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// What the manifest says of a file, so that it is known what is lost should the file be.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct FileEntry {
    pub(crate) number: u64,
    pub(crate) week: Week,
    pub(crate) rows: u32,
    pub(crate) earliest: i64,
    pub(crate) latest: i64,
}

/// An open file. Dropped when neither the manifest nor a snapshot needs it; if it was replaced,
/// it is then removed.
#[derive(Debug)]
pub(crate) struct EventFile {
    pub(crate) entry: FileEntry,
    disk: Arc<dyn Disk>,
    path: PathBuf,
    index_path: PathBuf,
    /// `Err`: why it cannot be read.
    index: Result<FileIndex, String>,
    footer: OnceLock<Footer>,
    replaced: AtomicBool,
    /// What a read found wrong first.
    found: OnceLock<String>,
}

#[derive(Debug)]
struct Footer {
    metadata: ArrowReaderMetadata,
    properties: BTreeMap<PropertyName, Vec<(PropertyKind, usize)>>,
    insert_text: Option<usize>,
    rest: Option<usize>,
}

/// A property column of a file, for planning a compaction.
#[derive(Clone, Debug)]
pub(crate) struct ColumnStats {
    pub(crate) name: PropertyName,
    pub(crate) kind: PropertyKind,
    pub(crate) values: u64,
    pub(crate) compressed: bool,
}

impl EventFile {
    /// A file that was just written.
    pub(crate) fn new(disk: Arc<dyn Disk>, paths: &ProjectPaths, entry: FileEntry, index: FileIndex) -> Self {
        Self::with_index(disk, paths, entry, Ok(index))
    }

    /// A file that the manifest lists. One that is damaged stays in the list: a question that
    /// would need it must fail, not leave it out.
    pub(crate) fn open(disk: Arc<dyn Disk>, paths: &ProjectPaths, entry: FileEntry) -> Self {
        let index = load_index(disk.as_ref(), paths, &entry);
        Self::with_index(disk, paths, entry, index)
    }

    fn with_index(
        disk: Arc<dyn Disk>,
        paths: &ProjectPaths,
        entry: FileEntry,
        index: Result<FileIndex, String>,
    ) -> Self {
        let path = paths.event_file(entry.week, entry.number);
        let index_path = paths.event_index(entry.week, entry.number);
        Self {
            entry,
            disk,
            path,
            index_path,
            index,
            footer: OnceLock::new(),
            replaced: AtomicBool::new(false),
            found: OnceLock::new(),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Why the file cannot be read, if that is known.
    pub(crate) fn damage(&self) -> Option<&str> {
        self.index.as_ref().err().or_else(|| self.found.get()).map(String::as_str)
    }

    /// The manifest does not list it any more: remove it once nobody reads it.
    pub(crate) fn set_replaced(&self) {
        self.replaced.store(true, Ordering::Release);
    }

    pub(crate) fn index(&self) -> Result<&FileIndex, ReadError> {
        self.index.as_ref().map_err(|what| self.damaged(what.clone()))
    }

    /// Whether a time of the half-open range may be in it.
    pub(crate) fn overlaps(&self, start: i64, end: i64) -> bool {
        self.entry.earliest < end && start <= self.entry.latest
    }

    pub(crate) fn may_contain(&self, time: i64, hash: u64) -> bool {
        let covers = self.entry.earliest <= time && time <= self.entry.latest;
        covers && self.index.as_ref().is_ok_and(|index| index.keys.may_contain(hash))
    }

    pub(crate) fn reader(&self) -> Result<CheckedReader, ReadError> {
        let index = self.index()?;
        let file = self.disk.open_read(&self.path).map_err(|error| self.failed(error))?;
        Ok(CheckedReader::new(file, index.checksums.clone()))
    }

    fn footer(&self) -> Result<&Footer, ReadError> {
        if let Some(footer) = self.footer.get() {
            return Ok(footer);
        }
        let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Required);
        let metadata =
            ArrowReaderMetadata::load(&self.reader()?, options).map_err(|error| self.undecodable(error))?;
        let mut properties: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let (mut insert_text, mut rest) = (None, None);
        for (at, field) in metadata.schema().fields().iter().enumerate().skip(schema::FIXED) {
            match schema::property_of(field.name()) {
                Some((kind, name)) => {
                    properties.entry(PropertyName::from(name)).or_default().push((kind, at));
                }
                None if field.name() == schema::INSERT_TEXT => insert_text = Some(at),
                None if field.name() == schema::REST => rest = Some(at),
                None => {}
            }
        }
        Ok(self.footer.get_or_init(|| Footer { metadata, properties, insert_text, rest }))
    }

    pub(crate) fn has_long_ids(&self) -> Result<bool, ReadError> {
        Ok(self.footer()?.insert_text.is_some())
    }

    pub(crate) fn has_rest(&self) -> Result<bool, ReadError> {
        Ok(self.footer()?.rest.is_some())
    }

    pub(crate) fn property_columns(&self) -> Result<Vec<ColumnStats>, ReadError> {
        let footer = self.footer()?;
        let groups = footer.metadata.metadata().row_groups();
        let mut columns = vec![];
        for (name, kinds) in &footer.properties {
            for &(kind, at) in kinds {
                let nulls = |group: &parquet::file::metadata::RowGroupMetaData| {
                    group
                        .column(at)
                        .statistics()
                        .and_then(|statistics| statistics.null_count_opt())
                        .unwrap_or(0)
                };
                let values =
                    groups.iter().map(|group| (group.num_rows() as u64).saturating_sub(nulls(group))).sum();
                let compressed =
                    groups.iter().any(|group| group.column(at).compression() != Compression::UNCOMPRESSED);
                columns.push(ColumnStats { name: name.clone(), kind, values, compressed });
            }
        }
        Ok(columns)
    }

    /// Which columns of which row groups lie in a range of bytes.
    pub(crate) fn columns_at(&self, offset: u64, length: u64) -> Result<Vec<(usize, String)>, ReadError> {
        let footer = self.footer()?;
        let mut found = vec![];
        for (group, metadata) in footer.metadata.metadata().row_groups().iter().enumerate() {
            for column in metadata.columns() {
                let (start, bytes) = column.byte_range();
                if start < offset + length && offset < start + bytes {
                    found.push((group, column.column_path().string()));
                }
            }
        }
        Ok(found)
    }

    /// Reads rows of one row group: ranges of row numbers of the file, ascending.
    pub(crate) fn read(
        &self,
        group: usize,
        rows: &[Range<u32>],
        scan: &Scan,
        canonical: &[u32],
    ) -> Result<Block, ReadError> {
        let footer = self.footer()?;
        let mut roots = vec![schema::EVENT, schema::PERSON, schema::TIME];
        if scan.wants_details() {
            roots.extend(schema::TIME + 1..schema::FIXED);
            roots.extend(footer.insert_text);
        }
        let wanted = footer.properties.iter().filter(|(name, _)| scan.wants_property(name));
        let columns: Vec<_> =
            wanted.flat_map(|(name, kinds)| kinds.iter().map(move |&(kind, at)| (name, kind, at))).collect();
        roots.extend(columns.iter().map(|(_, _, at)| at));
        if scan.all_properties || !scan.properties.is_empty() {
            roots.extend(footer.rest);
        }
        roots.sort_unstable();
        let batch = self.read_columns(footer, group, rows, &roots)?;
        let column = |at: usize| roots.binary_search(&at).ok().map(|place| batch.column(place));
        let mut properties: BTreeMap<PropertyName, PropertyColumn> = BTreeMap::new();
        for (name, kind, at) in columns {
            let Some(array) = column(at).filter(|array| array.null_count() < array.len()) else { continue };
            let property = properties.entry(name.clone()).or_default();
            match kind {
                PropertyKind::String => property.strings = Some(array.as_dictionary().clone()),
                PropertyKind::Integer => property.ints = Some(array.as_primitive().clone()),
                PropertyKind::Float => property.floats = Some(array.as_primitive().clone()),
                PropertyKind::Boolean => property.bools = Some(array.as_boolean().clone()),
                PropertyKind::Json => property.json = Some(array.as_dictionary().clone()),
            }
        }
        if let Some(rest) = footer.rest.and_then(column) {
            self.read_rest(rest.as_string(), scan, &mut properties)?;
        }
        let details = scan.wants_details().then(|| details(footer, &batch, &roots));
        let distinct = ids(&batch, 1);
        let people = match canonical {
            [] => distinct.clone(),
            _ => distinct
                .iter()
                .map(|&id| canonical.get(id as usize).copied().unwrap_or(id))
                .collect::<Vec<u32>>()
                .into(),
        };
        Ok(Block {
            events: ids(&batch, 0),
            times: times(&batch, 2),
            people,
            distinct,
            details,
            properties: properties.into_iter().collect(),
        })
    }

    fn read_columns(
        &self,
        footer: &Footer,
        group: usize,
        rows: &[Range<u32>],
        roots: &[usize],
    ) -> Result<RecordBatch, ReadError> {
        let metadata = footer.metadata.metadata();
        let group_rows = metadata.row_group(group).num_rows() as usize;
        let first = group * MAX_BLOCK_ROWS;
        let wanted: usize = rows.iter().map(|range| range.len()).sum();
        let mut reader = Prefetched::new(self.reader()?);
        if wanted * 2 >= group_rows {
            for &root in roots {
                let (start, length) = metadata.row_group(group).column(root).byte_range();
                reader.fetch(start, length as usize).map_err(|error| self.failed(error))?;
            }
        }
        let mask = ProjectionMask::roots(footer.metadata.parquet_schema(), roots.iter().copied());
        let mut builder = ParquetRecordBatchReaderBuilder::new_with_metadata(reader, footer.metadata.clone())
            .with_row_groups(vec![group])
            .with_projection(mask)
            .with_batch_size(wanted.max(1));
        if wanted < group_rows {
            let ranges = rows.iter().map(|range| range.start as usize - first..range.end as usize - first);
            builder = builder.with_row_selection(RowSelection::from_consecutive_ranges(ranges, group_rows));
        }
        let mut batches = builder.build().map_err(|error| self.undecodable(error))?;
        match batches.next() {
            Some(Ok(batch)) if batch.num_rows() == wanted => Ok(batch),
            Some(Err(error)) => Err(self.damaged(error.to_string())),
            _ => Err(self.damaged("a row group has fewer rows than it should".to_owned())),
        }
    }

    /// Properties that have no column of their own.
    fn read_rest(
        &self,
        rest: &StringArray,
        scan: &Scan,
        properties: &mut BTreeMap<PropertyName, PropertyColumn>,
    ) -> Result<(), ReadError> {
        let mut columns: BTreeMap<PropertyName, HotColumn> = BTreeMap::new();
        for (row, text) in rest.iter().enumerate() {
            let Some(text) = text else { continue };
            let values: BTreeMap<PropertyName, domain::PropertyValue> = serde_json::from_str(text)
                .map_err(|_| self.damaged("properties of the rest column are not JSON".to_owned()))?;
            for (name, value) in values {
                if scan.wants_property(&name) {
                    let column = columns.entry(name).or_insert_with_key(|name| HotColumn::new(name.clone()));
                    column.push(row as u32, &value);
                }
            }
        }
        for (name, column) in columns {
            let from_rest = column.dense(rest.len());
            let property = properties.entry(name).or_default();
            // A kind of a property is in its column or in the rest column of a file, never in both.
            property.strings = property.strings.take().or(from_rest.strings);
            property.ints = property.ints.take().or(from_rest.ints);
            property.floats = property.floats.take().or(from_rest.floats);
            property.bools = property.bools.take().or(from_rest.bools);
            property.json = property.json.take().or(from_rest.json);
        }
        Ok(())
    }

    fn damaged(&self, what: String) -> ReadError {
        let what = self.found.get_or_init(|| what).clone();
        ReadError::Damaged { file: self.path.display().to_string(), what }
    }

    fn failed(&self, error: io::Error) -> ReadError {
        match error.kind() {
            io::ErrorKind::InvalidData => self.damaged(error.to_string()),
            io::ErrorKind::UnexpectedEof => self.damaged("it is cut short".to_owned()),
            io::ErrorKind::NotFound => self.damaged("it is gone".to_owned()),
            _ => ReadError::Disk { file: self.path.display().to_string(), source: Arc::new(error) },
        }
    }

    fn undecodable(&self, error: ParquetError) -> ReadError {
        match error {
            ParquetError::External(source) => match source.downcast::<io::Error>() {
                Ok(error) => self.failed(*error),
                Err(other) => self.damaged(other.to_string()),
            },
            other => self.damaged(other.to_string()),
        }
    }
}

impl Drop for EventFile {
    fn drop(&mut self) {
        if self.replaced.load(Ordering::Acquire) {
            for path in [&self.path, &self.index_path] {
                // Should it fail, the file is unlisted and goes at the next start.
                if let Err(error) = self.disk.remove(path) {
                    tracing::warn!(file = %path.display(), %error, "cannot remove a replaced file");
                }
            }
        }
    }
}

fn load_index(disk: &dyn Disk, paths: &ProjectPaths, entry: &FileEntry) -> Result<FileIndex, String> {
    let path = paths.event_index(entry.week, entry.number);
    let content = envelope::read(disk, &path, index::KIND)
        .map_err(|error| format!("its index {} cannot be read: {error}", path.display()))?;
    let index = FileIndex::decode(&content)
        .filter(|index| {
            index.rows == entry.rows && index.earliest == entry.earliest && index.latest == entry.latest
        })
        .ok_or_else(|| format!("its index {} does not fit the manifest", path.display()))?;
    let length = disk.open_read(&paths.event_file(entry.week, entry.number)).and_then(|file| file.length());
    match length {
        Ok(length) if length == index.checksums.length => Ok(index),
        Ok(length) => Err(format!("it has {length} bytes, not {}", index.checksums.length)),
        Err(error) => Err(format!("cannot open it: {error}")),
    }
}

fn ids(batch: &RecordBatch, at: usize) -> arrow_buffer::ScalarBuffer<u32> {
    batch.column(at).as_primitive::<UInt32Type>().values().clone()
}

fn times(batch: &RecordBatch, at: usize) -> arrow_buffer::ScalarBuffer<i64> {
    batch.column(at).as_primitive::<TimestampMillisecondType>().values().clone()
}

/// Of a batch that begins with all the fixed columns.
fn details(footer: &Footer, batch: &RecordBatch, roots: &[usize]) -> Details {
    Details {
        devices: ids(batch, schema::DEVICE),
        users: ids(batch, schema::USER),
        received: times(batch, schema::RECEIVED),
        insert_ids: insert_ids(batch, roots, footer.insert_text),
    }
}

fn insert_ids(batch: &RecordBatch, roots: &[usize], insert_text: Option<usize>) -> InsertIds {
    let place = insert_text.and_then(|at| roots.binary_search(&at).ok());
    InsertIds {
        forms: batch.column(schema::INSERT_FORM).as_primitive::<UInt8Type>().clone(),
        bytes: batch.column(schema::INSERT_ID).as_fixed_size_binary().clone(),
        long: place.map(|place| batch.column(place).as_string().clone()),
    }
}
