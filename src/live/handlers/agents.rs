//! Agents: logging in and off, pausing, joining queues, and whether they are available (telephony §6).

use crate::live::messages::{Effects, Moment, Requester, TelephonyEvent, TelephonyReply, TelephonySnapshot};
use crate::live::state::LiveState;
use crate::settings::id::{AgentId, QueueId};

pub(super) fn take_over(_state: &mut LiveState, _now: Moment, _snapshot: &TelephonySnapshot, _out: &mut Effects) {}

pub(super) fn happened(_state: &mut LiveState, _now: Moment, _event: &TelephonyEvent, _out: &mut Effects) {}

pub(super) fn replied(
    _state: &mut LiveState,
    _now: Moment,
    _of: (AgentId, Option<QueueId>, Option<Requester>),
    _reply: TelephonyReply,
    _out: &mut Effects,
) {
}

pub(super) fn wrap_up_is_over(_state: &mut LiveState, _now: Moment, _agent: AgentId, _out: &mut Effects) {}

pub(super) fn availability_stands(_state: &mut LiveState, _now: Moment, _agent: AgentId, _out: &mut Effects) {}

pub(super) fn phone_is_gone(_state: &mut LiveState, _now: Moment, _agent: AgentId, _out: &mut Effects) {}
