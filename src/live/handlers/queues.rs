//! Queues: members, waiting callers and figures (telephony §7).

use crate::live::messages::{Effects, Moment, TelephonyEvent, TelephonyReply, TelephonySnapshot};
use crate::live::state::LiveState;
use crate::settings::id::QueueId;

pub(super) fn take_over(_state: &mut LiveState, _now: Moment, _snapshot: &TelephonySnapshot, _out: &mut Effects) {}

pub(super) fn happened(_state: &mut LiveState, _now: Moment, _event: &TelephonyEvent, _out: &mut Effects) {}

pub(super) fn replied(
    _state: &mut LiveState,
    _now: Moment,
    _queue: QueueId,
    _reply: TelephonyReply,
    _out: &mut Effects,
) {
}

pub(super) fn summary_is_due(_state: &mut LiveState, _now: Moment, _queue: QueueId, _out: &mut Effects) {}
