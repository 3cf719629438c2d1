//! What was touched of telephones, agents and queues since it was told last, with how it stood before, and when more may
//! be told.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::settings::id::{LineId, VoicemailId};

#[derive(Default)]
pub(in crate::live) struct TelephonyChanges {
    pub(in crate::live) phones: BTreeMap<LineId, i8>,
    pub(in crate::live) mailboxes: BTreeMap<VoicemailId, Option<u32>>,
    /// On the steady clock.
    next: Duration,
    /// Whether a slice ended before all was told.
    is_left_over: bool,
}

impl TelephonyChanges {
    pub(in crate::live) fn is_empty(&self) -> bool {
        self.phones.is_empty() && self.mailboxes.is_empty()
    }

    /// Whether a slice ended before all was told: the next one goes on at once.
    pub(in crate::live) fn are_left_over(&self) -> bool {
        self.is_left_over
    }

    pub(in crate::live) fn set_left_over(&mut self, is_left_over: bool) {
        self.is_left_over = is_left_over;
    }

    /// When they may be told, unless that is now.
    pub(in crate::live) fn may_tell_at(&self, steady: Duration) -> Option<Duration> {
        (self.next > steady).then_some(self.next)
    }

    /// They are being told now, and not again before that time is over.
    pub(in crate::live) fn told(&mut self, steady: Duration, wait: Duration) {
        self.next = steady + wait;
    }
}
