use super::*;

fn body(side: Side) -> String {
    let reply = side.reply();
    assert_eq!((reply.status, reply.content_type), (200, "application/json"));
    String::from_utf8(reply.body.into_owned()).unwrap()
}

#[test]
fn every_path_has_its_answer() {
    for (path, answer) in [
        ("/settings/", "{}"),
        ("/settings", "{}"),
        ("/flags", r#"{"code":200,"flags":{}}"#),
        ("/flags/", r#"{"code":200,"flags":{}}"#),
        ("/flags/definitions", r#"{"flags":[]}"#),
        ("/flags/4711/first-time-events", "{}"),
        ("/record/", "{}"),
    ] {
        assert_eq!(body(Side::from_path(path).unwrap()), answer, "{path}");
    }
    let decide: serde_json::Value = serde_json::from_str(&body(Side::Decide)).unwrap();
    assert_eq!(decide["notifications"], serde_json::json!([]));
    for path in ["/", "", "/flags/a/b/first-time-events", "/flags//first-time-events", "/recordings"] {
        assert_eq!(Side::from_path(path), None, "{path}");
    }
}

#[test]
fn a_page_may_read_with_credentials() {
    let headers = cors_headers(Some("https://shop.example"), None);
    assert!(headers.contains(&("access-control-allow-origin", "https://shop.example".to_owned())));
    assert!(headers.contains(&("access-control-allow-credentials", "true".to_owned())));
    assert!(headers.contains(&("access-control-expose-headers", "Retry-After".to_owned())));
    assert!(headers.contains(&("vary", "Origin".to_owned())));
    assert!(!headers.iter().any(|(name, _)| *name == "access-control-allow-methods"));
}

#[test]
fn a_preflight_gets_what_it_asks_for() {
    let headers = cors_headers(Some("null"), Some(Some("authorization,x-app")));
    assert!(headers.contains(&("access-control-allow-origin", "null".to_owned())));
    assert!(headers.contains(&("access-control-allow-headers", "authorization,x-app".to_owned())));
    assert!(headers.contains(&("access-control-allow-methods", "GET, POST, OPTIONS".to_owned())));
    let usual = cors_headers(Some("https://a.example"), Some(None));
    assert!(usual.contains(&("access-control-allow-headers", USUAL_HEADERS.to_owned())));
}

#[test]
fn nothing_is_echoed_without_an_origin_or_with_a_broken_one() {
    for origin in [None, Some("https://a.example\r\nset-cookie: x")] {
        assert_eq!(cors_headers(origin, None), [("vary", "Origin".to_owned())]);
    }
}
