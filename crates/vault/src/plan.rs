//! What becomes of one person's stored operations when new ones arrive. Pure: it decides, the
//! intake writes.
//!
//! Stored is what a later fold needs and nothing else: a `Set` makes void what was there before, an
//! `Unset` or `Delete` leaves nothing at all. So what a client takes back is gone, not covered up,
//! and a field that is set a thousand times takes one row.

use crate::{Clear, SealedOperation};
use domain::Timestamp;
use std::collections::BTreeMap;

/// Operations per person. Only a client gone wild, or a hostile one, comes near; what is beyond is
/// refused and counted, so that nobody's profile can grow without end.
pub(crate) const MAX_ROWS_PER_PERSON: usize = 2_000;

/// From this many operations on one field, they are folded into one.
pub(crate) const MAX_ROWS_PER_FIELD: usize = 64;

/// How many values seen in events are kept per field: the newest. Events are many, and the current
/// value is the one that names the person.
pub(crate) const MAX_OBSERVED_PER_FIELD: usize = 8;

/// One stored operation.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) sequence: i64,
    pub(crate) field: String,
    pub(crate) operation: SealedOperation,
    pub(crate) digest: [u8; 16],
    /// `Some`: it arrived just now and is not in the database yet.
    pub(crate) fresh: Option<Fresh>,
}

#[derive(Debug)]
pub(crate) struct Fresh {
    pub(crate) time: Timestamp,
    pub(crate) value: Clear<String>,
}

/// What one operation did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Taken,
    /// It changes nothing.
    Unchanged,
    /// The person has too many operations.
    Full,
}

/// The operations of one person, and which stored ones have to go.
#[derive(Debug, Default)]
pub(crate) struct Operations {
    rows: Vec<Row>,
    removed: Vec<i64>,
    next: i64,
}

impl Operations {
    /// `rows` are those in the database, in order.
    pub(crate) fn new(rows: Vec<Row>) -> Self {
        // 0 stands for the distinct id in the index.
        let next = rows.last().map_or(1, |row| row.sequence + 1);
        Self { rows, removed: vec![], next }
    }

    pub(crate) fn apply(
        &mut self,
        operation: SealedOperation,
        field: &str,
        digest: [u8; 16],
        time: Timestamp,
        value: Clear<String>,
    ) -> Outcome {
        use SealedOperation::{Add, Append, Delete, Observe, Remove, Set, SetOnce, Union, Unset};
        match operation {
            Delete => return self.remove_where(|row| row.operation != Observe),
            Unset => {
                return self.remove_where(|row| row.operation != Observe && is_within(&row.field, field));
            }
            Observe => {
                if self.of(field, true).any(|row| row.digest == digest) {
                    return Outcome::Unchanged;
                }
                let seen: Vec<i64> = self.of(field, true).map(|row| row.sequence).collect();
                if let Some(excess) = (seen.len() + 1).checked_sub(MAX_OBSERVED_PER_FIELD) {
                    self.remove_where(|row| seen[..excess].contains(&row.sequence));
                }
            }
            Set => {
                let same = self.of(field, false).count() == 1
                    && self.of(field, false).all(|row| row.operation == Set && row.digest == digest);
                if same && self.nested_in(field) == 0 {
                    return Outcome::Unchanged;
                }
                self.remove_where(|row| row.operation != Observe && is_within(&row.field, field));
            }
            SetOnce => {
                if self.of(field, false).next().is_some_and(|row| matches!(row.operation, Set | SetOnce)) {
                    return Outcome::Unchanged;
                }
            }
            Remove if self.of(field, false).next().is_none() => return Outcome::Unchanged,
            Union | Remove => {
                if self
                    .of(field, false)
                    .last()
                    .is_some_and(|row| row.operation == operation && row.digest == digest)
                {
                    return Outcome::Unchanged;
                }
            }
            Add | Append => {}
        }
        if self.rows.len() >= MAX_ROWS_PER_PERSON {
            return Outcome::Full;
        }
        self.push(operation, field, digest, time, value);
        Outcome::Taken
    }

    pub(crate) fn push(
        &mut self,
        operation: SealedOperation,
        field: &str,
        digest: [u8; 16],
        time: Timestamp,
        value: Clear<String>,
    ) {
        let fresh = Some(Fresh { time, value });
        self.rows.push(Row { sequence: self.next, field: field.to_owned(), operation, digest, fresh });
        self.next += 1;
    }

    /// The fields whose operations have become so many that they should be folded.
    pub(crate) fn long_fields(&self) -> Vec<String> {
        let mut counts = BTreeMap::<&str, usize>::new();
        for row in self.rows.iter().filter(|row| row.operation != SealedOperation::Observe) {
            *counts.entry(&row.field).or_default() += 1;
        }
        counts
            .into_iter()
            .filter(|(_, count)| *count > MAX_ROWS_PER_FIELD)
            .map(|(field, _)| field.to_owned())
            .collect()
    }

    /// Takes a field's operations out, to put a folded one in their place.
    pub(crate) fn take(&mut self, field: &str) -> Vec<Row> {
        let is_it = |row: &mut Row| row.operation != SealedOperation::Observe && row.field == field;
        let taken: Vec<Row> = self.rows.extract_if(.., is_it).collect();
        self.removed.extend(taken.iter().filter(|row| row.fresh.is_none()).map(|row| row.sequence));
        taken
    }

    /// Puts taken operations back that are in the database already.
    pub(crate) fn put_back(&mut self, rows: Vec<Row>) {
        self.removed.retain(|sequence| rows.iter().all(|row| row.sequence != *sequence));
        self.rows.extend(rows);
        self.rows.sort_by_key(|row| row.sequence);
    }

    /// What has to be written, and which rows have to go.
    pub(crate) fn finish(self) -> (Vec<Row>, Vec<i64>) {
        (self.rows.into_iter().filter(|row| row.fresh.is_some()).collect(), self.removed)
    }

    fn of<'a>(&'a self, field: &'a str, observed: bool) -> impl Iterator<Item = &'a Row> {
        let is_it =
            move |row: &&Row| (row.operation == SealedOperation::Observe) == observed && row.field == field;
        self.rows.iter().filter(is_it)
    }

    fn nested_in(&self, field: &str) -> usize {
        let is_it = |row: &&Row| row.operation != SealedOperation::Observe && row.field != field;
        self.rows.iter().filter(is_it).filter(|row| is_within(&row.field, field)).count()
    }

    fn remove_where(&mut self, goes: impl Fn(&Row) -> bool) -> Outcome {
        let before = self.rows.len();
        let removed = &mut self.removed;
        self.rows.retain(|row| {
            let goes = goes(row);
            if goes && row.fresh.is_none() {
                removed.push(row.sequence);
            }
            !goes
        });
        if self.rows.len() == before { Outcome::Unchanged } else { Outcome::Taken }
    }
}

/// Whether `field` is `outer` or nested in it: `account.owner[2].phone` is within `account`,
/// `account.owner` and `account.owner[2]`.
fn is_within(field: &str, outer: &str) -> bool {
    field.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

#[cfg(test)]
mod tests;
