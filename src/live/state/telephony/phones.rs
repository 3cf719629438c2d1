//! The state of every line's telephone: what hints and devices say, and what clients were told of it last.

use std::collections::HashMap;

use crate::live::messages::telephony::{PhoneStates, UNAVAILABLE};
use crate::live::state::telephony_names::TelephonyNames;
use crate::settings::id::LineId;

#[derive(Default)]
pub(in crate::live) struct Phones {
    pub(in crate::live) states: PhoneStates,
    told: HashMap<LineId, i8>,
}

impl Phones {
    /// As clients know it: `hintstatus`.
    pub(in crate::live) fn status(&self, names: &TelephonyNames, line: LineId) -> i8 {
        let line = names.names_of_line(line);
        line.map_or(UNAVAILABLE, |line| self.states.status(line, |key| !names.lines_with_key(key).is_empty()))
    }

    /// What was told last, before this is.
    pub(in crate::live) fn tell(&mut self, line: LineId, status: i8) -> i8 {
        self.told.insert(line, status).unwrap_or(UNAVAILABLE)
    }

    /// The line is no more.
    pub(in crate::live) fn forget(&mut self, line: LineId) {
        self.told.remove(&line);
    }
}
