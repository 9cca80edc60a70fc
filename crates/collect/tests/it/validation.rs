//! Every row of mixpanel-wire.md §1.6, on both endpoints.

use crate::support::{Collector, NOW, NOW_S, clients_own, event};
use domain::PropertyValue;
use serde_json::{Map, Value, json};

/// An event that passes `/import?strict=1` but for what `extra` changes.
fn strict_event(extra: Value) -> Value {
    let mut all = json!({ "$insert_id": "id-1" });
    all.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    event("A", all)
}

fn many(count: usize) -> Value {
    let entries: Map<String, Value> = (0..count).map(|at| (format!("p{at}"), json!(at))).collect();
    entries.into()
}

fn list(count: usize) -> Value {
    json!({ "list": vec![0; count] })
}

fn without(mut event: Value, name: &str) -> Value {
    event["properties"].as_object_mut().unwrap().remove(name);
    event
}

const FIVE_DAYS: i64 = 5 * 86_400;

#[test]
fn every_rule_on_track_lenient_and_strict_import() {
    let mut banned = vec![];
    for id in [
        "00000000-0000-0000-0000-000000000000",
        "anon",
        "anonymous",
        "nil",
        "none",
        "null",
        "n/a",
        "na",
        "undefined",
        "unknown",
        "<nil>",
        "0",
        "-1",
        "true",
        "false",
        "[]",
        "{}",
        "NULL",
    ] {
        banned.push((strict_event(json!({ "distinct_id": id })), "accepted", "accepted", "bad_distinct_id"));
        banned.push((strict_event(json!({ "$insert_id": id })), "accepted", "accepted", "bad_insert_id"));
    }
    // Event, then its outcome on /track, /import, /import?strict=1.
    let table = [
        // Time.
        (strict_event(json!({ "time": NOW_S - FIVE_DAYS })), "accepted", "accepted", "accepted"),
        (strict_event(json!({ "time": NOW_S - FIVE_DAYS - 1 })), "too_old", "accepted", "accepted"),
        (strict_event(json!({ "time": 31_536_000 })), "too_old", "accepted", "accepted"),
        (strict_event(json!({ "time": 31_535_999 })), "too_old", "too_old", "too_old"),
        (strict_event(json!({ "time": -5 })), "too_old", "too_old", "too_old"),
        (strict_event(json!({ "time": NOW_S + 3600 })), "accepted", "accepted", "accepted"),
        (strict_event(json!({ "time": NOW_S + 3601 })), "in_the_future", "in_the_future", "in_the_future"),
        (strict_event(json!({ "time": "yesterday" })), "bad_time", "bad_time", "bad_time"),
        (strict_event(json!({ "time": "inf" })), "bad_time", "bad_time", "bad_time"),
        (strict_event(json!({ "time": true })), "bad_time", "bad_time", "bad_time"),
        (strict_event(json!({ "time": null })), "accepted", "accepted", "missing_time"),
        (without(strict_event(json!({})), "time"), "accepted", "accepted", "missing_time"),
        // Ids.
        (without(strict_event(json!({})), "$insert_id"), "accepted", "accepted", "missing_insert_id"),
        (strict_event(json!({ "$insert_id": "" })), "accepted", "accepted", "missing_insert_id"),
        (strict_event(json!({ "$insert_id": "x".repeat(36) })), "accepted", "accepted", "accepted"),
        (strict_event(json!({ "$insert_id": "x".repeat(37) })), "accepted", "accepted", "bad_insert_id"),
        (strict_event(json!({ "$insert_id": "a_b" })), "accepted", "accepted", "bad_insert_id"),
        (strict_event(json!({ "$insert_id": 17 })), "accepted", "accepted", "accepted"),
        (without(strict_event(json!({})), "distinct_id"), "accepted", "accepted", "missing_distinct_id"),
        (strict_event(json!({ "distinct_id": "" })), "accepted", "accepted", "accepted"),
        (strict_event(json!({ "distinct_id": 17 })), "accepted", "accepted", "accepted"),
        (strict_event(json!({ "distinct_id": {} })), "bad_distinct_id", "bad_distinct_id", "bad_distinct_id"),
        (
            without(strict_event(json!({ "$device_id": "d" })), "distinct_id"),
            "accepted",
            "accepted",
            "accepted",
        ),
        // Sizes. Four properties are there already.
        (strict_event(many(250)), "accepted", "accepted", "accepted"),
        (strict_event(many(251)), "too_many_properties", "too_many_properties", "too_many_properties"),
        (strict_event(json!({ "o": many(254) })), "accepted", "accepted", "accepted"),
        (
            strict_event(json!({ "o": many(255) })),
            "too_many_properties",
            "too_many_properties",
            "too_many_properties",
        ),
        (strict_event(list(254)), "accepted", "accepted", "accepted"),
        (strict_event(list(255)), "too_many_properties", "too_many_properties", "too_many_properties"),
        (strict_event(json!({ "a": { "b": { "c": { "d": 1 } } } })), "accepted", "accepted", "accepted"),
        (strict_event(json!({ "a": { "b": { "c": { "d": {} } } } })), "too_deep", "too_deep", "too_deep"),
        (strict_event(json!({ "a": [[[[[[[[[1]]]]]]]]] })), "too_deep", "too_deep", "too_deep"),
        (strict_event(json!({ "a": ["x".repeat(8000)] })), "accepted", "accepted", "accepted"),
        (
            strict_event(json!({ "a": ["x".repeat(8200)] })),
            "property_too_large",
            "property_too_large",
            "property_too_large",
        ),
        (
            strict_event(json!({ "a": "x".repeat(1024 * 1024) })),
            "record_too_large",
            "record_too_large",
            "record_too_large",
        ),
        // Shape.
        (strict_event(json!({ "$ignore": true })), "ignored", "ignored", "ignored"),
        (json!({ "event": "", "properties": { "token": "T" } }), "accepted", "missing_name", "missing_name"),
        (json!({ "properties": { "token": "T" } }), "missing_name", "missing_name", "missing_name"),
        (
            json!({ "event": 7, "properties": { "token": "T" } }),
            "missing_name",
            "missing_name",
            "missing_name",
        ),
    ];
    for (event, track, lenient, strict) in table.into_iter().chain(banned) {
        let shown: String = event.to_string().chars().take(160).collect();
        assert_eq!(Collector::new().json("/track", event.clone()).tags(), [track], "/track {shown}");
        assert_eq!(Collector::new().json("/import", event.clone()).tags(), [lenient], "/import {shown}");
        let answer = Collector::new().json("/import?strict=1", event);
        assert_eq!(answer.tags(), [strict], "/import?strict=1 {shown}");
        let is_bad = !matches!(strict, "accepted" | "ignored");
        assert_eq!(answer.reply.status, if is_bad { 400 } else { 200 }, "{shown}");
        assert_eq!(answer.examples.len(), usize::from(strict != "accepted"), "{shown}");
    }
}

#[test]
fn time_is_in_seconds_or_milliseconds_by_magnitude() {
    for (time, millis) in [
        (json!(NOW_S - 10), (NOW_S - 10) * 1000),
        (json!(NOW_S as f64 - 9.75), NOW_S * 1000 - 9750),
        (json!((NOW_S - 10) * 1000 + 7), (NOW_S - 10) * 1000 + 7),
        (json!(((NOW_S - 10) * 1000) as f64 + 7.0), (NOW_S - 10) * 1000 + 7),
        (json!((NOW_S - 10).to_string()), (NOW_S - 10) * 1000),
        // A little ahead: the time of arrival.
        (json!(NOW_S + 100), NOW.millis()),
        (Value::Null, NOW.millis()),
    ] {
        let answer = Collector::new().json("/track", event("A", json!({ "time": time })));
        assert_eq!(answer.event().time.millis(), millis, "{time}");
    }
}

#[test]
fn strings_are_cut_at_255_units_wherever_they_stand() {
    let party = "🎉".repeat(200);
    let long = json!({
        "a": "x".repeat(255), "b": "x".repeat(256), "c": party, "d": format!("x{party}"),
        "e": { "f": ["y".repeat(300)] }, "n".repeat(300): 1,
    });
    let answer = Collector::new().json("/track", event(&"E".repeat(300), long));
    assert_eq!(answer.event().name.as_str().len(), 255);
    assert_eq!(
        clients_own(answer.event()),
        json!({
            "a": "x".repeat(255), "b": "x".repeat(255), "c": "🎉".repeat(127), "d": format!("x{}", "🎉".repeat(127)),
            "e": { "f": ["y".repeat(255)] }, "n".repeat(255): 1,
        })
    );
}

#[test]
fn insert_ids_are_kept_derived_or_made_up() {
    let id = |event: Value| Collector::new().json("/track", event).event().insert_id.as_str().to_owned();
    assert_eq!(id(event("A", json!({ "$insert_id": "abc-123" }))), "abc-123");
    let mut mobile = event("A", json!({}));
    mobile["$mp_metadata"] =
        json!({ "$mp_event_id": "8a8f", "$mp_session_id": "x", "$mp_session_seq_id": 3 });
    assert_eq!(id(mobile.clone()), "8a8f");
    mobile["properties"]["$insert_id"] = json!("own");
    assert_eq!(id(mobile), "own");
    let is_hex = |id: &str| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    // Of the wrong form: still the same for the same event, but not as it was sent.
    let odd = id(event("A", json!({ "$insert_id": "ada@example.com/1" })));
    assert!(is_hex(&odd), "{odd}");
    assert_eq!(odd, id(event("A", json!({ "$insert_id": "ada@example.com/1" }))));
    assert_ne!(odd, id(event("A", json!({ "$insert_id": "ada@example.com/2" }))));
    // Made up: never twice the same.
    let body =
        json!([event("A", json!({})), event("A", json!({})), event("A", json!({ "$insert_id": "null" }))]);
    let answer = Collector::new().json("/track", body);
    let ids: std::collections::BTreeSet<&str> =
        answer.batch.events.iter().map(|event| event.insert_id.as_str()).collect();
    assert_eq!(ids.len(), 3);
    assert!(ids.into_iter().all(is_hex));
}

#[test]
fn a_name_stands_once_with_its_last_value() {
    let pairs: String = (0..40).map(|at| format!("\"p{at}\":{at},")).collect();
    let body = format!(
        r#"{{"event":"A","properties":{{"token":"T","a":1,{pairs}"a":2,"p3":"new","o":{{"x":1,"x":2}}}}}}"#
    );
    let answer = Collector::new().send("/track", body.as_bytes());
    let own = clients_own(answer.event());
    assert_eq!((&own["a"], &own["p3"], &own["o"]), (&json!(2), &json!("new"), &json!({ "x": 2 })));
    assert_eq!(own.as_object().unwrap().len(), 42);
    assert_eq!(answer.event().properties[0].1, PropertyValue::Int(2), "at its first place");
}

#[test]
fn values_keep_their_type() {
    let own = json!({
        "int": 9_007_199_254_740_993_i64, "float": 1.5, "whole": 1.0, "no": false, "null": null, "text": "", "list": [], "object": {},
        "date": "2026-08-01T10:00:00",
    });
    let answer = Collector::new().json("/track", event("A", own.clone()));
    assert_eq!(clients_own(answer.event()), own);
}

#[test]
fn the_server_says_where_and_when_an_event_arrived() {
    let own = |path: &str| {
        let answer = Collector::new().json(path, event("A", json!({ "$insert_id": "i" })));
        let properties = answer.event().properties.clone();
        serde_json::to_value(PropertyValue::Object(properties)).unwrap()
    };
    let now = NOW.millis();
    assert_eq!(
        own("/track"),
        json!({ "$mp_api_endpoint": "/track", "$mp_api_timestamp_ms": now, "mp_processing_time_ms": now })
    );
    assert_eq!(own("/import")["$import"], json!(true));
}

#[test]
fn depth_cannot_exhaust_the_stack() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(20_000), close.repeat(20_000));
        let good = event("B", json!({}));
        let body = format!(r#"[{{"event":"A","x":{deep},"properties":{{"token":"T","a":{deep}}}}},{good}]"#);
        let answer = Collector::new().send("/track", body.as_bytes());
        assert_eq!(answer.tags(), ["too_deep", "accepted"]);
    }
}

#[test]
fn a_line_that_is_no_json_is_one_bad_record() {
    let good = strict_event(json!({}));
    let body = format!("{good}\n{{\"event\":\n\n{good}\n[1,2]\n");
    let answer = Collector::new().send_as("/import?strict=1", Some("application/x-ndjson"), body.as_bytes());
    assert_eq!(answer.tags(), ["accepted", "not_an_object", "accepted", "not_an_object"]);
    assert_eq!(answer.value()["num_records_imported"], 2);
    assert_eq!(answer.value()["failed_records"][0]["index"], 1);
}
