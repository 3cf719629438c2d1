//! What objects were called while some changes were made: images refer to others by name, and a name that became another one
//! is no change of whoever refers to it. Followed changes are compared with names put in the place of which object they mean.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde_json::Value;

use super::super::audited_change::AuditedChange;
use super::super::write::object_json;
use crate::settings::configuration::Configuration;
use crate::settings::table::Kind;

/// Which object a name means; None: several were called so. Empty where nothing got another name.
#[derive(Default)]
pub(super) struct Renames(HashMap<(Kind, String), Option<i64>>);

impl Renames {
    pub(super) fn among(changes: &[AuditedChange<'_>], now: &Configuration) -> Self {
        let is_renamed = |change: &&AuditedChange<'_>| {
            let [before, after] = [change.before, change.after].map(|image| image.map(|it| names_in(change.kind, it)));
            before.zip(after).is_some_and(|(before, after)| before != after)
        };
        let renamed: Vec<_> = changes.iter().filter(is_renamed).map(|change| (change.kind, change.object)).collect();
        let mut known = Self::default();
        if renamed.is_empty() {
            return known;
        }
        for change in changes {
            for image in [change.before, change.after].into_iter().flatten() {
                known.learn(change.kind, change.object, image);
            }
        }
        for (kind, id) in renamed {
            known.learn(kind, id, &object_json(kind, id, now));
        }
        known
    }

    fn learn(&mut self, kind: Kind, id: i64, image: &Value) {
        for name in names_in(kind, image) {
            match self.0.entry((kind, name)) {
                Entry::Vacant(free) => drop(free.insert(Some(id))),
                Entry::Occupied(mut taken) if *taken.get() != Some(id) => drop(taken.insert(None)),
                Entry::Occupied(_) => {}
            }
        }
    }

    /// Puts in the place of each name which object it means, as far as that is known.
    pub(super) fn resolve(&self, image: &mut Value) {
        if self.0.is_empty() {
            return;
        }
        match image {
            Value::Object(members) => {
                for (member, value) in members.iter_mut() {
                    match referred_kind(member) {
                        Some(kind) => self.resolve_names(kind, value),
                        None => self.resolve(value),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.resolve(item)),
            _ => {}
        }
    }

    fn resolve_names(&self, kind: Kind, value: &mut Value) {
        match value {
            Value::String(name) => {
                if let Some(Some(id)) = self.0.get(&(kind, name.clone())) {
                    *value = Value::from(*id);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.resolve_names(kind, item)),
            _ => {}
        }
    }
}

/// What others refer to an object with this image by.
fn names_in(kind: Kind, image: &Value) -> Vec<String> {
    let text = |member: &str| image.get(member).and_then(Value::as_str).map(str::to_owned);
    let names = match kind {
        Kind::User => [text("login"), text("uuid")],
        Kind::Line => [text("extension").zip(text("context")).map(|(number, of)| format!("{number}@{of}")), None],
        Kind::Agent => [text("number"), None],
        Kind::Context | Kind::Profile | Kind::PresenceGroup | Kind::PhoneHintGroup => [text("name"), None],
        Kind::Server
        | Kind::Setting
        | Kind::Presence
        | Kind::Voicemail
        | Kind::Conference
        | Kind::Queue
        | Kind::DialRule
        | Kind::Account
        | Kind::PhoneBookEntry => [None, None],
    };
    names.into_iter().flatten().collect()
}

/// Of which kind are those that this member of an image names.
fn referred_kind(member: &str) -> Option<Kind> {
    Some(match member {
        "user" => Kind::User,
        "line" => Kind::Line,
        "agent" => Kind::Agent,
        "context" | "contexts" | "includes" => Kind::Context,
        "profile" => Kind::Profile,
        "presence_group" | "group" => Kind::PresenceGroup,
        "phone_hint_group" => Kind::PhoneHintGroup,
        _ => return None,
    })
}
