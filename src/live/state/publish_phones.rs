//! What people hear of telephones and voicemail boxes (protocol 5.2, 5.4): what differs from what was told last. Also the
//! marks that say of which it may differ. Called by `publish_telephony` and by the handlers of both.

use super::LiveState;
use super::event_log::EventLog;
use super::publication::notice_steps;
use super::settings_view::SettingsView;
use super::visibility::Audience;
use crate::live::messages::telephony::{ChangedStates, DeviceSeen, HintSeen, MailboxSeen, PhoneStates};
use crate::live::messages::{Change, Subject, Watched};
use crate::protocol::notice::{Notice, Status};
use crate::protocol::request::ListName;
use crate::settings::id::{LineId, VoicemailId};

/// Finding out how a telephone stands, and comparing it.
const LOOK_STEPS: usize = 1;
/// Making an audience for one notice is as much as telling it.
const AUDIENCE_STEPS: usize = 2;

/// Changes of telephones and boxes, each of which marks what it touches.
impl LiveState {
    /// As it is, in the numbers of `hintstatus`; clients may hear of it later.
    pub(in crate::live) fn phone_status(&self, line: LineId) -> i8 {
        self.runtime.telephony.phones.status(&self.settings.index.telephony, line)
    }

    pub(in crate::live) fn see_hint(&mut self, seen: &HintSeen) {
        let changed = self.runtime.telephony.phones.states.take_hint(seen);
        self.touch_states(&changed);
    }

    pub(in crate::live) fn see_device(&mut self, seen: &DeviceSeen) {
        let changed = self.runtime.telephony.phones.states.take_device(seen);
        self.touch_states(&changed);
    }

    /// All hints and devices that there are, exchanged for those that were: a telephone that none of them names is gone.
    /// How many lines are marked.
    pub(in crate::live) fn see_all_phones(&mut self, states: &mut PhoneStates) -> usize {
        std::mem::swap(&mut self.runtime.telephony.phones.states, states);
        let lines = self.settings.index.telephony.lines();
        self.runtime.telephony.changes.touch_phones(lines);
        self.runtime.telephony.changes.phones.len()
    }

    pub(in crate::live) fn see_mailbox(&mut self, seen: &MailboxSeen) {
        self.runtime.telephony.mailboxes.take(seen);
        if let Some(voicemail) = self.settings.index.telephony.mailbox(&seen.mailbox) {
            self.runtime.telephony.changes.touch_mailboxes([voicemail]);
        }
    }

    /// All boxes are empty but those that are seen from now on. How many are marked.
    pub(in crate::live) fn empty_mailboxes(&mut self) -> usize {
        self.runtime.telephony.mailboxes.empty();
        let voicemails = self.settings.index.telephony.voicemails();
        self.runtime.telephony.changes.touch_mailboxes(voicemails);
        self.runtime.telephony.changes.mailboxes.len()
    }

    /// Lines and boxes may be called otherwise now, or be no more: what was known of them by their names is compared.
    pub(super) fn rename_phones(&mut self, before: &SettingsView) {
        let (old, new) = (&before.configuration, &self.settings.configuration);
        if old.contexts.is_same(&new.contexts)
            && old.lines.is_same(&new.lines)
            && old.voicemails.is_same(&new.voicemails)
        {
            return;
        }
        let (old, new) = (&before.index.telephony, &self.settings.index.telephony);
        let changes = &mut self.runtime.telephony.changes;
        changes.touch_phones(old.lines().chain(new.lines()));
        changes.touch_mailboxes(old.voicemails().chain(new.voicemails()));
    }

    fn touch_states(&mut self, changed: &ChangedStates) {
        let names = &self.settings.index.telephony;
        let by_device = changed.devices.iter().flat_map(|key| names.lines_with_key(key).iter().copied());
        let by_place = changed.place.as_ref().and_then(|(context, extension)| names.line_at(context, extension));
        self.runtime.telephony.changes.touch_phones(by_device.chain(by_place));
    }
}

/// To all who see the telephone, and to those who registered for it. How many steps that took, here and below.
pub(super) fn publish_phone(state: &mut LiveState, line: LineId, log: &mut EventLog<'_>) -> usize {
    let subject = Subject::Phone(line);
    let present = state.phone_status(line);
    let phones = &mut state.runtime.telephony.phones;
    if !state.settings.exists(subject) {
        phones.forget(line);
        return LOOK_STEPS;
    }
    let before = phones.tell(line, present);
    if present == before {
        return LOOK_STEPS;
    }
    state.answers.forget(subject);
    let watchers = state.audience_of_watchers(Watched::Phone(line), subject);
    let to = state.audience_of(subject);
    let steps = telling_steps(&to) + telling_steps(&watchers);
    log.out.notify(watchers, Notice::EndpointStatus { server: state.server(), endpoint: line, status: present.into() });
    let status = Status::Phone { hintstatus: present.to_string().into() };
    log.out.notify(to, Notice::Status { list: ListName::Phones, tid: line.to_string().into(), status });
    log.add(subject, || Change::Phone { from: before, to: present });
    steps
}

pub(super) fn publish_mailbox(state: &mut LiveState, voicemail: VoicemailId, log: &mut EventLog<'_>) -> usize {
    let subject = Subject::Voicemail(voicemail);
    let present = state.runtime.telephony.mailboxes.seen(&state.settings.index.telephony, voicemail);
    let mailboxes = &mut state.runtime.telephony.mailboxes;
    if !state.settings.exists(subject) {
        mailboxes.forget(voicemail);
        return LOOK_STEPS;
    }
    let Some(new) = present.or(mailboxes.told(voicemail).map(|_| 0)) else { return LOOK_STEPS };
    let told = mailboxes.tell(voicemail, new);
    // Read as a text from now on, even if it is empty as before.
    state.answers.forget(subject);
    let before = told.unwrap_or(0);
    if new == before {
        return LOOK_STEPS;
    }
    let to = state.audience_of(subject);
    let steps = telling_steps(&to);
    let status = Status::Voicemail { new: Some(new) };
    log.out.notify(to, Notice::Status { list: ListName::Voicemails, tid: voicemail.to_string().into(), status });
    log.add(subject, || Change::Mailbox { from: before, to: new });
    steps
}

fn telling_steps(to: &Audience) -> usize {
    LOOK_STEPS + AUDIENCE_STEPS * notice_steps(to)
}
