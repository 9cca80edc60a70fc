//! Each read is in the ledger before its first byte, and an outsider can check it.

use crate::support::TestServer;
use roaring::RoaringBitmap;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;

fn some_events(server: &TestServer, people: usize) {
    let events: Vec<Value> = (0..people * 3)
        .map(|number| {
            json!({"event": "Seen", "properties": {"distinct_id": format!("user-{}", number % people),
                "time": 1_136_214_245 + number, "$insert_id": format!("insert-{number}")}})
        })
        .collect();
    for chunk in events.chunks(2000) {
        assert_eq!(server.owner().post_json("/import?strict=1", &json!(chunk)).status, 200);
    }
    let updates: Vec<Value> = (0..people)
        .map(|number| json!({"$token": server.token(), "$distinct_id": format!("user-{number}"), "$set": {"n": number}}))
        .collect();
    assert_eq!(server.anyone().post_json("/engage", &json!(updates)).text(), "1");
}

fn verify(server: &TestServer) -> Value {
    let output = server.command(&["ledger", "verify", "--json"]);
    serde_json::from_slice(&output.stdout).expect("verify prints JSON")
}

fn leaf(server: &TestServer, index: u64) -> Value {
    let output = server.command(&["ledger", "prove", "--json", "--index", &index.to_string()]);
    let proof: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("no leaf {index}: {}", String::from_utf8_lossy(&output.stderr)));
    serde_json::from_str(proof["leaf"].as_str().unwrap()).expect("a leaf is JSON")
}

#[test]
fn row_level_reads_leave_who_why_what_and_whom() {
    let mut server = TestServer::start();
    some_events(&server, 5);
    let reader = server.reader();
    let dates = "from_date=2006-01-01&to_date=2006-01-03";
    assert_eq!(reader.get(&format!("/api/2.0/export?{dates}")).status, 200);
    assert_eq!(reader.get("/api/2.0/engage?where=properties%5B%22n%22%5D%3E2").json()["total"], 2);
    let stream = format!("/api/2.0/stream/query?{dates}&distinct_ids=%5B%22user-1%22%2C%22nobody%22%5D");
    assert_eq!(reader.get(&stream).json()["results"]["events"].as_array().unwrap().len(), 3);
    assert_eq!(reader.get(&format!("/api/2.0/segmentation?event=Seen&{dates}")).status, 200);
    server.stop();

    let username = server.account["username"].as_str().unwrap();
    let expected = [
        ("export", Some(5), Some(15)),
        ("engage", Some(2), Some(2)),
        ("activity_stream", Some(1), None),
        ("report", None, None),
    ];
    for (index, (action, people, rows)) in (0..).zip(expected) {
        let leaf = leaf(&server, index);
        assert_eq!(leaf["action"], action);
        assert_eq!(leaf["actor"], json!({"kind": "service_account", "username": username}));
        assert_eq!(leaf["purpose"], "api");
        assert_eq!(leaf["project"], server.project_id());
        assert_eq!(leaf["scope"], "pseudonymous");
        assert_eq!(leaf["rows"].as_u64(), rows);
        assert_eq!(leaf["people"]["count"].as_u64(), people, "{leaf}");
        if let Some(count) = people {
            let hash = leaf["people"]["sha256"].as_str().unwrap();
            let hash = hash.rsplit(':').next().unwrap();
            let file = crate::support::files_below(&server.data_dir().join("ledger"))
                .into_iter()
                .find(|path| path.ends_with(hash))
                .expect("the set of people is kept under its hash");
            let set = RoaringBitmap::deserialize_from(std::fs::File::open(file).unwrap()).unwrap();
            assert_eq!(set.len(), count);
        }
        assert!(!leaf.to_string().contains("user-1"), "{leaf}");
    }
    let report = verify(&server);
    assert_eq!((&report["intact"], &report["leaves"]), (&json!(true), &json!(4)), "{report}");
    assert_eq!(report["sets_of_people"], 3);
}

#[test]
fn an_edited_ledger_is_found_and_the_place_is_named() {
    let mut server = TestServer::start();
    some_events(&server, 3);
    for _ in 0..20 {
        server.reader().get("/api/2.0/export?from_date=2006-01-01&to_date=2006-01-03");
    }
    server.stop();
    assert_eq!(verify(&server)["intact"], true);
    let entries = crate::support::files_below(&server.data_dir().join("ledger"))
        .into_iter()
        .find(|path| path.components().any(|part| part.as_os_str() == "entries"))
        .expect("a bundle of entries");
    let mut bytes = std::fs::read(&entries).unwrap();
    let at = bytes.windows(6).position(|part| part == b"export").expect("a leaf about an export");
    bytes[at] = b'E';
    std::fs::write(&entries, bytes).unwrap();
    let output = server.command(&["ledger", "verify", "--json"]);
    assert!(!output.status.success());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let damage = report["damage"][0].as_str().unwrap();
    assert!(damage.contains("entries"), "{damage}");
}

/// Bytes of an export's answer may only leave once its leaf is durable: kill the server as soon as
/// the first byte is here, and look for the leaf.
#[test]
fn no_byte_leaves_before_its_leaf() {
    let mut server = TestServer::start();
    some_events(&server, 50);
    for round in 0..15 {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        let credentials = format!(
            "{}:{}",
            server.account["username"].as_str().unwrap(),
            server.account["secret"].as_str().unwrap()
        );
        let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, credentials);
        write!(
            stream,
            "GET /api/2.0/export?from_date=2006-01-01&to_date=2006-01-03 HTTP/1.1\r\nhost: x\r\nauthorization: Basic {encoded}\r\nconnection: close\r\n\r\n"
        )
        .unwrap();
        let mut first = [0];
        stream.read_exact(&mut first).unwrap();
        server.kill();
        server.restart();
        assert!(verify(&server)["leaves"].as_u64().unwrap() > round, "the read of round {round} has no leaf");
    }
    server.stop();
    assert_eq!(verify(&server)["intact"], true);
}
