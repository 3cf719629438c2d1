//! Who is connected, ready to be an audience: all sessions, and those of each place. `RuntimeState` says who comes, goes and
//! moves; who is in it, the rule of visibility alone reads.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::live::messages::session::SessionId;
use crate::settings::id::ContextId;

#[derive(Default)]
pub(in crate::live::state) struct Roster {
    sessions: BTreeSet<SessionId>,
    /// The same, kept from one broadcast to the next until somebody comes or goes.
    everybody: OnceCell<Arc<[SessionId]>>,
    /// By their users' contexts: what makes a broadcast cost its receivers and no more.
    places: HashMap<Option<ContextId>, BTreeSet<SessionId>>,
}

impl Roster {
    pub(in crate::live::state) fn add(&mut self, id: SessionId, place: Option<ContextId>) {
        self.sessions.insert(id);
        self.everybody.take();
        self.places.entry(place).or_default().insert(id);
    }

    pub(in crate::live::state) fn remove(&mut self, id: SessionId, place: Option<ContextId>) {
        self.sessions.remove(&id);
        self.everybody.take();
        self.leave(id, place);
    }

    pub(in crate::live::state) fn move_session(
        &mut self,
        id: SessionId,
        from: Option<ContextId>,
        to: Option<ContextId>,
    ) {
        self.leave(id, from);
        self.places.entry(to).or_default().insert(id);
    }

    /// In the order of logins.
    pub(super) fn everybody(&self) -> Arc<[SessionId]> {
        Arc::clone(self.everybody.get_or_init(|| self.sessions.iter().copied().collect()))
    }

    pub(super) fn sessions_in(&self, place: Option<ContextId>) -> impl Iterator<Item = SessionId> + '_ {
        self.places.get(&place).into_iter().flatten().copied()
    }

    pub(super) fn places(&self) -> impl Iterator<Item = Option<ContextId>> + '_ {
        self.places.keys().copied()
    }

    #[cfg(test)]
    pub(in crate::live::state) fn number_of_places(&self) -> usize {
        self.places.len()
    }

    fn leave(&mut self, id: SessionId, place: Option<ContextId>) {
        if let Some(sessions) = self.places.get_mut(&place) {
            sessions.remove(&id);
            if sessions.is_empty() {
                self.places.remove(&place);
            }
        }
    }
}
