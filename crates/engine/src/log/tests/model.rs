//! The log against a reference model: random appends, faults, crashes and restarts, after which
//! every answered frame must be there once and in order, and nothing that was never appended.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Action {
    /// Groups of so many frames.
    Commit(usize),
    /// The same with something going wrong.
    CommitWith(Fault, usize),
    TruncateBefore(prop::sample::Index),
    /// Truncation during which the power goes.
    TruncateUntilCut(prop::sample::Index, u32),
    /// The process ends and starts again.
    Restart,
    /// The machine does.
    Crash,
    ReadFrom(prop::sample::Index),
}

#[derive(Clone, Debug)]
enum Fault {
    Room(u64),
    FailingSyncs(u32),
    ReadOnly,
    /// The power goes after so many changes; the machine starts again.
    PowerCut(u32),
}

fn action() -> impl Strategy<Value = Action> {
    let fault = prop_oneof![
        (0..600u64).prop_map(Fault::Room),
        (1..4u32).prop_map(Fault::FailingSyncs),
        Just(Fault::ReadOnly),
        (0..8u32).prop_map(Fault::PowerCut),
    ];
    prop_oneof![
        6 => (1..6usize).prop_map(Action::Commit),
        4 => (fault, 1..6usize).prop_map(|(fault, count)| Action::CommitWith(fault, count)),
        1 => any::<prop::sample::Index>().prop_map(Action::TruncateBefore),
        1 => (any::<prop::sample::Index>(), 0..8u32).prop_map(|(at, cut)| Action::TruncateUntilCut(at, cut)),
        1 => Just(Action::Restart),
        1 => Just(Action::Crash),
        1 => any::<prop::sample::Index>().prop_map(Action::ReadFrom),
    ]
}

struct Model {
    disk: SimDisk,
    settings: LogSettings,
    /// Reads and writes are short all along.
    short: bool,
    log: Option<IdleLog>,
    /// What was answered, or was found whole after a restart.
    answered: Vec<(LogPosition, u32)>,
    /// What failed since the last start: it may turn up, once.
    unanswered: Vec<u32>,
    /// Up to here the log was told to forget.
    forgotten: LogPosition,
    highest: LogPosition,
    next: u32,
}

impl Model {
    fn new(seed: u64, short: bool) -> Self {
        let disk = SimDisk::new(seed);
        let settings = LogSettings { segment_bytes: 500, ..LogSettings::default() };
        let mut model = Self {
            disk,
            settings,
            short,
            log: None,
            answered: vec![],
            unanswered: vec![],
            forgotten: LogPosition::START,
            highest: LogPosition::START,
            next: 0,
        };
        model.with_faults(SimFaults::default(), |_| ());
        model.start();
        model
    }

    fn log(&mut self) -> &mut IdleLog {
        self.log.as_mut().unwrap()
    }

    /// Opens the log and compares all of it with what is known.
    fn start(&mut self) {
        self.log = None;
        let report = check(&dir(), Arc::new(self.disk.clone()));
        let (log, recovered) = open(&self.disk, self.settings.clone());
        if let Ok(report) = report {
            assert_eq!(report, recovered);
        }
        assert_eq!((&recovered.damages[..], recovered.lost_frames), (&[][..], 0), "a crash is not damage");
        assert!(recovered.begin <= self.forgotten.max(recovered.end));
        let found = read(&log, self.forgotten.max(recovered.begin)).unwrap();
        assert!(
            found.is_sorted_by(|one, next| one.0 < next.0 && one.1 < next.1),
            "in order, once: {found:?}"
        );
        let mut expected = self.kept().into_iter().peekable();
        for frame in &found {
            if expected.next_if_eq(frame).is_none() {
                assert!(self.unanswered.contains(&frame.1), "{frame:?} was invented or moved");
            }
        }
        assert_eq!(expected.next(), None, "an answered frame is lost; found {found:?}");
        assert!(log.end() >= self.answered.last().map_or(LogPosition::START, |last| last.0));
        self.answered = found;
        self.unanswered.clear();
        self.log = Some(log);
    }

    fn kept(&self) -> Vec<(LogPosition, u32)> {
        self.answered.iter().filter(|frame| frame.0 > self.forgotten).copied().collect()
    }

    fn commit(&mut self, count: usize) {
        let numbers: Vec<u32> = (self.next..).take(count).collect();
        self.next += count as u32;
        match commit(self.log(), &numbers) {
            Ok(ends) => {
                assert!(self.highest < ends[0], "a position was given out twice");
                self.highest = *ends.last().unwrap();
                self.answered.extend(ends.into_iter().zip(numbers));
                assert_eq!(self.log().end(), self.highest);
            }
            Err(_) => self.unanswered.extend(numbers),
        }
    }

    fn with_faults(&mut self, faults: SimFaults, work: impl FnOnce(&mut Self)) {
        self.disk.set_faults(SimFaults { short: self.short, ..faults });
        work(self);
        self.disk.set_faults(SimFaults { short: self.short, ..SimFaults::default() });
    }

    fn restart_after_crash(&mut self) {
        self.log = None;
        self.disk.crash();
        self.start();
    }

    fn truncate(&mut self, at: prop::sample::Index) -> Result<(), AppendError> {
        if self.answered.is_empty() {
            return Ok(());
        }
        let position = self.answered[at.index(self.answered.len())].0;
        self.forgotten = self.forgotten.max(position);
        self.log().writer.truncate_before(position)
    }

    fn run(&mut self, action: Action) {
        match action {
            Action::Commit(count) => self.commit(count),
            Action::CommitWith(fault, count) => {
                let mut faults = SimFaults::default();
                match fault {
                    Fault::Room(room) => faults.room = Some(room),
                    Fault::FailingSyncs(syncs) => faults.failing_syncs = syncs,
                    Fault::ReadOnly => faults.read_only = true,
                    Fault::PowerCut(changes) => faults.changes_until_power_cut = Some(changes),
                }
                self.with_faults(faults, |model| model.commit(count));
                if matches!(fault, Fault::PowerCut(_)) {
                    self.restart_after_crash();
                }
            }
            Action::TruncateBefore(at) => self.truncate(at).unwrap(),
            Action::TruncateUntilCut(at, changes) => {
                let faults = SimFaults { changes_until_power_cut: Some(changes), ..SimFaults::default() };
                self.with_faults(faults, |model| drop(model.truncate(at)));
                self.restart_after_crash();
            }
            Action::Restart => self.start(),
            Action::Crash => self.restart_after_crash(),
            Action::ReadFrom(at) => {
                let kept = self.kept();
                if !kept.is_empty() {
                    let index = at.index(kept.len());
                    assert_eq!(read(self.log(), kept[index].0).unwrap(), kept[index + 1..]);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn answered_frames_survive_anything(
        seed in any::<u64>(),
        short in any::<bool>(),
        actions in vec(action(), 1..60),
    ) {
        let mut model = Model::new(seed, short);
        for action in actions {
            model.run(action);
        }
        model.restart_after_crash();
        model.commit(3);
        model.restart_after_crash();
    }
}
