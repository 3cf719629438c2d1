//! What Asterisk is asked of queues, and how often: how a queue stands, once at a time; its summary, five times a second at
//! most and only while somebody hears its figures (telephony §7.3).

use std::time::Duration;

use crate::live::messages::{Moment, RequestFailure, TelephonyPending, TelephonyRequest};
use crate::live::state::{Effects, LiveState};
use crate::settings::id::QueueId;

/// The least time between two questions for the summary of one queue: a busy floor would have hundreds a second.
const SUMMARY_EVERY: Duration = Duration::from_millis(200);

/// What is known of the queue does not fit what was said: asks how it stands, unless that is being asked.
pub(super) fn ask_how_it_stands(state: &mut LiveState, queue: QueueId, out: &mut Effects) {
    let Some(name) = state.queue_name(queue).filter(|_| state.may_ask_telephony()) else { return };
    if state.begin_inquiry(queue) {
        out.ask_telephony(TelephonyRequest::QueueStatus { queue: name }, TelephonyPending::Queue(queue));
    }
}

/// The queue was asked how it stands; the answer came, or comes, as an event.
pub(in crate::live::handlers) fn replied(
    state: &mut LiveState,
    queue: QueueId,
    outcome: &Result<(), RequestFailure>,
    out: &mut Effects,
) {
    if state.end_inquiry(queue) && outcome.is_ok() {
        ask_how_it_stands(state, queue, out);
    }
}

/// Figures of the queue may be others: asks for its summary, now or as soon as it may be asked again.
pub(super) fn ask_for_summary(state: &mut LiveState, now: Moment, queue: QueueId, out: &mut Effects) {
    if !state.may_ask_telephony() || !state.are_figures_heard() {
        return;
    }
    if state.may_ask_for_summary(now, queue) {
        ask(state, now, queue, out);
    }
}

pub(in crate::live::handlers) fn summary_is_due(state: &mut LiveState, now: Moment, queue: QueueId, out: &mut Effects) {
    if state.take_summary_due(queue) && state.may_ask_telephony() {
        ask(state, now, queue, out);
    }
}

fn ask(state: &mut LiveState, now: Moment, queue: QueueId, out: &mut Effects) {
    if let Some(name) = state.queue_name(queue) {
        state.rest_summary_until(queue, now.steady + SUMMARY_EVERY);
        out.ask_telephony(TelephonyRequest::QueueSummary { queue: name }, TelephonyPending::Nobody);
    }
}
