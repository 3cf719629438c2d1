//! What happens on the telephone system, as far as ctibox acts by it.

use super::channel::Channel;
use super::queue::{EntrySeen, MemberSeen, QueueSeen};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TelephonyEvent {
    Hint(HintSeen),
    Device(DeviceSeen),
    Mailbox(MailboxSeen),
    /// A member of a queue was added, or something of it changed.
    Member(MemberSeen),
    MemberRemoved {
        queue: Box<str>,
        interface: Box<str>,
        name: Box<str>,
    },
    /// All of one queue, as it was asked for by `TelephonyRequest::QueueStatus`.
    Queue(QueueSeen),
    CallerJoined {
        queue: Box<str>,
        entry: EntrySeen,
        /// Callers in the queue now.
        count: u32,
    },
    CallerLeft {
        queue: Box<str>,
        unique_id: Box<str>,
        position: u32,
        count: u32,
    },
    /// Comes before `CallerLeft`.
    CallerAbandoned {
        queue: Box<str>,
        unique_id: Box<str>,
        hold_seconds: u32,
    },
    /// A member answers a caller of the queue.
    AgentConnected(AnsweredCall),
    AgentCompleted(CompletedCall),
    /// What a queue says of itself when asked for a summary.
    Summary {
        queue: Box<str>,
        available: u32,
        hold_seconds: u32,
    },
    /// A channel is new, or something of it changed.
    Channel(Channel),
    ChannelRenamed {
        unique_id: Box<str>,
        name: Box<str>,
    },
    HungUp {
        channel: Channel,
        cause: u32,
    },
    /// The one who has the channel put the other end on hold, or took it back.
    Held {
        unique_id: Box<str>,
        is_held: bool,
    },
    /// None: an originated call has no caller.
    DialBegan {
        caller: Option<Channel>,
        callee: Channel,
    },
    BridgeEntered {
        bridge: Box<str>,
        channel: Channel,
    },
    BridgeLeft {
        bridge: Box<str>,
        channel: Channel,
    },
    User(UserEvent),
}

/// The state of a hint (telephony §2, §4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HintSeen {
    pub(crate) extension: Box<str>,
    pub(crate) context: Box<str>,
    /// `PJSIP/101&Custom:DND101,CustomPresence:101`; may be empty.
    pub(crate) hint: Box<str>,
    pub(crate) status: i8,
}

impl HintSeen {
    /// What it names, in its order: what follows a comma is of presences (telephony §4).
    pub(crate) fn devices(&self) -> impl Iterator<Item = &str> {
        self.hint.split(',').next().unwrap_or_default().split('&').map(str::trim)
    }
}

/// The state of a device, whether or not a hint names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeviceSeen {
    pub(crate) device: Box<str>,
    /// Of the names of telephony §2: `NOT_INUSE`, `UNAVAILABLE` …
    pub(crate) state: Box<str>,
}

impl DeviceSeen {
    /// The lamp that it is, without `Custom:`, if it is lit.
    pub(crate) fn lit_lamp(&self) -> Option<&str> {
        self.device.strip_prefix("Custom:").filter(|_| *self.state == *"INUSE")
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MailboxSeen {
    /// `101@default`
    pub(crate) mailbox: Box<str>,
    pub(crate) new: u32,
    pub(crate) old: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AnsweredCall {
    pub(crate) queue: Box<str>,
    /// The member's: `Agent/8001`.
    pub(crate) name: Box<str>,
    pub(crate) interface: Box<str>,
    /// Of the caller.
    pub(crate) unique_id: Box<str>,
    pub(crate) hold_seconds: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CompletedCall {
    pub(crate) queue: Box<str>,
    pub(crate) name: Box<str>,
    pub(crate) interface: Box<str>,
    pub(crate) unique_id: Box<str>,
    pub(crate) hold_seconds: u32,
    pub(crate) talk_seconds: u32,
}

/// Something that the dial plan, or an outside program, says by `UserEvent`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UserEvent {
    /// `CtiUserState`
    pub(crate) name: Box<str>,
    /// In their order; names as they were written.
    pub(crate) fields: Vec<(Box<str>, Box<str>)>,
}

impl UserEvent {
    /// The first field of this name, whatever its case.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
    }
}
