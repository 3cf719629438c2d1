//! A network of addresses as administrators write it, `10.0.0.0/8`; one address is a network of its own. `setting` reads
//! lists of them, `server` asks whether a peer stands in one. Pure.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// Where a company's own machines are (settings §1.9).
pub(crate) const PRIVATE: &str =
    "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,::1/128,fc00::/7,fe80::/10";

/// The networks of a canonical text.
pub(crate) fn listed(text: &str) -> Vec<Network> {
    text.split(',').filter_map(|network| network.parse().ok()).collect()
}

/// The bits behind the prefix are nought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Network {
    base: IpAddr,
    prefix: u8,
}

/// The text is no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoNetwork;

impl Network {
    /// An IPv4 address in the clothes of IPv6 counts as what it is.
    pub(crate) fn holds(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.base.is_ipv4() && masked(address, self.prefix) == self.base
    }

    /// Whether it is some company's own, out of others' reach.
    pub(crate) fn is_private(&self) -> bool {
        listed(PRIVATE).iter().any(|private| private.covers(self))
    }

    /// Whether every address of the other one is in this one.
    fn covers(&self, other: &Self) -> bool {
        self.prefix <= other.prefix && self.holds(other.base)
    }
}

impl FromStr for Network {
    type Err = NoNetwork;

    /// Takes an address of the network too: `192.168.1.17/24` is `192.168.1.0/24`.
    fn from_str(text: &str) -> Result<Self, NoNetwork> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NoNetwork)?;
        let most = bits(address);
        let prefix = match prefix {
            None => most,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.parse().ok().filter(|prefix| *prefix <= most).ok_or(NoNetwork)?
            }
            Some(_) => return Err(NoNetwork),
        };
        Ok(Self { base: masked(address, prefix), prefix })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.base, self.prefix)
    }
}

fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn masked(address: IpAddr, prefix: u8) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() & mask))
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & mask))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Network {
        text.parse().expect("a network")
    }

    fn holds(text: &str, address: &str) -> bool {
        network(text).holds(address.parse().expect("an address"))
    }

    #[test]
    fn a_network_is_written_with_its_own_address() {
        for (text, canonical) in [
            ("192.168.1.17/24", "192.168.1.0/24"),
            ("10.1.2.3", "10.1.2.3/32"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("FD00::1/7", "fc00::/7"),
            ("::1", "::1/128"),
            ("::/0", "::/0"),
        ] {
            assert_eq!(network(text).to_string(), canonical);
        }
        for text in ["", "/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/+8", "10.0.0/8", "::/129", "10.0.0.0/8/8", "any"] {
            assert_eq!(text.parse::<Network>(), Err(NoNetwork), "{text}");
        }
    }

    #[test]
    fn an_address_is_in_its_network_alone() {
        assert!(holds("10.0.0.0/8", "10.255.0.1") && holds("10.0.0.0/8", "::ffff:10.0.0.1"));
        assert!(!holds("10.0.0.0/8", "11.0.0.0") && !holds("10.0.0.0/8", "::1") && !holds("::/0", "10.0.0.1"));
        assert!(holds("172.16.0.0/12", "172.31.255.255") && !holds("172.16.0.0/12", "172.32.0.0"));
        assert!(holds("fc00::/7", "fd12::1") && !holds("fc00::/7", "fe80::1"));
        assert!(holds("0.0.0.0/0", "8.8.8.8") && holds("::1/128", "::1") && !holds("::1/128", "::2"));
    }

    #[test]
    fn a_network_covers_its_parts() {
        let covers = |one: &str, other: &str| network(one).covers(&network(other));
        assert!(covers("10.0.0.0/8", "10.1.0.0/16") && covers("10.0.0.0/8", "10.0.0.0/8"));
        assert!(!covers("10.1.0.0/16", "10.0.0.0/8") && !covers("10.0.0.0/8", "192.168.0.0/16"));
        assert!(!covers("::/0", "10.0.0.0/8"));
        assert!(network("10.2.0.0/16").is_private() && !network("0.0.0.0/0").is_private());
        assert_eq!(listed(PRIVATE).len(), 8);
    }
}
