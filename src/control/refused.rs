//! The clients that encryption refused in the last day because of their old TLS, as the running server tells them.
//! `server` counts, `check` makes findings of it, `health` and the console say it to people.

use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// Clients that offered nothing newer than a version and would be refused for one and the same reason now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RefusedClients {
    pub(crate) version: RefusedVersion,
    pub(crate) why: WhyRefused,
    /// A client that tries again by itself is counted each time.
    pub(crate) attempts: u64,
    pub(crate) addresses: usize,
    /// Some of the addresses.
    pub(crate) some: Vec<IpAddr>,
    /// There were more of them than are remembered.
    #[serde(default)]
    pub(crate) is_more: bool,
    /// How long the server that counts them has run, in seconds, where that is less than a day: who was refused before
    /// its start is not known.
    #[serde(default)]
    pub(crate) counted_for: Option<u64>,
    /// Without encryption nobody is let in either (`encryption.mode` is `require`).
    #[serde(default)]
    pub(crate) is_clear_refused: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum RefusedVersion {
    #[serde(rename = "SSL 3.0")]
    Ssl3,
    #[serde(rename = "TLS 1.0")]
    Tls1_0,
    #[serde(rename = "TLS 1.1")]
    Tls1_1,
    #[serde(rename = "TLS 1.2")]
    Tls1_2,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WhyRefused {
    /// Nobody speaks SSL 3.0 any more.
    NeverSpoken,
    /// The program was built without the feature `legacy-tls`.
    NotBuilt,
    /// `encryption.allow_legacy_tls` is off.
    NotAllowed,
    /// `encryption.legacy_tls_from` names other networks.
    OtherNetwork,
    /// `encryption.min_version` is newer.
    MinVersion,
    /// The client can do better and was led to believe that the server cannot (RFC 7507).
    Fallback,
}

impl fmt::Display for RefusedVersion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Ssl3 => "SSL 3.0",
            Self::Tls1_0 => "TLS 1.0",
            Self::Tls1_1 => "TLS 1.1",
            Self::Tls1_2 => "TLS 1.2",
        })
    }
}

/// `clients of 2 addresses (192.0.2.7, 192.0.2.8) were refused in the last day, in 37 attempts: TLS 1.0`; of a server that
/// has not run for a day `… since the server started 3 hours ago …`.
impl fmt::Display for RefusedClients {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let addresses = if self.addresses == 1 { "1 address" } else { &format!("{} addresses", self.addresses) };
        let attempts = if self.attempts == 1 { "1 attempt" } else { &format!("{} attempts", self.attempts) };
        let least = if self.is_more { "at least " } else { "" };
        let mut some: Vec<_> = self.some.iter().map(IpAddr::to_string).collect();
        if self.some.len() < self.addresses {
            some.push("…".to_owned());
        }
        let since = self.counted_for.map_or_else(|| "in the last day".to_owned(), since_start);
        write!(
            out,
            "clients of {least}{addresses} ({}) were refused {since}, in {least}{attempts}: {}",
            some.join(", "),
            self.version
        )
    }
}

fn since_start(seconds: u64) -> String {
    let (number, unit) = if seconds < 2 * 3600 { ((seconds / 60).max(1), "minute") } else { (seconds / 3600, "hour") };
    format!("since the server started {number} {unit}{} ago", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_refused_is_said_in_one_line() {
        let mut refused = RefusedClients {
            version: RefusedVersion::Tls1_0,
            why: WhyRefused::NotAllowed,
            attempts: 37,
            addresses: 2,
            some: vec!["192.0.2.7".parse().expect("an address"), "192.0.2.8".parse().expect("an address")],
            is_more: false,
            counted_for: None,
            is_clear_refused: false,
        };
        assert_eq!(
            refused.to_string(),
            "clients of 2 addresses (192.0.2.7, 192.0.2.8) were refused in the last day, in 37 attempts: TLS 1.0"
        );
        (refused.attempts, refused.addresses, refused.is_more) = (1, 3, true);
        assert_eq!(
            refused.to_string(),
            "clients of at least 3 addresses (192.0.2.7, 192.0.2.8, …) were refused in the last day, in at least \
             1 attempt: TLS 1.0"
        );
        let since = |seconds| RefusedClients { counted_for: Some(seconds), ..refused.clone() }.to_string();
        assert!(since(5).contains("were refused since the server started 1 minute ago, in at least 1 attempt"));
        assert!(since(7100).contains("118 minutes ago") && since(7300).contains("2 hours ago"));
        let text = serde_json::to_string(&refused).expect("a text");
        assert!(text.starts_with(r#"{"version":"TLS 1.0","why":"not_allowed","attempts":1,"addresses":3,"#), "{text}");
    }
}
