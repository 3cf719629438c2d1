//! The state of every line's telephone: what hints and devices say, and what clients were told of it last. That is what
//! they read too, or one who reads between two changes that nobody is told would keep the first.

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
    /// As it is, in the numbers of `hintstatus`.
    pub(in crate::live) fn status(&self, names: &TelephonyNames, line: LineId) -> i8 {
        let line = names.names_of_line(line);
        line.map_or(UNAVAILABLE, |line| self.states.status(line, |key| !names.lines_with_key(key).is_empty()))
    }

    /// As clients know it: `hintstatus`.
    pub(in crate::live) fn told(&self, line: LineId) -> i8 {
        self.told.get(&line).copied().unwrap_or(UNAVAILABLE)
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
