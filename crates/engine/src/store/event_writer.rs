//! Writes sorted rows to a Parquet file and works out its index.

use crate::disk::Disk;
use crate::store::NOBODY;
use crate::store::bloom::Bloom;
use crate::store::checked::CheckedWriter;
use crate::store::error::WriteError;
use crate::store::index::FileIndex;
use crate::store::insert_id;
use crate::store::schema::{self, FilePlan};
use crate::store::source::RowSource;
use arrow_array::{
    Array, ArrayRef, FixedSizeBinaryArray, RecordBatch, StringArray, TimestampMillisecondArray, UInt8Array,
    UInt32Array, new_null_array,
};
use arrow_buffer::Buffer;
use arrow_schema::SchemaRef;
use arrow_select::interleave::interleave;
use parquet::arrow::ArrowWriter;
use rustc_hash::FxHashSet;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// A row of one of several sources.
pub(crate) type RowAt = (usize, usize);

#[derive(Debug)]
pub(crate) struct EventWriter {
    writer: ArrowWriter<CheckedWriter>,
    schema: SchemaRef,
    plan: FilePlan,
    keys: Bloom,
    rows: u32,
    earliest: i64,
    latest: i64,
    events: Vec<(u32, Range<u32>)>,
}

impl EventWriter {
    /// `rows`: about how many will come.
    pub(crate) fn create(
        disk: &dyn Disk,
        path: &Path,
        plan: FilePlan,
        rows: usize,
    ) -> Result<Self, WriteError> {
        let file = CheckedWriter::create(disk, path)?;
        let schema: SchemaRef = Arc::new(plan.schema());
        let writer = ArrowWriter::try_new(file, schema.clone(), Some(plan.writer_properties()))?;
        Ok(Self {
            writer,
            schema,
            plan,
            keys: Bloom::with_capacity(rows),
            rows: 0,
            earliest: i64::MAX,
            latest: i64::MIN,
            events: vec![],
        })
    }

    /// Adds rows, which come in the order of the file: a whole row group, or the last rows.
    pub(crate) fn push(&mut self, sources: &[&dyn RowSource], rows: &[RowAt]) -> Result<(), WriteError> {
        for &(source, row) in rows {
            let key = sources[source].key(row);
            self.keys.insert(key.hash());
            self.earliest = self.earliest.min(key.time);
            self.latest = self.latest.max(key.time);
            match self.events.last_mut() {
                Some((event, range)) if *event == key.event => range.end += 1,
                _ => self.events.push((key.event, self.rows..self.rows + 1)),
            }
            self.rows += 1;
        }
        let batch = record_batch(&self.schema, &self.plan, sources, rows)?;
        self.writer.write(&batch)?;
        self.writer.flush()?;
        Ok(())
    }

    /// Makes the content durable, not yet the name.
    pub(crate) fn finish(self) -> Result<FileIndex, WriteError> {
        let checksums = self.writer.into_inner()?.finish()?;
        Ok(FileIndex {
            rows: self.rows,
            earliest: self.earliest,
            latest: self.latest,
            checksums: Arc::new(checksums),
            events: self.events,
            keys: self.keys,
        })
    }
}

fn record_batch(
    schema: &SchemaRef,
    plan: &FilePlan,
    sources: &[&dyn RowSource],
    rows: &[RowAt],
) -> Result<RecordBatch, WriteError> {
    let ids = |column: fn(&dyn RowSource) -> &[u32]| -> ArrayRef {
        let values = rows.iter().map(|&(source, row)| column(sources[source])[row]);
        Arc::new(UInt32Array::from_iter_values(values))
    };
    let times = |column: fn(&dyn RowSource) -> &[i64]| -> ArrayRef {
        let values = rows.iter().map(|&(source, row)| column(sources[source])[row]);
        Arc::new(TimestampMillisecondArray::from_iter_values(values).with_timezone("UTC"))
    };
    let forms = rows.iter().map(|&(source, row)| sources[source].packed_id(row).form);
    let raw: Vec<u8> = rows.iter().flat_map(|&(source, row)| sources[source].packed_id(row).bytes).collect();
    let mut columns: Vec<ArrayRef> = vec![
        ids(|source| source.events()),
        ids(|source| source.distinct()),
        times(|source| source.times()),
        Arc::new(UInt8Array::from_iter_values(forms)),
        Arc::new(FixedSizeBinaryArray::new(insert_id::WIDTH as i32, Buffer::from_vec(raw), None)),
        ids(|source| source.devices()),
        ids(|source| source.users()),
        times(|source| source.received()),
    ];
    for column in &plan.properties {
        let data_type = schema::data_type(column.kind);
        let arrays: Vec<ArrayRef> = sources
            .iter()
            .map(|source| {
                let array = source.property(&column.name, column.kind);
                array.unwrap_or_else(|| new_null_array(&data_type, source.events().len()))
            })
            .collect();
        let arrays: Vec<&dyn Array> = arrays.iter().map(|array| array.as_ref()).collect();
        columns.push(interleave(&arrays, rows)?);
    }
    if plan.long_ids {
        let texts = rows.iter().map(|&(source, row)| sources[source].long_id(row));
        columns.push(Arc::new(texts.collect::<StringArray>()));
    }
    if plan.rest {
        columns.push(Arc::new(rest(plan, sources, rows)));
    }
    Ok(RecordBatch::try_new(schema.clone(), columns)?)
}

/// Properties that have no column in this file.
fn rest(plan: &FilePlan, sources: &[&dyn RowSource], rows: &[RowAt]) -> StringArray {
    let columns: FxHashSet<_> = plan.properties.iter().map(|column| (&column.name, column.kind)).collect();
    rows.iter()
        .map(|&(source, row)| {
            let left = sources[source].overflow(row, &|name, kind| !columns.contains(&(name, kind)));
            (!left.is_empty()).then(|| serde_json::to_string(&left).expect("names and values are JSON"))
        })
        .collect()
}

const _: () = assert!(NOBODY == u32::MAX, "the schema's documentation says so");
