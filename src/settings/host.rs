//! A host as a setting names it: an address or a name of the DNS. Used where ctibox is the one who connects.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

const HOST_NAME_BYTES_MAX: usize = 253;
const HOST_LABEL_BYTES_MAX: usize = 63;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Host {
    Address(IpAddr),
    /// In small letters.
    Name(Box<str>),
}

impl Host {
    /// An IPv6 address may stand in brackets.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Some(inner) = text.strip_prefix('[') {
            return Some(Self::Address(inner.strip_suffix(']')?.parse::<Ipv6Addr>().ok()?.into()));
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            return Some(Self::Address(address));
        }
        let is_label = |label: &str| {
            let is_taken = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_');
            (1..=HOST_LABEL_BYTES_MAX).contains(&label.len()) && label.bytes().all(is_taken) && !label.starts_with('-')
        };
        // What ends in a number would be a badly written address.
        let ends_in_letter = text.rsplit('.').next().is_some_and(|last| !last.bytes().all(|c| c.is_ascii_digit()));
        let is_name = text.len() <= HOST_NAME_BYTES_MAX && text.split('.').all(is_label);
        // A single label may be a number: nobody writes an address so.
        (is_name && (ends_in_letter || !text.contains('.'))).then(|| Self::Name(text.to_ascii_lowercase().into()))
    }

    /// Whether what goes there stays on this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        match self {
            Self::Address(address) => address.is_loopback(),
            Self::Name(name) => &**name == "localhost",
        }
    }

    pub(crate) fn localhost() -> Self {
        Self::Name("localhost".into())
    }
}

/// As in a URI: IPv6 in brackets.
impl fmt::Display for Host {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(IpAddr::V6(address)) => write!(out, "[{address}]"),
            Self::Address(address) => address.fmt(out),
            Self::Name(name) => name.fmt(out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_an_address_or_a_name() {
        for (text, shown) in [
            ("localhost", "localhost"),
            ("LDAP.Example.org", "ldap.example.org"),
            ("dc_1.example.org", "dc_1.example.org"),
            ("192.0.2.1", "192.0.2.1"),
            ("2001:db8::1", "[2001:db8::1]"),
            ("[::1]", "[::1]"),
            ("8", "8"),
        ] {
            assert_eq!(Host::parse(text).map(|host| host.to_string()).as_deref(), Some(shown), "{text}");
        }
        let (label, name) = ("a".repeat(64), "a.".repeat(127) + "org");
        for text in
            ["", ".", "a..b", "-a", "a b", "a/b", "a:1", "[192.0.2.1]", "[::1", "192.0.2", "1.2.3.4.5", &label, &name]
        {
            assert_eq!(Host::parse(text), None, "{text}");
        }
    }
}
