//! How many clients were refused in the last day for their old TLS, by address and version, so that an administrator hears
//! of them once and not from each of their users. In memory alone: whoever is refused comes again; what is told of
//! less than a day says since when. `starttls` counts,
//! `control_server` tells.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::old_clients::why_refused;
use crate::control::{RefusedClients, RefusedVersion};
use crate::settings::setting::{EncryptionMode, General};

/// The last day.
const HOURS: u64 = 24;
/// Addresses that are remembered of one hour; each with each version counts.
const REFUSED_PER_HOUR_MAX: usize = 512;
/// Addresses that are named.
const NAMED_MAX: usize = 3;

/// Shared by all handshakes.
#[derive(Debug)]
pub(super) struct RefusedLately {
    began: Instant,
    tally: Mutex<Tally>,
}

impl RefusedLately {
    pub(super) fn new() -> Self {
        Self { began: Instant::now(), tally: Mutex::default() }
    }

    pub(super) fn record(&self, peer: IpAddr, version: RefusedVersion) {
        let hour = self.hour();
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).record(hour, peer.to_canonical(), version);
    }

    /// Those of the last day that would be refused again.
    pub(super) fn told(&self, general: &General) -> Vec<RefusedClients> {
        let hour = self.hour();
        let counted_for = Some(self.began.elapsed().as_secs()).filter(|seconds| *seconds < HOURS * 3600);
        let told = self.tally.lock().unwrap_or_else(PoisonError::into_inner).told(hour, general);
        told.into_iter().map(|one| RefusedClients { counted_for, ..one }).collect()
    }

    fn hour(&self) -> u64 {
        self.began.elapsed().as_secs() / 3600
    }
}

/// The hours in which somebody was refused, the oldest first.
#[derive(Debug, Default)]
struct Tally(VecDeque<Hour>);

#[derive(Debug, Default)]
struct Hour {
    number: u64,
    attempts: HashMap<(RefusedVersion, IpAddr), u32>,
    /// There were more addresses than are remembered.
    is_more: bool,
}

impl Tally {
    fn record(&mut self, hour: u64, peer: IpAddr, version: RefusedVersion) {
        self.forget(hour);
        if self.0.back().is_none_or(|last| last.number != hour) {
            self.0.push_back(Hour { number: hour, ..Hour::default() });
        }
        let Some(last) = self.0.back_mut() else { return };
        let is_full = last.attempts.len() >= REFUSED_PER_HOUR_MAX;
        match last.attempts.get_mut(&(version, peer)) {
            Some(attempts) => *attempts = attempts.saturating_add(1),
            None if is_full => last.is_more = true,
            None => {
                last.attempts.insert((version, peer), 1);
            }
        }
    }

    fn forget(&mut self, hour: u64) {
        while self.0.front().is_some_and(|first| first.number + HOURS <= hour) {
            self.0.pop_front();
        }
    }

    fn told(&mut self, hour: u64, general: &General) -> Vec<RefusedClients> {
        self.forget(hour);
        // Where nobody is offered encryption, nobody is refused it.
        if general.encryption_mode == EncryptionMode::Off {
            return Vec::new();
        }
        let mut groups: BTreeMap<_, BTreeMap<IpAddr, u64>> = BTreeMap::new();
        for ((version, peer), attempts) in self.0.iter().flat_map(|hour| &hour.attempts) {
            if let Some(why) = why_refused(*version, *peer, general) {
                *groups.entry((*version, why)).or_default().entry(*peer).or_default() += u64::from(*attempts);
            }
        }
        let is_more = self.0.iter().any(|hour| hour.is_more);
        let clients = |((version, why), peers): (_, BTreeMap<IpAddr, u64>)| RefusedClients {
            version,
            why,
            attempts: peers.values().sum(),
            addresses: peers.len(),
            some: peers.into_keys().take(NAMED_MAX).collect(),
            is_more,
            counted_for: None,
            is_clear_refused: general.encryption_mode == EncryptionMode::Require,
        };
        groups.into_iter().map(clients).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::setting::TlsMinVersion;

    fn peer(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn attempts_are_counted_by_address_until_a_day_has_passed() {
        let mut tally = Tally::default();
        for (hour, last) in [(0, 1), (0, 1), (5, 1), (5, 2), (23, 3)] {
            tally.record(hour, peer(last), RefusedVersion::Tls1_0);
        }
        let mut told = |hour| {
            let told = tally.told(hour, &General::default());
            told.first().map(|one| (one.attempts, one.addresses, one.some.clone()))
        };
        assert_eq!(told(23), Some((5, 3, vec![peer(1), peer(2), peer(3)])));
        assert_eq!(told(24), Some((3, 3, vec![peer(1), peer(2), peer(3)])));
        assert_eq!(told(29), Some((1, 1, vec![peer(3)])));
        assert_eq!(told(47), None);
    }

    #[test]
    fn versions_are_told_apart_and_what_is_mended_no_more() {
        let mut tally = Tally::default();
        tally.record(0, peer(1), RefusedVersion::Tls1_0);
        tally.record(0, peer(1), RefusedVersion::Tls1_2);
        let mut versions = |general: &General| -> Vec<_> {
            tally.told(0, general).into_iter().map(|one| (one.version, one.attempts)).collect()
        };
        let newest = General { encryption_min_version: TlsMinVersion::V1_3, ..General::default() };
        assert_eq!(versions(&newest), [(RefusedVersion::Tls1_0, 1), (RefusedVersion::Tls1_2, 1)]);
        assert_eq!(versions(&General::default()), [(RefusedVersion::Tls1_0, 1)]);
        assert_eq!(versions(&General { encryption_mode: EncryptionMode::Off, ..newest }), []);
    }

    #[test]
    fn a_flood_of_addresses_is_told_as_a_least_number() {
        let mut tally = Tally::default();
        for number in 0..2000_u16 {
            let [high, low] = number.to_be_bytes();
            tally.record(7, IpAddr::from([10, 0, high, low]), RefusedVersion::Tls1_0);
        }
        tally.record(7, IpAddr::from([10, 0, 0, 0]), RefusedVersion::Tls1_0);
        let told = tally.told(7, &General::default());
        assert_eq!((told[0].addresses, told[0].attempts), (REFUSED_PER_HOUR_MAX, 513));
        assert!(told[0].is_more && told[0].some.len() == NAMED_MAX);
    }
}
