//! Whose sessions they are: users by their login, with what the table tells of them, looked up once a configuration.

use std::collections::HashMap;
use std::sync::Arc;

use crate::control::Session;
use crate::settings::configuration::Configuration;
use crate::settings::label::context_name;
use crate::settings::presence::Presence;
use crate::settings::user::User;

pub(super) struct People {
    /// Of which it was made.
    configuration: Arc<Configuration>,
    by_login: HashMap<String, Person>,
}

pub(super) struct Person {
    pub(super) user: Arc<User>,
    /// The main line's: `1001`, `default`; empty without one.
    pub(super) extension: String,
    pub(super) context: String,
    pub(super) profile: String,
}

impl People {
    pub(super) fn of(configuration: &Arc<Configuration>) -> Self {
        let c = configuration;
        let main_lines = c.main_lines();
        let person = |user: &Arc<User>| {
            let line = main_lines.get(&user.id);
            let profile = user.profile.and_then(|profile| c.profiles.get(profile));
            let person = Person {
                user: Arc::clone(user),
                extension: line.map_or_else(String::new, |line| line.extension.to_string()),
                context: line.map_or_else(String::new, |line| context_name(c, line.context)),
                profile: profile.map_or_else(String::new, |profile| profile.name.to_string()),
            };
            Some((user.folded_login()?, person))
        };
        Self { by_login: c.users.iter().filter_map(person).collect(), configuration: Arc::clone(c) }
    }

    pub(super) fn is_of(&self, configuration: &Arc<Configuration>) -> bool {
        Arc::ptr_eq(&self.configuration, configuration)
    }

    /// None: removed meanwhile.
    pub(super) fn of_session(&self, session: &Session) -> Option<&Person> {
        self.by_login.get(&session.user.to_lowercase())
    }

    /// The presence of the user's own group, if both are still there.
    pub(super) fn presence(&self, session: &Session) -> Option<&Presence> {
        let profile = self.of_session(session)?.user.profile?;
        let group = self.configuration.profiles.get(profile)?.presence_group;
        let is_it = |presence: &Presence| presence.group == group && presence.name.as_str() == session.presence;
        self.configuration.presences.find(is_it).map(|presence| &**presence)
    }
}
