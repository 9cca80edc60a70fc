use crate::report::sets::Sets;
use proptest::prelude::*;
use std::collections::BTreeSet;

const CELLS: usize = 5;

/// Dense, sparse because they would be too large, sparse because they grow.
fn all_forms() -> [Sets; 3] {
    let mut growing = Sets::sparse();
    growing.grow(2);
    growing.grow(CELLS);
    [Sets::fixed(CELLS, 1000), Sets::fixed(CELLS, u32::MAX as usize), growing]
}

fn filled(mut sets: Sets, inserted: &[(usize, u32)]) -> Sets {
    inserted.iter().for_each(|(cell, member)| sets.insert(*cell, *member));
    sets.finish();
    sets
}

proptest! {
    #[test]
    fn sets_are_sets(
        first in prop::collection::vec((0..CELLS, 0..1000u32), 0..200),
        second in prop::collection::vec((0..CELLS, 0..1000u32), 0..200),
        asked in prop::collection::btree_set(0..CELLS, 0..CELLS),
        renumbered in any::<bool>(),
    ) {
        let numbers: Vec<u32> = (0..1000).map(|member| (member * 7 + 3) % 1000).collect();
        let numbers = renumbered.then_some(&numbers[..]);
        let number = |member: u32| numbers.map_or(member, |numbers| numbers[member as usize]);
        let asked: Vec<usize> = asked.into_iter().collect();
        let expected: BTreeSet<u32> = first
            .iter()
            .copied()
            .chain(second.iter().map(|(cell, member)| (*cell, number(*member))))
            .filter(|(cell, _)| asked.contains(cell))
            .map(|(_, member)| member)
            .collect();
        for (own, other) in all_forms().into_iter().zip(all_forms()) {
            let (mut own, other) = (filled(own, &first), filled(other, &second));
            (0..CELLS).for_each(|cell| own.absorb(cell, &other, cell, numbers));
            prop_assert_eq!(own.count(&asked), expected.len() as u64);
            prop_assert!(own.union(&asked).iter().eq(expected.iter().copied()));
        }
    }
}

#[test]
fn many_insertions_are_brought_in_as_they_come() {
    let mut sets = Sets::sparse();
    sets.grow(3);
    (0..3_000_000u32).for_each(|n| sets.insert(n as usize % 3, n % 1000));
    sets.finish();
    assert_eq!(sets.count(&[0, 1, 2]), 1000);
}
