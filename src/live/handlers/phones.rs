//! The telephones of lines: their state from hints and devices (telephony §4). While the link is down they stay as they
//! were last.

use crate::live::messages::{Moment, TelephonySnapshot};
use crate::live::state::resync::TakeOver;
use crate::live::state::{Effects, LiveState};

/// Lines that are marked in a step.
const LINES_A_STEP: usize = 8;

/// All at once, for they are ordered already: what was known before is let go of with the snapshot.
#[derive(Default)]
pub(super) struct PhonesTakeOver {
    is_done: bool,
}

impl TakeOver for PhonesTakeOver {
    fn advance(
        &mut self,
        state: &mut LiveState,
        _: Moment,
        snapshot: &mut TelephonySnapshot,
        _: &mut Effects,
    ) -> Option<usize> {
        if std::mem::replace(&mut self.is_done, true) {
            return None;
        }
        let prepared = snapshot.prepared.as_mut()?;
        Some(1 + state.see_all_phones(&mut prepared.phones) / LINES_A_STEP)
    }
}
