//! Runs password checks off the async threads: as many at once as there are cores, for each takes 19 MiB and a core; a
//! bounded number waits its turn in order of arrival. The login timer of a waiting client stands still (`server`).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::available_parallelism;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::{Answer, Authenticator};
use crate::observe::counter::{Counter, count};
use crate::settings::password::Secret;

/// As many clients as the default connection limit lets in may wait: all return at once after a restart.
const CHECKS_WAITING_MAX: usize = 20_000;

/// The backends and their queue. Cheap to clone.
#[derive(Clone)]
pub(crate) struct CheckPool {
    authenticator: Arc<dyn Authenticator>,
    cores: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    waiting_max: usize,
}

impl CheckPool {
    pub(crate) fn new(authenticator: Arc<dyn Authenticator>) -> Self {
        let cores = available_parallelism().map_or(1, std::num::NonZero::get);
        Self::bounded(authenticator, cores, CHECKS_WAITING_MAX)
    }

    fn bounded(authenticator: Arc<dyn Authenticator>, cores: usize, waiting_max: usize) -> Self {
        let cores = Arc::new(Semaphore::new(cores));
        Self { authenticator, cores, waiting: Arc::new(AtomicUsize::new(0)), waiting_max }
    }

    /// Waits for a turn and checks. A full queue, like a backend that fails, is `Unavailable`.
    pub(crate) async fn check(&self, login: Box<str>, password: Secret) -> Answer {
        let Some(place) = self.queue_up() else {
            count(Counter::PasswordChecksRefused);
            tracing::warn!(waiting_max = self.waiting_max, "too many password checks wait");
            return Answer::Unavailable;
        };
        let Ok(core) = self.cores.clone().acquire_owned().await else { return Answer::Unavailable };
        drop(place);
        let authenticator = self.authenticator.clone();
        let span = tracing::Span::current();
        let checked = spawn_blocking(move || {
            let _span = span.entered();
            // A client that goes away does not give its core to the next one before the check is done.
            let _core = core;
            authenticator.check(&login, &password)
        });
        checked.await.unwrap_or(Answer::Unavailable)
    }

    fn queue_up(&self) -> Option<Place> {
        let place = Place(self.waiting.clone());
        (place.0.fetch_add(1, Ordering::Relaxed) < self.waiting_max).then_some(place)
    }
}

/// A place in the queue, given back by drop.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// Says when it began and answers when it is told to.
    struct Gate {
        begun: Sender<()>,
        go_on: Mutex<Receiver<()>>,
    }

    impl Authenticator for Gate {
        fn check(&self, _login: &str, _password: &Secret) -> Answer {
            self.begun.send(()).expect("the test listens");
            self.go_on.lock().expect("one at a time").recv().expect("the test goes on");
            Answer::WrongPassword
        }
    }

    #[tokio::test]
    async fn a_full_queue_answers_at_once_and_a_place_is_given_back() {
        let (begun, has_begun) = channel();
        let (go, go_on) = channel();
        let pool = CheckPool::bounded(Arc::new(Gate { begun, go_on: Mutex::new(go_on) }), 1, 1);
        let ask = || {
            let pool = pool.clone();
            tokio::spawn(async move { pool.check("a".into(), Secret::new("b")).await })
        };
        let first = ask();
        let has_begun =
            spawn_blocking(move || has_begun.recv().map(|()| has_begun)).await.expect("ran").expect("begun");
        let second = ask();
        while pool.waiting.load(Ordering::Relaxed) == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(pool.check("a".into(), Secret::new("b")).await, Answer::Unavailable);
        assert_eq!(pool.waiting.load(Ordering::Relaxed), 1);
        go.send(()).expect("the first goes on");
        assert_eq!(first.await.expect("answered"), Answer::WrongPassword);
        go.send(()).expect("the second goes on");
        assert_eq!(second.await.expect("answered"), Answer::WrongPassword);
        assert_eq!(pool.waiting.load(Ordering::Relaxed), 0);
        drop(has_begun);
    }
}
