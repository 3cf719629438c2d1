//! Work that takes longer than a frame, on a thread of its own, with how far it is: the screen that owns it says
//! `is_working`, so that the console draws on and lets it look several times a second. Whoever drops it stops it.

use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::Builder;
use std::time::Duration;

pub(super) struct Job<T> {
    bench: Arc<Bench>,
    /// Gives the outcome once, and nothing if the thread came to no end.
    outcome: Receiver<T>,
}

/// What the working thread and the screen share.
#[derive(Debug, Default)]
pub(super) struct Bench {
    done: AtomicUsize,
    is_stopped: AtomicBool,
}

impl Bench {
    /// So much is done; whether to go on.
    pub(super) fn tell(&self, done: usize) -> ControlFlow<()> {
        self.done.store(done, Ordering::Relaxed);
        if self.is_stopped.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// How a job stands.
pub(super) enum Stand<T> {
    Working,
    Ended(T),
    /// It came to no end, or its outcome was taken before.
    Lost,
}

impl<T: Send + 'static> Job<T> {
    pub(super) fn start(
        name: &'static str,
        work: impl FnOnce(&Bench) -> T + Send + 'static,
    ) -> Result<Self, io::Error> {
        let bench = Arc::new(Bench::default());
        let shared = Arc::clone(&bench);
        let (said, outcome) = channel();
        // Nobody may wait any more.
        Builder::new().name(name.to_owned()).spawn(move || drop(said.send(work(&shared))))?;
        Ok(Self { bench, outcome })
    }

    pub(super) fn done(&self) -> usize {
        self.bench.done.load(Ordering::Relaxed)
    }

    /// Never waits.
    pub(super) fn look(&mut self) -> Stand<T> {
        self.wait(Duration::ZERO)
    }

    /// Waits so long at the most.
    pub(super) fn wait(&mut self, patience: Duration) -> Stand<T> {
        match self.outcome.recv_timeout(patience) {
            Ok(outcome) => Stand::Ended(outcome),
            Err(RecvTimeoutError::Timeout) => Stand::Working,
            Err(RecvTimeoutError::Disconnected) => Stand::Lost,
        }
    }
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        self.bench.is_stopped.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::thread::yield_now;

    use super::*;

    #[test]
    fn a_job_tells_how_far_it_is_and_what_came_of_it() {
        let mut job = Job::start("job", |bench| (1..=3).all(|step| bench.tell(step).is_continue())).expect("a thread");
        let outcome = loop {
            match job.look() {
                Stand::Working => yield_now(),
                Stand::Ended(outcome) => break Some(outcome),
                Stand::Lost => break None,
            }
        };
        assert_eq!((outcome, job.done()), (Some(true), 3));
        assert!(matches!(job.look(), Stand::Lost));
    }

    #[test]
    fn a_job_that_nobody_waits_for_is_stopped() {
        let (said, hear) = std::sync::mpsc::channel();
        let job = Job::start("job", move |bench| {
            while bench.tell(1).is_continue() {
                yield_now();
            }
            said.send("stopped")
        });
        drop(job);
        assert_eq!(hear.recv(), Ok("stopped"));
    }
}
