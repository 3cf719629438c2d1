//! What a user's own calls are made of: the telephone of their main line, and what is dialled for a number.

use super::LiveState;
use crate::live::messages::Subject;
use crate::live::messages::telephony::{Channel, Party};
use crate::settings::dial_rule::dialled;
use crate::settings::id::{ContextId, Id, UserId, VoicemailId};

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
}
