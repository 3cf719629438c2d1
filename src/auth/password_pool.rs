//! The threads on which the backends with passwords of our own compare them: one pool for all, with as many threads as there
//! are cores, for each comparison takes 19 MiB and a core, and never one of those that serve sockets. Knows nothing of users;
//! how many come at once is each backend's gate's.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::Builder;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::settings::password::CheckMemory;

/// How long a thread without work keeps the memory of its checks: a storm of logins has it made once.
const MEMORY_KEPT: Duration = Duration::from_secs(1);

/// The way to the threads, which end when it is dropped.
pub(super) struct PoolHandle(Arc<JobQueue>);

impl Drop for PoolHandle {
    fn drop(&mut self) {
        self.0.close();
    }
}

type Job = Box<dyn FnOnce(&mut CheckMemory) + Send>;

struct JobQueue {
    jobs: Mutex<Jobs>,
    /// Wakes a thread.
    changed: Condvar,
}

struct Jobs {
    waiting: VecDeque<Job>,
    is_closed: bool,
}

impl PoolHandle {
    pub(super) fn start(threads: NonZeroUsize) -> Self {
        let jobs = Mutex::new(Jobs { waiting: VecDeque::new(), is_closed: false });
        let queue = Arc::new(JobQueue { jobs, changed: Condvar::new() });
        let mut started = 0;
        for _ in 0..threads.get() {
            let queue = queue.clone();
            match Builder::new().name("passwords".to_owned()).spawn(move || work(&queue)) {
                Ok(_) => started += 1,
                Err(error) => tracing::error!(%error, "the system gives no thread for password checks"),
            }
        }
        if started == 0 {
            // Nobody would ever answer: every job is lost at once.
            queue.close();
        }
        Self(queue)
    }

    /// Runs the job on one of the threads, in memory that the thread keeps from one to the next. None: it panicked, or
    /// there is no thread. A job that nobody waits for any more is not begun.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut CheckMemory) -> T + Send + 'static,
    ) -> Option<T> {
        let (outcome, is_done) = oneshot::channel();
        self.0.put(Box::new(move |memory| {
            if !outcome.is_closed() {
                let _ = outcome.send(job(memory));
            }
        }));
        is_done.await.ok()
    }
}

impl JobQueue {
    fn put(&self, job: Job) {
        let mut jobs = self.jobs();
        if !jobs.is_closed {
            jobs.waiting.push_back(job);
        }
        drop(jobs);
        self.changed.notify_one();
    }

    /// The next job; None once the pool is gone. Whoever finds nothing to do for a while gives its memory back.
    fn next(&self, memory: &mut CheckMemory) -> Option<Job> {
        let mut jobs = self.jobs();
        loop {
            if let Some(job) = jobs.waiting.pop_front() {
                return Some(job);
            }
            if jobs.is_closed {
                return None;
            }
            if memory.is_empty() {
                jobs = self.changed.wait(jobs).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let outcome = self.changed.wait_timeout(jobs, MEMORY_KEPT);
            let (woken, timeout) = outcome.unwrap_or_else(PoisonError::into_inner);
            jobs = woken;
            if timeout.timed_out() {
                *memory = CheckMemory::default();
            }
        }
    }

    fn close(&self) {
        self.jobs().is_closed = true;
        self.changed.notify_all();
    }

    fn jobs(&self) -> MutexGuard<'_, Jobs> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn work(queue: &JobQueue) {
    let mut memory = CheckMemory::default();
    while let Some(job) = queue.next(&mut memory) {
        // A job that panics is one that could not say; the thread goes on.
        let _ = catch_unwind(AssertUnwindSafe(|| job(&mut memory)));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().build().expect("a runtime")
    }

    #[test]
    fn a_panic_ends_no_thread_and_what_nobody_waits_for_is_not_begun() {
        let pool = Arc::new(PoolHandle::start(NonZeroUsize::MIN));
        let (begun, has_begun) = channel();
        let (go, go_on) = channel::<()>();
        runtime().block_on(async {
            let first = pool.clone();
            let first = tokio::spawn(async move {
                let job = move |_: &mut CheckMemory| {
                    begun.send(()).expect("the test listens");
                    go_on.recv().expect("the test goes on");
                    std::panic::panic_any("on purpose");
                };
                first.run(job).await
            });
            tokio::task::yield_now().await;
            has_begun.recv().expect("the first began");
            let left = pool.clone();
            let left = tokio::spawn(async move { left.run(|_| unreachable!("nobody waits for it")).await });
            tokio::task::yield_now().await;
            left.abort();
            assert!(left.await.is_err_and(|error| error.is_cancelled()));
            go.send(()).expect("the first goes on");
            assert_eq!(first.await.expect("answered"), None);
            assert_eq!(pool.run(|_| 7).await, Some(7));
        });
    }

    #[test]
    fn without_threads_every_job_is_lost_at_once() {
        let pool = PoolHandle::start(NonZeroUsize::MIN);
        pool.0.close();
        assert_eq!(runtime().block_on(pool.run(|_| 7)), None);
    }
}
