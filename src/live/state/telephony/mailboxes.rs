//! How many new messages are in every voicemail box: what the telephone system says, by its own names, and what clients
//! were told of it last, which is what they read.

use std::collections::HashMap;

use crate::live::messages::telephony::MailboxSeen;
use crate::live::state::telephony_names::TelephonyNames;
use crate::settings::id::VoicemailId;

/// Boxes that are kept: what else a telephone system says is not.
const MAILBOXES_MAX: usize = 100_000;

#[derive(Default)]
pub(in crate::live) struct Mailboxes {
    /// By `box@context`.
    new: HashMap<Box<str>, u32>,
    told: HashMap<VoicemailId, u32>,
}

impl Mailboxes {
    /// None: nothing was said of the box.
    pub(in crate::live) fn seen(&self, names: &TelephonyNames, voicemail: VoicemailId) -> Option<u32> {
        self.new.get(names.mailbox_name(voicemail)?).copied()
    }

    pub(in crate::live) fn take(&mut self, seen: &MailboxSeen) {
        if let Some(known) = self.new.get_mut(&seen.mailbox) {
            *known = seen.new;
        } else if self.new.len() < MAILBOXES_MAX {
            self.new.insert(seen.mailbox.clone(), seen.new);
        }
    }

    /// All are empty but those of which something is said from now on.
    pub(in crate::live) fn empty(&mut self) {
        self.new.values_mut().for_each(|new| *new = 0);
    }

    /// As clients know it. None: nothing is known yet.
    pub(in crate::live) fn told(&self, voicemail: VoicemailId) -> Option<u32> {
        self.told.get(&voicemail).copied()
    }

    /// What was told last, before this is.
    pub(in crate::live) fn tell(&mut self, voicemail: VoicemailId, new: u32) -> Option<u32> {
        self.told.insert(voicemail, new)
    }

    /// The box is no more.
    pub(in crate::live) fn forget(&mut self, voicemail: VoicemailId) {
        self.told.remove(&voicemail);
    }
}
