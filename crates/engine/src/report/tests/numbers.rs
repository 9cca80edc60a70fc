use crate::report::number::{ExactSum, Ranges, percentile};
use proptest::prelude::*;

#[test]
fn percentiles_interpolate() {
    let cases = [
        (vec![1.0, 2.0, 3.0, 4.0], 50.0, Some(2.5)),
        (vec![4.0, 3.0, 2.0, 1.0], 90.0, Some(3.7)),
        (vec![1.0, 2.0, 3.0, 4.0], 99.0, Some(3.97)),
        (vec![1.0, 2.0, 3.0, 4.0], 0.0, Some(1.0)),
        (vec![1.0, 2.0, 3.0, 4.0], 100.0, Some(4.0)),
        (vec![7.0], 50.0, Some(7.0)),
        (vec![2.0, 2.0, 2.0], 75.0, Some(2.0)),
        (vec![], 50.0, None),
    ];
    for (mut numbers, p, expected) in cases {
        let found = percentile(&mut numbers, p);
        let close = match (found, expected) {
            (Some(found), Some(expected)) => (found - expected).abs() < 1e-12,
            (found, expected) => found == expected,
        };
        assert!(close, "{numbers:?} p{p}: {found:?}");
    }
}

#[test]
fn sums_are_exact() {
    let sum = |numbers: &[f64]| {
        let mut sum = ExactSum::default();
        numbers.iter().for_each(|number| sum.add(*number));
        sum.value()
    };
    assert_eq!(sum(&[]), Some(0.0));
    assert_eq!(sum(&[0.1; 10]), Some(1.0));
    assert_eq!(sum(&[1e100, 1.0, -1e100]), Some(1.0));
    assert_eq!(sum(&[1e16, 1.0, 1e-16]), Some(1e16 + 2.0));
    assert_eq!(sum(&[f64::MAX, f64::MAX]), None);
}

proptest! {
    #[test]
    fn sums_do_not_depend_on_order(mut numbers in prop::collection::vec(-1e12..1e12f64, 0..40), split in 0..40usize) {
        let mut forward = ExactSum::default();
        numbers.iter().for_each(|number| forward.add(*number));
        numbers.reverse();
        let (left, right) = numbers.split_at(split.min(numbers.len()));
        let (mut first, mut second) = (ExactSum::default(), ExactSum::default());
        left.iter().for_each(|number| first.add(*number));
        right.iter().for_each(|number| second.add(*number));
        second.absorb(&first);
        prop_assert_eq!(forward.value(), second.value());
    }

    #[test]
    fn ranges_hold_their_numbers(least in -1e6..1e6f64, span in prop_oneof![Just(0.0), 1e-3..1e9f64], part in 0.0..1.0f64) {
        let ranges = Ranges::covering(least, least + span);
        let first = ranges.index(least);
        let index = ranges.index(least + span * part);
        prop_assert!(index >= first && index - first <= 20.0);
    }
}

#[test]
fn ranges_are_round() {
    let cases = [
        (2000.0, 4000.0, 2050.0, "2,000 - 2,200"),
        (2000.0, 3900.0, 2000.0, "2,000 - 2,100"),
        (0.0, 1.0, 0.35, "0.3 - 0.4"),
        (0.0, 0.5, 0.26, "0.25 - 0.30"),
        (-50.0, 50.0, -5.0, "-10 - 0"),
        (5.0, 5.0, 5.0, "5 - 6"),
        (0.0, 1_999_999.0, 1_999_999.0, "1,900,000 - 2,000,000"),
    ];
    for (least, greatest, number, expected) in cases {
        let ranges = Ranges::covering(least, greatest);
        assert_eq!(ranges.name(ranges.index(number)), expected, "{least} to {greatest}");
    }
}
