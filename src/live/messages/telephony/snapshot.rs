//! How everything stands on the telephone system when a link begins.

use super::channel::Channel;
use super::event::{DeviceSeen, HintSeen, MailboxSeen};
use super::phone_states::PhoneStates;
use super::queue::QueueSeen;
use super::request::StoredKey;

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct TelephonySnapshot {
    /// Asterisk's own: `22.10.1`.
    pub(crate) version: Box<str>,
    pub(crate) hints: Vec<HintSeen>,
    pub(crate) devices: Vec<DeviceSeen>,
    pub(crate) channels: Vec<Channel>,
    /// Bridges, each with the unique id of a channel in it, in order of entry as far as that is known.
    pub(crate) bridged: Vec<(Box<str>, Box<str>)>,
    pub(crate) queues: Vec<QueueSeen>,
    pub(crate) mailboxes: Vec<MailboxSeen>,
    /// What stands in AstDB below `cti`.
    pub(crate) keys: Vec<StoredKey>,
    /// What `prepare` made.
    pub(crate) prepared: Option<PhoneStates>,
}

impl TelephonySnapshot {
    /// Orders what is in it, once it is whole. Whoever brings it does that where nobody waits: it takes as long as there
    /// is much.
    pub(crate) fn prepare(mut self) -> Self {
        self.prepared.get_or_insert_with(|| PhoneStates::of(&self.hints, &self.devices));
        self
    }

    /// All hints and devices, as they are to be kept.
    pub(crate) fn take_phones(&mut self) -> PhoneStates {
        self.prepared.take().unwrap_or_else(|| PhoneStates::of(&self.hints, &self.devices))
    }
}
