//! How everything stands now, as the server tells it: users, phones, agents or queues, a row each.

use serde::{Deserialize, Serialize};

use super::event::PhoneStatus;

/// Of what the overview is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OverviewOf {
    Users,
    Phones,
    Agents,
    Queues,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Overview {
    /// Whether there is a link to the telephone system; without one, phones, agents and queues are as it said last.
    pub(crate) is_linked: bool,
    pub(crate) rows: OverviewRows,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OverviewRows {
    Users(Vec<UserNow>),
    Phones(Vec<PhoneNow>),
    Agents(Vec<AgentNow>),
    Queues(Vec<QueueNow>),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct UserNow {
    /// The login, or the id.
    pub(crate) user: String,
    pub(crate) name: String,
    pub(crate) presence: String,
    pub(crate) sessions: usize,
    /// What is switched on: `dnd`, `forward 1002`.
    pub(crate) services: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct PhoneNow {
    /// `1001@default`
    pub(crate) line: String,
    pub(crate) device: String,
    pub(crate) user: String,
    pub(crate) status: PhoneStatus,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct AgentNow {
    pub(crate) agent: String,
    pub(crate) name: String,
    pub(crate) state: AgentState,
    /// Unix time since when they are available, or are not.
    pub(crate) since: Option<f64>,
    /// Where they are logged in: `1001@default`, the telephone, and since when in Unix time.
    pub(crate) extension: Option<String>,
    pub(crate) device: Option<String>,
    pub(crate) logged_in_since: Option<i64>,
    pub(crate) queues: Vec<AgentQueue>,
    /// Whether the telephone is not registered.
    pub(crate) is_phone_gone: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AgentState {
    LoggedOut,
    OnQueueCall,
    OnOtherCall,
    Resting,
    Paused,
    Available,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct AgentQueue {
    pub(crate) queue: String,
    /// The reason, which may be empty; None: not paused there.
    pub(crate) paused: Option<String>,
    /// Unix time; None: not paused there, or nobody knows.
    #[serde(default)]
    pub(crate) paused_since: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct QueueNow {
    pub(crate) queue: String,
    pub(crate) display: String,
    pub(crate) members: usize,
    pub(crate) logged_in: usize,
    pub(crate) paused: usize,
    pub(crate) on_call: usize,
    pub(crate) available: usize,
    /// Calls that this queue brought and that go on.
    #[serde(default)]
    pub(crate) talking: usize,
    #[serde(default)]
    pub(crate) waiting: usize,
    /// Unix time since when the one waits who waits longest.
    #[serde(default)]
    pub(crate) longest_wait_since: Option<f64>,
    /// Who waits, in order.
    #[serde(default)]
    pub(crate) callers: Vec<CallerNow>,
}

/// A caller who waits in a queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct CallerNow {
    /// Empty where the caller says none, as the number.
    pub(crate) name: String,
    pub(crate) number: String,
    /// Unix time.
    pub(crate) since: f64,
}
