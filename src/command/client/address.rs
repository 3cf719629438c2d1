//! Where a server is: a name or address, and a port.

use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

/// The CTI port unless said otherwise (protocol 1.1).
const PORT: u16 = 5003;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) host: String,
    pub(super) port: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be like `host`, `host:5003`, `192.0.2.1:5003`, `::1` or `[::1]:5003`")]
pub(super) struct NoAddress;

impl FromStr for Address {
    type Err = NoAddress;

    fn from_str(text: &str) -> Result<Self, NoAddress> {
        let (host, port) = match text.strip_prefix('[').map(|rest| rest.split_once(']')) {
            Some(Some((host, ""))) => (host, None),
            Some(Some((host, rest))) => (host, Some(rest.strip_prefix(':').ok_or(NoAddress)?)),
            Some(None) => return Err(NoAddress),
            None if text.parse::<Ipv6Addr>().is_ok() => (text, None),
            None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
        };
        let port = port.map_or(Ok(PORT), |port| port.parse().map_err(|_| NoAddress))?;
        let is_host = !host.is_empty() && !host.contains(|c: char| c.is_whitespace() || c.is_control() || c == '/');
        if is_host { Ok(Self { host: host.to_owned(), port }) } else { Err(NoAddress) }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(out, "[{}]:{}", self.host, self.port),
            false => write!(out, "{}:{}", self.host, self.port),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, host: &str, port: u16) {
        assert_eq!(text.parse(), Ok(Address { host: host.to_owned(), port }), "{text}");
    }

    #[test]
    fn hosts_come_with_and_without_ports() {
        check("cti.example.org", "cti.example.org", 5003);
        check("cti.example.org:15003", "cti.example.org", 15003);
        check("192.0.2.1:1", "192.0.2.1", 1);
        check("::1", "::1", 5003);
        check("[::1]", "::1", 5003);
        check("[::1]:5004", "::1", 5004);
        for text in ["", ":5003", "host:", "host:x", "host:70000", "[::1", "[::1]5003", "a b", "::1:2:x"] {
            assert_eq!(text.parse::<Address>(), Err(NoAddress), "{text}");
        }
    }

    #[test]
    fn an_address_is_shown_as_it_can_be_typed() {
        for text in ["cti.example.org:5003", "[::1]:5004"] {
            assert_eq!(text.parse::<Address>().expect(text).to_string(), text);
        }
    }
}
