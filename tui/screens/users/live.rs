//! What is known of users beyond what was decided of them: who is connected now, with which presence and client, what they
//! have switched on, and when they logged in last. By folded login; made anew with each word of the server.

use std::collections::HashMap;
use std::sync::Arc;

use crate::control::Session;
use crate::settings::configuration::Configuration;
use crate::settings::presence::Presence;
use crate::settings::user::User;
use crate::tui::app::App;
use crate::tui::last_logins::LastLogins;
use crate::tui::services_on::ServicesOn;

#[derive(Default)]
pub(super) struct Live {
    connected: HashMap<String, Connection>,
    last_logins: Arc<LastLogins>,
    services: Arc<ServicesOn>,
}

/// The session of somebody; of several the one that was told last.
struct Connection {
    presence: String,
    /// Of the client's protocol.
    version: String,
}

impl Live {
    pub(super) fn of(app: &App) -> Self {
        Self::of_sessions(app.sessions().iter(), app)
    }

    /// What concerns that one alone: for whoever draws them, and nobody else, in each frame.
    pub(super) fn of_one(user: &User, app: &App) -> Self {
        Self::of_sessions(app.sessions().iter().filter(|session| user.has_login(&session.user)), app)
    }

    fn of_sessions<'a>(sessions: impl Iterator<Item = &'a Session>, app: &App) -> Self {
        let connection = |session: &Session| {
            let (presence, version) = (session.presence.clone(), session.version.clone());
            (session.user.to_lowercase(), Connection { presence, version })
        };
        let connected = sessions.map(connection).collect();
        Self { connected, last_logins: Arc::clone(&app.last_logins), services: Arc::clone(&app.services) }
    }

    #[cfg(test)]
    pub(super) fn with(login: &str, presence: &str) -> Self {
        let connection = Connection { presence: presence.to_owned(), version: "2.3".to_owned() };
        Self { connected: HashMap::from([(login.to_owned(), connection)]), ..Self::default() }
    }

    pub(super) fn is_anybody_connected(&self) -> bool {
        !self.connected.is_empty()
    }

    pub(super) fn knows_logins(&self) -> bool {
        !self.last_logins.is_empty()
    }

    pub(super) fn is_connected(&self, folded_login: &str) -> bool {
        self.connected.contains_key(folded_login)
    }

    /// The presence's name.
    pub(super) fn presence(&self, folded_login: &str) -> Option<&str> {
        self.connected.get(folded_login).map(|connection| connection.presence.as_str())
    }

    pub(super) fn version(&self, folded_login: &str) -> Option<&str> {
        self.connected.get(folded_login).map(|connection| connection.version.as_str())
    }

    pub(super) fn is_anything_switched_on(&self) -> bool {
        !self.services.is_empty()
    }

    /// What the user has switched on: `dnd, forward 1002`.
    pub(super) fn services(&self, user: &User) -> String {
        self.services.of(user.uuid).join(", ")
    }

    /// The day, counted from 1970.
    pub(super) fn last_login(&self, folded_login: &str) -> Option<i64> {
        self.last_logins.day(folded_login)
    }
}

/// The presence of this name that the user's profile has, if both are still there.
pub(super) fn presence_of<'a>(user: &User, name: &str, c: &'a Configuration) -> Option<&'a Presence> {
    let group = c.profiles.get(user.profile?)?.presence_group;
    c.presences.find(|presence| presence.group == group && presence.name.as_str() == name).map(|presence| &**presence)
}
