//! Runs password checks off the async threads: on as many threads as there are cores, for each check takes 19 MiB and a
//! core; a bounded number waits its turn in order of arrival. The login timer of a waiting client stands still (`server`).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, available_parallelism};

use tokio::sync::oneshot;
use tracing::Span;

use super::{Answer, Authenticator};
use crate::observe::counter::{Counter, count};
use crate::settings::password::Secret;

/// As many clients as the default connection limit lets in may wait: all return at once after a restart.
const CHECKS_WAITING_MAX: usize = 20_000;

/// The way to the threads, which end when the last of these is dropped. Cheap to clone.
#[derive(Clone)]
pub(crate) struct CheckPool {
    checks: SyncSender<Check>,
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
        let (checks, waiting) = sync_channel(waiting_max);
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..cores {
            let (authenticator, waiting) = (authenticator.clone(), waiting.clone());
            let thread = Builder::new().name("passwords".to_owned()).spawn(move || work(&*authenticator, &waiting));
            if let Err(error) = thread {
                // With no thread at all nobody receives, and every check is `Unavailable`.
                tracing::error!(%error, "the system gives no thread for password checks");
            }
        }
        Self { checks }
    }

    /// Waits for a turn and checks. A full queue, like a backend that fails, is `Unavailable`.
    pub(crate) async fn check(&self, login: Box<str>, password: Secret) -> Answer {
        let (answer, answered) = oneshot::channel();
        if self.checks.try_send(Check { login, password, answer, span: Span::current() }).is_err() {
            count(Counter::PasswordChecksRefused);
            tracing::warn!("too many password checks wait");
            return Answer::Unavailable;
        }
        answered.await.unwrap_or(Answer::Unavailable)
    }
}

fn work(authenticator: &dyn Authenticator, waiting: &Mutex<Receiver<Check>>) {
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Check { login, password, answer, span }) = next else { return };
        // Nobody waits for it any more: the next one is not to wait for it either.
        if answer.is_closed() {
            continue;
        }
        // A backend that panics is a backend that could not say; the thread goes on.
        let checked = catch_unwind(AssertUnwindSafe(|| span.in_scope(|| authenticator.check(&login, &password))));
        let _ = answer.send(checked.unwrap_or(Answer::Unavailable));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use super::*;

    /// Says when it began and answers when it is told to.
    struct Gate {
        begun: Sender<()>,
        go_on: Mutex<Receiver<()>>,
    }

    impl Authenticator for Gate {
        fn check(&self, login: &str, _password: &Secret) -> Answer {
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
                tokio::spawn(async move { pool.check(login.into(), Secret::new("b")).await })
            };
            let first = ask("panic");
            tokio::task::yield_now().await;
            has_begun.recv().expect("the first check began");
            let second = ask("a");
            tokio::task::yield_now().await;
            assert_eq!(pool.check("a".into(), Secret::new("b")).await, Answer::Unavailable);
            go.send(()).expect("the first goes on");
            assert_eq!(first.await.expect("answered"), Answer::Unavailable);
            go.send(()).expect("the second goes on");
            assert_eq!(second.await.expect("answered"), Answer::WrongPassword);
        });
    }
}
