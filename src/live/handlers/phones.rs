//! The telephones of lines: their state from hints and devices (telephony §4). While the link is down they stay as they
//! were last.

use crate::live::messages::{TelephonyEvent, TelephonySnapshot};
use crate::live::state::LiveState;

pub(super) fn take_over(state: &mut LiveState, snapshot: &mut TelephonySnapshot) {
    state.see_all_phones(snapshot.take_phones());
}

pub(super) fn happened(state: &mut LiveState, event: &TelephonyEvent) {
    match event {
        TelephonyEvent::Hint(seen) => state.see_hint(seen),
        TelephonyEvent::Device(seen) => state.see_device(seen),
        _ => {}
    }
}
