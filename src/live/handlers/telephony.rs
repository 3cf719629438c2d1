//! What the telephone system says and replies, given to the handler of each feature, in one order: phones before agents,
//! whose availability follows from them, agents before queues. Telephones and boxes have nothing to decide: they go into the
//! state from here. `resync` says when.

#![deny(clippy::wildcard_enum_match_arm)]

use super::{agents, calls, device_names, lamps, queues};
use crate::live::messages::telephony::CallPending;
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

pub(super) fn replied(state: &mut LiveState, now: Moment, reply: TelephonyReply, out: &mut Effects) {
    match reply {
        TelephonyReply::Do(TelephonyPending::Nobody, _) => {}
        TelephonyReply::Do(TelephonyPending::Agent { agent, queue, step, order }, outcome) => {
            agents::replied(state, now, agents::Asked { agent, queue, step, order }, outcome, out);
        }
        TelephonyReply::Do(TelephonyPending::User(user), outcome) => lamps::replied(state, user, outcome, out),
        TelephonyReply::Do(TelephonyPending::Queue(queue), outcome) => queues::replied(state, queue, &outcome, out),
        TelephonyReply::Do(TelephonyPending::HangUp { by }, outcome) => calls::hung_up(state, by, outcome, out),
        TelephonyReply::Exists(order, outcome) => calls::looked_up(state, order, outcome, out),
        TelephonyReply::Originate(CallPending::Dial { order, stage }, outcome) => {
            calls::ended(state, order, stage, outcome, out);
        }
        TelephonyReply::Originate(CallPending::Listen { by }, outcome) => calls::listened(state, by, outcome, out),
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
