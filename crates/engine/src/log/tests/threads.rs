//! The running log: waiting, answering, refusing, stopping.

use super::*;
use std::pin::Pin;
use std::sync::mpsc;
use std::task::{Context, Waker};

type Handed = (Vec<(LogPosition, Batch)>, Answers);
type Notes = Arc<Mutex<Vec<(LogPosition, u32)>>>;

/// A log whose applier hands everything on to the test, which releases the answers.
fn start(disk: &SimDisk, settings: LogSettings) -> (Log, mpsc::Receiver<Handed>) {
    let (sender, handed) = mpsc::channel();
    let (log, _) = open(disk, settings);
    let applier = move |frames, answers| sender.send((frames, answers)).unwrap_or_default();
    (log.start(applier).unwrap(), handed)
}

/// A log whose applier notes what it gets, in order.
fn start_noting(disk: &SimDisk) -> (Log, Notes) {
    let noted = Arc::new(Mutex::new(Vec::new()));
    let (log, _) = open(disk, LogSettings::default());
    let notes = Arc::clone(&noted);
    let applier = move |frames: Vec<(LogPosition, Batch)>, answers: Answers| {
        notes.lock().unwrap().extend(frames.iter().map(|(position, batch)| (*position, number(batch))));
        answers.release();
    };
    (log.start(applier).unwrap(), noted)
}

fn is_pending(appended: &mut Appended) -> bool {
    Pin::new(appended).poll(&mut Context::from_waker(Waker::noop())).is_pending()
}

#[test]
fn an_answer_comes_after_the_frame_is_durable_and_applied() {
    let disk = SimDisk::new(1);
    let (log, handed) = start(&disk, LogSettings::default());
    let mut appended = log.append(batch(5)).unwrap();
    let (frames, answers) = handed.recv().unwrap();
    assert!(is_pending(&mut appended), "not before it is applied");
    assert_eq!(frames[0].1, batch(5));
    let on_disk = disk.content(&segment_files(&disk)[0]).unwrap();
    assert_eq!(on_disk.len() as u64, frames[0].0.0);
    assert_eq!(log.health().waiting_appends, 1, "what is not released waits");
    answers.release();
    assert_eq!(appended.wait().unwrap(), frames[0].0);
    assert_eq!(log.health().waiting_appends, 0);
}

#[test]
fn what_waits_meanwhile_becomes_one_group() {
    let disk = SimDisk::new(1);
    let (started, has_started) = mpsc::channel();
    let (go, may_go) = mpsc::channel::<()>();
    let (log, _) = open(&disk, LogSettings::default());
    let applier = move |frames: Vec<(LogPosition, Batch)>, answers: Answers| {
        started.send(frames.len()).unwrap();
        may_go.recv().unwrap();
        answers.release();
    };
    let log = log.start(applier).unwrap();
    let first = log.append(batch(0)).unwrap();
    assert_eq!(has_started.recv().unwrap(), 1);
    let others: Vec<_> = (1..=50).map(|number| log.append(batch(number)).unwrap()).collect();
    go.send(()).unwrap();
    assert_eq!(has_started.recv().unwrap(), 50);
    go.send(()).unwrap();
    let mut positions = vec![first.wait().unwrap()];
    positions.extend(others.into_iter().map(|appended| appended.wait().unwrap()));
    assert!(positions.is_sorted_by(|one, next| one < next));
}

#[test]
fn past_the_bounds_appends_are_refused_until_there_is_room() {
    let length = payload(0).len();
    for settings in [
        LogSettings { waiting_appends: 2, ..LogSettings::default() },
        LogSettings { waiting_bytes: 2 * length, ..LogSettings::default() },
    ] {
        let (log, handed) = start(&SimDisk::new(1), settings);
        let held: Vec<_> = (0..2).map(|_| log.append(batch(0)).unwrap()).collect();
        assert!(matches!(log.append(batch(0)), Err(AppendError::Overloaded)));
        let mut released = 0;
        while released < 2 {
            let (frames, answers) = handed.recv().unwrap();
            released += frames.len();
            answers.release();
        }
        assert!(held.into_iter().all(|appended| appended.wait().is_ok()));
        drop(log.append(batch(0)).unwrap());
    }
}

#[test]
fn a_batch_larger_than_the_bound_is_taken_alone() {
    let (log, handed) = start(&SimDisk::new(1), LogSettings { waiting_bytes: 1, ..LogSettings::default() });
    let appended = log.append(batch(1)).unwrap();
    assert!(matches!(log.append(batch(2)), Err(AppendError::Overloaded)));
    handed.recv().unwrap().1.release();
    appended.wait().unwrap();
}

#[test]
fn many_threads_are_answered_in_the_order_of_the_log() {
    let disk = SimDisk::new(1);
    let (log, noted) = start_noting(&disk);
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (log, noted) = (&log, &noted);
            scope.spawn(move || {
                for index in 0..50 {
                    let number = thread * 50 + index;
                    let position = log.append(batch(number)).unwrap().wait().unwrap();
                    assert!(noted.lock().unwrap().contains(&(position, number)), "applied when answered");
                }
            });
        }
    });
    let noted = noted.lock().unwrap().clone();
    assert!(noted.is_sorted_by(|one, next| one.0 < next.0));
    log.close();
    disk.crash();
    drop(log);
    let (log, _) = open(&disk, LogSettings::default());
    assert_eq!(read(&log, LogPosition::START).unwrap(), noted);
}

#[test]
fn closing_finishes_what_waits_and_refuses_what_comes() {
    let disk = SimDisk::new(1);
    let (log, noted) = start_noting(&disk);
    let waiting: Vec<_> = (0..20).map(|number| log.append(batch(number)).unwrap()).collect();
    log.close();
    assert!(matches!(log.append(batch(99)), Err(AppendError::Closed)));
    assert!(matches!(log.probe(), Err(AppendError::Closed)));
    assert!(waiting.into_iter().all(|appended| appended.wait().is_ok()));
    assert_eq!(noted.lock().unwrap().len(), 20);
}

#[test]
fn answers_that_are_dropped_are_not_given() {
    let (log, handed) = start(&SimDisk::new(1), LogSettings::default());
    let appended = log.append(batch(1)).unwrap();
    drop(handed.recv().unwrap());
    assert!(matches!(appended.wait(), Err(AppendError::Closed)));
    assert_eq!(log.health().waiting_appends, 0);
}

#[test]
fn an_applier_that_panics_leaves_nobody_waiting() {
    let (log, _) = open(&SimDisk::new(1), LogSettings::default());
    let log = log.start(|_: Vec<(LogPosition, Batch)>, _: Answers| panic!("on purpose")).unwrap();
    assert!(matches!(log.append(batch(1)).unwrap().wait(), Err(AppendError::Closed)));
    log.close();
    assert!(matches!(log.append(batch(2)), Err(AppendError::Closed)));
}

#[test]
fn health_tells_a_failure_until_it_is_gone() {
    let disk = SimDisk::new(1);
    let (log, _) = start_noting(&disk);
    log.append(batch(1)).unwrap().wait().unwrap();
    disk.set_faults(SimFaults { room: Some(0), ..SimFaults::default() });
    assert!(matches!(log.append(batch(2)).unwrap().wait(), Err(AppendError::Full)));
    assert!(matches!(log.health().failure, Some(AppendError::Full)));
    assert!(matches!(log.probe(), Err(AppendError::Full)));
    assert!(log.health().failure.is_some());
    disk.set_faults(SimFaults::default());
    log.probe().unwrap();
    assert!(log.health().failure.is_none());
    log.append(batch(3)).unwrap().wait().unwrap();
}

#[test]
fn reading_and_truncating_go_on_beside_appending() {
    let disk = SimDisk::new(1);
    let (log, _) = start_noting(&disk);
    let first = log.append(batch(1)).unwrap().wait().unwrap();
    let second = log.append(batch(2)).unwrap().wait().unwrap();
    let after_first: Vec<_> = log.read_from(first).map(|item| item.unwrap()).collect();
    assert_eq!(after_first, [(second, batch(2))]);
    log.truncate_before(second).unwrap();
    assert_eq!((log.begin(), log.read_from(second).count()), (second, 0));
    let third = log.append(batch(3)).unwrap().wait().unwrap();
    assert_eq!(log.read_from(second).map(|item| item.unwrap().0).collect::<Vec<_>>(), [third]);
    assert!(log.size() < 200);
}
