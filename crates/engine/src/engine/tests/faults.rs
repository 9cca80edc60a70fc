//! Full disks, failing disks, damaged files.

use super::support::*;
use crate::disk::{Disk, SimDisk, SimFaults};
use crate::engine::{AppendError, EngineSettings};
use crate::store::{ReadError, Scan};
use domain::Timestamp;
use domain::identity::IdentityMode;
use std::path::{Path, PathBuf};

fn files(disk: &SimDisk, dir: &str, ending: &str) -> Vec<PathBuf> {
    let dir = Path::new(dir);
    let mut names = disk.list(dir).unwrap();
    names.sort();
    names.into_iter().filter(|name| name.ends_with(ending)).map(|name| dir.join(name)).collect()
}

fn flip(disk: &SimDisk, path: &Path, at: usize) {
    let mut content = disk.content(path).unwrap();
    content[at] ^= 0x10;
    disk.plant(path, content);
}

#[test]
fn a_flush_that_fails_at_any_sync_loses_nothing_and_is_tried_again() {
    for failing in 1..14 {
        let disk = SimDisk::new(failing.into());
        let engine = open(&disk);
        append(&engine, vec![event("a", "u1", 1, "i1"), event("b", "u2", 2, "i2")]);
        engine.flush().unwrap();
        append(&engine, vec![event("a", "u1", 1, "i1"), event("b", "u3", 3, "i3")]);
        disk.set_faults(SimFaults { failing_syncs: failing, ..SimFaults::default() });
        while engine.flush().is_err() {
            assert_eq!(count(&engine), 3);
        }
        disk.set_faults(SimFaults::default());
        assert_eq!(count(&engine), 3);
        append(&engine, vec![event("b", "u3", 3, "i3")]);
        engine.flush().unwrap();
        assert_eq!(count(&engine), 3);
        disk.crash();
        drop(engine);
        let engine = open(&disk);
        assert_eq!(count(&engine), 3, "after {failing} failing syncs");
        assert_eq!(crate::fsck::check(&disk, &settings().dir).damage, []);
    }
}

#[test]
fn a_full_disk_refuses_and_recovers() {
    let disk = SimDisk::new(1);
    let engine = open(&disk);
    append(&engine, vec![event("a", "u1", 1, "i1")]);
    disk.set_faults(SimFaults { room: Some(0), ..SimFaults::default() });
    assert!(engine.flush().is_err());
    let refused = block_on(engine.append(batch(vec![event("a", "u1", 2, "i2")])));
    assert!(matches!(refused, Err(AppendError::Full)), "{refused:?}");
    assert!(!engine.health().is_well());
    assert_eq!(count(&engine), 1);
    disk.set_faults(SimFaults::default());
    engine.flush().unwrap();
    append(&engine, vec![event("a", "u1", 2, "i2")]);
    assert_eq!(count(&engine), 2);
    assert!(engine.health().is_well(), "{:?}", engine.health());
}

#[test]
fn memory_is_bounded_by_refusing() {
    let disk = SimDisk::new(1);
    let engine =
        open_with(&disk, EngineSettings { hot_bytes_limit: 100_000, ..settings() }, IdentityMode::Simplified);
    let mut sent = 0;
    let refused = loop {
        let events = (sent..sent + 100).map(|n| event("a", "u", n, &n.to_string())).collect();
        match block_on(engine.append(batch(events))) {
            Ok(_) => sent += 100,
            Err(error) => break error,
        }
        assert!(sent < 10_000);
    };
    assert!(matches!(refused, AppendError::Overloaded { retry_after_s: 1.. }), "{refused:?}");
    engine.flush().unwrap();
    append(&engine, vec![event("a", "u", -1, "more")]);
    assert_eq!(count(&engine), sent as usize + 1);
}

#[test]
fn a_flipped_byte_is_named_and_never_read_as_a_number() {
    let disk = SimDisk::new(1);
    let engine = open(&disk);
    append(&engine, (0..1_000).map(|n| event("a", &format!("u{n}"), n, &n.to_string())).collect());
    append(&engine, vec![event("a", "u", 86_400 * 30, "later")]);
    engine.shutdown().unwrap();
    drop(engine);
    let damaged = &files(&disk, "/engine/projects.d/1/events", ".parquet")[0];
    let intact = disk.content(damaged).unwrap();
    for at in (4..intact.len()).step_by(intact.len() / 23) {
        disk.plant(damaged, intact.clone());
        flip(&disk, damaged, at);
        let report = crate::fsck::check(&disk, &settings().dir);
        assert!(report.damage.iter().any(|found| found.file == *damaged), "byte {at}: {report:?}");
        let engine = open(&disk);
        let snapshot = engine.snapshot(PROJECT).unwrap();
        let all: Result<Vec<_>, _> = snapshot.scan(&Scan::everything()).collect();
        let error = all.expect_err("a damaged file cannot be read");
        assert!(matches!(&error, ReadError::Damaged { file, .. } if file.contains("events/")), "{error}");
        // Questions that do not need the file are answered.
        let later = Timestamp::from_seconds(86_400 * 20)..Timestamp::from_seconds(86_400 * 40);
        let rows: usize = snapshot.scan(&Scan::over(later)).map(|block| block.unwrap().len()).sum();
        assert_eq!(rows, 1);
    }
}

#[test]
fn each_damaged_file_is_named() {
    let whole = SimDisk::new(1);
    let engine = open(&whole);
    let mut first = batch(vec![event("a", "u1", 1, "i1")]);
    first.events[0].device = Some(pseudonym("d1"));
    first.events[0].user = first.events[0].distinct;
    first.profiles.push(domain::profile::ProfileUpdate {
        subject: domain::profile::ProfileSubject::Person(pseudonym("u1")),
        time: Timestamp::default(),
        operators: vec![domain::profile::ProfileOperator::Set(vec![])],
        ignore_time: true,
    });
    block_on(engine.append(first)).unwrap();
    engine.shutdown().unwrap();
    drop(engine);
    let mut paths: Vec<PathBuf> = ["manifest", "people", "identity", "profiles-0"]
        .map(|name| Path::new("/engine/projects.d/1").join(name))
        .into();
    paths.push("/engine/projects".into());
    paths.push("/engine/projects-copy".into());
    paths.extend(files(&whole, "/engine/projects.d/1/events", ""));
    for path in paths {
        let intact = whole.content(&path).unwrap();
        flip(&whole, &path, intact.len() / 2);
        let report = crate::fsck::check(&whole, &settings().dir);
        let named = |text: &str| {
            let stem = path.with_extension("");
            text.contains(&stem.display().to_string())
        };
        assert!(report.damage.iter().any(|found| named(&found.to_string())), "{path:?}: {report:?}");
        let engine = open(&whole);
        if let Ok(snapshot) = engine.snapshot(PROJECT) {
            // Content of events is checked when it is read.
            snapshot.scan(&Scan::everything()).for_each(drop);
        }
        let health = engine.health();
        assert!(health.complaints.iter().any(|complaint| named(complaint)), "{path:?}: {health:?}");
        drop(engine);
        whole.plant(&path, intact);
    }
    let engine = open(&whole);
    assert!(engine.health().is_well(), "{:?}", engine.health());
    assert_eq!(count(&engine), 1);
}

#[test]
fn any_parquet_reader_can_read_a_file() {
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    let disk = SimDisk::new(1);
    let engine = open(&disk);
    let mut one = event("a", "u1", 1, "i1");
    one.properties = vec![("plan".into(), domain::PropertyValue::String("pro".into()))];
    append(&engine, vec![one, event("b", "u1", 1, "i1")]);
    engine.flush().unwrap();
    let path = &files(&disk, "/engine/projects.d/1/events", ".parquet")[0];
    let bytes = bytes::Bytes::from(disk.content(path).unwrap());
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap();
    let footer = builder.metadata().file_metadata().key_value_metadata().unwrap().clone();
    let names = footer.iter().find(|entry| entry.key == "bulkhead.events").unwrap();
    assert_eq!(names.value.as_deref(), Some(r#"{"0":"a","1":"b"}"#));
    let batch = builder.build().unwrap().next().unwrap().unwrap();
    assert_eq!(batch.num_rows(), 2);
    let columns: Vec<_> = batch.schema().fields().iter().map(|field| field.name().clone()).collect();
    let fixed =
        ["event", "person", "time", "insert_form", "insert_id", "device", "user", "received", "s:plan"];
    assert_eq!(columns, fixed);
}

#[test]
fn power_may_go_at_any_moment_of_a_flush_or_a_compaction() {
    let mut cuts = 0;
    for changes in 0.. {
        let disk = SimDisk::new(changes.into());
        let engine = open(&disk);
        for round in 0..4 {
            // One event is sent again in each round, from the second on.
            append(&engine, vec![event("a", "u1", 1, "i1"), event("b", "u2", round, &round.to_string())]);
            if round < 3 {
                engine.flush().unwrap();
            }
        }
        let changes_until_power_cut = Some(changes);
        disk.set_faults(SimFaults { changes_until_power_cut, ..SimFaults::default() });
        let whole = engine.flush().and_then(|()| engine.compact()).is_ok();
        assert_eq!(count(&engine), 5);
        disk.crash();
        disk.set_faults(SimFaults::default());
        drop(engine);
        let engine = open(&disk);
        assert_eq!(count(&engine), 5, "power cut after {changes} changes");
        append(&engine, vec![event("a", "u1", 1, "i1"), event("b", "u3", 9, "new")]);
        engine.flush().unwrap();
        engine.compact().unwrap();
        assert_eq!(count(&engine), 6, "power cut after {changes} changes");
        assert!(engine.health().is_well(), "{:?}", engine.health());
        engine.shutdown().unwrap();
        drop(engine);
        assert_eq!(crate::fsck::check(&disk, &settings().dir).damage, []);
        if whole {
            break;
        }
        cuts += 1;
    }
    assert!(cuts > 20, "only {cuts} places to cut");
}

#[test]
fn a_lost_manifest_is_not_a_new_project() {
    let disk = SimDisk::new(1);
    let engine = open(&disk);
    append(&engine, vec![event("a", "u1", 1, "i1")]);
    engine.shutdown().unwrap();
    drop(engine);
    disk.lose(Path::new("/engine/projects.d/1/manifest"));
    let engine = open(&disk);
    assert!(matches!(engine.snapshot(PROJECT), Err(ReadError::Unavailable(..))));
    let refused = block_on(engine.append(batch(vec![event("a", "u1", 2, "i2")])));
    assert!(matches!(refused, Err(AppendError::Unavailable { .. })), "{refused:?}");
    assert!(engine.health().complaints[0].contains("manifest"), "{:?}", engine.health());
    assert_eq!(files(&disk, "/engine/projects.d/1/events", ".parquet").len(), 1);
}

#[test]
fn whoever_cannot_have_the_lock_removes_nothing() {
    let disk = SimDisk::new(1);
    let engine = open(&disk);
    append(&engine, vec![event("a", "u1", 1, "i1")]);
    engine.flush().unwrap();
    // As a flush that is under way leaves it.
    let unlisted = Path::new("/engine/projects.d/1/events/1970-W01-000009.parquet");
    disk.plant(unlisted, vec![1, 2, 3]);
    let clock = std::sync::Arc::new(domain::time::FixedClock::default());
    let components = crate::engine::EngineComponents { clock, disk: std::sync::Arc::new(disk.clone()) };
    let second = crate::engine::Engine::open(settings(), components);
    assert!(matches!(second, Err(crate::engine::OpenError::Log(_))), "{second:?}");
    assert!(disk.content(unlisted).is_some());
    engine.shutdown().unwrap();
    drop(engine);
    let engine = open(&disk);
    assert!(disk.content(unlisted).is_none(), "at the next start it is gone");
    assert_eq!(count(&engine), 1);
}

#[test]
fn a_read_only_disk_answers_questions() {
    let disk = SimDisk::new(1);
    let engine = open(&disk);
    append(&engine, vec![event("a", "u1", 1, "i1")]);
    engine.flush().unwrap();
    append(&engine, vec![event("a", "u1", 2, "i2")]);
    disk.crash();
    drop(engine);
    disk.set_faults(SimFaults { read_only: true, ..SimFaults::default() });
    let engine = open(&disk);
    assert_eq!(count(&engine), 2);
    let refused = block_on(engine.append(batch(vec![event("a", "u1", 3, "i3")])));
    assert!(matches!(refused, Err(AppendError::ReadOnly)), "{refused:?}");
    assert!(!engine.health().is_well());
    disk.set_faults(SimFaults::default());
    append(&engine, vec![event("a", "u1", 3, "i3")]);
    assert_eq!(count(&engine), 3);
    assert!(engine.health().is_well(), "{:?}", engine.health());
}
