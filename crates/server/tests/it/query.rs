//! Mixpanel's query API over HTTP: shapes, zones, pages, errors.

use crate::support::{Client, TestServer};
use serde_json::{Value, json};

/// Three people, two days, in New York's zone where the days end at 05:00 UTC.
fn story(server: &TestServer) {
    let event = |name: &str, who: &str, time: &str, insert: &str, more: Value| {
        let instant: i64 = match time {
            "1st" => 1_704_110_400,      // 2024-01-01T12:00Z
            "1st late" => 1_704_168_000, // 2024-01-02T04:00Z, still the 1st in New York
            "2nd" => 1_704_200_400,      // 2024-01-02T13:00Z
            other => panic!("{other}"),
        };
        let mut properties = json!({"distinct_id": who, "time": instant, "$insert_id": insert});
        properties.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"event": name, "properties": properties})
    };
    let events = json!([
        event("Order", "ann", "1st", "i-1", json!({"amount": 10, "plan": "pro", "items": ["a", "b"]})),
        event("Order", "ann", "1st late", "i-2", json!({"amount": 20.5, "plan": "pro"})),
        event("Order", "bob", "2nd", "i-3", json!({"amount": "n/a", "plan": "free"})),
        event("Order", "cyd", "2nd", "i-4", json!({})),
        event("View", "ann", "2nd", "i-5", json!({"plan": null})),
    ]);
    let answer = server.owner().post_json("/import?strict=1", &events);
    assert_eq!(answer.status, 200, "{}", answer.text());
}

fn server() -> (TestServer, Client) {
    let server = TestServer::start_with(&["--timezone", "America/New_York"], &[]);
    story(&server);
    let reader = server.reader();
    (server, reader)
}

const DATES: &str = "from_date=2024-01-01&to_date=2024-01-02";

#[test]
fn segmentation() {
    let (_server, reader) = server();
    for (query, values) in [
        ("event=Order", json!({"Order": {"2024-01-01": 2, "2024-01-02": 2}})),
        ("event=Order&type=unique", json!({"Order": {"2024-01-01": 1, "2024-01-02": 2}})),
        ("event=Order&type=average", json!({"Order": {"2024-01-01": 2, "2024-01-02": 1}})),
        ("event=Order&unit=month", json!({"Order": {"2024-01-01": 4}})),
        (
            "event=Order&where=properties%5B%22amount%22%5D%3E15",
            json!({"Order": {"2024-01-01": 1, "2024-01-02": 0}}),
        ),
        (
            "event=Order&on=properties%5B%22plan%22%5D",
            json!({"pro": {"2024-01-01": 2, "2024-01-02": 0}, "free": {"2024-01-01": 0, "2024-01-02": 1},
                "(not set)": {"2024-01-01": 0, "2024-01-02": 1}}),
        ),
        ("event=Nothing", json!({"Nothing": {"2024-01-01": 0, "2024-01-02": 0}})),
    ] {
        for base in ["/api/query", "/api/2.0"] {
            let answer = reader.get(&format!("{base}/segmentation?{DATES}&{query}"));
            assert_eq!(answer.status, 200, "{query}: {}", answer.text());
            let body = answer.json();
            assert_eq!(body["data"]["values"], values, "{query}");
            assert_eq!(body["legend_size"], values.as_object().unwrap().len(), "{query}");
        }
    }
    let csv = reader.get(&format!("/api/query/segmentation?{DATES}&event=Order&format=csv"));
    assert_eq!(csv.text(), "date,Order\r\n2024-01-01,2\r\n2024-01-02,2\r\n");
    let hours = reader.get(&format!("/api/query/segmentation?{DATES}&event=Order&unit=hour")).json();
    assert_eq!(hours["data"]["series"].as_array().unwrap().len(), 48);
    assert_eq!(hours["data"]["values"]["Order"]["2024-01-01 07:00:00"], 1);
}

#[test]
fn sums_averages_and_ranges_of_numbers() {
    let (_server, reader) = server();
    let on = "on=properties%5B%22amount%22%5D";
    let sum = reader.get(&format!("/api/query/segmentation/sum?{DATES}&event=Order&{on}")).json();
    assert_eq!(sum["status"], "ok");
    assert_eq!(sum["results"], json!({"2024-01-01": 30.5, "2024-01-02": 0}));
    let average = reader.get(&format!("/api/query/segmentation/average?{DATES}&event=Order&{on}")).json();
    assert_eq!(average["results"], json!({"2024-01-01": 15.25, "2024-01-02": 0}));
    let numeric = reader.get(&format!("/api/query/segmentation/numeric?{DATES}&event=Order&{on}")).json();
    let total: i64 = numeric["data"]["values"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|days| days.as_object().unwrap().values())
        .map(|count| count.as_i64().unwrap())
        .sum();
    assert_eq!(total, 2, "{numeric}");
}

#[test]
fn events_names_properties_and_values() {
    let (_server, reader) = server();
    let events = reader
        .get(&format!("/api/query/events?{DATES}&event=%5B%22Order%22%2C%22View%22%5D&type=general&unit=day"))
        .json();
    assert_eq!(events["data"]["values"]["View"], json!({"2024-01-01": 0, "2024-01-02": 1}));
    let properties = reader
        .get(&format!("/api/query/events/properties?{DATES}&event=Order&name=plan&type=general&unit=day"))
        .json();
    assert_eq!(properties["data"]["values"]["pro"]["2024-01-01"], 2);
    let chosen = reader.get(&format!("/api/query/events/properties?{DATES}&event=Order&name=plan&values=%5B%22free%22%5D&type=general&unit=day")).json();
    assert_eq!(chosen["data"]["values"], json!({"free": {"2024-01-01": 0, "2024-01-02": 1}}));
    let top = reader.get("/api/query/events/properties/top?event=Order&limit=50").json();
    assert_eq!(top["plan"]["count"], 3);
    assert_eq!(
        reader.get("/api/query/events/names?type=general").json(),
        json!([]),
        "the last 31 days are empty"
    );
    assert_eq!(
        reader.get("/api/query/events/top?type=general").json(),
        json!({"events": [], "type": "general"})
    );
}

#[test]
fn export_and_its_parameters() {
    let (server, reader) = server();
    let lines = |query: &str| -> Vec<Value> {
        let answer = reader.get(&format!("/api/2.0/export?{DATES}&{query}"));
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert!(answer.body.is_empty() || answer.body.ends_with(b"\n"));
        answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    assert_eq!(lines("").len(), 5);
    assert_eq!(lines("event=%5B%22View%22%5D").len(), 1);
    assert_eq!(lines("where=properties%5B%22plan%22%5D%3D%3D%22pro%22").len(), 2);
    assert_eq!(lines("limit=2").len(), 2);
    assert_eq!(
        lines("where=properties%5B%22distinct_id%22%5D%3D%3D%22ann%22").len(),
        3,
        "clear ids are understood"
    );
    let view = &lines("event=%5B%22View%22%5D")[0]["properties"];
    assert_eq!(view["time"], 1_704_200_400);
    assert_eq!(view["$insert_id"], "i-5");
    assert_eq!(view["plan"], Value::Null);
    assert!(view["distinct_id"].as_str().unwrap().starts_with("p_"));
    assert_eq!(
        lines("event=%5B%22View%22%5D&time_in_ms=true")[0]["properties"]["time"],
        1_704_200_400_000_i64
    );
    let order = lines("where=properties%5B%22amount%22%5D%3D%3D10");
    assert_eq!(order[0]["properties"]["amount"].to_string(), "10", "whole numbers stay whole");
    assert_eq!(order[0]["properties"]["items"], json!(["a", "b"]));
    let empty = reader.get("/api/2.0/export?from_date=1999-01-01&to_date=1999-01-02");
    assert_eq!((empty.status, empty.body.len()), (200, 0));
    let identified = server.client_of(&server.service_account("identified"));
    // The vault takes in what was sealed a moment after the answer.
    let found = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        identified.get(&format!("/api/2.0/export?{DATES}&event=%5B%22View%22%5D")).text().contains("\"ann\"")
    });
    assert!(found, "an identified reader gets ids back");
}

#[test]
fn engage_pages_are_stable_within_a_session() {
    let server = TestServer::start();
    let update = |number: usize| json!({"$token": server.token(), "$distinct_id": format!("u{number}"), "$set": {"n": number}});
    for start in [0, 1200] {
        let updates: Vec<Value> = (start..start + 1200).map(update).collect();
        assert_eq!(server.anyone().post_json("/engage", &json!(updates)).text(), "1");
    }
    let reader = server.reader();
    let first = reader.post("/api/2.0/engage", "application/x-www-form-urlencoded", "").json();
    assert_eq!(
        (&first["page"], &first["page_size"], &first["total"], &first["status"]),
        (&json!(0), &json!(1000), &json!(2400), &json!("ok"))
    );
    let session = first["session_id"].as_str().unwrap();
    server.anyone().post_json("/engage", &json!([update(99_999)]));
    let mut numbers: Vec<u64> = Vec::new();
    for page in 0..3 {
        let answer = reader.get(&format!("/api/2.0/engage?session_id={session}&page={page}")).json();
        assert_eq!(answer["total"], 2400);
        numbers.extend(
            answer["results"].as_array().unwrap().iter().map(|row| row["$properties"]["n"].as_u64().unwrap()),
        );
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (0..2400).collect::<Vec<_>>());
    let row = &reader.get("/api/2.0/engage?distinct_id=u7&output_properties=%5B%22%24last_seen%22%5D").json()
        ["results"][0];
    let seen = row["$properties"]["$last_seen"].as_str().unwrap();
    assert!(seen.len() == 19 && seen.as_bytes()[10] == b'T', "{seen}");
    assert!(row["$properties"].get("n").is_none());
    for name in ["where", "selector"] {
        let few =
            reader.get(&format!("/api/2.0/engage?{name}=%28properties%5B%22n%22%5D%20%3C%203%29")).json();
        assert_eq!(few["total"], 3, "{name}");
    }
}

#[test]
fn errors_have_the_documented_shapes() {
    let (server, reader) = server();
    for (path, status, word) in [
        ("/api/2.0/segmentation?from_date=2024-01-01&to_date=2024-01-02", 400, "event"),
        ("/api/2.0/segmentation?event=Order", 400, "from_date"),
        ("/api/2.0/segmentation?event=Order&from_date=x&to_date=2024-01-02", 400, "from_date"),
        ("/api/2.0/segmentation?event=Order&from_date=2024-01-02&to_date=2024-01-01", 400, "range"),
        ("/api/2.0/segmentation?event=Order&from_date=2024-01-01&to_date=2024-01-02&unit=year", 400, "unit"),
        ("/api/2.0/segmentation?event=Order&from_date=2024-01-01&to_date=2024-01-02&where=(", 400, "where"),
        ("/api/2.0/nonsense", 400, "Invalid API endpoint"),
        ("/api/2.0/export?from_date=2024-01-01&to_date=2024-01-02&limit=100001", 400, "limit"),
        ("/api/2.0/engage?data_group_id=nothing", 400, "data_group_id"),
    ] {
        let answer = reader.get(path);
        assert_eq!(answer.status, status, "{path}");
        let body = answer.json();
        assert_eq!(body["request"], path);
        assert!(body["error"].as_str().unwrap().contains(word), "{path}: {body}");
    }
    let path = format!("/api/2.0/segmentation?event=Order&{DATES}");
    for client in [
        server.anyone(),
        server.anyone().with_basic("nobody", "wrong"),
        server.anyone().with_basic("wrong", ""),
    ] {
        let answer = client.get(&path);
        assert_eq!(answer.status, 401);
        assert_eq!(answer.json()["error"], "Invalid credentials");
    }
    assert_eq!(server.owner().get(&path).status, 200, "the project's secret reads");
    assert_eq!(server.anyone().with_basic(server.token(), "").get(&path).status, 401, "its token does not");
    assert_eq!(reader.get(&format!("{path}&project_id=999")).status, 401, "another project is not there");
}
