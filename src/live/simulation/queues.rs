//! What must hold of the queues of a simulated world whenever a link holds and all is said and done: live's picture is the
//! telephone system's own, and agents are where they are members. Whatever was heard, in whatever order, positions count from 1 and
//! figures follow from who is there.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Simulation;
use super::floor::Floor;
use crate::live::messages::telephony::{MemberSeen, QueueSeen};
use crate::live::state::LiveState;
use crate::protocol::queue_figures::CallFigures;
use crate::settings::agent::Agent;
use crate::settings::id::QueueId;
use crate::settings::queue::{MemberId, Queue};

/// Longer than any world lasts.
const WINDOW: (i64, i64) = (1_000_000, 60);

impl Simulation {
    pub(super) fn check_queues(&self, did: &str) {
        let state = &self.live.state;
        for queue in self.configuration.queues.iter() {
            check_figures(state, queue.id, self.now.unix, did);
        }
        if let Some(floor) = self.telephones.settled_floor() {
            let nothing = QueueSeen::default();
            for queue in self.configuration.queues.iter() {
                check_queue(state, queue, floor.queue(queue.name.as_str()).unwrap_or(&nothing), did);
            }
            let steady = self.now.steady;
            self.configuration.agents.iter().for_each(|agent| check_agent(state, (agent, steady), floor, did));
        }
    }

    /// What there is just now, of `SITUATIONS`.
    pub(super) fn situations(&self) -> Vec<&'static str> {
        let state = &self.live.state;
        let queues = || self.configuration.queues.iter().filter_map(|queue| state.queues().get(queue.id));
        let members = || queues().flat_map(|queue| &queue.members).filter(|(_, member)| member.is_there);
        let waits = queues().any(|queue| !queue.waiting.callers().is_empty());
        let figures = |queue: &Queue| state.queues().calls.figures(queue.id, WINDOW, self.now.unix);
        let figures = || self.configuration.queues.iter().map(|queue| figures(queue));
        let agents = || state.agents().iter().map(|(_, agent)| agent);
        let is_there = [
            waits,
            waits && self.telephones.settled_floor().is_none(),
            members().any(|(id, _)| matches!(id, MemberId::Line(_))),
            members().any(|(id, member)| matches!(id, MemberId::Agent(_)) && member.is_paused),
            agents().any(|agent| agent.login().is_some() && agent.members.len() > 1),
            agents().any(|agent| agent.is_on_queue_call),
            agents().any(|agent| agent.rests_until.is_some()),
            agents().any(|agent| agent.kept.wanted.is_logged_off || agent.kept.wanted.are_pauses_ours),
            figures().any(|figures| figures.answered > 0),
            figures().any(|figures| figures.lost > 0),
        ];
        SITUATIONS.into_iter().zip(is_there).filter(|(_, is_there)| *is_there).map(|(what, _)| what).collect()
    }
}

/// A simulation in which these never come about proves nothing of them.
pub(super) const SITUATIONS: [&str; 10] = [
    "callers wait",
    "callers wait without a link",
    "a telephone is a member",
    "an agent is paused",
    "an agent is in two queues",
    "an agent is on a call of a queue",
    "an agent rests",
    "a pause or a log-off waits for a link",
    "a call was answered",
    "a call was lost",
];

fn check_figures(state: &LiveState, queue: QueueId, unix: f64, did: &str) {
    let queues = &state.queues();
    let figures = queues.figures(queue, state.agents());
    let waiting = queues.get(queue).map_or(0, |at_work| at_work.waiting.callers().len());
    assert_eq!(figures.waiting.0, waiting, "{did}: who waits in queue {queue}");
    let CallFigures { joined, answered, lost, .. } = queues.calls.figures(queue, WINDOW, unix);
    assert!(answered + lost <= joined, "{did}: queue {queue} has {joined} calls, {answered} answered, {lost} lost");
}

fn check_queue(state: &LiveState, queue: &Queue, there: &QueueSeen, did: &str) {
    let what = || format!("{did}: queue {} as it is there: {there:?}", queue.name);
    let at_work = state.queues().get(queue.id);
    let callers = at_work.map_or(&[][..], |at_work| at_work.waiting.callers());
    let callers: Vec<&str> = callers.iter().map(|caller| &*caller.unique_id).collect();
    let entries: Vec<&str> = there.entries.iter().map(|entry| &*entry.unique_id).collect();
    assert_eq!(callers, entries, "{}", what());
    let names = state.telephony_names();
    let known = |seen: &MemberSeen| {
        names.member(&seen.name, &seen.interface).map(|member| (member, (seen.status, seen.is_paused, seen.penalty)))
    };
    let expected: BTreeMap<MemberId, _> = there.members.iter().filter_map(known).collect();
    let members = at_work.into_iter().flat_map(|at_work| &at_work.members).filter(|(_, member)| member.is_there);
    let members: BTreeMap<MemberId, _> =
        members.map(|(id, member)| (*id, (member.status, member.is_paused, member.penalty))).collect();
    assert_eq!(members, expected, "{}", what());
}

/// Nobody is logged off and a member, or logged in and paused otherwise than there.
fn check_agent(state: &LiveState, (agent, steady): (&Agent, Duration), floor: &Floor, did: &str) {
    let at_work = state.agents().get(agent.id);
    let interface = format!("Local/id-{}@agentcallback", agent.id);
    // What queues say shortly after a log-off may have been said before it.
    if at_work.is_left_until.is_some_and(|until| steady < until) {
        return;
    }
    for seen in floor.queues() {
        let Some(queue) = state.telephony_names().queue(&seen.name) else { continue };
        let Some(member) = seen.members.iter().find(|member| *member.interface == *interface) else { continue };
        let what = || format!("{did}: {member:?}, {at_work:?}");
        assert!(at_work.kept.login.is_some(), "{}", what());
        assert!(at_work.members.contains_key(&queue), "{}", what());
        if at_work.login().is_some() && !at_work.kept.wanted.are_pauses_ours {
            assert_eq!(at_work.is_paused_in(queue), member.is_paused, "{}", what());
        }
    }
}
