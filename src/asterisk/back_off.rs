//! How long the link waits before it tries again: longer with each failure, never so long that nobody notices Asterisk's
//! return, and long at once where the login is refused, for whoever tries on is banned (telephony §1.5).

use std::time::Duration;

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(30);
/// At least so long after a refused login.
pub(crate) const AFTER_REFUSAL: Duration = Duration::from_secs(30);

#[derive(Debug, Default)]
pub(super) struct BackOff {
    failures: u32,
}

/// What the try came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    Down,
    Refused,
}

impl BackOff {
    /// `jitter` from 0 to 1: up to a quarter is added, so that several do not come at once.
    pub(super) fn next(&mut self, failure: Failure, jitter: f64) -> Duration {
        let doubled = FIRST.saturating_mul(1 << self.failures.min(5));
        self.failures = self.failures.saturating_add(1);
        let wait = match failure {
            Failure::Down => doubled.min(LONGEST),
            Failure::Refused => AFTER_REFUSAL,
        };
        wait.mul_f64(1.0 + jitter.clamp(0.0, 1.0) / 4.0)
    }

    /// The link was up, or the settings are others.
    pub(super) fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_are_long_at_once_after_a_refusal() {
        let mut back_off = BackOff::default();
        let waits: Vec<u64> = (0..8).map(|_| back_off.next(Failure::Down, 0.0).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30, 30]);
        back_off.reset();
        assert_eq!(back_off.next(Failure::Refused, 0.0), AFTER_REFUSAL);
        assert_eq!(back_off.next(Failure::Down, 1.0), Duration::from_millis(2500));
    }
}
