//! How the link stands, as whoever asks for it sees it: the control socket, `check`, the console.

/// Times in seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LinkState {
    /// No secret is set.
    Off,
    /// For the first time with these settings.
    Connecting,
    /// Logged in; Asterisk is asked how everything stands.
    Resyncing,
    Up {
        version: Box<str>,
        since: u64,
    },
    /// Asterisk cannot be reached, or the link was lost.
    Down {
        why: Box<str>,
        since: u64,
    },
    /// Asterisk refuses the login.
    Refused {
        why: Box<str>,
        since: u64,
    },
}

impl LinkState {
    pub(crate) fn is_up(&self) -> bool {
        matches!(self, Self::Up { .. })
    }
}
