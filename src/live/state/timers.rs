//! All that is to become due, by key and by time: one timer a key, whatever it is for. It knows no clock; whoever has one
//! asks for the earliest and gives the time back as an input.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use crate::live::messages::TimerKey;

#[derive(Debug, Default)]
pub(super) struct Timers {
    at: HashMap<TimerKey, Duration>,
    due: BTreeSet<(Duration, TimerKey)>,
}

impl Timers {
    /// Sets the timer, or sets it anew.
    pub(super) fn set(&mut self, key: TimerKey, at: Duration) {
        self.stop(key);
        self.at.insert(key, at);
        self.due.insert((at, key));
    }

    pub(super) fn stop(&mut self, key: TimerKey) {
        if let Some(at) = self.at.remove(&key) {
            self.due.remove(&(at, key));
        }
    }

    /// The earliest of those that are due and meant; it is set no more.
    pub(super) fn take_due(&mut self, now: Duration, is_meant: impl Fn(TimerKey) -> bool) -> Option<TimerKey> {
        let due = self.due.iter().take_while(|(at, _)| *at <= now).map(|(_, key)| *key).find(|key| is_meant(*key))?;
        self.stop(due);
        Some(due)
    }

    pub(super) fn next_due(&self) -> Option<Duration> {
        self.due.first().map(|(at, _)| *at)
    }

    /// All that become due at this very moment.
    pub(super) fn due_at(&self, at: Duration) -> Vec<TimerKey> {
        let of_then = self.due.iter().take_while(|(when, _)| *when <= at).filter(|(when, _)| *when == at);
        of_then.map(|(_, key)| *key).collect()
    }

    /// How many of those that are meant are set, for the test that nothing grows.
    #[cfg(test)]
    pub(super) fn number_of(&self, is_meant: impl Fn(TimerKey) -> bool) -> usize {
        assert_eq!(self.at.len(), self.due.len());
        self.at.keys().filter(|key| is_meant(**key)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::messages::SessionId;

    fn pace(session: u64) -> TimerKey {
        TimerKey::Pace(SessionId(session))
    }

    #[test]
    fn a_key_has_one_timer_and_the_earliest_that_is_meant_is_taken() {
        let mut timers = Timers::default();
        let seconds = Duration::from_secs;
        timers.set(pace(1), seconds(9));
        timers.set(pace(1), seconds(3));
        timers.set(pace(2), seconds(2));
        timers.set(TimerKey::ChatDeadline(SessionId(1)), seconds(1));
        assert_eq!((timers.number_of(|_| true), timers.next_due()), (3, Some(seconds(1))));
        let is_pace = |key| matches!(key, TimerKey::Pace(_));
        assert_eq!(timers.take_due(seconds(2), is_pace), Some(pace(2)));
        assert_eq!(timers.take_due(seconds(2), is_pace), None);
        assert_eq!(timers.due_at(seconds(3)), [pace(1)]);
        timers.stop(pace(1));
        timers.stop(TimerKey::ChatDeadline(SessionId(1)));
        assert_eq!((timers.number_of(|_| true), timers.next_due()), (0, None));
    }
}
