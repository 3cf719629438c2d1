//! The owner of the live picture: one task has a `Desk` and gives it everything that happens, in one order. What waits
//! for the disk comes back into the same order, so that what a client hears about one object is in the order of change.

use std::sync::Arc;
use std::time::Duration;

use tracing::error;

use crate::live::{Input, Live, Moment};
use crate::store::StoreError;

use super::effects::{Deliver, Keep, run_now};

/// Puts an input into the queue of the desk's task. It is called from the writer's thread and must not wait.
pub(crate) type Queue = Arc<dyn Fn(Input) + Send + Sync>;

pub(crate) struct Desk {
    live: Live,
    keep: Box<dyn Keep>,
    queue: Queue,
}

impl Desk {
    /// `queue` brings inputs to whoever calls `take`.
    pub(crate) fn new(live: Live, keep: Box<dyn Keep>, queue: Queue) -> Self {
        Self { live, keep, queue }
    }

    /// Lets `live` decide and does what it decided: tells and closes before this returns, writes on their way.
    pub(crate) fn take(&mut self, now: Moment, input: Input, deliver: &mut impl Deliver) {
        let effects = self.live.apply(now, input);
        run_now(&effects.now, deliver);
        if effects.writes.is_empty() {
            return;
        }
        let (queue, waiting) = (Arc::clone(&self.queue), effects.after_commit);
        let done = move |outcome: Result<(), StoreError>| {
            if let Err(problem) = &outcome {
                log_lost(problem);
            }
            if !waiting.is_empty() {
                queue(if outcome.is_ok() { Input::Kept(waiting) } else { Input::NotKept(waiting) });
            }
        };
        self.keep.keep(effects.writes, Box::new(done));
    }

    /// When `take` wants an `Input::Tick` at the latest, on the steady clock.
    pub(crate) fn next_alarm(&self) -> Option<Duration> {
        self.live.next_alarm()
    }

    /// For what an administrator asks: sessions, presences.
    pub(crate) fn live(&self) -> &Live {
        &self.live
    }
}

/// With all causes in one line.
fn log_lost(problem: &StoreError) {
    let mut text = format!("cannot keep what users did: {problem}");
    let mut cause = std::error::Error::source(problem);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    error!("{text}; presences stand, services are not switched");
}
