//! Whom a notice reaches, by the one rule of who may see what. Every audience of several is made here, or for
//! `settings_notifications`, which asks two views what they see.

/// Whom a notice reaches.
mod audience;
/// Who is connected.
pub(super) mod roster;

use std::collections::BTreeMap;

use super::LiveState;
use super::view::View;
use crate::live::messages::{Moment, Scope, SessionId, Subject, Watched};
use crate::protocol::request::Version;
use crate::settings::id::{ContextId, UserId};

pub(crate) use audience::Audience;

impl LiveState {
    /// Everybody who may see the subject.
    pub(super) fn audience_of(&self, subject: Subject) -> Audience {
        if !self.settings.general.context_separation {
            return if self.exists(subject) { Audience::of(self.runtime.roster.everybody()) } else { Audience::of([]) };
        }
        let Some(place) = self.settings.context_of(subject) else {
            return Audience::of(self.owner_sessions(subject).collect::<Vec<_>>());
        };
        let mut sessions: Vec<SessionId> = if let Subject::Conference(_) = subject {
            let reaches =
                |from: &Option<ContextId>| from.is_some_and(|from| self.settings.index.is_reachable(from, place));
            self.runtime
                .roster
                .places()
                .filter(reaches)
                .flat_map(|from| self.runtime.roster.sessions_in(from))
                .collect()
        } else {
            self.runtime.roster.sessions_in(Some(place)).collect()
        };
        let owner_is_there =
            self.settings.owner(subject).and_then(|owner| self.settings.index.context(owner)) == Some(place);
        if !owner_is_there {
            sessions.extend(self.owner_sessions(subject));
        }
        sessions.sort_unstable();
        Audience::of(sessions)
    }

    /// The same by the places that they look from: what is said of the subject may depend on what else is seen from there.
    pub(super) fn audiences_by_scope(&self, subject: Subject) -> Vec<(Scope, Audience)> {
        let all = self.audience_of(subject);
        if !self.settings.general.context_separation {
            return vec![(Scope::Everything, all)];
        }
        let mut places: BTreeMap<Scope, Vec<SessionId>> = BTreeMap::new();
        for id in all.sessions() {
            if let Some(session) = self.runtime.session(*id) {
                places.entry(self.settings.scope(session.user)).or_default().push(*id);
            }
        }
        places.into_iter().map(|(scope, sessions)| (scope, Audience::of(sessions))).collect()
    }

    /// Members of queues are also those that the settings do not name while Asterisk has them.
    fn exists(&self, subject: Subject) -> bool {
        let is_listed = match subject {
            Subject::QueueMember(queue, member) => self.telephony().queues.is_listed(queue, member),
            _ => false,
        };
        is_listed || self.settings.exists(subject)
    }

    /// What everybody reads who looks from there.
    pub(super) fn view_from(&self, scope: Scope) -> View<'_> {
        View::from(&self.settings, &self.runtime, scope)
    }

    /// The audience of a subject, for the test that compares it with what each of them may read.
    #[cfg(test)]
    pub(in crate::live) fn who_hears_of(&self, subject: Subject) -> Vec<SessionId> {
        self.audience_of(subject).sessions().to_vec()
    }

    /// Those of an audience who did not leave meanwhile.
    pub(super) fn still_there(&self, audience: Audience) -> Audience {
        let is_there = |session: &SessionId| self.runtime.session(*session).is_some();
        if audience.sessions().iter().all(is_there) {
            return audience;
        }
        Audience::of(audience.sessions().iter().copied().filter(is_there).collect::<Vec<_>>())
    }

    fn owner_sessions(&self, subject: Subject) -> impl Iterator<Item = SessionId> + '_ {
        self.settings.owner(subject).into_iter().flat_map(|owner| self.sessions_of(owner))
    }

    /// Those who registered for the subject and may see it.
    pub(super) fn audience_of_watchers(&self, watched: Watched, subject: Subject) -> Audience {
        let may_see = |session: &SessionId| {
            let session = self.runtime.session(*session);
            session.is_some_and(|session| self.view(session.user).may_see(subject))
        };
        Audience::of(self.runtime.watches.watching(watched).filter(may_see).collect::<Vec<_>>())
    }

    /// The user's own sessions.
    pub(in crate::live) fn audience_of_user(&self, user: UserId) -> Audience {
        Audience::of(self.sessions_of(user).collect::<Vec<_>>())
    }

    /// The user's own sessions but this one.
    pub(in crate::live) fn audience_of_user_besides(&self, user: UserId, session: SessionId) -> Audience {
        Audience::of(self.sessions_of(user).filter(|own| *own != session).collect::<Vec<_>>())
    }

    /// The user's own sessions that have not been told within a minute that something failed; they count as told now.
    pub(in crate::live) fn audience_of_failure(&mut self, user: UserId, now: Moment) -> Audience {
        let own: Vec<SessionId> = self.sessions_of(user).collect();
        let is_due = |session: &SessionId| self.runtime.may_tell_of_failure(*session, now.steady);
        Audience::of(own.into_iter().filter(is_due).collect::<Vec<_>>())
    }

    /// Those sessions of `to` that are `meant`, if `from` may see `to`.
    pub(in crate::live) fn audience_of_person(
        &self,
        from: UserId,
        to: UserId,
        meant: impl Fn(SessionId, Version) -> bool,
    ) -> Audience {
        if !self.view(from).may_see(Subject::User(to)) {
            return Audience::of([]);
        }
        let is_meant = |id: &SessionId| self.runtime.session(*id).is_some_and(|session| meant(*id, session.version));
        Audience::of(self.sessions_of(to).filter(is_meant).collect::<Vec<_>>())
    }

    /// Everybody of `users`, who all look from one place: for `settings_notifications`, which asks two views what they see.
    pub(super) fn audience_of_alike(&self, users: &[UserId]) -> Audience {
        Audience::of(users.iter().flat_map(|user| self.sessions_of(*user)).collect::<Vec<_>>())
    }

    fn sessions_of(&self, user: UserId) -> impl Iterator<Item = SessionId> + '_ {
        let uuid = self.uuid_of(user);
        let person = uuid.and_then(|uuid| self.runtime.person(uuid));
        person.into_iter().flat_map(|person| person.sessions().iter().copied())
    }
}
