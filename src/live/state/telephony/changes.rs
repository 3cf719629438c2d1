//! What was touched of telephones, agents and queues since it was told last, and when more may be told. How it was told
//! stands with each of them.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::settings::id::{AgentId, LineId, QueueId, VoicemailId};
use crate::settings::queue::MemberId;

#[derive(Default)]
pub(in crate::live) struct TelephonyChanges {
    pub(in crate::live) phones: BTreeSet<LineId>,
    pub(in crate::live) mailboxes: BTreeSet<VoicemailId>,
    pub(in crate::live) agents: BTreeSet<AgentId>,
    pub(in crate::live) members: BTreeSet<(QueueId, MemberId)>,
    /// Queues in which others may wait.
    pub(in crate::live) waiting: BTreeSet<QueueId>,
    /// Queues whose figures may be others.
    pub(in crate::live) figures: BTreeSet<QueueId>,
    /// On the steady clock.
    next: Duration,
    /// How much is still told before clients have a rest: what was touched when the telling began.
    left_over: usize,
}

impl TelephonyChanges {
    pub(in crate::live) fn len(&self) -> usize {
        let of_queues = self.members.len() + self.waiting.len() + self.figures.len();
        self.phones.len() + self.mailboxes.len() + self.agents.len() + of_queues
    }

    pub(in crate::live) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a slice ended before all was told that was to be told at once: the next one goes on.
    pub(in crate::live) fn are_left_over(&self) -> bool {
        self.left_over > 0
    }

    /// When they may be told, unless that is now.
    pub(in crate::live) fn may_tell_at(&self, steady: Duration) -> Option<Duration> {
        (self.next > steady).then_some(self.next)
    }

    /// What is touched by now is told; what is touched from now on waits until the next time.
    pub(in crate::live) fn begin_telling(&mut self) {
        self.left_over = self.len();
    }

    /// One of them is told now.
    pub(in crate::live) fn tell_one(&mut self) {
        self.left_over = self.left_over.saturating_sub(1);
    }

    /// A slice of them is told.
    pub(in crate::live) fn end_slice(&mut self) {
        self.left_over = self.left_over.min(self.len());
    }

    /// What is not left over is not told before that time on the steady clock.
    pub(in crate::live) fn rest_until(&mut self, next: Duration) {
        self.next = next;
    }
}
