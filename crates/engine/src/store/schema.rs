//! Columns of a Parquet file of events.
//!
//! | column | type | what |
//! |---|---|---|
//! | `event` | u32 | `EventId`; names are in the footer under `bulkhead.events`, as a JSON object |
//! | `person` | u32 | `PersonId` before merges; 4294967295: none |
//! | `time`, `received` | timestamp, ms, UTC | |
//! | `device`, `user` | u32 | `PersonId`; 4294967295: none |
//! | `insert_form`, `insert_id` | u8, 16 bytes | see `insert_id.rs` |
//! | `insert_text` | text | long insert ids; absent if there is none |
//! | `s:x` `i:x` `f:x` `b:x` `j:x` | text, i64, f64, bool, JSON | property `x`, by kind of value |
//! | `rest` | JSON | properties beyond the limit of columns, as an object; absent if there is none |
//!
//! Rows are sorted by (event, person, time, insert form, insert id). Row groups have
//! [`MAX_BLOCK_ROWS`](super::block::MAX_BLOCK_ROWS) rows. Hot columns are not compressed:
//! decoding them is what bounds a query.

use crate::store::insert_id;
use crate::store::lexicon::PropertyKind;
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use domain::PropertyName;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::schema::types::ColumnPath;

pub(crate) const EVENT: usize = 0;
pub(crate) const PERSON: usize = 1;
pub(crate) const TIME: usize = 2;
pub(crate) const INSERT_FORM: usize = 3;
pub(crate) const INSERT_ID: usize = 4;
pub(crate) const DEVICE: usize = 5;
pub(crate) const USER: usize = 6;
pub(crate) const RECEIVED: usize = 7;
/// Columns that every file has; others follow.
pub(crate) const FIXED: usize = 8;

pub(crate) const INSERT_TEXT: &str = "insert_text";
pub(crate) const REST: &str = "rest";

/// Property columns of a file at most: each costs a piece of footer per row group and memory
/// while it is written. The rarest go to the rest column.
pub(crate) const MAX_PROPERTY_COLUMNS: usize = 1_000;

/// Rows of a data page at most: what a point lookup decodes.
const PAGE_ROWS: usize = 8_192;

/// A property column of a file to be written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ColumnPlan {
    pub(crate) name: PropertyName,
    pub(crate) kind: PropertyKind,
    /// Long or ever-changing text: worth compressing.
    pub(crate) wide: bool,
}

/// Columns of a file to be written, beyond the fixed ones.
#[derive(Clone, Debug, Default)]
pub(crate) struct FilePlan {
    pub(crate) properties: Vec<ColumnPlan>,
    pub(crate) long_ids: bool,
    pub(crate) rest: bool,
    /// JSON object of `EventId` → name.
    pub(crate) event_names: String,
}

pub(crate) fn column_name(name: &PropertyName, kind: PropertyKind) -> String {
    let letter = match kind {
        PropertyKind::String => 's',
        PropertyKind::Integer => 'i',
        PropertyKind::Float => 'f',
        PropertyKind::Boolean => 'b',
        PropertyKind::Json => 'j',
    };
    format!("{letter}:{name}")
}

/// The property that a column holds, if it holds one.
pub(crate) fn property_of(column: &str) -> Option<(PropertyKind, &str)> {
    let kind = match column.split_at_checked(2)? {
        ("s:", _) => PropertyKind::String,
        ("i:", _) => PropertyKind::Integer,
        ("f:", _) => PropertyKind::Float,
        ("b:", _) => PropertyKind::Boolean,
        ("j:", _) => PropertyKind::Json,
        _ => return None,
    };
    Some((kind, &column[2..]))
}

pub(crate) fn data_type(kind: PropertyKind) -> DataType {
    match kind {
        PropertyKind::String | PropertyKind::Json => {
            DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
        }
        PropertyKind::Integer => DataType::Int64,
        PropertyKind::Float => DataType::Float64,
        PropertyKind::Boolean => DataType::Boolean,
    }
}

impl FilePlan {
    pub(crate) fn schema(&self) -> Schema {
        let time = || DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()));
        let mut fields = vec![
            Field::new("event", DataType::UInt32, false),
            Field::new("person", DataType::UInt32, false),
            Field::new("time", time(), false),
            Field::new("insert_form", DataType::UInt8, false),
            Field::new("insert_id", DataType::FixedSizeBinary(insert_id::WIDTH as i32), false),
            Field::new("device", DataType::UInt32, false),
            Field::new("user", DataType::UInt32, false),
            Field::new("received", time(), false),
        ];
        for column in &self.properties {
            fields.push(Field::new(column_name(&column.name, column.kind), data_type(column.kind), true));
        }
        if self.long_ids {
            fields.push(Field::new(INSERT_TEXT, DataType::Utf8, true));
        }
        if self.rest {
            fields.push(Field::new(REST, DataType::Utf8, true));
        }
        Schema::new(fields)
    }

    pub(crate) fn writer_properties(&self) -> WriterProperties {
        let zstd = || Compression::ZSTD(ZstdLevel::try_new(1).expect("one is a level of Zstandard"));
        let path = |name: &str| ColumnPath::new(vec![name.to_owned()]);
        let sorting = |column| SortingColumn { column_idx: column, descending: false, nulls_first: false };
        let order = [EVENT, PERSON, TIME, INSERT_FORM, INSERT_ID].map(|column| sorting(column as i32));
        let mut builder = WriterProperties::builder()
            .set_writer_version(WriterVersion::PARQUET_1_0)
            .set_created_by("bulkhead".to_owned())
            .set_max_row_group_row_count(Some(super::block::MAX_BLOCK_ROWS))
            .set_data_page_row_count_limit(PAGE_ROWS)
            .set_write_batch_size(PAGE_ROWS)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_sorting_columns(Some(order.to_vec()))
            .set_key_value_metadata(Some(vec![
                KeyValue::new("bulkhead.format".to_owned(), "1".to_owned()),
                KeyValue::new("bulkhead.events".to_owned(), self.event_names.clone()),
            ]));
        for name in ["event", "person", "time"] {
            builder = builder.set_column_statistics_enabled(path(name), EnabledStatistics::Page);
        }
        for name in ["person", "time", "received", "device", "user"] {
            builder = builder
                .set_column_dictionary_enabled(path(name), false)
                .set_column_encoding(path(name), Encoding::DELTA_BINARY_PACKED);
        }
        for name in ["received", "device", "user", INSERT_TEXT, REST] {
            builder = builder.set_column_compression(path(name), zstd());
        }
        builder = builder.set_column_dictionary_enabled(path("insert_id"), false);
        for column in self.properties.iter().filter(|column| column.wide) {
            builder = builder.set_column_compression(path(&column_name(&column.name, column.kind)), zstd());
        }
        builder.build()
    }
}
