//! What must hold of the queues of a simulated world whenever a link holds and all is said and done: live's picture is the
//! telephone system's own, and agents are where they are members. Whatever was heard, in whatever order, positions count from 1 and
//! figures follow from who is there.

use std::collections::BTreeMap;

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
            self.configuration.agents.iter().for_each(|agent| check_agent(state, agent, floor, did));
        }
    }
}

fn check_figures(state: &LiveState, queue: QueueId, unix: f64, did: &str) {
    let queues = &state.telephony().queues;
    let figures = queues.figures(queue, state.agents());
    let waiting = queues.get(queue).map_or(0, |at_work| at_work.waiting.callers().len());
    assert_eq!(figures.waiting.0, waiting, "{did}: who waits in queue {queue}");
    let CallFigures { joined, answered, lost, .. } = queues.calls.figures(queue, WINDOW, unix);
    assert!(answered + lost <= joined, "{did}: queue {queue} has {joined} calls, {answered} answered, {lost} lost");
}

fn check_queue(state: &LiveState, queue: &Queue, there: &QueueSeen, did: &str) {
    let what = || format!("{did}: queue {} as it is there: {there:?}", queue.name);
    let at_work = state.telephony().queues.get(queue.id);
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
fn check_agent(state: &LiveState, agent: &Agent, floor: &Floor, did: &str) {
    let at_work = state.agents().get(agent.id);
    let interface = format!("Local/id-{}@agentcallback", agent.id);
    // What queues say shortly after a log-off may have been said before it.
    if at_work.is_left_until.is_some() {
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
