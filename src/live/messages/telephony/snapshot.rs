//! How everything stands on the telephone system when a link begins.

use std::collections::{HashMap, HashSet};

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
    pub(crate) prepared: Option<PreparedSnapshot>,
}

/// The same, ordered for quick answers.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct PreparedSnapshot {
    /// All hints and devices, as they are to be kept.
    pub(crate) phones: PhoneStates,
    /// Lamps that are lit, without `Custom:`.
    lit: HashSet<Box<str>>,
    /// By family, where the keys of it stand.
    families: HashMap<Box<str>, Vec<usize>>,
    /// Unique ids of channels.
    channels: HashSet<Box<str>>,
    /// Unique ids of callers who wait in queues.
    callers: HashSet<Box<str>>,
}

impl TelephonySnapshot {
    /// Orders what is in it, once it is whole. Whoever brings it does that where nobody waits: it takes as long as there
    /// is much.
    pub(crate) fn prepare(mut self) -> Self {
        self.prepared.get_or_insert_with(|| {
            let mut families: HashMap<Box<str>, Vec<usize>> = HashMap::new();
            for (place, key) in self.keys.iter().enumerate() {
                families.entry(key.family.clone()).or_default().push(place);
            }
            PreparedSnapshot {
                phones: PhoneStates::of(&self.hints, &self.devices),
                lit: self.devices.iter().filter_map(DeviceSeen::lit_lamp).map(Into::into).collect(),
                families,
                channels: self.channels.iter().map(|channel| channel.unique_id.clone()).collect(),
                callers: self.queues.iter().flat_map(|of| &of.entries).map(|entry| entry.unique_id.clone()).collect(),
            }
        });
        self
    }

    /// What stands under a key in AstDB.
    pub(crate) fn stored(&self, family: &str, key: &str) -> Option<&str> {
        let places = self.prepared.as_ref()?.families.get(family)?;
        let mut keys = places.iter().filter_map(|place| self.keys.get(*place));
        keys.find(|stored| *stored.key == *key).map(|stored| &*stored.value)
    }

    /// Whether the lamp, called without `Custom:`, is lit.
    pub(crate) fn is_lit(&self, lamp: &str) -> bool {
        self.prepared.as_ref().is_some_and(|prepared| prepared.lit.contains(lamp))
    }

    pub(crate) fn has_channel(&self, unique_id: &str) -> bool {
        self.prepared.as_ref().is_some_and(|prepared| prepared.channels.contains(unique_id))
    }

    /// Whether somebody calls by it or waits in a queue by it.
    pub(crate) fn has_call(&self, unique_id: &str) -> bool {
        let waits = || self.prepared.as_ref().is_some_and(|prepared| prepared.callers.contains(unique_id));
        self.has_channel(unique_id) || waits()
    }
}
