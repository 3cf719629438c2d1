//! What queues say of agents as their members: who works where and is paused in what. An agent whom a queue has and of whom
//! we know no login was logged in elsewhere: they are taken on as logged in (telephony §6.5), and whoever is in no queue any
//! more was logged off there.

use super::phone_gone;
use super::work::{self, LoginTelephone};
use crate::live::messages::telephony::MemberSeen;
use crate::live::messages::{Moment, TelephonyPending, TelephonyRequest};
use crate::live::state::telephony::agents::AgentMember;
use crate::live::state::{Effects, LiveState, LogEvent};
use crate::settings::agent::id_of_callback;
use crate::settings::id::{AgentId, QueueId};
use crate::settings::queue::MemberId;
use crate::settings::state::PAUSE_REASON_CHARACTERS_MAX;

/// The longest names that a login keeps.
const EXTENSION_CHARACTERS_MAX: usize = 40;
const DEVICE_CHARACTERS_MAX: usize = 160;

/// The agent of a member.
pub(super) fn agent_of(state: &LiveState, interface: &str, name: &str) -> Option<AgentId> {
    state.telephony_names().agent_of_member(name, interface)
}

pub(super) fn agent_numbered(state: &LiveState, number: &str) -> Option<AgentId> {
    state.telephony_names().agent_numbered(number)
}

/// A member as it is now.
pub(super) fn seen(state: &mut LiveState, now: Moment, member: &MemberSeen, out: &mut Effects) {
    let Some(agent) = agent_of(state, &member.interface, &member.name) else { return };
    let Some(queue) = state.telephony_names().queue(&member.queue) else { return };
    if !state.agents().is_logged_in(agent) {
        if !may_be_adopted(state, now, agent, member) {
            return;
        }
        adopt(state, now, agent, member, out);
        work::put_key(state, agent, out);
        work::light(state, agent, out);
    }
    take(state, now, (agent, queue), member, out);
}

/// Whether the member is a login that we did not know: not one who is being logged off, and no fixed one.
pub(super) fn may_be_adopted(state: &LiveState, now: Moment, agent: AgentId, member: &MemberSeen) -> bool {
    let at_work = state.agents().get(agent);
    let was_just_logged_off = at_work.is_left_until.is_some_and(|until| now.steady < until);
    let is_ours = member.is_dynamic || id_of_callback(&member.interface).is_some();
    at_work.kept.login.is_none() && !was_just_logged_off && is_ours && !member.interface.is_empty()
}

/// Whichever queue has an agent by now who logged off some time ago took them since, for another program: what it said was
/// not believed then, so it is asked.
pub(in crate::live::handlers) fn log_off_is_past(state: &LiveState, agent: AgentId, out: &mut Effects) {
    if state.agents().get(agent).kept.login.is_some() || !state.may_ask_telephony() {
        return;
    }
    let queues =
        state.queues_at_work().filter(|queue| state.members_there(*queue).any(|is| is == MemberId::Agent(agent)));
    for queue in queues.filter_map(|queue| state.queue_name(queue)) {
        let request = TelephonyRequest::MemberStatus { queue, interface: work::interface(agent) };
        out.ask_telephony(request, TelephonyPending::Nobody);
    }
}

/// Takes an agent on as logged in where the queue calls them.
pub(super) fn adopt(state: &mut LiveState, now: Moment, agent: AgentId, member: &MemberSeen, out: &mut Effects) {
    let device: Box<str> = if member.state_interface.is_empty() { &member.interface } else { &member.state_interface }
        .chars()
        .take(DEVICE_CHARACTERS_MAX)
        .collect();
    let line = state.telephony_names().line_of_device(&device);
    let known = line.and_then(|line| LoginTelephone::of(state, line));
    let place =
        known.map(|place| LoginTelephone { device: device.clone(), ..place }).unwrap_or_else(|| LoginTelephone {
            extension: name_of(&device).chars().take(EXTENSION_CHARACTERS_MAX).collect(),
            context: state.context_of_agent(agent).unwrap_or_default().into(),
            device: device.clone(),
            line: None,
        });
    out.log(LogEvent::AgentAdopted { agent, device: place.device.clone() });
    work::begin(state, now, agent, place, out);
}

/// Behind the technology; never empty.
fn name_of(device: &str) -> &str {
    device.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(device)
}

/// What the member says of a logged-in agent.
pub(super) fn take(
    state: &mut LiveState,
    now: Moment,
    (agent, queue): (AgentId, QueueId),
    member: &MemberSeen,
    out: &mut Effects,
) {
    let is_other = !state.is_configured_member(agent, queue);
    let is_idle = member.in_call != Some(true) && matches!(member.status, NOT_IN_USE | UNAVAILABLE | INVALID);
    let begun = (member.last_pause > 0).then_some(member.last_pause as f64);
    let reason = member.pause_reason.chars().take(PAUSE_REASON_CHARACTERS_MAX).collect();
    state.change_agent(now, agent, out, |agent| {
        agent.members.insert(queue, AgentMember::of(member));
        if is_other {
            agent.kept.memberships.entry(queue).or_insert(true);
        }
        if !agent.kept.wanted.are_pauses_ours {
            if member.is_paused {
                agent.kept.pauses.insert(queue, reason);
                // Of a pause whose begin was not seen here the queue knows it.
                let since = agent.paused_since.entry(queue).or_default();
                *since = since.or(begun.or(Some(now.unix)));
            } else {
                agent.kept.pauses.remove(&queue);
            }
        }
        // The queue may have missed to say that the call is over.
        agent.is_on_queue_call &= !is_idle;
    });
    match member.status {
        UNAVAILABLE | INVALID => phone_gone::gone(state, now, agent, out),
        UNKNOWN => {}
        _ => phone_gone::back(state, now, agent, out),
    }
}

/// Telephony §2.
const UNKNOWN: u8 = 0;
const NOT_IN_USE: u8 = 1;
const INVALID: u8 = 4;
const UNAVAILABLE: u8 = 5;

/// A queue does not have the member any more. Who is in none then, and whom nobody here let leave, was logged off from
/// elsewhere.
pub(super) fn removed(
    state: &mut LiveState,
    now: Moment,
    (queue, interface, name): (&str, &str, &str),
    out: &mut Effects,
) {
    let Some(agent) = agent_of(state, interface, name) else { return };
    let Some(queue) = state.telephony_names().queue(queue) else { return };
    let at_work = state.agents().get(agent);
    let was_expected = !state.queues_of_agent(agent).contains(&queue) || at_work.entering.is_some();
    let was_last = at_work.members.len() == 1 && at_work.members.contains_key(&queue);
    let is_logged_off = at_work.login().is_some() && was_last && !was_expected;
    let is_other = !state.is_configured_member(agent, queue);
    state.change_agent(now, agent, out, |agent| {
        if agent.members.remove(&queue).is_none() {
            return;
        }
        agent.kept.pauses.remove(&queue);
        if is_other && agent.entering.is_none() {
            agent.kept.memberships.remove(&queue);
        }
    });
    if is_logged_off {
        out.log(LogEvent::AgentLoggedOffElsewhere { agent });
        work::forget_login(state, now, agent, out);
    }
}
