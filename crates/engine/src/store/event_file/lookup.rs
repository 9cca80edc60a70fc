//! Finding single rows: by the pages of the column of people, which is sorted within each event.

use super::{EventFile, Footer, ids, insert_ids, times};
use crate::store::block::MAX_BLOCK_ROWS;
use crate::store::key::{Key, OwnedKey};
use crate::store::scan::ReadError;
use crate::store::schema;
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::ops::Range;

/// A page of the column of people: its rows, and the smallest and the largest id.
struct Page {
    rows: Range<u32>,
    people: (u32, u32),
}

impl EventFile {
    /// The row of each key that is in this file, superseded or not: (number of the key, row).
    pub(crate) fn find(&self, keys: &[(OwnedKey, u64)]) -> Result<Vec<(usize, u32)>, ReadError> {
        let footer = self.footer()?;
        let mut by_hash: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
        let mut ranges: BTreeMap<(usize, u32), u32> = BTreeMap::new();
        for (at, (key, hash)) in keys.iter().enumerate() {
            by_hash.entry(*hash).or_default().push(at);
            self.pages_of(footer, key, &mut ranges)?;
        }
        let mut roots: Vec<_> = (schema::EVENT..=schema::INSERT_ID).collect();
        roots.extend(footer.insert_text);
        let mut found = vec![];
        for (group, ranges) in grouped(ranges) {
            let batch = self.read_columns(footer, group, &ranges, &roots)?;
            let (events, people, times) = (ids(&batch, 0), ids(&batch, 1), times(&batch, 2));
            let insert_ids = insert_ids(&batch, &roots, footer.insert_text);
            for (at, row) in ranges.into_iter().flatten().enumerate() {
                let key = Key {
                    event: events[at],
                    distinct: people[at],
                    time: times[at],
                    insert_id: insert_ids.packed(at),
                    long: insert_ids.long(at),
                };
                for &number in by_hash.get(&key.hash()).into_iter().flatten() {
                    if keys[number].0.as_key() == key {
                        found.push((number, row));
                    }
                }
            }
        }
        Ok(found)
    }

    /// Of some rows of a row group those whose pages may hold one of these ids.
    pub(crate) fn pages_with(
        &self,
        group: usize,
        rows: &[Range<u32>],
        ids: &RoaringBitmap,
    ) -> Result<Vec<Range<u32>>, ReadError> {
        let mut kept: Vec<Range<u32>> = vec![];
        for page in self.pages(self.footer()?, group)? {
            let (least, most) = page.people;
            if ids.range_cardinality(least..=most) == 0 {
                continue;
            }
            for range in rows {
                let (start, end) = (range.start.max(page.rows.start), range.end.min(page.rows.end));
                match kept.last_mut() {
                    _ if start >= end => {}
                    Some(last) if last.end == start => last.end = end,
                    _ => kept.push(start..end),
                }
            }
        }
        Ok(kept)
    }

    /// The pages of the column of people of a row group.
    fn pages(&self, footer: &Footer, group: usize) -> Result<Vec<Page>, ReadError> {
        let metadata = footer.metadata.metadata();
        let (Some(columns), Some(offsets)) = (metadata.column_index(), metadata.offset_index()) else {
            return Err(self.damaged("it has no page index".to_owned()));
        };
        let ColumnIndexMetaData::INT32(people) = &columns[group][schema::PERSON] else {
            return Err(self.damaged("its page index has no people".to_owned()));
        };
        let first = (group * MAX_BLOCK_ROWS) as u32;
        let end = first + metadata.row_group(group).num_rows() as u32;
        let pages = offsets[group][schema::PERSON].page_locations();
        let page = |at: usize| Page {
            rows: first + pages[at].first_row_index as u32
                ..pages.get(at + 1).map_or(end, |next| first + next.first_row_index as u32),
            // Statistics of a page with several events cover the people of all of them.
            people: (
                people.min_value(at).map_or(0, |&least| least as u32),
                people.max_value(at).map_or(u32::MAX, |&most| most as u32),
            ),
        };
        Ok((0..pages.len()).map(page).collect())
    }

    /// Adds the pages in which a key must be: (row group, first row) → end of rows.
    fn pages_of(
        &self,
        footer: &Footer,
        key: &OwnedKey,
        ranges: &mut BTreeMap<(usize, u32), u32>,
    ) -> Result<(), ReadError> {
        let rows = self.index()?.rows_of(key.event);
        let groups = rows.start as usize / MAX_BLOCK_ROWS..(rows.end as usize).div_ceil(MAX_BLOCK_ROWS);
        for group in groups {
            for page in self.pages(footer, group)? {
                let (least, most) = page.people;
                let meets = page.rows.start < rows.end && rows.start < page.rows.end;
                if meets && (least..=most).contains(&key.distinct) {
                    ranges.insert((group, page.rows.start), page.rows.end);
                }
            }
        }
        Ok(())
    }
}

/// Neighbouring ranges joined, by row group.
fn grouped(ranges: BTreeMap<(usize, u32), u32>) -> BTreeMap<usize, Vec<Range<u32>>> {
    let mut groups: BTreeMap<usize, Vec<Range<u32>>> = BTreeMap::new();
    for ((group, start), end) in ranges {
        let ranges = groups.entry(group).or_default();
        match ranges.last_mut() {
            Some(last) if last.end == start => last.end = end,
            _ => ranges.push(start..end),
        }
    }
    groups
}
