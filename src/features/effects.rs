//! Runs the effects that `live` asks for, in their order: notices and closes through `Deliver`, writes through `Keep`,
//! notes into the log. It decides nothing and waits for nothing.

use tracing::{debug, info, warn};

use crate::live::{Note, Now, SessionId, Tell};
use crate::observe::counter::{Counter, count};
use crate::observe::shown;
use crate::settings::state::{Deed, StateWrite};
use crate::store::{DeedDone, Done, StateWriter};

/// Where notices go: `server`'s hub, which encodes each once and never waits for a client.
pub(crate) trait Deliver {
    fn tell(&mut self, tell: &Tell);
    /// Closes the session once all that was told to it is written.
    fn close(&mut self, session: SessionId);
    /// A line of the session that had waited is dealt with.
    fn dealt_with(&mut self, session: SessionId);
}

/// Where writes go: `store`'s writer, which keeps their order and never makes the caller wait for a disk.
pub(crate) trait Keep: Send {
    /// `done` is called once, from any thread, when the writes are on disk or could not be brought there.
    fn keep(&self, writes: Vec<StateWrite>, done: Done);
    /// Behind what was kept before. `done` is called once, from any thread, with what came of the deed.
    fn act(&self, deed: Deed, done: DeedDone);
}

impl Keep for StateWriter {
    fn keep(&self, writes: Vec<StateWrite>, done: Done) {
        self.save(writes, done);
    }

    fn act(&self, deed: Deed, done: DeedDone) {
        Self::act(self, deed, done);
    }
}

/// Does what is to be done now; writes are the caller's.
pub(super) fn run_now(effects: &[Now], deliver: &mut impl Deliver) {
    for effect in effects {
        match effect {
            Now::Tell(tell) => deliver.tell(tell),
            Now::Close { session } => deliver.close(*session),
            Now::DealtWith { session } => deliver.dealt_with(*session),
            Now::Note(note) => log(note),
        }
    }
}

/// Counts and logs.
fn log(note: &Note) {
    match note {
        Note::PresenceRefused { user, from, to } => {
            count(Counter::PresencesRefused);
            let (from, to) = (shown(from), shown(to));
            info!(user = %user, from, to, "presence refused: it is unknown or not reachable from the present one");
        }
        Note::UnknownRequest { class } => {
            count(Counter::UnknownRequests);
            debug!(class = shown(class), "unknown request ignored");
        }
        Note::ChatDropped { number } => warn!(number, "chat that waited for its receiver dropped: too much waits"),
        Note::ServiceNotGranted { user } => {
            count(Counter::ServicesRefused);
            info!(user = %user, "service refused: the profile does not grant it");
        }
        Note::LoginRefused { user, why } => {
            count(Counter::LoginsRefused);
            info!(user = %user, cause = why, "login refused");
        }
        Note::TooManySessions { user, ended, most } => {
            count(Counter::SessionsOverLimit);
            warn!(user = %user, session = ended.0, most, "the user's oldest session ended: one more logged in than client.sessions_per_user_max allows");
        }
        Note::ForwardToNoNumber { user } => {
            count(Counter::ServicesRefused);
            info!(user = %user, "forward refused: its destination is no number");
        }
    }
}
