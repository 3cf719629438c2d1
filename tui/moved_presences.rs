//! Whose presence does not outlive a change: connected users whose profile has another group afterwards, or whose presence is
//! gone. The server moves them to `available` at once. Pure; consequences and saved profiles ask it before anything is done.

use std::collections::HashMap;

use super::server::Server;
use crate::settings::configuration::Configuration;
use crate::settings::count::{count, some_of};
use crate::settings::id::{PresenceGroupId, PresenceId};
use crate::settings::presence::AVAILABLE;
use crate::settings::user::User;

/// So many are told by their login.
const NAMED: usize = 6;

/// How many they are, and `2 connected users are moved to available immediately, …: alice, bob.`; none: nobody is.
pub(super) fn moved_words(before: &Configuration, after: &Configuration, server: &Server) -> Option<(usize, String)> {
    let moved = moved(before, after, server);
    let is_are = if moved.len() == 1 { "is" } else { "are" };
    let (who, named) = (count(moved.len(), "connected user"), some_of(&moved, NAMED));
    let words =
        || format!("{who} {is_are} moved to {AVAILABLE} immediately, as the presence is not theirs then: {named}.");
    (!moved.is_empty()).then(|| (moved.len(), words()))
}

/// Their logins, each once, in order.
fn moved(before: &Configuration, after: &Configuration, server: &Server) -> Vec<String> {
    let Server::Running(_, sessions) = server else { return Vec::new() };
    let is_touched = !before.profiles.differences(&after.profiles).is_empty()
        || !before.presences.differences(&after.presences).is_empty()
        || !before.users.differences(&after.users).is_empty();
    if !is_touched {
        return Vec::new();
    }
    let known: HashMap<String, &User> =
        before.users.iter().filter_map(|user| Some((user.folded_login()?, &**user))).collect();
    let (presences, presences_after) = (by_name(before), by_name(after));
    let moved = sessions.iter().filter(|session| {
        let Some(user) = known.get(&session.user.to_lowercase()) else { return false };
        let name = session.presence.as_str();
        let Some(had) = group_of(user, before).and_then(|group| presences.get(&(group, name))) else { return false };
        let Some(group) = after.users.get(user.id).and_then(|user| group_of(user, after)) else { return false };
        // Renamed it is the same one.
        let stays = after.presences.get(*had).is_some_and(|presence| presence.group == group);
        !stays && !presences_after.contains_key(&(group, name))
    });
    let mut logins: Vec<String> = moved.map(|session| session.user.clone()).collect();
    logins.sort_unstable();
    logins.dedup();
    logins
}

fn by_name(c: &Configuration) -> HashMap<(PresenceGroupId, &str), PresenceId> {
    c.presences.iter().map(|presence| ((presence.group, presence.name.as_str()), presence.id)).collect()
}

/// The presences that the user may choose.
fn group_of(user: &User, c: &Configuration) -> Option<PresenceGroupId> {
    c.profiles.get(user.profile?).map(|profile| profile.presence_group)
}
