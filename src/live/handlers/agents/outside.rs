//! What another program on the telephone system says it has done with agents (telephony §6.3, §15): `UserEvent`s `AgentLogin`,
//! `AgentLogoff`, `AgentAddedToQueue` and `AgentRemovedFromQueue`, as the agents' daemon of a XiVO sends them behind what it
//! has asked of queues. It is taken as it is: nothing is asked of queues but how the agent stands in them, and the rows of
//! the log are that program's.

use super::members;
use super::work::{self, LoginTelephone, Membership};
use crate::live::messages::telephony::UserEvent;
use crate::live::messages::{Moment, TelephonyPending, TelephonyRequest};
use crate::live::state::{Effects, LiveState, LogEvent};
use crate::settings::id::{AgentId, Id, QueueId};
use crate::settings::name::{ContextName, Extension};
use crate::settings::queue::MemberId;

pub(super) fn said(state: &mut LiveState, now: Moment, event: &UserEvent, out: &mut Effects) {
    let is = |name: &str| event.name.eq_ignore_ascii_case(name);
    if is("AgentLogin") {
        if let Some(agent) = agent(state, event) {
            logged_in(state, now, agent, event, out);
        }
    } else if is("AgentLogoff") {
        if let Some(agent) = agent(state, event) {
            logged_off(state, now, agent, out);
        }
    } else if is("AgentAddedToQueue") {
        if let Some((agent, queue)) = agent_and_queue(state, event) {
            work::set_membership(state, now, agent, Membership::Joined(queue), out);
            look(state, agent, out);
        }
    } else if is("AgentRemovedFromQueue")
        && let Some((agent, queue)) = agent_and_queue(state, event)
    {
        work::set_membership(state, now, agent, Membership::Left(queue), out);
        state.change_agent(now, agent, out, |agent| {
            agent.members.remove(&queue);
        });
        state.remove_member(queue, MemberId::Agent(agent));
    }
}

/// By their number, which is the same everywhere; by the id only where no number is said.
fn agent(state: &LiveState, event: &UserEvent) -> Option<AgentId> {
    match event.field("AgentNumber").map(str::trim).filter(|number| !number.is_empty()) {
        Some(number) => members::agent_numbered(state, number),
        None => {
            let id = AgentId::new(event.field("AgentID")?.trim().parse().ok()?);
            state.agent(id).map(|_| id)
        }
    }
}

fn agent_and_queue(state: &LiveState, event: &UserEvent) -> Option<(AgentId, QueueId)> {
    agent(state, event).zip(state.telephony_names().queue(event.field("QueueName")?.trim()))
}

/// Queues may have said so before; where they are called is said only here.
fn logged_in(state: &mut LiveState, now: Moment, agent: AgentId, event: &UserEvent, out: &mut Effects) {
    let field = |name| event.field(name).unwrap_or_default().trim();
    let context = match field("Context") {
        "" => state.context_of_agent(agent).unwrap_or_default(),
        context => context,
    };
    let (Ok(extension), Ok(context)) = (Extension::parse(field("Extension")), ContextName::parse(context)) else {
        return;
    };
    let (extension, context): (Box<str>, Box<str>) = (extension.as_str().into(), context.as_str().into());
    let login = state.agents().get(agent).login();
    if login.is_some_and(|login| login.extension == extension && login.context == context) {
        return look(state, agent, out);
    }
    let is_known = login.is_some();
    let line = state.telephony_names().line_at(&context, &extension);
    let place = line.and_then(|line| LoginTelephone::of(state, line)).unwrap_or_else(|| {
        // A telephone that is none of ours is called as the dial plan calls it.
        let device = format!("Local/{extension}@{context}").into();
        LoginTelephone { extension, context, device, line: None }
    });
    if is_known {
        work::move_to(state, now, agent, place, out);
    } else {
        out.log(LogEvent::AgentAdopted { agent, device: place.device.clone() });
        work::begin(state, now, agent, place, out);
        work::light(state, agent, out);
    }
    work::put_key(state, agent, out);
    look(state, agent, out);
}

/// Of queues that still have the agent nothing is believed for a moment: they were said before.
fn logged_off(state: &mut LiveState, now: Moment, agent: AgentId, out: &mut Effects) {
    let at_work = state.agents().get(agent);
    if at_work.kept.login.is_none() {
        return;
    }
    let queues: Vec<QueueId> = at_work.members.keys().copied().collect();
    out.log(LogEvent::AgentLoggedOffElsewhere { agent });
    work::forget_login(state, now, agent, out);
    work::believe_no_queue(state, now, agent, out);
    state.change_agent(now, agent, out, |agent| agent.members.clear());
    for queue in queues {
        state.remove_member(queue, MemberId::Agent(agent));
    }
}

/// Asks the queues in which the agent works, and of which it is not known that they have them.
fn look(state: &LiveState, agent: AgentId, out: &mut Effects) {
    let at_work = state.agents().get(agent);
    if at_work.login().is_none() {
        return;
    }
    for queue in state.queues_of_agent(agent).into_iter().filter(|queue| !at_work.members.contains_key(queue)) {
        if let Some(queue) = state.queue_name(queue) {
            let request = TelephonyRequest::MemberStatus { queue, interface: work::interface(agent) };
            out.ask_telephony(request, TelephonyPending::Nobody);
        }
    }
}
