//! Random actions on the engine and on a model of it that is too simple to be wrong: a list of
//! batches. Whatever happens to files, a snapshot must say what the list says.

use super::support::*;
use crate::disk::SimDisk;
use crate::engine::Engine;
use crate::store::{Profile, Snapshot};
use domain::event::Properties;
use domain::identity::{IdentityLink, IdentityMode, LinkKind};
use domain::profile::{ProfileOperator, ProfileSubject, ProfileUpdate};
use domain::{Batch, Event, PropertyValue, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
enum Action {
    Append(Batch),
    /// The same batch as an earlier one, as a client sends it that missed the answer.
    Again(usize),
    Flush,
    Compact,
    Crash,
    Restart,
}

const WEEK: i64 = 7 * 86_400;

fn properties() -> impl Strategy<Value = Properties> {
    let value = prop_oneof![
        any::<i64>().prop_map(PropertyValue::Int),
        (-1e6..1e6f64).prop_map(PropertyValue::Float),
        "[a-c]{0,3}".prop_map(|text| PropertyValue::String(text.into())),
        any::<bool>().prop_map(PropertyValue::Bool),
        Just(PropertyValue::Null),
        vec(0..9i64, 0..3)
            .prop_map(|list| PropertyValue::List(list.into_iter().map(PropertyValue::Int).collect())),
    ];
    let properties = proptest::collection::btree_map("[p-s]", value, 0..4);
    properties.prop_map(|map| map.into_iter().map(|(name, value)| (name.into(), value)).collect())
}

fn one_event() -> impl Strategy<Value = Event> {
    let insert_id = prop_oneof![
        "[ab]",
        "[0-9a-f]{32}",
        Just("a long insert id".repeat(2)),
        Just("b long insert id".repeat(2))
    ];
    // A few people, times and ids, so that keys meet again and again.
    (0..3u8, 0..5u8, 0..3u8, 0..4i64, 0..3i64, insert_id, properties()).prop_map(
        |(name, who, device, week, second, insert_id, properties)| {
            let mut event = event(&format!("e{name}"), &format!("u{who}"), week * WEEK + second, &insert_id);
            event.properties = properties;
            match device {
                0 => {
                    event.device = Some(pseudonym(&format!("d{second}")));
                    event.user = event.distinct;
                }
                1 => {
                    event.device = Some(pseudonym(&format!("d{second}")));
                    event.distinct = event.device;
                }
                _ if who == 4 => event.distinct = None,
                _ => {}
            }
            event
        },
    )
}

fn link() -> impl Strategy<Value = IdentityLink> {
    let kind = proptest::sample::select(vec![LinkKind::Identify, LinkKind::Alias, LinkKind::Merge]);
    (0..5i64, kind, 0..5u8, 0..5u8).prop_map(|(time, kind, left, right)| IdentityLink {
        time: Timestamp::from_seconds(time),
        kind,
        left: pseudonym(&format!("u{left}")),
        right: pseudonym(&format!("u{right}")),
    })
}

fn update() -> impl Strategy<Value = ProfileUpdate> {
    let operator = prop_oneof![
        4 => properties().prop_map(ProfileOperator::Set),
        1 => properties().prop_map(ProfileOperator::SetOnce),
        2 => properties().prop_map(ProfileOperator::Add),
        1 => properties().prop_map(ProfileOperator::Append),
        1 => properties().prop_map(ProfileOperator::Union),
        1 => Just(ProfileOperator::Unset(vec!["p".into()])),
        1 => Just(ProfileOperator::Delete),
    ];
    (0..5u8, 0..99i64, operator, any::<bool>()).prop_map(|(who, time, operator, ignore_time)| ProfileUpdate {
        subject: match who {
            0 => ProfileSubject::Group { key: "company".into(), id: "acme".into() },
            _ => ProfileSubject::Person(pseudonym(&format!("u{who}"))),
        },
        time: Timestamp::from_seconds(time),
        operators: vec![operator],
        ignore_time,
    })
}

fn action() -> impl Strategy<Value = Action> {
    let append = (0..9i64, vec(one_event(), 0..12), vec(link(), 0..2), vec(update(), 0..3));
    prop_oneof![
        6 => append.prop_map(|(received, events, links, profiles)| {
            let mut batch = batch(events);
            batch.received = Timestamp::from_seconds(received);
            batch.links = links;
            batch.profiles = profiles;
            Action::Append(batch)
        }),
        2 => any::<usize>().prop_map(Action::Again),
        4 => Just(Action::Flush),
        2 => Just(Action::Compact),
        2 => Just(Action::Crash),
        1 => Just(Action::Restart),
    ]
}

/// Marks what was superseded: it counts nowhere, but the ids on it were linked.
const SUPERSEDED: &str = "~";

/// The last arrival of each event, once: told by a snapshot that no file was ever part of, and
/// that never had to tell duplicates.
fn expected(mode: IdentityMode, batches: &[Batch]) -> Snapshot {
    let key = |event: &Event| (event.name.clone(), event.distinct, event.time, event.insert_id.clone());
    let mut last = BTreeMap::new();
    for (at, event) in batches.iter().flat_map(|batch| &batch.events).enumerate() {
        last.insert(key(event), at);
    }
    let mut once = batches.to_vec();
    for (at, event) in once.iter_mut().flat_map(|batch| &mut batch.events).enumerate() {
        if last[&key(event)] != at {
            event.name = SUPERSEDED.into();
            event.insert_id = at.to_string().into();
        }
    }
    Snapshot::in_memory(PROJECT, mode, &once)
}

fn profiles(snapshot: &Snapshot) -> Vec<String> {
    let line = |profile: &Profile| format!("{profile:?}");
    let mut lines: Vec<_> = snapshot.profiles().map(|profile| line(&profile.unwrap())).collect();
    lines.sort();
    lines
}

fn check(engine: &Engine, mode: IdentityMode, batches: &[Batch]) {
    let snapshot = engine.snapshot(PROJECT).unwrap();
    let expected = expected(mode, batches);
    let mut expected_rows = rows(&expected);
    expected_rows.retain(|row| !row.starts_with(SUPERSEDED));
    assert_eq!(rows(&snapshot), expected_rows);
    assert_eq!(profiles(&snapshot), profiles(&expected));
    assert!(engine.health().is_well(), "{:?}", engine.health());
}

fn run(mode: IdentityMode, seed: u64, actions: Vec<Action>) {
    let disk = SimDisk::new(seed);
    let mut engine = open_with(&disk, settings(), mode);
    let mut batches: Vec<Batch> = vec![];
    for action in actions {
        match action {
            Action::Append(batch) => {
                block_on(engine.append(batch.clone())).unwrap();
                batches.push(batch);
            }
            Action::Again(at) if !batches.is_empty() => {
                let batch = batches[at % batches.len()].clone();
                block_on(engine.append(batch.clone())).unwrap();
                batches.push(batch);
            }
            Action::Again(_) => {}
            Action::Flush => engine.flush().unwrap(),
            Action::Compact => engine.compact().unwrap(),
            Action::Crash => {
                disk.crash();
                drop(engine);
                engine = open_with(&disk, settings(), mode);
            }
            Action::Restart => {
                engine.shutdown().unwrap();
                drop(engine);
                engine = open_with(&disk, settings(), mode);
            }
        }
        check(&engine, mode, &batches);
    }
    engine.shutdown().unwrap();
    drop(engine);
    let report = crate::fsck::check(&disk, &settings().dir);
    assert_eq!(report.damage, []);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn simplified(seed in any::<u64>(), actions in vec(action(), 1..16)) {
        run(IdentityMode::Simplified, seed, actions);
    }

    #[test]
    fn original(seed in any::<u64>(), actions in vec(action(), 1..16)) {
        run(IdentityMode::Original, seed, actions);
    }
}
