//! Counts and logs what only `live` can see: refusals, what was dropped, whose session had to go.

use tracing::{debug, info, warn};

use crate::live::messages::LogEvent;
use crate::observe::counter::{Counter, count};
use crate::observe::log::REFUSED_LOGINS;
use crate::observe::shown;

pub(super) fn log(event: &LogEvent) {
    match event {
        LogEvent::PresenceRefused { user, from, to } => {
            count(Counter::PresencesRefused);
            let (from, to) = (shown(from), shown(to));
            info!(user = %user, from, to, "presence refused: it is unknown or not reachable from the present one");
        }
        LogEvent::UnknownRequest { class } => {
            count(Counter::UnknownRequests);
            debug!(class = shown(class), "unknown request ignored");
        }
        LogEvent::ChatDropped { number } => warn!(number, "chat that waited for its receiver dropped: too much waits"),
        LogEvent::ServiceNotGranted { user } => {
            count(Counter::ServicesRefused);
            info!(user = %user, "service refused: the profile does not grant it");
        }
        LogEvent::LoginRefused { user, why } => {
            count(Counter::LoginsRefused);
            info!(target: REFUSED_LOGINS, user = %user, cause = why, "login refused");
        }
        LogEvent::TooManySessions { user, ended, most } => {
            count(Counter::SessionsOverLimit);
            warn!(user = %user, session = ended.0, most, "the user's oldest session ended: one more logged in than client.sessions_per_user_max allows");
        }
        LogEvent::ForwardToNoNumber { user } => {
            count(Counter::ServicesRefused);
            info!(user = %user, "forward refused: its destination is no number");
        }
    }
}
