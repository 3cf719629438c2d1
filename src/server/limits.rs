//! How many connections there may be, and how much all their unfinished lines may hold together. The listener asks for
//! a permit before it serves a connection; whatever is taken is given back by drop.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::settings::setting::General;

/// All unfinished lines of all connections together, and the long ones that are not answered yet.
pub(super) const UNFINISHED_BYTES_MAX: usize = 48 * 1024 * 1024;

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
}

#[derive(Debug, Default)]
pub(super) struct Limits {
    held: Mutex<Held>,
    unfinished_bytes: AtomicUsize,
}

#[derive(Debug, Default)]
struct Held {
    connections: u32,
    by_address: HashMap<IpAddr, HeldByAddress>,
}

#[derive(Debug, Default)]
struct HeldByAddress {
    connections: u32,
    unauthenticated: u32,
}

impl Limits {
    /// A permit for a connection of this address, or the bound in the way.
    pub(super) fn admit(self: &Arc<Self>, peer: IpAddr, bounds: Bounds) -> Result<ConnectionPermit, LimitReached> {
        let address = peer.to_canonical();
        let mut held = self.held();
        if held.connections >= bounds.connections_max {
            return Err(LimitReached::Connections(bounds.connections_max));
        }
        let of_address = held.by_address.get(&address);
        let (connections, unauthenticated) = of_address.map_or((0, 0), |of| (of.connections, of.unauthenticated));
        if let Some(most) = bounds.per_address_max.filter(|most| connections >= *most) {
            return Err(LimitReached::Address(most));
        }
        if unauthenticated >= bounds.unauthenticated_per_address_max {
            return Err(LimitReached::Unauthenticated(bounds.unauthenticated_per_address_max));
        }
        held.connections += 1;
        let of_address = held.by_address.entry(address).or_default();
        of_address.connections += 1;
        of_address.unauthenticated += 1;
        drop(held);
        Ok(ConnectionPermit { limits: self.clone(), address, is_authenticated: false })
    }

    /// Connections that have a permit now.
    pub(super) fn connections(&self) -> u32 {
        self.held().connections
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection's right to be served; given back by drop.
#[derive(Debug)]
pub(super) struct ConnectionPermit {
    limits: Arc<Limits>,
    address: IpAddr,
    is_authenticated: bool,
}

impl ConnectionPermit {
    /// The password was right: the connection no longer counts as unauthenticated.
    pub(super) fn authenticated(&mut self) {
        if !self.is_authenticated {
            self.is_authenticated = true;
            if let Some(of_address) = self.limits.held().by_address.get_mut(&self.address) {
                of_address.unauthenticated -= 1;
            }
        }
    }

    /// Whose it is; one of IPv4 in one form.
    pub(super) fn address(&self) -> IpAddr {
        self.address
    }

    /// A share of the memory for unfinished lines, empty yet.
    pub(super) fn read_budget(&self) -> ReadBudget {
        ReadBudget { limits: self.limits.clone(), bytes: 0 }
    }
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        let mut held = self.limits.held();
        held.connections -= 1;
        if let Some(of_address) = held.by_address.get_mut(&self.address) {
            of_address.connections -= 1;
            of_address.unauthenticated -= u32::from(!self.is_authenticated);
            if of_address.connections == 0 {
                held.by_address.remove(&self.address);
            }
        }
    }
}

/// What a connection's unfinished line holds of the common memory.
#[derive(Debug)]
pub(super) struct ReadBudget {
    limits: Arc<Limits>,
    bytes: usize,
}

impl ReadBudget {
    /// The unfinished line is this long now; false if all together are then too long.
    pub(super) fn holds(&mut self, bytes: usize) -> bool {
        let all = &self.limits.unfinished_bytes;
        if bytes > self.bytes {
            let added = bytes - self.bytes;
            if all.fetch_add(added, Ordering::Relaxed) + added > UNFINISHED_BYTES_MAX {
                all.fetch_sub(added, Ordering::Relaxed);
                return false;
            }
        } else {
            all.fetch_sub(self.bytes - bytes, Ordering::Relaxed);
        }
        self.bytes = bytes;
        true
    }
}

impl Drop for ReadBudget {
    fn drop(&mut self) {
        self.limits.unfinished_bytes.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { connections_max: 4, per_address_max: Some(3), unauthenticated_per_address_max: 2 };

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn each_bound_refuses_and_a_dropped_place_is_free_again() {
        let limits = Arc::new(Limits::default());
        let admit = |text| limits.admit(address(text), BOUNDS);
        let mut first = admit("10.0.0.1").expect("a permit");
        let second = admit("::ffff:10.0.0.1").expect("a permit");
        assert_eq!(admit("10.0.0.1").expect_err("full"), LimitReached::Unauthenticated(2));
        first.authenticated();
        first.authenticated();
        let third = admit("10.0.0.1").expect("a permit");
        assert_eq!(admit("10.0.0.1").expect_err("full"), LimitReached::Address(3));
        let other = admit("10.0.0.2").expect("a permit");
        assert_eq!(admit("10.0.0.3").expect_err("full"), LimitReached::Connections(4));
        assert_eq!(limits.connections(), 4);
        drop((first, second, third, other));
        assert_eq!(limits.connections(), 0);
        assert!(limits.held().by_address.is_empty());
    }

    #[test]
    fn unfinished_lines_share_one_memory() {
        let limits = Arc::new(Limits::default());
        let permit = limits.admit(address("::1"), BOUNDS).expect("a permit");
        let (mut one, mut two) = (permit.read_budget(), permit.read_budget());
        assert!(one.holds(UNFINISHED_BYTES_MAX - 10));
        assert!(two.holds(10));
        assert!(!two.holds(11));
        assert!(one.holds(0));
        assert!(two.holds(11));
        drop((one, two));
        assert_eq!(limits.unfinished_bytes.load(Ordering::Relaxed), 0);
    }
}
