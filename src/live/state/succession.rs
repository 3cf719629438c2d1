//! What new settings mean for those who are connected: whose sessions end (protocol decision 11), and whose presence is
//! no more (rule P12). Asked by `handlers::settings_change`, which acts; tells nobody anything.

use super::LiveState;
use super::prepared_settings::SettingsChange;
use super::settings_difference::PresencesChanged;
use crate::live::messages::SessionId;
use crate::settings::id::UserId;

/// The sessions of users who are deleted, disabled, or have another password, in the order of logins.
pub(in crate::live) fn sent_away(state: &LiveState, change: &SettingsChange) -> Vec<SessionId> {
    let people = change.difference.sent_away.iter().filter_map(|uuid| state.runtime.person(*uuid));
    let mut sessions: Vec<SessionId> = people.flat_map(|person| person.sessions().iter().copied()).collect();
    sessions.sort_unstable();
    sessions
}

/// The connected users whose presences may be others once the settings are changed, by id.
pub(in crate::live) fn whose_presence_may_be_no_more(state: &LiveState, change: &SettingsChange) -> Vec<UserId> {
    match &change.difference.presences {
        PresencesChanged::Of(users) => {
            let is_there = |uuid| state.runtime.person(uuid).is_some_and(|person| !person.sessions().is_empty());
            users.iter().filter(|(_, uuid)| is_there(*uuid)).map(|(user, _)| *user).collect()
        }
        PresencesChanged::OfEverybody => state.runtime.connected_users().into_iter().collect(),
    }
}
