//! Voicemail boxes: how many new messages are in them (telephony §12).

use crate::live::messages::{TelephonyEvent, TelephonySnapshot};
use crate::live::state::LiveState;

pub(super) fn take_over(_state: &mut LiveState, _snapshot: &TelephonySnapshot) {}

pub(super) fn happened(_state: &mut LiveState, _event: &TelephonyEvent) {}
