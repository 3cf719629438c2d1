//! Calls of one's own: dialling, hanging up, listening to an agent; and the channels that there are (telephony §9–§11).

use crate::live::messages::{Effects, Requester, TelephonyEvent, TelephonyReply, TelephonySnapshot};
use crate::live::state::LiveState;
use crate::settings::id::AgentId;

pub(super) fn take_over(state: &mut LiveState, snapshot: &TelephonySnapshot) {
    state.telephony_mut().calls.take_over(snapshot);
}

pub(super) fn happened(state: &mut LiveState, event: &TelephonyEvent) {
    state.telephony_mut().calls.happened(event);
}

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
