//! New settings while people are connected: who is sent away ("Ours" 11), what the others hear (`announcement`), and
//! whose presence is no more (rule P12). A changed profile, presence group or presence ends nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::protocol::notice::Notice;
use crate::settings::configuration::Configuration;
use crate::settings::id::UserId;
use crate::settings::presence::{AVAILABLE, Presence};
use crate::settings::setting::General;
use crate::settings::user::User;
use crate::settings::whole::WholeConfiguration;

use super::effects::Effects;
use super::runtime::RuntimeState;
use super::visibility::{LiveState, SettingsView};
use super::{Moment, SessionId, login, presence, settings_notifications};

pub(super) fn change(
    state: &mut LiveState,
    now: Moment,
    configuration: Arc<WholeConfiguration>,
    general: Arc<General>,
    out: &mut Effects,
) {
    let (old, runtime) = state.unfiltered();
    let base = old.follow(configuration, general);
    for session in sent_away(old, runtime, &base.configuration) {
        out.answer(session, Notice::DisconnectForce);
        login::log_out(state, now, session, out);
    }
    let old = state.replace_settings(base);
    settings_notifications::announce(state, &old, out);
    for user in whose_presence_may_be_no_more(state, &old) {
        match fate(state, user) {
            Fate::Stays => {}
            Fate::Becomes(presence) => presence::rename(state, user, &presence, out),
            Fate::Ends(presence) => presence::enter(state, user, &presence, out),
        }
    }
}

/// The sessions of users who are deleted, disabled, or have another password, in the order of logins.
fn sent_away(base: &SettingsView, runtime: &RuntimeState, new: &Configuration) -> Vec<SessionId> {
    let differences = base.configuration.users.differences(&new.users);
    let may_stay = |before: &User, after: Option<&Arc<User>>| {
        after.is_some_and(|after| after.uuid == before.uuid && after.enabled && after.password == before.password)
    };
    let gone = differences.into_iter().filter_map(|(before, after)| before.filter(|before| !may_stay(before, after)));
    let people = gone.filter_map(|user| runtime.person(user.uuid));
    let mut sessions: Vec<SessionId> = people.flat_map(|person| person.sessions().iter().copied()).collect();
    sessions.sort_unstable();
    sessions
}

/// What became of the presence that a connected user is in.
enum Fate {
    Stays,
    /// The same under another name, or its namesake in the group of a changed profile.
    Becomes(Arc<Presence>),
    /// It is no more: they are moved.
    Ends(Arc<Presence>),
}

/// The connected users whose presences may be others now.
fn whose_presence_may_be_no_more(state: &LiveState, old: &SettingsView) -> BTreeSet<UserId> {
    let (new, runtime) = state.unfiltered();
    let (before, after) = (&old.configuration, &new.configuration);
    if before.profiles.is_same(&after.profiles) && before.presences.is_same(&after.presences) {
        let edited = before.users.differences(&after.users).into_iter().filter_map(|(_, user)| user);
        let is_connected = |uuid| runtime.person(uuid).is_some_and(|person| !person.sessions().is_empty());
        return edited.filter(|user| is_connected(user.uuid)).map(|user| user.id).collect();
    }
    runtime.sessions().map(|(_, session)| session.user).collect()
}

/// A user whose profile is gone keeps what they are in: there is no group to choose from.
fn fate(state: &LiveState, user: UserId) -> Fate {
    let view = state.view(user);
    let presences = view.presences();
    let (Some(entered), Some(first)) = (view.entered(), presences.first()) else { return Fate::Stays };
    let same = presences.iter().find(|presence| presence.id == entered.id);
    match same.or_else(|| view.presence_named(&entered.name)) {
        Some(same) if same.id == entered.id && same.name.as_str() == &*entered.name => Fate::Stays,
        Some(other) => Fate::Becomes(Arc::clone(other)),
        None => Fate::Ends(Arc::clone(view.presence_named(AVAILABLE).unwrap_or(first))),
    }
}
