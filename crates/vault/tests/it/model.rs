//! Random histories through the whole vault against the plain meaning of the operators.

use crate::support::{House, NOW};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use vault::SealedOperation::{self, Add, Append, Delete, Remove, Set, SetOnce, Union, Unset};

const FIELDS: [&str; 4] = ["$email", "a", "a.b", "a[0].c"];
const IDS: [&str; 3] = ["u1", "u2", "$device:d"];

#[derive(Clone, Debug)]
enum Step {
    Operate {
        id: usize,
        field: usize,
        operation: SealedOperation,
        value: Value,
    },
    /// Ends the batch.
    Intake,
    /// Ends the batch, and the process.
    Restart,
}

type Profile = BTreeMap<String, Value>;

fn values() -> impl Strategy<Value = Value> {
    proptest::sample::select(vec![
        json!("x@y.z"),
        json!("b@y.z"),
        json!(1),
        json!(2.5),
        json!(["x@y.z", 1]),
        json!(null),
    ])
}

fn steps() -> impl Strategy<Value = Step> {
    let operations = vec![Set, Set, SetOnce, Add, Append, Union, Remove, Unset, Delete];
    let operate = (0..IDS.len(), 0..FIELDS.len(), proptest::sample::select(operations), values())
        .prop_map(|(id, field, operation, value)| Step::Operate { id, field, operation, value });
    prop_oneof![20 => operate, 3 => Just(Step::Intake), 1 => Just(Step::Restart)]
}

/// mixpanel-wire.md §3, written down once more and differently.
fn expect(profile: &mut Profile, field: &str, operation: SealedOperation, value: &Value) {
    let list_of = |old: Option<&Value>| match old {
        None => vec![],
        Some(Value::Array(items)) => items.clone(),
        Some(scalar) => vec![scalar.clone()],
    };
    let within = |name: &str| {
        name == field || name.starts_with(&format!("{field}.")) || name.starts_with(&format!("{field}["))
    };
    let old = profile.get(field);
    let new = match operation {
        Delete => return profile.clear(),
        Unset => return profile.retain(|name, _| !within(name)),
        Set => {
            profile.retain(|name, _| !within(name));
            value.clone()
        }
        SetOnce if old.is_some() => return,
        SetOnce => value.clone(),
        Add => match (old, value) {
            (None, Value::Number(_)) => value.clone(),
            (Some(Value::Number(a)), Value::Number(b)) => match (a.as_i64(), b.as_i64()) {
                (Some(a), Some(b)) => json!(a + b),
                _ => json!(a.as_f64().unwrap() + b.as_f64().unwrap()),
            },
            _ => return,
        },
        Append => Value::Array([list_of(old), vec![value.clone()]].concat()),
        Union => {
            let mut list = list_of(old);
            for item in list_of(Some(value)) {
                if !list.contains(&item) {
                    list.push(item);
                }
            }
            Value::Array(list)
        }
        Remove => match old {
            Some(Value::Array(items)) => items.iter().filter(|item| *item != value).cloned().collect(),
            _ => return,
        },
        SealedOperation::Observe => return,
    };
    profile.insert(field.to_owned(), new);
}

async fn run(steps: Vec<Step>) {
    let mut house = House::new().await;
    let mut expected = IDS.map(|_| Profile::new());
    let mut records = vec![];
    for step in steps.into_iter().chain([Step::Restart]) {
        match step {
            Step::Operate { id, field, operation, value } => {
                expect(&mut expected[id], FIELDS[field], operation, &value);
                let who = house.sealer.pseudonym(IDS[id]);
                let (field, text) = match operation {
                    Delete => ("", String::new()),
                    Unset => (FIELDS[field], String::new()),
                    _ => (FIELDS[field], value.to_string()),
                };
                records.extend(house.sealer.seal_field(who, field, operation, &text, NOW));
            }
            Step::Intake => {
                house.intake(std::mem::take(&mut records)).await;
            }
            Step::Restart => {
                house.intake(std::mem::take(&mut records)).await;
                house.restart().await;
            }
        }
    }
    for (id, expected) in IDS.iter().zip(expected) {
        let fields = house.fields(house.sealer.pseudonym(id)).await.unwrap_or_default();
        let found: Profile = fields
            .profile
            .iter()
            .map(|(field, value)| (field.clone(), serde_json::from_str(value.expose()).unwrap()))
            .collect();
        assert_eq!(found, expected, "{id}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn revealed_fields_are_what_the_operators_say(steps in proptest::collection::vec(steps(), 1..120)) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run(steps));
    }
}
