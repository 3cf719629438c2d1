//! What one transaction did, in one line: `profile Reception for 54 users`, `user "bob" was added; line "1002@default" was
//! added`. Made of its entries one after the other, so that a transaction of a hundred thousand is never held; `store`
//! brings them, the histories of the console and the command line show the line.

use std::collections::BTreeSet;

use serde_json::Value;

use super::audited_change::AuditedChange;
use crate::settings::table::Kind;

/// Members that a title names; of more only the objects are counted.
const MEMBERS_TOLD: usize = 3;

/// What was done to objects of one kind, before what came along with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Added,
    Removed,
    Changed,
}

/// The words of a transaction while its entries come.
#[derive(Debug, Default)]
pub(crate) struct TransactionWords {
    groups: Vec<Group>,
    text: String,
}

/// The entries that did one thing to objects of one kind.
#[derive(Debug)]
struct Group {
    what: What,
    kind: Kind,
    entries: usize,
    /// The first one in words: all there is to say if no other comes.
    first: String,
    members: BTreeSet<String>,
    /// What became of the members, as long as it is the same in all entries.
    became: Option<Vec<String>>,
}

impl TransactionWords {
    pub(crate) fn add(&mut self, change: &AuditedChange<'_>) {
        let words = change.describe();
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(&words);
        let what = what(change);
        match self.groups.iter_mut().find(|group| (group.what, group.kind) == (what, change.kind)) {
            Some(group) => group.add(change),
            None => self.groups.push(Group::of(what, change, words)),
        }
    }

    /// The title, and all entries in words, a line each.
    pub(crate) fn told(mut self) -> (String, String) {
        self.groups.sort_by_key(|group| (group.what, rank(group.kind)));
        let clauses: Vec<String> = self.groups.into_iter().map(Group::words).collect();
        (clauses.join("; "), self.text)
    }
}

/// A setting that is stored for the first time is no new thing to anybody: it is another value.
fn what(change: &AuditedChange<'_>) -> What {
    match (change.before, change.after) {
        _ if change.kind == Kind::Setting => What::Changed,
        (None, _) => What::Added,
        (_, None) => What::Removed,
        (Some(_), Some(_)) => What::Changed,
    }
}

impl Group {
    fn of(what: What, change: &AuditedChange<'_>, first: String) -> Self {
        let (members, became) = match what {
            What::Changed => became(change),
            What::Added | What::Removed => (BTreeSet::new(), Vec::new()),
        };
        Self { what, kind: change.kind, entries: 1, first, members, became: Some(became) }
    }

    fn add(&mut self, change: &AuditedChange<'_>) {
        self.entries += 1;
        if self.what != What::Changed || (self.became.is_none() && self.members.len() > MEMBERS_TOLD) {
            return;
        }
        let (members, became) = became(change);
        self.became.take_if(|known| *known != became);
        self.members.extend(members);
    }

    fn words(self) -> String {
        if self.entries == 1 {
            return self.first;
        }
        let objects = format!("{} {}", self.entries, plural(self.kind));
        match (self.what, self.became) {
            (What::Added, _) => format!("{objects} were added"),
            (What::Removed, _) => format!("{objects} were removed"),
            (What::Changed, Some(became)) if is_told(became.len()) => format!("{} for {objects}", became.join(", ")),
            (What::Changed, _) if is_told(self.members.len()) => {
                let members = self.members.into_iter().collect::<Vec<_>>().join(", ");
                match self.kind {
                    Kind::Setting => format!("settings {members} were changed"),
                    _ => format!("{members} of {objects}"),
                }
            }
            (What::Changed, _) => format!("{objects} were changed"),
        }
    }
}

fn is_told(members: usize) -> bool {
    (1..=MEMBERS_TOLD).contains(&members)
}

/// The members that became another, and what they became. A secret is in no image: that it did is all that is known, and
/// nobody knows whether two became the same.
fn became(change: &AuditedChange<'_>) -> (BTreeSet<String>, Vec<String>) {
    if change.kind == Kind::Setting {
        return (BTreeSet::from_iter(change.key().map(|key| key.to_string())), vec![change.describe()]);
    }
    let none = Value::Null;
    let member = |name: &str| {
        let of = |image: Option<&Value>| image.and_then(|image| image.get(name)).cloned().unwrap_or_default();
        (of(change.before), of(change.after))
    };
    let told = change.changed_members().into_iter().map(|(name, words)| {
        let became = match member(&name) {
            // Of lists it matters what came and what went.
            (Value::Array(_), Value::Array(_)) | (Value::Object(_), Value::Object(_)) => words,
            (_, after) if after == none => format!("{name} none"),
            (_, Value::String(text)) => format!("{name} {text}"),
            (_, after) => format!("{name} {after}"),
        };
        (name, became)
    });
    let (members, became): (BTreeSet<String>, Vec<String>) = told.unzip();
    match became.is_empty() {
        true => (BTreeSet::new(), change.changes()),
        false => (members, became),
    }
}

/// What people call several of the kind.
fn plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Server => "servers",
        Kind::Setting => "settings",
        Kind::PresenceGroup => "presence groups",
        Kind::Presence => "presences",
        Kind::PhoneHintGroup => "hint groups",
        Kind::Profile => "profiles",
        Kind::Context => "contexts",
        Kind::User => "users",
        Kind::Line => "lines",
        Kind::Voicemail => "voicemail boxes",
        Kind::Conference => "rooms",
        Kind::Agent => "agents",
        Kind::Queue => "queues",
        Kind::DialRule => "dial rules",
        Kind::Account => "accounts",
        Kind::PhoneBookEntry => "phone book entries",
    }
}

/// Objects before what belongs to them, and what is edited by itself before what an edit of something else touches.
fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Server => 0,
        Kind::Account => 1,
        Kind::User => 2,
        Kind::Profile => 3,
        Kind::PresenceGroup => 4,
        Kind::PhoneHintGroup => 5,
        Kind::Presence => 6,
        Kind::Context => 7,
        Kind::Agent => 8,
        Kind::Queue => 9,
        Kind::Line => 10,
        Kind::Voicemail => 11,
        Kind::Conference => 12,
        Kind::DialRule => 13,
        Kind::PhoneBookEntry => 14,
        Kind::Setting => 15,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::settings::id::{AuditId, Id as _};

    type Images = (Kind, Option<Value>, Option<Value>);

    fn title(entries: &[Images]) -> String {
        let mut words = TransactionWords::default();
        for (at, (kind, before, after)) in (1..).zip(entries) {
            let (before, after) = (before.as_ref(), after.as_ref());
            words.add(&AuditedChange { entry: AuditId::new(at), kind: *kind, object: at, before, after });
        }
        words.told().0
    }

    fn user(number: usize, more: &Value) -> Option<Value> {
        let mut image = json!({"login": format!("user{number}"), "password_hash": "set"});
        for (name, value) in more.as_object().expect("members") {
            image[name] = value.clone();
        }
        Some(image)
    }

    fn edited(before: &Value, after: &Value) -> Vec<Images> {
        (0..54).map(|number| (Kind::User, user(number, before), user(number, after))).collect()
    }

    #[test]
    fn what_became_the_same_of_many_is_told_with_their_number() {
        let profile = |name: &str| json!({"profile": name});
        assert_eq!(title(&edited(&profile("Agent"), &profile("Reception"))), "profile Reception for 54 users");
        assert_eq!(title(&edited(&profile("Agent"), &json!({"profile": null}))), "profile none for 54 users");
        assert_eq!(title(&edited(&json!({"enabled": true}), &json!({"enabled": false}))), "enabled false for 54 users");
        assert_eq!(title(&edited(&json!({}), &json!({}))), "another password for 54 users");
        let services = |names: &[&str]| json!({"services": names});
        assert_eq!(title(&edited(&services(&["a"]), &services(&["a", "b"]))), "services +\"b\" for 54 users");
    }

    #[test]
    fn what_became_another_of_each_is_told_by_its_name() {
        let moved = |at: usize| (Kind::Presence, Some(json!({"position": at})), Some(json!({"position": at + 1})));
        assert_eq!(title(&(1..4).map(moved).collect::<Vec<_>>()), "position of 3 presences");
        let all = |value: usize| Some(json!({"a": value, "b": value, "c": value, "d": value}));
        let changed = |at: usize| (Kind::Line, all(at), all(at + 1));
        assert_eq!(title(&(1..4).map(changed).collect::<Vec<_>>()), "3 lines were changed");
    }

    #[test]
    fn what_was_meant_stands_before_what_came_along() {
        let line = |number: u16| Some(json!({"extension": number.to_string(), "context": "default"}));
        let added = [(Kind::Line, None, line(1001)), (Kind::User, None, user(1, &json!({})))];
        assert_eq!(title(&added), "user \"user1\" was added; line \"1001@default\" was added");
        let imported: Vec<Images> = (0..3)
            .flat_map(|at| [(Kind::User, None, user(at, &json!({}))), (Kind::Line, None, line(1001))])
            .chain([(Kind::User, user(9, &json!({"profile": "A"})), user(9, &json!({"profile": "B"})))])
            .collect();
        assert_eq!(title(&imported), "3 users were added; 3 lines were added; user \"user9\": profile \"A\" -> \"B\"");
    }

    #[test]
    fn one_entry_is_told_as_it_always_was_and_settings_by_their_keys() {
        let setting = |key: &str, value: &str| Some(json!({"key": key, "value": value}));
        let port = (Kind::Setting, None, Some(json!({"key": "client.port", "value": 5004})));
        assert_eq!(title(&[port]), "setting client.port was set to 5004");
        let pair = [
            (Kind::Setting, None, setting("encryption.certificate", "/a")),
            (Kind::Setting, setting("encryption.key", "/b"), None),
        ];
        assert_eq!(title(&pair), "settings encryption.certificate, encryption.key were changed");
        assert_eq!(title(&[]), "");
    }
}
