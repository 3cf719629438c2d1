//! Who is slowed down after failed logins, in the words of the control socket.

use serde::{Deserialize, Serialize};

/// So many logins with failures are told with how the server stands, for whoever looks at one user.
pub(crate) const FAILED_LOGINS_TOLD_MAX: usize = 100;

/// Logins and addresses with failures that count, or with attempts that wait; those with most failures first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FailedLogins {
    pub(crate) logins: Vec<FailedLogin>,
    pub(crate) addresses: Vec<FailedAddress>,
}

/// A login, whether or not anybody has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FailedLogin {
    pub(crate) login: String,
    pub(crate) failures: u32,
    /// From how many addresses.
    pub(crate) addresses: u32,
    /// How far apart its attempts are now.
    pub(crate) delay_seconds: u64,
    pub(crate) waiting: u32,
    /// When the last failure was, in Unix seconds; none: none is counted, or an older server does not tell.
    #[serde(default)]
    pub(crate) last_at: Option<i64>,
}

/// An IPv4 address, or a /64 of IPv6.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FailedAddress {
    pub(crate) address: String,
    pub(crate) failures: u32,
    pub(crate) delay_seconds: u64,
    pub(crate) waiting: u32,
}

/// How many are slowed down now, for who only looks whether there are some.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SlowedDown {
    pub(crate) logins: u32,
    pub(crate) addresses: u32,
    /// Attempts that wait, whether for a delay or only for the one before.
    pub(crate) waiting: u32,
}

impl FailedLogins {
    pub(crate) fn slowed_down(&self) -> SlowedDown {
        let number = |delays: &mut dyn Iterator<Item = u64>| {
            u32::try_from(delays.filter(|delay| *delay > 0).count()).unwrap_or(u32::MAX)
        };
        SlowedDown {
            logins: number(&mut self.logins.iter().map(|login| login.delay_seconds)),
            addresses: number(&mut self.addresses.iter().map(|address| address.delay_seconds)),
            waiting: self.logins.iter().map(|login| login.waiting).sum(),
        }
    }
}
