//! Voicemail boxes: how many new messages are in them (telephony §12).

use crate::live::messages::{Moment, TelephonySnapshot};
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
