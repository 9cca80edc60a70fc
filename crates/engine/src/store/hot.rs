//! Events that are in the log but not yet in a file, in typed columns.
//!
//! A chunk is filled, sealed, and never changes again. The one being filled is shared with
//! snapshots as well: whoever adds to it while a snapshot holds it works on a copy
//! (`Arc::make_mut`), which costs at most one chunk per snapshot.
//!
//! Properties are sparse: a column lists the rows that have it. A name that one event in a
//! thousand carries costs next to nothing.

use crate::store::block::{Block, Details};
use crate::store::column::{PropertyColumn, Strings, ValueRef};
use crate::store::dictionary::Dictionary;
use crate::store::insert_id::{self, InsertIds, PackedId};
use crate::store::key::Key;
use crate::store::lexicon::PropertyKind;
use crate::store::scan::Scan;
use arrow_array::{
    ArrayRef, BooleanArray, FixedSizeBinaryArray, Float64Array, Int32Array, Int64Array, StringArray,
    UInt8Array,
};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, ScalarBuffer};
use domain::{PropertyName, PropertyValue};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Rows of a chunk. Large enough that per-chunk costs vanish, small enough that copying the one
/// being filled takes about a millisecond.
pub(crate) const CHUNK_ROWS: usize = 8_192;

/// A chunk is also full at this size: offsets into its text are 32-bit, and a copy must stay cheap.
pub(crate) const CHUNK_BYTES: usize = 16 << 20;

/// What a column costs before it holds anything, for the accounting of memory.
const COLUMN_COST: usize = 400;

/// An event whose names and people have numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HotRow<'a> {
    pub(crate) event: u32,
    pub(crate) distinct: u32,
    pub(crate) device: u32,
    pub(crate) user: u32,
    pub(crate) time: i64,
    pub(crate) received: i64,
    pub(crate) insert_id: PackedId,
    /// The insert id as it came.
    pub(crate) insert_text: &'a str,
    pub(crate) properties: &'a [(PropertyName, PropertyValue)],
}

#[derive(Clone, Debug, Default)]
pub(crate) struct HotChunk {
    pub(crate) events: Vec<u32>,
    pub(crate) distinct: Vec<u32>,
    pub(crate) devices: Vec<u32>,
    pub(crate) users: Vec<u32>,
    pub(crate) times: Vec<i64>,
    pub(crate) received: Vec<i64>,
    pub(crate) insert_ids: Vec<PackedId>,
    pub(crate) long_ids: FxHashMap<u32, Box<str>>,
    pub(crate) columns: Vec<HotColumn>,
    by_name: FxHashMap<PropertyName, u32>,
    /// Columns of the last row: the next one most often has the same.
    last: Vec<u32>,
    bytes: usize,
}

/// Values of one property, by kind.
#[derive(Clone, Debug)]
pub(crate) struct HotColumn {
    pub(crate) name: PropertyName,
    pub(crate) strings: Option<Box<SparseStrings>>,
    pub(crate) ints: Option<Box<Sparse<i64>>>,
    pub(crate) floats: Option<Box<Sparse<f64>>>,
    pub(crate) bools: Option<Box<Sparse<bool>>>,
    pub(crate) json: Option<Box<SparseStrings>>,
}

/// Values and the rows that have one, ascending.
#[derive(Clone, Debug)]
pub(crate) struct Sparse<T> {
    pub(crate) rows: Vec<u32>,
    pub(crate) values: Vec<T>,
}

impl<T> Default for Sparse<T> {
    fn default() -> Self {
        Self { rows: vec![], values: vec![] }
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct SparseStrings {
    pub(crate) codes: Sparse<u32>,
    pub(crate) dictionary: Dictionary,
}

impl HotChunk {
    pub(crate) fn len(&self) -> usize {
        self.events.len()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.len() >= CHUNK_ROWS || self.bytes >= CHUNK_BYTES
    }

    /// About what it holds in memory.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn push(&mut self, row: &HotRow<'_>) {
        let at = self.len() as u32;
        self.events.push(row.event);
        self.distinct.push(row.distinct);
        self.devices.push(row.device);
        self.users.push(row.user);
        self.times.push(row.time);
        self.received.push(row.received);
        self.insert_ids.push(row.insert_id);
        self.bytes += 64;
        if row.insert_id.form == insert_id::LONG {
            self.bytes += row.insert_text.len() + 32;
            self.long_ids.insert(at, row.insert_text.into());
        }
        let mut columns = std::mem::take(&mut self.last);
        for (index, (name, value)) in row.properties.iter().enumerate() {
            let guess = columns.get(index).copied();
            let column = match guess {
                Some(column) if self.columns[column as usize].name == *name => column,
                _ => self.column(name),
            };
            if index < columns.len() {
                columns[index] = column;
            } else {
                columns.push(column);
            }
            self.bytes += self.columns[column as usize].push(at, value);
        }
        self.last = columns;
    }

    fn column(&mut self, name: &PropertyName) -> u32 {
        if let Some(&column) = self.by_name.get(name) {
            return column;
        }
        let column = self.columns.len() as u32;
        self.columns.push(HotColumn::new(name.clone()));
        self.by_name.insert(name.clone(), column);
        self.bytes += COLUMN_COST + name.as_str().len();
        column
    }

    pub(crate) fn column_named(&self, name: &PropertyName) -> Option<&HotColumn> {
        self.by_name.get(name).map(|&column| &self.columns[column as usize])
    }

    /// Drops what only adding needs.
    pub(crate) fn seal(&mut self) {
        self.last = vec![];
        for column in &mut self.columns {
            for strings in [&mut column.strings, &mut column.json].into_iter().flatten() {
                strings.dictionary.seal();
            }
        }
    }

    pub(crate) fn long_id(&self, row: u32) -> Option<&str> {
        self.long_ids.get(&row).map(|text| &**text)
    }

    pub(crate) fn key(&self, row: usize) -> Key<'_> {
        Key {
            event: self.events[row],
            distinct: self.distinct[row],
            time: self.times[row],
            insert_id: self.insert_ids[row],
            long: self.long_id(row as u32),
        }
    }

    /// All rows as a block with the columns that the scan asks for.
    pub(crate) fn block(&self, scan: &Scan, canonical: &Arc<Vec<u32>>) -> Block {
        let rows = self.len();
        let people = self.distinct.iter().map(|&id| canonical.get(id as usize).copied().unwrap_or(id));
        let details = scan.wants_details().then(|| Details {
            devices: self.devices.clone().into(),
            users: self.users.clone().into(),
            received: self.received.clone().into(),
            insert_ids: self.packed_ids(),
        });
        let mut properties: Vec<_> = self
            .columns
            .iter()
            .filter(|column| scan.wants_property(&column.name))
            .map(|column| (column.name.clone(), column.dense(rows)))
            .collect();
        properties.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        Block {
            events: self.events.clone().into(),
            times: self.times.clone().into(),
            distinct: self.distinct.clone().into(),
            people: people.collect::<Vec<u32>>().into(),
            details,
            properties,
        }
    }

    fn packed_ids(&self) -> InsertIds {
        let forms: Vec<u8> = self.insert_ids.iter().map(|id| id.form).collect();
        let bytes: Vec<u8> = self.insert_ids.iter().flat_map(|id| id.bytes).collect();
        let long = (!self.long_ids.is_empty())
            .then(|| (0..self.len() as u32).map(|row| self.long_id(row)).collect::<StringArray>());
        InsertIds {
            forms: UInt8Array::from(forms),
            bytes: FixedSizeBinaryArray::new(insert_id::WIDTH as i32, Buffer::from_vec(bytes), None),
            long,
        }
    }
}

impl HotColumn {
    pub(crate) fn new(name: PropertyName) -> Self {
        Self { name, strings: None, ints: None, floats: None, bools: None, json: None }
    }

    /// Returns how many bytes were added.
    pub(crate) fn push(&mut self, row: u32, value: &PropertyValue) -> usize {
        match value {
            PropertyValue::String(text) => self.strings.get_or_insert_default().push(row, text),
            PropertyValue::Int(value) => self.ints.get_or_insert_default().push(row, *value),
            PropertyValue::Float(value) => self.floats.get_or_insert_default().push(row, *value),
            PropertyValue::Bool(value) => self.bools.get_or_insert_default().push(row, *value),
            PropertyValue::Null => self.json.get_or_insert_default().push(row, "null"),
            PropertyValue::List(_) | PropertyValue::Object(_) => {
                let text = serde_json::to_string(value).expect("a property value is JSON");
                self.json.get_or_insert_default().push(row, &text)
            }
        }
    }

    /// The kinds it has, and the rows that have a value of each.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = (PropertyKind, &[u32])> {
        [
            self.strings.as_ref().map(|strings| (PropertyKind::String, &strings.codes.rows[..])),
            self.ints.as_ref().map(|ints| (PropertyKind::Integer, &ints.rows[..])),
            self.floats.as_ref().map(|floats| (PropertyKind::Float, &floats.rows[..])),
            self.bools.as_ref().map(|bools| (PropertyKind::Boolean, &bools.rows[..])),
            self.json.as_ref().map(|json| (PropertyKind::Json, &json.codes.rows[..])),
        ]
        .into_iter()
        .flatten()
    }

    /// The distinct texts of a kind that has some.
    pub(crate) fn dictionary(&self, kind: PropertyKind) -> Option<&Dictionary> {
        match kind {
            PropertyKind::String => self.strings.as_ref().map(|strings| &strings.dictionary),
            PropertyKind::Json => self.json.as_ref().map(|json| &json.dictionary),
            _ => None,
        }
    }

    /// A value by its number among those of its kind.
    pub(crate) fn value_at(&self, kind: PropertyKind, at: usize) -> ValueRef<'_> {
        match kind {
            PropertyKind::String => self.strings.as_ref().map(|s| ValueRef::Str(s.text(at))),
            PropertyKind::Integer => self.ints.as_ref().map(|ints| ValueRef::Int(ints.values[at])),
            PropertyKind::Float => self.floats.as_ref().map(|floats| ValueRef::Float(floats.values[at])),
            PropertyKind::Boolean => self.bools.as_ref().map(|bools| ValueRef::Bool(bools.values[at])),
            PropertyKind::Json => self.json.as_ref().map(|json| ValueRef::Json(json.text(at))),
        }
        .unwrap_or(ValueRef::Missing)
    }

    /// The column as far as one kind goes.
    pub(crate) fn dense_kind(&self, kind: PropertyKind, rows: usize) -> Option<ArrayRef> {
        match kind {
            PropertyKind::String => self.strings.as_ref().map(|strings| Arc::new(strings.dense(rows)) as _),
            PropertyKind::Json => self.json.as_ref().map(|json| Arc::new(json.dense(rows)) as _),
            PropertyKind::Integer => self.ints.as_ref().map(|ints| Arc::new(int_array(ints, rows)) as _),
            PropertyKind::Float => {
                self.floats.as_ref().map(|floats| Arc::new(float_array(floats, rows)) as _)
            }
            PropertyKind::Boolean => self.bools.as_ref().map(|bools| Arc::new(bool_array(bools, rows)) as _),
        }
    }

    pub(crate) fn dense(&self, rows: usize) -> PropertyColumn {
        PropertyColumn {
            strings: self.strings.as_ref().map(|strings| strings.dense(rows)),
            ints: self.ints.as_ref().map(|ints| int_array(ints, rows)),
            floats: self.floats.as_ref().map(|floats| float_array(floats, rows)),
            bools: self.bools.as_ref().map(|bools| bool_array(bools, rows)),
            json: self.json.as_ref().map(|json| json.dense(rows)),
        }
    }
}

fn int_array(ints: &Sparse<i64>, rows: usize) -> Int64Array {
    let (values, valid) = ints.dense(rows);
    Int64Array::new(values.into(), valid)
}

fn float_array(floats: &Sparse<f64>, rows: usize) -> Float64Array {
    let (values, valid) = floats.dense(rows);
    Float64Array::new(values.into(), valid)
}

fn bool_array(bools: &Sparse<bool>, rows: usize) -> BooleanArray {
    let (values, valid) = bools.dense(rows);
    BooleanArray::new(BooleanBuffer::from(values), valid)
}

impl<T: Copy + Default> Sparse<T> {
    fn push(&mut self, row: u32, value: T) -> usize {
        // A name stands once in an event; should it come twice, the first value counts.
        if self.rows.last() == Some(&row) {
            return 0;
        }
        self.rows.push(row);
        self.values.push(value);
        4 + size_of::<T>()
    }

    /// A value for each row, and which rows have one.
    pub(crate) fn dense(&self, rows: usize) -> (Vec<T>, Option<NullBuffer>) {
        if self.rows.len() == rows {
            return (self.values.clone(), None);
        }
        let mut values = vec![T::default(); rows];
        let mut valid = vec![false; rows];
        for (&row, &value) in self.rows.iter().zip(&self.values) {
            values[row as usize] = value;
            valid[row as usize] = true;
        }
        (values, Some(NullBuffer::from(valid)))
    }
}

impl SparseStrings {
    fn text(&self, at: usize) -> &str {
        self.dictionary.get(self.codes.values[at])
    }

    fn push(&mut self, row: u32, text: &str) -> usize {
        let (code, added) = self.dictionary.code(text);
        added + self.codes.push(row, code)
    }

    pub(crate) fn dense(&self, rows: usize) -> Strings {
        let (codes, valid) = self.codes.dense(rows);
        let keys: ScalarBuffer<i32> = codes.into_iter().map(|code| code as i32).collect::<Vec<_>>().into();
        Strings::new(Int32Array::new(keys, valid), Arc::new(self.dictionary.texts()))
    }
}
