//! From what was touched of telephones, agents and queues to what people hear. On a busy floor much changes at once: the
//! first is told at once, then at most 20 times a second; what changed back meanwhile is told to nobody.

use std::time::Duration;

use super::LiveState;
use super::event_log::EventLog;
use super::telephony::Telephony;
use super::telephony_names::TelephonyNames;
use crate::live::messages::{Moment, Subject, TelephonyTimer, TimerKey};
use crate::protocol::notice::{Notice, Status};
use crate::protocol::request::ListName;

/// The least time between two times of telling.
const TELL_EVERY: Duration = Duration::from_millis(50);

impl LiveState {
    /// Whose the telephone system's names are.
    pub(in crate::live) fn telephony_names(&self) -> &TelephonyNames {
        &self.settings.index.telephony
    }

    /// How everything stands on the telephone system; who changes it marks that in its changes.
    pub(in crate::live) fn telephony(&self) -> &Telephony {
        &self.runtime.telephony
    }

    pub(in crate::live) fn telephony_mut(&mut self) -> &mut Telephony {
        &mut self.runtime.telephony
    }
}

/// Tells what was touched, as far as this slice goes, unless something was told just now: then a timer brings it.
pub(super) fn publish(state: &mut LiveState, now: Moment, log: &mut EventLog<'_>) {
    if state.runtime.telephony.changes.is_empty() {
        return;
    }
    let is_going_on = state.runtime.telephony.changes.are_left_over();
    if !is_going_on && let Some(next) = state.runtime.telephony.changes.may_tell_at(now.steady) {
        return state.set_timer(TimerKey::Telephony(TelephonyTimer::Tell), next);
    }
    state.runtime.telephony.changes.told(now.steady, TELL_EVERY);
    while !state.left.are_spent() {
        let Some(steps) = tell_next(state, log) else { break };
        state.left.spend(steps);
    }
    let is_left_over = !state.runtime.telephony.changes.is_empty();
    state.runtime.telephony.changes.set_left_over(is_left_over);
}

/// How many steps that took; None when nothing is left.
fn tell_next(state: &mut LiveState, log: &mut EventLog<'_>) -> Option<usize> {
    let changes = &mut state.runtime.telephony.changes;
    if let Some((line, before)) = changes.phones.pop_first() {
        let present = state.runtime.telephony.phones.status(line);
        if present == before {
            return Some(1);
        }
        let subject = Subject::Phone(line);
        let status = Status::Phone { hintstatus: present.to_string().into() };
        let to = state.audience_of(subject);
        let steps = to.sessions().len();
        log.out.notify(to, Notice::Status { list: ListName::Phones, tid: line.to_string().into(), status });
        return Some(1 + steps);
    }
    None
}
