//! What is asked of the telephone system, and what comes of it. A client chooses no context, application or channel: all
//! of them are made from the settings (telephony §18.19). Control characters in any text are refused by the link.

use std::time::Duration;

/// One thing to do, or to have told as an event: its reply says no more than that it was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TelephonyRequest {
    QueueAdd {
        queue: Box<str>,
        interface: Box<str>,
        /// `Agent/8001`
        name: Box<str>,
        /// The device whose state is the member's.
        state_interface: Box<str>,
        penalty: u8,
        /// The reason, if the member is paused.
        paused: Option<Box<str>>,
    },
    /// One who is not there is removed.
    QueueRemove {
        queue: Box<str>,
        interface: Box<str>,
    },
    QueuePause {
        /// None: all.
        queue: Option<Box<str>>,
        interface: Box<str>,
        is_paused: bool,
        reason: Box<str>,
    },
    QueuePenalty {
        queue: Box<str>,
        interface: Box<str>,
        penalty: u8,
    },
    QueueLog(QueueLogRow),
    /// Comes as `TelephonyEvent::Queue`.
    QueueStatus {
        queue: Box<str>,
    },
    /// One member of a queue; comes as `TelephonyEvent::Member`.
    MemberStatus {
        queue: Box<str>,
        interface: Box<str>,
    },
    /// Comes as `TelephonyEvent::Summary`.
    QueueSummary {
        queue: Box<str>,
    },
    /// Sets the state of a `Custom:` device: INUSE is lit.
    SetLamp {
        /// Without `Custom:`.
        lamp: Box<str>,
        is_lit: bool,
    },
    PutKey(StoredKey),
    DeleteKey {
        family: Box<str>,
        key: Box<str>,
    },
    Hangup {
        /// The name of the channel.
        channel: Box<str>,
        cause: u32,
    },
}

/// An extension of the dial plan, which may have it or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DialplanPlace {
    pub(crate) context: Box<str>,
    pub(crate) extension: Box<str>,
}

/// A value in AstDB.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StoredKey {
    /// `cti/7`
    pub(crate) family: Box<str>,
    pub(crate) key: Box<str>,
    pub(crate) value: Box<str>,
}

/// A row of Asterisk's own log of queues, of which call-centre reports are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QueueLogRow {
    /// `NONE` where it is none's.
    pub(crate) queue: Box<str>,
    pub(crate) event: &'static str,
    /// `Agent/8001`
    pub(crate) interface: Box<str>,
    /// Data, joined by `|`.
    pub(crate) message: Box<str>,
}

/// A call that begins at a telephone of ours. Replied to when the telephone answers, or when it is known that it will not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Originate {
    /// Rings the device, and lets it call the extension when it answers.
    Dial {
        device: Box<str>,
        context: Box<str>,
        extension: Box<str>,
        /// Shown on the telephone while it rings: whom it is about to call.
        shown: super::channel::Party,
        /// Variables of the channel.
        variables: Vec<(Box<str>, Box<str>)>,
        timeout: Duration,
    },
    /// Rings the device, and lets it listen to another one when it answers.
    Listen { device: Box<str>, to: Box<str>, shown: super::channel::Party, timeout: Duration },
}

/// Why a request was not done, or is not known to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RequestFailure {
    /// The telephone system refuses, in its own words.
    Refused(Box<str>),
    /// There is no link, or it was lost or did not answer in time: nobody knows whether it was done.
    Unavailable,
}

/// Why a call did not come about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CallFailure {
    /// The dial plan has no such extension.
    NoSuchExtension,
    Busy,
    NoAnswer,
    /// The device is not there, or anything else.
    Unreachable,
    Request(RequestFailure),
}

impl From<RequestFailure> for CallFailure {
    fn from(failure: RequestFailure) -> Self {
        Self::Request(failure)
    }
}
