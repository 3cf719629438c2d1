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
    bench: Arc<Progress>,
    /// Gives the outcome once, and nothing if the thread came to no end.
    outcome: Receiver<T>,
}

/// What the working thread and the screen share.
#[derive(Debug, Default)]
pub(super) struct Progress {
    done: AtomicUsize,
    is_stopped: AtomicBool,
}

impl Progress {
    /// So much is done; whether to go on.
    pub(super) fn tell(&self, done: usize) -> ControlFlow<()> {
        self.done.store(done, Ordering::Relaxed);
        if self.is_stopped.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// How a job stands.
pub(super) enum JobState<T> {
    Working,
    Ended(T),
    /// It came to no end, or its outcome was taken before.
    Lost,
}

impl<T: Send + 'static> Job<T> {
    pub(super) fn start(
        name: &'static str,
        work: impl FnOnce(&Progress) -> T + Send + 'static,
    ) -> Result<Self, io::Error> {
        let bench = Arc::new(Progress::default());
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
    pub(super) fn look(&mut self) -> JobState<T> {
        self.wait(Duration::ZERO)
    }

    /// Waits so long at the most.
    pub(super) fn wait(&mut self, patience: Duration) -> JobState<T> {
        match self.outcome.recv_timeout(patience) {
            Ok(outcome) => JobState::Ended(outcome),
            Err(RecvTimeoutError::Timeout) => JobState::Working,
            Err(RecvTimeoutError::Disconnected) => JobState::Lost,
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
        let mut next = || loop {
            match job.look() {
                // The thread that gave its outcome may still be about to end.
                JobState::Working => yield_now(),
                JobState::Ended(outcome) => break Some(outcome),
                JobState::Lost => break None,
            }
        };
        assert_eq!((next(), next()), (Some(true), None));
        assert_eq!(job.done(), 3);
    }

    #[test]
    fn a_job_that_nobody_waits_for_is_stopped() {
        let (said, handle) = std::sync::mpsc::channel();
        let job = Job::start("job", move |bench| {
            while bench.tell(1).is_continue() {
                yield_now();
            }
            said.send("stopped")
        });
        drop(job);
        assert_eq!(handle.recv(), Ok("stopped"));
    }
}
