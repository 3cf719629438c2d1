//! What is asked of the telephone system, what for, and what came of it: each question has a reply of its own type.

use super::channel::Party;
use super::request::{CallFailure, DialplanPlace, Originate, RequestFailure, TelephonyRequest};
use crate::live::messages::agent_change::AgentChangeId;
use crate::live::messages::permit::AnswerPermit;
use crate::live::messages::session::Requester;
use crate::settings::id::{AgentId, QueueId, UserId};

/// Something that is asked of the telephone system, and who waits for what comes of it.
#[derive(Debug, PartialEq)]
pub(crate) struct TelephonyCall {
    pub(crate) question: TelephonyQuestion,
    /// Of the line that is not answered before the reply; nobody's where none waits for that.
    pub(crate) permit: AnswerPermit,
}

/// What is asked, and what for: each comes back as the `TelephonyReply` of its name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TelephonyQuestion {
    Do(TelephonyRequest, TelephonyPending),
    /// Whether the dial plan has the extension.
    Exists(DialplanPlace, Box<DialOrder>),
    Originate(Originate, CallPending),
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TelephonyReply {
    Do(TelephonyPending, Result<(), RequestFailure>),
    Exists(Box<DialOrder>, Result<bool, RequestFailure>),
    Originate(CallPending, Result<(), CallFailure>),
}

impl TelephonyQuestion {
    /// The reply where all is done that is asked for, and all extensions are there.
    pub(crate) fn succeed(self) -> TelephonyReply {
        match self {
            Self::Do(_, pending) => TelephonyReply::Do(pending, Ok(())),
            Self::Exists(_, order) => TelephonyReply::Exists(order, Ok(true)),
            Self::Originate(_, pending) => TelephonyReply::Originate(pending, Ok(())),
        }
    }
}

/// Who waits until something is done.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TelephonyPending {
    Nobody,
    /// Something of an agent: `handlers::agents`.
    Agent {
        agent: AgentId,
        /// None: all, or none.
        queue: Option<QueueId>,
        step: AgentStep,
        order: AgentOrder,
    },
    /// A lamp or key of a user: `handlers::lamps`.
    User(UserId),
    /// A queue that is asked how it stands: `handlers::queues`.
    Queue(QueueId),
    /// The end of a call of one's own: `handlers::calls`.
    HangUp {
        by: Requester,
    },
}

/// Who waits for a call that begins at their telephone: `handlers::calls`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum CallPending {
    Dial { order: Box<DialOrder>, stage: DialStage },
    Listen { by: Requester },
}

/// What of an agent's work is being done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AgentStep {
    /// One of the queues of an agent who logs in takes them.
    LogIn,
    /// One of the queues of an agent who logs off lets them go.
    LogOff,
    Join,
    Leave,
    Pause {
        is_paused: bool,
        reason: Box<str>,
    },
    /// A queue calls the agent earlier or later than before.
    Penalty,
    /// What must follow, and decides nothing: rows of the log, lamps, keys.
    Other,
}

/// Who wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AgentOrder {
    Client(Requester),
    /// The presence of the agent's user.
    Presence,
    /// The agent's telephone, or that it is gone.
    Telephone,
    /// An administrator, who waits for what comes of it.
    Administrator(AgentChangeId),
    /// Ourselves: the telephone system is to be as it was, or as the settings say.
    Ours,
}

/// A call that a user wants to make from their own telephone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DialOrder {
    pub(crate) by: Requester,
    /// As the user wrote it, for the answer.
    pub(crate) number: Box<str>,
    /// As the dial plan wants it.
    pub(crate) extension: Box<str>,
    /// Where the user's line is.
    pub(crate) context: Box<str>,
    pub(crate) device: Box<str>,
    pub(crate) called: Party,
    pub(crate) caller: Party,
}

/// How far a call that a user wants to make has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DialStage {
    /// The telephone rings; it is to call through the context that gives it its own number back.
    Restoring,
    /// The same without that context, which the dial plan does not have.
    Direct,
}
