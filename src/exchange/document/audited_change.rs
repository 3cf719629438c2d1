//! One object that one change touched, as the audit keeps it: what people call it and what became of it, in words. The
//! history of the command line and of the console show these; `read::restore` takes such a change back. Images hold no
//! secret, so no word here does.

use serde_json::Value;

use super::difference::changes;
use crate::settings::id::{AuditId, Id as _, PhoneBookEntryId};
use crate::settings::label::{quoted, setting};
use crate::settings::phone_book::EntriesNeeded;
use crate::settings::setting::Key;
use crate::settings::table::Kind;

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

impl AuditedChange<'_> {
    /// `user "alice"`: as `Labelled` says it of the object itself.
    pub(crate) fn label(&self) -> String {
        self.after.or(self.before).map_or_else(|| self.without_a_name(), |image| self.label_in(image))
    }

    /// The whole change in one line: `user "alice": last_name "Archer" -> "Miller"`, `user "bob" was added`.
    pub(crate) fn describe(&self) -> String {
        let changes = self.changes().join(", ");
        match (self.before, self.after) {
            (Some(before), Some(after)) => match (self.label_in(before), self.label_in(after)) {
                (old, new) if old == new => format!("{new}: {changes}"),
                (old, new) => format!("{old}, now {new}: {changes}"),
            },
            (None, Some(image)) => match self.value(image) {
                Some(value) => format!("{} was set to {value}", self.label()),
                None if self.kind == Kind::Setting => format!("{} was set", self.label()),
                None => format!("{} was added", self.label()),
            },
            (Some(image), None) => match self.value(image) {
                Some(value) => format!("{}, which was {value}, has its default again", self.label()),
                None if self.kind == Kind::Setting => format!("{} has its default again", self.label()),
                None => format!("{} was removed", self.label()),
            },
            (None, None) => format!("{}: nothing", self.label()),
        }
    }

    /// Each member that became another: `last_name "Archer" -> "Miller"`. Empty for what was added or removed.
    pub(crate) fn changes(&self) -> Vec<String> {
        let (Some(before), Some(after)) = (self.before, self.after) else { return Vec::new() };
        if before == after {
            return vec![self.hidden_change().to_owned()];
        }
        changes(before, after).into_iter().map(|(_, words)| words).collect()
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

    /// A setting's value, unless it is a secret.
    fn value<'a>(&self, image: &'a Value) -> Option<&'a Value> {
        self.key().filter(|key| !key.is_secret()).and_then(|_| image.get("value"))
    }

    /// What changed if both images show the same.
    fn hidden_change(&self) -> &'static str {
        match self.kind {
            Kind::User => "another password",
            Kind::Conference => "another PIN",
            Kind::Setting => "another value",
            _ => "nothing that shows",
        }
    }

    fn label_in(&self, image: &Value) -> String {
        let text = |member: &str| image.get(member).and_then(Value::as_str);
        let in_context = |member: &str| Some(format!("{}@{}", text(member)?, text("context")?));
        let (kind, name) = match self.kind {
            Kind::Server => return "server".to_owned(),
            Kind::Setting => return self.key().map_or_else(|| self.without_a_name(), setting),
            Kind::User => match text("login") {
                Some(login) => ("user", Some(login.to_owned())),
                None => return self.user_called(image),
            },
            Kind::Line => ("line", in_context("extension")),
            Kind::Voicemail => ("voicemail box", in_context("mailbox")),
            Kind::Conference => ("conference", in_context("number")),
            Kind::Agent => ("agent", text("number").map(str::to_owned)),
            Kind::Presence => {
                let group = text("group").unwrap_or_default();
                return match text("name") {
                    Some(name) => format!("presence {} in group \"{group}\"", quoted([name])),
                    None => self.without_a_name(),
                };
            }
            Kind::PresenceGroup => ("presence group", text("name").map(str::to_owned)),
            Kind::PhoneHintGroup => ("phone hint group", text("name").map(str::to_owned)),
            Kind::Profile => ("profile", text("name").map(str::to_owned)),
            Kind::Context => ("context", text("name").map(str::to_owned)),
            Kind::Queue => ("queue", text("name").map(str::to_owned)),
            Kind::PhoneBookEntry => return self.entry_called(image),
        };
        name.map_or_else(|| self.without_a_name(), |name| format!("{kind} {}", quoted([name])))
    }

    /// As a `User` without a login is called.
    fn user_called(&self, image: &Value) -> String {
        let text = |member: &str| image.get(member).and_then(Value::as_str);
        let Some(first_name) = text("first_name") else { return self.without_a_name() };
        let name = format!("{first_name} {}", text("last_name").unwrap_or_default());
        format!("user {} {}", self.object, quoted([name.trim_end()]))
    }

    /// As `PhoneBookEntry` is called: by its id and the first that it has of names and numbers.
    fn entry_called(&self, image: &Value) -> String {
        let text = |member: &str| image.get(member).and_then(Value::as_str).unwrap_or_default();
        let whole = format!("{} {}", text("first_name"), text("last_name"));
        let names = [whole.trim(), text("company"), text("number"), text("mobile"), text("home"), text("other")];
        let name = names.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
        format!("phone book entry {} {}", self.object, quoted([name]))
    }

    fn without_a_name(&self) -> String {
        format!("{} with id {}", self.kind, self.object)
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
    use crate::settings::table::{Object, Table};

    fn words(kind: Kind, before: Option<Value>, after: Option<Value>) -> String {
        let (before, after) = (before.as_ref(), after.as_ref());
        AuditedChange { entry: AuditId::new(1), kind, object: 7, before, after }.describe()
    }

    #[test]
    fn a_change_is_told_in_one_line() {
        let user = |last: &str| Some(json!({"login": "alice", "last_name": last, "password_hash": "set"}));
        assert_eq!(words(Kind::User, user("A"), user("M")), "user \"alice\": last_name \"A\" -> \"M\"");
        assert_eq!(words(Kind::User, user("A"), user("A")), "user \"alice\": another password");
        assert_eq!(words(Kind::User, None, user("A")), "user \"alice\" was added");
        assert_eq!(words(Kind::User, user("A"), None), "user \"alice\" was removed");
        assert_eq!(words(Kind::User, Some(json!({})), None), "user with id 7 was removed");
        let setting = |value: u16| Some(json!({"key": "client.port", "value": value}));
        assert_eq!(words(Kind::Setting, setting(1), setting(2)), "setting client.port: value 1 -> 2");
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
            "profile \"P\": services +\"c\" -\"a\", preferences.y null -> \"2\", preferences.x \"1\" -> null"
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
        check(&office, &office.presence_groups);
        check(&office, &office.presences);
        check(&office, &office.phone_hint_groups);
        check(&office, &office.profiles);
        check(&office, &office.contexts);
        check(&office, &office.users);
        check(&office, &office.lines);
        check(&office, &office.voicemails);
        check(&office, &office.conferences);
        check(&office, &office.agents);
        check(&office, &office.queues);
        check(&office, office.phone_book.at_hand());
    }
}
