//! Runs password checks off the async threads: on as many threads as there are cores, for each check takes 19 MiB and a
//! core; a bounded number waits, and addresses take turns. The login timer of a waiting client stands still (`server`).

use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, available_parallelism};
use std::time::Duration;

use tokio::sync::oneshot;
use tracing::Span;

use super::turns::Turns;
use super::{Answer, Authenticator};
use crate::observe::counter::{Counter, count};
use crate::settings::password::{CheckMemory, Secret};

/// As many clients as the default connection limit lets in may wait: all return at once after a restart.
const CHECKS_WAITING_MAX: usize = 20_000;
/// How long a thread without work keeps the memory of its checks: a storm of logins has it made once.
const MEMORY_KEPT: Duration = Duration::from_secs(1);

/// The way to the threads, which end when the last of these is dropped. Cheap to clone.
#[derive(Clone)]
pub(crate) struct CheckPool(Arc<Entrance>);

struct Entrance(Arc<Queue>);

impl Drop for Entrance {
    fn drop(&mut self) {
        self.0.close();
    }
}

struct Queue {
    waiting: Mutex<Waiting>,
    /// Wakes a thread.
    changed: Condvar,
}

struct Waiting {
    turns: Turns<Check>,
    is_closed: bool,
}

struct Check {
    login: Box<str>,
    password: Secret,
    answer: oneshot::Sender<Answer>,
    /// So that what the backend logs names the connection.
    span: Span,
}

impl CheckPool {
    pub(crate) fn new(authenticator: Arc<dyn Authenticator>) -> Self {
        let cores = available_parallelism().map_or(1, std::num::NonZero::get);
        Self::bounded(&authenticator, cores, CHECKS_WAITING_MAX)
    }

    fn bounded(authenticator: &Arc<dyn Authenticator>, cores: usize, waiting_max: usize) -> Self {
        let waiting = Mutex::new(Waiting { turns: Turns::new(waiting_max), is_closed: false });
        let queue = Arc::new(Queue { waiting, changed: Condvar::new() });
        let mut threads = 0;
        for _ in 0..cores {
            let (authenticator, queue) = (authenticator.clone(), queue.clone());
            let thread = Builder::new().name("passwords".to_owned()).spawn(move || work(&*authenticator, &queue));
            match thread {
                Ok(_) => threads += 1,
                Err(error) => tracing::error!(%error, "the system gives no thread for password checks"),
            }
        }
        if threads == 0 {
            // Nobody would ever answer: every check is `Unavailable`.
            queue.close();
        }
        Self(Arc::new(Entrance(queue)))
    }

    /// Whether somebody waits for his turn.
    pub(crate) fn has_waiting(&self) -> bool {
        !self.0.0.waiting().turns.is_empty()
    }

    /// Waits for the address's turn and checks. A full queue, like a backend that fails, is `Unavailable`.
    pub(crate) async fn check(&self, address: IpAddr, login: Box<str>, password: Secret) -> Answer {
        let (answer, answered) = oneshot::channel();
        if !self.0.0.put(address, Check { login, password, answer, span: Span::current() }) {
            count(Counter::PasswordChecksRefused);
            tracing::warn!("too many password checks wait");
            return Answer::Unavailable;
        }
        answered.await.unwrap_or(Answer::Unavailable)
    }
}

impl Queue {
    fn put(&self, address: IpAddr, check: Check) -> bool {
        let mut waiting = self.waiting();
        let is_in = !waiting.is_closed && waiting.turns.put(address, check).is_ok();
        drop(waiting);
        self.changed.notify_one();
        is_in
    }

    /// The next check that somebody waits for; None once the pool is gone. Whoever finds nothing to do for a while
    /// gives his memory back.
    fn next(&self, memory: &mut CheckMemory) -> Option<Check> {
        let mut waiting = self.waiting();
        loop {
            while let Some(check) = waiting.turns.take() {
                // Nobody waits for it any more: the next one is not to wait for it either.
                if !check.answer.is_closed() {
                    return Some(check);
                }
            }
            if waiting.is_closed {
                return None;
            }
            if memory.is_empty() {
                waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let outcome = self.changed.wait_timeout(waiting, MEMORY_KEPT);
            let (woken, timeout) = outcome.unwrap_or_else(PoisonError::into_inner);
            waiting = woken;
            if timeout.timed_out() {
                *memory = CheckMemory::default();
            }
        }
    }

    fn close(&self) {
        self.waiting().is_closed = true;
        self.changed.notify_all();
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn work(authenticator: &dyn Authenticator, queue: &Queue) {
    let mut memory = CheckMemory::default();
    while let Some(Check { login, password, answer, span }) = queue.next(&mut memory) {
        // A backend that panics is a backend that could not say; the thread goes on.
        let check = || span.in_scope(|| authenticator.check(&login, &password, &mut memory));
        let checked = catch_unwind(AssertUnwindSafe(check));
        let _ = answer.send(checked.unwrap_or(Answer::Unavailable));
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    /// Says when it began and answers when it is told to.
    struct Gate {
        begun: Sender<()>,
        go_on: Mutex<Receiver<()>>,
    }

    impl Authenticator for Gate {
        fn check(&self, login: &str, _password: &Secret, _memory: &mut CheckMemory) -> Answer {
            self.begun.send(()).expect("the test listens");
            self.go_on.lock().expect("one at a time").recv().expect("the test goes on");
            assert_ne!(login, "panic");
            Answer::WrongPassword
        }
    }

    #[test]
    fn a_full_queue_answers_at_once_and_a_panic_ends_no_thread() {
        let (begun, has_begun) = channel();
        let (go, go_on) = channel();
        let gate: Arc<dyn Authenticator> = Arc::new(Gate { begun, go_on: Mutex::new(go_on) });
        let pool = CheckPool::bounded(&gate, 1, 1);
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            let ask = |login: &'static str| {
                let pool = pool.clone();
                tokio::spawn(async move { pool.check(HERE, login.into(), Secret::new("b")).await })
            };
            let first = ask("panic");
            tokio::task::yield_now().await;
            has_begun.recv().expect("the first check began");
            let second = ask("a");
            tokio::task::yield_now().await;
            assert_eq!(pool.check(HERE, "a".into(), Secret::new("b")).await, Answer::Unavailable);
            go.send(()).expect("the first goes on");
            assert_eq!(first.await.expect("answered"), Answer::Unavailable);
            go.send(()).expect("the second goes on");
            assert_eq!(second.await.expect("answered"), Answer::WrongPassword);
        });
    }
}
