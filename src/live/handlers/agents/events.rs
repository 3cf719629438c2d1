//! What happens on the telephone system and is of agents (telephony §6.3): calls of queues, calls of their own, their
//! telephones, and what they dial to log in or off.

use std::time::Duration;

use super::{actions, members, outside, own_calls, phone_gone, telephone};
use crate::live::messages::telephony::CompletedCall;
use crate::live::messages::{Moment, TelephonyEvent, TelephonyTimer, TimerKey};
use crate::live::state::{Effects, LiveState};
use crate::settings::id::AgentId;

pub(in crate::live::handlers) fn happened(
    state: &mut LiveState,
    now: Moment,
    event: &TelephonyEvent,
    out: &mut Effects,
) {
    match event {
        TelephonyEvent::Member(member) => members::seen(state, now, member, out),
        TelephonyEvent::Queue(queue) => {
            queue.members.iter().for_each(|member| members::seen(state, now, member, out));
        }
        TelephonyEvent::MemberRemoved { queue, interface, name } => {
            members::removed(state, now, (queue, interface, name), out);
        }
        TelephonyEvent::AgentConnected(call) => {
            if let Some(agent) = members::agent_of(state, &call.interface, &call.name) {
                state.change_agent(now, agent, out, |agent| agent.is_on_queue_call = true);
            }
        }
        TelephonyEvent::AgentCompleted(call) => completed(state, now, call, out),
        TelephonyEvent::Device(seen) => {
            let line = state.telephony_names().line_of_device(&seen.device);
            if let Some(agent) = line.and_then(|line| state.agents().on_line(line)) {
                match &*seen.state {
                    "UNAVAILABLE" | "INVALID" => phone_gone::gone(state, now, agent, out),
                    "UNKNOWN" => {}
                    _ => phone_gone::back(state, now, agent, out),
                }
            }
        }
        TelephonyEvent::User(event) => {
            telephone::said(state, now, event, out);
            outside::said(state, now, event, out);
        }
        TelephonyEvent::Hint(_)
        | TelephonyEvent::Mailbox(_)
        | TelephonyEvent::CallerJoined { .. }
        | TelephonyEvent::CallerLeft { .. }
        | TelephonyEvent::CallerAbandoned { .. }
        | TelephonyEvent::Summary { .. }
        | TelephonyEvent::Channel(_)
        | TelephonyEvent::ChannelRenamed { .. }
        | TelephonyEvent::HungUp { .. }
        | TelephonyEvent::Held { .. }
        | TelephonyEvent::DialBegan { .. }
        | TelephonyEvent::BridgeEntered { .. }
        | TelephonyEvent::BridgeLeft { .. } => {}
    }
    for agent in own_calls::follow(state, now, out) {
        actions::act_deferred(state, now, agent, out);
    }
}

/// A queue's call is over; the agent rests as long as the queue wants.
fn completed(state: &mut LiveState, now: Moment, call: &CompletedCall, out: &mut Effects) {
    let Some(agent) = members::agent_of(state, &call.interface, &call.name) else { return };
    let queue = state.telephony_names().queue(&call.queue).and_then(|queue| state.queue(queue));
    let rest = Duration::from_secs(queue.map_or(0, |queue| queue.wrapup_seconds).into());
    rest_for(state, now, agent, rest, out);
    state.change_agent(now, agent, out, |agent| agent.is_on_queue_call = false);
    actions::act_deferred(state, now, agent, out);
}

/// The agent rests so long, or as long as they do already.
pub(super) fn rest_for(state: &mut LiveState, now: Moment, agent: AgentId, rest: Duration, out: &mut Effects) {
    let until = now.steady + rest;
    let present = state.agents().get(agent).rests_until;
    if rest.is_zero() || present.is_some_and(|present| present >= until) {
        return;
    }
    state.change_agent(now, agent, out, |agent| agent.rests_until = Some(until));
    state.set_timer(TimerKey::Telephony(TelephonyTimer::WrapUp(agent)), until);
}

pub(in crate::live::handlers) fn wrap_up_is_over(
    state: &mut LiveState,
    now: Moment,
    agent: AgentId,
    out: &mut Effects,
) {
    state.change_agent(now, agent, out, |agent| agent.rests_until = None);
}

pub(in crate::live::handlers) fn availability_stands(state: &mut LiveState, now: Moment, agent: AgentId) {
    state.end_hold(now, agent);
}
