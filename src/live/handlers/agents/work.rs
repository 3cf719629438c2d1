//! Logging agents in and off, pausing them, letting them join and leave queues: what is kept of it, and what is asked of the
//! telephone system (telephony §6.2). Whether somebody may is decided before. Without a link pauses and log-offs are kept as
//! what is wanted; the last one wins.

use std::time::Duration;

use super::lamps::lamps;
use super::own_calls;
use crate::live::messages::telephony::{QueueLogRow, StoredKey};
use crate::live::messages::{
    AgentOrder, AgentStep, Moment, TelephonyPending, TelephonyRequest, TelephonyTimer, TimerKey,
};
use crate::live::state::telephony::agents::{AgentMember, Entering};
use crate::live::state::{Effects, LiveState};
use crate::settings::agent::CALLBACK_CONTEXT;
use crate::settings::id::{AgentId, LineId, QueueId};
use crate::settings::state::{AgentLogin, PAUSE_REASON_CHARACTERS_MAX};

/// What queues still say of an agent so long after a log-off was said before it.
const STALE: Duration = Duration::from_secs(5);

/// A telephone on which an agent logs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LoginTelephone {
    pub(super) extension: Box<str>,
    pub(super) context: Box<str>,
    /// As Asterisk calls it.
    pub(super) device: Box<str>,
    pub(super) line: Option<LineId>,
}

impl LoginTelephone {
    /// The telephone of a line of ours.
    pub(super) fn of(state: &LiveState, line: LineId) -> Option<Self> {
        Some(Self {
            extension: state.line(line)?.extension.as_str().into(),
            context: state.context_of_line(line)?.into(),
            device: state.device_of_line(line)?,
            line: Some(line),
        })
    }
}

/// By which queues call the agent: the dial plan finds the telephone (telephony §6.1).
pub(super) fn interface(agent: AgentId) -> Box<str> {
    format!("Local/id-{agent}@{CALLBACK_CONTEXT}").into()
}

/// The member's name, and the agent's in the log of queues.
pub(super) fn member_name(state: &LiveState, agent: AgentId) -> Option<Box<str>> {
    state.agent(agent).map(|agent| agent.member_name().into())
}

/// Logs the agent in; who is logged in already stays where they are.
pub(super) fn log_in(
    state: &mut LiveState,
    now: Moment,
    agent: AgentId,
    place: LoginTelephone,
    order: AgentOrder,
    out: &mut Effects,
) {
    if state.agents().is_logged_in(agent) {
        return;
    }
    begin(state, now, agent, place, out);
    let queues = state.queues_of_agent(agent);
    state.change_agent(now, agent, out, |agent| {
        agent.entering = Some(Entering { left: queues.len(), taken: 0 }).filter(|entering| entering.left > 0);
    });
    put_key(state, agent, out);
    for queue in queues {
        add(state, agent, queue, AgentStep::LogIn, order, out);
    }
    let row = state.agents().get(agent).login().map(|login| format!("{}@{}", login.extension, login.context));
    log_row(state, agent, LOGGED_IN, row.unwrap_or_default(), out);
    light(state, agent, out);
}

/// Records the login, and asks for nothing.
pub(super) fn begin(state: &mut LiveState, now: Moment, agent: AgentId, place: LoginTelephone, out: &mut Effects) {
    let LoginTelephone { extension, context, device, line } = place;
    state.change_agent(now, agent, out, |agent| {
        agent.forget_work();
        agent.is_left_until = None;
        (agent.line, agent.phone_number) = (line, Some(extension.clone()));
        agent.kept.login = Some(AgentLogin { extension, context, device, since: now.unix as i64 });
    });
    own_calls::look(state, now, agent, out);
}

/// The agent is called at another telephone than was thought.
pub(super) fn move_to(state: &mut LiveState, now: Moment, agent: AgentId, place: LoginTelephone, out: &mut Effects) {
    let LoginTelephone { extension, context, device, line } = place;
    state.change_agent(now, agent, out, |agent| {
        (agent.line, agent.phone_number, agent.is_phone_gone) = (line, Some(extension.clone()), false);
        if let Some(login) = &mut agent.kept.login {
            (login.extension, login.context, login.device) = (extension, context, device);
        }
    });
    state.cancel_timer(TimerKey::Telephony(TelephonyTimer::PhoneGone(agent)));
    own_calls::look(state, now, agent, out);
}

/// The key by which the dial plan finds the agent's telephone.
pub(super) fn put_key(state: &LiveState, agent: AgentId, out: &mut Effects) {
    if let Some(login) = state.agents().get(agent).login() {
        let value = login.device.clone();
        let key = StoredKey { family: key_family(agent), key: KEY.into(), value };
        ask(agent, None, AgentStep::Other, AgentOrder::Ours, TelephonyRequest::PutKey(key), out);
    }
}

pub(super) const KEY: &str = "iface";

pub(super) fn key_family(agent: AgentId) -> Box<str> {
    format!("cti/agent/{agent}").into()
}

/// Lights the lamps of keys for the agent as they stand now.
pub(super) fn light(state: &LiveState, agent: AgentId, out: &mut Effects) {
    let Some(number) = state.agent(agent).map(|agent| agent.number.clone()) else { return };
    for (lamp, is_lit) in lamps(agent, number.as_str(), state.agents().is_logged_in(agent)) {
        let request = TelephonyRequest::SetLamp { lamp, is_lit };
        ask(agent, None, AgentStep::Other, AgentOrder::Ours, request, out);
    }
}

/// Has the queue take the agent, paused as is kept of them.
pub(super) fn add(
    state: &LiveState,
    agent: AgentId,
    queue: QueueId,
    step: AgentStep,
    order: AgentOrder,
    out: &mut Effects,
) {
    let at_work = state.agents().get(agent);
    let (Some(login), Some(name), Some(to)) = (at_work.login(), member_name(state, agent), state.queue(queue)) else {
        return;
    };
    let request = TelephonyRequest::QueueAdd {
        queue: to.name.as_str().into(),
        interface: interface(agent),
        name,
        state_interface: login.device.clone(),
        penalty: state.penalty(agent, queue),
        paused: at_work.kept.pauses.get(&queue).cloned(),
    };
    ask(agent, Some(queue), step, order, request, out);
}

/// Logs the agent off, once there is a link.
pub(super) fn log_off(state: &mut LiveState, now: Moment, agent: AgentId, order: AgentOrder, out: &mut Effects) {
    if state.agents().get(agent).login().is_none() {
        return;
    }
    for timer in [TelephonyTimer::WrapUp, TelephonyTimer::PhoneGone] {
        state.cancel_timer(TimerKey::Telephony(timer(agent)));
    }
    state.change_agent(now, agent, out, |agent| {
        agent.kept.wanted.is_logged_off = true;
        agent.deferred.clear();
        agent.rests_until = None;
    });
    if state.is_telephony_up() {
        finish_log_off(state, now, agent, order, out);
    }
}

/// Brings about a log-off that is recorded.
pub(super) fn finish_log_off(state: &mut LiveState, now: Moment, agent: AgentId, order: AgentOrder, out: &mut Effects) {
    let at_work = state.agents().get(agent);
    let Some(login) = at_work.kept.login.clone() else { return };
    let mut members = at_work.members.clone();
    for queue in state.queues_of_agent(agent) {
        let configured = state.queue(queue).map(|queue| (queue.name.as_str().into(), interface(agent)));
        if let Some((queue_name, interface)) = configured {
            members.entry(queue).or_insert(AgentMember { queue: queue_name, interface });
        }
    }
    let leaving = members.len();
    believe_no_queue(state, now, agent, out);
    state.change_agent(now, agent, out, |agent| {
        agent.leaving = leaving;
        agent.members.clear();
        if leaving == 0 {
            agent.forget_work();
        }
    });
    for (queue, member) in members {
        let request = TelephonyRequest::QueueRemove { queue: member.queue, interface: member.interface };
        ask(agent, Some(queue), AgentStep::LogOff, order, request, out);
    }
    let request = TelephonyRequest::DeleteKey { family: key_family(agent), key: KEY.into() };
    ask(agent, None, AgentStep::Other, AgentOrder::Ours, request, out);
    log_row(state, agent, LOGGED_OFF, logged_off_row(now, &login), out);
    light(state, agent, out);
}

/// What queues say for a moment was said before the log-off.
pub(super) fn believe_no_queue(state: &mut LiveState, now: Moment, agent: AgentId, out: &mut Effects) {
    let until = now.steady + STALE;
    state.change_agent(now, agent, out, |agent| agent.is_left_until = Some(until));
    state.set_timer(TimerKey::Telephony(TelephonyTimer::LoggedOff(agent)), until);
}

/// The agent was logged off elsewhere, or no queue took them: nothing is asked of queues.
pub(super) fn forget_login(state: &mut LiveState, now: Moment, agent: AgentId, out: &mut Effects) {
    state.change_agent(now, agent, out, |agent| {
        agent.forget_work();
        agent.entering = None;
    });
    let request = TelephonyRequest::DeleteKey { family: key_family(agent), key: KEY.into() };
    ask(agent, None, AgentStep::Other, AgentOrder::Ours, request, out);
    light(state, agent, out);
}

/// A pause as it is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pause {
    /// None: all.
    pub(super) queue: Option<QueueId>,
    pub(super) is_paused: bool,
    pub(super) reason: Box<str>,
}

/// Pauses a logged-in agent or ends that; in a queue that they do not work in nothing is done.
pub(super) fn pause(
    state: &mut LiveState,
    now: Moment,
    agent: AgentId,
    pause: Pause,
    order: AgentOrder,
    out: &mut Effects,
) {
    let queues = state.queues_of_agent(agent);
    let is_in = |queue: QueueId| queues.contains(&queue);
    if !state.agents().is_logged_in(agent) || queues.is_empty() || !pause.queue.is_none_or(is_in) {
        return;
    }
    if state.is_telephony_up() {
        return ask_pause(state, agent, pause, order, out);
    }
    want_pause(state, now, agent, &pause, out);
}

fn ask_pause(state: &LiveState, agent: AgentId, pause: Pause, order: AgentOrder, out: &mut Effects) {
    let members = &state.agents().get(agent).members;
    let member = match pause.queue {
        Some(queue) => members.get(&queue),
        None => members.values().next(),
    };
    let queue = match pause.queue {
        Some(queue) => match state.queue(queue) {
            Some(queue) => Some(queue.name.as_str().into()),
            None => return,
        },
        None => None,
    };
    let Pause { queue: of, is_paused, reason } = pause;
    let reason: Box<str> = reason.chars().filter(|c| !c.is_control()).take(PAUSE_REASON_CHARACTERS_MAX).collect();
    let request = TelephonyRequest::QueuePause {
        queue,
        interface: member.map_or_else(|| interface(agent), |member| member.interface.clone()),
        is_paused,
        reason: reason.clone(),
    };
    ask(agent, of, AgentStep::Pause { is_paused, reason }, order, request, out);
}

/// Keeps the pause as what is to be brought about when the link is back.
pub(super) fn want_pause(state: &mut LiveState, now: Moment, agent: AgentId, pause: &Pause, out: &mut Effects) {
    let queues = pause.queue.map_or_else(|| state.queues_of_agent(agent), |queue| vec![queue]);
    state.change_agent(now, agent, out, |agent| {
        for queue in queues {
            if pause.is_paused {
                agent.kept.pauses.insert(queue, pause.reason.clone());
            } else {
                agent.kept.pauses.remove(&queue);
            }
        }
        agent.kept.wanted.are_pauses_ours = true;
    });
}

/// Imposes a pause, or its end, that is kept and that the queue does not have.
pub(super) fn impose_pause(state: &LiveState, agent: AgentId, queue: QueueId, out: &mut Effects) {
    let kept = state.agents().get(agent).kept.pauses.get(&queue).cloned();
    let pause = Pause { queue: Some(queue), is_paused: kept.is_some(), reason: kept.unwrap_or_default() };
    ask_pause(state, agent, pause, AgentOrder::Ours, out);
}

/// The agent works in the queue from now on; called at once if they are logged in.
pub(super) fn join(
    state: &mut LiveState,
    now: Moment,
    agent: AgentId,
    queue: QueueId,
    order: AgentOrder,
    out: &mut Effects,
) {
    if state.queues_of_agent(agent).contains(&queue) && state.agents().get(agent).members.contains_key(&queue) {
        return;
    }
    set_membership(state, now, agent, Membership::Joined(queue), out);
    add(state, agent, queue, AgentStep::Join, order, out);
}

/// The agent does not work in the queue any more.
pub(super) fn leave(
    state: &mut LiveState,
    now: Moment,
    agent: AgentId,
    queue: QueueId,
    order: AgentOrder,
    out: &mut Effects,
) {
    let at_work = state.agents().get(agent);
    let member = at_work.members.get(&queue).cloned();
    if member.is_none() && !state.queues_of_agent(agent).contains(&queue) {
        return;
    }
    let is_logged_in = at_work.login().is_some();
    set_membership(state, now, agent, Membership::Left(queue), out);
    let Some(name) = state.queue(queue).map(|queue| queue.name.as_str().into()).filter(|_| is_logged_in) else {
        return;
    };
    let request = TelephonyRequest::QueueRemove {
        queue: name,
        interface: member.map_or_else(|| interface(agent), |member| member.interface),
    };
    ask(agent, Some(queue), AgentStep::Leave, order, request, out);
}

/// Whether an agent works in a queue from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Membership {
    Joined(QueueId),
    Left(QueueId),
}

/// Keeps whether the agent works in the queue, as far as the settings do not say just that.
pub(super) fn set_membership(
    state: &mut LiveState,
    now: Moment,
    agent: AgentId,
    membership: Membership,
    out: &mut Effects,
) {
    let (queue, is_member) = match membership {
        Membership::Joined(queue) => (queue, true),
        Membership::Left(queue) => (queue, false),
    };
    let is_said = state.is_configured_member(agent, queue) == is_member;
    state.change_agent(now, agent, out, |agent| {
        if is_said {
            agent.kept.memberships.remove(&queue);
        } else {
            agent.kept.memberships.insert(queue, is_member);
        }
        if !is_member {
            agent.kept.pauses.remove(&queue);
        }
    });
}

/// Tells queues that have the agent what penalty of theirs the settings now say.
pub(super) fn tell_penalties(state: &mut LiveState, now: Moment, agent: AgentId, out: &mut Effects) {
    let at_work = state.agents().get(agent);
    if at_work.penalties_to_tell.is_empty() {
        return;
    }
    for (queue, member) in at_work.members.iter().filter(|(queue, _)| at_work.penalties_to_tell.contains(*queue)) {
        let (queue_name, interface) = (member.queue.clone(), member.interface.clone());
        let penalty = state.penalty(agent, *queue);
        let request = TelephonyRequest::QueuePenalty { queue: queue_name, interface, penalty };
        ask(agent, Some(*queue), AgentStep::Penalty, AgentOrder::Ours, request, out);
    }
    state.change_agent(now, agent, out, |agent| agent.penalties_to_tell.clear());
}

/// Has the queue let the agent go, whatever it is called by now.
pub(super) fn remove(agent: AgentId, queue: QueueId, member: &AgentMember, out: &mut Effects) {
    let request = TelephonyRequest::QueueRemove { queue: member.queue.clone(), interface: member.interface.clone() };
    ask(agent, Some(queue), AgentStep::Leave, AgentOrder::Ours, request, out);
}

/// A row of Asterisk's log of queues, of which call-centre reports are made.
pub(super) fn log_row(state: &LiveState, agent: AgentId, event: &'static str, message: String, out: &mut Effects) {
    if let Some(interface) = member_name(state, agent) {
        log_row_of(agent, interface, event, message, out);
    }
}

/// The same of one who is, or was, called so.
pub(super) fn log_row_of(
    agent: AgentId,
    interface: impl Into<Box<str>>,
    event: &'static str,
    message: String,
    out: &mut Effects,
) {
    let row = QueueLogRow { queue: "NONE".into(), event, interface: interface.into(), message: message.into() };
    ask(agent, None, AgentStep::Other, AgentOrder::Ours, TelephonyRequest::QueueLog(row), out);
}

pub(super) const LOGGED_IN: &str = "AGENTCALLBACKLOGIN";
pub(super) const LOGGED_OFF: &str = "AGENTCALLBACKLOGOFF";

/// Where they were, and for how long.
pub(super) fn logged_off_row(now: Moment, login: &AgentLogin) -> String {
    let seconds = (now.unix as i64).saturating_sub(login.since).max(0);
    format!("{}@{}|{seconds}|CommandLogoff", login.extension, login.context)
}

pub(super) fn ask(
    agent: AgentId,
    queue: Option<QueueId>,
    step: AgentStep,
    order: AgentOrder,
    request: TelephonyRequest,
    out: &mut Effects,
) {
    out.ask_telephony(request, TelephonyPending::Agent { agent, queue, step, order });
}
