//! How Asterisk calls the telephones of lines, as hints and devices tell (telephony §16b).

use crate::live::messages::{Moment, TelephonySnapshot};
use crate::live::state::resync::TakeOver;
use crate::live::state::{Effects, LiveState};

/// Hints, or devices, whose names are learnt at once.
const PIECE: usize = 64;

/// First of hints, then of devices.
#[derive(Default)]
pub(super) struct DeviceNamesTakeOver {
    hints: usize,
    devices: usize,
}

impl TakeOver for DeviceNamesTakeOver {
    fn advance(
        &mut self,
        state: &mut LiveState,
        _: Moment,
        snapshot: &mut TelephonySnapshot,
        _: &mut Effects,
    ) -> Option<usize> {
        let mut names = 0;
        for hint in snapshot.hints.iter().skip(self.hints).take(PIECE) {
            self.hints += 1;
            for device in hint.devices() {
                learn(state, device);
                names += 1;
            }
        }
        if names == 0 {
            for seen in snapshot.devices.iter().skip(self.devices).take(PIECE) {
                self.devices += 1;
                learn(state, &seen.device);
                names += 1;
            }
        }
        (names > 0).then_some(names)
    }
}

/// Forgets what lines were called that are no more.
pub(super) fn settings_changed(state: &mut LiveState) {
    state.forget_device_names_gone();
}

/// A hint or a device names a telephone so.
pub(super) fn learn(state: &mut LiveState, device: &str) {
    if let Some(line) = state.telephony_names().line_of_device(device) {
        state.learn_device_name(line, device);
    }
}
