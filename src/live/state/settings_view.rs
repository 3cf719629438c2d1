//! What administrators decided, in the form that the one rule of who may see what needs (protocol decision 8, settings
//! §1.2), and that rule itself. An audience and a `View` ask it; nothing else decides what anybody sees.

use std::sync::Arc;

use super::index::Index;
use crate::live::messages::subject::{Scope, Subject};
use crate::observe::work::spend;
use crate::settings::id::{ContextId, UserId};
use crate::settings::phone_book::PhoneBookEntry;
use crate::settings::setting::General;
use crate::settings::whole::WholeConfiguration;

/// What administrators decided, in the form that the rule needs.
pub(super) struct SettingsView {
    pub(super) configuration: Arc<WholeConfiguration>,
    pub(super) general: Arc<General>,
    pub(super) index: Index,
}

impl SettingsView {
    pub(super) fn new(configuration: Arc<WholeConfiguration>, general: Arc<General>) -> Self {
        Self { index: Index::new(&configuration), configuration, general }
    }

    /// The next settings; what they leave as it is, is shared.
    pub(super) fn follow(&self, configuration: Arc<WholeConfiguration>, general: Arc<General>) -> Self {
        Self { index: self.index.follow(&self.configuration, &configuration), configuration, general }
    }

    /// From where this user looks.
    pub(super) fn scope(&self, user: UserId) -> Scope {
        if !self.general.context_separation {
            return Scope::Everything;
        }
        self.index.context(user).map_or(Scope::OnlyOwn, Scope::Context)
    }

    /// The rule: does somebody who looks from `scope`, and is `viewer` if they are anybody, see `subject`?
    pub(super) fn may_see(&self, scope: Scope, viewer: Option<UserId>, subject: Subject) -> bool {
        spend(1);
        if !self.exists(subject) {
            return false;
        }
        match scope {
            Scope::Everything => true,
            Scope::Context(context) => self.is_in(subject, context) || self.is_own(viewer, subject),
            Scope::OnlyOwn => self.is_own(viewer, subject),
        }
    }

    /// The same of an entry of the phone book, which is nobody's own: one without a context is everyone's.
    pub(super) fn may_see_entry(scope: Scope, entry: &PhoneBookEntry) -> bool {
        spend(1);
        match (scope, entry.context) {
            (Scope::Everything, _) | (_, None) => true,
            (Scope::Context(from), Some(place)) => from == place,
            (Scope::OnlyOwn, Some(_)) => false,
        }
    }

    pub(super) fn exists(&self, subject: Subject) -> bool {
        let known = &self.configuration;
        match subject {
            Subject::User(id) => known.users.get(id).is_some(),
            Subject::Phone(id) => known.lines.get(id).is_some(),
            Subject::Agent(id) => known.agents.get(id).is_some(),
            Subject::Queue(id) => known.queues.get(id).is_some(),
            Subject::Voicemail(id) => known.voicemails.get(id).is_some(),
            Subject::Conference(id) => known.conferences.get(id).is_some(),
            Subject::QueueMember(queue, member) => self.index.penalty(queue, member).is_some(),
        }
    }

    /// Where the subject is; nowhere for a user without a line.
    pub(super) fn context_of(&self, subject: Subject) -> Option<ContextId> {
        let known = &self.configuration;
        match subject {
            Subject::User(id) => self.index.context(id),
            Subject::Phone(id) => known.lines.get(id).map(|line| line.context),
            Subject::Agent(id) => known.agents.get(id).map(|agent| agent.context),
            Subject::Queue(id) | Subject::QueueMember(id, _) => known.queues.get(id).map(|queue| queue.context),
            Subject::Voicemail(id) => known.voicemails.get(id).map(|voicemail| voicemail.context),
            Subject::Conference(id) => known.conferences.get(id).map(|conference| conference.context),
        }
    }

    /// Exactly there; for conference rooms reachable from there (protocol 6).
    fn is_in(&self, subject: Subject, context: ContextId) -> bool {
        let Some(place) = self.context_of(subject) else { return false };
        match subject {
            Subject::Conference(_) => self.index.is_reachable(context, place),
            _ => place == context,
        }
    }

    /// Whose the subject is: they see it wherever it is.
    pub(super) fn owner(&self, subject: Subject) -> Option<UserId> {
        let known = &self.configuration;
        match subject {
            Subject::User(id) => Some(id),
            Subject::Phone(id) => known.lines.get(id).map(|line| line.user),
            Subject::Agent(id) => known.agents.get(id).and_then(|agent| agent.user),
            Subject::Voicemail(id) => known.voicemails.get(id).and_then(|voicemail| voicemail.user),
            Subject::Queue(_) | Subject::Conference(_) | Subject::QueueMember(..) => None,
        }
    }

    pub(super) fn is_own(&self, viewer: Option<UserId>, subject: Subject) -> bool {
        viewer.is_some() && self.owner(subject) == viewer
    }
}
