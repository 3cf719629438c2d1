//! The thread that keeps state: it takes all that waits, writes it in one transaction, then tells who waited, in the
//! order in which they came. `engine` hands it writes from `live`, `auth` records of logins; the caller never waits for
//! a disk.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::TransactionBehavior;

use crate::observe::chain;
use crate::settings::address_group::AddressGroup;
use crate::settings::id::{AgentId, QueueId, UserUuid};
use crate::settings::login_record::{LoginName, LoginRecord};
use crate::settings::state::{KeptAgent, QUEUE_CALLS_MAX, QueueCall, StateWrite, UserState};

use super::error::StoreError;
use super::request::{Job, StoreRequest};
use super::{Store, login_records, queue_calls, state};

/// How long records of logins wait for others, so that many failures are one transaction. A crash loses this much of
/// them.
const RECORDS_WAIT: Duration = Duration::from_secs(1);

/// Is told, on the writer's thread, whether the writes are on disk. Must not wait for anything.
pub(crate) type Done = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// The way to the thread. Dropping it writes what waits and ends the thread.
pub(crate) struct StateWriter {
    shared: Arc<Shared>,
    store: Store,
    thread: Option<JoinHandle<()>>,
}

/// Hands records of logins to the thread; they are written a moment later. Cheap to clone.
#[derive(Clone)]
pub(crate) struct LoginRecordKeeper(Arc<Shared>);

impl LoginRecordKeeper {
    /// Returns at once. The later one of two on the same pair replaces the earlier, which bounds what waits by the
    /// pairs that the throttle knows.
    pub(crate) fn keep(&self, records: Vec<LoginRecord>) {
        let mut waiting = self.0.lock();
        if waiting.is_stopped {
            return;
        }
        waiting.records_due.get_or_insert_with(|| Instant::now() + RECORDS_WAIT);
        for record in records {
            waiting.records.insert((record.login.clone(), record.address), record);
        }
        drop(waiting);
        self.0.came.notify_one();
    }
}

#[derive(Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    came: Condvar,
}

/// Writes are bounded by the number of users and agents, and by how many calls are remembered: the later one replaces
/// the earlier. Requests are bounded by who
/// asks for them.
#[derive(Default)]
struct Waiting {
    users: HashMap<UserUuid, UserState>,
    agents: HashMap<AgentId, KeptAgent>,
    queue_calls: HashMap<(QueueId, Box<str>), QueueCall>,
    done: Vec<Done>,
    jobs: Vec<Box<dyn Job>>,
    records: HashMap<(LoginName, AddressGroup), LoginRecord>,
    /// When the records are written whatever else comes; there while there are some.
    records_due: Option<Instant>,
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

    /// The way for records of logins.
    pub(crate) fn login_records(&self) -> LoginRecordKeeper {
        LoginRecordKeeper(Arc::clone(&self.shared))
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
                StateWrite::Agent(id, state) => drop(waiting.agents.insert(id, state)),
                StateWrite::QueueCall(call) => waiting.keep_call(call),
            }
        }
        waiting.done.push(done);
        drop(waiting);
        self.shared.came.notify_one();
    }

    /// Returns at once; whoever waits for the request hears of it later. Requests are done in order, one that changes
    /// anything is on disk when that is told.
    pub(crate) fn ask(&self, request: StoreRequest) {
        if self.thread.as_ref().is_none_or(JoinHandle::is_finished) {
            return request.refuse(StoreError::WriterGone { path: self.store.path().to_path_buf() });
        }
        let mut waiting = self.shared.lock();
        waiting.jobs.push(request.into_job());
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

impl Waiting {
    /// While a disk hangs no more wait than are remembered.
    fn keep_call(&mut self, call: QueueCall) {
        let key = (call.queue, call.unique_id.clone());
        if self.queue_calls.len() < QUEUE_CALLS_MAX || self.queue_calls.contains_key(&key) {
            self.queue_calls.insert(key, call);
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
        while waiting.done.is_empty() && waiting.jobs.is_empty() {
            let now = Instant::now();
            match waiting.records_due {
                Some(due) if waiting.is_stopped || due <= now => break,
                None if waiting.is_stopped => return None,
                Some(due) => {
                    let woken = self.came.wait_timeout(waiting, due - now);
                    waiting = woken.unwrap_or_else(PoisonError::into_inner).0;
                }
                None => waiting = self.came.wait(waiting).unwrap_or_else(PoisonError::into_inner),
            }
        }
        let is_stopped = waiting.is_stopped;
        Some(mem::replace(&mut *waiting, Waiting { is_stopped, ..Waiting::default() }))
    }
}

fn write_until_stopped(store: &Store, shared: &Shared) {
    while let Some(group) = shared.take() {
        let users = group.users.into_iter().map(|(uuid, state)| StateWrite::User(uuid, state));
        let agents = group.agents.into_iter().map(|(id, state)| StateWrite::Agent(id, state));
        let queue_calls = group.queue_calls.into_values().map(StateWrite::QueueCall);
        let writes: Vec<StateWrite> = users.chain(agents).chain(queue_calls).collect();
        let records: Vec<LoginRecord> = group.records.into_values().collect();
        let mut jobs = group.jobs;
        let is_reading = writes.is_empty() && records.is_empty() && jobs.iter().all(|job| job.is_reading());
        let result = if is_reading { Ok(()) } else { write_group(store, &writes, &records, &mut jobs) };
        if let (Err(error), false) = (&result, records.is_empty()) {
            tracing::warn!("failed logins could not be kept for a restart: {}", chain(error));
        }
        for done in group.done {
            done(result.clone());
        }
        conclude(store, jobs, &result);
    }
}

/// What came of the requests, which were in the group's write. Where that failed, those that only read look by themselves.
fn conclude(store: &Store, jobs: Vec<Box<dyn Job>>, result: &Result<(), StoreError>) {
    for mut job in jobs {
        match result {
            Ok(()) => job.conclude(store),
            Err(_) if job.is_reading() => {
                job.forget();
                job.conclude(store);
            }
            Err(problem) => job.refuse(problem.clone()),
        }
    }
}

fn write_group(
    store: &Store,
    writes: &[StateWrite],
    records: &[LoginRecord],
    jobs: &mut [Box<dyn Job>],
) -> Result<(), StoreError> {
    store.write(|connection| {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for write in writes {
            state::write(&transaction, write)?;
        }
        queue_calls::prune(&transaction, writes)?;
        for record in records {
            login_records::write(&transaction, record)?;
        }
        if !records.is_empty() {
            login_records::prune(&transaction)?;
        }
        jobs.iter_mut().try_for_each(|job| job.run(&transaction))?;
        transaction.commit()
    })
}
