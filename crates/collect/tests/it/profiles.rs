//! Operators and modifiers of `/engage` and `/groups` (mixpanel-wire.md §3).

use crate::support::{Collector, NOW, NOW_S, text};
use domain::event::Properties;
use domain::profile::{ProfileOperator, ProfileSubject, ProfileUpdate};
use domain::{PropertyName, PropertyValue};
use serde_json::{Value, json};
use vault::{Content, SealedOperation};

fn update(operators: Value) -> Value {
    let mut all = json!({ "$token": "T", "$distinct_id": "u1" });
    all.as_object_mut().unwrap().extend(operators.as_object().unwrap().clone());
    all
}

fn one(collector: &Collector, operators: Value) -> ProfileUpdate {
    let answer = collector.json("/engage?verbose=1", update(operators));
    assert_eq!(answer.batch.profiles.len(), 1, "{}", answer.text());
    answer.batch.profiles[0].clone()
}

fn properties(value: Value) -> Properties {
    match serde_json::from_value(value).unwrap() {
        PropertyValue::Object(properties) => properties,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_operator() {
    for (sent, operators) in [
        (json!({ "$set": { "a": 1 } }), vec![ProfileOperator::Set(properties(json!({ "a": 1 })))]),
        (
            json!({ "$set_once": { "a": "x" } }),
            vec![ProfileOperator::SetOnce(properties(json!({ "a": "x" })))],
        ),
        (
            json!({ "$add": { "n": -2, "m": 0.5 } }),
            vec![ProfileOperator::Add(properties(json!({ "m": 0.5, "n": -2 })))],
        ),
        (json!({ "$append": { "l": "x" } }), vec![ProfileOperator::Append(properties(json!({ "l": "x" })))]),
        (
            json!({ "$union": { "l": ["x"] } }),
            vec![ProfileOperator::Union(properties(json!({ "l": ["x"] })))],
        ),
        (json!({ "$remove": { "l": "x" } }), vec![ProfileOperator::Remove(properties(json!({ "l": "x" })))]),
        (json!({ "$unset": ["a"] }), vec![ProfileOperator::Unset(vec![PropertyName::from("a")])]),
        (json!({ "$unset": "a" }), vec![ProfileOperator::Unset(vec![PropertyName::from("a")])]),
        (json!({ "$delete": "" }), vec![ProfileOperator::Delete]),
        (json!({ "$delete": "u1", "$ignore_alias": true }), vec![ProfileOperator::Delete]),
        (
            json!({ "$append": { "$transactions": { "$amount": 9.5, "$time": "2026-08-01T10:00:00" } } }),
            vec![ProfileOperator::Append(properties(
                json!({ "$transactions": { "$amount": 9.5, "$time": "2026-08-01T10:00:00" } }),
            ))],
        ),
        (
            json!({ "$unset": ["z"], "$set": { "a": 1 }, "$set_once": { "b": 2 } }),
            vec![
                ProfileOperator::Set(properties(json!({ "a": 1 }))),
                ProfileOperator::SetOnce(properties(json!({ "b": 2 }))),
                ProfileOperator::Unset(vec![PropertyName::from("z")]),
            ],
        ),
    ] {
        let collector = Collector::new();
        let done = one(&collector, sent.clone());
        assert_eq!(done.operators, operators, "{sent}");
        assert_eq!(done.subject, ProfileSubject::Person(collector.who("u1")));
    }
}

#[test]
fn what_is_no_operator_is_refused() {
    for (sent, tag) in [
        (json!({}), "no_operator"),
        (json!({ "$set": 1 }), "bad_operator"),
        (json!({ "$set": ["a"] }), "bad_operator"),
        (json!({ "$add": { "a": "x" } }), "bad_operator"),
        (json!({ "$union": { "a": "x" } }), "bad_operator"),
        (json!({ "$unset": [1] }), "bad_operator"),
        (json!({ "$unset": { "a": 1 } }), "bad_operator"),
        (json!({ "$distinct_id": "", "$set": {} }), "missing_distinct_id"),
        (json!({ "$distinct_id": null, "$set": {} }), "missing_distinct_id"),
        (json!({ "$set": { "a": ["x".repeat(256 * 1024)] } }), "property_too_large"),
        (json!({ "$set": { "a": { "b": { "c": { "d": {} } } } } }), "too_deep"),
    ] {
        let answer = Collector::new().json("/engage", update(sent.clone()));
        assert_eq!(answer.tags(), [tag]);
        assert_eq!((answer.reply.status, answer.text()), (200, "0"), "never a 4xx: {tag}");
    }
    let wide: serde_json::Map<String, Value> = (0..2001).map(|at| (format!("p{at}"), json!(1))).collect();
    assert_eq!(
        Collector::new().json("/engage", update(json!({ "$set": wide }))).tags(),
        ["too_many_properties"]
    );
}

#[test]
fn modifiers() {
    let collector = Collector::new();
    let set = json!({ "a": 1 });
    let at = |time: Value| one(&collector, json!({ "$set": set, "$time": time })).time.millis();
    assert_eq!(at(json!(NOW_S - 60)), (NOW_S - 60) * 1000);
    assert_eq!(at(json!(NOW_S as f64 - 0.5)), NOW_S * 1000 - 500);
    assert_eq!(at(json!((NOW_S - 60) * 1000)), (NOW_S - 60) * 1000);
    assert_eq!(at(json!("soon")), NOW.millis());
    assert_eq!(at(json!(NOW_S + 60)), NOW.millis());
    assert!(one(&collector, json!({ "$set": set, "$ignore_time": true })).ignore_time);
    assert!(!one(&collector, json!({ "$set": set })).ignore_time);
    // Helpers for identity: the distinct id as sent decides.
    let with = one(&collector, json!({ "$set": set, "$device_id": "D", "$user_id": "U" }));
    assert_eq!(with.subject, ProfileSubject::Person(collector.who("u1")));
}

#[test]
fn order_of_arrival_is_kept() {
    let body: Vec<Value> = (0..5).map(|at| update(json!({ "$set": { "n": at } }))).collect();
    let answer = Collector::new().json("/engage", json!(body));
    for (at, done) in answer.batch.profiles.iter().enumerate() {
        assert_eq!(done.operators, [ProfileOperator::Set(properties(json!({ "n": at })))]);
    }
}

#[test]
fn groups() {
    let collector = Collector::new();
    let group = |key: Value, id: Value| json!({ "$token": "T", "$group_key": key, "$group_id": id, "$set": { "seats": 3 } });
    let answer = collector
        .json("/groups", json!([group(json!("company"), json!("Acme")), group(json!("company"), json!(7))]));
    let subjects: Vec<_> = answer.batch.profiles.iter().map(|done| done.subject.clone()).collect();
    let expected = |id: &str| ProfileSubject::Group { key: "company".into(), id: id.into() };
    assert_eq!(subjects, [expected("Acme"), expected("7")]);
    // An id of a personal shape is readable for nobody.
    let answer = collector.json("/groups", group(json!("household"), json!("ada@example.com")));
    let hidden = collector.group("household", "ada@example.com");
    assert_eq!(
        answer.batch.profiles[0].subject,
        ProfileSubject::Group { key: "household".into(), id: hidden.to_string().into() }
    );
    let opened = collector.open(&answer.batch);
    assert_eq!((opened[0].subject, opened[0].value.expose().as_str()), (hidden, "ada@example.com"));
    assert_eq!(collector.json("/groups", group(json!(null), json!("x"))).tags(), ["missing_group"]);
    assert_eq!(collector.json("/groups", group(json!("k"), json!(""))).tags(), ["missing_group"]);
}

#[test]
fn personal_values_are_sealed_as_the_same_operation() {
    use SealedOperation as Sealed;
    let mail = "ada@example.com";
    for (sent, plain, sealed) in [
        (
            json!({ "$set": { "$email": mail, "plan": "pro" } }),
            vec![ProfileOperator::Set(properties(json!({ "$email": "[email]", "plan": "pro" })))],
            vec![(Sealed::Set, "$email", r#""ada@example.com""#)],
        ),
        (
            json!({ "$set_once": { "$email": mail } }),
            vec![ProfileOperator::SetOnce(properties(json!({ "$email": "[email]" })))],
            vec![(Sealed::SetOnce, "$email", r#""ada@example.com""#)],
        ),
        (
            json!({ "$append": { "mails": mail } }),
            vec![ProfileOperator::Append(properties(json!({ "mails": "[email]" })))],
            vec![(Sealed::Append, "mails", r#""ada@example.com""#)],
        ),
        (
            json!({ "$union": { "mails": [mail, "b@example.com"] } }),
            vec![ProfileOperator::Union(properties(json!({ "mails": ["[email]", "[email]"] })))],
            vec![(Sealed::Union, "mails", r#"["ada@example.com","b@example.com"]"#)],
        ),
        (
            json!({ "$remove": { "mails": mail, "tags": "x" } }),
            vec![ProfileOperator::Remove(properties(json!({ "tags": "x" })))],
            vec![(Sealed::Remove, "mails", r#""ada@example.com""#)],
        ),
        (
            json!({ "$unset": ["$email"] }),
            vec![ProfileOperator::Unset(vec![PropertyName::from("$email")])],
            vec![(Sealed::Unset, "$email", "")],
        ),
        (json!({ "$delete": true }), vec![ProfileOperator::Delete], vec![(Sealed::Delete, "", "")]),
    ] {
        let collector = Collector::new();
        let answer = collector.json("/engage", update(sent.clone()));
        assert_eq!(answer.batch.profiles[0].operators, plain, "{sent}");
        let opened = collector.open(&answer.batch);
        let fields: Vec<_> = opened
            .iter()
            .filter_map(|record| match record.content {
                Content::Field(operation) => {
                    Some((operation, &*record.field, record.value.expose().as_str()))
                }
                Content::DistinctId => None,
            })
            .collect();
        assert_eq!(fields, sealed, "{sent}");
        assert!(opened.iter().all(|record| record.subject == collector.who("u1")));
    }
}

#[test]
fn place_of_a_person_by_address() {
    let mut collector = Collector::new();
    collector.address = Some("81.2.69.142");
    let country = |path: &str, sent: Value| {
        let answer = collector.json(path, update(sent));
        answer.batch.profiles[0].operators.iter().find_map(|operator| match operator {
            ProfileOperator::Set(properties) => {
                crate::support::property(properties, "$country_code").cloned()
            }
            _ => None,
        })
    };
    let found = Some(text("GB"));
    let set = json!({ "$set": { "a": 1 } });
    assert_eq!(country("/engage", set.clone()), found, "on by default");
    assert_eq!(country("/engage?ip=1", set.clone()), found);
    assert_eq!(country("/engage?ip=0", set.clone()), None);
    assert_eq!(country("/engage", json!({ "$set": { "a": 1 }, "$ip": "0" })), None);
    assert_eq!(country("/engage", json!({ "$set": { "a": 1 }, "$ip": 0 })), None);
    assert_eq!(country("/engage?ip=0", json!({ "$set": { "a": 1 }, "$ip": "81.2.69.142" })), found);
    assert_eq!(country("/engage?ip=0", json!({ "$set": { "$ip": "81.2.69.142" } })), found, "as a property");
    assert_eq!(country("/engage", json!({ "$append": { "l": 1 } })), found, "any describing operator");
    assert_eq!(country("/engage", json!({ "$unset": ["a"] })), None);
    assert_eq!(country("/engage", json!({ "$set": { "$country_code": "FR" } })), Some(text("FR")));
    // The address itself stays nowhere.
    let answer =
        collector.json("/engage", update(json!({ "$set": { "ip": "81.2.69.142", "$ip": "81.2.69.142" } })));
    assert!(!format!("{:?}", answer.batch).contains("81.2.69"));
}
