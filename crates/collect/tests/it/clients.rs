//! One row per client of mixpanel-wire.md §1.1, with the bytes that it puts on the wire.

use crate::support::{Collector, NOW_S, base64, cesu8, clients_own, escape, event, gzip};
use serde_json::{Value, json};

/// Text that has broken collectors before: an emoji, a plus, an ampersand, a quote, umlauts.
const TRICKY: &str = "Größe 🎉 a+b & \"c\" = 100%";

/// Chosen so that the base64 of the payload has `+` and `/` in it.
const DENSE: &str = ">>>???~~~>>>???~~~";

fn one() -> Value {
    event("Signed Up", json!({ "plan": TRICKY, "dense": DENSE, "$insert_id": "a1" }))
}

fn three() -> Value {
    json!([
        event("Signed Up", json!({ "plan": TRICKY, "dense": DENSE, "$insert_id": "a1" })),
        event("Signed Up", json!({ "plan": TRICKY, "dense": DENSE, "$insert_id": "a2" })),
        event("Signed Up", json!({ "plan": TRICKY, "dense": DENSE, "$insert_id": "a3" })),
    ])
}

struct Case {
    client: &'static str,
    path: String,
    content_type: Option<&'static str>,
    body: Vec<u8>,
    events: usize,
    answer: &'static str,
}

fn case(client: &'static str, path: impl Into<String>, body: impl Into<Vec<u8>>, events: usize) -> Case {
    Case { client, path: path.into(), content_type: None, body: body.into(), events, answer: "1" }
}

const GOOD: &str = r#"{"error":null,"status":1}"#;
const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

fn cases() -> Vec<Case> {
    let (one, three) = (one().to_string(), three().to_string());
    let browser_one = base64(&cesu8(&one));
    let browser_three = base64(&cesu8(&three));
    assert!(base64(three.as_bytes()).contains('+'), "the raw form must need repair");
    vec![
        Case {
            content_type: FORM,
            answer: GOOD,
            ..case(
                "browser, batched",
                "/track/?verbose=1&ip=1&_=1785585600000",
                format!("data={}", escape(&browser_three)),
                3,
            )
        },
        Case {
            content_type: FORM,
            ..case(
                "browser, unbatched",
                "/track/?ip=1&_=1785585600000",
                format!("data={}", escape(&browser_one)),
                1,
            )
        },
        Case {
            content_type: FORM,
            ..case("browser, json", "/track/?ip=1&_=1", format!("data={}", escape(&three)), 3)
        },
        case("browser, GET", format!("/track/?data={}&ip=1&_=1", escape(&browser_one)), "", 1),
        Case {
            content_type: Some("text/plain;charset=UTF-8"),
            answer: GOOD,
            ..case(
                "browser, beacon",
                "/track/?verbose=1&ip=1&_=1",
                format!("data={}", escape(&browser_three)),
                3,
            )
        },
        Case {
            content_type: FORM,
            answer: GOOD,
            ..case(
                "python 5",
                "/track",
                format!("data={}&verbose=1&ip=0", escape(&one).replace("%20", "+")),
                1,
            )
        },
        Case {
            content_type: FORM,
            answer: GOOD,
            ..case(
                "python 4.6",
                "/track",
                format!("data={}&verbose=1&ip=0", escape(&base64(one.as_bytes()))),
                1,
            )
        },
        case(
            "node, single",
            format!("/track?ip=0&verbose=0&data={}", escape(&base64(one.as_bytes()))),
            "",
            1,
        ),
        Case {
            content_type: FORM,
            ..case("node, batch", "/track?ip=0&verbose=0", format!("data={}", base64(three.as_bytes())), 3)
        },
        Case {
            content_type: FORM,
            ..case("react native", "/track/?ip=1", format!("data={}", escape(&three)), 3)
        },
        Case { content_type: Some("application/json"), ..case("swift", "/track/?ip=1", three.clone(), 3) },
        Case {
            content_type: Some("application/json"),
            ..case("swift, gzip", "/track/?ip=1", gzip(three.as_bytes()), 3)
        },
        Case {
            content_type: FORM,
            answer: GOOD,
            ..case(
                "android, debug, gzip",
                "/track/?ip=1",
                gzip(format!("data={}&verbose=1", escape(&base64(three.as_bytes()))).as_bytes()),
                3,
            )
        },
        Case {
            content_type: Some("application/json"),
            answer: GOOD,
            ..case("go", "/track?verbose=1", three.clone(), 3)
        },
        Case {
            content_type: FORM,
            answer: GOOD,
            ..case("ruby", "/track", format!("data={}&verbose=1", escape(&base64(one.as_bytes()))), 1)
        },
        Case { content_type: FORM, ..case("php", "/track", format!("data={}", base64(three.as_bytes())), 3) },
        Case {
            content_type: FORM,
            ..case(
                "java, gzip",
                "/track?ip=0",
                gzip(format!("data={}", escape(&base64(three.as_bytes()))).as_bytes()),
                3,
            )
        },
        Case {
            content_type: FORM,
            answer: GOOD,
            ..case(
                "python import_data",
                "/import?project_id=1",
                format!("data={}&verbose=1&ip=0", escape(&three).replace("%20", "+")),
                3,
            )
        },
        case(
            "node import",
            format!("/import?ip=0&verbose=0&project_id=1&data={}", escape(&base64(one.as_bytes()))),
            "",
            1,
        ),
        Case {
            content_type: FORM,
            ..case(
                "node import_batch",
                "/import?ip=0&verbose=0&project_id=1",
                format!("data={}", base64(three.as_bytes())),
                3,
            )
        },
        Case {
            content_type: Some("application/json"),
            answer: r#"{"code":200,"num_records_imported":3,"status":"OK"}"#,
            ..case("mixpanel-utils, go", "/import?strict=1&project_id=1", gzip(three.as_bytes()), 3)
        },
        Case {
            content_type: Some("application/x-ndjson"),
            ..case("documented ndjson", "/import", three_lines(), 3)
        },
        case("ndjson that says nothing of itself", "/import", three_lines(), 3),
        case("byte order mark", "/track", [b"\xef\xbb\xbf".as_slice(), three.as_bytes()].concat(), 3),
        case(
            "base64 in the URL alphabet, unpadded",
            "/track",
            {
                let url = base64(three.as_bytes()).replace('+', "-").replace('/', "_");
                format!("data={}", url.trim_end_matches('='))
            },
            3,
        ),
        case("base64 without a form", "/track", base64(three.as_bytes()), 3),
        case("escaped twice", "/track", format!("data={}", escape(&escape(&base64(one.as_bytes())))), 1),
    ]
}

fn three_lines() -> String {
    let lines: Vec<String> = three().as_array().unwrap().iter().map(Value::to_string).collect();
    lines.join("\n") + "\n\n"
}

#[test]
fn every_client_is_understood() {
    for case in cases() {
        let answer = Collector::new().send_as(&case.path, case.content_type, &case.body);
        assert_eq!(answer.text(), case.answer, "{}", case.client);
        assert_eq!(answer.batch.events.len(), case.events, "{}", case.client);
        for (event, insert_id) in answer.batch.events.iter().zip(["a1", "a2", "a3"]) {
            assert_eq!(event.name.as_str(), "Signed Up", "{}", case.client);
            assert_eq!(event.insert_id.as_str(), insert_id, "{}", case.client);
            assert_eq!(event.time.seconds(), NOW_S, "{}", case.client);
            assert_eq!(clients_own(event), json!({ "plan": TRICKY, "dense": DENSE }), "{}", case.client);
        }
    }
}

#[test]
fn half_an_emoji_does_not_cost_the_batch() {
    let body = r#"[{"event":"A","properties":{"token":"T","title":"cut \ud83c","b":"\udf89 x","c":"\ud83c\udf89"}},
        {"event":"B","properties":{"token":"T"}}]"#;
    let answer = Collector::new().send("/track/?verbose=1", format!("data={}", escape(body)).as_bytes());
    assert_eq!(answer.text(), GOOD);
    assert_eq!(
        clients_own(&answer.batch.events[0]),
        json!({ "title": "cut \u{fffd}", "b": "\u{fffd} x", "c": "🎉" })
    );
    assert_eq!(answer.batch.events.len(), 2);
}

#[test]
fn numbers_that_json_lacks_become_null() {
    let body = br#"{"event":"A","properties":{"token":"T","a":NaN,"b":-Infinity,"c":1e999,"d":"NaN"}}"#;
    let answer = Collector::new().send("/track", body);
    assert_eq!(clients_own(answer.event()), json!({ "a": null, "b": null, "c": null, "d": "NaN" }));
}

#[test]
fn engage_is_understood_in_its_wrappings() {
    let update = json!({ "$token": "T", "$distinct_id": "u1", "$set": { "plan": TRICKY } });
    let list = json!([update]).to_string();
    for (client, path, body) in [
        ("browser", "/engage/?verbose=1&ip=1&_=1", format!("data={}", escape(&base64(&cesu8(&list))))),
        (
            "node",
            &*format!("/engage?ip=0&verbose=1&data={}", escape(&base64(update.to_string().as_bytes()))),
            String::new(),
        ),
        ("python", "/engage", format!("data={}&verbose=1&ip=0", escape(&update.to_string()))),
        ("go", "/engage?verbose=1", list.clone()),
        (
            "mixpanel-utils",
            "/engage?verbose=1",
            format!("data={}&project_id=1", escape(&base64(list.as_bytes()))),
        ),
    ] {
        let answer = Collector::new().send(path, body.as_bytes());
        assert_eq!(answer.text(), GOOD, "{client}");
        assert_eq!(answer.batch.profiles.len(), 1, "{client}");
    }
}

#[test]
fn credentials_in_a_form_are_found() {
    use collect::wire::{self, Endpoint, Incoming, Limits};
    let incoming = Incoming {
        endpoint: Endpoint::Import,
        query: Some("project_id=7"),
        content_type: None,
        user_agent: None,
        do_not_track: false,
        global_privacy_control: false,
        body: b"data=%5B%5D&api_key=key&api_secret=s%2Bt",
        address: None,
        now: crate::support::NOW,
    };
    let credentials = wire::decode(&incoming, Limits::default()).unwrap().credentials;
    assert_eq!(credentials.project_id.as_deref(), Some("7"));
    assert_eq!(credentials.api_key.as_deref(), Some("key"));
    assert_eq!(credentials.api_secret.as_deref(), Some("s+t"));
    assert!(!format!("{credentials:?}").contains("s+t"));
}
