//! What notices and answers are about, what can be registered for, and from where somebody looks.

use crate::settings::id::{AgentId, ConferenceId, ContextId, LineId, QueueId, UserId, UserUuid, VoicemailId};
use crate::settings::queue::MemberId;

/// What a notice or an answer is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Subject {
    User(UserId),
    Phone(LineId),
    Agent(AgentId),
    Queue(QueueId),
    Voicemail(VoicemailId),
    Conference(ConferenceId),
    /// Visible where its queue is.
    QueueMember(QueueId, MemberId),
}

/// From where somebody looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::live) enum Scope {
    /// Contexts are not separated.
    Everything,
    Context(ContextId),
    /// A user without a line, contexts separated.
    OnlyOwn,
}

/// What can be registered for. A user keeps the uuid over export and import, so that is the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::live) enum Watched {
    User(UserUuid),
    Phone(LineId),
    Agent(AgentId),
    /// Who waits in a queue.
    WaitingCallers(QueueId),
    /// The figures of every queue that one sees.
    QueueFigures,
}
