//! The one reader of the clocks: the steady one for alarms, the wall clock for stamps.

use std::time::{Duration, Instant, SystemTime};

use crate::live::messages::Moment;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    start: Instant,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { start: Instant::now() }
    }

    pub(crate) fn now(&self) -> Moment {
        Moment { steady: self.start.elapsed(), unix: unix_time() }
    }

    /// When the steady clock will show this.
    pub(crate) fn instant_of(&self, steady: Duration) -> Instant {
        self.start.checked_add(steady).unwrap_or_else(Instant::now)
    }
}

/// Seconds since 1970, for `timenow` (protocol 1.4).
pub(crate) fn unix_time() -> f64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}
