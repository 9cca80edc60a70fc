//! Sets of people, or of numbered values, one for each cell of a result.

use roaring::{MultiOps, RoaringBitmap};

/// Dense sets take a bit for each person and cell; above this many bytes in all they are sparse.
const MAX_DENSE_BYTES: usize = 64 << 20;

/// Insertions that sparse sets collect: sorted, they go into each set in one go.
const MAX_PENDING: usize = 1 << 20;

/// One set for each cell. What was inserted is in them after [`Sets::finish`].
#[derive(Clone, Debug)]
pub(super) enum Sets {
    Dense {
        words: usize,
        bits: Vec<u64>,
    },
    Sparse {
        sets: Vec<RoaringBitmap>,
        /// A cell in the upper half, a member in the lower.
        pending: Vec<u64>,
    },
}

impl Sets {
    /// For a number of cells that is known, and members below `members`.
    pub(super) fn fixed(cells: usize, members: usize) -> Self {
        let words = members.div_ceil(64);
        match words.checked_mul(cells) {
            Some(total) if total * 8 <= MAX_DENSE_BYTES => Self::Dense { words, bits: vec![0; total] },
            _ => Self::Sparse { sets: vec![RoaringBitmap::new(); cells], pending: vec![] },
        }
    }

    pub(super) fn sparse() -> Self {
        Self::Sparse { sets: vec![], pending: vec![] }
    }

    /// Makes room for so many cells.
    pub(super) fn grow(&mut self, cells: usize) {
        match self {
            Self::Dense { words, bits } => {
                let wanted = *words * cells;
                if bits.len() < wanted {
                    bits.resize(wanted, 0);
                }
            }
            Self::Sparse { sets, .. } => {
                if sets.len() < cells {
                    sets.resize(cells, RoaringBitmap::new());
                }
            }
        }
    }

    pub(super) fn insert(&mut self, cell: usize, member: u32) {
        match self {
            Self::Dense { words, bits } => {
                bits[cell * *words + member as usize / 64] |= 1 << (member % 64);
            }
            Self::Sparse { pending, .. } => {
                pending.push((cell as u64) << 32 | u64::from(member));
                if pending.len() >= MAX_PENDING {
                    self.finish();
                }
            }
        }
    }

    /// Brings what is pending into the sets.
    pub(super) fn finish(&mut self) {
        let Self::Sparse { sets, pending } = self else { return };
        pending.sort_unstable();
        pending.dedup();
        for of_cell in pending.chunk_by(|left, right| left >> 32 == right >> 32) {
            let members = of_cell.iter().map(|pair| *pair as u32);
            let members = RoaringBitmap::from_sorted_iter(members).expect("sorted, each once");
            sets[(of_cell[0] >> 32) as usize] |= members;
        }
        pending.clear();
    }

    /// How many different members the cells have together.
    pub(super) fn count(&self, cells: &[usize]) -> u64 {
        match self {
            Self::Dense { words, bits } => (0..*words)
                .map(|word| {
                    let union = cells.iter().fold(0, |union, cell| union | bits[cell * words + word]);
                    u64::from(union.count_ones())
                })
                .sum(),
            Self::Sparse { sets, .. } => match cells {
                [cell] => sets[*cell].len(),
                _ => cells.iter().map(|cell| &sets[*cell]).union().len(),
            },
        }
    }

    pub(super) fn union(&self, cells: &[usize]) -> RoaringBitmap {
        let mut union = RoaringBitmap::new();
        for cell in cells {
            self.add_to(*cell, &mut union);
        }
        union
    }

    pub(super) fn add_to(&self, cell: usize, union: &mut RoaringBitmap) {
        match self {
            Self::Dense { words, bits } => {
                let of_cell = &bits[cell * words..(cell + 1) * words];
                for (word, bits) in of_cell.iter().enumerate() {
                    let mut bits = *bits;
                    while bits != 0 {
                        union.insert((word * 64) as u32 + bits.trailing_zeros());
                        bits &= bits - 1;
                    }
                }
            }
            Self::Sparse { sets, .. } => *union |= &sets[cell],
        }
    }

    /// Adds the members of a cell of another, renumbered. Both are finished before and after.
    pub(super) fn absorb(&mut self, cell: usize, other: &Self, other_cell: usize, number: Option<&[u32]>) {
        if let (Self::Dense { words, bits }, Self::Dense { words: other_words, bits: other_bits }, None) =
            (&mut *self, other, number)
            && words == other_words
        {
            let (to, from) = (cell * *words, other_cell * *words);
            for word in 0..*words {
                bits[to + word] |= other_bits[from + word];
            }
            return;
        }
        match (&mut *self, other, number) {
            (Self::Sparse { sets, .. }, Self::Sparse { sets: other, .. }, None) => {
                sets[cell] |= &other[other_cell];
            }
            _ => {
                for member in &other.union(&[other_cell]) {
                    self.insert(cell, number.map_or(member, |number| number[member as usize]));
                }
                self.finish();
            }
        }
    }
}
