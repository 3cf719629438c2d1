//! Who holds a change up: asked of the kernel while the database is not ours, on a thread of its own, for looking at another
//! process may itself take its time.

use std::time::{Duration, Instant};

use super::NameOf;
use super::job::{Job, JobState};
use crate::store::Store;

/// How often it is asked.
const AGAIN: Duration = Duration::from_millis(500);

pub(super) struct LockWait {
    store: Store,
    name_of: NameOf,
    look: Option<Job<Option<String>>>,
    asked: Option<Instant>,
    holder: Option<String>,
}

impl LockWait {
    pub(super) fn new(store: Store, name_of: NameOf) -> Self {
        Self { store, name_of, look: None, asked: None, holder: None }
    }

    /// Takes what was found, and asks again after a while.
    pub(super) fn look(&mut self) {
        if let Some(job) = &mut self.look {
            match job.look() {
                JobState::Working => return,
                JobState::Ended(found) => self.holder = found,
                JobState::Lost => self.holder = None,
            }
            self.look = None;
        }
        if self.asked.is_none_or(|at| at.elapsed() >= AGAIN) {
            let (store, name_of) = (self.store.clone(), self.name_of);
            // Whom no thread can ask for is not named.
            self.look = Job::start("lock", move |_| Some(store.lock_holder()?.named(name_of).to_string())).ok();
            self.asked = Some(Instant::now());
        }
    }

    /// `ctibox import (pid 4711, root)`; none as long as that is not known.
    pub(super) fn holder(&self) -> Option<&str> {
        self.holder.as_deref()
    }
}
