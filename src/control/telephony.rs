//! How the link to Asterisk stands, as the running server says it to commands and the console.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Times in seconds since 1970.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(crate) enum TelephonyLink {
    /// No secret is set.
    #[default]
    Off,
    Connecting,
    /// Logged in; Asterisk is asked how everything stands.
    Resyncing,
    Up {
        /// Of Asterisk.
        version: String,
        since: u64,
    },
    /// Asterisk cannot be reached, or the link was lost.
    Down {
        why: String,
        since: u64,
    },
    /// Asterisk refuses the login.
    Refused {
        why: String,
        since: u64,
    },
}

/// What passed between ctibox and Asterisk, a line of a trace; secrets are masked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct PassedPacket {
    /// Unix time in seconds.
    pub(crate) at: f64,
    /// Or received.
    pub(crate) is_sent: bool,
    /// Headers, `Name: value`, in their order.
    pub(crate) lines: Vec<String>,
}

impl fmt::Display for TelephonyLink {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => out.write_str("off: no ami.secret is set"),
            Self::Connecting => out.write_str("connecting to Asterisk"),
            Self::Resyncing => out.write_str("connected to Asterisk, asking how everything stands"),
            Self::Up { version, .. } if version.is_empty() => out.write_str("up"),
            Self::Up { version, .. } => write!(out, "up, Asterisk {version}"),
            Self::Down { why, .. } | Self::Refused { why, .. } => write!(out, "down: {why}"),
        }
    }
}
