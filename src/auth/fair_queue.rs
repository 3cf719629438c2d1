//! Whose turn it is: addresses take turns, a /64 of IPv6 as one, and what one brings is taken in the order in which it
//! came, so that one who floods us waits behind their own. `gate` puts in who waits and takes them out; pure, never waits.

use std::collections::{HashMap, VecDeque};

use crate::settings::address_group::AddressGroup;

/// What waits, at most `most` of all addresses together.
#[derive(Debug)]
pub(super) struct FairQueue<T> {
    /// No address is here with nothing.
    waiting: HashMap<AddressGroup, VecDeque<T>>,
    /// Every address that waits, once; the next one first.
    order: VecDeque<AddressGroup>,
    number: usize,
    most: usize,
}

/// As many wait as may.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("as many password checks wait as may")]
pub(super) struct QueueFull;

impl<T> FairQueue<T> {
    pub(super) fn new(most: usize) -> Self {
        Self { waiting: HashMap::new(), order: VecDeque::new(), number: 0, most }
    }

    pub(super) fn put(&mut self, address: AddressGroup, item: T) -> Result<(), QueueFull> {
        if self.number >= self.most {
            return Err(QueueFull);
        }
        self.number += 1;
        let of_address = self.waiting.entry(address).or_default();
        if of_address.is_empty() {
            self.order.push_back(address);
        }
        of_address.push_back(item);
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.number
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
    use std::net::IpAddr;

    use super::*;

    fn address(last: u8) -> AddressGroup {
        AddressGroup::of(IpAddr::from([10, 0, 0, last]))
    }

    fn taken<T>(queue: &mut FairQueue<T>) -> Vec<T> {
        std::iter::from_fn(|| queue.take()).collect()
    }

    #[test]
    fn one_address_that_floods_makes_another_wait_for_one_turn() {
        let mut queue = FairQueue::new(1000);
        for number in 0..500 {
            queue.put(address(1), (1, number)).expect("room");
        }
        queue.put(address(2), (2, 0)).expect("room");
        queue.put(address(2), (2, 1)).expect("room");
        queue.put(address(3), (3, 0)).expect("room");
        let first: Vec<_> = (0..6).filter_map(|_| queue.take()).collect();
        assert_eq!(first, [(1, 0), (2, 0), (3, 0), (1, 1), (2, 1), (1, 2)]);
        assert_eq!(taken(&mut queue), (3..500).map(|number| (1, number)).collect::<Vec<_>>());
    }

    #[test]
    fn a_network_of_ipv6_has_one_turn_whatever_address_of_it_asks() {
        let mut queue = FairQueue::new(1000);
        let of = |text: &str| text.parse::<AddressGroup>().expect("an address");
        for host in 1..=100 {
            queue.put(of(&format!("2001:db8::{host:x}")), host).expect("room");
        }
        queue.put(of("2001:db8:0:1::1"), 0).expect("room");
        assert_eq!(taken(&mut queue)[..3], [1, 0, 2]);
    }

    #[test]
    fn who_was_served_waits_behind_who_came_meanwhile() {
        let mut queue = FairQueue::new(10);
        queue.put(address(1), "a").expect("room");
        queue.put(address(1), "b").expect("room");
        assert_eq!(queue.take(), Some("a"));
        queue.put(address(2), "c").expect("room");
        queue.put(address(1), "d").expect("room");
        assert_eq!(taken(&mut queue), ["b", "c", "d"]);
    }

    #[test]
    fn all_together_are_bounded_and_nothing_is_kept_of_who_waits_no_more() {
        let mut queue = FairQueue::new(2);
        queue.put(address(1), 1).expect("room");
        queue.put(address(2), 2).expect("room");
        assert_eq!(queue.put(address(3), 3), Err(QueueFull));
        assert_eq!(taken(&mut queue), [1, 2]);
        assert!(queue.waiting.is_empty() && queue.order.is_empty());
        assert_eq!(queue.put(address(3), 3), Ok(()));
    }
}
