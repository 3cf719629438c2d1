//! How Asterisk calls the telephones of lines, as hints and devices tell (telephony §16b).

use crate::live::messages::{Moment, TelephonyEvent, TelephonySnapshot};
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

pub(super) fn happened(state: &mut LiveState, event: &TelephonyEvent) {
    match event {
        TelephonyEvent::Hint(seen) => seen.devices().for_each(|device| learn(state, device)),
        TelephonyEvent::Device(seen) => learn(state, &seen.device),
        TelephonyEvent::Mailbox(_)
        | TelephonyEvent::Member(_)
        | TelephonyEvent::MemberRemoved { .. }
        | TelephonyEvent::Queue(_)
        | TelephonyEvent::CallerJoined { .. }
        | TelephonyEvent::CallerLeft { .. }
        | TelephonyEvent::CallerAbandoned { .. }
        | TelephonyEvent::AgentConnected(_)
        | TelephonyEvent::AgentCompleted(_)
        | TelephonyEvent::Summary { .. }
        | TelephonyEvent::Channel(_)
        | TelephonyEvent::ChannelRenamed { .. }
        | TelephonyEvent::HungUp { .. }
        | TelephonyEvent::Held { .. }
        | TelephonyEvent::DialBegan { .. }
        | TelephonyEvent::BridgeEntered { .. }
        | TelephonyEvent::BridgeLeft { .. }
        | TelephonyEvent::User(_) => {}
    }
}

/// Forgets what lines were called that are no more.
pub(super) fn settings_changed(state: &mut LiveState) {
    state.forget_device_names_gone();
}

fn learn(state: &mut LiveState, device: &str) {
    if let Some(line) = state.telephony_names().line_of_device(device) {
        state.learn_device_name(line, device);
    }
}
