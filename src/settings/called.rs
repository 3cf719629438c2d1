//! What people call each object: `presence "away" in group "xivo"`, `line "1001@default"`. Refusals, findings and the
//! difference of two configurations name objects with these words and no others.

use super::configuration::Configuration;
use super::id::{ContextId, PresenceGroupId};
use super::people::{Agent, Line, User, Voicemail};
use super::phone_book::{Field, PhoneBookEntry};
use super::phone_hint::PhoneHintGroup;
use super::place::{Conference, Context, Queue};
use super::presence::{Presence, PresenceGroup};
use super::profile::Profile;
use super::setting::Key;

/// An object that people have a name for.
pub(crate) trait Called {
    /// The kind and the name, told apart from the others of its kind as far as the rules promise.
    fn called(&self, configuration: &Configuration) -> String;
}

impl Called for PresenceGroup {
    fn called(&self, _: &Configuration) -> String {
        format!("presence group \"{}\"", self.name)
    }
}

impl Called for Presence {
    fn called(&self, configuration: &Configuration) -> String {
        format!("presence \"{}\" in group \"{}\"", self.name, group_name(configuration, self.group))
    }
}

impl Called for PhoneHintGroup {
    fn called(&self, _: &Configuration) -> String {
        format!("phone hint group \"{}\"", self.name)
    }
}

impl Called for Profile {
    fn called(&self, _: &Configuration) -> String {
        format!("profile \"{}\"", self.name)
    }
}

impl Called for Context {
    fn called(&self, _: &Configuration) -> String {
        format!("context \"{}\"", self.name)
    }
}

impl Called for User {
    fn called(&self, _: &Configuration) -> String {
        match &self.login {
            Some(login) => format!("user \"{login}\""),
            None => format!("user {} \"{}\"", self.id, self.full_name()),
        }
    }
}

impl Called for Line {
    fn called(&self, configuration: &Configuration) -> String {
        format!("line \"{}@{}\"", self.extension, context_name(configuration, self.context))
    }
}

impl Called for Voicemail {
    fn called(&self, configuration: &Configuration) -> String {
        format!("voicemail box \"{}@{}\"", self.mailbox, context_name(configuration, self.context))
    }
}

impl Called for Conference {
    fn called(&self, configuration: &Configuration) -> String {
        format!("conference \"{}@{}\"", self.number, context_name(configuration, self.context))
    }
}

impl Called for Agent {
    fn called(&self, _: &Configuration) -> String {
        format!("agent \"{}\"", self.number)
    }
}

impl Called for Queue {
    fn called(&self, _: &Configuration) -> String {
        format!("queue \"{}\"", self.name)
    }
}

impl Called for PhoneBookEntry {
    fn called(&self, _: &Configuration) -> String {
        let name = self.details.shown_name();
        let numbers = [Field::Number, Field::Mobile, Field::Home, Field::Other].map(|field| self.details.text(field));
        let shown = [name.as_str()].into_iter().chain(numbers).find(|text| !text.is_empty());
        format!("phone book entry {} \"{}\"", self.id, shown.unwrap_or_default())
    }
}

/// A setting as the object of a refusal.
pub(crate) fn setting(key: Key) -> String {
    format!("setting {key}")
}

/// The context's name, or its bare id if it does not exist.
pub(crate) fn context_name(configuration: &Configuration, id: ContextId) -> String {
    configuration.contexts.get(id).map_or_else(|| id.to_string(), |context| context.name.to_string())
}

fn group_name(configuration: &Configuration, id: PresenceGroupId) -> String {
    configuration.presence_groups.get(id).map_or_else(|| id.to_string(), |group| group.name.to_string())
}

/// `"Agent", "Client"`: names as a refusal lists them.
pub(crate) fn quoted<T: std::fmt::Display>(names: impl IntoIterator<Item = T>) -> String {
    names.into_iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}
