//! What a user's own calls are made of: the telephone of their main line, and the names of those whom they call, as far as
//! they may see them.

use std::collections::BTreeSet;

use super::LiveState;
use crate::live::messages::Subject;
use crate::live::messages::telephony::{Channel, Party};
use crate::settings::dial_rule::{dialled, numbers_behind};
use crate::settings::id::{ContextId, Id, UserId, VoicemailId};
use crate::settings::line;
use crate::settings::phone_book::Field;
use crate::settings::search::SearchPattern;

/// The telephone that a user calls from.
pub(in crate::live) struct OwnTelephone {
    pub(in crate::live) device: Box<str>,
    pub(in crate::live) context: ContextId,
    pub(in crate::live) context_name: Box<str>,
    /// The user, as others see them.
    pub(in crate::live) party: Party,
}

impl LiveState {
    /// Of the main line; None without one.
    pub(in crate::live) fn own_telephone(&self, user: UserId) -> Option<OwnTelephone> {
        let known = &self.settings.configuration;
        let line = known.lines.get(self.settings.index.main_line(user)?)?;
        let device = self.device_of_line(line.id)?;
        let name = known.users.get(user)?.full_name().into();
        Some(OwnTelephone {
            device,
            context: line.context,
            context_name: known.contexts.get(line.context)?.name.as_str().into(),
            party: Party { name, number: line.extension.as_str().into() },
        })
    }

    /// The channel of the user's call that is up and not held, or rings: of the main line first.
    pub(in crate::live) fn own_channel(&self, user: UserId) -> Option<&Channel> {
        let lines = self.settings.index.lines(user).iter();
        let lines = lines.filter_map(|line| self.settings.configuration.lines.get(*line));
        lines.map(|line| line.device.as_str()).find_map(|device| self.telephony().calls.active_channel(device))
    }

    /// The number of a voicemail box that the user may see.
    pub(in crate::live) fn seen_mailbox(&self, user: UserId, voicemail: i64) -> Option<&str> {
        let voicemail = VoicemailId::new(voicemail);
        let is_seen = self.view(user).may_see(Subject::Voicemail(voicemail));
        let known = self.settings.configuration.voicemails.get(voicemail).filter(|_| is_seen)?;
        Some(known.mailbox.as_str())
    }

    /// What the one is called who has this number, if the user may see them: a line, queue or conference room that is
    /// reached from there, somebody's mobile telephone, an entry of the phone book. Empty where nobody is known.
    pub(in crate::live) fn seen_name(
        &self,
        user: UserId,
        from: ContextId,
        (number, extension): (&str, &str),
    ) -> Box<str> {
        let reached = self.settings.configuration.reachable_contexts(from);
        let within = self.name_within(user, &reached, extension);
        let written = || numbers_behind(&self.settings.index.dial_rules, extension, Some(from)).into_iter();
        let outside = || {
            self.name_outside(user, number).or_else(|| written().find_map(|number| self.name_outside(user, &number)))
        };
        within.or_else(outside).unwrap_or_default()
    }

    /// What is dialled there for a number: a line, queue or conference room that is reached from there has the number
    /// itself; for all others the rules say it.
    pub(in crate::live) fn extension_of(&self, from: ContextId, number: &str) -> Box<str> {
        let known = &self.settings.configuration;
        let reached = known.reachable_contexts(from);
        let is_line = |context: &ContextId| {
            let context = known.contexts.get(*context);
            context.is_some_and(|context| self.telephony_names().line_at(context.name.as_str(), number).is_some())
        };
        let is_it = |context, own: &str| own == number && reached.contains(&context);
        let is_within = reached.iter().any(is_line)
            || known.queues.iter().any(|queue| is_it(queue.context, queue.number.as_str()))
            || known.conferences.iter().any(|room| is_it(room.context, room.number.as_str()));
        let rules = &self.settings.index.dial_rules;
        if is_within { number.into() } else { dialled(rules, number, Some(from)).into() }
    }

    fn name_within(&self, user: UserId, reached: &BTreeSet<ContextId>, number: &str) -> Option<Box<str>> {
        let (known, view) = (&self.settings.configuration, self.view(user));
        let line_in = |context: &ContextId| -> Option<&line::Line> {
            let context = known.contexts.get(*context)?;
            let line = self.telephony_names().line_at(context.name.as_str(), number)?;
            view.may_see(Subject::Phone(line)).then(|| known.lines.get(line))?.map(AsRef::as_ref)
        };
        if let Some(line) = reached.iter().find_map(line_in) {
            return known.users.get(line.user).map(|user| user.full_name().into());
        }
        let is_it = |context, own: &str| own == number && reached.contains(&context);
        let queue = known
            .queues
            .iter()
            .find(|queue| is_it(queue.context, queue.number.as_str()) && view.may_see(Subject::Queue(queue.id)));
        if let Some(queue) = queue {
            return Some(queue.display.as_str().into());
        }
        let room = known
            .conferences
            .iter()
            .find(|room| is_it(room.context, room.number.as_str()) && view.may_see(Subject::Conference(room.id)));
        room.map(|room| room.name.as_str().into())
    }

    fn name_outside(&self, user: UserId, number: &str) -> Option<Box<str>> {
        let (pattern, view) = (SearchPattern::of(number), self.view(user));
        let has_mobile =
            |own: &crate::settings::user::User| own.mobile.as_ref().is_some_and(|own| own.as_str() == number);
        if let Some((_, seen)) = view.users_with(&pattern).find(|(_, seen)| has_mobile(seen.user)) {
            return Some(seen.user.full_name().into());
        }
        let numbers = Field::ALL.into_iter().filter(|field| field.is_number());
        let has_number = |entry: &crate::settings::phone_book::PhoneBookEntry| {
            numbers.clone().any(|field| entry.details.text(field) == number)
        };
        let (_, entry) = view.entries_with(&pattern).find(|(_, entry)| has_number(entry))?;
        Some(entry.details.shown_name().into())
    }
}
