//! How many connections were turned away just now, for whoever asks the control socket: a table that is full is seen as long
//! as it keeps somebody out. The listeners count, `control_server` tells.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::connection_table::LimitReached;
use crate::control::TurnedAway;
use crate::observe::streak::Streak;

/// After so long without one the run of them is over.
const QUIET: Duration = Duration::from_secs(60);

/// With why the last one was.
#[derive(Debug, Default)]
pub(super) struct TurnedAwayLately(Mutex<Option<(Streak, LimitReached)>>);

impl TurnedAwayLately {
    pub(super) fn record(&self, why: LimitReached, now: Instant) {
        let mut lately = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *lately = Some((Streak::one_more(lately.map(|(streak, _)| streak), now, QUIET), why));
    }

    pub(super) fn told(&self, now: Instant) -> Option<TurnedAway> {
        let (streak, why) = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        (!streak.is_over(now, QUIET)).then(|| TurnedAway {
            connections: streak.number(),
            seconds: streak.since(now).as_secs(),
            why: why.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_them_is_told_until_a_minute_is_quiet() {
        let lately = TurnedAwayLately::default();
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let told = |now| lately.told(now).map(|told| (told.connections, told.seconds, told.why));
        assert_eq!(told(start), None);
        lately.record(LimitReached::Address(3), start);
        lately.record(LimitReached::Connections(4), at(50));
        assert_eq!(told(at(100)), Some((2, 100, "all 4 connections are taken".to_owned())));
        assert_eq!(told(at(110)), None);
        lately.record(LimitReached::Connections(4), at(120));
        assert_eq!(told(at(120)).map(|told| told.0), Some(1));
    }
}
