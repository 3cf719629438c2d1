//! Failed attempts, counted by the minute and forgotten after a quarter of an hour, and what delay so many bring. Used by
//! `ledger`; pure.

use std::collections::VecDeque;
use std::time::Duration;

use crate::settings::login_record::FailedMinute;

/// For how long a failure counts.
const REMEMBERED_MINUTES: i64 = 15;
const MINUTE_SECONDS: u64 = 60;
/// The longest delay between two attempts.
const DELAY_MAX: Duration = Duration::from_secs(8);

/// How many failures are free of any delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FreeFailures(u32);

pub(super) const FREE_OF_ACCOUNT: FreeFailures = FreeFailures(3);
pub(super) const FREE_OF_ADDRESS: FreeFailures = FreeFailures(50);

impl FreeFailures {
    pub(super) fn covers(self, failures: u32) -> bool {
        failures < self.0
    }

    /// How far apart attempts are after so many failures: 1 s, 2 s, 4 s, then `DELAY_MAX`.
    pub(super) fn delay_after(self, failures: u32) -> Duration {
        match failures.checked_sub(self.0) {
            None => Duration::ZERO,
            Some(more) => Duration::from_secs(1).saturating_mul(1 << more.min(8)).min(DELAY_MAX),
        }
    }
}

/// Failures by the minute, the oldest first.
#[derive(Debug, Default, Clone)]
pub(super) struct Failures {
    minutes: VecDeque<FailedMinute>,
    /// When the last one was.
    last: Duration,
}

/// The minute of a time since 1970.
pub(super) fn minute_of(time: Duration) -> i64 {
    i64::try_from(time.as_secs() / MINUTE_SECONDS).unwrap_or(i64::MAX)
}

impl Failures {
    pub(super) fn add(&mut self, now: Duration) {
        self.add_many(FailedMinute { minute: minute_of(now), failures: 1 });
        self.last = now;
        self.forget_old(now);
    }

    /// Takes what another time knew: a minute that is still to come, by a clock that was set back since, is this one.
    pub(super) fn take_in(&mut self, minute: FailedMinute, now: Duration) {
        let minute = FailedMinute { minute: minute.minute.min(minute_of(now)), ..minute };
        self.add_many(minute);
        let end = u64::try_from(minute.minute.saturating_add(1)).unwrap_or(0).saturating_mul(MINUTE_SECONDS);
        self.last = self.last.max(Duration::from_secs(end).min(now));
    }

    pub(super) fn absorb(&mut self, others: &Self) {
        others.minutes.iter().for_each(|minute| self.add_many(*minute));
        self.last = self.last.max(others.last);
    }

    fn add_many(&mut self, added: FailedMinute) {
        match self.minutes.binary_search_by_key(&added.minute, |minute| minute.minute) {
            Ok(at) => self.minutes[at].failures = self.minutes[at].failures.saturating_add(added.failures),
            Err(at) => self.minutes.insert(at, added),
        }
    }

    /// Takes away what others had part in it.
    pub(super) fn subtract(&mut self, others: &Self) {
        for minute in &mut self.minutes {
            let part = others.minutes.iter().find(|other| other.minute == minute.minute);
            minute.failures = minute.failures.saturating_sub(part.map_or(0, |part| part.failures));
        }
        self.minutes.retain(|minute| minute.failures > 0);
    }

    fn forget_old(&mut self, now: Duration) {
        let oldest = minute_of(now) - REMEMBERED_MINUTES;
        while self.minutes.front().is_some_and(|minute| minute.minute < oldest) {
            self.minutes.pop_front();
        }
    }

    /// Those that still count.
    pub(super) fn counted(&self, now: Duration) -> impl Iterator<Item = FailedMinute> {
        let oldest = minute_of(now) - REMEMBERED_MINUTES;
        self.minutes.iter().copied().filter(move |minute| minute.minute >= oldest)
    }

    pub(super) fn number(&self, now: Duration) -> u32 {
        self.counted(now).fold(0, |sum, minute| sum.saturating_add(minute.failures))
    }

    /// When the last one was; whoever asks knows that there is one.
    pub(super) fn last(&self) -> Duration {
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Duration = Duration::from_secs(1_700_000_040);

    fn after(seconds: u64) -> Duration {
        START + Duration::from_secs(seconds)
    }

    #[test]
    fn three_are_free_and_then_it_doubles_up_to_eight_seconds() {
        let delays = |free: FreeFailures, counts: &[u32]| -> Vec<u64> {
            counts.iter().map(|failures| free.delay_after(*failures).as_secs()).collect()
        };
        assert_eq!(delays(FREE_OF_ACCOUNT, &[0, 1, 2, 3, 4, 5, 6, 7, 1000, u32::MAX]), [0, 0, 0, 1, 2, 4, 8, 8, 8, 8]);
        assert_eq!(delays(FREE_OF_ADDRESS, &[0, 49, 50, 51, 52, 53, 5000]), [0, 0, 1, 2, 4, 8, 8]);
    }

    #[test]
    fn each_failure_is_forgotten_after_a_quarter_of_an_hour() {
        let mut failures = Failures::default();
        for second in [0, 30, 600] {
            failures.add(after(second));
        }
        assert_eq!(failures.number(after(600)), 3);
        assert_eq!(failures.number(after(15 * 60)), 3);
        assert_eq!(failures.number(after(16 * 60 + 30)), 1, "those of the first minute");
        assert_eq!(failures.number(after(600 + 17 * 60)), 0);
        for minute in 0..10_000 {
            failures.add(after(minute * 60));
        }
        assert!(failures.minutes.len() <= 16, "only what counts is held: {}", failures.minutes.len());
    }

    #[test]
    fn what_one_had_part_in_is_taken_away_and_the_rest_stays() {
        let (mut all, mut of_one) = (Failures::default(), Failures::default());
        for second in [0, 1, 70, 140] {
            all.add(after(second));
        }
        for second in [1, 140] {
            of_one.add(after(second));
        }
        all.subtract(&of_one);
        assert_eq!(all.number(after(140)), 2);
        all.absorb(&of_one);
        assert_eq!(all.number(after(140)), 4);
    }

    #[test]
    fn a_clock_that_was_set_back_brings_no_failure_of_the_future() {
        let mut failures = Failures::default();
        failures.take_in(FailedMinute { minute: minute_of(after(3600 * 24)), failures: 4 }, START);
        assert_eq!((failures.number(START), failures.last()), (4, START));
        assert_eq!(failures.number(after(17 * 60)), 0);
    }
}
