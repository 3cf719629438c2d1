//! What can happen, as values. Above `messages`, for settings come made ready.

use super::prepared_settings::SettingsChange;
use crate::live::messages::{
    Admission, AfterCommit, AgentChange, AgentChangeId, AnswerPermit, CallerQuestion, CallerQuestionId, Ending,
    SessionId, StoreReply, SwitchOff, SwitchOffId, TelephonyInput, TelephonyReply, TimerKey,
};
use crate::protocol::request::ClientLine;
use crate::settings::id::ChatId;

/// What can happen.
#[derive(Debug)]
pub(crate) enum Input {
    /// A handshake reached a good `login_capas`: the session's first notice is its answer.
    LoggedIn { session: SessionId, admission: Admission },
    /// A line of a logged-in session, which is not answered while the permit is held.
    Asked { session: SessionId, line: ClientLine, permit: AnswerPermit },
    /// The connection ended, for whatever reason.
    Gone { session: SessionId },
    /// The settings are to be others; files and command line are merged into them already.
    Settings(Box<SettingsChange>),
    /// An administrator ends one session (plainly, or for good).
    End { session: SessionId, how: Ending },
    /// An administrator wants something of an agent; what comes of it is in `Effects::agent_changes`.
    ChangeAgent { id: AgentChangeId, change: AgentChange },
    /// An administrator wants services of a user switched off; what comes of it is in `Effects::switched_off`.
    SwitchOff { id: SwitchOffId, order: SwitchOff },
    /// What waited for these writes may be told: they are on disk.
    Committed(Vec<AfterCommit>),
    /// The writes failed: nothing of them is told and the services are what they were.
    CommitFailed(Vec<AfterCommit>),
    /// What the store was asked for is done, or failed.
    StoreReplied(StoreReply),
    /// What the link to the telephone system brings.
    Telephony(TelephonyInput),
    /// What the telephone system was asked for is done, or is not.
    TelephonyReplied(TelephonyReply),
    /// The telephone system asks what a caller is called; `Immediate::CallerNamed` answers.
    CallerAsked { id: CallerQuestionId, question: CallerQuestion },
    /// The system of this session's client has acknowledged a chat text.
    ChatAcknowledged { session: SessionId, chat: ChatId },
    /// The connection of this session is no more: what it did not acknowledge it never will. Comes behind its `Gone`.
    ConnectionOver { session: SessionId },
    /// The server stops: no session ends, but chat that no client has acknowledged is kept.
    Stopping,
    /// Clients wait for the check of their passwords: users who were connected before the start may be among them.
    ChecksWait,
    /// Somebody follows what happens: from now on it is said as events.
    Followed,
    /// Nobody does any more.
    Unfollowed,
    /// More is to be told, or taken over of what a link began with, as `Live::is_publishing` said.
    Continue,
    /// The timer is due; it is set no more.
    TimerFired(TimerKey),
}

impl Input {
    /// Whether this comes before a timer that is due at the same moment: whoever returns when the grace time ends is back
    /// in time.
    pub(crate) fn overtakes(&self, key: TimerKey) -> bool {
        match key {
            TimerKey::Grace(_) => matches!(self, Self::LoggedIn { .. } | Self::ChecksWait),
            TimerKey::ChatDeadline(_) | TimerKey::Pace(_) | TimerKey::Telephony(_) => false,
        }
    }
}
