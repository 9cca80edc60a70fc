use super::codec::Encoded;
use super::fault::AppendError;
use super::writer::Writer;
use super::{LogPosition, LogSettings};
use domain::Batch;
use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// A group does not grow past this: the first in it should not wait long for the last.
const GROUP_BYTES: usize = 8 << 20;

type Answer = Result<LogPosition, AppendError>;
type Done = SyncSender<Result<(), AppendError>>;

/// Takes batches that have become durable, in the order of the log, and makes them visible.
///
/// It is called on the log's thread: while it works, the next group waits. To let the two overlap,
/// move frames and answers to another thread; answers are then released there, and what is not
/// released yet counts as waiting, so that the bound on memory holds.
pub trait Applier: Send {
    fn on_durable(&mut self, frames: Vec<(LogPosition, Batch)>, answers: Answers);
}

impl<F: FnMut(Vec<(LogPosition, Batch)>, Answers) + Send> Applier for F {
    fn on_durable(&mut self, frames: Vec<(LogPosition, Batch)>, answers: Answers) {
        self(frames, answers);
    }
}

/// The open answers of a group. Dropping them unreleased answers with [`AppendError::Closed`].
#[derive(Debug)]
pub struct Answers {
    waiters: Vec<(oneshot::Sender<Answer>, LogPosition)>,
    _permit: Permit,
}

impl Answers {
    /// Tells those who wait that their batches are durable and applied.
    pub fn release(self) {
        for (waiter, position) in self.waiters {
            // One who does not wait any more has hung up; the batch counts nevertheless.
            let _ = waiter.send(Ok(position));
        }
    }
}

/// The answer to an append, to come.
#[derive(Debug)]
#[must_use = "the batch counts only once this has resolved"]
pub struct Appended(oneshot::Receiver<Answer>);

impl Appended {
    /// Waits on this thread; not for use inside an async task.
    pub fn wait(self) -> Result<LogPosition, AppendError> {
        self.0.blocking_recv().unwrap_or(Err(AppendError::Closed))
    }
}

impl Future for Appended {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(|answer| answer.unwrap_or(Err(AppendError::Closed)))
    }
}

/// How the log is doing.
#[derive(Clone, Debug)]
pub struct Health {
    pub waiting_appends: usize,
    pub waiting_bytes: usize,
    /// Why the last write failed; `None` once one has succeeded since.
    pub failure: Option<AppendError>,
}

/// What waits for the writer's thread.
#[derive(Debug)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    max_appends: usize,
    max_bytes: usize,
}

#[derive(Debug, Default)]
struct State {
    appends: VecDeque<Waiting>,
    chores: VecDeque<(Chore, Done)>,
    /// Waiting or not yet released.
    held_appends: usize,
    held_bytes: usize,
    closed: bool,
    failure: Option<AppendError>,
}

#[derive(Debug)]
struct Waiting {
    encoded: Encoded,
    batch: Batch,
    answer: oneshot::Sender<Answer>,
}

#[derive(Clone, Copy, Debug)]
enum Chore {
    TruncateBefore(LogPosition),
    Probe,
}

enum Work {
    Group(Vec<Waiting>),
    Chore(Chore, Done),
}

/// Room that a group takes in the queue, given back when dropped.
#[derive(Debug)]
struct Permit {
    queue: Arc<Queue>,
    appends: usize,
    bytes: usize,
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut state = self.queue.state();
        state.held_appends -= self.appends;
        state.held_bytes -= self.bytes;
    }
}

impl Queue {
    pub(super) fn new(settings: &LogSettings) -> Self {
        Self {
            state: Mutex::default(),
            changed: Condvar::new(),
            max_appends: settings.waiting_appends,
            max_bytes: settings.waiting_bytes,
        }
    }

    /// Asked before the work of encoding is done.
    pub(super) fn check_room(&self) -> Result<(), AppendError> {
        let state = self.state();
        if state.closed {
            Err(AppendError::Closed)
        } else if state.held_appends >= self.max_appends || state.held_bytes >= self.max_bytes {
            Err(AppendError::Overloaded)
        } else {
            Ok(())
        }
    }

    pub(super) fn push(&self, encoded: Encoded, batch: Batch) -> Result<Appended, AppendError> {
        let (answer, answered) = oneshot::channel();
        let mut state = self.state();
        if state.closed {
            return Err(AppendError::Closed);
        }
        // A batch larger than the whole bound is taken when it is alone.
        let bytes = state.held_bytes + encoded.body_length;
        if state.held_appends >= self.max_appends || (state.held_appends > 0 && bytes > self.max_bytes) {
            return Err(AppendError::Overloaded);
        }
        state.held_appends += 1;
        state.held_bytes = bytes;
        state.appends.push_back(Waiting { encoded, batch, answer });
        drop(state);
        self.changed.notify_one();
        Ok(Appended(answered))
    }

    pub(super) fn truncate_before(&self, position: LogPosition) -> Result<(), AppendError> {
        self.run(Chore::TruncateBefore(position))
    }

    pub(super) fn probe(&self) -> Result<(), AppendError> {
        self.run(Chore::Probe)
    }

    fn run(&self, chore: Chore) -> Result<(), AppendError> {
        let (done, finished) = sync_channel(1);
        let mut state = self.state();
        if state.closed {
            return Err(AppendError::Closed);
        }
        state.chores.push_back((chore, done));
        drop(state);
        self.changed.notify_one();
        finished.recv().unwrap_or(Err(AppendError::Closed))
    }

    pub(super) fn health(&self) -> Health {
        let state = self.state();
        Health {
            waiting_appends: state.held_appends,
            waiting_bytes: state.held_bytes,
            failure: state.failure.clone(),
        }
    }

    pub(super) fn close(&self) {
        self.state().closed = true;
        self.changed.notify_one();
    }

    /// Waits for work; `None` once closed and empty.
    fn take(&self) -> Option<Work> {
        let mut state = self.state();
        loop {
            if let Some((chore, done)) = state.chores.pop_front() {
                return Some(Work::Chore(chore, done));
            }
            if !state.appends.is_empty() {
                return Some(Work::Group(take_group(&mut state.appends)));
            }
            if state.closed {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Keeps the outcome of a write for [`Health`]. Only changes are worth a line in the server's
    /// log: while a disk is full, every append fails.
    fn note(&self, outcome: Option<&AppendError>) {
        let before = std::mem::replace(&mut self.state().failure, outcome.cloned());
        match (before, outcome) {
            (None, Some(error)) => tracing::error!(%error, "the log takes no appends"),
            (Some(_), None) => tracing::info!("the log takes appends again"),
            _ => {}
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn take_group(appends: &mut VecDeque<Waiting>) -> Vec<Waiting> {
    let mut bytes = 0;
    let count = appends
        .iter()
        .take_while(|waiting| {
            bytes += waiting.encoded.payload.len();
            bytes <= GROUP_BYTES
        })
        .count();
    appends.drain(..count.max(1)).collect()
}

pub(super) fn spawn_writer(
    queue: Arc<Queue>,
    writer: Writer,
    applier: Box<dyn Applier>,
) -> io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name("log-writer".to_owned()).spawn(move || {
        let stopped = Stopped(Arc::clone(&queue));
        run(&queue, writer, applier);
        drop(stopped);
    })
}

/// Turns away whoever comes after the writer's end, be it a panic of the applier.
struct Stopped(Arc<Queue>);

impl Drop for Stopped {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.closed = true;
        // Their waiters see the channel closed.
        let appends = std::mem::take(&mut state.appends);
        let chores = std::mem::take(&mut state.chores);
        drop(state);
        drop((appends, chores));
    }
}

fn run(queue: &Arc<Queue>, mut writer: Writer, mut applier: Box<dyn Applier>) {
    while let Some(work) = queue.take() {
        match work {
            Work::Group(group) => commit(queue, &mut writer, applier.as_mut(), group),
            Work::Chore(chore, done) => {
                let outcome = match chore {
                    Chore::TruncateBefore(position) => writer.truncate_before(position),
                    Chore::Probe => writer.probe(),
                };
                queue.note(outcome.as_ref().err());
                let _ = done.send(outcome);
            }
        }
    }
}

fn commit(queue: &Arc<Queue>, writer: &mut Writer, applier: &mut dyn Applier, group: Vec<Waiting>) {
    let permit = Permit {
        queue: Arc::clone(queue),
        appends: group.len(),
        bytes: group.iter().map(|waiting| waiting.encoded.body_length).sum(),
    };
    let outcome = writer.commit(group.iter().map(|waiting| &*waiting.encoded.payload));
    queue.note(outcome.as_ref().err());
    match outcome {
        Ok(ends) => {
            let mut frames = Vec::with_capacity(group.len());
            let mut waiters = Vec::with_capacity(group.len());
            for (waiting, end) in group.into_iter().zip(ends) {
                frames.push((end, waiting.batch));
                waiters.push((waiting.answer, end));
            }
            applier.on_durable(frames, Answers { waiters, _permit: permit });
        }
        Err(error) => {
            drop(permit);
            for waiting in group {
                let _ = waiting.answer.send(Err(error.clone()));
            }
        }
    }
}
