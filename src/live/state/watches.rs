//! Who registered for what, both ways round, and how much of it may be (protocol 4.14). It knows nothing of who may see
//! what: that is judged at each registration and at each push.

use std::collections::{BTreeSet, HashMap};

use crate::live::messages::session::SessionId;
use crate::live::messages::subject::Watched;

/// How many things one session may register for; more are not taken, and their present status is told all the same.
pub(crate) const REGISTRATIONS_PER_SESSION_MAX: usize = 50_000;
/// The same of all sessions together.
const REGISTRATIONS_MAX: usize = 1_000_000;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::id::{Id, LineId};

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
