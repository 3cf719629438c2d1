//! How Asterisk calls the telephones of lines, as hints and devices tell (telephony §16b).

use crate::live::messages::{TelephonyEvent, TelephonySnapshot};
use crate::live::state::LiveState;

pub(super) fn take_over(state: &mut LiveState, snapshot: &TelephonySnapshot) {
    snapshot.hints.iter().for_each(|seen| learn_from_hint(state, &seen.hint));
    snapshot.devices.iter().for_each(|seen| learn(state, &seen.device));
}

pub(super) fn happened(state: &mut LiveState, event: &TelephonyEvent) {
    match event {
        TelephonyEvent::Hint(seen) => learn_from_hint(state, &seen.hint),
        TelephonyEvent::Device(seen) => learn(state, &seen.device),
        _ => {}
    }
}

/// `PJSIP/101&Custom:DND101,CustomPresence:101`
fn learn_from_hint(state: &mut LiveState, hint: &str) {
    let devices = hint.split(',').next().unwrap_or_default();
    devices.split('&').for_each(|device| learn(state, device));
}

fn learn(state: &mut LiveState, device: &str) {
    if let Some(line) = state.telephony_names().line_of_device(device) {
        state.telephony_mut().device_names.learn(line, device);
    }
}
