//! Registrations for the status of users, phones and agents by whoever shows them outside of lists (protocol 4.14).
//! A registration is answered by the present status; whether it may be known is judged then and at each push
//! (`state::publish`).

use std::collections::HashSet;

use crate::live::messages::{Requester, SessionId, Watched};
use crate::live::state::{Effects, LiveState};
use crate::observe::work::spend;
use crate::protocol::request::{Registrations, UserKey};
use crate::settings::id::{AgentId, Id, LineId};

pub(in crate::live) fn register(
    state: &mut LiveState,
    requester: Requester,
    wanted: &Registrations,
    out: &mut Effects,
) {
    let Requester { session, user } = requester;
    for watched in keys(state, wanted) {
        state.watch(session, watched);
        let present = state.watched_subject(watched).and_then(|subject| state.view(user).registered_status(subject));
        if let Some(notice) = present {
            out.answer(session, notice);
        }
    }
}

pub(in crate::live) fn unregister(state: &mut LiveState, session: SessionId, unwanted: &Registrations) {
    for watched in keys(state, unwanted) {
        state.unwatch(session, watched);
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
