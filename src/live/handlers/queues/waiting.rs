//! Who waits in queues, and what becomes of their calls (telephony §7.2, §7.3). Whatever does not fit what was known has
//! the queue asked how it stands.

use crate::live::messages::telephony::{AnsweredCall, CompletedCall, EntrySeen};
use crate::live::messages::{Moment, TelephonyPending, TelephonyRequest};
use crate::live::state::telephony::queue_calls::QueueCalls;
use crate::live::state::telephony::waiting_line::{Caller, Fit, waited};
use crate::live::state::{Effects, LiveState};
use crate::settings::id::QueueId;
use crate::settings::state::{QueueCall, StateWrite};

use super::inquiries::{ask_for_summary, ask_how_it_stands};
use super::members::set_on_call;

pub(super) fn joined(
    state: &mut LiveState,
    now: Moment,
    (queue, entry, count): (&str, &EntrySeen, u32),
    out: &mut Effects,
) {
    let Some(queue) = state.telephony_names().queue(queue) else { return };
    state.outdate_inquiry(queue);
    let caller = Caller::of(entry, now.unix);
    let (unique_id, at) = (caller.unique_id.clone(), caller.join_time);
    let fit = state.change_waiting(queue, |line| line.join(caller, entry.position, count));
    keep(state, out, |calls| calls.join(queue, &unique_id, at, now.unix));
    if fit == Fit::Differs {
        ask_how_it_stands(state, queue, out);
    }
}

pub(super) fn left(
    state: &mut LiveState,
    now: Moment,
    (queue, unique_id): (&str, &str),
    (position, count): (u32, u32),
    out: &mut Effects,
) {
    let Some(queue) = state.telephony_names().queue(queue) else { return };
    state.outdate_inquiry(queue);
    end_waiting(state, now, queue, unique_id, out);
    let fit = state.change_waiting(queue, |line| line.leave(unique_id, position, count));
    if fit == Fit::Differs {
        ask_how_it_stands(state, queue, out);
    }
    ask_for_summary(state, now, queue, out);
}

/// Comes before that they left, and knows how long they waited.
pub(super) fn abandoned(
    state: &mut LiveState,
    now: Moment,
    (queue, unique_id): (&str, &str),
    hold_seconds: u32,
    out: &mut Effects,
) {
    if let Some(queue) = state.telephony_names().queue(queue) {
        keep(state, out, |calls| calls.leave(queue, unique_id, Some(hold_seconds), now.unix));
    }
}

pub(super) fn answered(state: &mut LiveState, now: Moment, call: &AnsweredCall, out: &mut Effects) {
    let Some(queue) = state.telephony_names().queue(&call.queue) else { return };
    keep(state, out, |calls| calls.answer(queue, &call.unique_id, &call.name, call.hold_seconds));
    set_on_call(state, queue, (&call.name, &call.interface), true);
    ask_for_summary(state, now, queue, out);
}

/// How many calls the member has taken is asked: it is not said.
pub(super) fn completed(state: &mut LiveState, now: Moment, call: &CompletedCall, out: &mut Effects) {
    let Some(queue) = state.telephony_names().queue(&call.queue) else { return };
    let what = (&*call.name, call.hold_seconds, call.talk_seconds);
    keep(state, out, |calls| calls.complete(queue, &call.unique_id, what));
    set_on_call(state, queue, (&call.name, &call.interface), false);
    if state.is_telephony_up() {
        let (queue, interface) = (call.queue.clone(), call.interface.clone());
        out.ask_telephony(TelephonyRequest::MemberStatus { queue, interface }, TelephonyPending::Nobody);
    }
    ask_for_summary(state, now, queue, out);
}

/// The channel is gone, and so is whoever waited on it.
pub(super) fn hung_up(state: &mut LiveState, now: Moment, unique_id: &str, out: &mut Effects) {
    leave_all(state, now, unique_id, out);
    state.hang_up_queue_call(unique_id);
}

/// Whoever talks waits no more: of a call that was taken away from behind the queue's back nothing else is said
/// (telephony §9.3).
pub(super) fn talks(state: &mut LiveState, now: Moment, unique_id: &str, out: &mut Effects) {
    for queue in leave_all(state, now, unique_id, out) {
        ask_how_it_stands(state, queue, out);
    }
}

/// The queues in which they waited.
fn leave_all(state: &mut LiveState, now: Moment, unique_id: &str, out: &mut Effects) -> Vec<QueueId> {
    let queues = state.queues_waited_in(unique_id);
    for queue in &queues {
        state.outdate_inquiry(*queue);
        end_waiting(state, now, *queue, unique_id, out);
        state.change_waiting(*queue, |line| line.drop_caller(unique_id));
    }
    queues
}

/// Whether they are answered is said later.
fn end_waiting(state: &mut LiveState, now: Moment, queue: QueueId, unique_id: &str, out: &mut Effects) {
    let hold_seconds = state.waits_since(queue, unique_id).map(|since| waited(since, now.unix));
    keep(state, out, |calls| calls.leave(queue, unique_id, hold_seconds, now.unix));
}

/// Has written what is to be kept of a call.
pub(super) fn keep(
    state: &mut LiveState,
    out: &mut Effects,
    change: impl FnOnce(&mut QueueCalls) -> Option<QueueCall>,
) {
    let kept = state.change_queue_calls(change);
    out.writes.extend(kept.map(StateWrite::QueueCall));
}
