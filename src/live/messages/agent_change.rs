//! What an administrator wants of an agent, by the names that people use, and what came of it.

/// Tells one from the others that are under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct AgentChangeId(pub(crate) u64);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AgentChange {
    /// The agent's number.
    pub(crate) agent: Box<str>,
    pub(crate) action: AgentAction,
}

/// A queue is named; None: all in which the agent works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AgentAction {
    LogOff,
    Pause { queue: Option<Box<str>>, reason: Box<str> },
    Unpause { queue: Option<Box<str>> },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AgentChangeOutcome {
    Done,
    Refused(AgentChangeRefusal),
}

/// Why nothing was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AgentChangeRefusal {
    NoSuchAgent,
    NoSuchQueue,
    NotLoggedIn,
    /// The agent does not work in that queue.
    NotInQueue,
    /// The agent works in no queue at all.
    InNoQueue,
    NoLink,
    /// It was lost before Asterisk answered; what was asked is wanted still.
    LinkLost,
    /// In Asterisk's own words.
    ByAsterisk(Box<str>),
}
