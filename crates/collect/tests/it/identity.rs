//! Who an event counts for, and what links ids, in both modes (mixpanel-wire.md §2).

use crate::support::{Answer, Collector, NOW_S, clients_own, event, property, text};
use domain::identity::LinkKind;
use serde_json::{Value, json};

const UUID: &str = "7f9c24e8-3b12-4e5f-9a6b-c0de12345678";

#[test]
fn simplified_mode_overrides_the_distinct_id() {
    let collector = Collector::new();
    let (user, device, sent) = (collector.who("U"), collector.who("$device:D"), collector.who("sent"));
    for (ids, distinct, device_is, user_is) in [
        (
            json!({ "$user_id": "U", "$device_id": "D", "distinct_id": "sent" }),
            Some(user),
            Some(device),
            Some(user),
        ),
        (json!({ "$device_id": "D", "distinct_id": "sent" }), Some(device), Some(device), None),
        (json!({ "$device_id": "$device:D", "distinct_id": "sent" }), Some(device), Some(device), None),
        (json!({ "$user_id": "U", "distinct_id": "sent" }), Some(user), None, Some(user)),
        (json!({ "distinct_id": "sent" }), Some(sent), None, None),
        (json!({ "distinct_id": 42 }), Some(collector.who("42")), None, None),
        (json!({ "distinct_id": "", "$user_id": "" }), None, None, None),
    ] {
        let answer = collector.json("/track", event("A", ids.clone()));
        let event = answer.event();
        assert_eq!((event.distinct, event.device, event.user), (distinct, device_is, user_is), "{ids}");
        for name in ["distinct_id", "$device_id", "$user_id", "token", "time"] {
            assert_eq!(property(&event.properties, name), None, "{name} has a field of its own");
        }
    }
}

#[test]
fn simplified_mode_links_by_nothing_else() {
    let collector = Collector::new();
    for name in ["$identify", "$create_alias", "$merge"] {
        let properties = json!({ "$anon_distinct_id": UUID, "alias": "x", "$distinct_ids": ["a", "b"] });
        let answer = collector.json("/import", event(name, properties));
        assert!(answer.batch.links.is_empty());
        assert_eq!(answer.event().name.as_str(), name);
    }
}

#[test]
fn original_mode_takes_ids_as_sent() {
    let collector = Collector::original();
    let answer = collector
        .json("/track", event("A", json!({ "$user_id": "U", "$device_id": "D", "distinct_id": "sent" })));
    assert_eq!(answer.event().distinct, Some(collector.who("sent")));
    assert_eq!(answer.event().device, Some(collector.who("$device:D")));
}

#[test]
fn original_mode_links() {
    let device = format!("$device:{UUID}");
    let table = [
        // Name, path, properties, link (kind, left, right) or the reason why there is none.
        ("$identify", "/track", json!({ "$anon_distinct_id": UUID }), Ok((LinkKind::Identify, UUID, "u1"))),
        (
            "$identify",
            "/track",
            json!({ "$anon_distinct_id": device }),
            Ok((LinkKind::Identify, &*device, "u1")),
        ),
        (
            "$identify",
            "/track",
            json!({ "$anon_id": UUID, "$identified_id": "known" }),
            Ok((LinkKind::Identify, UUID, "known")),
        ),
        (
            "$identify",
            "/track",
            json!({ "$anon_distinct_id": "guest" }),
            Err("the anonymous id is not a UUID v4"),
        ),
        (
            "$identify",
            "/track",
            json!({ "$anon_distinct_id": UUID.replace("-4", "-1") }),
            Err("the anonymous id is not a UUID v4"),
        ),
        ("$identify", "/track", json!({}), Err("two ids are needed")),
        ("$identify", "/track", json!({ "$anon_distinct_id": "u1" }), Err("the ids are the same")),
        ("$create_alias", "/track", json!({ "alias": "A" }), Ok((LinkKind::Alias, "A", "u1"))),
        ("$merge", "/import", json!({ "$distinct_ids": ["a", "b"] }), Ok((LinkKind::Merge, "a", "b"))),
        ("$merge", "/import", json!({ "$distinct_ids": ["a"] }), Err("two ids are needed")),
        ("$merge", "/track", json!({ "$distinct_ids": ["a", "b"] }), Err("$merge is taken on /import only")),
    ];
    for (name, path, properties, expected) in table {
        let collector = Collector::original();
        let answer = collector.json(path, event(name, properties.clone()));
        let links: Vec<_> =
            answer.batch.links.iter().map(|link| (link.kind, link.left, link.right)).collect();
        let reason = property(&answer.event().properties, "$failure_reason").cloned();
        match expected {
            Ok((kind, left, right)) => {
                assert_eq!(links, [(kind, collector.who(left), collector.who(right))], "{name} {properties}");
                assert_eq!(answer.batch.links[0].time.seconds(), NOW_S);
                assert_eq!(reason, None);
            }
            Err(why) => {
                assert!(links.is_empty(), "{name} {properties}");
                assert_eq!(reason, Some(text(why)), "{name} {properties}");
            }
        }
    }
}

#[test]
fn ids_in_properties_become_pseudonyms() {
    let collector = Collector::new();
    let names =
        ["$anon_distinct_id", "$anon_id", "$identified_id", "distinctId", "$distinct_id_before_identity"];
    let mut properties = json!({ "$distinct_ids": ["a", "b"] });
    for name in names {
        properties[name] = json!("ada");
    }
    let own = clients_own(collector.json("/import", event("A", properties)).event());
    for name in names {
        assert_eq!(own[name], collector.who("ada").to_string(), "{name}");
    }
    assert_eq!(own["$distinct_ids"], json!([collector.who("a").to_string(), collector.who("b").to_string()]));
    let alias = collector.json("/track", event("$create_alias", json!({ "alias": "nick" })));
    assert_eq!(clients_own(alias.event())["alias"], collector.who("nick").to_string());
}

#[test]
fn the_vault_learns_each_id_once() {
    let collector = Collector::new();
    let body: Vec<Value> =
        (0..5).map(|_| event("A", json!({ "$user_id": "ada@example.com", "$device_id": "D" }))).collect();
    let sealed = |answer: &Answer| {
        let mut ids: Vec<_> =
            collector.open(&answer.batch).iter().map(|r| (r.subject, r.value.expose().clone())).collect();
        ids.sort();
        ids
    };
    let answer = collector.json("/track", json!(body));
    let mut expected = vec![
        (collector.who("ada@example.com"), "ada@example.com".to_owned()),
        (collector.who("$device:D"), "$device:D".to_owned()),
        (collector.who("u1"), "u1".to_owned()),
    ];
    expected.sort();
    assert_eq!(sealed(&answer), expected);
    assert_eq!(sealed(&collector.json("/track", json!(body))), []);
}

#[test]
fn somebody_without_an_id_is_known_by_a_keyed_address() {
    let mut collector = Collector::new();
    collector.address = Some("81.2.69.142");
    let body = json!({ "event": "A", "properties": { "token": "T" } });
    let asked = collector.json("/track?ip=1", body.clone());
    let who = asked.event().distinct.unwrap();
    assert_eq!(Some(who), collector.json("/track?ip=1", body.clone()).event().distinct);
    assert!(collector.open(&asked.batch).is_empty(), "nobody gets an address back");
    assert_eq!(collector.json("/track", body.clone()).event().distinct, None, "only if asked for");
    collector.address = Some("81.2.69.143");
    assert_ne!(Some(who), collector.json("/track?ip=1", body).event().distinct);
}
