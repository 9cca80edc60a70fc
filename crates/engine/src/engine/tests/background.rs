//! Threads at work on a real disk: appends, flushes, compactions and snapshots at once.

use super::support::*;
use crate::disk::RealDisk;
use crate::engine::{AppendError, Engine, EngineComponents, EngineSettings, ProjectDefinition};
use domain::Timestamp;
use domain::identity::IdentityMode;
use domain::time::FixedClock;
use std::sync::Arc;

fn open_here(dir: &std::path::Path) -> Engine {
    let mut settings = EngineSettings::in_dir(dir);
    settings.flush_bytes = 100_000;
    settings.hot_bytes_limit = 400_000;
    settings.log.segment_bytes = 200_000;
    let clock = Arc::new(FixedClock::at(Timestamp::from_seconds(1_000)));
    let engine = Engine::open(settings, EngineComponents { clock, disk: Arc::new(RealDisk) }).unwrap();
    engine
        .define_project(ProjectDefinition { id: PROJECT, identity_mode: IdentityMode::Simplified })
        .unwrap();
    engine
}

const CLIENTS: i64 = 4;
const BATCHES: i64 = 40;
const EVENTS: i64 = 60;

/// Sends every batch twice, the second time later, as one does who missed the answer.
fn send(engine: &Engine, client: i64) {
    let order = (0..BATCHES).flat_map(|at| [Some(at), at.checked_sub(9).filter(|at| *at >= 0)]);
    for at in order.flatten() {
        let events: Vec<_> = (0..EVENTS)
            .map(|n| {
                event(
                    ["a", "b"][n as usize % 2],
                    &format!("u{}", n % 7),
                    at * 40_000,
                    &format!("{client}-{at}-{n}"),
                )
            })
            .collect();
        loop {
            match block_on(engine.append(batch(events.clone()))) {
                Ok(_) => break,
                Err(AppendError::Overloaded { .. }) => std::thread::yield_now(),
                Err(error) => panic!("{error}"),
            }
        }
        // What was answered is there, once.
        let seen = count(engine);
        assert!(seen as i64 <= CLIENTS * BATCHES * EVENTS, "{seen}");
    }
}

#[test]
fn nothing_is_lost_or_doubled_under_load() {
    let dir = tempfile::tempdir().unwrap();
    let engine = open_here(dir.path());
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let engine = &engine;
            scope.spawn(move || send(engine, client));
        }
    });
    let all = (CLIENTS * BATCHES * EVENTS) as usize;
    assert_eq!(count(&engine), all);
    let before = rows(&engine.snapshot(PROJECT).unwrap());
    engine.shutdown().unwrap();
    assert!(block_on(engine.append(batch(vec![event("a", "u", 1, "late")]))).is_err());
    drop(engine);
    assert_eq!(crate::fsck::check(&RealDisk, dir.path()).damage, []);
    let engine = open_here(dir.path());
    assert_eq!(rows(&engine.snapshot(PROJECT).unwrap()), before);
    assert_eq!(engine.health().hot_rows, 0, "a shutdown leaves nothing to replay");
}
