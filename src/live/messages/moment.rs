//! When something happens, on the clocks that the rim looks at.

use std::fmt;
use std::time::Duration;

/// When an input happened, on both clocks: the steady one drives timers, the wall clock only stamps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Moment {
    /// Since the start of the process; never steps.
    pub(crate) steady: Duration,
    /// Unix time in seconds.
    pub(crate) unix: f64,
}

/// What the clock on the wall shows here at a Unix time. The rim gives it: `live` knows no time zone.
pub(crate) type WallClock = fn(i64) -> TimeOfDay;

/// `14:02:51`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimeOfDay {
    hour: u8,
    minute: u8,
    second: u8,
}

impl TimeOfDay {
    /// Where the clock is so many seconds ahead of UTC, or behind it.
    pub(crate) fn at(unix: i64, ahead: i32) -> Self {
        let seconds = unix.saturating_add(ahead.into()).rem_euclid(24 * 60 * 60);
        let part = |of: i64| u8::try_from(of).unwrap_or_default();
        Self { hour: part(seconds / 3600), minute: part(seconds / 60 % 60), second: part(seconds % 60) }
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { hour, minute, second } = self;
        write!(formatter, "{hour:02}:{minute:02}:{second:02}")
    }
}
