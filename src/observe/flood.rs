//! Keeps the log from being flooded: each place of the program may say so many lines in a window of time; what is beyond
//! is left out, counted, and told: that it begins, and at the next line in a later window how many there were. `log` puts it before the output.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::callsite::Identifier;
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Filter};

use super::counter::{Counter, count};

/// Lines of one place of the program within `WINDOW`. Logins, which cost a password check each, stay below it.
const LINES_MAX: u32 = 1000;
const WINDOW: Duration = Duration::from_secs(10);

/// The lines of every place that has said something.
#[derive(Debug, Default)]
pub(super) struct Flood {
    places: Mutex<HashMap<Identifier, Place>>,
}

impl<S: Subscriber> Filter<S> for Flood {
    fn enabled(&self, _: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        true
    }

    fn event_enabled(&self, event: &Event<'_>, _: &Context<'_, S>) -> bool {
        let verdict = {
            let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
            places.entry(event.metadata().callsite()).or_default().one_more(Instant::now())
        };
        match verdict {
            Verdict::Say { left_out: 0 } => true,
            Verdict::Say { left_out } => {
                tracing::warn!(left_out, "lines like the next one were left out: there were too many");
                true
            }
            Verdict::LeaveOut { is_first } => {
                if is_first {
                    tracing::warn!("too many lines like the last one: the next ones are left out for some seconds");
                }
                count(Counter::LogLinesLeftOut);
                false
            }
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// After so many of its kind that were not said.
    Say {
        left_out: u32,
    },
    LeaveOut {
        is_first: bool,
    },
}

#[derive(Debug, Default)]
struct Place {
    /// The beginning of the present window.
    since: Option<Instant>,
    lines: u32,
    left_out: u32,
}

impl Place {
    fn one_more(&mut self, now: Instant) -> Verdict {
        let is_over = self.since.is_none_or(|since| now.duration_since(since) > WINDOW);
        let mut left_out = 0;
        if is_over {
            left_out = self.left_out;
            *self = Self { since: Some(now), lines: 0, left_out: 0 };
        }
        if self.lines == LINES_MAX {
            self.left_out = self.left_out.saturating_add(1);
            return Verdict::LeaveOut { is_first: self.left_out == 1 };
        }
        self.lines += 1;
        Verdict::Say { left_out }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_the_bound_lines_are_left_out_until_the_window_ends() {
        let start = Instant::now();
        let mut place = Place::default();
        for _ in 0..LINES_MAX {
            assert_eq!(place.one_more(start), Verdict::Say { left_out: 0 });
        }
        for number in 0..7 {
            assert_eq!(place.one_more(start + WINDOW), Verdict::LeaveOut { is_first: number == 0 });
        }
        let later = start + WINDOW + Duration::from_millis(1);
        assert_eq!(place.one_more(later), Verdict::Say { left_out: 7 });
        assert_eq!(place.one_more(later), Verdict::Say { left_out: 0 });
    }
}
