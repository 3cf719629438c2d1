//! The services that users switch, in the words of the control socket, and what came of switching them off.

use std::fmt;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SwitchedService {
    DoNotDisturb,
    CallFilter,
    Recording,
    Forward,
    ForwardUnanswered,
    ForwardBusy,
}

impl SwitchedService {
    pub(crate) const ALL: [Self; 6] = [
        Self::DoNotDisturb,
        Self::CallFilter,
        Self::Recording,
        Self::Forward,
        Self::ForwardUnanswered,
        Self::ForwardBusy,
    ];

    /// The word for it on the command line, with which what a user has switched on begins too.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::DoNotDisturb => "dnd",
            Self::CallFilter => "call-filter",
            Self::Recording => "record",
            Self::Forward => "forward",
            Self::ForwardUnanswered => "forward-unanswered",
            Self::ForwardBusy => "forward-busy",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ServicesOutcome {
    /// They are off, and stay so over a restart.
    Off,
    NothingOn,
    NoSuchUser,
    /// The disk did not take it.
    NotKept,
}

impl fmt::Display for ServicesOutcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Off => "switched off",
            Self::NothingOn => "none of it is switched on",
            Self::NoSuchUser => "the running server knows no such user yet",
            Self::NotKept => "the server could not write it to the database: its log says why",
        })
    }
}
