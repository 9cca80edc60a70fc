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
