//! A run of rows in columns: what a scan yields.

use crate::store::column::{PropertyColumn, ValueRef};
use crate::store::insert_id::InsertIds;
use crate::store::scan::{ReadError, Scan};
use crate::store::{EventId, NOBODY};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, UInt32Type};
use arrow_array::{BooleanArray, Int64Array, UInt32Array};
use arrow_buffer::{BooleanBuffer, ScalarBuffer};
use arrow_select::filter::FilterBuilder;
use domain::id::PersonId;
use domain::{InsertId, PropertyName, Timestamp};
use roaring::RoaringBitmap;
use std::ops::Range;

/// Rows of a block at most: a row group of a file.
pub const MAX_BLOCK_ROWS: usize = 131_072;

/// Rows in columns. Superseded rows and rows that the scan did not ask for are not in it.
///
/// Rows of one block come from one chunk or one row group. In a row group they are in the order
/// of (event, person before merges, time); in a chunk in the order of arrival.
#[derive(Clone, Debug)]
pub struct Block {
    pub(crate) events: ScalarBuffer<u32>,
    pub(crate) times: ScalarBuffer<i64>,
    pub(crate) distinct: ScalarBuffer<u32>,
    pub(crate) people: ScalarBuffer<u32>,
    pub(crate) details: Option<Details>,
    /// Sorted by name.
    pub(crate) properties: Vec<(PropertyName, PropertyColumn)>,
}

/// Columns that exports need and reports do not.
#[derive(Clone, Debug)]
pub(crate) struct Details {
    pub(crate) devices: ScalarBuffer<u32>,
    pub(crate) users: ScalarBuffer<u32>,
    pub(crate) received: ScalarBuffer<i64>,
    pub(crate) insert_ids: InsertIds,
}

impl Block {
    pub fn len(&self) -> usize {
        self.events.len()
    }

    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    pub fn event(&self, row: usize) -> EventId {
        EventId(self.events[row])
    }

    pub fn events(&self) -> &[u32] {
        &self.events
    }

    /// Milliseconds since 1970.
    pub fn times(&self) -> &[i64] {
        &self.times
    }

    /// Canonical `PersonId`s; [`NOBODY`] where the event has no person.
    pub fn people(&self) -> &[u32] {
        &self.people
    }

    /// The id that the event counts for, before merges.
    pub fn distinct(&self, row: usize) -> Option<PersonId> {
        somebody(self.distinct[row])
    }

    /// `None` also if the scan did not ask for details.
    pub fn device(&self, row: usize) -> Option<PersonId> {
        self.details.as_ref().and_then(|details| somebody(details.devices[row]))
    }

    /// `None` also if the scan did not ask for details.
    pub fn user(&self, row: usize) -> Option<PersonId> {
        self.details.as_ref().and_then(|details| somebody(details.users[row]))
    }

    /// `None` if the scan did not ask for details.
    pub fn insert_id(&self, row: usize) -> Option<InsertId> {
        self.details.as_ref().map(|details| details.insert_ids.get(row))
    }

    /// When the request came. `None` if the scan did not ask for details.
    pub fn received(&self, row: usize) -> Option<Timestamp> {
        self.details.as_ref().map(|details| Timestamp::from_millis(details.received[row]))
    }

    /// `None`: no row of this block has the property, or the scan did not ask for it.
    pub fn property(&self, name: &PropertyName) -> Option<&PropertyColumn> {
        let at = self.properties.binary_search_by(|(other, _)| other.cmp(name)).ok()?;
        Some(&self.properties[at].1)
    }

    /// The properties that were asked for and that some row of this block may have, by name.
    pub fn properties(&self) -> &[(PropertyName, PropertyColumn)] {
        &self.properties
    }

    /// The properties of one event, by name.
    pub fn row(&self, row: usize) -> impl Iterator<Item = (&PropertyName, ValueRef<'_>)> {
        self.properties
            .iter()
            .map(move |(name, column)| (name, column.value(row)))
            .filter(|(_, value)| *value != ValueRef::Missing)
    }

    /// Leaves the rows that the scan wants and that are not superseded. `rows` are the numbers of
    /// the block's rows in the numbering of `deleted`; `events`: those that are wanted, if not all.
    pub(crate) fn select(
        self,
        scan: &Scan,
        events: Option<&RoaringBitmap>,
        deleted: &RoaringBitmap,
        rows: &[Range<u32>],
    ) -> Result<Self, ReadError> {
        let (start, end) = (scan.range.start.millis(), scan.range.end.millis());
        let mut keep = BooleanBuffer::collect_bool(self.len(), |row| {
            let time = self.times[row];
            start <= time && time < end
        });
        if let Some(events) = events {
            let mask = BooleanBuffer::collect_bool(self.len(), |row| events.contains(self.events[row]));
            keep = &keep & &mask;
        }
        if let Some(people) = &scan.people {
            let mask = BooleanBuffer::collect_bool(self.len(), |row| people.contains(self.people[row]));
            keep = &keep & &mask;
        }
        let mut first = 0;
        for range in rows {
            let superseded = deleted.range_cardinality(range.clone());
            if superseded > 0 {
                let mut mask = vec![true; self.len()];
                for row in deleted.range(range.clone()) {
                    mask[first + (row - range.start) as usize] = false;
                }
                keep = &keep & &BooleanBuffer::from(mask);
            }
            first += range.len();
        }
        if keep.count_set_bits() == self.len() {
            return Ok(self);
        }
        self.filter(&BooleanArray::new(keep, None))
    }

    fn filter(self, keep: &BooleanArray) -> Result<Self, ReadError> {
        let predicate = FilterBuilder::new(keep).optimize().build();
        let ids = |values: ScalarBuffer<u32>| -> Result<ScalarBuffer<u32>, ReadError> {
            let filtered = predicate.filter(&UInt32Array::new(values, None))?;
            Ok(filtered.as_primitive::<UInt32Type>().values().clone())
        };
        let longs = |values: ScalarBuffer<i64>| -> Result<ScalarBuffer<i64>, ReadError> {
            let filtered = predicate.filter(&Int64Array::new(values, None))?;
            Ok(filtered.as_primitive::<Int64Type>().values().clone())
        };
        let details = match self.details {
            None => None,
            Some(details) => Some(Details {
                devices: ids(details.devices)?,
                users: ids(details.users)?,
                received: longs(details.received)?,
                insert_ids: details.insert_ids.filter(&predicate)?,
            }),
        };
        let mut properties = Vec::with_capacity(self.properties.len());
        for (name, column) in self.properties {
            let column = column.filter(&predicate)?;
            if !column.is_empty() {
                properties.push((name, column));
            }
        }
        Ok(Self {
            events: ids(self.events)?,
            times: longs(self.times)?,
            distinct: ids(self.distinct)?,
            people: ids(self.people)?,
            details,
            properties,
        })
    }
}

fn somebody(id: u32) -> Option<PersonId> {
    (id != NOBODY).then_some(PersonId(id))
}
