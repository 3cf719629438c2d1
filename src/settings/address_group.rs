//! Which addresses count as one peer wherever something is bounded or takes turns by address: one of IPv4 by itself, all
//! of a /64 of IPv6 together, for whoever has one address of it has them all. `auth` and `server` count by it; the
//! command line and the console show and take it as text.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

/// The part of an IPv6 address that a network is known by.
const NETWORK_BITS: u32 = 64;

/// An IPv4 address, a /64 of IPv6, or `::1`, which shares its network with nobody. IPv4 inside IPv6 counts as IPv4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AddressGroup(IpAddr);

/// What was written is no address of either kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither an IPv4 address nor an IPv6 address or its /64")]
pub(crate) struct NoAddress;

impl AddressGroup {
    pub(crate) fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(address) if !address.is_loopback() => {
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> NETWORK_BITS << NETWORK_BITS))
            }
            alone => alone,
        })
    }

    /// Whether it is this host itself.
    pub(crate) fn is_local_host(self) -> bool {
        self.0.is_loopback()
    }
}

impl fmt::Display for AddressGroup {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V6(address) if !address.is_loopback() => write!(out, "{address}/{NETWORK_BITS}"),
            alone => alone.fmt(out),
        }
    }
}

impl FromStr for AddressGroup {
    type Err = NoAddress;

    /// Takes what `Display` writes, and every address of the group.
    fn from_str(text: &str) -> Result<Self, NoAddress> {
        let address = match text.split_once('/') {
            None => text.parse::<IpAddr>().ok(),
            Some((network, "64")) => network.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
            Some(_) => None,
        };
        address.map(Self::of).ok_or(NoAddress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(text: &str) -> AddressGroup {
        text.parse().expect("an address")
    }

    #[test]
    fn a_network_of_ipv6_is_one_and_every_address_of_ipv4_is_its_own() {
        assert_eq!(group("2001:db8:1:2::1"), group("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(group("2001:db8:1:2::1"), group("2001:db8:1:3::1"));
        assert_ne!(group("192.0.2.1"), group("192.0.2.2"));
        assert_eq!(group("::ffff:192.0.2.1"), group("192.0.2.1"));
        assert_ne!(group("::1"), group("::2"), "the host itself is no network");
    }

    #[test]
    fn its_text_is_read_again() {
        for (written, shown) in [
            ("2001:db8::17", "2001:db8::/64"),
            ("2001:db8::/64", "2001:db8::/64"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("::1", "::1"),
        ] {
            assert_eq!(group(written).to_string(), shown);
            assert_eq!(group(shown), group(written));
        }
        for bad in ["", "alice", "192.0.2.0/24", "192.0.2.1/64", "2001:db8::/48", "2001:db8::/64/64"] {
            assert_eq!(bad.parse::<AddressGroup>(), Err(NoAddress), "{bad}");
        }
        assert!(group("127.0.0.9").is_local_host() && group("::1").is_local_host());
        assert!(!group("::2").is_local_host());
    }
}
