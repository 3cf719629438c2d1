//! What was touched of telephones, agents and queues since it was told last, and when more may be told. How it was told
//! stands with each of them.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::live::messages::Cause;
use crate::settings::id::{AgentId, LineId, QueueId, VoicemailId};
use crate::settings::queue::MemberId;

/// Each with what touched it first: what a client asked for comes back as events of the telephone system.
pub(in crate::live) struct Touched<K>(BTreeMap<K, Cause>);

impl<K> Default for Touched<K> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Ord> Touched<K> {
    pub(in crate::live) fn len(&self) -> usize {
        self.0.len()
    }

    pub(in crate::live) fn pop_first(&mut self) -> Option<(K, Cause)> {
        self.0.pop_first()
    }

    fn add(&mut self, keys: impl IntoIterator<Item = K>, by: Cause) {
        for key in keys {
            self.0.entry(key).or_insert(by);
        }
    }
}

pub(in crate::live) struct TelephonyChanges {
    /// Of what is touched from now on.
    pub(in crate::live) cause: Cause,
    pub(in crate::live) phones: Touched<LineId>,
    pub(in crate::live) mailboxes: Touched<VoicemailId>,
    pub(in crate::live) agents: Touched<AgentId>,
    pub(in crate::live) members: Touched<(QueueId, MemberId)>,
    /// Queues in which others may wait.
    pub(in crate::live) waiting: Touched<QueueId>,
    /// Queues whose figures may be others.
    pub(in crate::live) figures: Touched<QueueId>,
    /// On the steady clock.
    next: Duration,
    /// How much is still told before clients have a rest: what was touched when the telling began.
    left_over: usize,
}

impl Default for TelephonyChanges {
    fn default() -> Self {
        Self {
            cause: Cause::Telephony,
            phones: Touched::default(),
            mailboxes: Touched::default(),
            agents: Touched::default(),
            members: Touched::default(),
            waiting: Touched::default(),
            figures: Touched::default(),
            next: Duration::ZERO,
            left_over: 0,
        }
    }
}

impl TelephonyChanges {
    pub(in crate::live) fn touch_phones(&mut self, lines: impl IntoIterator<Item = LineId>) {
        self.phones.add(lines, self.cause);
    }

    pub(in crate::live) fn touch_mailboxes(&mut self, voicemails: impl IntoIterator<Item = VoicemailId>) {
        self.mailboxes.add(voicemails, self.cause);
    }

    pub(in crate::live) fn touch_agent(&mut self, agent: AgentId) {
        self.agents.add([agent], self.cause);
    }

    pub(in crate::live) fn forget_agent(&mut self, agent: AgentId) {
        self.agents.0.remove(&agent);
    }

    pub(in crate::live) fn touch_member(&mut self, queue: QueueId, member: MemberId) {
        self.members.add([(queue, member)], self.cause);
    }

    pub(in crate::live) fn touch_waiting(&mut self, queue: QueueId) {
        self.waiting.add([queue], self.cause);
    }

    pub(in crate::live) fn touch_figures(&mut self, queues: impl IntoIterator<Item = QueueId>) {
        self.figures.add(queues, self.cause);
    }

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
