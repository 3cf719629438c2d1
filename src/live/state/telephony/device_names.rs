//! How Asterisk calls the telephones of lines: a line `SIP/101` of a XiVO may be `PJSIP/101` to it (telephony §16b), and
//! whatever is asked of Asterisk must name its device. Learnt from hints and devices; a line of which nothing was
//! heard is called as the settings call it.

use std::collections::HashMap;

use crate::settings::id::LineId;

#[derive(Default)]
pub(in crate::live) struct DeviceNames {
    names: HashMap<LineId, Box<str>>,
}

impl DeviceNames {
    /// Asterisk calls the line's telephone so.
    pub(in crate::live) fn learn(&mut self, line: LineId, device: &str) {
        if self.names.get(&line).is_none_or(|known| **known != *device) {
            self.names.insert(line, device.into());
        }
    }

    pub(in crate::live) fn of(&self, line: LineId) -> Option<&str> {
        self.names.get(&line).map(|name| &**name)
    }

    /// Forgets what lines are not called any more.
    pub(in crate::live) fn retain(&mut self, is_called: impl Fn(LineId, &str) -> bool) {
        self.names.retain(|line, name| is_called(*line, name));
    }
}
