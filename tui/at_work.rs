//! What the running server last said of agents and queues: who is logged in and paused, who waits. What listens to the
//! server brings it, the app keeps it.

use crate::control::{AgentNow, AgentState, QueueNow};

/// How agents and queues stand.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct AtWork {
    /// Without a link to Asterisk all of it is as it stood last.
    pub(super) is_linked: bool,
    pub(super) agents: Vec<AgentNow>,
    pub(super) queues: Vec<QueueNow>,
}

impl AtWork {
    pub(super) fn agent(&self, number: &str) -> Option<&AgentNow> {
        self.agents.iter().find(|agent| agent.agent == number)
    }

    pub(super) fn queue(&self, name: &str) -> Option<&QueueNow> {
        self.queues.iter().find(|queue| queue.queue == name)
    }
}

/// As short as a column wants it.
pub(super) fn state_words(state: AgentState) -> &'static str {
    match state {
        AgentState::LoggedOut => "logged out",
        AgentState::OnQueueCall => "queue's call",
        AgentState::OnOtherCall => "other call",
        AgentState::Resting => "resting",
        AgentState::Paused => "paused",
        AgentState::Available => "available",
    }
}

/// Whether they are logged in.
pub(super) fn is_in(agent: &AgentNow) -> bool {
    agent.state != AgentState::LoggedOut
}
