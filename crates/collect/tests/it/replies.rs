//! Whole replies, byte for byte (mixpanel-wire.md §1.2 and §1.5).

use crate::support::{Collector, NOW_S, event, gzip};
use collect::wire::{self, Endpoint, Reply, ReplyOptions, Verbosity};
use serde_json::json;
use std::fmt::Write;

fn written(reply: &Reply) -> String {
    let mut text = format!("{} {}", reply.status, reply.content_type);
    if let Some(seconds) = reply.retry_after {
        write!(text, " retry-after {seconds}").unwrap();
    }
    write!(text, "\n{}", String::from_utf8_lossy(&reply.body)).unwrap();
    text
}

#[test]
fn good_and_bad_in_every_form() {
    let good = event("A", json!({})).to_string();
    let bad = json!({ "event": "A", "properties": {} }).to_string();
    let mut all = String::new();
    for query in
        ["", "?verbose=0", "?verbose=1", "?verbose=2", "?callback=mixpanel._jsc[12]", "?verbose=1&callback=f"]
    {
        for body in [&good, &bad] {
            let answer = Collector::new().send(&format!("/track{query}"), body.as_bytes());
            writeln!(all, "{query} -> {}", written(&answer.reply)).unwrap();
        }
    }
    insta::assert_snapshot!(all, @r#"
     -> 200 text/plain; charset=utf-8
    1
     -> 200 text/plain; charset=utf-8
    0
    ?verbose=0 -> 200 text/plain; charset=utf-8
    1
    ?verbose=0 -> 200 text/plain; charset=utf-8
    0
    ?verbose=1 -> 200 application/json
    {"error":null,"status":1}
    ?verbose=1 -> 200 application/json
    {"error":"token, missing or empty","status":0}
    ?verbose=2 -> 200 application/json
    {"error":null,"status":1}
    ?verbose=2 -> 200 application/json
    {"error":"Track API error: token, missing or empty","status":0}
    ?callback=mixpanel._jsc[12] -> 200 text/javascript; charset=utf-8
    mixpanel._jsc[12](1)
    ?callback=mixpanel._jsc[12] -> 200 text/javascript; charset=utf-8
    mixpanel._jsc[12](0)
    ?verbose=1&callback=f -> 200 text/javascript; charset=utf-8
    f({"error":null,"status":1})
    ?verbose=1&callback=f -> 200 text/javascript; charset=utf-8
    f({"error":"token, missing or empty","status":0})
    "#);
}

#[test]
fn a_form_that_cannot_be_read_is_answered_as_it_asks() {
    let answer = Collector::new().send("/track", b"data=%25%25&verbose=1");
    assert_eq!(answer.text(), r#"{"error":"data, not valid base64","status":0}"#);
}

#[test]
fn engage_says_what_is_missing() {
    let body = json!({ "$token": "T", "$set": { "a": 1 } });
    let answer = Collector::new().json("/engage?verbose=2", body);
    insta::assert_snapshot!(written(&answer.reply), @r#"
    200 application/json
    {"error":"Engage API error: $distinct_id, missing or empty","status":0}
    "#);
    let answer =
        Collector::new().json("/engage?verbose=1", json!({ "$distinct_id": "u", "$set": { "a": 1 } }));
    insta::assert_snapshot!(written(&answer.reply), @r#"
    200 application/json
    {"error":"$token, missing or empty","status":0}
    "#);
}

#[test]
fn a_picture_whatever_happens() {
    for body in [event("A", json!({})), json!({})] {
        let reply = Collector::new().json("/track/?img=1", body).reply;
        assert_eq!((reply.status, reply.content_type), (200, "image/gif"));
        assert!(reply.body.starts_with(b"GIF89a"));
        assert_eq!(reply.body.len(), 43);
    }
}

#[test]
fn a_callback_is_a_name_or_nothing() {
    for (callback, answer) in [
        ("f", "f(1)"),
        ("mixpanel._jsc[123]", "mixpanel._jsc[123](1)"),
        ("$a._b.c9[0][1]", "$a._b.c9[0][1](1)"),
        ("alert(1)//", "1"),
        ("a;b", "1"),
        ("a[b]", "1"),
        ("a[", "1"),
        ("a[]", "1"),
        ("9a", "1"),
        ("a..b", "1"),
        ("<script>", "1"),
        ("", "1"),
    ] {
        let path = format!("/track/?callback={}", crate::support::escape(callback));
        let answer_is = Collector::new().json(&path, event("A", json!({})));
        assert_eq!(answer_is.text(), answer, "{callback}");
    }
}

#[test]
fn a_batch_is_good_if_one_record_is() {
    let body = json!([{ "event": "A", "properties": {} }, event("B", json!({})), 17, "x", null]);
    let answer = Collector::new().json("/track?verbose=1", body);
    assert_eq!(answer.text(), r#"{"error":null,"status":1}"#);
    assert_eq!(
        answer.tags(),
        ["missing_token", "accepted", "not_an_object", "not_an_object", "not_an_object"]
    );
}

#[test]
fn tokens_are_judged_after_the_answer() {
    let body = json!([event("A", json!({ "token": "unknown" })), event("B", json!({ "token": "other" }))]);
    let answer = Collector::new().json("/track", body);
    assert_eq!(answer.text(), "1");
    assert_eq!(answer.tags(), ["unknown_token", "unknown_token"]);
    assert!(answer.batch.is_empty());
    let answer = Collector::new().json("/track", event("A", json!({ "token": "" })));
    assert_eq!(answer.text(), "0");
}

#[test]
fn what_cannot_be_read_is_answered_in_the_form_asked_for() {
    let mut all = String::new();
    let broken: [(&str, Vec<u8>); 6] = [
        ("empty", vec![]),
        ("not base64", b"data=%25%25%25".to_vec()),
        ("not JSON", b"[{".to_vec()),
        ("text", b"hello=world".to_vec()),
        ("bad gzip", b"\x1f\x8bxxxxxxxxxxxxxxxxxxx".to_vec()),
        ("number", b"data=MTIz".to_vec()),
    ];
    for (name, body) in broken {
        for path in ["/track", "/engage/?verbose=1", "/import?strict=1"] {
            let answer = Collector::new().send(path, &body);
            writeln!(all, "{name}, {path} -> {}", written(&answer.reply)).unwrap();
        }
    }
    insta::assert_snapshot!(all, @r#"
    empty, /track -> 200 text/plain; charset=utf-8
    0
    empty, /engage/?verbose=1 -> 200 application/json
    {"error":"data, missing or empty","status":0}
    empty, /import?strict=1 -> 400 application/json
    {"code":400,"error":"data, missing or empty","status":"Bad Request"}
    not base64, /track -> 200 text/plain; charset=utf-8
    0
    not base64, /engage/?verbose=1 -> 200 application/json
    {"error":"data, not valid base64","status":0}
    not base64, /import?strict=1 -> 400 application/json
    {"code":400,"error":"data, not valid base64","status":"Bad Request"}
    not JSON, /track -> 200 text/plain; charset=utf-8
    0
    not JSON, /engage/?verbose=1 -> 200 application/json
    {"error":"data, not a JSON object or list of objects","status":0}
    not JSON, /import?strict=1 -> 400 application/json
    {"code":400,"error":"data, not a JSON object or list of objects","status":"Bad Request"}
    text, /track -> 200 text/plain; charset=utf-8
    0
    text, /engage/?verbose=1 -> 200 application/json
    {"error":"data, missing or empty","status":0}
    text, /import?strict=1 -> 400 application/json
    {"code":400,"error":"data, missing or empty","status":"Bad Request"}
    bad gzip, /track -> 200 text/plain; charset=utf-8
    0
    bad gzip, /engage/?verbose=1 -> 200 application/json
    {"error":"body, not valid gzip","status":0}
    bad gzip, /import?strict=1 -> 400 application/json
    {"code":400,"error":"body, not valid gzip","status":"Bad Request"}
    number, /track -> 200 text/plain; charset=utf-8
    0
    number, /engage/?verbose=1 -> 200 application/json
    {"error":"data, not a JSON object or list of objects","status":0}
    number, /import?strict=1 -> 400 application/json
    {"code":400,"error":"data, not a JSON object or list of objects","status":"Bad Request"}
    "#);
}

#[test]
fn too_much_is_413_for_everyone() {
    let large = vec![b' '; wire::MAX_BODY_BYTES + 1];
    let many = format!("[{}1]", "1,".repeat(wire::MAX_RECORDS));
    for body in [large.clone(), gzip(&large), many.into_bytes()] {
        for path in ["/track", "/groups", "/import?strict=1"] {
            assert_eq!(Collector::new().send(path, &body).reply.status, 413, "{path}");
        }
    }
    let lines = "{}\n".repeat(wire::MAX_RECORDS + 1);
    assert_eq!(Collector::new().send("/import", lines.as_bytes()).reply.status, 413);
    let enough = format!("[{}1]", "1,".repeat(wire::MAX_RECORDS - 1));
    assert_eq!(Collector::new().send("/track", enough.as_bytes()).reply.status, 200);
}

#[test]
fn strict_import_names_each_failed_record() {
    let body = json!([
        event("A", json!({ "$insert_id": "one" })),
        event("B", json!({ "$insert_id": "two", "time": NOW_S + 7200 })),
        event("C", json!({ "$insert_id": "no good" })),
        event("D", json!({})),
    ]);
    let answer = Collector::new().json("/import?strict=1", body);
    assert_eq!(answer.batch.events.len(), 1, "the good ones are kept");
    insta::assert_snapshot!(written(&answer.reply), @r#"
    400 application/json
    {"code":400,"error":"some data points in the request failed validation","failed_records":[{"$insert_id":"two","field":"properties.time","index":1,"insert_id":"two","message":"time, more than 1 hour in the future"},{"$insert_id":"no good","field":"properties.$insert_id","index":2,"insert_id":"no good","message":"$insert_id, not 1 to 36 letters, digits and hyphens"},{"$insert_id":"","field":"properties.$insert_id","index":3,"insert_id":"","message":"$insert_id, missing or empty"}],"num_records_imported":1,"status":"Bad Request"}
    "#);
    let answer =
        Collector::new().json("/import?strict=1", json!([event("A", json!({ "$insert_id": "one" }))]));
    insta::assert_snapshot!(written(&answer.reply), @r#"
    200 application/json
    {"code":200,"num_records_imported":1,"status":"OK"}
    "#);
}

#[test]
fn strict_engage_has_the_same_shape_but_200() {
    let body = json!([{ "$token": "T", "$distinct_id": "u", "$set": {} }, { "$token": "T", "$set": {} }]);
    let answer = Collector::new().json("/engage?strict=1", body);
    insta::assert_snapshot!(written(&answer.reply), @r#"
    200 application/json
    {"code":400,"error":"some data points in the request failed validation","failed_records":[{"$insert_id":"","field":"$distinct_id","index":1,"insert_id":"","message":"$distinct_id, missing or empty"}],"num_records_imported":1,"status":"Bad Request"}
    "#);
}

#[test]
fn lenient_import_answers_like_track() {
    let good = event("A", json!({ "time": NOW_S - 400 * 86_400 }));
    let bad = event("A", json!({ "time": 1 }));
    for (query, body, answer) in [
        ("", &good, "1"),
        ("?strict=0", &good, "1"),
        ("?verbose=1", &good, r#"{"error":null,"status":1}"#),
        ("?strict=0", &bad, "0"),
        ("?verbose=1", &bad, r#"{"error":"time, before 1971-01-01","status":0}"#),
    ] {
        assert_eq!(Collector::new().json(&format!("/import{query}"), body.clone()).text(), answer);
    }
}

#[test]
fn refusals_of_the_server() {
    let plain = ReplyOptions::default();
    let verbose = ReplyOptions { verbosity: Verbosity::Verbose, ..plain.clone() };
    let strict = ReplyOptions { strict: true, ..plain.clone() };
    let mut all = String::new();
    for reply in [
        wire::unauthorized(Endpoint::Import, &plain),
        wire::unauthorized(Endpoint::Import, &verbose),
        wire::overloaded(Endpoint::Track, &plain, 3),
        wire::overloaded(Endpoint::Track, &verbose, 3),
        wire::overloaded(Endpoint::Import, &strict, 3),
        wire::unavailable(Endpoint::Engage, &verbose, 10),
        wire::unavailable(Endpoint::Import, &strict, 10),
    ] {
        writeln!(all, "{}", written(&reply)).unwrap();
    }
    insta::assert_snapshot!(all, @r#"
    401 application/json
    {"code":401,"error":"Invalid credentials","status":"Unauthorized"}
    401 application/json
    {"error":"Invalid credentials","status":0}
    429 text/plain; charset=utf-8 retry-after 3
    0
    429 application/json retry-after 3
    {"error":"Project exceeded rate limits. Retry with exponential backoff","status":0}
    429 application/json retry-after 3
    {"code":429,"error":"Project exceeded rate limits. Retry with exponential backoff","status":"Too Many Requests"}
    503 application/json retry-after 10
    {"error":"Service unavailable","status":0}
    503 application/json retry-after 10
    {"code":503,"error":"Service unavailable","status":"Service Unavailable"}
    "#);
}
