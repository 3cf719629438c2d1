//! Who is connected and what everybody is doing: the state that inputs change. `LiveState` holds it and lets
//! nobody read it past the rule; this file only keeps its parts in step with each other.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use crate::protocol::request::Version;
use crate::settings::id::{ContextId, PresenceId, UserId, UserUuid};
use crate::settings::presence::{DISCONNECTED, Presence};
use crate::settings::state::{RemovedState, Services, UserState, is_state_gone};

use super::telephony::Telephony;
use super::visibility::roster::Roster;
use super::watches::Watches;
use crate::live::messages::session::SessionId;

pub(super) struct RuntimeState {
    sessions: BTreeMap<SessionId, Session>,
    /// The same for the rule of visibility.
    pub(super) roster: Roster,
    people: HashMap<UserUuid, Person>,
    /// What is kept of users who were removed: they may come back by an undo.
    removed: HashMap<UserUuid, RemovedState>,
    pub(super) watches: Watches,
    pub(super) telephony: Telephony,
    /// Unix time of the start: since when agents are logged out.
    pub(super) started: f64,
}

pub(super) struct Session {
    pub(super) user: UserId,
    pub(super) uuid: UserUuid,
    pub(super) version: Version,
    /// Unix time of the login.
    pub(super) since: f64,
    place: Option<ContextId>,
    /// When it was told last that a presence action failed.
    told_of_failure: Option<Duration>,
}

/// What is known of a user beyond their configuration.
#[derive(Default)]
pub(super) struct Person {
    sessions: Vec<SessionId>,
    /// None without a session.
    presence: Option<Entered>,
    /// As last written, or on its way to disk.
    pub(super) kept: UserState,
    /// The services that are on disk, and that clients know.
    pub(super) told: Services,
    /// Changes of services that are on their way to disk.
    pub(super) unsaved: u32,
}

/// A presence that a user is in, by name too: it may be deleted while they are in it.
pub(super) struct Entered {
    pub(super) id: PresenceId,
    pub(super) name: Box<str>,
}

impl Person {
    fn of(kept: UserState) -> Self {
        Self { told: kept.services.clone(), kept, ..Self::default() }
    }

    pub(super) fn sessions(&self) -> &[SessionId] {
        &self.sessions
    }

    /// The presence as the wire says it: without a session everybody is `disconnected` (protocol decision 5).
    pub(super) fn availstate(&self) -> &str {
        self.presence.as_ref().map_or(DISCONNECTED, |entered| &entered.name)
    }

    pub(super) fn presence(&self) -> Option<&Entered> {
        self.presence.as_ref()
    }

    pub(super) fn enter(&mut self, presence: &Presence) {
        self.presence = Some(Entered { id: presence.id, name: presence.name.as_str().into() });
    }
}

impl RuntimeState {
    pub(super) fn new(
        people: HashMap<UserUuid, UserState>,
        removed: HashMap<UserUuid, RemovedState>,
        telephony: Telephony,
        unix: f64,
    ) -> Self {
        Self {
            sessions: BTreeMap::new(),
            roster: Roster::default(),
            people: people.into_iter().map(|(uuid, kept)| (uuid, Person::of(kept))).collect(),
            removed,
            watches: Watches::default(),
            telephony,
            started: unix,
        }
    }

    pub(super) fn session(&self, id: SessionId) -> Option<&Session> {
        self.sessions.get(&id)
    }

    /// In the order of logins.
    pub(super) fn sessions(&self) -> impl Iterator<Item = (SessionId, &Session)> {
        self.sessions.iter().map(|(id, session)| (*id, session))
    }

    pub(super) fn connected_users(&self) -> BTreeSet<UserId> {
        self.sessions.values().map(|session| session.user).collect()
    }

    pub(super) fn add_session(&mut self, id: SessionId, arrival: Arrived) {
        let Arrived { user, uuid, version, since, place } = arrival;
        self.sessions.insert(id, Session { user, uuid, version, since, place, told_of_failure: None });
        self.roster.add(id, place);
        self.people.entry(uuid).or_default().sessions.push(id);
    }

    /// Whether the session is to be told that a presence action failed: once a minute (protocol decision 15).
    pub(super) fn may_tell_of_failure(&mut self, id: SessionId, steady: Duration) -> bool {
        let Some(session) = self.sessions.get_mut(&id) else { return false };
        let is_due = session.told_of_failure.is_none_or(|last| steady >= last + Duration::from_secs(60));
        if is_due {
            session.told_of_failure = Some(steady);
        }
        is_due
    }

    /// Forgets the session and all that it registered for. Whose it was, and whether it was the last one.
    pub(super) fn remove_session(&mut self, id: SessionId) -> Option<(UserUuid, bool)> {
        let session = self.sessions.remove(&id)?;
        self.roster.remove(id, session.place);
        self.watches.forget(id);
        let Some(person) = self.people.get_mut(&session.uuid) else { return Some((session.uuid, false)) };
        person.sessions.retain(|other| *other != id);
        if person.sessions.is_empty() {
            person.presence = None;
        }
        Some((session.uuid, person.sessions.is_empty()))
    }

    /// Puts every session where its user now is.
    pub(super) fn move_sessions(&mut self, place_of: impl Fn(UserId) -> Option<ContextId>) {
        let moved: Vec<_> = self
            .sessions()
            .map(|(id, session)| (id, session.place, place_of(session.user)))
            .filter(|(_, from, to)| from != to)
            .collect();
        for (id, from, to) in moved {
            self.roster.move_session(id, from, to);
            if let Some(session) = self.sessions.get_mut(&id) {
                session.place = to;
            }
        }
    }

    pub(super) fn person(&self, uuid: UserUuid) -> Option<&Person> {
        self.people.get(&uuid)
    }

    pub(super) fn person_mut(&mut self, uuid: UserUuid) -> &mut Person {
        self.people.entry(uuid).or_default()
    }

    /// Who has any service on, or a destination of a forward, on disk.
    pub(super) fn people_with_services(&self) -> impl Iterator<Item = UserUuid> + '_ {
        let nothing = Services::default();
        self.people.iter().filter(move |(_, person)| person.told != nothing).map(|(uuid, _)| *uuid)
    }

    /// Forgets whom `is_known` does not know.
    pub(super) fn retain_people(&mut self, is_known: impl Fn(UserUuid) -> bool) {
        self.people.retain(|uuid, _| is_known(*uuid));
    }

    /// The user is removed at that moment (Unix seconds): what is on disk of them waits there and here until they come back.
    pub(super) fn remove_person(&mut self, uuid: UserUuid, at: i64) {
        if let Some(Person { kept, told, .. }) = self.people.remove(&uuid) {
            self.removed.insert(uuid, RemovedState { state: UserState { services: told, ..kept }, at });
        }
    }

    /// Those who were removed not too long before `now` (Unix seconds) and whom `is_known` knows again have what was kept of
    /// them.
    pub(super) fn bring_back(&mut self, now: i64, is_known: impl Fn(UserUuid) -> bool) -> Vec<UserUuid> {
        self.removed.retain(|_, removed| !is_state_gone(removed.at, now));
        let back: Vec<UserUuid> = self.removed.keys().copied().filter(|uuid| is_known(*uuid)).collect();
        for uuid in &back {
            if let Some(RemovedState { state, .. }) = self.removed.remove(uuid) {
                self.people.insert(*uuid, Person::of(state));
            }
        }
        back
    }

    pub(super) fn number_of_sessions(&self) -> usize {
        self.sessions.len()
    }

    /// How much is held, for the test that nothing grows: sessions, places, people, registrations.
    #[cfg(test)]
    pub(super) fn sizes(&self) -> [usize; 4] {
        [self.sessions.len(), self.roster.number_of_places(), self.people.len(), self.watches.len()]
    }
}

/// A session as it begins.
pub(super) struct Arrived {
    pub(super) user: UserId,
    pub(super) uuid: UserUuid,
    pub(super) version: Version,
    pub(super) since: f64,
    pub(super) place: Option<ContextId>,
}
