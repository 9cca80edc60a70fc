use super::*;
use domain::Pseudonym;
use domain::profile::ProfileSubject;
use serde_json::{Value, json};

fn properties(value: Value) -> Properties {
    match serde_json::from_value(value).unwrap() {
        PropertyValue::Object(properties) => properties,
        other => panic!("{other:?} is no object"),
    }
}

fn update(operators: Vec<ProfileOperator>) -> ProfileUpdate {
    let subject = ProfileSubject::Person(Pseudonym([7; 16]));
    ProfileUpdate { subject, time: Timestamp::from_seconds(1_700_000_000), operators, ignore_time: true }
}

fn profile(value: Value) -> Profile {
    let subject = ProfileSubject::Person(Pseudonym([7; 16]));
    Profile { subject, properties: properties(value), last_seen: None }
}

fn json_of(profile: &Profile) -> Value {
    serde_json::to_value(PropertyValue::Object(profile.properties.clone())).unwrap()
}

#[test]
fn each_operator_on_each_kind_of_old_value() {
    use ProfileOperator::*;
    let names = |names: &[&str]| names.iter().map(|&name| PropertyName::from(name)).collect();
    let p = properties;
    for (before, operator, after) in [
        (json!({"a": 1}), Set(p(json!({"a": "x", "b": [1]}))), json!({"a": "x", "b": [1]})),
        (json!({"a": 1}), SetOnce(p(json!({"a": 2, "b": 3}))), json!({"a": 1, "b": 3})),
        (json!({"a": null}), SetOnce(p(json!({"a": 2}))), json!({"a": null})),
        (json!({"a": 1}), Add(p(json!({"a": 2, "b": -3}))), json!({"a": 3, "b": -3})),
        (json!({"a": 1.5}), Add(p(json!({"a": 2}))), json!({"a": 3.5})),
        (json!({"a": i64::MAX}), Add(p(json!({"a": 1}))), json!({"a": i64::MAX as f64 + 1.0})),
        (json!({"a": "1"}), Add(p(json!({"a": 2}))), json!({"a": "1"})),
        (json!({"a": 1}), Add(p(json!({"a": "2", "b": "2"}))), json!({"a": 1})),
        (json!({"a": [1]}), Append(p(json!({"a": 1, "b": "x"}))), json!({"a": [1, 1], "b": ["x"]})),
        (json!({"a": 1}), Append(p(json!({"a": {"k": 2}}))), json!({"a": [1, {"k": 2}]})),
        (
            json!({"a": [1, 2]}),
            Union(p(json!({"a": [2, 3, 3], "b": [1, 1]}))),
            json!({"a": [1, 2, 3], "b": [1]}),
        ),
        (json!({"a": "x"}), Union(p(json!({"a": ["x", "y"]}))), json!({"a": ["x", "y"]})),
        (json!({"a": [1, 2]}), Union(p(json!({"a": 1.0}))), json!({"a": [1, 2]})),
        (json!({"a": [1, 2, 1]}), Remove(p(json!({"a": 1, "b": 1}))), json!({"a": [2]})),
        (json!({"a": 1}), Remove(p(json!({"a": 1}))), json!({"a": 1})),
        (json!({"a": 1, "b": 2}), Unset(names(&["a", "c"])), json!({"b": 2})),
    ] {
        let result = fold(Some(&profile(before.clone())), &update(vec![operator.clone()]));
        let result = result.expect("it is touched").expect("it is still there");
        assert_eq!(json_of(&result), after, "{before} after {operator:?}");
    }
}

#[test]
fn only_some_operators_make_a_profile() {
    use ProfileOperator::*;
    let p = || properties(json!({"a": 1}));
    for (operator, makes) in [
        (Set(p()), true),
        (SetOnce(p()), true),
        (Add(p()), true),
        (Append(p()), true),
        (Union(p()), true),
        (Remove(p()), false),
        (Unset(vec!["a".into()]), false),
        (Delete, false),
    ] {
        assert_eq!(fold(None, &update(vec![operator.clone()])).is_some(), makes, "{operator:?}");
    }
    assert_eq!(fold(Some(&profile(json!({"a": 1}))), &update(vec![Delete])), Some(None));
}

#[test]
fn several_operators_apply_in_the_order_given() {
    use ProfileOperator::*;
    let steps =
        vec![Set(properties(json!({"n": 1}))), Add(properties(json!({"n": 2}))), Unset(vec!["m".into()])];
    let after = fold(Some(&profile(json!({"m": 0}))), &update(steps)).unwrap().unwrap();
    assert_eq!(json_of(&after), json!({"n": 3}));
}

#[test]
fn last_seen_is_the_latest_time_unless_ignored() {
    let mut first = update(vec![ProfileOperator::Set(properties(json!({"a": 1})))]);
    assert_eq!(json_of(&fold(None, &first).unwrap().unwrap()), json!({"a": 1}));
    first.ignore_time = false;
    let seen = fold(None, &first).unwrap().unwrap();
    assert_eq!(json_of(&seen), json!({"a": 1, "$last_seen": "2023-11-14T22:13:20"}));
    let mut earlier = first.clone();
    earlier.time = Timestamp::from_seconds(1_600_000_000);
    let same = fold(Some(&seen), &earlier).unwrap().unwrap();
    assert_eq!(json_of(&same), json_of(&seen));
}

#[test]
fn a_profile_does_not_grow_without_end() {
    let many: Properties =
        (0..MAX_PROPERTIES).map(|n| (format!("p{n}").into(), PropertyValue::Int(0))).collect();
    let full = Profile { properties: many, ..profile(json!({})) };
    let more = vec![ProfileOperator::Set(properties(json!({"p0": 1, "new": 1})))];
    let after = fold(Some(&full), &update(more)).unwrap().unwrap();
    assert_eq!((after.properties.len(), &after.properties[0].1), (MAX_PROPERTIES, &PropertyValue::Int(1)));
    let long = profile(json!({"a": vec![0; MAX_ITEMS]}));
    let after = fold(Some(&long), &update(vec![ProfileOperator::Append(properties(json!({"a": 1})))]));
    assert_eq!(json_of(&after.unwrap().unwrap()), json_of(&long));
}
