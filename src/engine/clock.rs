//! The one reader of the clocks: the steady one for alarms, the wall clock for stamps.

use std::time::{Duration, Instant, SystemTime};

use time::{OffsetDateTime, UtcOffset};

use crate::live::messages::{Moment, TimeOfDay};

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

/// By the clock on the wall here, or UTC if the system does not say where here is.
pub(super) fn time_of_day(unix: i64) -> TimeOfDay {
    let at = OffsetDateTime::from_unix_timestamp(unix).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    TimeOfDay::at(unix, UtcOffset::local_offset_at(at).unwrap_or(UtcOffset::UTC).whole_seconds())
}

/// Seconds since 1970, for `timenow` (protocol 1.4).
pub(crate) fn unix_time() -> f64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}
