//! How everything stands now, as an administrator sees it: plain values, by the names that people use. `state::overview`
//! makes them, the server answers with them.

/// Of what the overview is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OverviewOf {
    Users,
    Phones,
    Agents,
    Queues,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Overview {
    /// Whether there is a link to the telephone system; without one, phones, agents and queues are as it said last.
    pub(crate) is_linked: bool,
    pub(crate) rows: OverviewRows,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum OverviewRows {
    Users(Vec<UserNow>),
    Phones(Vec<PhoneNow>),
    Agents(Vec<AgentNow>),
    Queues(Vec<QueueNow>),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct UserNow {
    /// The login, or the id.
    pub(crate) user: String,
    pub(crate) name: String,
    pub(crate) presence: String,
    pub(crate) sessions: usize,
    /// What is switched on: `dnd`, `forward 1002`.
    pub(crate) services: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PhoneNow {
    /// `1001@default`
    pub(crate) line: String,
    pub(crate) device: String,
    pub(crate) user: String,
    /// Telephony §2.
    pub(crate) hint: i8,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AgentNow {
    pub(crate) agent: String,
    pub(crate) name: String,
    pub(crate) state: AgentStateNow,
    /// Unix time since when they are available, or are not; None: since the start of the server.
    pub(crate) since: Option<f64>,
    /// Where they are logged in.
    pub(crate) login: Option<AgentPlace>,
    pub(crate) queues: Vec<AgentQueueNow>,
    pub(crate) is_phone_gone: bool,
}

/// What an agent does; the first that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AgentStateNow {
    LoggedOut,
    OnQueueCall,
    OnOtherCall,
    /// After a call.
    Resting,
    /// In all their queues.
    Paused,
    Available,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AgentPlace {
    /// `1001@default`
    pub(crate) extension: String,
    pub(crate) device: String,
    /// Unix time.
    pub(crate) since: i64,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AgentQueueNow {
    pub(crate) queue: String,
    /// The reason, which may be empty; None: not paused there.
    pub(crate) paused: Option<String>,
    /// Unix time; None: not paused there, or since before the server began and Asterisk does not say.
    pub(crate) paused_since: Option<f64>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct QueueNow {
    pub(crate) queue: String,
    pub(crate) display: String,
    /// Agents and lines that the settings or agents themselves put there.
    pub(crate) members: usize,
    /// Agents alone.
    pub(crate) logged_in: usize,
    pub(crate) paused: usize,
    pub(crate) on_call: usize,
    pub(crate) available: usize,
    /// Calls that this queue brought and that go on.
    pub(crate) talking: usize,
    /// In order of position.
    pub(crate) callers: Vec<CallerNow>,
}

/// A caller who waits in a queue.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CallerNow {
    /// Empty where the caller says none, as the number.
    pub(crate) name: String,
    pub(crate) number: String,
    /// Unix time.
    pub(crate) since: f64,
}
