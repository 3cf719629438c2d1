//! How Asterisk calls the telephones of lines, as hints and devices tell (telephony §16b).

use crate::live::messages::telephony::HintSeen;
use crate::live::messages::{TelephonyEvent, TelephonySnapshot};
use crate::live::state::LiveState;

pub(super) fn take_over(state: &mut LiveState, snapshot: &TelephonySnapshot) {
    snapshot.hints.iter().flat_map(HintSeen::devices).for_each(|device| learn(state, device));
    snapshot.devices.iter().for_each(|seen| learn(state, &seen.device));
}

pub(super) fn happened(state: &mut LiveState, event: &TelephonyEvent) {
    match event {
        TelephonyEvent::Hint(seen) => seen.devices().for_each(|device| learn(state, device)),
        TelephonyEvent::Device(seen) => learn(state, &seen.device),
        _ => {}
    }
}

/// Forgets what lines were called that are no more.
pub(super) fn settings_changed(state: &mut LiveState) {
    state.forget_device_names_gone();
}

fn learn(state: &mut LiveState, device: &str) {
    if let Some(line) = state.telephony_names().line_of_device(device) {
        state.telephony_mut().device_names.learn(line, device);
    }
}
