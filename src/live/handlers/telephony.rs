//! What the telephone system says and replies, given to the handler of each feature, in one order: phones before agents,
//! whose availability follows from them, agents before queues. Telephones and boxes have nothing to decide: they go into the
//! state from here. `resync` says when.

use super::{agents, calls, device_names, lamps, queues};
use crate::live::messages::{Moment, TelephonyEvent, TelephonyPending, TelephonyReply, TelephonyTimer};
use crate::live::state::{Effects, LiveState};

pub(super) fn happened(state: &mut LiveState, now: Moment, event: &TelephonyEvent, out: &mut Effects) {
    // Calls, agents and queues hear of everything, below.
    match event {
        TelephonyEvent::Hint(seen) => {
            seen.devices().for_each(|device| device_names::learn(state, device));
            state.see_hint(seen);
        }
        TelephonyEvent::Device(seen) => {
            device_names::learn(state, &seen.device);
            state.see_device(seen);
        }
        TelephonyEvent::Mailbox(seen) => state.see_mailbox(seen),
        TelephonyEvent::Member(_)
        | TelephonyEvent::MemberRemoved { .. }
        | TelephonyEvent::Queue(_)
        | TelephonyEvent::CallerJoined { .. }
        | TelephonyEvent::CallerLeft { .. }
        | TelephonyEvent::CallerAbandoned { .. }
        | TelephonyEvent::AgentConnected(_)
        | TelephonyEvent::AgentCompleted(_)
        | TelephonyEvent::Summary { .. }
        | TelephonyEvent::Channel(_)
        | TelephonyEvent::ChannelRenamed { .. }
        | TelephonyEvent::HungUp { .. }
        | TelephonyEvent::Held { .. }
        | TelephonyEvent::DialBegan { .. }
        | TelephonyEvent::BridgeEntered { .. }
        | TelephonyEvent::BridgeLeft { .. }
        | TelephonyEvent::User(_) => {}
    }
    calls::happened(state, event);
    agents::happened(state, now, event, out);
    queues::happened(state, now, event, out);
    if let TelephonyEvent::User(event) = event {
        lamps::said(state, event, out);
    }
}

pub(super) fn replied(
    state: &mut LiveState,
    now: Moment,
    pending: TelephonyPending,
    reply: TelephonyReply,
    out: &mut Effects,
) {
    match pending {
        TelephonyPending::Nobody => {}
        TelephonyPending::Agent { agent, queue, step, order } => {
            agents::replied(state, now, agents::Asked { agent, queue, step, order }, reply, out);
        }
        TelephonyPending::User(user) => lamps::replied(state, user, reply, out),
        TelephonyPending::Queue(queue) => queues::replied(state, queue, &reply, out),
        TelephonyPending::Dial { order, stage } => calls::dial_replied(state, order, stage, reply, out),
        TelephonyPending::HangUp { by } => calls::hung_up(state, by, reply, out),
        TelephonyPending::Listen { by } => calls::listened(state, by, reply, out),
    }
}

pub(in crate::live) fn timer(state: &mut LiveState, now: Moment, timer: TelephonyTimer, out: &mut Effects) {
    match timer {
        // Telling is what ends every input.
        TelephonyTimer::Tell => {}
        TelephonyTimer::WrapUp(agent) => agents::wrap_up_is_over(state, now, agent, out),
        TelephonyTimer::Availability(agent) => agents::availability_stands(state, now, agent),
        TelephonyTimer::PhoneGone(agent) => agents::phone_is_gone(state, now, agent, out),
        TelephonyTimer::LoggedOff(agent) => agents::log_off_is_past(state, agent, out),
        TelephonyTimer::Summary(queue) => queues::summary_is_due(state, now, queue, out),
    }
}
