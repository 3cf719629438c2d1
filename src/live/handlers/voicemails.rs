//! Voicemail boxes: how many new messages are in them (telephony §12).

use crate::live::messages::{TelephonyEvent, TelephonySnapshot};
use crate::live::state::LiveState;

pub(super) fn take_over(state: &mut LiveState, snapshot: &TelephonySnapshot) {
    state.see_all_mailboxes(&snapshot.mailboxes);
}

pub(super) fn happened(state: &mut LiveState, event: &TelephonyEvent) {
    if let TelephonyEvent::Mailbox(seen) = event {
        state.see_mailbox(seen);
    }
}
