//! A 2xx means on disk: `kill -9` under load, many times.

use crate::support::TestServer;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Rounds of load and kill.
const KILLS: u64 = 12;

/// Connections that send at the same time.
const CLIENTS: usize = 6;

#[derive(Default)]
struct Sent {
    /// Events whose request was answered as good.
    answered: BTreeSet<u64>,
    /// Events whose request broke off: they may be there or not.
    unknown: BTreeSet<u64>,
}

/// Sends events until the server is gone: half of the connections in batches, half singly.
fn load(server: &TestServer, next: &Arc<AtomicU64>, sent: &Arc<Mutex<Sent>>, stop: &Arc<AtomicBool>) {
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let client_of = server.owner();
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let count = if client % 2 == 0 { 40 } else { 1 };
                    let first = next.fetch_add(count, Ordering::Relaxed);
                    let numbers = first..first + count;
                    let events: Vec<Value> =
                        numbers.clone().map(|number| event(server.token(), number)).collect();
                    let body = json!(events);
                    let answer = client_of.try_post_json("/import?strict=1", &body);
                    let good = answer.as_ref().is_some_and(|answer| answer.status == 200);
                    let mut sent = sent.lock().unwrap();
                    if good { sent.answered.extend(numbers) } else { sent.unknown.extend(numbers) }
                }
            });
        }
        scope.spawn(|| {
            // Long enough that groups are under way, of a length that differs by round.
            std::thread::sleep(Duration::from_millis(120 + next.load(Ordering::Relaxed) % 170));
            server.kill_now();
            stop.store(true, Ordering::Relaxed);
        });
    });
}

fn event(token: &str, number: u64) -> Value {
    json!({"event": "Counted", "properties": {
        "token": token, "distinct_id": format!("user-{}", number % 97), "time": 1_136_214_245_000_i64 + i64::try_from(number).unwrap(),
        "$insert_id": format!("{number:032x}"), "number": number,
    }})
}

fn stored(server: &TestServer) -> Vec<u64> {
    let answer = server.reader().get("/api/2.0/export?from_date=2005-12-30&to_date=2006-12-30");
    assert_eq!(answer.status, 200, "{}", answer.text());
    let mut numbers: Vec<u64> = answer
        .text()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["properties"]["number"].as_u64().unwrap())
        .collect();
    numbers.sort_unstable();
    numbers
}

#[test]
fn each_answered_event_is_there_once_after_every_kill_and_none_is_invented() {
    let mut server = TestServer::start();
    let next = Arc::new(AtomicU64::new(0));
    let sent = Arc::new(Mutex::new(Sent::default()));
    for round in 0..KILLS {
        load(&server, &next, &sent, &Arc::new(AtomicBool::new(false)));
        server.kill();
        server.restart();
        let numbers = stored(&server);
        let set: BTreeSet<u64> = numbers.iter().copied().collect();
        assert_eq!(numbers.len(), set.len(), "an event is there twice after kill {round}");
        let sent = sent.lock().unwrap();
        let lost: Vec<_> = sent.answered.difference(&set).take(5).collect();
        assert!(lost.is_empty(), "answered and lost after kill {round}: {lost:?}");
        let invented: Vec<_> = set
            .iter()
            .filter(|number| !sent.answered.contains(number) && !sent.unknown.contains(number))
            .collect();
        assert!(invented.is_empty(), "invented: {invented:?}");
    }
    assert!(sent.lock().unwrap().answered.len() > 200, "the load was a load");
    server.stop();
    let checked = server.command(&["fsck"]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}
