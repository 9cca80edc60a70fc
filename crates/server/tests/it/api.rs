//! Our own API: sign-in, reports, the live stream, probes.

use crate::support::{TestServer, now_ms};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

const CSRF: (&str, &str) = ("x-bulkhead-csrf", "1");

/// Signs in with the one-time link and gives the cookie.
fn sign_in(server: &TestServer) -> String {
    let code = server.enrolment_url.split_once('#').unwrap().1;
    let body = json!({"code": code}).to_string();
    let answer = server.anyone().send(
        "POST",
        "/api/v1/session",
        &[("content-type", "application/json"), CSRF],
        body.as_bytes(),
    );
    assert_eq!(answer.status, 200, "{}", answer.text());
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    cookie.split(';').next().unwrap().to_owned()
}

fn track(server: &TestServer, name: &str, who: &str) {
    let event = json!([{"event": name, "properties": {"token": server.token(), "distinct_id": who, "time": now_ms(), "plan": "pro"}}]);
    assert_eq!(server.anyone().post_json("/track", &event).text(), "1");
}

#[test]
fn the_link_works_once_and_the_session_ends_with_sign_out() {
    let server = TestServer::start();
    let cookie = sign_in(&server);
    let code = server.enrolment_url.split_once('#').unwrap().1;
    let body = json!({"code": code}).to_string();
    let again = server.anyone().send(
        "POST",
        "/api/v1/session",
        &[("content-type", "application/json"), CSRF],
        body.as_bytes(),
    );
    assert_eq!(
        (again.status, again.json()["tag"].as_str().unwrap().to_owned()),
        (401, "link_not_valid".to_owned())
    );
    let headers = [("cookie", cookie.as_str()), CSRF];
    let session = server.anyone().send("GET", "/api/v1/session", &headers, b"").json();
    assert_eq!(session["projects"][0]["token"], server.token());
    let forged = server.anyone().send("DELETE", "/api/v1/session", &headers[..1], b"");
    assert_eq!(
        (forged.status, forged.json()["tag"].as_str().unwrap().to_owned()),
        (403, "csrf_header_missing".to_owned())
    );
    assert_eq!(server.anyone().send("DELETE", "/api/v1/session", &headers, b"").status, 204);
    let gone = server.anyone().send("GET", "/api/v1/session", &headers, b"");
    assert_eq!(gone.status, 401);
    assert_eq!(gone.header("content-type"), Some("application/problem+json"));
    assert_eq!(gone.header("x-request-id").unwrap(), gone.json()["request_id"]);
}

#[test]
fn an_insights_report_counts_what_was_tracked_a_moment_ago() {
    let server = TestServer::start();
    let cookie = sign_in(&server);
    for who in ["a", "a", "b"] {
        track(&server, "Paid", who);
    }
    let run = |report: Value| {
        let body = json!({"project": server.project_id(), "report": report}).to_string();
        let headers = [("cookie", cookie.as_str()), ("content-type", "application/json"), CSRF];
        server.anyone().send("POST", "/api/v1/reports/run", &headers, body.as_bytes())
    };
    let answer = run(
        json!({"kind": "insights", "granularity": "day", "range": {"last_days": 2}, "metrics": [
        {"events": ["Paid"], "measurement": {"kind": "total"}}, {"events": [], "measurement": {"kind": "unique"}}]}),
    );
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    assert_eq!(body["buckets"].as_array().unwrap().len(), 2);
    assert_eq!(body["buckets"][1]["complete"], false, "today is not over");
    assert_eq!(body["series"][0]["total"].as_f64(), Some(3.0));
    assert_eq!(body["series"][1]["total"].as_f64(), Some(2.0));
    assert_eq!(body["made"]["zone"], "UTC");
    assert!(body["made"]["freshness"].is_string());
    let split =
        run(json!({"kind": "insights", "range": {"last_days": 1}, "breakdowns": ["properties[\"plan\"]"],
        "metrics": [{"events": ["Paid"], "measurement": {"kind": "total"}}]}))
        .json();
    assert_eq!(split["series"][0]["breakdown"], json!(["pro"]));
    for (report, status, tag) in [
        (json!({"kind": "insights", "range": {"last_days": 2}, "metrics": []}), 422, "invalid_report"),
        (
            json!({"kind": "insights", "range": {"last_days": 2}, "filter": "(", "metrics": [{"events": ["Paid"], "measurement": {"kind": "total"}}]}),
            422,
            "invalid_report",
        ),
        (
            json!({"kind": "insights", "range": {"last_days": 2}, "metrics": [{"events": ["Paid"], "measurement": {"kind": "sum"}}]}),
            422,
            "invalid_report",
        ),
        (json!({"kind": "nonsense"}), 400, "invalid_request"),
    ] {
        let answer = run(report.clone());
        assert_eq!(
            (answer.status, answer.json()["tag"].as_str().unwrap().to_owned()),
            (status, tag.to_owned()),
            "{report}"
        );
    }
}

#[test]
fn lexicon_and_counts_at_the_door() {
    let server = TestServer::start();
    let cookie = sign_in(&server);
    track(&server, "Paid", "a");
    let bad = json!([{"event": "Old", "properties": {"token": server.token(), "distinct_id": "a", "time": 946_684_800}}]);
    assert_eq!(server.anyone().post_json("/track", &bad).text(), "0");
    let get = |path: &str| {
        server
            .anyone()
            .send(
                "GET",
                &format!("/api/v1/projects/{}{path}", server.project_id()),
                &[("cookie", &cookie)],
                b"",
            )
            .json()
    };
    assert_eq!(get("/events")["events"][0]["name"], "Paid");
    let properties = get("/properties?event=Paid");
    assert!(
        properties["properties"]
            .as_array()
            .unwrap()
            .iter()
            .any(|property| property["name"] == "plan" && property["sensitivity"] == "plain"),
        "{properties}"
    );
    assert_eq!(get("/properties/plan/values?event=Paid")["values"], json!(["pro"]));
    let door = get("/ingestion");
    assert_eq!((&door["accepted"], &door["dropped"]), (&json!(1), &json!(1)));
    assert_eq!(door["reasons"][0]["reason"], "too_old");
    assert_eq!(door["reasons"][0]["examples"][0]["event"], "Old");
    assert!(server.anyone().get("/metrics").text().contains("reason=\"too_old\"} 1"));
}

#[test]
fn the_live_stream_shows_events_as_they_arrive() {
    let server = TestServer::start();
    let cookie = sign_in(&server);
    let mut stream = TcpStream::connect(server.address()).unwrap();
    write!(
        stream,
        "GET /api/v1/projects/{}/live HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\n\r\n",
        server.project_id()
    )
    .unwrap();
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    assert!(lines.next().unwrap().contains("200"));
    track(&server, "Seen live", "someone@example.com");
    let data = lines.find(|line| line.starts_with("data:")).expect("an event");
    let shown: Value = serde_json::from_str(data.trim_start_matches("data:")).unwrap();
    assert_eq!(shown["name"], "Seen live");
    assert!(shown["person"].as_str().unwrap().starts_with("p_"));
    assert_eq!(shown["properties"]["plan"], "pro");
    assert!(!data.contains("someone@example.com"));
}

#[test]
fn pages_have_a_strict_policy_and_probes_answer() {
    let server = TestServer::start();
    let page = server.anyone().get("/reports/insights");
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.contains("default-src 'self'")
            && policy.contains("frame-ancestors 'none'")
            && !policy.contains("unsafe")
    );
    assert_eq!(server.anyone().get("/assets/none.js").status, 404);
    assert_eq!(server.anyone().get("/healthz").text(), "ok");
    assert_eq!(server.anyone().get("/readyz").json()["ready"], true);
    assert_eq!(server.anyone().get("/api/v1/nothing").json()["tag"], "not_found");
}

#[test]
fn the_openapi_document_of_the_web_app_is_current() {
    let server = TestServer::start();
    let printed = String::from_utf8(server.openapi()).unwrap();
    let kept =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/openapi.json")).unwrap();
    assert_eq!(printed.trim(), kept.trim(), "run: bulkhead openapi > web/openapi.json");
}

/// `make` builds the app before the tests; a build by cargo alone may be without.
#[test]
fn the_web_app_is_in_the_binary_where_it_was_built() {
    let built =
        std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/dist/index.html")).is_file();
    let page = TestServer::start().anyone().get("/live");
    assert_eq!(page.text().contains("<script type=\"module\""), built, "{}", page.text());
}
