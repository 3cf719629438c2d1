//! What new settings mean for those who are connected: whose sessions end (protocol decision 11), and whose presence is
//! no more (rule P12). Asked by `handlers::settings_change`, which acts; looks at everybody, and tells nobody anything.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::LiveState;
use crate::live::messages::SessionId;
use crate::settings::configuration::Configuration;
use crate::settings::id::UserId;
use crate::settings::user::User;

/// The sessions of users who are deleted, disabled, or have another password, in the order of logins.
pub(in crate::live) fn sent_away(state: &LiveState, new: &Configuration) -> Vec<SessionId> {
    let differences = state.settings.configuration.users.differences(&new.users);
    let may_stay = |before: &User, after: Option<&Arc<User>>| {
        after.is_some_and(|after| after.uuid == before.uuid && after.enabled && after.password == before.password)
    };
    let gone = differences.into_iter().filter_map(|(before, after)| before.filter(|before| !may_stay(before, after)));
    let people = gone.filter_map(|user| state.runtime.person(user.uuid));
    let mut sessions: Vec<SessionId> = people.flat_map(|person| person.sessions().iter().copied()).collect();
    sessions.sort_unstable();
    sessions
}

/// The connected users whose presences may be others now.
pub(in crate::live) fn whose_presence_may_be_no_more(state: &LiveState, before: &Configuration) -> BTreeSet<UserId> {
    let (runtime, after) = (&state.runtime, &state.settings.configuration);
    if before.profiles.is_same(&after.profiles) && before.presences.is_same(&after.presences) {
        let edited = before.users.differences(&after.users).into_iter().filter_map(|(_, user)| user);
        let is_connected = |uuid| runtime.person(uuid).is_some_and(|person| !person.sessions().is_empty());
        return edited.filter(|user| is_connected(user.uuid)).map(|user| user.id).collect();
    }
    runtime.sessions().map(|(_, session)| session.user).collect()
}
