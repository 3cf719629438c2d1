//! All that is to become due, on the steady clock: one timer a key, and setting it again moves it. Knows no clock and no
//! key's meaning: the engine has one of these for what `live` waits for and for its own deadlines, so that what is due
//! comes in one order.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::time::Duration;

/// When a timer is due, and its place among those that are due at the same moment: in the order in which they were set.
type DueOrder = (Duration, u64);

#[derive(Debug)]
pub(crate) struct Timers<K> {
    by_time: BTreeMap<DueOrder, K>,
    by_key: HashMap<K, DueOrder>,
    last: u64,
}

impl<K> Default for Timers<K> {
    fn default() -> Self {
        Self { by_time: BTreeMap::new(), by_key: HashMap::new(), last: 0 }
    }
}

impl<K: Copy + Eq + Hash> Timers<K> {
    pub(crate) fn set(&mut self, key: K, at: Duration) {
        self.last += 1;
        let place = (at, self.last);
        if let Some(before) = self.by_key.insert(key, place) {
            self.by_time.remove(&before);
        }
        self.by_time.insert(place, key);
    }

    pub(crate) fn cancel(&mut self, key: K) {
        if let Some(place) = self.by_key.remove(&key) {
            self.by_time.remove(&place);
        }
    }

    /// When the next one is due.
    pub(crate) fn next_due(&self) -> Option<Duration> {
        self.by_time.first_key_value().map(|((at, _), _)| *at)
    }

    /// The earliest of those that are due and meant; it is set no more.
    pub(crate) fn take_due(&mut self, now: Duration, is_meant: impl Fn(K) -> bool) -> Option<K> {
        let mut due = self.by_time.range(..=(now, u64::MAX)).map(|(_, key)| *key);
        let key = due.find(|key| is_meant(*key))?;
        self.cancel(key);
        Some(key)
    }

    /// How many of those that are meant are set, for the tests that nothing grows.
    #[cfg(test)]
    pub(crate) fn number_of(&self, is_meant: impl Fn(K) -> bool) -> usize {
        assert_eq!(self.by_time.len(), self.by_key.len());
        self.by_key.keys().filter(|key| is_meant(**key)).count()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn all_due(timers: &mut Timers<char>, now: u64) -> String {
        std::iter::from_fn(|| timers.take_due(seconds(now), |_| true)).collect()
    }

    #[test]
    fn each_key_fires_once_at_the_time_that_it_was_set_to_last() {
        let mut timers = Timers::default();
        for (key, at) in [('a', 3), ('b', 2), ('c', 1), ('a', 4)] {
            timers.set(key, seconds(at));
        }
        timers.cancel('c');
        timers.cancel('x');
        assert_eq!((timers.next_due(), all_due(&mut timers, 1)), (Some(seconds(2)), String::new()));
        assert_eq!(all_due(&mut timers, 3), "b");
        assert_eq!([9, 9].map(|now| all_due(&mut timers, now)), ["a", ""]);
        assert_eq!((timers.next_due(), timers.number_of(|_| true)), (None, 0));
    }

    #[test]
    fn what_is_due_at_one_moment_fires_in_the_order_in_which_it_was_set() {
        let mut timers = Timers::default();
        for key in ['b', 'a', 'd', 'c', 'b'] {
            timers.set(key, seconds(1));
        }
        timers.set('e', seconds(0));
        assert_eq!(all_due(&mut timers, 1), "eadcb");
    }

    #[test]
    fn what_is_not_meant_stays() {
        let mut timers = Timers::default();
        for key in ['a', 'b', 'c'] {
            timers.set(key, seconds(1));
        }
        assert_eq!(timers.take_due(seconds(1), |key| key != 'a'), Some('b'));
        assert_eq!(all_due(&mut timers, 1), "ac");
    }

    proptest! {
        /// Against the plainest list: of each key the last setting counts, and nothing fires that was cancelled.
        #[test]
        fn nothing_fires_that_is_stale(acts in proptest::collection::vec((0..6u8, 0..4u8, 0..9u64), 0..60)) {
            let mut timers = Timers::default();
            let mut plain: Vec<(u64, u8)> = Vec::new();
            for (key, act, at) in acts {
                plain.retain(|(_, other)| act == 3 || *other != key);
                match act {
                    0 => timers.cancel(key),
                    1 | 2 => {
                        timers.set(key, seconds(at));
                        plain.push((at, key));
                    }
                    _ => {
                        let due = plain.iter().enumerate().filter(|(_, (when, _))| *when <= at);
                        let first = due.min_by_key(|(place, (when, _))| (*when, *place)).map(|(place, _)| place);
                        let expected = first.map(|place| plain.remove(place).1);
                        prop_assert_eq!(timers.take_due(seconds(at), |_| true), expected);
                    }
                }
                prop_assert_eq!(timers.next_due(), plain.iter().map(|(at, _)| seconds(*at)).min());
                prop_assert_eq!(timers.number_of(|_| true), plain.len());
            }
        }
    }
}
