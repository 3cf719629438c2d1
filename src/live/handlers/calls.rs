//! Calls of one's own: dialling, hanging up, listening to an agent; and the channels that there are (telephony §9–§11).

use crate::live::messages::{Effects, Moment, Requester, TelephonyEvent, TelephonyReply, TelephonySnapshot};
use crate::live::state::LiveState;
use crate::settings::id::AgentId;

pub(super) fn take_over(_state: &mut LiveState, _snapshot: &TelephonySnapshot) {}

pub(super) fn happened(_state: &mut LiveState, _now: Moment, _event: &TelephonyEvent, _out: &mut Effects) {}

pub(super) fn originated(
    _state: &mut LiveState,
    _by: Requester,
    _extension: &str,
    _reply: TelephonyReply,
    _out: &mut Effects,
) {
}

pub(super) fn listened(
    _state: &mut LiveState,
    _by: Requester,
    _agent: AgentId,
    _reply: TelephonyReply,
    _out: &mut Effects,
) {
}
