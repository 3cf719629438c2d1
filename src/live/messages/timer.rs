//! What may become due: one timer a key, set again or cancelled by whoever set it. The engine keeps them and says when
//! one fired.

use std::time::Duration;

use super::session::SessionId;
use crate::settings::id::{AgentId, QueueId, UserUuid};

/// Whose time runs, and for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum TimerKey {
    /// A user whose last session was lost, or who was connected before the start, may come back until then.
    Grace(UserUuid),
    /// A session that has not shown by then that it is a desktop client is none (protocol decision 16).
    ChatDeadline(SessionId),
    /// Something of the session that waits for its turn may pass then (protocol decision 13).
    Pace(SessionId),
    Telephony(TelephonyTimer),
}

/// What may become due of telephones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum TelephonyTimer {
    /// What changed on a busy floor since it was told last may be told.
    Tell,
    /// The rest of an agent after a call is over.
    WrapUp(AgentId),
    /// An agent's availability has stood for long enough to be told.
    Availability(AgentId),
    /// The telephone of a logged-in agent has been gone for too long.
    PhoneGone(AgentId),
    /// What queues say of an agent who logged off counts again.
    LoggedOff(AgentId),
    /// A queue may be asked for its summary again.
    Summary(QueueId),
}

/// What becomes of a timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimerChange {
    /// `Input::TimerFired` is to come then, on the steady clock, and at no time that was said before.
    Set { key: TimerKey, at: Duration },
    /// It is not to come.
    Cancel { key: TimerKey },
}
