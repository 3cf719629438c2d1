//! What happened, for whoever follows it from outside, as `ctibox events` does over the control socket. Plain
//! values, derived from the same comparison as what clients hear; no text of a chat and no password is in them.

use super::service_change::ServiceChange;
use super::session::SessionId;
use super::subject::Subject;
use crate::protocol::request::Version;
use crate::settings::id::UserId;

/// One change of the live state or of the settings.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    /// Unix time in seconds.
    pub(crate) at: f64,
    pub(crate) cause: Cause,
    pub(crate) subject: Subject,
    pub(crate) change: Change,
}

/// What brought an event about: the input that touched the subject, be it told later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// A session logged in.
    Login(SessionId),
    /// A line of this session.
    Request(SessionId),
    /// The connection of this session ended.
    ConnectionEnd(SessionId),
    /// The settings changed.
    Settings,
    /// An administrator ended a session.
    Administrator,
    /// The store has written, read or refused something.
    Store,
    /// The telephone system said or did something.
    Telephony,
    /// A timer was due.
    Timer,
    /// The client of this session acknowledged something.
    Acknowledgement(SessionId),
    /// The server stops.
    Stop,
}

/// What changed of its subject.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Change {
    SessionBegan {
        session: SessionId,
        version: Version,
    },
    SessionEnded {
        session: SessionId,
        reason: EndReason,
    },
    Presence {
        from: Box<str>,
        to: Box<str>,
    },
    /// As they are on disk now; those that changed.
    Services {
        changed: Vec<ServiceChange>,
    },
    /// A line's telephone, as `hintstatus` says it (telephony §2).
    Phone {
        from: i8,
        to: i8,
    },
    /// New messages in a voicemail box.
    Mailbox {
        from: u32,
        to: u32,
    },
    AgentLoggedIn {
        extension: Box<str>,
    },
    AgentLoggedOff,
    /// In the words of the wire (protocol 4.5.3).
    AgentAvailability {
        from: &'static str,
        to: &'static str,
    },
    /// How a queue has a member now, who may have joined it.
    QueueMember {
        status: u8,
        is_paused: bool,
    },
    /// The queue has the member no more.
    LeftQueue,
    /// So many callers wait in the queue now.
    Waiting {
        callers: usize,
    },
    Configured,
    Removed,
    /// A text from the subject to this user is on its way.
    ChatRelayed {
        to: UserId,
    },
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EndReason {
    LoggedOut,
    ConnectionLost,
    /// Closed plainly by an administrator: the client may come back by itself.
    Closed,
    /// Ended for good by an administrator.
    Forced,
    /// The user was deleted, disabled, or has another password.
    AccessRevoked,
    /// The user logged in more often than one may.
    TooManySessions,
}

impl EndReason {
    /// Whether the client may come back by itself: its user has the grace time then.
    pub(in crate::live) fn leaves_grace(self) -> bool {
        match self {
            Self::ConnectionLost | Self::Closed => true,
            Self::LoggedOut | Self::Forced | Self::AccessRevoked | Self::TooManySessions => false,
        }
    }
}
