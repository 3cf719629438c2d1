//! How many new messages are in every voicemail box.

use std::collections::HashMap;

use crate::settings::id::VoicemailId;

#[derive(Default)]
pub(in crate::live) struct Mailboxes {
    new: HashMap<VoicemailId, u32>,
}

impl Mailboxes {
    /// None: nothing was said of the box.
    pub(in crate::live) fn new_messages(&self, voicemail: VoicemailId) -> Option<u32> {
        self.new.get(&voicemail).copied()
    }
}
