//! How many connections there may be, and how much all their unfinished lines may hold together. The listener asks for
//! a permit before it serves a connection; whatever is taken is given back by drop. Who gets a place and who makes room
//! is decided in `connection_table`.

use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::connection_table::{Bounds, ConnectionKey, ConnectionTable, LimitReached};
use crate::observe::counter::{Counter, count};
use crate::settings::address_group::AddressGroup;

/// All unfinished lines of all connections together, and the long ones that are not answered yet.
pub(super) const UNFINISHED_BYTES_MAX: usize = 48 * 1024 * 1024;

#[derive(Debug, Default)]
pub(super) struct Limits {
    table: Mutex<ConnectionTable<oneshot::Sender<()>>>,
    unfinished_bytes: AtomicUsize,
}

impl Limits {
    /// A permit for a connection of this address, or the bound in the way.
    pub(super) fn admit(self: &Arc<Self>, peer: IpAddr, bounds: Bounds) -> Result<ConnectionPermit, LimitReached> {
        let address = peer.to_canonical();
        let (tell, told) = oneshot::channel();
        let admitted = self.table().admit(address, bounds, tell)?;
        let instead_of = admitted.gives_way.map(|gives_way| {
            count(Counter::ConnectionsGivenWay);
            // One whose task ended in this very moment has nothing to be told.
            let _ = gives_way.told_by.send(());
            gives_way.address
        });
        Ok(ConnectionPermit { limits: self.clone(), address, key: admitted.key, told: Some(told), instead_of })
    }

    /// Connections that have a permit now.
    pub(super) fn connections(&self) -> u32 {
        self.table().connections()
    }

    fn table(&self) -> MutexGuard<'_, ConnectionTable<oneshot::Sender<()>>> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection's right to be served; given back by drop.
#[derive(Debug)]
pub(super) struct ConnectionPermit {
    limits: Arc<Limits>,
    address: IpAddr,
    key: ConnectionKey,
    told: Option<oneshot::Receiver<()>>,
    instead_of: Option<AddressGroup>,
}

impl ConnectionPermit {
    /// Whose connection had to go for it, in a table that is nearly full.
    pub(super) fn instead_of(&self) -> Option<AddressGroup> {
        self.instead_of
    }

    /// The password was right: the connection no longer counts as unauthenticated, and never has to give way.
    pub(super) fn authenticated(&mut self) {
        self.limits.table().authenticated(self.address, self.key);
    }

    /// What tells the connection to make room; who asks first has it.
    pub(super) fn giving_way(&mut self) -> GivingWay {
        GivingWay(self.told.take())
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
        self.limits.table().remove(self.address, self.key);
    }
}

/// Tells a connection that has not logged in that it is to make room for others.
#[derive(Debug)]
pub(super) struct GivingWay(Option<oneshot::Receiver<()>>);

impl GivingWay {
    /// Comes back when it must go, which is never once it has logged in.
    pub(super) async fn required(&mut self) {
        if let Some(told) = &mut self.0
            && told.await.is_ok()
        {
            return;
        }
        std::future::pending().await
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
    }

    #[tokio::test]
    async fn who_must_give_way_is_told_unless_they_have_logged_in() {
        let bounds = Bounds { connections_max: 5, per_address_max: None, unauthenticated_per_address_max: 4 };
        let limits = Arc::new(Limits::default());
        let admit = |text| limits.admit(address(text), bounds);
        let mut permits: Vec<_> = (0..4).map(|_| admit("10.0.0.1").expect("a permit")).collect();
        permits[0].authenticated();
        let mut giving_way: Vec<_> = permits.iter_mut().map(ConnectionPermit::giving_way).collect();
        let newcomer = admit("10.0.0.2").expect("a permit");
        giving_way[1].required().await;
        assert_eq!(admit("10.0.0.3").expect_err("full"), LimitReached::Connections(5));
        drop(permits.remove(1));
        let second = admit("10.0.0.3").expect("a permit");
        giving_way[2].required().await;
        drop((permits, newcomer, second));
        assert_eq!(limits.connections(), 0);
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
