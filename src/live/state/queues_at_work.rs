//! Changes of queues at work. Each marks what it touches: handlers change queues through this alone.

use super::LiveState;
use super::telephony::queues::{MemberAtWork, QueueAtWork};
use super::telephony::waiting_line::WaitingLine;
use crate::live::messages::{TimeOfDay, Watched};
use crate::settings::id::{AgentId, QueueId};
use crate::settings::queue::MemberId;

impl LiveState {
    /// What the clock on the wall shows here at a Unix time.
    pub(in crate::live) fn time_of_day(&self, unix: i64) -> TimeOfDay {
        (self.wall_clock)(unix)
    }

    /// Of which anything is known.
    pub(in crate::live) fn queues_at_work(&self) -> impl Iterator<Item = QueueId> {
        self.telephony().queues.iter().map(|(queue, _)| queue)
    }

    /// Those whom the queues have, or had.
    pub(in crate::live) fn members_at_work(&self) -> impl Iterator<Item = (QueueId, MemberId)> {
        let queues = self.telephony().queues.iter();
        queues.flat_map(|(queue, at_work)| at_work.members.keys().map(move |member| (queue, *member)))
    }

    /// Those whom the queue has now.
    pub(in crate::live) fn members_there(&self, queue: QueueId) -> impl Iterator<Item = MemberId> {
        let members = self.telephony().queues.get(queue).into_iter().flat_map(|at_work| &at_work.members);
        members.filter(|(_, stands)| stands.is_there).map(|(member, _)| *member)
    }

    pub(in crate::live) fn member_at_work(&self, queue: QueueId, member: MemberId) -> Option<MemberAtWork> {
        self.telephony().queues.member(queue, member).copied()
    }

    /// The queues in which the caller waits.
    pub(in crate::live) fn queues_waited_in(&self, unique_id: &str) -> Vec<QueueId> {
        let queues = self.telephony().queues.iter().filter(|(_, at_work)| at_work.waiting.has(unique_id));
        queues.map(|(queue, _)| queue).collect()
    }

    /// Since when the caller waits in the queue.
    pub(in crate::live) fn waits_since(&self, queue: QueueId, unique_id: &str) -> Option<f64> {
        let callers = self.telephony().queues.get(queue)?.waiting.callers();
        callers.iter().find(|caller| *caller.unique_id == *unique_id).map(|caller| caller.join_time)
    }

    /// For this room alone: what is told of a queue is to be marked.
    pub(super) fn queue_mut(&mut self, queue: QueueId) -> &mut QueueAtWork {
        self.runtime.telephony.queues.entry(queue)
    }

    /// A member stands so now.
    pub(in crate::live) fn set_member(&mut self, queue: QueueId, member: MemberId, stands: MemberAtWork) {
        let before = self.telephony().queues.member(queue, member).copied();
        if before == Some(stands) {
            return;
        }
        self.touch_member(queue, member);
        self.queue_mut(queue).members.insert(member, stands);
    }

    /// The queue has the member no more.
    pub(in crate::live) fn remove_member(&mut self, queue: QueueId, member: MemberId) {
        let stands = self.telephony().queues.member(queue, member).copied();
        if let Some(stands) = stands.filter(|member| member.is_there) {
            let gone = MemberAtWork { is_there: false, is_on_call: false, is_paused: false, ..stands };
            self.set_member(queue, member, gone);
        }
    }

    /// Changes who waits in a queue.
    pub(in crate::live) fn change_waiting<R>(
        &mut self,
        queue: QueueId,
        change: impl FnOnce(&mut WaitingLine) -> R,
    ) -> R {
        let changes = &mut self.runtime.telephony.changes;
        changes.touch_waiting(queue);
        changes.touch_figures([queue]);
        change(&mut self.runtime.telephony.queues.entry(queue).waiting)
    }

    pub(in crate::live) fn set_expected_wait(&mut self, queue: QueueId, seconds: u32) {
        let at_work = self.queue_mut(queue);
        (at_work.expected_wait, at_work.is_known) = (seconds, true);
        self.touch_figures(queue);
    }

    /// Asterisk says nothing of the queue.
    pub(in crate::live) fn know_nothing_of_queue(&mut self, queue: QueueId) {
        self.queue_mut(queue).is_known = false;
        self.touch_figures(queue);
    }

    /// What the queue is told to be like as a whole may be otherwise now.
    fn touch_figures(&mut self, queue: QueueId) {
        self.runtime.telephony.changes.touch_figures([queue]);
    }

    /// The same of all queues that have this agent.
    pub(in crate::live) fn touch_figures_of(&mut self, agent: AgentId) {
        let has = |at_work: &QueueAtWork| at_work.members.contains_key(&MemberId::Agent(agent));
        let queues = self.telephony().queues.iter().filter(|(_, at_work)| has(at_work)).map(|(queue, _)| queue);
        let queues: Vec<QueueId> = queues.collect();
        self.runtime.telephony.changes.touch_figures(queues);
    }

    /// Queues and members that the settings do not have any more are forgotten: before the settings become others again,
    /// since those who saw them are told by how they stood.
    pub(in crate::live) fn forget_queues_gone(&mut self) {
        let known = &self.settings.configuration;
        let is_member = |member| match member {
            MemberId::Agent(agent) => known.agents.get(agent).is_some(),
            MemberId::Line(line) => known.lines.get(line).is_some(),
        };
        self.runtime.telephony.queues.retain(|queue| known.queues.get(queue).is_some(), is_member);
    }

    pub(in crate::live) fn queue_ids(&self) -> Vec<QueueId> {
        self.settings.configuration.queues.iter().map(|queue| queue.id).collect()
    }

    /// As Asterisk calls it.
    pub(in crate::live) fn queue_name(&self, queue: QueueId) -> Option<Box<str>> {
        self.settings.configuration.queues.get(queue).map(|queue| queue.name.as_str().into())
    }

    /// Whether anybody hears the figures of queues.
    pub(in crate::live) fn are_figures_heard(&self) -> bool {
        self.runtime.watches.watching(Watched::QueueFigures).next().is_some()
    }

    fn touch_member(&mut self, queue: QueueId, member: MemberId) {
        let changes = &mut self.runtime.telephony.changes;
        changes.touch_member(queue, member);
        changes.touch_figures([queue]);
    }
}
