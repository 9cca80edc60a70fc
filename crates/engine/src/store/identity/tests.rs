use super::original::CLUSTER_LIMIT;
use super::*;
use domain::Pseudonym;
use proptest::prelude::*;

fn registry(ids: u32) -> Registry {
    // Pseudonyms whose order is not that of the ids.
    let spread = |id: u32| Pseudonym(u128::from(id.wrapping_mul(2_654_435_761)).to_be_bytes());
    Registry::from_pseudonyms((0..ids).map(spread).collect())
}

fn resolve(mode: IdentityMode, ids: u32, facts: &[Fact]) -> Vec<u32> {
    let registry = registry(ids);
    let mut identity = Identity::new(mode);
    for (at, fact) in facts.iter().enumerate() {
        identity.learn(*fact, &registry);
        if at % 3 == 0 {
            identity.canonical(&registry);
        }
    }
    let canonical = identity.canonical(&registry);
    (0..ids).map(|id| canonical.get(id as usize).copied().unwrap_or(id)).collect()
}

fn fact(time: i64, kind: FactKind, left: u32, right: u32) -> Fact {
    Fact { time, kind, left, right }
}

#[test]
fn i02_devices_come_to_their_user_whenever_the_link_arrives() {
    let (user, first, second) = (0, 1, 2);
    let links = [fact(5, FactKind::DeviceOfUser, first, user), fact(9, FactKind::DeviceOfUser, second, user)];
    assert_eq!(resolve(IdentityMode::Simplified, 3, &links), [user, user, user]);
}

#[test]
fn a_device_stays_with_the_user_of_the_earliest_event() {
    let (device, early, late) = (0, 1, 2);
    let mut links =
        [fact(9, FactKind::DeviceOfUser, device, late), fact(5, FactKind::DeviceOfUser, device, early)];
    assert_eq!(resolve(IdentityMode::Simplified, 3, &links), [early, early, late]);
    links.reverse();
    assert_eq!(resolve(IdentityMode::Simplified, 3, &links), [early, early, late]);
}

#[test]
fn a_user_has_any_number_of_devices() {
    let links: Vec<_> = (1..2_000).map(|device| fact(1, FactKind::DeviceOfUser, device, 0)).collect();
    assert!(resolve(IdentityMode::Simplified, 2_000, &links).iter().all(|&person| person == 0));
}

#[test]
fn i05_merges_in_all_orders_give_one_cluster_with_one_name() {
    let merges = [(1, 2), (2, 3), (0, 2)];
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    let results: Vec<_> = orders
        .iter()
        .map(|order| {
            let facts: Vec<_> = order
                .iter()
                .zip(10..)
                .map(|(&at, time)| fact(time, FactKind::Merge, merges[at].0, merges[at].1))
                .collect();
            resolve(IdentityMode::Original, 4, &facts)
        })
        .collect();
    assert!(results[0].iter().all(|&person| person == results[0][0]));
    assert!(results.iter().all(|result| *result == results[0]));
}

#[test]
fn identify_takes_only_an_anonymous_id_that_is_merged_nowhere_else() {
    let (anonymous, first, second) = (0, 1, 2);
    let facts =
        [fact(1, FactKind::Identify, anonymous, first), fact(2, FactKind::Identify, anonymous, second)];
    let people = resolve(IdentityMode::Original, 3, &facts);
    assert_eq!(people[0], people[1]);
    assert_ne!(people[0], people[2]);
    let merged = [facts[0], fact(3, FactKind::Merge, anonymous, second)];
    let people = resolve(IdentityMode::Original, 3, &merged);
    assert!(people.iter().all(|&person| person == people[0]));
}

#[test]
fn a_cluster_stops_at_its_limit() {
    let ids = CLUSTER_LIMIT as u32 + 1;
    let facts: Vec<_> = (1..ids).map(|id| fact(i64::from(id), FactKind::Merge, 0, id)).collect();
    let people = resolve(IdentityMode::Original, ids, &facts);
    assert!(people[..CLUSTER_LIMIT].iter().all(|&person| person == people[0]));
    assert_ne!(people[CLUSTER_LIMIT], people[0]);
}

#[test]
fn facts_of_the_other_mode_change_nothing() {
    assert_eq!(resolve(IdentityMode::Simplified, 2, &[fact(1, FactKind::Merge, 0, 1)]), [0, 1]);
    assert_eq!(resolve(IdentityMode::Original, 2, &[fact(1, FactKind::DeviceOfUser, 0, 1)]), [0, 1]);
}

fn facts(kinds: &'static [FactKind]) -> impl Strategy<Value = Vec<Fact>> {
    let one = (0..4i64, proptest::sample::select(kinds), 0..12u32, 0..12u32);
    let some = proptest::collection::vec(one, 0..24);
    some.prop_map(|facts| facts.into_iter().map(|(t, kind, l, r)| fact(t, kind, l, r)).collect())
}

proptest! {
    #[test]
    fn simplified_depends_on_the_set_alone(
        (facts, shuffled) in facts(&[FactKind::DeviceOfUser]).prop_flat_map(|f| (Just(f.clone()), Just(f).prop_shuffle())),
    ) {
        let people = resolve(IdentityMode::Simplified, 12, &facts);
        let mut again = shuffled.clone();
        again.extend(facts.iter().take(5));
        prop_assert_eq!(&people, &resolve(IdentityMode::Simplified, 12, &again));
        prop_assert!(people.iter().all(|&person| people[person as usize] == person));
    }

    #[test]
    fn original_depends_on_the_set_alone(
        (facts, shuffled) in facts(&[FactKind::Identify, FactKind::Alias, FactKind::Merge])
            .prop_flat_map(|f| (Just(f.clone()), Just(f).prop_shuffle())),
    ) {
        let people = resolve(IdentityMode::Original, 12, &facts);
        let mut again = shuffled.clone();
        again.extend(facts.iter().take(5));
        prop_assert_eq!(&people, &resolve(IdentityMode::Original, 12, &again));
        prop_assert!(people.iter().all(|&person| people[person as usize] == person));
    }
}
