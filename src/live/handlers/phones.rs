//! The telephones of lines: their state from hints and devices (telephony §4).

use crate::live::messages::{Effects, Moment, TelephonyEvent, TelephonySnapshot};
use crate::live::state::LiveState;

pub(super) fn take_over(_state: &mut LiveState, _now: Moment, _snapshot: &TelephonySnapshot, _out: &mut Effects) {}

pub(super) fn happened(_state: &mut LiveState, _now: Moment, _event: &TelephonyEvent, _out: &mut Effects) {}
