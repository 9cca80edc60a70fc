//! What is kept of the rows of each cell, and the figure that it comes to.
//!
//! A cell is a bucket of all rows, or a bucket of a segment. Figures are worked out over sets of
//! cells: of one for a bucket, of several for a running window, of all of them for the range.

use super::ReportError;
use super::number::{ExactSum, percentile};
use super::sets::Sets;
use domain::report::{Aggregate, Measurement};

/// Numbers that the percentiles of a metric may keep on one thread, eight bytes each, and as many
/// again for its segments.
const MAX_NUMBERS: usize = 10_000_000;

/// Count, sum, least and greatest of the numbers of a cell.
#[derive(Clone, Debug)]
pub(super) struct Numbers {
    count: u64,
    sum: ExactSum,
    least: f64,
    greatest: f64,
}

impl Default for Numbers {
    fn default() -> Self {
        Self { count: 0, sum: ExactSum::default(), least: f64::INFINITY, greatest: f64::NEG_INFINITY }
    }
}

impl Numbers {
    fn add(&mut self, number: f64) {
        self.count += 1;
        self.sum.add(number);
        self.least = self.least.min(number);
        self.greatest = self.greatest.max(number);
    }

    fn absorb(&mut self, other: &Self) {
        self.count += other.count;
        self.sum.absorb(&other.sum);
        self.least = self.least.min(other.least);
        self.greatest = self.greatest.max(other.greatest);
    }
}

#[derive(Clone, Debug)]
pub(super) enum Cells {
    Total(Vec<u64>),
    /// People, or values by their number.
    Different(Sets),
    Average {
        totals: Vec<u64>,
        people: Sets,
    },
    Numbers(Vec<Numbers>),
    /// All numbers, for percentiles.
    Every {
        cells: Vec<Vec<f64>>,
        held: usize,
    },
}

impl Cells {
    /// For a number of cells that grows with the segments.
    pub(super) fn growing(measurement: &Measurement) -> Self {
        Self::with_sets(measurement, Sets::sparse())
    }

    /// For a number of cells that is known.
    pub(super) fn fixed(measurement: &Measurement, cells: usize, people: usize) -> Self {
        let sets = match measurement {
            Measurement::Unique | Measurement::Average => Sets::fixed(cells, people),
            _ => Sets::sparse(),
        };
        let mut fixed = Self::with_sets(measurement, sets);
        fixed.grow(cells);
        fixed
    }

    fn with_sets(measurement: &Measurement, sets: Sets) -> Self {
        match measurement {
            Measurement::Total => Self::Total(vec![]),
            Measurement::Unique | Measurement::Distinct { .. } => Self::Different(sets),
            Measurement::Average => Self::Average { totals: vec![], people: sets },
            Measurement::Number { aggregate: Aggregate::Median | Aggregate::Percentile(_), .. } => {
                Self::Every { cells: vec![], held: 0 }
            }
            Measurement::Number { .. } => Self::Numbers(vec![]),
        }
    }

    pub(super) fn grow(&mut self, cells: usize) {
        match self {
            Self::Total(totals) => totals.resize(cells.max(totals.len()), 0),
            Self::Different(sets) => sets.grow(cells),
            Self::Average { totals, people } => {
                totals.resize(cells.max(totals.len()), 0);
                people.grow(cells);
            }
            Self::Numbers(list) => list.resize(cells.max(list.len()), Numbers::default()),
            Self::Every { cells: list, .. } => list.resize(cells.max(list.len()), vec![]),
        }
    }

    pub(super) fn count_row(&mut self, cell: usize) {
        if let Self::Total(totals) | Self::Average { totals, .. } = self {
            totals[cell] += 1;
        }
    }

    pub(super) fn add_member(&mut self, cell: usize, member: u32) {
        if let Self::Different(sets) | Self::Average { people: sets, .. } = self {
            sets.insert(cell, member);
        }
    }

    pub(super) fn add_number(&mut self, cell: usize, number: f64) {
        match self {
            Self::Numbers(list) => list[cell].add(number),
            Self::Every { cells, held } => {
                cells[cell].push(number);
                *held += 1;
            }
            _ => {}
        }
    }

    /// Once all rows are in.
    pub(super) fn finish(&mut self) {
        if let Self::Different(sets) | Self::Average { people: sets, .. } = self {
            sets.finish();
        }
    }

    pub(super) fn check(&self) -> Result<(), ReportError> {
        match self {
            Self::Every { held, .. } if *held > MAX_NUMBERS => Err(ReportError::TooManyValues(MAX_NUMBERS)),
            _ => Ok(()),
        }
    }

    /// Adds a cell of another worker's; `members` renumbers values.
    pub(super) fn absorb(&mut self, cell: usize, other: &mut Self, from: usize, members: Option<&[u32]>) {
        match (self, other) {
            (Self::Total(own), Self::Total(other)) => own[cell] += other[from],
            (Self::Different(own), Self::Different(other)) => own.absorb(cell, other, from, members),
            (Self::Average { totals, people }, Self::Average { totals: other, people: other_people }) => {
                totals[cell] += other[from];
                people.absorb(cell, other_people, from, None);
            }
            (Self::Numbers(own), Self::Numbers(other)) => own[cell].absorb(&other[from]),
            (Self::Every { cells: own, held }, Self::Every { cells: other, .. }) => {
                *held += other[from].len();
                own[cell].append(&mut other[from]);
            }
            // Both were made for the same measurement.
            _ => {}
        }
    }

    /// The figure of some cells together.
    pub(super) fn figure(&self, measurement: &Measurement, of: &[usize]) -> Option<f64> {
        let sum = |totals: &[u64]| of.iter().map(|cell| totals[*cell]).sum::<u64>() as f64;
        match self {
            Self::Total(totals) => Some(sum(totals)),
            Self::Different(sets) => Some(sets.count(of) as f64),
            Self::Average { totals, people } => {
                let people = people.count(of);
                (people > 0).then(|| sum(totals) / people as f64)
            }
            Self::Numbers(list) => {
                let mut all = Numbers::default();
                of.iter().for_each(|cell| all.absorb(&list[*cell]));
                let some = |figure: f64| (all.count > 0).then_some(figure);
                match measurement {
                    Measurement::Number { aggregate: Aggregate::Sum, .. } => all.sum.value(),
                    Measurement::Number { aggregate: Aggregate::Average, .. } => {
                        all.sum.value().and_then(|sum| some(sum / all.count as f64))
                    }
                    Measurement::Number { aggregate: Aggregate::Min, .. } => some(all.least),
                    Measurement::Number { aggregate: Aggregate::Max, .. } => some(all.greatest),
                    _ => Some(all.count as f64),
                }
            }
            Self::Every { cells, .. } => {
                let mut numbers: Vec<f64> = of.iter().flat_map(|cell| cells[*cell].iter().copied()).collect();
                let p = match measurement {
                    Measurement::Number { aggregate: Aggregate::Percentile(p), .. } => *p,
                    _ => 50.0,
                };
                percentile(&mut numbers, p)
            }
        }
    }

    /// Figures of growing prefixes of a list of cells.
    pub(super) fn running(&self, measurement: &Measurement, of: &[Vec<usize>]) -> Vec<Option<f64>> {
        if let Self::Different(sets) = self {
            let mut union = roaring::RoaringBitmap::new();
            return of
                .iter()
                .map(|cells| {
                    cells.iter().for_each(|cell| sets.add_to(*cell, &mut union));
                    Some(union.len() as f64)
                })
                .collect();
        }
        let mut sum = 0.0;
        of.iter()
            .map(|cells| {
                sum += self.figure(measurement, cells).unwrap_or(0.0);
                Some(sum)
            })
            .collect()
    }
}
