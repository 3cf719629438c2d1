//! Timers by key, on the steady clock: at most one each, and setting one again moves it. Knows no clock: whoever has one
//! asks what is due.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::time::Duration;

#[derive(Debug)]
pub(super) struct Timers<K> {
    by_time: BTreeSet<(Duration, K)>,
    by_key: HashMap<K, Duration>,
}

impl<K> Default for Timers<K> {
    fn default() -> Self {
        Self { by_time: BTreeSet::new(), by_key: HashMap::new() }
    }
}

impl<K: Copy + Ord + Hash> Timers<K> {
    pub(super) fn set(&mut self, key: K, at: Duration) {
        if let Some(before) = self.by_key.insert(key, at) {
            self.by_time.remove(&(before, key));
        }
        self.by_time.insert((at, key));
    }

    pub(super) fn cancel(&mut self, key: K) {
        if let Some(at) = self.by_key.remove(&key) {
            self.by_time.remove(&(at, key));
        }
    }

    /// When the next one rings.
    pub(super) fn next(&self) -> Option<Duration> {
        self.by_time.first().map(|(at, _)| *at)
    }

    /// One that is due, the earliest first; it is then set no more.
    pub(super) fn take_due(&mut self, now: Duration) -> Option<K> {
        let (_, key) = self.by_time.first().copied().filter(|(at, _)| *at <= now)?;
        self.cancel(key);
        Some(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_rings_once_at_the_time_that_it_was_set_to_last() {
        let seconds = Duration::from_secs;
        let mut timers = Timers::default();
        timers.set('a', seconds(3));
        timers.set('b', seconds(2));
        timers.set('c', seconds(1));
        timers.set('a', seconds(4));
        timers.cancel('c');
        assert_eq!((timers.next(), timers.take_due(seconds(1))), (Some(seconds(2)), None));
        assert_eq!([1, 2, 3].map(|_| timers.take_due(seconds(9))), [Some('b'), Some('a'), None]);
        assert_eq!((timers.next(), timers.by_key.len()), (None, 0));
    }
}
