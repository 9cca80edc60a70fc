use super::*;
use domain::event::Properties;
use domain::identity::{IdentityLink, LinkKind};
use domain::profile::{ProfileOperator, ProfileUpdate};
use domain::{Event, PropertyValue, Timestamp};

fn pseudonym(byte: u8) -> Pseudonym {
    Pseudonym([byte; 16])
}

fn set(who: u8, time: i64, properties: Properties) -> ProfileUpdate {
    ProfileUpdate {
        subject: ProfileSubject::Person(pseudonym(who)),
        time: Timestamp::from_seconds(time),
        operators: vec![ProfileOperator::Set(properties)],
        ignore_time: false,
    }
}

fn text(text: &str) -> PropertyValue {
    PropertyValue::String(text.into())
}

fn batch(profiles: Vec<ProfileUpdate>) -> Batch {
    let mut batch = Batch::new(ProjectId(1), Timestamp::default());
    batch.links.push(IdentityLink {
        time: Timestamp::default(),
        kind: LinkKind::Identify,
        left: pseudonym(9),
        right: pseudonym(3),
    });
    batch.profiles = profiles;
    batch
}

#[test]
fn in_original_mode_the_profiles_of_one_person_are_one() {
    let updates = vec![
        set(9, 10, vec![("plan".into(), text("free")), ("beta".into(), PropertyValue::Bool(true))]),
        set(3, 20, vec![("plan".into(), text("pro"))]),
        set(5, 20, vec![("plan".into(), text("other"))]),
    ];
    let snapshot = Snapshot::in_memory(ProjectId(1), IdentityMode::Original, &[batch(updates.clone())]);
    let by_any_id = [3, 9].map(|id| {
        snapshot.profile(&ProfileSubject::Person(pseudonym(id))).unwrap().expect("it has a profile")
    });
    assert_eq!(by_any_id[0], by_any_id[1]);
    assert_eq!(by_any_id[0].subject, ProfileSubject::Person(pseudonym(3)));
    assert_eq!(by_any_id[0].last_seen, Some(Timestamp::from_seconds(20)));
    let expected: Properties = vec![
        ("plan".into(), text("pro")),
        ("beta".into(), PropertyValue::Bool(true)),
        ("$last_seen".into(), text("1970-01-01T00:00:20")),
    ];
    let mut properties = by_any_id[0].properties.clone();
    properties.sort_by_key(|(name, _)| expected.iter().position(|(other, _)| other == name));
    assert_eq!(properties, expected);
    assert_eq!(snapshot.profiles().count(), 2);

    let apart = Snapshot::in_memory(ProjectId(1), IdentityMode::Simplified, &[batch(updates)]);
    assert_eq!(apart.profiles().count(), 3);
}

#[test]
fn names_are_listed_from_the_first_event_on() {
    let mut batch = Batch::new(ProjectId(1), Timestamp::default());
    for (name, time) in [("b", 5), ("a", 7), ("b", 3)] {
        batch.events.push(Event {
            name: name.into(),
            time: Timestamp::from_seconds(time),
            distinct: None,
            device: None,
            user: None,
            insert_id: time.to_string().into(),
            properties: vec![("p".into(), PropertyValue::Int(time)), ("q".into(), text("x"))],
        });
    }
    let snapshot = Snapshot::in_memory(ProjectId(1), IdentityMode::Simplified, &[batch]);
    let names = snapshot.event_names();
    let listed: Vec<_> = names.iter().map(|event| (event.name.as_str(), event.count)).collect();
    assert_eq!(listed, [("b", 2), ("a", 1)]);
    assert_eq!(names[0].first_seen, Timestamp::from_seconds(3));
    assert_eq!(names[0].last_seen, Timestamp::from_seconds(5));
    let a = snapshot.event_id("a");
    assert_eq!(snapshot.property_names(a).iter().map(|property| property.count).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(snapshot.property_names(None)[0].count, 3);
    assert_eq!(snapshot.event_id("c"), None);
}
