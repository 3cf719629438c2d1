//! From what was touched of telephones, agents and queues to what people hear. On a busy floor much changes at once: the
//! first is told at once, then at most 20 times a second; what changed back meanwhile is told to nobody. What is more
//! than a slice is told in several, between which clients are served; what is touched meanwhile waits for the next time.
//! Phones come first, then boxes, agents, and of queues their members, who waits, and figures. How each kind is told
//! stands in a file of its own, which compares what was told last with what is. What was told last is
//! also what clients read: whoever reads between two changes reads what the next notice corrects.

use std::time::Duration;

use super::LiveState;
use super::event_log::EventLog;
use super::publish_agents;
use super::publish_phones;
use super::publish_queues;
use crate::live::messages::{Moment, TelephonyTimer, TimerKey};

/// The least time between two times of telling.
const TELL_EVERY: Duration = Duration::from_millis(50);

/// Tells what was touched, as far as this slice goes, unless something was told just now: then a timer brings it. While a
/// link begins, and while anything waits behind that, nothing is told: it is not known yet what differs.
pub(super) fn publish(state: &mut LiveState, now: Moment, log: &mut EventLog<'_>) {
    let changes = &mut state.runtime.telephony.changes;
    if changes.is_empty() || !state.resync.is_over() {
        return;
    }
    if !changes.are_left_over() {
        if let Some(next) = changes.may_tell_at(now.steady) {
            return state.set_timer(TimerKey::Telephony(TelephonyTimer::Tell), next);
        }
        changes.begin_telling();
    }
    let notices_before = log.out.immediate.len();
    while !state.left.are_spent() && state.runtime.telephony.changes.are_left_over() {
        state.runtime.telephony.changes.tell_one();
        let steps = tell_next(state, log);
        state.left.spend(steps);
    }
    let changes = &mut state.runtime.telephony.changes;
    changes.end_slice();
    if log.out.immediate.len() > notices_before {
        changes.rest_until(now.steady + TELL_EVERY);
    }
    if !changes.are_left_over() && !changes.is_empty() {
        state.set_timer(TimerKey::Telephony(TelephonyTimer::Tell), now.steady + TELL_EVERY);
    }
}

/// How many steps that took.
fn tell_next(state: &mut LiveState, log: &mut EventLog<'_>) -> usize {
    let changes = &mut state.runtime.telephony.changes;
    if let Some((line, cause)) = changes.phones.pop_first() {
        log.cause = cause;
        publish_phones::publish_phone(state, line, log)
    } else if let Some((voicemail, cause)) = changes.mailboxes.pop_first() {
        log.cause = cause;
        publish_phones::publish_mailbox(state, voicemail, log)
    } else if let Some((agent, cause)) = changes.agents.pop_first() {
        log.cause = cause;
        publish_agents::publish(state, agent, log)
    } else {
        publish_queues::tell_next(state, log)
    }
}
