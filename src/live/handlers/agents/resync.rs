//! How agents stand when a link begins, and what is asked then so that the telephone system is as it should be (telephony
//! §6.5). Nothing that is not ours is removed or overwritten: agents whom queues have are taken on as logged in, with their
//! pauses; only whose log-off is recorded is logged off. After a restart of Asterisk logins and pauses are restored; where
//! nothing differs nothing is asked.

use std::collections::BTreeMap;
use std::time::Duration;

use super::lamps::lamps;
use super::work::{self, KEY};
use super::{actions, events, members, own_calls, settings};
use crate::live::messages::telephony::MemberSeen;
use crate::live::messages::{AgentOrder, AgentStep, Moment, TelephonyRequest, TelephonySnapshot};
use crate::live::state::resync::TakeOver;
use crate::live::state::telephony::agents::AgentMember;
use crate::live::state::{Effects, LiveState};
use crate::settings::id::{AgentId, QueueId};
use crate::settings::presence::PresenceAction;
use crate::settings::state::AgentWanted;

/// Members that are found, or keys of the dial plan compared, at once.
const PIECE: usize = 32;
/// What an agent takes, and each queue that has them.
const AGENT_STEPS: usize = 16;
const MEMBER_STEPS: usize = 16;

/// Where a member stands in a snapshot: its queue, and its place there.
type MemberPlace = (usize, usize);

/// First whom queues have, then agent by agent.
#[derive(Default)]
pub(in crate::live::handlers) struct AgentsTakeOver {
    /// The one that is found next.
    next: MemberPlace,
    /// Where the members stand that an agent is.
    members: BTreeMap<AgentId, Vec<(QueueId, MemberPlace)>>,
    /// Agents that are not settled yet, the last first; None: not all members are found.
    left: Option<Vec<AgentId>>,
}

impl TakeOver for AgentsTakeOver {
    fn advance(
        &mut self,
        state: &mut LiveState,
        now: Moment,
        snapshot: &mut TelephonySnapshot,
        out: &mut Effects,
    ) -> Option<usize> {
        let Some(left) = &mut self.left else {
            if let Some(steps) = self.find(state, snapshot) {
                return Some(steps);
            }
            let mut all = state.agent_ids();
            all.reverse();
            let steps = 1 + all.len() / PIECE;
            self.left = Some(all);
            return Some(steps);
        };
        let agent = left.pop()?;
        let places = self.members.remove(&agent).unwrap_or_default();
        let member =
            |(queue, (of, place)): (QueueId, MemberPlace)| Some((queue, snapshot.queues.get(of)?.members.get(place)?));
        let members: Vec<(QueueId, &MemberSeen)> = places.into_iter().filter_map(member).collect();
        take_over_agent(state, now, agent, &members, snapshot, out);
        Some(AGENT_STEPS + MEMBER_STEPS * members.len())
    }
}

impl AgentsTakeOver {
    /// Finds a piece more of the members; None: all are found.
    fn find(&mut self, state: &LiveState, snapshot: &TelephonySnapshot) -> Option<usize> {
        let (of, first) = self.next;
        let queue = snapshot.queues.get(of)?;
        let piece = queue.members.iter().enumerate().skip(first).take(PIECE);
        let mut steps = 1;
        for (place, member) in piece {
            steps += 1;
            let agent = members::agent_of(state, &member.interface, &member.name);
            if let Some((agent, queue)) = agent.zip(state.telephony_names().queue(&member.queue)) {
                self.members.entry(agent).or_default().push((queue, (of, place)));
            }
        }
        self.next = if first + PIECE < queue.members.len() { (of, first + PIECE) } else { (of + 1, 0) };
        Some(steps)
    }
}

fn take_over_agent(
    state: &mut LiveState,
    now: Moment,
    agent: AgentId,
    members: &[(QueueId, &MemberSeen)],
    snapshot: &TelephonySnapshot,
    out: &mut Effects,
) {
    settle(state, now, agent, members, out);
    let at_work = state.agents().get(agent);
    if let Some(login) = at_work.login()
        && snapshot.stored(&work::key_family(agent), KEY) != Some(&login.device)
    {
        work::put_key(state, agent, out);
    }
    let Some(number) = state.agent(agent).map(|agent| agent.number.clone()) else { return };
    for (lamp, is_lit) in lamps(agent, number.as_str(), at_work.login().is_some()) {
        if snapshot.is_lit(&lamp) != is_lit {
            let request = TelephonyRequest::SetLamp { lamp, is_lit };
            work::ask(agent, None, AgentStep::Other, AgentOrder::Ours, request, out);
        }
    }
}

/// What was wanted while the link began, of agents who were taken over by then.
pub(in crate::live::handlers) fn order_what_is_wanted(state: &mut LiveState, now: Moment, out: &mut Effects) {
    let agents = state.agents().iter().filter(|(_, at_work)| at_work.kept.login.is_some() && at_work.leaving == 0);
    let wanting =
        agents.filter(|(_, at_work)| at_work.deferred.is_empty() && at_work.kept.wanted != AgentWanted::default());
    let wanting: Vec<AgentId> = wanting.map(|(agent, _)| agent).collect();
    for agent in wanting {
        let at_work = state.agents().get(agent);
        if at_work.kept.wanted.is_logged_off {
            settle_log_off(state, now, agent, out);
            continue;
        }
        let queues: Vec<QueueId> = at_work.members.keys().copied().collect();
        queues.into_iter().for_each(|queue| work::impose_pause(state, agent, queue, out));
        state.change_agent(now, agent, out, |agent| agent.kept.wanted.are_pauses_ours = false);
    }
}

fn settle(state: &mut LiveState, now: Moment, agent: AgentId, seen: &[(QueueId, &MemberSeen)], out: &mut Effects) {
    let is_known = state.agents().get(agent).kept.login.is_some();
    let first = seen.iter().find(|(_, member)| members::may_be_adopted(state, now, agent, member));
    if let (false, Some((_, member))) = (is_known, first) {
        members::adopt(state, now, agent, member, out);
    }
    if state.agents().get(agent).kept.login.is_none() {
        return;
    }
    let is_on_queue_call = seen.iter().any(|(_, member)| member.in_call == Some(true));
    state.change_agent(now, agent, out, |agent| {
        agent.members = seen.iter().map(|(queue, member)| (*queue, AgentMember::of(member))).collect();
        (agent.entering, agent.leaving, agent.is_left_until) = (None, 0, None);
        agent.is_on_queue_call = is_on_queue_call;
    });
    own_calls::look(state, now, agent, out);
    if state.agents().get(agent).kept.wanted.is_logged_off {
        return settle_log_off(state, now, agent, out);
    }
    for (queue, member) in seen {
        members::take(state, now, (agent, *queue), member, out);
        rest(state, now, (agent, *queue), member, out);
    }
    restore(state, now, agent, seen, out);
    actions::act_deferred(state, now, agent, out);
}

/// A log-off that is recorded is done, or waits for the end of the agent's call.
fn settle_log_off(state: &mut LiveState, now: Moment, agent: AgentId, out: &mut Effects) {
    if !state.agents().get(agent).is_on_call() {
        return work::finish_log_off(state, now, agent, AgentOrder::Ours, out);
    }
    state.change_agent(now, agent, out, |agent| {
        if agent.deferred.is_empty() {
            agent.deferred.push((PresenceAction::AgentLogoff, "".into()));
        }
    });
}

/// The rest of a call that ended before the link began.
fn rest(
    state: &mut LiveState,
    now: Moment,
    (agent, queue): (AgentId, QueueId),
    member: &MemberSeen,
    out: &mut Effects,
) {
    let wrap_up = state.queue(queue).map_or(0, |queue| queue.wrapup_seconds);
    let left = member.last_call as f64 + f64::from(wrap_up) - now.unix;
    // Of another clock that goes ahead.
    let left = left.min(f64::from(wrap_up));
    if member.in_call != Some(true) && left > 0.0 {
        events::rest_for(state, now, agent, Duration::from_secs_f64(left), out);
    }
}

/// Puts the agent back into the queues that do not have them, and imposes what was wanted while there was no link.
fn restore(state: &mut LiveState, now: Moment, agent: AgentId, seen: &[(QueueId, &MemberSeen)], out: &mut Effects) {
    if state.agents().get(agent).is_to_be_taken_anew {
        return settings::take_anew(state, now, agent, out);
    }
    let queues = state.queues_of_agent(agent);
    for queue in queues.iter().filter(|queue| seen.iter().all(|(other, _)| other != *queue)) {
        work::add(state, agent, *queue, AgentStep::Other, AgentOrder::Ours, out);
    }
    let are_pauses_ours = state.agents().get(agent).kept.wanted.are_pauses_ours;
    for (queue, member) in seen {
        if !queues.contains(queue) {
            work::remove(agent, *queue, &AgentMember::of(member), out);
        } else if are_pauses_ours && member.is_paused != state.agents().get(agent).is_paused_in(*queue) {
            work::impose_pause(state, agent, *queue, out);
        }
    }
    work::tell_penalties(state, now, agent, out);
    if are_pauses_ours {
        state.change_agent(now, agent, out, |agent| agent.kept.wanted.are_pauses_ours = false);
    }
}
