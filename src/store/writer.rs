//! The thread that keeps state: it takes all that waits, writes it in one transaction, then tells who waited, in the
//! order in which they came. `engine` hands it writes from `live`; the caller never waits for a disk.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use rusqlite::TransactionBehavior;

use crate::settings::id::{AgentId, UserUuid};
use crate::settings::state::{AgentWanted, StateWrite, StoreReply, StoreRequest, UserState};

use super::error::StoreError;
use super::{Store, state};

/// Is told, on the writer's thread, whether the writes are on disk. Must not wait for anything.
pub(crate) type Done = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// Is told, on the writer's thread, what came of a request. Must not wait for anything.
pub(crate) type ReplyDone = Box<dyn FnOnce(Result<StoreReply, StoreError>) + Send>;

/// The way to the thread. Dropping it writes what waits and ends the thread.
pub(crate) struct StateWriter {
    shared: Arc<Shared>,
    store: Store,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    came: Condvar,
}

/// Writes are bounded by the number of users and agents: the later one replaces the earlier. Requests are bounded by who
/// asks for them.
#[derive(Default)]
struct Waiting {
    users: HashMap<UserUuid, UserState>,
    agents: HashMap<AgentId, AgentWanted>,
    done: Vec<Done>,
    requests: Vec<StoreRequest>,
    requests_done: Vec<ReplyDone>,
    is_stopped: bool,
}

impl StateWriter {
    /// `fallen` is called if the thread panics or cannot be had: from then on nothing is kept.
    pub(crate) fn start(store: &Store, fallen: impl FnOnce() + Send + 'static) -> Self {
        let shared = Arc::new(Shared::default());
        let (store_of_thread, shared_of_thread) = (store.clone(), Arc::clone(&shared));
        // Rings when it is dropped armed: by a panic of the thread, or because there is none.
        let alarm = Alarm(Some(fallen));
        let thread = std::thread::Builder::new().name("state-writer".to_owned()).spawn(move || {
            let mut alarm = alarm;
            write_until_stopped(&store_of_thread, &shared_of_thread);
            alarm.0 = None;
        });
        // Without a thread every save is answered with `WriterGone`.
        Self { shared, store: store.clone(), thread: thread.ok() }
    }

    /// Returns at once; `done` comes when the writes are on disk or failed. Writes that fail are not tried again.
    pub(crate) fn save(&self, writes: Vec<StateWrite>, done: Done) {
        if self.thread.as_ref().is_none_or(JoinHandle::is_finished) {
            return done(Err(StoreError::WriterGone { path: self.store.path().to_path_buf() }));
        }
        let mut waiting = self.shared.lock();
        for write in writes {
            match write {
                StateWrite::User(uuid, state) => drop(waiting.users.insert(uuid, state)),
                StateWrite::Agent(id, wanted) => drop(waiting.agents.insert(id, wanted)),
            }
        }
        waiting.done.push(done);
        drop(waiting);
        self.shared.came.notify_one();
    }

    /// Returns at once; `done` comes with the reply. Requests are done in order, one that changes anything is
    /// on disk when `done` is told of it.
    pub(crate) fn act(&self, request: StoreRequest, done: ReplyDone) {
        if self.thread.as_ref().is_none_or(JoinHandle::is_finished) {
            return done(Err(StoreError::WriterGone { path: self.store.path().to_path_buf() }));
        }
        let mut waiting = self.shared.lock();
        waiting.requests.push(request);
        waiting.requests_done.push(done);
        drop(waiting);
        self.shared.came.notify_one();
    }
}

/// Calls when it is dropped before it was disarmed.
struct Alarm<F: FnOnce()>(Option<F>);

impl<F: FnOnce()> Drop for Alarm<F> {
    fn drop(&mut self) {
        if let Some(call) = self.0.take() {
            call();
        }
    }
}

impl Drop for StateWriter {
    fn drop(&mut self) {
        self.shared.lock().is_stopped = true;
        self.shared.came.notify_one();
        if let Some(thread) = self.thread.take() {
            // A panic over there was told where it happened.
            thread.join().unwrap_or_default();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All that waits; None when it was stopped and nothing is left.
    fn take(&self) -> Option<Waiting> {
        let mut waiting = self.lock();
        while waiting.done.is_empty() && waiting.requests.is_empty() {
            if waiting.is_stopped {
                return None;
            }
            waiting = self.came.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        let is_stopped = waiting.is_stopped;
        Some(mem::replace(&mut *waiting, Waiting { is_stopped, ..Waiting::default() }))
    }
}

fn write_until_stopped(store: &Store, shared: &Shared) {
    while let Some(group) = shared.take() {
        let users = group.users.into_iter().map(|(uuid, state)| StateWrite::User(uuid, state));
        let agents = group.agents.into_iter().map(|(id, wanted)| StateWrite::Agent(id, wanted));
        let writes: Vec<StateWrite> = users.chain(agents).collect();
        let is_reading = writes.is_empty() && group.requests.iter().all(StoreRequest::is_reading);
        let result = if is_reading { Ok(Vec::new()) } else { write_group(store, &writes, &group.requests) };
        for done in group.done {
            done(result.as_ref().map(drop).map_err(StoreError::clone));
        }
        send_replies(store, group.requests, group.requests_done, result);
    }
}

/// What came of the requests: what the group's write says, or a look for one that only reads and was not in a write.
fn send_replies(
    store: &Store,
    requests: Vec<StoreRequest>,
    done: Vec<ReplyDone>,
    result: Result<Vec<StoreReply>, StoreError>,
) {
    let (mut outcomes, problem) = match result {
        Ok(outcomes) => (outcomes.into_iter(), None),
        Err(problem) => (Vec::new().into_iter(), Some(problem)),
    };
    for (request, done) in requests.into_iter().zip(done) {
        let outcome = outcomes.next().map(Ok).or_else(|| problem.clone().filter(|_| !request.is_reading()).map(Err));
        done(outcome.unwrap_or_else(|| store.file.read(|connection| state::act(connection, &request))));
    }
}

fn write_group(store: &Store, writes: &[StateWrite], requests: &[StoreRequest]) -> Result<Vec<StoreReply>, StoreError> {
    store.write(|connection| {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for write in writes {
            state::write(&transaction, write)?;
        }
        let outcomes =
            requests.iter().map(|request| state::act(&transaction, request)).collect::<Result<Vec<_>, _>>()?;
        transaction.commit()?;
        Ok(outcomes)
    })
}
