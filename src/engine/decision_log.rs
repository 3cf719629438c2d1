//! Counts and logs what only `live` can see: refusals, what was dropped, whose session had to go.

use tracing::{debug, info, warn};

use crate::live::LogEvent;
use crate::observe::counter::{Counter, count};
use crate::observe::{REFUSED_LOGINS, shown};

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
        LogEvent::AgentCommandRefused { user, agent } => {
            count(Counter::ServicesRefused);
            info!(user = %user, agent = %agent, "command on another's agent refused: the profile has neither of the xlets agents and agentdetails");
        }
        LogEvent::AgentAdopted { agent, device } => {
            info!(agent = %agent, device = shown(device), "agent found logged in on the telephone system, and taken over");
        }
        LogEvent::AgentLoggedOffElsewhere { agent } => {
            info!(agent = %agent, "agent logged off: no queue has them any more, and nobody here asked for it");
        }
        LogEvent::AgentAtPhoneRefused { agent, why } => {
            info!(agent = shown(agent), cause = *why, "login or log-off at a telephone refused");
        }
        LogEvent::AgentPhoneGone { agent, device } => {
            warn!(agent = %agent, device = shown(device), "the telephone of a logged-in agent is gone");
        }
        LogEvent::AgentRequestRefused { agent, queue, words } => {
            let queue = queue.map(|queue| queue.to_string()).unwrap_or_default();
            warn!(agent = %agent, queue, cause = shown(words), "Asterisk refused what was asked of it for an agent");
        }
        LogEvent::ForwardToNoNumber { user } => {
            count(Counter::ServicesRefused);
            info!(user = %user, "forward refused: its destination is no number");
        }
        LogEvent::FeatureCodeRefused { user, why } => {
            count(Counter::ServicesRefused);
            let user = user.map(|user| user.to_string());
            warn!(user, cause = why, "what a telephone switched is not taken; look at the dial plan's CtiUserState");
        }
        LogEvent::ServicesTakenOver { user } => {
            info!(user = %user, "services taken over from the telephone system, which had them before us");
        }
        LogEvent::ServicesNotBrought { user, why } => {
            warn!(user = %user, cause = shown(why), "Asterisk does not take services and lamps: `ctibox asterisk check` says which rights its account lacks");
        }
    }
}
