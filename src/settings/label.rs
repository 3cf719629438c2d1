//! What people call each object: `presence "away" in group "xivo"`, `line "1001@default"`. Refusals, findings and the
//! difference of two configurations name objects with these words and no others.

use super::agent::Agent;
use super::conference::Conference;
use super::configuration::Configuration;
use super::context::Context;
use super::id::{ContextId, PresenceGroupId};
use super::line::Line;
use super::phone_book::{Field, PhoneBookEntry};
use super::phone_hint::PhoneHintGroup;
use super::presence::{Presence, PresenceGroup};
use super::profile::Profile;
use super::queue::Queue;
use super::setting::Key;
use super::user::User;
use super::voicemail::Voicemail;

/// An object that people have a name for.
pub(crate) trait Labelled {
    /// The kind and the name, told apart from the others of its kind as far as the rules promise.
    fn label(&self, configuration: &Configuration) -> String;
}

impl Labelled for PresenceGroup {
    fn label(&self, _: &Configuration) -> String {
        format!("presence group \"{}\"", self.name)
    }
}

impl Labelled for Presence {
    fn label(&self, configuration: &Configuration) -> String {
        format!("presence \"{}\" in group \"{}\"", self.name, group_name(configuration, self.group))
    }
}

impl Labelled for PhoneHintGroup {
    fn label(&self, _: &Configuration) -> String {
        format!("phone hint group \"{}\"", self.name)
    }
}

impl Labelled for Profile {
    fn label(&self, _: &Configuration) -> String {
        format!("profile \"{}\"", self.name)
    }
}

impl Labelled for Context {
    fn label(&self, _: &Configuration) -> String {
        format!("context \"{}\"", self.name)
    }
}

impl Labelled for User {
    fn label(&self, _: &Configuration) -> String {
        match &self.login {
            Some(login) => format!("user \"{login}\""),
            None => format!("user {} \"{}\"", self.id, self.full_name()),
        }
    }
}

impl Labelled for Line {
    fn label(&self, configuration: &Configuration) -> String {
        format!("line \"{}@{}\"", self.extension, context_name(configuration, self.context))
    }
}

impl Labelled for Voicemail {
    fn label(&self, configuration: &Configuration) -> String {
        format!("voicemail box \"{}@{}\"", self.mailbox, context_name(configuration, self.context))
    }
}

impl Labelled for Conference {
    fn label(&self, configuration: &Configuration) -> String {
        format!("conference \"{}@{}\"", self.number, context_name(configuration, self.context))
    }
}

impl Labelled for Agent {
    fn label(&self, _: &Configuration) -> String {
        format!("agent \"{}\"", self.number)
    }
}

impl Labelled for Queue {
    fn label(&self, _: &Configuration) -> String {
        format!("queue \"{}\"", self.name)
    }
}

impl Labelled for PhoneBookEntry {
    fn label(&self, _: &Configuration) -> String {
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
