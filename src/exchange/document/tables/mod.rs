//! How the objects of each table stand in the document and in audit images, a file a family. A table whose type is not
//! `Documented` does not compile. Hashes, PINs and secrets come out in one of three ways and in no other place than `shown`.

mod account;
mod dial_rule;
mod dialplan;
mod phone_book;
mod phone_hint;
mod presence;
mod profile;
mod user;

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::form;
use crate::settings::configuration::Configuration;
use crate::settings::id::{AgentId, LineId, PresenceGroupId, ProfileId, UserId};
use crate::settings::rule_target::Naming;
use crate::settings::table::{Object, Table};

/// How secrets come out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Show {
    Nothing,
    /// `"set"` or null: what audit and comparison show.
    Presence,
    Everything,
}

/// A member that images show as `"set"` or null.
pub(super) struct Secret {
    pub(super) member: &'static str,
    /// What changed where both images show the same.
    pub(super) other: &'static str,
}

/// An object as the document and the audit show it.
pub(super) trait Documented: Object {
    /// Its list in the document, and the name of the table among `next_ids`.
    const LIST: &'static str;
    const SECRET: Option<Secret> = None;

    /// The list; none where its objects stand in others.
    fn member(document: &mut form::Document) -> Option<&mut Option<Vec<Value>>>;

    /// Alone: members as in the document.
    fn image(&self, configuration: &Configuration, show: Show) -> Value;

    /// As it stands in the list.
    fn listed(&self, configuration: &Configuration, show: Show) -> Value {
        self.image(configuration, show)
    }

    /// By what the list is in order, before the id.
    fn order(&self) -> u32 {
        0
    }

    /// What an object with this image and id is called, as `Labelled` says it of the object itself.
    fn naming_in(image: &Value, id: i64) -> Option<Naming>;
}

/// The one place that decides whether a secret leaves this room.
pub(super) fn shown(secret: Option<&str>, show: Show) -> Option<String> {
    let secret = secret?;
    match show {
        Show::Nothing => None,
        Show::Presence => Some("set".to_owned()),
        Show::Everything => Some(secret.to_owned()),
    }
}

fn text<'a>(image: &'a Value, member: &str) -> Option<&'a str> {
    image.get(member).and_then(Value::as_str)
}

fn named(image: &Value, member: &str) -> Option<Naming> {
    Some(Naming::Name(text(image, member)?.to_owned()))
}

fn in_context(image: &Value, member: &str) -> Option<Naming> {
    let (number, context) = (text(image, member)?.to_owned(), text(image, "context")?.to_owned());
    Some(Naming::InContext { number, context })
}

fn value(form: &impl Serialize) -> Value {
    serde_json::to_value(form).expect("texts, numbers, lists and maps with text keys always become JSON")
}

fn group_name(configuration: &Configuration, id: PresenceGroupId) -> String {
    name_of(&configuration.presence_groups, id, |group| group.name.to_string())
}

fn profile_name(configuration: &Configuration, id: ProfileId) -> String {
    name_of(&configuration.profiles, id, |profile| profile.name.to_string())
}

fn user_name(configuration: &Configuration, id: UserId) -> String {
    name_of(&configuration.users, id, |user| user.login_or_uuid())
}

fn agent_number(configuration: &Configuration, id: AgentId) -> String {
    name_of(&configuration.agents, id, |agent| agent.number.to_string())
}

fn line_name(configuration: &Configuration, id: LineId) -> String {
    name_of(&configuration.lines, id, |line| line.name(configuration))
}

/// The name by which an object is referred to, or its bare id if it does not exist.
fn name_of<T: Object>(table: &Table<T>, id: T::Id, name: impl FnOnce(&Arc<T>) -> String) -> String {
    table.get(id).map_or_else(|| id.to_string(), name)
}
