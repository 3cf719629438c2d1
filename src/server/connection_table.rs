//! Who holds the places of the table of connections, and who must make room when it is nearly full: the decisions of
//! `limits`, pure. Whoever has logged in keeps their place; of the others the fullest address gives way first.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use crate::settings::address_group::AddressGroup;
use crate::settings::setting::General;

/// Of so many places one is kept for those who make others give way: such a table is nearly full when the rest is taken.
const PLACES_PER_KEPT: u32 = 16;
/// Places that are kept at most: who gives way frees theirs in the moment in which their task runs.
const KEPT_MAX: u32 = 1024;

/// The bounds that hold for the next connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) connections_max: u32,
    pub(super) per_address_max: Option<u32>,
    pub(super) unauthenticated_per_address_max: u32,
}

impl Bounds {
    /// The settings, but never more connections than the process may have descriptors for.
    pub(super) fn of(general: &General, descriptors_for_connections: u32) -> Self {
        Self {
            connections_max: general.connections_max.min(descriptors_for_connections),
            per_address_max: general.connections_per_address_max,
            unauthenticated_per_address_max: general.unauthenticated_per_address_max,
        }
    }
}

/// Which bound a connection would break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum LimitReached {
    #[error("all {0} connections are taken")]
    Connections(u32),
    #[error("all {0} connections of one address are taken")]
    Address(u32),
    #[error("{0} connections of one address have not logged in yet")]
    Unauthenticated(u32),
    #[error("nearly all connections are taken, and {0} of this address, as many as of any, have not logged in yet")]
    Fullest(usize),
}

/// A connection of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ConnectionKey(u64);

/// Every connection, each that has not logged in with a value by which it is told to go.
#[derive(Debug)]
pub(super) struct ConnectionTable<T> {
    next: u64,
    connections: u32,
    by_address: HashMap<IpAddr, u32>,
    /// Who has not logged in, the oldest first. No address is here with nobody.
    unauthenticated: HashMap<AddressGroup, BTreeMap<ConnectionKey, T>>,
    /// The same addresses by their number.
    by_fullness: BTreeSet<(usize, AddressGroup)>,
}

/// A new connection has a place; whoever is told to go makes it up.
#[derive(Debug)]
pub(super) struct Admitted<T> {
    pub(super) key: ConnectionKey,
    pub(super) gives_way: Option<GivesWay<T>>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct GivesWay<T> {
    pub(super) address: AddressGroup,
    pub(super) told_by: T,
}

/// What the table says of a newcomer.
enum Verdict {
    Free,
    /// After the oldest of this address has gone.
    Instead(AddressGroup),
}

impl<T> Default for ConnectionTable<T> {
    fn default() -> Self {
        Self {
            next: 0,
            connections: 0,
            by_address: HashMap::new(),
            unauthenticated: HashMap::new(),
            by_fullness: BTreeSet::new(),
        }
    }
}

impl<T> ConnectionTable<T> {
    /// A place for a connection of this address, in canonical form, or the bound in the way.
    pub(super) fn admit(&mut self, address: IpAddr, bounds: Bounds, told_by: T) -> Result<Admitted<T>, LimitReached> {
        let group = AddressGroup::of(address);
        let gives_way = match self.verdict(address, group, bounds)? {
            Verdict::Free => None,
            Verdict::Instead(fullest) => self.oldest_of(fullest),
        };
        self.next += 1;
        let key = ConnectionKey(self.next);
        self.connections += 1;
        *self.by_address.entry(address).or_default() += 1;
        self.change(group, |of_group| of_group.insert(key, told_by));
        Ok(Admitted { key, gives_way })
    }

    fn verdict(&self, address: IpAddr, group: AddressGroup, bounds: Bounds) -> Result<Verdict, LimitReached> {
        if self.connections >= bounds.connections_max {
            return Err(LimitReached::Connections(bounds.connections_max));
        }
        let of_address = self.by_address.get(&address).copied().unwrap_or_default();
        if let Some(most) = bounds.per_address_max.filter(|most| of_address >= *most) {
            return Err(LimitReached::Address(most));
        }
        let own = self.unauthenticated.get(&group).map_or(0, BTreeMap::len);
        if own >= bounds.unauthenticated_per_address_max as usize {
            return Err(LimitReached::Unauthenticated(bounds.unauthenticated_per_address_max));
        }
        let kept = (bounds.connections_max / PLACES_PER_KEPT).clamp(1, KEPT_MAX);
        match self.by_fullness.last() {
            // One each is what everybody needs to log in: nobody gives way for that.
            Some((number @ 2.., fullest)) if self.connections >= bounds.connections_max.saturating_sub(kept) => {
                // Addresses that are about as full do not push each other out: that would be work for nothing.
                if own < number / 2 { Ok(Verdict::Instead(*fullest)) } else { Err(LimitReached::Fullest(own)) }
            }
            _ => Ok(Verdict::Free),
        }
    }

    /// It counts as unauthenticated no more, and holds its place until it is over.
    fn oldest_of(&mut self, group: AddressGroup) -> Option<GivesWay<T>> {
        let (_, told_by) = self.change(group, BTreeMap::pop_first)?;
        Some(GivesWay { address: group, told_by })
    }

    /// Nobody tells it to go any more.
    pub(super) fn authenticated(&mut self, address: IpAddr, key: ConnectionKey) {
        self.change(AddressGroup::of(address), |of_group| of_group.remove(&key));
    }

    /// The connection is over.
    pub(super) fn remove(&mut self, address: IpAddr, key: ConnectionKey) {
        self.authenticated(address, key);
        self.connections -= 1;
        if let Some(number) = self.by_address.get_mut(&address) {
            *number -= 1;
            if *number == 0 {
                self.by_address.remove(&address);
            }
        }
    }

    pub(super) fn connections(&self) -> u32 {
        self.connections
    }

    /// Changes who of an address has not logged in, and what is counted of it.
    fn change<R>(&mut self, group: AddressGroup, change: impl FnOnce(&mut BTreeMap<ConnectionKey, T>) -> R) -> R {
        let of_group = self.unauthenticated.entry(group).or_default();
        let before = of_group.len();
        let changed = change(of_group);
        let after = of_group.len();
        if before != after {
            self.by_fullness.remove(&(before, group));
            if after > 0 {
                self.by_fullness.insert((after, group));
            }
        }
        if after == 0 {
            self.unauthenticated.remove(&group);
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BOUNDS: Bounds = Bounds { connections_max: 160, per_address_max: None, unauthenticated_per_address_max: 50 };
    const KEPT: u32 = 10;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn attacker(number: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, number])
    }

    /// A table of numbers, whose newcomers get the next one.
    struct Tried {
        table: ConnectionTable<u32>,
        bounds: Bounds,
        came: u32,
    }

    impl Tried {
        fn new(bounds: Bounds) -> Self {
            Self { table: ConnectionTable::default(), bounds, came: 0 }
        }

        fn admit(&mut self, from: IpAddr) -> Result<(ConnectionKey, Option<GivesWay<u32>>), LimitReached> {
            self.came += 1;
            let admitted = self.table.admit(from, self.bounds, self.came)?;
            Ok((admitted.key, admitted.gives_way))
        }

        /// Four addresses fill all but what is kept.
        fn attacked() -> Self {
            let mut tried = Self::new(BOUNDS);
            for number in 0..BOUNDS.connections_max - KEPT {
                tried.admit(attacker(u8::try_from(number % 4).expect("small"))).expect("room");
            }
            tried
        }
    }

    #[test]
    fn while_there_is_room_nobody_gives_way() {
        let mut tried = Tried::new(BOUNDS);
        for number in 0..BOUNDS.connections_max - KEPT {
            let (_, gives_way) = tried.admit(attacker(u8::try_from(number % 4).expect("small"))).expect("room");
            assert_eq!(gives_way, None);
        }
    }

    #[test]
    fn in_a_table_that_is_nearly_full_the_oldest_of_the_fullest_address_gives_way() {
        let mut tried = Tried::attacked();
        assert_eq!(tried.table.connections(), BOUNDS.connections_max - KEPT);
        let (key, gives_way) = tried.admit(address("192.0.2.1")).expect("a place");
        // 150 places among four: the first two have one more than the others, and of equals the greater address is first.
        assert_eq!(gives_way, Some(GivesWay { address: AddressGroup::of(attacker(1)), told_by: 2 }));
        // The next one is another address's.
        let (_, gives_way) = tried.admit(address("192.0.2.2")).expect("a place");
        assert_eq!(gives_way, Some(GivesWay { address: AddressGroup::of(attacker(0)), told_by: 1 }));
        // Who has logged in is told nothing.
        tried.table.authenticated(address("192.0.2.1"), key);
        assert_eq!(tried.table.unauthenticated.get(&AddressGroup::of(address("192.0.2.1"))), None);
    }

    #[test]
    fn who_is_about_as_full_as_the_fullest_brings_nobody_to_give_way() {
        let mut tried = Tried::attacked();
        for number in 0..100 {
            let refused = tried.admit(attacker(number % 4)).expect_err("no place");
            assert!(matches!(refused, LimitReached::Fullest(37 | 38)), "{refused}");
        }
        assert_eq!(tried.table.connections(), BOUNDS.connections_max - KEPT);
    }

    #[test]
    fn those_who_are_being_closed_hold_their_places_until_they_are() {
        let mut tried = Tried::attacked();
        let newcomers: Vec<_> =
            (0..KEPT).map(|number| IpAddr::from([192, 0, 2, u8::try_from(number).expect("small")])).collect();
        for newcomer in &newcomers {
            assert!(tried.admit(*newcomer).expect("a place").1.is_some());
        }
        assert_eq!(tried.admit(address("198.51.100.1")).expect_err("full"), LimitReached::Connections(160));
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let mut tried = Tried::new(BOUNDS);
        for number in 0..50 {
            tried.admit(address(&format!("2001:db8::{number:x}"))).expect("a place");
        }
        let refused = tried.admit(address("2001:db8::ffff:1")).expect_err("no place");
        assert_eq!(refused, LimitReached::Unauthenticated(50));
        tried.admit(address("2001:db8:0:1::1")).expect("another network");
    }

    proptest! {
        /// Whatever comes and goes: one who is alone at their address is let in as long as a place is free, never gives way,
        /// and in the end nothing is left.
        #[test]
        fn whoever_is_alone_at_an_address_never_gives_way(steps in prop::collection::vec((0..6_u8, 0..4_u8), 1..600)) {
            let bounds = Bounds { connections_max: 32, ..BOUNDS };
            let mut tried = Tried::new(bounds);
            let mut held: Vec<(IpAddr, ConnectionKey)> = Vec::new();
            for (from, what) in steps {
                match what {
                    0 if !held.is_empty() => {
                        let (address, key) = held.swap_remove(usize::from(from) % held.len());
                        tried.table.remove(address, key);
                    }
                    1 if !held.is_empty() => {
                        let (address, key) = held[usize::from(from) % held.len()];
                        tried.table.authenticated(address, key);
                    }
                    _ => {
                        let address = attacker(from);
                        let is_full = tried.table.connections() >= bounds.connections_max;
                        let own = tried.table.unauthenticated.get(&AddressGroup::of(address)).map_or(0, BTreeMap::len);
                        let numbers: HashMap<_, _> =
                            tried.table.unauthenticated.iter().map(|(group, of)| (*group, of.len())).collect();
                        match tried.admit(address) {
                            Ok((key, gives_way)) => {
                                held.push((address, key));
                                if let Some(gives_way) = gives_way {
                                    let number = numbers[&gives_way.address];
                                    prop_assert!(number > 1 && number > own);
                                    prop_assert_eq!(Some(&number), numbers.values().max());
                                }
                            }
                            Err(_) => prop_assert!(is_full || own > 0),
                        }
                    }
                }
            }
            for (address, key) in held {
                tried.table.remove(address, key);
            }
            prop_assert_eq!(tried.table.connections(), 0);
            prop_assert!(tried.table.by_address.is_empty() && tried.table.unauthenticated.is_empty());
            prop_assert!(tried.table.by_fullness.is_empty());
        }
    }
}
