//! What new settings mean for agents at work (telephony §6.1): who is no more leaves their queues; who is called otherwise, or
//! whose telephone is another, is taken anew by them; whose telephone is no more is logged off; and who is logged in works
//! where the settings now say. The log of queues says it too: reports are made of it.

use std::collections::BTreeMap;

use super::lamps::lamps;
use super::work::{self, KEY, LoginTelephone, remove, tell_penalties};
use super::{actions, own_calls, phone_gone};
use crate::live::messages::telephony::device_key;
use crate::live::messages::{AgentOrder, AgentStep, Moment, TelephonyRequest};
use crate::live::state::telephony::agents::{AgentAtWork, AgentMember};
use crate::live::state::telephony_names::TelephonyNames;
use crate::live::state::{Effects, LiveState};
use crate::settings::agent::member_name;
use crate::settings::id::{AgentId, LineId, QueueId};

/// `before`: what everybody was called, and the penalties of agents at work. A penalty that is as it was is left as the
/// queue has it, which another program may have changed.
pub(in crate::live::handlers) fn settings_changed(
    state: &mut LiveState,
    now: Moment,
    (before, penalties_before): (&TelephonyNames, &BTreeMap<(AgentId, QueueId), u8>),
    out: &mut Effects,
) {
    for (agent, at_work) in state.forget_gone_agents() {
        forget(now, (agent, &at_work), before, out);
    }
    for ((agent, queue), penalty) in state.penalties_at_work() {
        if penalties_before.get(&(agent, queue)).is_some_and(|before| *before != penalty) {
            state.change_agent(now, agent, out, |agent| {
                agent.penalties_to_tell.insert(queue);
            });
        }
    }
    let renumbered = state.telephony_names().renumbered_agents(before);
    if state.is_telephony_up() && !renumbered.is_empty() {
        move_lamps(state, &renumbered, before, out);
    }
    for agent in state.agents().iter().map(|(agent, _)| agent).collect::<Vec<_>>() {
        let has_other_telephone = follow_telephone(state, now, agent, out);
        follow_queues(state, now, agent, out);
        let is_renumbered = renumbered.contains(&agent) && before.number_of_agent(agent).is_some();
        if !state.agents().is_logged_in(agent) {
            continue;
        }
        let is_other = has_other_telephone || is_renumbered;
        if !state.is_telephony_up() {
            state.change_agent(now, agent, out, |agent| agent.is_to_be_taken_anew |= is_other);
            continue;
        }
        if is_renumbered {
            log_renumbered(state, now, agent, before, out);
        }
        if is_other {
            leave_all(state, now, agent, out);
        }
        join_and_leave(state, agent, out);
        tell_penalties(state, now, agent, out);
    }
}

/// The link holds, and queues still have the agent as they were called before it was lost.
pub(super) fn take_anew(state: &mut LiveState, now: Moment, agent: AgentId, out: &mut Effects) {
    leave_all(state, now, agent, out);
    join_and_leave(state, agent, out);
    state.change_agent(now, agent, out, |agent| {
        agent.is_to_be_taken_anew = false;
        agent.kept.wanted.are_pauses_ours = false;
        agent.penalties_to_tell.clear();
    });
}

/// The agent is no more.
fn forget(now: Moment, (agent, at_work): (AgentId, &AgentAtWork), before: &TelephonyNames, out: &mut Effects) {
    for (queue, member) in &at_work.members {
        remove(agent, *queue, member, out);
    }
    let Some(login) = &at_work.kept.login else { return };
    let request = TelephonyRequest::DeleteKey { family: work::key_family(agent), key: KEY.into() };
    work::ask(agent, None, AgentStep::Other, AgentOrder::Ours, request, out);
    if let Some(number) = before.number_of_agent(agent) {
        work::log_row_of(agent, member_name(number), work::LOGGED_OFF, work::logged_off_row(now, login), out);
    }
}

/// Lamps are called by numbers: those of numbers that are nobody's any more go out before the others are lit, since one
/// agent may have the number that was another's.
fn move_lamps(state: &LiveState, renumbered: &[AgentId], before: &TelephonyNames, out: &mut Effects) {
    for agent in renumbered {
        let Some(number) = before.number_of_agent(*agent) else { continue };
        let is_there = state.agent(*agent).is_some();
        for (lamp, _) in lamps(*agent, number, false).filter(|(lamp, _)| !is_there || lamp.ends_with(number)) {
            let request = TelephonyRequest::SetLamp { lamp, is_lit: false };
            work::ask(*agent, None, AgentStep::Other, AgentOrder::Ours, request, out);
        }
    }
    renumbered.iter().for_each(|agent| work::light(state, *agent, out));
}

/// One work ends and another begins, as far as reports are concerned.
fn log_renumbered(state: &mut LiveState, now: Moment, agent: AgentId, before: &TelephonyNames, out: &mut Effects) {
    let number = before.number_of_agent(agent).map(Box::<str>::from);
    let login = state.agents().get(agent).login().cloned();
    let (Some(number), Some(login)) = (number, login) else { return };
    work::log_row_of(agent, member_name(&number), work::LOGGED_OFF, work::logged_off_row(now, &login), out);
    work::log_row(state, agent, work::LOGGED_IN, format!("{}@{}", login.extension, login.context), out);
    state.change_agent(now, agent, out, |agent| {
        agent.kept.login.iter_mut().for_each(|login| login.since = now.unix as i64);
    });
}

/// The agent's telephone is the line that it was, wherever that is now, or else the one that has its place now. Whether
/// that is another telephone.
fn follow_telephone(state: &mut LiveState, now: Moment, agent: AgentId, out: &mut Effects) -> bool {
    let at_work = state.agents().get(agent);
    let Some(login) = at_work.kept.login.clone() else { return false };
    let was = at_work.line;
    let same = was.filter(|line| state.line(*line).is_some());
    let at_its_place = || state.telephony_names().line_at(&login.context, &login.extension);
    let is_its_own = |line: &LineId| {
        let device = state.device_of_line(*line);
        was.is_some() || device.is_some_and(|device| device_key(&device) == device_key(&login.device))
    };
    let line = same.or_else(|| at_its_place().filter(is_its_own));
    let Some(place) = line.and_then(|line| LoginTelephone::of(state, line)) else {
        if was.is_some() {
            state.change_agent(now, agent, out, |agent| agent.line = None);
            own_calls::look(state, now, agent, out);
            actions::log_off_when_free(state, now, agent, out);
        }
        return false;
    };
    let is_other = device_key(&place.device) != device_key(&login.device);
    state.change_agent(now, agent, out, |agent| {
        agent.line = place.line;
        agent.phone_number = Some(place.extension.clone());
        if let Some(login) = &mut agent.kept.login {
            (login.extension, login.context) = (place.extension, place.context);
            login.device = if is_other { place.device } else { login.device.clone() };
        }
    });
    if is_other {
        phone_gone::back(state, now, agent, out);
        own_calls::look(state, now, agent, out);
        if state.is_telephony_up() {
            work::put_key(state, agent, out);
        }
    }
    is_other
}

/// What the settings say by now is kept of the agent no more.
fn follow_queues(state: &mut LiveState, now: Moment, agent: AgentId, out: &mut Effects) {
    let at_work = state.agents().get(agent);
    let is_said = |(queue, is_member): (&QueueId, &bool)| {
        state.queue(*queue).is_none() || state.is_configured_member(agent, *queue) == *is_member
    };
    let said: Vec<QueueId> =
        at_work.kept.memberships.iter().filter(|it| is_said(*it)).map(|(queue, _)| *queue).collect();
    let gone: Vec<QueueId> = at_work.kept.pauses.keys().copied().filter(|it| state.queue(*it).is_none()).collect();
    state.change_agent(now, agent, out, |agent| {
        agent.kept.memberships.retain(|queue, _| !said.contains(queue));
        agent.kept.pauses.retain(|queue, _| !gone.contains(queue));
    });
    // Of a queue that is no more nobody says that it has let them go.
    let at_work = state.agents().get(agent);
    let gone: Vec<(QueueId, AgentMember)> = at_work
        .members
        .iter()
        .filter(|(queue, _)| state.queue(**queue).is_none())
        .map(|(queue, member)| (*queue, member.clone()))
        .collect();
    if state.is_telephony_up() {
        gone.iter().for_each(|(queue, member)| remove(agent, *queue, member, out));
    }
    if !gone.is_empty() {
        state.change_agent(now, agent, out, |agent| {
            gone.iter().for_each(|(queue, _)| drop(agent.members.remove(queue)))
        });
    }
}

/// All queues let the agent go; nothing of it is a log-off, and they are taken again at once.
fn leave_all(state: &mut LiveState, now: Moment, agent: AgentId, out: &mut Effects) {
    for (queue, member) in &state.agents().get(agent).members {
        remove(agent, *queue, member, out);
    }
    state.change_agent(now, agent, out, |agent| agent.members.clear());
}

fn join_and_leave(state: &LiveState, agent: AgentId, out: &mut Effects) {
    let queues = state.queues_of_agent(agent);
    let at_work = state.agents().get(agent);
    let is_called = |queue: QueueId, member: &AgentMember| {
        queues.contains(&queue) && state.queue(queue).is_some_and(|queue| *queue.name.as_str() == *member.queue)
    };
    for (queue, member) in at_work.members.iter().filter(|(queue, member)| !is_called(**queue, member)) {
        remove(agent, *queue, member, out);
    }
    for queue in &queues {
        if !at_work.members.get(queue).is_some_and(|member| is_called(*queue, member)) {
            work::add(state, agent, *queue, AgentStep::Other, AgentOrder::Ours, out);
        }
    }
}
