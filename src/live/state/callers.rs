//! The names behind numbers: of those whom somebody calls, and of those who call them, as far as the one who would read the
//! name may see whose it is.

use std::collections::BTreeSet;

use super::LiveState;
use super::view::View;
use crate::live::messages::telephony::Callee;
use crate::live::messages::{Scope, Subject};
use crate::settings::dial_rule::numbers_behind;
use crate::settings::id::{ContextId, QueueId, UserId};
use crate::settings::line;
use crate::settings::phone_book::Field;
use crate::settings::search::SearchPattern;

/// The one who is called, and who would read the caller's name.
pub(in crate::live) struct KnownCallee {
    /// None: whoever takes the calls of a queue.
    pub(in crate::live) user: Option<UserId>,
    from: ContextId,
}

impl LiveState {
    /// None for one whom the settings do not know, or a user without a line.
    pub(in crate::live) fn callee(&self, party: &Callee) -> Option<KnownCallee> {
        let known = &self.settings.configuration;
        let of_queue =
            |queue: QueueId| known.queues.get(queue).map(|queue| KnownCallee { user: None, from: queue.context });
        match party {
            Callee::User(user) => Some(KnownCallee { user: Some(*user), from: self.settings.index.context(*user)? }),
            Callee::Queue(queue) => of_queue(*queue),
            Callee::Extension { extension, context } => {
                if let Some(line) = self.telephony_names().line_at(context, extension) {
                    let line = known.lines.get(line)?;
                    return Some(KnownCallee { user: Some(line.user), from: line.context });
                }
                let is_it = |of: ContextId| known.contexts.get(of).is_some_and(|own| own.name.as_str() == &**context);
                let has_number = |number: &str| number == &**extension;
                let queue =
                    known.queues.iter().find(|queue| has_number(queue.number.as_str()) && is_it(queue.context))?;
                of_queue(queue.id)
            }
        }
    }

    /// What the one is called who calls from this number, as the called one may see them.
    pub(in crate::live) fn caller_name(&self, called: &KnownCallee, number: &str) -> Option<Box<str>> {
        let view = match called.user {
            Some(user) => self.view(user),
            None if self.settings.general.context_separation => self.view_from(Scope::Context(called.from)),
            None => self.view_from(Scope::Everything),
        };
        self.name_of(view, called.from, (number, number)).filter(|name| !name.is_empty())
    }

    /// In what ways the number of a caller may be written down: as it is, and as the dial rules would make it of another one.
    pub(in crate::live) fn numbers_of_caller(&self, called: &KnownCallee, number: &str) -> Box<[Box<str>]> {
        let behind = numbers_behind(&self.settings.index.dial_rules, number, Some(called.from));
        std::iter::once(number.into()).chain(behind.into_iter().map(Into::into)).collect()
    }

    /// What the one is called who has this number, if the user may see them: a line, queue or conference room that is
    /// reached from there, somebody's mobile telephone, an entry of the phone book. Empty where nobody is known.
    pub(in crate::live) fn seen_name(
        &self,
        user: UserId,
        from: ContextId,
        (number, extension): (&str, &str),
    ) -> Box<str> {
        self.name_of(self.view(user), from, (number, extension)).unwrap_or_default()
    }

    fn name_of(&self, view: View<'_>, from: ContextId, (number, extension): (&str, &str)) -> Option<Box<str>> {
        let reached = self.settings.configuration.reachable_contexts(from);
        let within = self.name_within(view, &reached, extension);
        let written = || numbers_behind(&self.settings.index.dial_rules, extension, Some(from)).into_iter();
        let outside = || {
            Self::name_outside(view, number).or_else(|| written().find_map(|number| Self::name_outside(view, &number)))
        };
        within.or_else(outside)
    }

    fn name_within(&self, view: View<'_>, reached: &BTreeSet<ContextId>, number: &str) -> Option<Box<str>> {
        let known = &self.settings.configuration;
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

    fn name_outside(view: View<'_>, number: &str) -> Option<Box<str>> {
        let pattern = SearchPattern::of(number);
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
