//! What Asterisk is asked of queues, and how often: how a queue stands, once at a time; its summary, five times a second at
//! most and only while somebody hears its figures (telephony §7.3).

use std::time::Duration;

use crate::live::messages::{
    Effects, Moment, TelephonyPending, TelephonyReply, TelephonyRequest, TelephonyTimer, TimerKey,
};
use crate::live::state::LiveState;
use crate::live::state::telephony::queues::Inquiry;
use crate::settings::id::QueueId;

/// The least time between two questions for the summary of one queue: a busy floor would have hundreds a second.
const SUMMARY_EVERY: Duration = Duration::from_millis(200);

/// What is known of the queue does not fit what was said: asks how it stands, unless that is being asked.
pub(super) fn ask_how_it_stands(state: &mut LiveState, queue: QueueId, out: &mut Effects) {
    let Some(name) = state.queue_name(queue).filter(|_| state.telephony().may_be_asked()) else { return };
    let inquiry = &mut state.queue_mut(queue).inquiry;
    match inquiry {
        Inquiry::NotAsked => {
            *inquiry = Inquiry::Asked;
            out.ask_telephony(TelephonyRequest::QueueStatus { queue: name }, TelephonyPending::Queue(queue));
        }
        Inquiry::Asked | Inquiry::AskedBeforeChange => *inquiry = Inquiry::AskedBeforeChange,
    }
}

/// Callers came or went: an answer that is on its way may not know it.
pub(super) fn note_change(state: &mut LiveState, queue: QueueId) {
    let inquiry = &mut state.queue_mut(queue).inquiry;
    if *inquiry == Inquiry::Asked {
        *inquiry = Inquiry::AskedBeforeChange;
    }
}

/// The queue was asked how it stands; the answer came, or comes, as an event.
pub(in crate::live::handlers) fn replied(
    state: &mut LiveState,
    queue: QueueId,
    reply: &TelephonyReply,
    out: &mut Effects,
) {
    let inquiry = std::mem::take(&mut state.queue_mut(queue).inquiry);
    if inquiry == Inquiry::AskedBeforeChange && *reply == TelephonyReply::Done {
        ask_how_it_stands(state, queue, out);
    }
}

/// Figures of the queue may be others: asks for its summary, now or as soon as it may be asked again.
pub(super) fn ask_for_summary(state: &mut LiveState, now: Moment, queue: QueueId, out: &mut Effects) {
    if !state.telephony().may_be_asked() || !state.are_figures_heard() {
        return;
    }
    let at_work = state.queue_mut(queue);
    if at_work.is_summary_due {
        return;
    }
    if at_work.summary_from <= now.steady {
        return ask(state, now, queue, out);
    }
    at_work.is_summary_due = true;
    let at = at_work.summary_from;
    state.set_timer(TimerKey::Telephony(TelephonyTimer::Summary(queue)), at);
}

pub(in crate::live::handlers) fn summary_is_due(state: &mut LiveState, now: Moment, queue: QueueId, out: &mut Effects) {
    let was_due = std::mem::take(&mut state.queue_mut(queue).is_summary_due);
    if was_due && state.telephony().may_be_asked() {
        ask(state, now, queue, out);
    }
}

fn ask(state: &mut LiveState, now: Moment, queue: QueueId, out: &mut Effects) {
    if let Some(name) = state.queue_name(queue) {
        state.queue_mut(queue).summary_from = now.steady + SUMMARY_EVERY;
        out.ask_telephony(TelephonyRequest::QueueSummary { queue: name }, TelephonyPending::Nobody);
    }
}
