//! What happened, as `ctibox events` prints it: one JSON object a line, with when, what, why and of whom.

use serde::{Deserialize, Serialize};

/// One line of the stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct EventLine {
    /// Unix time in seconds.
    pub(crate) time: f64,
    #[serde(flatten)]
    pub(crate) happening: Happening,
    pub(crate) cause: Cause,
    pub(crate) subject: Object,
}

/// What happened to the subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Happening {
    SessionBegan {
        session: u64,
        /// Protocol version of the client.
        version: String,
    },
    SessionEnded {
        session: u64,
        reason: EndReason,
    },
    PresenceChanged {
        from: String,
        to: String,
    },
    /// Those that changed, as they are on disk now.
    ServicesChanged(Services),
    PhoneChanged {
        from: PhoneStatus,
        to: PhoneStatus,
    },
    /// New messages in a voicemail box.
    VoicemailChanged {
        from: u32,
        to: u32,
    },
    AgentLoggedIn {
        extension: String,
    },
    AgentLoggedOff,
    /// `available`, `unavailable` or `on_call_nonacd_…`
    AgentAvailabilityChanged {
        from: String,
        to: String,
    },
    /// A member of a queue joined it or stands otherwise: `status` as in the protocol.
    QueueMemberChanged {
        status: u8,
        paused: bool,
    },
    /// The queue has the member no more.
    QueueLeft,
    /// So many callers wait in the queue now.
    WaitingChanged {
        callers: usize,
    },
    /// The settings say something new of it.
    Configured,
    Removed,
    /// A text to this user is on its way.
    ChatRelayed {
        to: Object,
    },
}

/// The services that changed; the others are left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Services {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) do_not_disturb: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) call_filter: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) recording: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) unconditional: Option<Forward>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) no_answer: Option<Forward>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) busy: Option<Forward>,
}

/// What a telephone does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PhoneStatus {
    Idle,
    InUse,
    Busy,
    /// Not registered, or nothing is known of it.
    Unavailable,
    Ringing,
    /// In use, and another call rings.
    InUseAndRinging,
    OnHold,
    /// The dial plan no longer has its hint.
    Removed,
    Deactivated,
    /// None that we know.
    Other,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Forward {
    pub(crate) on: bool,
    pub(crate) destination: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EndReason {
    LoggedOut,
    ConnectionLost,
    /// By an administrator: the client may come back by itself.
    Closed,
    /// By an administrator, for good.
    Forced,
    /// The user was deleted, disabled, or has another password.
    AccessRevoked,
    TooManySessions,
}

/// What brought it about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Cause {
    Login { session: u64 },
    Request { session: u64 },
    ConnectionEnd { session: u64 },
    Acknowledgement { session: u64 },
    Settings,
    Administrator,
    Store,
    Telephony,
    Timer,
    Stop,
}

/// An object of the settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Object {
    #[serde(rename = "type")]
    pub(crate) kind: ObjectKind,
    pub(crate) id: i64,
    /// None where it is no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// Of a queue member that is an agent; the id is the queue's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) agent: Option<i64>,
    /// Of a queue member that is a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ObjectKind {
    User,
    Line,
    Agent,
    Queue,
    QueueMember,
    Voicemail,
    Conference,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_when_what_why_and_of_whom() {
        let line = EventLine {
            time: 1.5,
            happening: Happening::PresenceChanged { from: "available".to_owned(), to: "away".to_owned() },
            cause: Cause::Request { session: 7 },
            subject: Object { kind: ObjectKind::User, id: 1, name: Some("agnes".to_owned()), agent: None, line: None },
        };
        let text = serde_json::to_string(&line).expect("an event");
        assert_eq!(
            text,
            r#"{"time":1.5,"type":"presence_changed","from":"available","to":"away","cause":{"type":"request","session":7},"subject":{"type":"user","id":1,"name":"agnes"}}"#
        );
        assert_eq!(serde_json::from_str::<EventLine>(&text).expect("an event"), line);
    }
}
