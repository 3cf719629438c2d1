//! The order in which what the telephone system says is dealt with: when a link begins, all that stands there is taken over
//! in slices (`state::resync`), and what comes meanwhile comes behind it. While nothing is taken over it is dealt with at once.

use super::{agents, calls, device_names, lamps, phones, queues, telephony, voicemails};
use crate::live::messages::{Cause, Moment, TelephonyInput, TelephonyReply, TelephonySnapshot};
use crate::live::state::resync::TelephonyMessage;
use crate::live::state::{Effects, LiveState, Retired};

/// What an event takes that waited, in steps of a microsecond or two.
const EVENT_STEPS: usize = 16;

/// The link holds, is lost, or says something.
pub(in crate::live) fn hear(state: &mut LiveState, now: Moment, input: TelephonyInput, out: &mut Effects) {
    take_in_turn(state, now, TelephonyMessage::Input(input), out);
}

/// What was asked for is done, or is not.
pub(in crate::live) fn replied(state: &mut LiveState, now: Moment, reply: TelephonyReply, out: &mut Effects) {
    take_in_turn(state, now, TelephonyMessage::Reply(reply), out);
}

fn take_in_turn(state: &mut LiveState, now: Moment, message: TelephonyMessage, out: &mut Effects) {
    if !state.is_resync_over() {
        return state.defer_message(message);
    }
    take(state, now, message, out);
    go_on(state, now, out);
}

fn take(state: &mut LiveState, now: Moment, message: TelephonyMessage, out: &mut Effects) {
    match message {
        TelephonyMessage::Input(TelephonyInput::Up(snapshot)) => begin(state, *snapshot),
        TelephonyMessage::Input(TelephonyInput::Down) => state.link_is_lost(),
        TelephonyMessage::Input(TelephonyInput::Event(event)) => telephony::happened(state, now, &event, out),
        TelephonyMessage::Reply(reply) => telephony::replied(state, now, reply, out),
    }
}

/// Goes on with what is not taken over, and with what waits behind it, as far as this slice goes.
pub(in crate::live) fn go_on(state: &mut LiveState, now: Moment, out: &mut Effects) {
    if !state.is_resync_over() {
        state.set_cause(Cause::Telephony);
    }
    while !state.is_slice_over() && !state.is_resync_over() {
        if state.is_beginning() {
            if let Some(snapshot) = state.advance_resync(now, out) {
                out.retired.push(Retired::Snapshot(snapshot));
                hold(state, now, out);
            }
        } else if let Some(message) = state.next_message() {
            state.spend(EVENT_STEPS);
            take(state, now, message, out);
        }
    }
}

/// Phones before agents, whose availability follows from them, agents before queues.
fn begin(state: &mut LiveState, snapshot: TelephonySnapshot) {
    state.link_begins();
    state.begin_resync(
        Box::new(snapshot.prepare()),
        vec![
            Box::new(device_names::DeviceNamesTakeOver::default()),
            Box::new(phones::PhonesTakeOver::default()),
            Box::new(voicemails::MailboxesTakeOver::default()),
            Box::new(calls::CallsTakeOver::default()),
            Box::new(agents::AgentsTakeOver::default()),
            Box::new(queues::QueuesTakeOver::default()),
            Box::new(lamps::ServicesTakeOver::default()),
        ],
    );
}

/// All is taken over: from now on the link takes orders, and what was wanted meanwhile is ordered.
fn hold(state: &mut LiveState, now: Moment, out: &mut Effects) {
    state.link_holds();
    agents::order_what_is_wanted(state, now, out);
    lamps::order_what_differs(state, out);
}
