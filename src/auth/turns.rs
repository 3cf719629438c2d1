//! Whose turn it is: addresses take turns, and what one address brings is taken in the order in which it came, so that
//! one who floods us waits behind himself. `pool` puts checks in and takes them out; pure, never waits.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;

/// What waits, at most `most` of all addresses together.
#[derive(Debug)]
pub(super) struct Turns<T> {
    /// No address is here with nothing.
    waiting: HashMap<IpAddr, VecDeque<T>>,
    /// Every address that waits, once; the next one first.
    order: VecDeque<IpAddr>,
    number: usize,
    most: usize,
}

/// As many wait as may.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full;

impl<T> Turns<T> {
    pub(super) fn new(most: usize) -> Self {
        Self { waiting: HashMap::new(), order: VecDeque::new(), number: 0, most }
    }

    pub(super) fn put(&mut self, address: IpAddr, what: T) -> Result<(), Full> {
        if self.number >= self.most {
            return Err(Full);
        }
        self.number += 1;
        let of_address = self.waiting.entry(address).or_default();
        if of_address.is_empty() {
            self.order.push_back(address);
        }
        of_address.push_back(what);
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.number == 0
    }

    /// The oldest of the address whose turn it is, which then waits behind all others.
    pub(super) fn take(&mut self) -> Option<T> {
        let address = self.order.pop_front()?;
        let of_address = self.waiting.get_mut(&address)?;
        let taken = of_address.pop_front()?;
        self.number -= 1;
        if of_address.is_empty() {
            self.waiting.remove(&address);
        } else {
            self.order.push_back(address);
        }
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, last])
    }

    fn taken<T>(turns: &mut Turns<T>) -> Vec<T> {
        std::iter::from_fn(|| turns.take()).collect()
    }

    #[test]
    fn one_address_that_floods_makes_another_wait_for_one_turn() {
        let mut turns = Turns::new(1000);
        for number in 0..500 {
            turns.put(address(1), (1, number)).expect("room");
        }
        turns.put(address(2), (2, 0)).expect("room");
        turns.put(address(2), (2, 1)).expect("room");
        turns.put(address(3), (3, 0)).expect("room");
        let first: Vec<_> = (0..6).filter_map(|_| turns.take()).collect();
        assert_eq!(first, [(1, 0), (2, 0), (3, 0), (1, 1), (2, 1), (1, 2)]);
        assert_eq!(taken(&mut turns), (3..500).map(|number| (1, number)).collect::<Vec<_>>());
    }

    #[test]
    fn who_was_served_waits_behind_who_came_meanwhile() {
        let mut turns = Turns::new(10);
        turns.put(address(1), "a").expect("room");
        turns.put(address(1), "b").expect("room");
        assert_eq!(turns.take(), Some("a"));
        turns.put(address(2), "c").expect("room");
        turns.put(address(1), "d").expect("room");
        assert_eq!(taken(&mut turns), ["b", "c", "d"]);
    }

    #[test]
    fn all_together_are_bounded_and_nothing_is_kept_of_who_waits_no_more() {
        let mut turns = Turns::new(2);
        turns.put(address(1), 1).expect("room");
        turns.put(address(2), 2).expect("room");
        assert_eq!(turns.put(address(3), 3), Err(Full));
        assert_eq!(taken(&mut turns), [1, 2]);
        assert!(turns.waiting.is_empty() && turns.order.is_empty());
        assert_eq!(turns.put(address(3), 3), Ok(()));
    }
}
