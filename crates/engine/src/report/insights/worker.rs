//! What one thread keeps of the blocks that it saw.

use super::MAX_CELLS;
use super::plan::{Plan, mask};
use crate::report::ReportError;
use crate::report::groups::{Grouper, Naming, Numbered, Split, numbers_of};
use crate::report::measure::Cells;
use crate::report::number::Ranges;
use crate::report::row::RowReader;
use crate::report::sets::Sets;
use crate::store::{Block, NOBODY, Snapshot};
use arrow_buffer::BooleanBuffer;
use domain::report::Measurement;

#[derive(Debug)]
pub(super) struct Worker {
    pub(super) grouper: Grouper,
    pub(super) tallies: Vec<Tally>,
    pub(super) rows: u64,
    pub(super) people: Sets,
}

/// What is kept for one metric.
#[derive(Debug)]
pub(super) struct Tally {
    /// By bucket.
    pub(super) all: Cells,
    /// By segment, then by bucket.
    pub(super) split: Cells,
    /// Of `Measurement::Distinct`.
    values: Option<Split>,
}

impl Worker {
    pub(super) fn new(plan: &Plan, ranges: &[Option<Ranges>], people: usize) -> Self {
        let splits = plan.report().breakdowns.iter().zip(ranges).map(|(breakdown, ranges)| {
            Split::new(breakdown.by.clone(), ranges.map_or(Naming::Values, Naming::Ranges))
        });
        let tallies = plan.report().metrics.iter().map(|metric| Tally {
            all: Cells::fixed(&metric.measurement, plan.buckets.len(), people),
            split: Cells::growing(&metric.measurement),
            values: match &metric.measurement {
                Measurement::Distinct { of } => Some(Split::new(of.clone(), Naming::SetValues)),
                _ => None,
            },
        });
        Self {
            grouper: Grouper::new(splits.collect()),
            tallies: tallies.collect(),
            rows: 0,
            people: Sets::fixed(1, people),
        }
    }

    pub(super) fn add(
        &mut self,
        snapshot: &Snapshot,
        plan: &Plan,
        block: &Block,
        reader: &mut RowReader<'_>,
    ) -> Result<(), ReportError> {
        self.rows += block.len() as u64;
        let somebody = block.people().iter().filter(|person| **person != NOBODY);
        somebody.for_each(|person| self.people.insert(0, *person));
        let buckets: Vec<u32> = block
            .times()
            .iter()
            .map(|time| plan.buckets.index(*time).expect("the scan is over these buckets") as u32)
            .collect();
        let metrics = &plan.report().metrics;
        let mut kept = Vec::with_capacity(metrics.len());
        for metric in metrics {
            kept.push(mask(&metric.of, snapshot, block, reader)?);
        }
        let groups = if self.grouper.is_needed() {
            let wanted = kept.iter().skip(1).fold(kept[0].clone(), |wanted, kept| &wanted | kept);
            Some(self.grouper.group_rows(block, &wanted, reader)?)
        } else {
            None
        };
        let cells = self.cells(plan)?;
        let places = Places { buckets: &buckets, groups: groups.as_ref(), width: plan.buckets.len() };
        for ((tally, metric), kept) in self.tallies.iter_mut().zip(metrics).zip(&kept) {
            tally.split.grow(cells);
            tally.add(&metric.measurement, block, kept, places, reader)?;
        }
        Ok(())
    }

    /// Cells of the segments met so far.
    fn cells(&self, plan: &Plan) -> Result<usize, ReportError> {
        let cells = self.grouper.len() * plan.buckets.len();
        if cells * self.tallies.len() > MAX_CELLS {
            return Err(ReportError::TooManySegments);
        }
        Ok(cells)
    }

    /// Once all blocks are in.
    pub(super) fn finish(&mut self) {
        self.people.finish();
        for tally in &mut self.tallies {
            tally.all.finish();
            tally.split.finish();
        }
    }

    /// Adds what another worker kept. Both are finished.
    pub(super) fn absorb(&mut self, plan: &Plan, mut other: Self) -> Result<(), ReportError> {
        self.rows += other.rows;
        self.people.absorb(0, &other.people, 0, None);
        let segments = self.grouper.absorb(&other.grouper);
        let width = plan.buckets.len();
        let cells = self.cells(plan)?;
        for (own, other) in self.tallies.iter_mut().zip(&mut other.tallies) {
            let members = match (&mut own.values, &other.values) {
                (Some(own), Some(other)) => Some(own.names.absorb(&other.names)),
                _ => None,
            };
            own.split.grow(cells);
            for bucket in 0..width {
                own.all.absorb(bucket, &mut other.all, bucket, members.as_deref());
                for (from, to) in segments.iter().enumerate() {
                    let to = *to as usize * width + bucket;
                    own.split.absorb(to, &mut other.split, from * width + bucket, members.as_deref());
                }
            }
            own.all.check()?;
        }
        Ok(())
    }
}

/// Where the rows of a block belong.
#[derive(Clone, Copy)]
struct Places<'a> {
    buckets: &'a [u32],
    groups: Option<&'a Numbered>,
    /// Buckets of a segment.
    width: usize,
}

impl Places<'_> {
    /// The row's cell among all, and its cells among the segments.
    fn of(&self, row: usize) -> (usize, impl Iterator<Item = usize>) {
        let bucket = self.buckets[row] as usize;
        let groups = self.groups.map_or(&[][..], |groups| groups.of(row));
        let width = self.width;
        (bucket, groups.iter().map(move |group| *group as usize * width + bucket))
    }
}

impl Tally {
    fn add(
        &mut self,
        measurement: &Measurement,
        block: &Block,
        kept: &BooleanBuffer,
        places: Places<'_>,
        reader: &mut RowReader<'_>,
    ) -> Result<(), ReportError> {
        let rows: Vec<u32> = kept.set_indices().map(|row| row as u32).collect();
        let rows = &rows[..];
        match measurement {
            Measurement::Total => self.count(rows, places),
            Measurement::Unique => self.add_people(block, rows, places),
            Measurement::Average => {
                self.count(rows, places);
                self.add_people(block, rows, places);
            }
            Measurement::Distinct { .. } => self.add_values(block, kept, places, reader)?,
            Measurement::Number { of, .. } => {
                let Self { all, split, .. } = self;
                numbers_of(of, block, rows, reader, |row, number| {
                    let (cell, cells) = places.of(row);
                    all.add_number(cell, number);
                    cells.for_each(|cell| split.add_number(cell, number));
                })?;
            }
        }
        self.all.check()?;
        self.split.check()
    }

    fn count(&mut self, rows: &[u32], places: Places<'_>) {
        for row in rows {
            let (cell, cells) = places.of(*row as usize);
            self.all.count_row(cell);
            cells.for_each(|cell| self.split.count_row(cell));
        }
    }

    fn add_people(&mut self, block: &Block, rows: &[u32], places: Places<'_>) {
        let people = block.people();
        for row in rows {
            let person = people[*row as usize];
            if person != NOBODY {
                let (cell, cells) = places.of(*row as usize);
                self.all.add_member(cell, person);
                cells.for_each(|cell| self.split.add_member(cell, person));
            }
        }
    }

    fn add_values(
        &mut self,
        block: &Block,
        kept: &BooleanBuffer,
        places: Places<'_>,
        reader: &mut RowReader<'_>,
    ) -> Result<(), ReportError> {
        let Some(values) = &mut self.values else { return Ok(()) };
        let numbered = values.number_rows(block, kept, reader)?;
        if values.names.len() > MAX_CELLS {
            return Err(ReportError::TooManyValues(MAX_CELLS));
        }
        for row in kept.set_indices() {
            for value in numbered.of(row) {
                let (cell, cells) = places.of(row);
                self.all.add_member(cell, *value);
                cells.for_each(|cell| self.split.add_member(cell, *value));
            }
        }
        Ok(())
    }
}
