//! Whatever comes, an answer goes out, and every record has its outcome.

use crate::support::{Collector, base64, escape, event, gzip};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::LazyLock;

/// One for all cases: none of them looks at what was sealed before.
static COLLECTOR: LazyLock<Collector> = LazyLock::new(Collector::new);

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 8, |inner| {
        let name = prop_oneof![
            Just("event".to_owned()),
            Just("properties".to_owned()),
            Just("token".to_owned()),
            Just("time".to_owned()),
            Just("distinct_id".to_owned()),
            Just("$insert_id".to_owned()),
            Just("$set".to_owned()),
            Just("$unset".to_owned()),
            Just("$mp_metadata".to_owned()),
            any::<String>(),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..8)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn any_path() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "/track",
        "/track/?verbose=1&ip=1",
        "/engage?verbose=2",
        "/groups/",
        "/import",
        "/import?strict=1",
        "/engage?strict=1",
        "/track?img=1",
        "/track?callback=a.b",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_get_an_answer(path in any_path(), body in prop::collection::vec(any::<u8>(), 0..512)) {
        let answer = COLLECTOR.send(path, &body);
        prop_assert!([200, 400].contains(&answer.reply.status));
        prop_assert!(!answer.reply.body.is_empty());
        for wrapped in [gzip(&body), format!("data={}", base64(&body)).into_bytes(), [b"data=", &body[..]].concat()] {
            prop_assert!(!COLLECTOR.send(path, &wrapped).reply.body.is_empty());
        }
    }

    #[test]
    fn n_records_have_n_outcomes(path in any_path(), records in prop::collection::vec(any_json(), 0..12)) {
        let answer = COLLECTOR.json(path, Value::from(records.clone()));
        prop_assert_eq!(answer.outcomes.len(), records.len());
        let accepted = answer.tags().iter().filter(|tag| **tag == "accepted").count();
        prop_assert_eq!(accepted, answer.batch.events.len() + answer.batch.profiles.len());
    }

    #[test]
    fn every_wrapping_says_the_same(value in any_json()) {
        let body = event("A", json!({ "value": value, "$insert_id": "x" })).to_string();
        let plain = COLLECTOR.send("/track", body.as_bytes()).batch;
        for wrapped in [
            gzip(body.as_bytes()),
            format!("data={}", escape(&body)).into_bytes(),
            format!("data={}", base64(body.as_bytes())).into_bytes(),
            format!("data={}", escape(&base64(&crate::support::cesu8(&body)))).into_bytes(),
        ] {
            let batch = COLLECTOR.send("/track", &wrapped).batch;
            prop_assert_eq!(&batch.events, &plain.events);
        }
    }

    #[test]
    fn damaged_json_never_panics(value in any_json(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut body = json!([event("A", json!({ "value": value }))]).to_string().into_bytes();
        let at = at.index(body.len());
        body[at] = byte;
        let _ = COLLECTOR.send("/track", &body);
        let _ = COLLECTOR.send("/track", &body[..at]);
    }
}
