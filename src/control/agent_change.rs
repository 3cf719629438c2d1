//! What is wanted of an agent at work, in the words of the control socket, and what came of it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A queue is named; None: all in which the agent works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub(crate) enum AgentAction {
    LogOff,
    Pause {
        queue: Option<String>,
        #[serde(default)]
        reason: String,
    },
    Unpause {
        queue: Option<String>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AgentOutcome {
    Done,
    /// Asterisk was asked, and has not answered yet.
    Asked,
    Refused(AgentRefusal),
}

/// Why nothing was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AgentRefusal {
    NoSuchAgent,
    NoSuchQueue,
    NotLoggedIn,
    NotInQueue,
    InNoQueue,
    NoLink,
    LinkLost,
    /// In Asterisk's own words.
    ByAsterisk(String),
}

impl fmt::Display for AgentRefusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::NoSuchAgent => "there is no such agent",
            Self::NoSuchQueue => "there is no such queue",
            Self::NotLoggedIn => "the agent is not logged in",
            Self::NotInQueue => "the agent does not work in that queue",
            Self::InNoQueue => "the agent works in no queue",
            Self::NoLink => "there is no link to Asterisk",
            Self::LinkLost => "the link to Asterisk was lost meanwhile; it is done once the link is back",
            Self::ByAsterisk(words) => return write!(out, "Asterisk refuses: {words}"),
        })
    }
}
