//! Rows that go into a file: those of a chunk that is flushed, or of a block that is compacted.

use crate::store::block::Block;
use crate::store::column::ValueRef;
use crate::store::hot::HotChunk;
use crate::store::insert_id::PackedId;
use crate::store::key::Key;
use crate::store::lexicon::PropertyKind;
use arrow_array::ArrayRef;
use domain::PropertyName;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Columns by row. A block must have been read with its details.
pub(crate) trait RowSource {
    fn events(&self) -> &[u32];
    fn distinct(&self) -> &[u32];
    fn times(&self) -> &[i64];
    fn devices(&self) -> &[u32];
    fn users(&self) -> &[u32];
    fn received(&self) -> &[i64];
    fn packed_id(&self, row: usize) -> PackedId;
    fn long_id(&self, row: usize) -> Option<&str>;
    /// All rows of one property, as far as they hold this kind. `None`: no row does.
    fn property(&self, name: &PropertyName, kind: PropertyKind) -> Option<ArrayRef>;
    /// The properties of one row for which `wanted` holds, as JSON values.
    fn overflow(
        &self,
        row: usize,
        wanted: &dyn Fn(&PropertyName, PropertyKind) -> bool,
    ) -> BTreeMap<PropertyName, serde_json::Value>;

    fn key(&self, row: usize) -> Key<'_> {
        Key {
            event: self.events()[row],
            distinct: self.distinct()[row],
            time: self.times()[row],
            insert_id: self.packed_id(row),
            long: self.long_id(row),
        }
    }
}

impl RowSource for HotChunk {
    fn events(&self) -> &[u32] {
        &self.events
    }

    fn distinct(&self) -> &[u32] {
        &self.distinct
    }

    fn times(&self) -> &[i64] {
        &self.times
    }

    fn devices(&self) -> &[u32] {
        &self.devices
    }

    fn users(&self) -> &[u32] {
        &self.users
    }

    fn received(&self) -> &[i64] {
        &self.received
    }

    fn packed_id(&self, row: usize) -> PackedId {
        self.insert_ids[row]
    }

    fn long_id(&self, row: usize) -> Option<&str> {
        self.long_ids.get(&(row as u32)).map(|text| &**text)
    }

    fn property(&self, name: &PropertyName, kind: PropertyKind) -> Option<ArrayRef> {
        self.column_named(name)?.dense_kind(kind, self.len())
    }

    fn overflow(
        &self,
        row: usize,
        wanted: &dyn Fn(&PropertyName, PropertyKind) -> bool,
    ) -> BTreeMap<PropertyName, serde_json::Value> {
        let mut values = BTreeMap::new();
        for column in &self.columns {
            for (kind, rows) in column.kinds() {
                if let Ok(at) = rows.binary_search(&(row as u32))
                    && wanted(&column.name, kind)
                {
                    values.insert(column.name.clone(), json(column.value_at(kind, at)));
                }
            }
        }
        values
    }
}

impl RowSource for Block {
    fn events(&self) -> &[u32] {
        &self.events
    }

    fn distinct(&self) -> &[u32] {
        &self.distinct
    }

    fn times(&self) -> &[i64] {
        &self.times
    }

    fn devices(&self) -> &[u32] {
        self.details.as_ref().map_or(&[], |details| &details.devices)
    }

    fn users(&self) -> &[u32] {
        self.details.as_ref().map_or(&[], |details| &details.users)
    }

    fn received(&self) -> &[i64] {
        self.details.as_ref().map_or(&[], |details| &details.received)
    }

    fn packed_id(&self, row: usize) -> PackedId {
        let details = self.details.as_ref().expect("rows that are rewritten are read with their details");
        details.insert_ids.packed(row)
    }

    fn long_id(&self, row: usize) -> Option<&str> {
        self.details.as_ref()?.insert_ids.long(row)
    }

    fn property(&self, name: &PropertyName, kind: PropertyKind) -> Option<ArrayRef> {
        let column = self.property(name)?;
        match kind {
            PropertyKind::String => column.strings.clone().map(|array| Arc::new(array) as _),
            PropertyKind::Integer => column.ints.clone().map(|array| Arc::new(array) as _),
            PropertyKind::Float => column.floats.clone().map(|array| Arc::new(array) as _),
            PropertyKind::Boolean => column.bools.clone().map(|array| Arc::new(array) as _),
            PropertyKind::Json => column.json.clone().map(|array| Arc::new(array) as _),
        }
    }

    fn overflow(
        &self,
        row: usize,
        wanted: &dyn Fn(&PropertyName, PropertyKind) -> bool,
    ) -> BTreeMap<PropertyName, serde_json::Value> {
        let mut values = BTreeMap::new();
        for (name, value) in self.row(row) {
            if kind_of(value).is_some_and(|kind| wanted(name, kind)) {
                values.insert(name.clone(), json(value));
            }
        }
        values
    }
}

fn kind_of(value: ValueRef<'_>) -> Option<PropertyKind> {
    match value {
        ValueRef::Missing => None,
        ValueRef::Str(_) => Some(PropertyKind::String),
        ValueRef::Int(_) => Some(PropertyKind::Integer),
        ValueRef::Float(_) => Some(PropertyKind::Float),
        ValueRef::Bool(_) => Some(PropertyKind::Boolean),
        ValueRef::Null | ValueRef::Json(_) => Some(PropertyKind::Json),
    }
}

fn json(value: ValueRef<'_>) -> serde_json::Value {
    match value {
        ValueRef::Missing | ValueRef::Null => serde_json::Value::Null,
        ValueRef::Bool(value) => value.into(),
        ValueRef::Int(value) => value.into(),
        ValueRef::Float(value) => value.into(),
        ValueRef::Str(text) => text.into(),
        // It was written from a value; a text that does not parse is given back as text.
        ValueRef::Json(text) => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
    }
}
