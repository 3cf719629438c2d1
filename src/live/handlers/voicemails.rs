//! Voicemail boxes: how many new messages are in them (telephony §12).

use crate::live::messages::{Moment, TelephonyEvent, TelephonySnapshot};
use crate::live::state::resync::TakeOver;
use crate::live::state::{Effects, LiveState};

/// Boxes that are taken over at once.
const PIECE: usize = 64;
/// Boxes that are emptied in a step.
const EMPTIED_A_STEP: usize = 8;

/// What the boxes do not name is empty. Where there are none the telephone system keeps none itself, and what it said of
/// others' holds on.
#[derive(Default)]
pub(super) struct MailboxesTakeOver {
    next: usize,
}

impl TakeOver for MailboxesTakeOver {
    fn advance(
        &mut self,
        state: &mut LiveState,
        _: Moment,
        snapshot: &mut TelephonySnapshot,
        _: &mut Effects,
    ) -> Option<usize> {
        let seen = snapshot.mailboxes.get(self.next..).filter(|seen| !seen.is_empty())?;
        let seen = &seen[..seen.len().min(PIECE)];
        let emptied = if self.next == 0 { state.empty_mailboxes() } else { 0 };
        seen.iter().for_each(|seen| state.see_mailbox(seen));
        self.next += seen.len();
        Some(seen.len() + emptied / EMPTIED_A_STEP)
    }
}

pub(super) fn happened(state: &mut LiveState, event: &TelephonyEvent) {
    match event {
        TelephonyEvent::Mailbox(seen) => state.see_mailbox(seen),
        TelephonyEvent::Hint(_)
        | TelephonyEvent::Device(_)
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
