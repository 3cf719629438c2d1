//! Registrations for the status of users, phones and agents by whoever shows them outside of lists (protocol 4.14).
//! A registration is answered by the present status; whether it may be known is judged then and at each push.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::observe::work::spend;
use crate::protocol::notice::Notice;
use crate::protocol::request::{Registrations, UserKey};
use crate::settings::id::{AgentId, Id, LineId, UserId, UserUuid};

use super::SessionId;
use super::effects::Effects;
use super::view::View;
use super::visibility::{LiveState, Subject};

/// How many things one session may register for; more are not taken, and their present status is told all the same.
pub(crate) const REGISTRATIONS_PER_SESSION_MAX: usize = 50_000;
/// The same of all sessions together.
const REGISTRATIONS_MAX: usize = 1_000_000;

/// What can be registered for. A user keeps the uuid over export and import, so that is the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Watched {
    User(UserUuid),
    Phone(LineId),
    Agent(AgentId),
}

/// Who registered for what, both ways round.
#[derive(Default)]
pub(super) struct Watches {
    by_session: HashMap<SessionId, BTreeSet<Watched>>,
    by_watched: HashMap<Watched, BTreeSet<SessionId>>,
    number: usize,
}

impl Watches {
    /// False if the session has as many as it may, or all together have.
    pub(super) fn add(&mut self, session: SessionId, watched: Watched) -> bool {
        let own = self.by_session.entry(session).or_default();
        let is_full = own.len() >= REGISTRATIONS_PER_SESSION_MAX || self.number >= REGISTRATIONS_MAX;
        if is_full && !own.contains(&watched) {
            return false;
        }
        if own.insert(watched) {
            self.number += 1;
            self.by_watched.entry(watched).or_default().insert(session);
        }
        true
    }

    pub(super) fn remove(&mut self, session: SessionId, watched: Watched) {
        if let Some(own) = self.by_session.get_mut(&session) {
            self.number -= usize::from(own.remove(&watched));
            if own.is_empty() {
                self.by_session.remove(&session);
            }
        }
        if let Some(sessions) = self.by_watched.get_mut(&watched) {
            sessions.remove(&session);
            if sessions.is_empty() {
                self.by_watched.remove(&watched);
            }
        }
    }

    pub(super) fn forget(&mut self, session: SessionId) {
        for watched in self.by_session.get(&session).cloned().unwrap_or_default() {
            self.remove(session, watched);
        }
    }

    pub(super) fn watching(&self, watched: Watched) -> impl Iterator<Item = SessionId> + '_ {
        self.by_watched.get(&watched).into_iter().flatten().copied()
    }

    pub(super) fn of(&self, session: SessionId) -> impl Iterator<Item = Watched> + '_ {
        self.by_session.get(&session).into_iter().flatten().copied()
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.by_session.values().map(BTreeSet::len).sum()
    }
}

pub(super) fn register(
    state: &mut LiveState,
    session: SessionId,
    user: UserId,
    wanted: &Registrations,
    out: &mut Effects,
) {
    for watched in keys(state, wanted) {
        state.watch(session, watched);
        if let Some(notice) = present(&state.view(user), subject(state, watched)) {
            out.answer(session, notice);
        }
    }
}

pub(super) fn unregister(state: &mut LiveState, session: SessionId, unwanted: &Registrations) {
    for watched in keys(state, unwanted) {
        state.unwatch(session, watched);
    }
}

/// Tells those who registered for a user, and may see them, their presence.
pub(super) fn push(state: &LiveState, user: UserId, out: &mut Effects) {
    let view = state.view(user);
    let Some(uuid) = view.uuid(user) else { return };
    if let Some(notice) = present(&view, Some(Subject::User(user))) {
        out.notify(state.audience_of_watchers(Watched::User(uuid), Subject::User(user)), notice);
    }
}

/// What is registered for under this key today; a user may not exist.
pub(super) fn subject(state: &LiveState, watched: Watched) -> Option<Subject> {
    match watched {
        Watched::User(uuid) => state.user_by_uuid(uuid).map(Subject::User),
        Watched::Phone(line) => Some(Subject::Phone(line)),
        Watched::Agent(agent) => Some(Subject::Agent(agent)),
    }
}

/// The present status, if the viewer may see the subject; silence as for an unknown one if not.
pub(super) fn present(view: &View<'_>, subject: Option<Subject>) -> Option<Notice> {
    let subject = subject.filter(|subject| view.may_see(*subject))?;
    let server = view.server();
    match subject {
        Subject::User(user) => {
            let (uuid, status) = (view.uuid(user)?, view.presence(user)?.into());
            Some(Notice::UserStatus { server, uuid, user, status })
        }
        // Nothing comes from a telephone system yet: a phone is unknown to it (hint 4), agents are logged out.
        Subject::Phone(endpoint) => Some(Notice::EndpointStatus { server, endpoint, status: 4 }),
        Subject::Agent(agent) => Some(Notice::AgentStatus { server, agent, is_logged_in: false }),
        _ => None,
    }
}

/// The keys that are this server's, in the order asked; another server's can never be pushed. A name that is repeated
/// counts once: one line can ask for no more than there is.
fn keys(state: &LiveState, named: &Registrations) -> Vec<Watched> {
    let ours = state.server();
    spend(named.len());
    match named {
        Registrations::Users(users) => {
            let mut named = HashSet::new();
            let own = users.iter().filter(|(server, user)| *server == ours && named.insert(user));
            own.filter_map(|(_, user)| match user {
                UserKey::Uuid(uuid) => Some(Watched::User(*uuid)),
                UserKey::Id(id) => state.uuid_of(*id).map(Watched::User),
            })
            .collect()
        }
        Registrations::Endpoints(lines) => {
            let mut named = HashSet::new();
            let own = lines.iter().filter(|(server, line)| *server == ours && named.insert(line));
            own.map(|(_, line)| Watched::Phone(LineId::new(*line))).collect()
        }
        Registrations::Agents(agents) => {
            let mut named = HashSet::new();
            let own = agents.iter().filter(|(server, agent)| *server == ours && named.insert(agent));
            own.map(|(_, agent)| Watched::Agent(AgentId::new(*agent))).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phone(number: usize) -> Watched {
        Watched::Phone(LineId::new(i64::try_from(number).expect("few")))
    }

    #[test]
    fn a_session_and_all_together_register_for_a_bounded_number_of_things() {
        let mut watches = Watches::default();
        for session in 0..REGISTRATIONS_MAX / REGISTRATIONS_PER_SESSION_MAX {
            let session = SessionId(session as u64);
            assert!((0..REGISTRATIONS_PER_SESSION_MAX).all(|number| watches.add(session, phone(number))));
            assert!(!watches.add(session, phone(REGISTRATIONS_PER_SESSION_MAX)));
        }
        let (first, late) = (SessionId(0), SessionId(1000));
        assert!(watches.add(first, phone(7)), "what it has it has");
        assert!(!watches.add(late, phone(7)));
        watches.remove(first, phone(7));
        watches.remove(first, phone(7));
        assert!(watches.add(late, phone(7)) && !watches.add(late, phone(8)));
        watches.forget(SessionId(1));
        assert!(watches.add(late, phone(8)));
        assert_eq!(watches.number, watches.len());
    }
}
