//! The state of every line's telephone.

use std::collections::HashMap;

use crate::settings::id::LineId;

/// Before anything is known of it (telephony §2): not registered, or no such device.
pub(in crate::live) const UNAVAILABLE: i8 = 4;

#[derive(Default)]
pub(in crate::live) struct Phones {
    status: HashMap<LineId, i8>,
}

impl Phones {
    /// As clients know it: `hintstatus`.
    pub(in crate::live) fn status(&self, line: LineId) -> i8 {
        self.status.get(&line).copied().unwrap_or(UNAVAILABLE)
    }
}
