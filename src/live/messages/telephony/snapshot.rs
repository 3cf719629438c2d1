//! How everything stands on the telephone system when a link begins.

use super::channel::Channel;
use super::event::{DeviceSeen, HintSeen, MailboxSeen};
use super::queue::QueueSeen;
use super::request::StoredKey;

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct TelephonySnapshot {
    /// Asterisk's own: `22.10.1`.
    pub(crate) version: Box<str>,
    /// Since it started, if it says so.
    pub(crate) uptime_seconds: Option<u64>,
    pub(crate) hints: Vec<HintSeen>,
    pub(crate) devices: Vec<DeviceSeen>,
    pub(crate) channels: Vec<Channel>,
    pub(crate) queues: Vec<QueueSeen>,
    pub(crate) mailboxes: Vec<MailboxSeen>,
    /// What stands in AstDB below `cti`.
    pub(crate) keys: Vec<StoredKey>,
}
