//! What people call each object: `presence "away" in group "xivo"`, `line "1001@default"`. Refusals, findings and the
//! difference of two configurations name objects with these words and no others.

use std::fmt::Display;

use super::account::Account;
use super::agent::Agent;
use super::conference::Conference;
use super::configuration::Configuration;
use super::context::Context;
use super::dial_rule::DialRule;
use super::id::{ContextId, Id as _, PresenceGroupId};
use super::line::Line;
use super::phone_book::{Field, PhoneBookEntry};
use super::phone_hint::PhoneHintGroup;
use super::presence::{Presence, PresenceGroup};
use super::profile::Profile;
use super::queue::{MemberId, Queue};
use super::rule_target::{Naming, ObjectName, RuleTarget};
use super::setting::Key;
use super::table::Object;
use super::user::User;
use super::voicemail::Voicemail;

/// An object that people have a name for.
pub(crate) trait Labelled {
    /// The kind and the name, told apart from the others of its kind as far as the rules promise.
    fn object_name(&self, configuration: &Configuration) -> ObjectName;

    /// The same in words.
    fn label(&self, configuration: &Configuration) -> String {
        self.object_name(configuration).to_string()
    }
}

/// Those whose name needs nothing else.
macro_rules! labelled_by_name {
    ($($object:ty, $name:ident;)*) => {$(
        impl Labelled for $object {
            fn object_name(&self, _: &Configuration) -> ObjectName {
                ObjectName::named(<$object>::KIND, Some(self.id.number()), &self.$name)
            }
        }
    )*};
}

labelled_by_name! {
    PresenceGroup, name;
    PhoneHintGroup, name;
    Profile, name;
    Context, name;
    Agent, number;
    Queue, name;
    Account, name;
}

impl Labelled for Presence {
    fn object_name(&self, configuration: &Configuration) -> ObjectName {
        let (name, group) = (self.name.to_string(), group_name(configuration, self.group));
        of(self, Naming::InGroup { name, group })
    }
}

impl Labelled for User {
    fn object_name(&self, _: &Configuration) -> ObjectName {
        let naming = match &self.login {
            Some(login) => Naming::Name(login.to_string()),
            None => Naming::Numbered { id: self.id.number(), name: self.full_name() },
        };
        of(self, naming)
    }
}

impl Labelled for Line {
    fn object_name(&self, configuration: &Configuration) -> ObjectName {
        in_context(self, &self.extension, self.context, configuration)
    }
}

impl Labelled for Voicemail {
    fn object_name(&self, configuration: &Configuration) -> ObjectName {
        in_context(self, &self.mailbox, self.context, configuration)
    }
}

impl Labelled for Conference {
    fn object_name(&self, configuration: &Configuration) -> ObjectName {
        in_context(self, &self.number, self.context, configuration)
    }
}

impl Labelled for DialRule {
    fn object_name(&self, _: &Configuration) -> ObjectName {
        of(self, Naming::Numbered { id: self.id.number(), name: dial_rule_name(self.prefix.as_str()) })
    }
}

/// By what a dial rule looks for.
pub(crate) fn dial_rule_name(prefix: &str) -> String {
    if prefix.is_empty() { "any number".to_owned() } else { prefix.to_owned() }
}

impl Labelled for PhoneBookEntry {
    fn object_name(&self, _: &Configuration) -> ObjectName {
        let name = self.details.shown_name();
        let numbers = [Field::Number, Field::Mobile, Field::Home, Field::Other].map(|field| self.details.text(field));
        let shown = [name.as_str()].into_iter().chain(numbers).find(|text| !text.is_empty());
        of(self, Naming::Numbered { id: self.id.number(), name: shown.unwrap_or_default().to_owned() })
    }
}

impl Line {
    /// By which people and documents tell it from others: `1001@default`.
    pub(crate) fn name(&self, configuration: &Configuration) -> String {
        format!("{}@{}", self.extension, context_name(configuration, self.context))
    }
}

impl MemberId {
    /// The agent's number and name, or the line and whose it is; empty if there is no such agent or line.
    pub(crate) fn number_and_name(self, configuration: &Configuration) -> (String, String) {
        let numbers = match self {
            Self::Agent(id) => configuration.agents.get(id).map(|agent| {
                let name = format!("{} {}", agent.first_name, agent.last_name);
                (agent.number.to_string(), name.trim_end().to_owned())
            }),
            Self::Line(id) => configuration.lines.get(id).map(|line| {
                let owner = configuration.users.get(line.user);
                (line.name(configuration), owner.map(|user| user.full_name()).unwrap_or_default())
            }),
        };
        numbers.unwrap_or_default()
    }

    /// What people call the member; None if there is no such agent or line.
    pub(crate) fn object_name(self, configuration: &Configuration) -> Option<ObjectName> {
        match self {
            Self::Agent(id) => configuration.agents.get(id).map(|agent| agent.object_name(configuration)),
            Self::Line(id) => configuration.lines.get(id).map(|line| line.object_name(configuration)),
        }
    }
}

fn of<T: Object>(object: &T, naming: Naming) -> ObjectName {
    ObjectName { kind: T::KIND, id: Some(object.id().number()), naming }
}

fn in_context<T: Object>(object: &T, number: &dyn Display, context: ContextId, c: &Configuration) -> ObjectName {
    of(object, Naming::InContext { number: number.to_string(), context: context_name(c, context) })
}

/// A setting in words.
pub(crate) fn setting(key: Key) -> String {
    RuleTarget::Setting(key.as_str()).to_string()
}

/// The context's name, or its bare id if it does not exist.
pub(crate) fn context_name(configuration: &Configuration, id: ContextId) -> String {
    configuration.contexts.get(id).map_or_else(|| id.to_string(), |context| context.name.to_string())
}

/// Numbers of all contexts in order: by the name of the context, then as people count.
pub(crate) fn number_order(configuration: &Configuration, context: ContextId, number: &str) -> (String, usize, String) {
    (context_name(configuration, context), number.len(), number.to_owned())
}

fn group_name(configuration: &Configuration, id: PresenceGroupId) -> String {
    configuration.presence_groups.get(id).map_or_else(|| id.to_string(), |group| group.name.to_string())
}
