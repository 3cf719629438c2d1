//! Queues as the telephone system has them: members and callers who wait.

use super::channel::{Party, device_key};

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct QueueSeen {
    pub(crate) name: Box<str>,
    pub(crate) hold_seconds: u32,
    pub(crate) members: Vec<MemberSeen>,
    /// In order of position.
    pub(crate) entries: Vec<EntrySeen>,
}

/// A member of a queue; what an older Asterisk does not say is None.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct MemberSeen {
    pub(crate) queue: Box<str>,
    /// What the queue calls: `Local/id-7@agentcallback`, `PJSIP/101`.
    pub(crate) interface: Box<str>,
    /// `Agent/8001`, or the interface.
    pub(crate) name: Box<str>,
    pub(crate) state_interface: Box<str>,
    /// Whether it was added while Asterisk ran.
    pub(crate) is_dynamic: bool,
    pub(crate) penalty: u32,
    pub(crate) calls_taken: u32,
    /// Unix time of the end of the last call; 0: none yet.
    pub(crate) last_call: i64,
    pub(crate) in_call: Option<bool>,
    /// Telephony §2: 0 to 8.
    pub(crate) status: u8,
    pub(crate) is_paused: bool,
    pub(crate) pause_reason: Box<str>,
    /// Unix time of the last pause's begin; 0: none yet, or not said.
    pub(crate) last_pause: i64,
}

impl MemberSeen {
    /// By which a line of ours is told, as `device_key` spells it: what the queue calls, and whose state counts.
    pub(crate) fn device_keys(&self) -> [Box<str>; 2] {
        [device_key(&self.interface), device_key(&self.state_interface)]
    }
}

/// A caller who waits in a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EntrySeen {
    /// From 1.
    pub(crate) position: u32,
    pub(crate) unique_id: Box<str>,
    pub(crate) channel: Box<str>,
    pub(crate) caller: Party,
    /// Seconds so far; 0 for one who just joined.
    pub(crate) wait_seconds: u32,
}
