//! Keeps the log from being flooded: each place of the program may say so many lines in a window of time; what is beyond
//! is left out, counted, and told: that it begins, and at the next line in a later window how many there were. Of refused
//! logins each address may say so many, for others watch these lines and nobody is to hide among a crowd. `log` puts it
//! before the output.

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::callsite::Identifier;
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Filter};

use super::REFUSED_LOGINS;
use super::counter::{Counter, count};

/// Lines of one place of the program within `WINDOW`; of refused logins, of one address.
const LINES_MAX: u32 = 1000;
const WINDOW: Duration = Duration::from_secs(10);

/// From how many places lines are remembered before those that say nothing any more are forgotten.
const PLACES_KEPT: usize = 1000;

/// The lines of every place that has said something.
#[derive(Debug, Default)]
pub(super) struct Flood {
    places: Mutex<HashMap<LineSource, Lines>>,
}

/// Where a line comes from: of the program, and for a refused login of the network.
#[derive(Debug, PartialEq, Eq, Hash)]
struct LineSource {
    of_program: Identifier,
    address: Option<String>,
}

impl<S: Subscriber> Filter<S> for Flood {
    fn enabled(&self, _: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        true
    }

    fn event_enabled(&self, event: &Event<'_>, _: &Context<'_, S>) -> bool {
        let verdict = {
            let (place, now) = (LineSource::of(event), Instant::now());
            let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
            if places.len() >= PLACES_KEPT && !places.contains_key(&place) {
                places.retain(|_, lines| !lines.is_over(now));
            }
            places.entry(place).or_default().one_more(now)
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

impl LineSource {
    fn of(event: &Event<'_>) -> Self {
        let mut address = Address(None);
        if event.metadata().target() == REFUSED_LOGINS {
            event.record(&mut address);
        }
        Self { of_program: event.metadata().callsite(), address: address.0 }
    }
}

/// The field of that name.
struct Address(Option<String>);

impl Visit for Address {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "address" {
            self.0 = Some(format!("{value:?}"));
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
struct Lines {
    /// The beginning of the present window.
    since: Option<Instant>,
    lines: u32,
    left_out: u32,
}

impl Lines {
    fn is_over(&self, now: Instant) -> bool {
        self.since.is_none_or(|since| now.duration_since(since) > WINDOW)
    }

    fn one_more(&mut self, now: Instant) -> Verdict {
        let mut left_out = 0;
        if self.is_over(now) {
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
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tracing_subscriber::layer::{Layer, SubscriberExt as _};

    use super::*;

    struct CountLines(Arc<AtomicUsize>);

    impl<S: Subscriber> Layer<S> for CountLines {
        fn on_event(&self, _: &Event<'_>, _: Context<'_, S>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many lines come out.
    fn said(say: impl FnOnce()) -> usize {
        let lines = Arc::new(AtomicUsize::new(0));
        let layer = CountLines(lines.clone()).with_filter(Flood::default());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), say);
        lines.load(Ordering::Relaxed)
    }

    fn refuse(address: u32) {
        let address = std::net::Ipv4Addr::from(address);
        tracing::info!(target: REFUSED_LOGINS, %address, cause = "wrong password", "login refused");
    }

    #[test]
    fn refused_logins_of_many_addresses_are_all_said_and_one_address_floods_nothing() {
        let many = 3 * LINES_MAX;
        assert_eq!(said(|| (0..many).for_each(refuse)), usize::try_from(many).expect("a number of lines"));
        assert_eq!(said(|| (0..many).for_each(|_| refuse(7))), usize::try_from(LINES_MAX).expect("a number of lines"));
    }

    #[test]
    fn beyond_the_bound_lines_are_left_out_until_the_window_ends() {
        let start = Instant::now();
        let mut place = Lines::default();
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
