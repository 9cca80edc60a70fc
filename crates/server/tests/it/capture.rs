//! The door over HTTP: what no SDK sends, and the forms of answer that SDKs test for byte by byte.

use crate::support::{Answer, TestServer, now_ms};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write;

const FORM: &str = "application/x-www-form-urlencoded";

fn event(token: &str, name: &str) -> Value {
    json!({"event": name, "properties": {"token": token, "distinct_id": "u1", "time": now_ms()}})
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn exported(server: &TestServer, name: &str) -> Vec<Value> {
    let answer = server.reader().get("/api/2.0/export?from_date=2000-01-01&to_date=2009-12-31").body;
    let recent = server.reader().get("/api/2.0/export?from_date=2020-01-01&to_date=2029-12-31").body;
    let text = String::from_utf8([answer, recent].concat()).unwrap();
    text.lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"))
        .filter(|event| event["event"] == name)
        .collect()
}

#[test]
fn every_wrapping_arrives() {
    let server = TestServer::start();
    let client = server.anyone();
    let make = |name: &str| event(server.token(), name);
    let one = |name: &str| make(name).to_string();
    let many = |name: &str| json!([make(name), make(name)]).to_string();
    let b64 = |text: String| STANDARD.encode(text);
    let escaped = |text: String| text.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let answers: Vec<(&str, usize, Answer)> = vec![
        ("query", 1, client.get(&format!("/track?data={}", escaped(b64(one("query")))))),
        (
            "form base64",
            2,
            client.post("/track", FORM, format!("data={}", escaped(b64(many("form base64"))))),
        ),
        ("raw base64", 2, client.post("/track/", FORM, format!("data={}", b64(many("raw base64"))))),
        (
            "form json",
            1,
            client.post("/track", FORM, format!("data={}", one("form json").replace('+', "%2B"))),
        ),
        ("bare array", 2, client.post("/track/", "application/json", many("bare array"))),
        ("bare object", 1, client.post("/track", "application/json", one("bare object"))),
        (
            "beacon",
            2,
            client.post(
                "/track/?ip=1",
                "text/plain;charset=UTF-8",
                format!("data={}", escaped(b64(many("beacon")))),
            ),
        ),
        (
            "gzip body",
            2,
            client.send(
                "POST",
                "/track",
                &[("content-type", "application/json"), ("content-encoding", "gzip")],
                &gzip(many("gzip body").as_bytes()),
            ),
        ),
        (
            "gzip form",
            2,
            client.send(
                "POST",
                "/track",
                &[("content-type", FORM), ("content-encoding", "gzip")],
                &gzip(format!("data={}", escaped(b64(many("gzip form")))).as_bytes()),
            ),
        ),
        (
            "ndjson",
            2,
            client.post("/track", "application/x-ndjson", format!("{}\n{}\n", one("ndjson"), one("ndjson"))),
        ),
    ];
    for (name, count, answer) in answers {
        assert_eq!((answer.status, answer.text()), (200, "1"), "{name}");
        assert_eq!(exported(&server, name).len(), count, "{name}");
    }
}

#[test]
fn forms_of_answer() {
    let server = TestServer::start();
    let client = server.anyone();
    let data = |value: &Value| STANDARD.encode(value.to_string()).replace('+', "%2B").replace('/', "%2F");
    let good = data(&event(server.token(), "Good"));
    let bad = data(&json!({"event": "Bad", "properties": {"distinct_id": "u"}}));
    for (query, expected) in [
        (format!("data={good}"), "1".to_owned()),
        (format!("data={bad}"), "0".to_owned()),
        ("data=".to_owned(), "0".to_owned()),
        ("data=%7Bnot+json".to_owned(), "0".to_owned()),
        (format!("verbose=1&data={good}"), r#"{"error":null,"status":1}"#.to_owned()),
        (format!("verbose=1&data={bad}"), r#"{"error":"token, missing or empty","status":0}"#.to_owned()),
        (format!("callback=mp.done&data={good}"), "mp.done(1)".to_owned()),
    ] {
        let answer = client.get(&format!("/track?{query}"));
        assert_eq!((answer.status, answer.text()), (200, expected.as_str()), "{query}");
    }
    let image = client.get(&format!("/track?img=1&data={good}"));
    assert_eq!(image.header("content-type"), Some("image/gif"));
    assert!(image.body.starts_with(b"GIF89a"));
}

#[test]
fn strict_import_names_each_failed_record_and_keeps_the_others() {
    let server = TestServer::start();
    let records = json!([
        {"event": "Kept", "properties": {"distinct_id": "u", "time": 1_136_214_245, "$insert_id": "a-1"}},
        {"event": "No time", "properties": {"distinct_id": "u", "$insert_id": "a-2"}},
        {"event": "Banned", "properties": {"distinct_id": "undefined", "time": 1_136_214_245, "$insert_id": "a-3"}},
    ]);
    let answer = server.owner().post_json("/import?strict=1", &records);
    assert_eq!(answer.status, 400);
    let body = answer.json();
    assert_eq!(body["num_records_imported"], 1);
    assert_eq!(body["status"], "Bad Request");
    let failed = body["failed_records"].as_array().unwrap();
    let places: Vec<_> =
        failed.iter().map(|row| (row["index"].as_u64().unwrap(), row["field"].as_str().unwrap())).collect();
    assert_eq!(places, [(1, "properties.time"), (2, "properties.distinct_id")]);
    assert_eq!(failed[0]["$insert_id"], "a-2");
    assert_eq!(failed[0]["insert_id"], "a-2");
    assert_eq!(exported(&server, "Kept").len(), 1);

    let good = json!([{"event": "Kept", "properties": {"distinct_id": "u", "time": 1_136_214_245, "$insert_id": "a-9"}}]);
    let answer = server.owner().post_json("/import?strict=1", &good);
    assert_eq!(answer.json(), json!({"code": 200, "num_records_imported": 1, "status": "OK"}));
    assert_eq!(server.owner().post_json("/import?strict=0", &good).text(), "1");
    assert_eq!(server.anyone().post_json("/import?strict=1", &good).status, 401);
    let token = server.anyone().with_basic(server.token(), "");
    assert_eq!(token.post_json("/import?strict=1", &good).status, 200);
}

#[test]
fn the_same_event_counts_once_also_after_a_restart_and_a_kill() {
    let mut server = TestServer::start();
    let twice = json!([{"event": "Once", "properties": {"distinct_id": "u", "time": 1_136_214_245, "$insert_id": "same", "v": 1}}]);
    let again = json!([{"event": "Once", "properties": {"distinct_id": "u", "time": 1_136_214_245, "$insert_id": "same", "v": 2}}]);
    let other = json!([{"event": "Once", "properties": {"distinct_id": "w", "time": 1_136_214_245, "$insert_id": "same", "v": 3}}]);
    server.owner().post_json("/import?strict=1", &twice);
    server.owner().post_json("/import?strict=1", &again);
    server.owner().post_json("/import?strict=1", &other);
    let values = |server: &TestServer| {
        let mut values: Vec<i64> =
            exported(server, "Once").iter().map(|event| event["properties"]["v"].as_i64().unwrap()).collect();
        values.sort_unstable();
        values
    };
    assert_eq!(values(&server), [2, 3], "the latest arrival wins");
    server.stop();
    server.restart();
    server.owner().post_json("/import?strict=1", &twice);
    assert_eq!(values(&server), [1, 3]);
    server.kill();
    server.restart();
    server.owner().post_json("/import?strict=1", &again);
    assert_eq!(values(&server), [2, 3]);
}

#[test]
fn browsers_of_other_origins_may_send_and_hear() {
    let server = TestServer::start();
    let origin = [("origin", "https://shop.example")];
    let answer = server.anyone().send("POST", "/track/", &origin, b"data=");
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://shop.example"));
    assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
    for path in ["/track/", "/settings/", "/flags/", "/record/"] {
        let headers = [
            origin[0],
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "authorization,traceparent"),
        ];
        let preflight = server.anyone().send("OPTIONS", path, &headers, b"");
        assert!(matches!(preflight.status, 200 | 204), "{path}: {}", preflight.status);
        assert!(preflight.header("access-control-allow-headers").unwrap().contains("traceparent"), "{path}");
    }
    let plain = server.anyone().send("POST", "/api/v1/session", &origin, b"{}");
    assert_eq!(plain.header("access-control-allow-origin"), None, "our own API is not for other origins");
}

#[test]
fn quiet_side_endpoints() {
    let server = TestServer::start();
    for (path, expected) in [
        ("/settings/?sdk_config=1", json!({})),
        ("/settings", json!({})),
        ("/flags/?context=%7B%7D", json!({"code": 200, "flags": {}})),
        ("/flags/definitions", json!({"flags": []})),
    ] {
        let answer = server.anyone().get(path);
        assert_eq!((answer.status, answer.json()), (200, expected), "{path}");
    }
    assert_eq!(server.anyone().get("/decide/?version=1").json()["notifications"], json!([]));
    assert_eq!(
        server.anyone().post("/record/?seq=0&format=gzip", "application/octet-stream", gzip(b"[]")).json(),
        json!({})
    );
    assert_eq!(
        server.anyone().post("/flags/f1/first-time-events", "application/json", "{}").json(),
        json!({})
    );
}

#[test]
fn an_address_becomes_a_place_and_is_gone() {
    let server = TestServer::start_with(&[], &[("BULKHEAD_TRUSTED_PROXIES", "['127.0.0.0/8']")]);
    let body = json!([event(server.token(), "Placed")]).to_string();
    let headers = [("content-type", "application/json"), ("x-forwarded-for", "103.48.16.1")];
    assert_eq!(server.anyone().send("POST", "/track/?ip=1", &headers, body.as_bytes()).text(), "1");
    let placed = exported(&server, "Placed");
    assert_eq!(placed[0]["properties"]["mp_country_code"], "BD");
    assert!(!placed[0].to_string().contains("103.48.16.1"));
}

#[test]
fn lookup_tables() {
    let server = TestServer::start();
    let owner = server.owner();
    assert_eq!(owner.get("/lookup-tables").json(), json!({"code": 200, "results": [], "status": "OK"}));
    let csv = [("content-type", "text/csv")];
    assert_eq!(owner.send("PUT", "/lookup-tables/skus", &csv, b"id,price\n1,2\n").status, 404);
    let project = server.project_id().to_string();
    server.command(&["lookup-table", "create", "--project", &project, "--id", "skus", "--name", "SKUs"]);
    assert_eq!(owner.send("PUT", "/lookup-tables/skus", &csv, b"id,price\n1,2\n2,3\n").status, 200);
    assert_eq!(owner.send("PUT", "/lookup-tables/skus", &csv, &gzip(b"id,price\n1,2\n")).status, 200);
    let wrong = owner.send("PUT", "/lookup-tables/skus", &csv, b"id,price\n1,2\n1,3\n");
    assert_eq!(wrong.status, 400);
    assert_eq!(wrong.json()["failed_records"][0]["index"], 1);
    assert_eq!(owner.get("/lookup-tables").json()["results"], json!([{"id": "skus", "name": "SKUs"}]));
    assert_eq!(server.anyone().get("/lookup-tables").status, 401);
}
