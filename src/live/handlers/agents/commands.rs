//! `ipbxcommand` of agents (protocol 4.8, 4.8.2): which agent is meant, whether the user may act on them, and what is
//! answered. Everybody may act on their own agent; on others who has the xlets for it, on agents in sight.

use super::work::{self, LoginTelephone, Pause};
use crate::live::messages::{AgentOrder, Moment, Requester, Subject};
use crate::live::state::{Effects, LiveState, LogEvent};
use crate::protocol::notice::Notice;
use crate::protocol::request::AgentReference;
use crate::settings::id::{AgentId, Id, LineId, QueueId};
use crate::settings::profile::Xlet;

/// The original's word where there is no such agent, in logging off too.
const INVALID: &str = "agent_login_invalid_exten";
const IN_USE: &str = "agent_login_exten_in_use";
const UNAUTHORIZED: &str = "call_unauthorized";
const UNAVAILABLE: &str = "service_unavailable";

/// Logs in on the extension, or on the main line of the agent's user.
pub(in crate::live) fn log_in(
    state: &mut LiveState,
    now: Moment,
    by: Requester,
    (agent, extension): (AgentReference, Option<Box<str>>),
    out: &mut Effects,
) {
    let Some(agent) = meant(state, by, agent, out) else { return };
    if !state.is_telephony_up() {
        return refuse(by, UNAVAILABLE, out);
    }
    let line = match extension {
        Some(extension) => line_at(state, by, agent, &extension),
        None => state.agent(agent).and_then(|agent| agent.user).and_then(|user| state.main_line_of(user)),
    };
    let Some(place) = line.and_then(|line| LoginTelephone::of(state, line)) else { return refuse(by, INVALID, out) };
    if state.agents().at(&place.context, &place.extension).is_some_and(|other| other != agent) {
        return refuse(by, IN_USE, out);
    }
    work::log_in(state, now, agent, place, AgentOrder::Client(by), out);
}

/// The line of an extension that the user may see: in the agent's context, or else in that of the user's own line.
fn line_at(state: &LiveState, by: Requester, agent: AgentId, extension: &str) -> Option<LineId> {
    let view = state.view(by.user);
    let own = state.main_line_of(by.user).and_then(|line| state.context_of_line(line));
    let contexts = state.context_of_agent(agent).into_iter().chain(own);
    contexts
        .filter_map(|context| state.telephony_names().line_at(context, extension))
        .find(|line| view.may_see(Subject::Phone(*line)))
}

pub(in crate::live) fn log_off(
    state: &mut LiveState,
    now: Moment,
    by: Requester,
    agent: AgentReference,
    out: &mut Effects,
) {
    if let Some(agent) = meant(state, by, agent, out) {
        work::log_off(state, now, agent, AgentOrder::Client(by), out);
    }
}

/// What a client wants of an agent and a queue: to be a member, or no more.
pub(in crate::live) struct WantedMembership {
    pub(in crate::live) agent: i64,
    pub(in crate::live) queue: i64,
    pub(in crate::live) is_member: bool,
}

/// Joins a queue, or leaves it.
pub(in crate::live) fn change_membership(
    state: &mut LiveState,
    now: Moment,
    by: Requester,
    WantedMembership { agent, queue, is_member }: WantedMembership,
    out: &mut Effects,
) {
    let Some(agent) = meant_member(state, by, agent, out) else { return };
    if !state.is_telephony_up() {
        return refuse(by, UNAVAILABLE, out);
    }
    let Some(queue) = seen_queue(state, by, queue) else { return };
    if is_member {
        work::join(state, now, agent, queue, AgentOrder::Client(by), out);
    } else {
        work::leave(state, now, agent, queue, AgentOrder::Client(by), out);
    }
}

/// What a client wants of an agent: a pause, or its end; None: in all queues.
pub(in crate::live) struct WantedPause {
    pub(in crate::live) agent: i64,
    pub(in crate::live) queue: Option<i64>,
    pub(in crate::live) is_paused: bool,
}

/// Pauses, or ends that, in one queue or in all.
pub(in crate::live) fn pause(
    state: &mut LiveState,
    now: Moment,
    by: Requester,
    WantedPause { agent, queue, is_paused }: WantedPause,
    out: &mut Effects,
) {
    let Some(agent) = meant_member(state, by, agent, out) else { return };
    let queue = match queue {
        None => None,
        Some(queue) => match seen_queue(state, by, queue) {
            Some(queue) => Some(queue),
            None => return,
        },
    };
    work::pause(state, now, agent, Pause { queue, is_paused, reason: "".into() }, AgentOrder::Client(by), out);
}

/// One out of sight is as one that there is not: nothing is said (protocol 4.8).
fn seen_queue(state: &LiveState, by: Requester, queue: i64) -> Option<QueueId> {
    let queue = QueueId::new(queue);
    state.view(by.user).may_see(Subject::Queue(queue)).then_some(queue)
}

/// The agent who is meant by a login or a log-off, if the user may act on them; else the answer says why not.
fn meant(state: &LiveState, by: Requester, agent: AgentReference, out: &mut Effects) -> Option<AgentId> {
    let view = state.view(by.user);
    let found = match agent {
        AgentReference::Own => view.agent(),
        AgentReference::Id(number) => view.agent_numbered(number),
        AgentReference::Nobody => None,
    };
    if found.is_none() {
        refuse(by, INVALID, out);
    }
    found.filter(|agent| may_act(state, by, *agent, out))
}

/// The same of what is said of a member: of an agent out of sight nothing is said (protocol 4.8).
fn meant_member(state: &LiveState, by: Requester, agent: i64, out: &mut Effects) -> Option<AgentId> {
    state.view(by.user).agent_numbered(agent).filter(|agent| may_act(state, by, *agent, out))
}

/// Whether the user may act on the agent; if not, that is logged and answered.
pub(in crate::live::handlers) fn may_act(state: &LiveState, by: Requester, agent: AgentId, out: &mut Effects) -> bool {
    let view = state.view(by.user);
    let may = |xlet| view.profile().is_some_and(|profile| profile.entry(xlet).is_some());
    let is_allowed = view.agent() == Some(agent)
        || !state.general().enforce_profile_services
        || may(Xlet::Agents)
        || may(Xlet::AgentDetails);
    if !is_allowed {
        out.log(LogEvent::AgentCommandRefused { user: by.user, agent });
        refuse(by, UNAUTHORIZED, out);
    }
    is_allowed
}

fn refuse(by: Requester, error: &'static str, out: &mut Effects) {
    out.answer(by.session, Notice::CommandRefused { error });
}
