use super::*;
use std::collections::BTreeSet;

#[test]
fn every_reason_has_its_own_tag() {
    let tags: BTreeSet<&str> = DropReason::ALL.into_iter().map(DropReason::tag).collect();
    assert_eq!(tags.len(), DropReason::ALL.len());
}

#[test]
fn outcomes_go_back_into_order() {
    let dropped = || Outcome::Dropped(DropReason::Ignored);
    let outcomes = in_order(3, [(2, dropped()), (0, Outcome::Accepted), (1, dropped())]);
    assert_eq!(outcomes, [Outcome::Accepted, dropped(), dropped()]);
}

#[test]
fn the_last_drops_are_kept() {
    let example = |second| DroppedExample {
        time: Timestamp::from_seconds(second),
        event: None,
        reason: DropReason::TooOld,
        field: None,
    };
    let mut drops = RecentDrops::new(2);
    drops.extend((0..5).map(example));
    assert_eq!(drops.iter().map(|drop| drop.time.seconds()).collect::<Vec<_>>(), [4, 3]);
}
