//! One object that one change touched, as the audit keeps it: what people call it and what became of it, in words. The
//! history of the command line and of the console show these; `read::restore` takes such a change back. Images hold no
//! secret, so no word here does.

use serde_json::Value;

use super::member_words::{MemberChange, item_words, member_changes};
use super::tables::{Documented, Secret};
use crate::settings::id::{AuditId, Id as _, PhoneBookEntryId, UserUuid};
use crate::settings::phone_book::EntriesNeeded;
use crate::settings::rule_target::{ObjectName, RuleTarget};
use crate::settings::setting::Key;
use crate::settings::table::Kind;
use crate::settings::tables::on_table_of;
use crate::settings::target_kind::TargetKind;

/// An entry of the audit without who and when. At least one of the images is there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AuditedChange<'a> {
    pub(crate) entry: AuditId,
    pub(crate) kind: Kind,
    /// 0 for a setting, which has its key in the images.
    pub(crate) object: i64,
    /// None: it was made.
    pub(crate) before: Option<&'a Value>,
    /// None: it was removed.
    pub(crate) after: Option<&'a Value>,
}

/// The entries of the phone book that must be at hand for these changes to be taken back.
pub(crate) fn entries_in(changes: &[AuditedChange<'_>]) -> EntriesNeeded {
    let entries = changes.iter().filter(|change| change.kind == Kind::PhoneBookEntry);
    let entries: Vec<_> = entries.map(|change| PhoneBookEntryId::new(change.object)).collect();
    if entries.is_empty() { EntriesNeeded::None } else { EntriesNeeded::These(entries) }
}

/// What an image of the kind says in place of a secret.
pub(super) fn secret_of(kind: Kind) -> Option<Secret> {
    on_table_of!(
        kind,
        ($table:ident, $object:ty) => { <$object as Documented>::SECRET },
        Kind::Server | Kind::Setting => None
    )
}

impl AuditedChange<'_> {
    /// What tells the object from all others: settings share a number and differ by their keys.
    pub(crate) fn identity(&self) -> (Kind, i64, Option<Key>) {
        (self.kind, self.object, self.key())
    }

    /// `user "alice"`: as `Labelled` says it of the object itself.
    pub(crate) fn target(&self) -> RuleTarget {
        self.after.or(self.before).map_or_else(|| self.without_a_name(), |image| self.target_in(image))
    }

    /// The same in words.
    pub(crate) fn label(&self) -> String {
        self.target().to_string()
    }

    /// The whole change in one line: `user "alice": last name "Archer" -> "Miller"`, `user "bob" was added`.
    pub(crate) fn describe(&self) -> String {
        let changes = self.changes().join(", ");
        match (self.before, self.after) {
            (Some(before), Some(after)) => match (self.target_in(before), self.target_in(after)) {
                (old, new) if old == new => format!("{new}{}: {changes}", self.of_owner(after)),
                (old, new) => format!("{old}{}, now {new}: {changes}", self.of_owner(before)),
            },
            (None, Some(image)) => match self.value(image) {
                Some(value) => format!("{} was set to {value}", self.label()),
                None if self.kind == Kind::Setting => format!("{} was set", self.label()),
                None => format!("{}{} was added", self.label(), self.of_owner(image)),
            },
            (Some(image), None) => match self.value(image) {
                Some(value) => format!("{}, which was {value}, has its default again", self.label()),
                None if self.kind == Kind::Setting => format!("{} has its default again", self.label()),
                None => format!("{}{} was removed", self.label(), self.of_owner(image)),
            },
            (None, None) => format!("{}: nothing", self.label()),
        }
    }

    /// Each member that became another: `last name "Archer" -> "Miller"`. Empty for what was added or removed.
    pub(crate) fn changes(&self) -> Vec<String> {
        let (Some(before), Some(after)) = (self.before, self.after) else { return Vec::new() };
        if before == after {
            return vec![self.hidden_change().to_owned()];
        }
        match (self.value(before), self.value(after)) {
            (Some(old), Some(new)) => vec![format!("{old} -> {new}")],
            _ => member_changes(before, after).into_iter().map(|change| change.words).collect(),
        }
    }

    /// The same with the members' names, what does not show left out.
    pub(super) fn changed_members(&self) -> Vec<MemberChange> {
        self.before.zip(self.after).map_or_else(Vec::new, |(before, after)| member_changes(before, after))
    }

    /// Whether the object has this name in one of the images: `alice`, `1001` or `1001@default`, `client.port`.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        let is_name = |image: &Value| {
            let text = |member: &str| image.get(member).and_then(Value::as_str);
            let short = ["login", "name", "mailbox", "extension", "number", "key"].into_iter().find_map(text);
            let is_uuid = text("uuid").is_some_and(|uuid| uuid.eq_ignore_ascii_case(name));
            let Some(short) = short else { return is_uuid };
            let is_long = || text("context").is_some_and(|context| name == format!("{short}@{context}"));
            short.eq_ignore_ascii_case(name) || is_long() || is_uuid
        };
        self.before.into_iter().chain(self.after).any(is_name)
    }

    /// The setting's key, of a setting.
    pub(crate) fn key(&self) -> Option<Key> {
        let word = self.after.or(self.before)?.get("key")?.as_str()?;
        Key::parse(word).ok().filter(|_| self.kind == Kind::Setting)
    }

    /// A setting's value in words, unless it is a secret.
    pub(super) fn value(&self, image: &Value) -> Option<String> {
        let value = self.key().filter(|key| !key.is_secret()).and_then(|_| image.get("value"))?;
        Some(Some(item_words(value)).filter(|words| !words.is_empty()).unwrap_or_else(|| "nothing".to_owned()))
    }

    /// What changed if both images show the same.
    fn hidden_change(&self) -> &'static str {
        match self.kind {
            Kind::Setting => "another value",
            kind => secret_of(kind).map_or("nothing that shows", |secret| secret.other),
        }
    }

    /// ` of user "alice"`: whoever looks for a user's changes means those of the lines, the box and the agent too.
    fn of_owner(&self, image: &Value) -> String {
        let is_owned = matches!(self.kind, Kind::Line | Kind::Voicemail | Kind::Agent);
        let owner = image.get("user").and_then(Value::as_str).filter(|_| is_owned);
        // Who has no login has a UUID there, by which nobody looks.
        let owner = owner.filter(|name| UserUuid::parse(name).is_none());
        owner.map(|name| format!(" of user \"{name}\"")).unwrap_or_default()
    }

    fn target_in(&self, image: &Value) -> RuleTarget {
        let named = |naming| RuleTarget::Object(ObjectName { kind: self.kind, id: Some(self.object), naming });
        let target = on_table_of!(
            self.kind,
            ($table:ident, $object:ty) => { <$object as Documented>::naming_in(image, self.object).map(named) },
            Kind::Server => Some(RuleTarget::Thing(TargetKind::Server)),
            Kind::Setting => self.key().map(|key| RuleTarget::Setting(key.as_str()))
        );
        target.unwrap_or_else(|| self.without_a_name())
    }

    fn without_a_name(&self) -> RuleTarget {
        ObjectName::by_id(self.kind, self.object).into()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::exchange::document::object_json;
    use crate::settings::configuration::Configuration;
    use crate::settings::fixtures::small_company;
    use crate::settings::id::Id;
    use crate::settings::label::Labelled;
    use crate::settings::table::{Collection as _, Object, Table};
    use crate::settings::tables::for_each_table;

    fn words(kind: Kind, before: Option<Value>, after: Option<Value>) -> String {
        let (before, after) = (before.as_ref(), after.as_ref());
        AuditedChange { entry: AuditId::new(1), kind, object: 7, before, after }.describe()
    }

    #[test]
    fn a_change_is_told_in_one_line() {
        let user = |last: &str| Some(json!({"login": "alice", "last_name": last, "password_hash": "set"}));
        assert_eq!(words(Kind::User, user("A"), user("M")), "user \"alice\": last name \"A\" -> \"M\"");
        assert_eq!(words(Kind::User, user("A"), user("A")), "user \"alice\": a new password");
        assert_eq!(words(Kind::User, None, user("A")), "user \"alice\" was added");
        assert_eq!(words(Kind::User, user("A"), None), "user \"alice\" was removed");
        assert_eq!(words(Kind::User, Some(json!({})), None), "user with id 7 was removed");
        let line = |context: &str, user| Some(json!({"extension": "1294", "context": context, "user": user}));
        let moved = words(Kind::Line, line("sales", "alice"), line("support", "alice"));
        assert!(moved.contains("line \"1294@sales\" of user \"alice\", now line \"1294@support\""), "{moved}");
        let nobody_by_name = "6ba7b810-9dad-41d1-80b4-00c04fd430c8";
        assert_eq!(words(Kind::Line, None, line("sales", nobody_by_name)), "line \"1294@sales\" was added");
        let setting = |value: u16| Some(json!({"key": "client.port", "value": value}));
        assert_eq!(words(Kind::Setting, setting(1), setting(2)), "setting client.port: 1 -> 2");
        assert_eq!(words(Kind::Setting, None, setting(2)), "setting client.port was set to 2");
        assert_eq!(words(Kind::Setting, setting(1), None), "setting client.port, which was 1, has its default again");
    }

    #[test]
    fn lists_and_maps_tell_what_came_and_went() {
        let profile = |services: &[&str], preferences: Value| {
            Some(json!({"name": "P", "services": services, "preferences": preferences}))
        };
        assert_eq!(
            words(Kind::Profile, profile(&["a", "b"], json!({"x": "1"})), profile(&["b", "c"], json!({"y": "2"}))),
            "profile \"P\": services +c -a, preferences y none -> \"2\", preferences x \"1\" -> none"
        );
        assert_eq!(
            words(Kind::Profile, profile(&["a", "b"], json!({})), profile(&["b", "a"], json!({}))),
            "profile \"P\": services in another order"
        );
    }

    #[test]
    fn an_image_is_called_as_its_object_is() {
        fn check<T: Object + Labelled>(office: &Configuration, table: &Table<T>) {
            for object in table.iter() {
                let (kind, id) = (T::KIND, object.id().number());
                let image = object_json(kind, id, office);
                let recorded =
                    AuditedChange { entry: AuditId::new(1), kind, object: id, before: None, after: Some(&image) };
                assert_eq!(recorded.label(), object.label(office));
            }
        }
        let office = small_company();
        for_each_table! { ($table:ident, $object:ty) => { check(&office, office.$table.objects()); } }
    }
}
