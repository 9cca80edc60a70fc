//! The engine as a whole, on a simulated disk.

mod background;
mod faults;
mod model;
mod support;

use crate::disk::SimDisk;
use crate::store::{Scan, ValueRef};
use domain::identity::IdentityMode;
use domain::{ProjectId, PropertyName, Timestamp};
use roaring::RoaringBitmap;
use support::*;

#[test]
fn t12_the_same_event_counts_once_across_files_and_restarts() {
    let disk = SimDisk::new(1);
    let first = event("a", "u1", 1, "i1");
    let engine = open(&disk);
    append(&engine, vec![first.clone()]);
    append(&engine, vec![first.clone()]);
    assert_eq!(count(&engine), 1);
    engine.flush().unwrap();
    append(&engine, vec![event("a", "u2", 1, "i1")]);
    assert_eq!(count(&engine), 2);
    engine.shutdown().unwrap();
    let engine = open(&disk);
    append(&engine, vec![first.clone()]);
    assert_eq!(count(&engine), 2);
    engine.flush().unwrap();
    assert_eq!(count(&engine), 2);
    disk.crash();
    let engine = open(&disk);
    append(&engine, vec![first]);
    assert_eq!(count(&engine), 2);
}

#[test]
fn a_snapshot_stays_as_it_is_while_files_change() {
    let disk = SimDisk::new(2);
    let engine = open(&disk);
    for round in 0..5 {
        append(&engine, (0..40).map(|n| event("a", "u1", n, &format!("{round}-{n}"))).collect());
        engine.flush().unwrap();
    }
    let before = engine.snapshot(PROJECT).unwrap();
    let rows_before = rows(&before);
    assert_eq!(rows_before.len(), 200);
    engine.compact().unwrap();
    assert_eq!(engine.health().files, 1, "files of one size became one");
    append(&engine, vec![event("a", "u1", 0, "0-0")]);
    engine.flush().unwrap();
    assert_eq!(rows(&before), rows_before);
    assert_eq!(count(&engine), 200);
    let event_files = || {
        let dir = std::path::Path::new("/engine/projects.d/1/events");
        crate::disk::Disk::list(&disk, dir).unwrap().len()
    };
    assert_eq!(event_files(), 2 * (2 + 5), "files of the old snapshot are kept");
    drop(before);
    assert_eq!(event_files(), 2 * 2, "and go with it");
}

#[test]
fn rows_cross_chunks_and_row_groups() {
    let disk = SimDisk::new(3);
    let engine = open(&disk);
    let names = ["a", "b", "c"];
    let total = 140_000;
    for start in (0..total).step_by(20_000) {
        let events = (start..start + 20_000).map(|n| {
            let mut event =
                event(names[n as usize % 3], &format!("u{}", n % 500), n / 7, &format!("{n:032x}"));
            event.properties = vec![("n".into(), domain::PropertyValue::Int(n))];
            event
        });
        append(&engine, events.collect());
    }
    let sum = |engine: &super::Engine, scan: &Scan| -> (usize, i64) {
        let parts = engine.snapshot(PROJECT).unwrap().scan_parts(scan, 2);
        parts.into_iter().flatten().fold((0, 0), |(rows, sum), block| {
            let block = block.unwrap();
            let ints = block.property(&PropertyName::from("n")).unwrap().as_ints().unwrap();
            (rows + block.len(), sum + ints.values().iter().sum::<i64>())
        })
    };
    let mut scan = Scan::everything();
    scan.properties = vec!["n".into()];
    let all = sum(&engine, &scan);
    assert_eq!(all, (total as usize, total * (total - 1) / 2));
    scan.events = Some(vec!["b".into(), "never".into()]);
    scan.range = Timestamp::from_seconds(100)..Timestamp::from_seconds(15_000);
    let some = sum(&engine, &scan);
    let expected = (0..total).filter(|n| n % 3 == 1 && (100..15_000).contains(&(n / 7)));
    assert_eq!(some, (expected.clone().count(), expected.sum()));
    let person = engine.snapshot(PROJECT).unwrap().person(&pseudonym("u7")).unwrap();
    let mut one = scan.clone();
    one.people = Some(RoaringBitmap::from([person.0]));
    let of_one = sum(&engine, &one);
    engine.flush().unwrap();
    assert_eq!(engine.health().hot_rows, 0);
    assert_eq!(sum(&engine, &scan), some);
    assert_eq!(sum(&engine, &one), of_one);
    scan = Scan { properties: scan.properties, ..Scan::everything() };
    assert_eq!(sum(&engine, &scan), all);
    // Late duplicates of rows in both row groups.
    append(
        &engine,
        (0..50)
            .map(|n| n * 2_801)
            .map(|n| event(names[n as usize % 3], &format!("u{}", n % 500), n / 7, &format!("{n:032x}")))
            .collect(),
    );
    assert_eq!(count(&engine), total as usize);
}

#[test]
fn a_property_keeps_the_kind_of_each_value() {
    use domain::PropertyValue::*;
    let disk = SimDisk::new(4);
    let engine = open(&disk);
    let values = [
        Null,
        Bool(true),
        Int(7),
        Float(0.1),
        String("x".into()),
        String("".into()),
        List(vec![Int(1), String("y".into())]),
        Object(vec![("k".into(), Null)]),
    ];
    let mut events: Vec<_> = values
        .iter()
        .zip(0..)
        .map(|(value, n)| {
            let mut event = event("a", "u", n, &n.to_string());
            event.properties = vec![("p".into(), value.clone())];
            event
        })
        .collect();
    events.push(event("a", "u", 99, "none"));
    append(&engine, events);
    let check = || {
        let snapshot = engine.snapshot(PROJECT).unwrap();
        let mut scan = Scan::everything();
        scan.properties = vec!["p".into()];
        let block = snapshot.scan(&scan).next().unwrap().unwrap();
        let column = block.property(&"p".into()).unwrap();
        let got: Vec<_> = (0..block.len()).map(|row| column.value(row)).collect();
        assert_eq!(
            got,
            [
                ValueRef::Null,
                ValueRef::Bool(true),
                ValueRef::Int(7),
                ValueRef::Float(0.1),
                ValueRef::Str("x"),
                ValueRef::Str(""),
                ValueRef::Json(r#"[1,"y"]"#),
                ValueRef::Json(r#"{"k":null}"#),
                ValueRef::Missing,
            ]
        );
    };
    check();
    engine.flush().unwrap();
    check();
    let names = engine.snapshot(PROJECT).unwrap().property_names(None);
    assert_eq!((names[0].count, names[0].kinds.len()), (8, 5));
}

#[test]
fn properties_beyond_the_limit_of_columns_are_kept() {
    let disk = SimDisk::new(5);
    let engine = open(&disk);
    let wide = |n: i64| {
        let mut event = event("a", "u", n, &n.to_string());
        let names = (0..250).map(|p| format!("p{}", (n * 250 + p) % 1_300));
        event.properties = names.map(|name| (name.into(), domain::PropertyValue::Int(n))).collect();
        event
    };
    append(&engine, (0..30).map(wide).collect());
    let before = rows(&engine.snapshot(PROJECT).unwrap());
    for round in 1..5 {
        engine.flush().unwrap();
        assert_eq!(rows(&engine.snapshot(PROJECT).unwrap()).len(), 30 * round);
        append(&engine, (0..30).map(|n| wide(n + 100 * round as i64)).collect());
    }
    engine.flush().unwrap();
    let all = rows(&engine.snapshot(PROJECT).unwrap());
    assert!(before.iter().all(|row| all.contains(row)));
    engine.compact().unwrap();
    assert!(engine.health().files < 5);
    assert_eq!(rows(&engine.snapshot(PROJECT).unwrap()), all);
}

#[test]
fn a_project_has_one_identity_mode() {
    let disk = SimDisk::new(6);
    let engine = open(&disk);
    let other = super::ProjectDefinition { id: PROJECT, identity_mode: IdentityMode::Original };
    assert!(engine.define_project(other).is_err());
    assert!(engine.snapshot(ProjectId(9)).is_err());
}

#[test]
fn sealed_records_come_from_memory_and_from_the_log() {
    let disk = SimDisk::new(7);
    let engine = open(&disk);
    let send = |engine: &super::Engine, byte| {
        let mut batch = batch(vec![]);
        batch.sealed.push(domain::sealed::SealedRecord(vec![byte]));
        block_on(engine.append(batch)).unwrap()
    };
    let first = send(&engine, 1);
    append(&engine, vec![event("a", "u", 1, "i")]);
    let second = send(&engine, 2);
    let read = |engine: &super::Engine, after| {
        let batches = engine.sealed_records(after, 10).unwrap();
        batches.into_iter().map(|(position, _, records)| (position, records[0].0[0])).collect::<Vec<_>>()
    };
    let start = crate::log::LogPosition::START;
    assert_eq!(read(&engine, start), [(first, 1), (second, 2)]);
    engine.flush().unwrap();
    assert_eq!(read(&engine, start), [(first, 1), (second, 2)]);
    disk.crash();
    let engine = open(&disk);
    assert_eq!(read(&engine, start), [(first, 1), (second, 2)]);
    assert_eq!(read(&engine, first), [(second, 2)]);
    engine.sealed_consumed(second);
    let third = send(&engine, 3);
    assert_eq!(read(&engine, second), [(third, 3)]);
    engine.sealed_consumed(third);
    engine.flush().unwrap();
    assert_eq!(read(&engine, third), []);
    engine.shutdown().unwrap();
    let engine = open(&disk);
    assert!(engine.health().is_well(), "{:?}", engine.health());
    assert_eq!(count(&engine), 1);
}

#[test]
fn one_person_is_found_among_many_with_all_their_ids() {
    let disk = SimDisk::new(8);
    let engine = open(&disk);
    let mut events: Vec<_> =
        (0..30_000).map(|n| event("a", &format!("u{}", n % 9_000), n, &n.to_string())).collect();
    events.extend((0..9_000).map(|n| event("b", &format!("u{n}"), n, "b")));
    let mut link = event("c", "u8765", 1, "link");
    link.user = link.distinct;
    link.device = Some(pseudonym("u4321"));
    events.push(link);
    append(&engine, events);
    let of = |engine: &super::Engine| {
        let snapshot = engine.snapshot(PROJECT).unwrap();
        let person = snapshot.person(&pseudonym("u8765")).unwrap();
        let scan = Scan { people: Some(RoaringBitmap::from([person.0])), ..Scan::everything() };
        snapshot.scan(&scan).map(|block| block.unwrap().len()).sum::<usize>()
    };
    assert_eq!(of(&engine), 3 + 3 + 1 + 1 + 1, "of the user and of the device");
    engine.flush().unwrap();
    assert_eq!(of(&engine), 9);
}

#[test]
fn the_log_is_cut_off_though_nothing_was_ever_sealed() {
    let disk = SimDisk::new(9);
    let mut small = settings();
    small.log.segment_bytes = 1_000;
    let start = crate::log::LogPosition::START;
    for round in 0..3 {
        let engine = open_with(&disk, small.clone(), IdentityMode::Simplified);
        let events = (0..200).map(|n| event("a", "u", n, &format!("{round}-{n}")));
        events.for_each(|event| append(&engine, vec![event]));
        let before = engine.health().log_bytes;
        assert_eq!(engine.sealed_records(start, 10).unwrap(), []);
        engine.flush().unwrap();
        assert!(engine.health().log_bytes < before / 4, "{} of {before}", engine.health().log_bytes);
        assert_eq!(count(&engine), 200 * (round + 1));
        engine.shutdown().unwrap();
    }
    let engine = open_with(&disk, small, IdentityMode::Simplified);
    assert!(engine.health().is_well(), "{:?}", engine.health());
    assert_eq!(count(&engine), 600);
}
