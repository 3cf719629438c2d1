//! Who holds a change up: asked of the kernel while the database is not ours, on a thread of its own, for looking at another
//! process may itself take its time.

use std::time::{Duration, Instant};

use super::NameOf;
use super::job::{Job, JobState};
use crate::store::{LockHolder, Store};

/// How often it is asked.
const AGAIN: Duration = Duration::from_millis(500);

pub(super) struct LockWait {
    store: Store,
    name_of: NameOf,
    look: Option<Job<Option<LockHolder>>>,
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
                JobState::Ended(found) => self.holder = found.map(|holder| words(&holder, self.name_of)),
                JobState::Lost => self.holder = None,
            }
            self.look = None;
        }
        if self.asked.is_none_or(|at| at.elapsed() >= AGAIN) {
            let store = self.store.clone();
            // Whom no thread can ask for is not named.
            self.look = Job::start("lock", move |_| store.lock_holder()).ok();
            self.asked = Some(Instant::now());
        }
    }

    /// `ctibox import (pid 4711, root)`; none as long as that is not known.
    pub(super) fn holder(&self) -> Option<&str> {
        self.holder.as_deref()
    }
}

fn words(holder: &LockHolder, name_of: NameOf) -> String {
    let LockHolder { process, program, user } = holder;
    match user.map(|user| name_of(user).unwrap_or_else(|| format!("uid {user}"))) {
        Some(user) => format!("{program} (pid {process}, {user})"),
        None => format!("{program} (pid {process})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_holds_it_is_named_as_far_as_it_is_known() {
        let name_of: NameOf = |user| (user == 0).then(|| "root".to_owned());
        let holder = |user| LockHolder { process: 4711, program: "ctibox import".to_owned(), user };
        assert_eq!(words(&holder(Some(0)), name_of), "ctibox import (pid 4711, root)");
        assert_eq!(words(&holder(Some(7)), name_of), "ctibox import (pid 4711, uid 7)");
        assert_eq!(words(&holder(None), name_of), "ctibox import (pid 4711)");
    }
}
