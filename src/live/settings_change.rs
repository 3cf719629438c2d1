//! New settings while people are connected: who is sent away ("Ours" 11), what the others hear (`announcement`), and
//! whose presence is no more (rule P12). A changed profile, presence group or presence ends nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::protocol::notice::Notice;
use crate::settings::configuration::Configuration;
use crate::settings::id::UserId;
use crate::settings::people::User;
use crate::settings::presence::{AVAILABLE, Presence};
use crate::settings::setting::General;

use super::effects::Effects;
use super::picture::Picture;
use super::visibility::{Base, World};
use super::{Moment, SessionId, announcement, login, presence};

pub(super) fn change(
    world: &mut World,
    now: Moment,
    configuration: Arc<Configuration>,
    general: Arc<General>,
    out: &mut Effects,
) {
    let (old, picture) = world.unfiltered();
    let base = old.follow(configuration, general);
    for session in sent_away(old, picture, &base.configuration) {
        out.answer(session, Notice::DisconnectForce);
        login::log_out(world, now, session, out);
    }
    let old = world.replace_base(base);
    announcement::announce(world, &old, out);
    for user in whose_presence_may_be_no_more(world, &old) {
        match fate(world, user) {
            Fate::Stays => {}
            Fate::Becomes(presence) => presence::rename(world, user, &presence, out),
            Fate::Ends(presence) => presence::enter(world, user, &presence, out),
        }
    }
}

/// The sessions of users who are deleted, disabled, or have another password, in the order of logins.
fn sent_away(base: &Base, picture: &Picture, new: &Configuration) -> Vec<SessionId> {
    let differences = base.configuration.users.differences(&new.users);
    let may_stay = |before: &User, after: Option<&Arc<User>>| {
        after.is_some_and(|after| after.uuid == before.uuid && after.enabled && after.password == before.password)
    };
    let gone = differences.into_iter().filter_map(|(before, after)| before.filter(|before| !may_stay(before, after)));
    let people = gone.filter_map(|user| picture.person(user.uuid));
    let mut sessions: Vec<SessionId> = people.flat_map(|person| person.sessions().iter().copied()).collect();
    sessions.sort_unstable();
    sessions
}

/// What became of the presence that a connected user is in.
enum Fate {
    Stays,
    /// The same under another name, or its namesake in the group of a changed profile.
    Becomes(Arc<Presence>),
    /// It is no more: he is moved.
    Ends(Arc<Presence>),
}

/// The connected users whose presences may be others now.
fn whose_presence_may_be_no_more(world: &World, old: &Base) -> BTreeSet<UserId> {
    let (new, picture) = world.unfiltered();
    let (before, after) = (&old.configuration, &new.configuration);
    if before.profiles.is_same(&after.profiles) && before.presences.is_same(&after.presences) {
        let edited = before.users.differences(&after.users).into_iter().filter_map(|(_, user)| user);
        let is_connected = |uuid| picture.person(uuid).is_some_and(|person| !person.sessions().is_empty());
        return edited.filter(|user| is_connected(user.uuid)).map(|user| user.id).collect();
    }
    picture.sessions().map(|(_, session)| session.user).collect()
}

/// A user whose profile is gone keeps what he is in: there is no group to choose from.
fn fate(world: &World, user: UserId) -> Fate {
    let view = world.view(user);
    let presences = view.presences();
    let (Some(entered), Some(first)) = (view.entered(), presences.first()) else { return Fate::Stays };
    let same = presences.iter().find(|presence| presence.id == entered.id);
    match same.or_else(|| view.presence_named(&entered.name)) {
        Some(same) if same.id == entered.id && same.name.as_str() == &*entered.name => Fate::Stays,
        Some(other) => Fate::Becomes(Arc::clone(other)),
        None => Fate::Ends(Arc::clone(view.presence_named(AVAILABLE).unwrap_or(first))),
    }
}
