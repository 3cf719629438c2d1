//! Queues (telephony §7): what Asterisk says of their members, of who waits and of what became of calls, and what clients
//! ask of that. A handler only changes the state; what clients hear of it is `publish_queues`' to tell.

/// What clients ask.
mod answers;
/// What Asterisk is asked, and how often.
mod inquiries;
/// Members.
mod members;
/// How everything stands when a link begins, or the settings change.
mod resync;
/// Who waits, and what becomes of calls.
mod waiting;

use crate::live::messages::{Moment, TelephonyEvent};
use crate::live::state::{Effects, LiveState};

pub(in crate::live) use answers::{figures, subscribe_entries, subscribe_figures};
pub(super) use inquiries::{replied, summary_is_due};
pub(super) use resync::{QueuesTakeOver, settings_changed};

pub(super) fn happened(state: &mut LiveState, now: Moment, event: &TelephonyEvent, out: &mut Effects) {
    match event {
        TelephonyEvent::Member(seen) => members::seen(state, now, seen, out),
        TelephonyEvent::MemberRemoved { queue, interface, name } => {
            members::removed(state, now, (queue, interface, name), out);
        }
        TelephonyEvent::Queue(seen) => resync::looked_at(state, now, seen, out),
        TelephonyEvent::CallerJoined { queue, entry, count } => {
            waiting::joined(state, now, (queue, entry, *count), out);
        }
        TelephonyEvent::CallerLeft { queue, unique_id, position, count } => {
            waiting::left(state, now, (queue, unique_id), (*position, *count), out);
        }
        TelephonyEvent::CallerAbandoned { queue, unique_id, hold_seconds } => {
            waiting::abandoned(state, now, (queue, unique_id), *hold_seconds, out);
        }
        TelephonyEvent::AgentConnected(call) => waiting::answered(state, now, call, out),
        TelephonyEvent::AgentCompleted(call) => waiting::completed(state, now, call, out),
        TelephonyEvent::Summary { queue, available: _, hold_seconds } => {
            if let Some(queue) = state.telephony_names().queue(queue) {
                state.set_expected_wait(queue, *hold_seconds);
            }
        }
        TelephonyEvent::HungUp { channel, cause: _ } => waiting::hung_up(state, now, &channel.unique_id, out),
        TelephonyEvent::BridgeEntered { bridge: _, channel } => waiting::talks(state, now, &channel.unique_id, out),
        TelephonyEvent::Hint(_)
        | TelephonyEvent::Device(_)
        | TelephonyEvent::Mailbox(_)
        | TelephonyEvent::Channel(_)
        | TelephonyEvent::ChannelRenamed { .. }
        | TelephonyEvent::Held { .. }
        | TelephonyEvent::DialBegan { .. }
        | TelephonyEvent::BridgeLeft { .. }
        | TelephonyEvent::User(_) => {}
    }
}
