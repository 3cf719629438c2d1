//! How many of a kind came one after the other, and since when: a run that is over once none came for a while. `auth` counts
//! logins without an answer by it, `server` connections that were turned away. Pure: whoever counts brings the moment.

use std::time::{Duration, Instant};

#[derive(Debug, Clone, Copy)]
pub(crate) struct Streak {
    number: u64,
    first: Instant,
    last: Instant,
}

impl Streak {
    /// With one more; a new one where `before` is over.
    pub(crate) fn one_more(before: Option<Self>, now: Instant, quiet: Duration) -> Self {
        match before.filter(|before| !before.is_over(now, quiet)) {
            Some(before) => Self { number: before.number.saturating_add(1), last: now, ..before },
            None => Self { number: 1, first: now, last: now },
        }
    }

    /// Whether none came for so long.
    pub(crate) fn is_over(&self, now: Instant, quiet: Duration) -> bool {
        now.duration_since(self.last) >= quiet
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Since the first of them.
    pub(crate) fn since(&self, now: Instant) -> Duration {
        now.duration_since(self.first)
    }
}
