//! What never leaves the collector in clear, and what it adds instead.

use crate::support::{Collector, clients_own, event, property, text};
use domain::schema::DataKind;
use serde_json::json;
use vault::{Content, SealedOperation};

const MAIL: &str = "ada.lovelace@example.com";

#[test]
fn nothing_personal_is_in_a_batch_but_sealed() {
    let collector = Collector::new();
    let everywhere = json!({
        "distinct_id": MAIL, "$user_id": MAIL, "$device_id": MAIL, "$insert_id": MAIL, "$email": MAIL, "note": MAIL,
        "nested": { "list": [MAIL] }, "$anon_distinct_id": MAIL, "ip": "81.2.69.142", "$ip": "81.2.69.142",
        "$user_agent": format!("Agent/1.0 ({MAIL})"), MAIL: 1,
    });
    let answer = collector.json("/track?ip=1", event(&format!("Invited {MAIL}"), everywhere));
    assert_eq!(answer.tags(), ["accepted"]);
    let mut batch = answer.batch.clone();
    let opened = collector.open(&batch);
    batch.sealed.clear();
    let written = format!("{batch:?} {:?}", answer.outcomes);
    for clear in ["lovelace", "81.2.69"] {
        assert!(!written.contains(clear), "{clear} in {written}");
    }
    let observed = |field: &str| {
        opened.iter().any(|record| {
            record.content == Content::Field(SealedOperation::Observe)
                && record.field == field
                && record.subject == collector.who(MAIL)
                && record.value.expose() == &format!("\"{MAIL}\"")
        })
    };
    assert!(observed("$email") && observed("note"), "{opened:?}");
    assert_eq!(property(&answer.event().properties, "$email"), Some(&text("[email]")));
    assert!(answer.counts.sealed[&DataKind::Email] >= 4);
}

#[test]
fn without_a_person_there_is_nobody_to_seal_for() {
    let collector = Collector::new();
    let answer = collector.json("/track", event("A", json!({ "distinct_id": "", "$email": MAIL })));
    assert_eq!(clients_own(answer.event()), json!({ "$email": "[email]" }));
    assert!(answer.batch.sealed.is_empty());
    assert_eq!(answer.counts.destroyed[&DataKind::Email], 1);
}

#[test]
fn examples_of_dropped_records_name_nobody() {
    let body = json!([
        event(&format!("Invited {MAIL}"), json!({ "time": 5, "distinct_id": MAIL })),
        event("Old", json!({ "time": 5 })),
        { "event": 3, "properties": { "token": "T" } },
    ]);
    let answer = Collector::new().json("/track", body);
    assert_eq!(answer.examples.len(), 3);
    assert!(!format!("{:?} {:?}", answer.examples, answer.outcomes).contains("lovelace"));
    assert_eq!(answer.examples[1].event.as_deref(), Some("Old"));
    assert_eq!(answer.examples[1].reason.tag(), "too_old");
    assert_eq!(answer.examples[1].field, Some("properties.time"));
    assert_eq!(answer.counts.not_kept.values().sum::<u64>(), 3);
}

#[test]
fn signals_of_the_browser_count_where_the_project_honours_them() {
    let mut collector = Collector::new();
    collector.do_not_track = true;
    collector.global_privacy_control = true;
    let sent = |collector: &Collector| {
        let answer = collector.json("/track", event("A", json!({})));
        assert_eq!(answer.text(), "1");
        answer.tags()[0]
    };
    assert_eq!(sent(&collector), "accepted");
    collector.policy.honour_do_not_track = true;
    assert_eq!(sent(&collector), "opted_out");
    collector.policy.honour_do_not_track = false;
    collector.policy.honour_global_privacy_control = true;
    assert_eq!(sent(&collector), "opted_out");
    collector.global_privacy_control = false;
    assert_eq!(sent(&collector), "accepted");
}

#[test]
fn place_of_an_event_by_address_as_asked() {
    let mut collector = Collector::new();
    collector.address = Some("81.2.69.142");
    let country = |path: &str, ip: serde_json::Value| {
        let mut body = event("A", json!({}));
        if !ip.is_null() {
            body["properties"]["ip"] = ip;
        }
        let answer = collector.json(path, body);
        property(&answer.event().properties, "mp_country_code").cloned()
    };
    let found = Some(text("GB"));
    assert_eq!(country("/track", json!(null)), None, "off by default");
    assert_eq!(country("/track?ip=1", json!(null)), found);
    assert_eq!(country("/track?ip=0", json!(null)), None);
    assert_eq!(country("/track?ip=1", json!(0)), None);
    assert_eq!(country("/track?ip=1", json!("0")), None);
    assert_eq!(country("/track", json!("81.2.69.142")), found);
    assert_eq!(country("/track", json!("127.0.0.1")), None);
    assert_eq!(country("/import", json!("81.2.69.142")), found);
}

const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36";
const BOT: &str = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

#[test]
fn an_agent_that_the_app_passes_on_is_parsed_and_dropped() {
    let collector = Collector::new();
    for name in ["$user_agent", "$useragent"] {
        let own = clients_own(
            collector.json("/track", event("A", json!({ "mp_lib": "python", name: CHROME }))).event(),
        );
        assert_eq!(own["$browser"], "Chrome", "{own}");
        assert_eq!(own.get(name), None);
    }
    let own = clients_own(
        collector.json("/track", event("A", json!({ "$browser": "Own", "$user_agent": CHROME }))).event(),
    );
    assert_eq!(own, json!({ "$browser": "Own" }), "what the client says has precedence");
}

#[test]
fn bots_are_marked_not_dropped() {
    let mut collector = Collector::new();
    collector.user_agent = Some(BOT);
    let is_bot = |collector: &Collector, extra| {
        let answer = collector.json("/track", event("A", extra));
        property(&answer.event().properties, "$is_bot").is_some()
    };
    assert!(is_bot(&collector, json!({ "mp_lib": "web" })));
    assert!(!is_bot(&collector, json!({ "mp_lib": "python" })), "a server's library is no visitor");
    assert!(is_bot(&collector, json!({ "mp_lib": "python", "$user_agent": BOT })));
    collector.user_agent = Some(CHROME);
    assert!(!is_bot(&collector, json!({ "mp_lib": "web" })));
}

#[test]
fn a_referrer_has_a_source() {
    let own = clients_own(
        Collector::new()
            .json(
                "/track",
                event("A", json!({ "$referrer": "https://www.google.com/", "$initial_referrer": "$direct" })),
            )
            .event(),
    );
    assert_eq!(own["$referrer_source"], "Google", "{own}");
    assert_eq!(own["$referrer_medium"], "search", "{own}");
}

#[test]
fn hidden_properties_are_not_stored() {
    let own = clients_own(
        Collector::new().json("/track", event("A", json!({ "bucket": 1, "$bucket": 2, "a": 3 }))).event(),
    );
    assert_eq!(own, json!({ "a": 3 }));
}
