//! What one transaction did, in one line: `profile Reception for 54 users`, `user "bob" was added; line "1002@default" was
//! added`. Made of its entries one after the other, so that a transaction of a hundred thousand is never held; `store`
//! brings them, the histories of the console and the command line show the line. And what holds again after one was taken
//! back: `54 users have profile Client again`.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde_json::Value;

use super::audited_change::AuditedChange;
use super::member_words::ImageMember;
use super::write::{object_json, setting_json};
use crate::settings::configuration::Configuration;
use crate::settings::id::{AuditId, Id as _};
use crate::settings::rule::count;
use crate::settings::setting::Key;
use crate::settings::table::{Collection, Kind, Object as _};
use crate::settings::tables::for_each_table;

/// Members that a title names; of more only the objects are counted.
const MEMBERS_TOLD: usize = 3;
/// Things that a title tells one by one; of a transaction that did more, like an import, the most frequent ones with their
/// numbers.
const CLAUSES_TOLD: usize = 4;
/// Members that a sentence has words of its own for, as the document calls them.
const ENABLED: &str = "enabled";
const POSITION: &str = "position";
/// Objects that are looked at to say what holds again.
const RESTORED_MAX: usize = 5000;

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
    /// What the first one is called.
    object: String,
    members: BTreeSet<ImageMember>,
    /// What became of the members, as long as it is the same in all entries.
    became: Option<Vec<Became>>,
}

/// What became of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Became {
    words: String,
    /// Whether the words say what it is now, and not what came and went.
    is_state: bool,
    /// What a sentence has a word of its own for.
    turn: Option<Turn>,
}

/// What is told as what happened to the objects, rather than as a member's new value.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Turn {
    Enabled,
    Disabled,
    /// The member, which there is none of any more.
    Lost(String),
    /// A setting.
    Default,
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
        if self.groups.len() > CLAUSES_TOLD {
            return (self.counted(), self.text);
        }
        self.groups.sort_by_key(|group| (group.what, rank(group.kind)));
        let clauses: Vec<String> = self.groups.into_iter().map(Group::words).collect();
        (clauses.join("; "), self.text)
    }

    /// `6906 changes: 5000 phone book entries added, 800 users added, 40 lines changed, 66 others`
    fn counted(&mut self) -> String {
        self.groups.sort_by_key(|group| (Reverse(group.entries), group.what, rank(group.kind)));
        let all: usize = self.groups.iter().map(|group| group.entries).sum();
        let mut clauses: Vec<String> = self.groups.iter().take(CLAUSES_TOLD - 1).map(Group::counted).collect();
        let others: usize = self.groups.iter().skip(CLAUSES_TOLD - 1).map(|group| group.entries).sum();
        clauses.push(count(others, "other"));
        format!("{}: {}", count(all, "change"), clauses.join(", "))
    }

    /// The same of a change that took another one back: what holds since.
    fn restored(mut self) -> String {
        self.groups.sort_by_key(|group| (group.what, rank(group.kind)));
        let more = self.groups.len().saturating_sub(CLAUSES_TOLD);
        let mut clauses: Vec<String> = self.groups.into_iter().take(CLAUSES_TOLD).map(Group::restored).collect();
        if more > 0 {
            clauses.push("all else is as before".to_owned());
        }
        clauses.join("; ")
    }
}

/// What holds once `before` became `after` by taking a change back: `54 users have profile Client again`, `user "dora" is
/// gone`.
pub(crate) fn restored(before: &Configuration, after: &Configuration) -> String {
    let mut words = TransactionWords::default();
    let mut left = RESTORED_MAX;
    let keys: BTreeSet<_> = before.settings.keys().chain(after.settings.keys()).collect();
    for key in keys.into_iter().filter(|key| before.settings.get(key) != after.settings.get(key)) {
        let [old, new] = [before, after].map(|configuration| configuration.settings.get(key).map(setting_json));
        let (before, after) = (old.as_ref(), new.as_ref());
        words.add(&AuditedChange { entry: AuditId::new(1), kind: Kind::Setting, object: 0, before, after });
    }
    for_each_table! { ($table:ident, $object:ty) => { restored_in((before, after), &before.$table, &after.$table, &mut words, &mut left); } }
    if left == 0 { "all is as it was before".to_owned() } else { words.restored() }
}

fn restored_in<C: Collection>(
    (before, after): (&Configuration, &Configuration),
    old: &C,
    new: &C,
    words: &mut TransactionWords,
    left: &mut usize,
) {
    let kind = C::Object::KIND;
    for (one, other) in old.objects().differences(new.objects()) {
        let Some(object) = one.or(other).map(|object| object.id().number()).filter(|_| *left > 0) else { return };
        *left -= 1;
        let old = one.map(|_| object_json(kind, object, before));
        let new = other.map(|_| object_json(kind, object, after));
        let (before, after) = (old.as_ref(), new.as_ref());
        words.add(&AuditedChange { entry: AuditId::new(1), kind, object, before, after });
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
        Self { what, kind: change.kind, entries: 1, first, object: change.label(), members, became: Some(became) }
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
        let objects = count(self.entries, self.kind.noun());
        match (self.what, self.became) {
            (What::Added, _) => format!("{objects} were added"),
            (What::Removed, _) => format!("{objects} were removed"),
            (What::Changed, Some(became)) => match (turn(&became), settings_named(self.kind, &self.members)) {
                (Some(Turn::Enabled), _) => format!("{objects} were enabled"),
                (Some(Turn::Disabled), _) => format!("{objects} were disabled"),
                (Some(Turn::Lost(member)), _) => format!("{objects} lost their {member}"),
                (Some(Turn::Default), settings) => {
                    format!("{} have their defaults again", settings.unwrap_or(objects))
                }
                (None, _) if is_told(became.len()) => format!("{} for {objects}", joined(&became)),
                (None, _) => several_changed(self.kind, &self.members, objects),
            },
            (What::Changed, None) => several_changed(self.kind, &self.members, objects),
        }
    }

    /// `5000 phone book entries added`, `1 account added`
    fn counted(&self) -> String {
        let objects = count(self.entries, self.kind.noun());
        let what = match self.what {
            What::Added => "added",
            What::Removed => "removed",
            What::Changed => "changed",
        };
        format!("{objects} {what}")
    }

    /// What holds since it was taken back.
    fn restored(self) -> String {
        let is_one = self.entries == 1;
        let objects = if is_one { self.object } else { count(self.entries, self.kind.noun()) };
        let be = if is_one { "is" } else { "are" };
        let became = self.became.filter(|became| is_told(became.len()) && became.iter().all(|one| one.is_state));
        let (have, settings) = (if is_one { "has" } else { "have" }, settings_named(self.kind, &self.members));
        match (self.what, became) {
            (What::Added, _) => format!("{objects} {be} there again"),
            (What::Removed, _) => format!("{objects} {be} gone"),
            (What::Changed, Some(became)) if self.kind != Kind::Setting && turn(&became).is_some() => {
                match turn(&became) {
                    Some(Turn::Enabled) => format!("{objects} {be} enabled again"),
                    Some(Turn::Lost(member)) => format!("{objects} {have} no {member} again"),
                    _ => format!("{objects} {be} disabled again"),
                }
            }
            (What::Changed, Some(became)) if self.kind == Kind::Setting && is_one => {
                format!("{objects} {} again", joined(&became))
            }
            (What::Changed, Some(became)) if self.kind != Kind::Setting => {
                format!("{objects}: {} again", joined(&became))
            }
            (What::Changed, _) => format!("{} {be} as before", settings.filter(|_| !is_one).unwrap_or(objects)),
        }
    }
}

/// Of the one member that became another.
fn turn(became: &[Became]) -> Option<&Turn> {
    let [one] = became else { return None };
    one.turn.as_ref()
}

/// `settings client.port, client.listen`, of settings that are few.
fn settings_named(kind: Kind, members: &BTreeSet<ImageMember>) -> Option<String> {
    let keys: Vec<&str> = members.iter().map(|member| member.key.as_str()).collect();
    (kind == Kind::Setting && is_told(keys.len())).then(|| format!("settings {}", keys.join(", ")))
}

/// What became another, where that is not the same of all.
fn several_changed(kind: Kind, members: &BTreeSet<ImageMember>, objects: String) -> String {
    if let Some(settings) = settings_named(kind, members) {
        return format!("{settings} were changed");
    }
    let is_of_order = members.iter().all(|member| member.key == POSITION);
    let members: Vec<&str> = members.iter().map(|member| member.label.as_str()).collect();
    match members.as_slice() {
        [_] if is_of_order => format!("{objects} were moved"),
        members if is_told(members.len()) => format!("{objects}: {} changed", members.join(", ")),
        _ => format!("{objects} were changed"),
    }
}

fn joined(became: &[Became]) -> String {
    became.iter().map(|one| one.words.as_str()).collect::<Vec<_>>().join(", ")
}

fn is_told(members: usize) -> bool {
    (1..=MEMBERS_TOLD).contains(&members)
}

/// The members that became another, and what they became. A secret is in no image: that it did is all that is known, and
/// nobody knows whether two became the same.
fn became(change: &AuditedChange<'_>) -> (BTreeSet<ImageMember>, Vec<Became>) {
    if change.kind == Kind::Setting {
        let value = change.after.map(|image| change.value(image).map(|value| format!("is {value}")));
        let words = match value {
            Some(Some(value)) => Became { words: value, is_state: true, turn: None },
            Some(None) => Became { words: "was set".to_owned(), is_state: false, turn: None },
            None => Became { words: "has its default".to_owned(), is_state: true, turn: Some(Turn::Default) },
        };
        let member = |key: Key| ImageMember { label: key.to_string(), key: key.to_string() };
        return (BTreeSet::from_iter(change.key().map(member)), vec![words]);
    }
    let told = change.changed_members().into_iter().map(|member| {
        let is_state = member.became.is_some();
        let turn = match (member.member.key.as_str(), &member.now) {
            (ENABLED, Value::Bool(true)) => Some(Turn::Enabled),
            (ENABLED, Value::Bool(false)) => Some(Turn::Disabled),
            (_, Value::Null) => Some(Turn::Lost(member.member.label.clone())),
            _ => None,
        };
        (member.member, Became { words: member.became.unwrap_or(member.words), is_state, turn })
    });
    let (members, became): (BTreeSet<ImageMember>, Vec<Became>) = told.unzip();
    match became.is_empty() {
        true => {
            let hidden = change.changes().into_iter().map(|words| Became { words, is_state: false, turn: None });
            (BTreeSet::new(), hidden.collect())
        }
        false => (members, became),
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
    use serde_json::{Value, json};

    use super::*;
    use crate::settings::fixtures::small_company;
    use crate::settings::name::ContextName;
    use crate::settings::setting::SettingValue;

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
        assert_eq!(title(&edited(&profile("Agent"), &json!({"profile": null}))), "54 users lost their profile");
        assert_eq!(title(&edited(&json!({"enabled": true}), &json!({"enabled": false}))), "54 users were disabled");
        assert_eq!(title(&edited(&json!({}), &json!({}))), "a new password for 54 users");
        let services = |names: &[&str]| json!({"services": names});
        assert_eq!(title(&edited(&services(&["a"]), &services(&["a", "b"]))), "services +b for 54 users");
    }

    #[test]
    fn what_holds_after_an_undo_is_told_and_not_what_was_done() {
        let before = small_company();
        let mut after = before.clone();
        let users: Vec<_> = after.users.iter().map(|user| user.id).collect();
        let second = after.profiles.iter().nth(1).map(|profile| profile.id);
        users.iter().for_each(|id| after.users.edit(*id, |user| user.profile = second));
        let told = |before, after| restored(before, after);
        let number = after.users.differences(&before.users).len();
        assert!(number > 1 && told(&before, &after).starts_with(&format!("{number} users: profile ")));
        assert!(told(&before, &after).ends_with(" again"), "{}", told(&before, &after));
        let mut with = before.clone();
        with.add_context(ContextName::parse("lab").expect("a name"), &[]).expect("a context");
        assert_eq!(told(&with, &before), "context \"lab\" is gone");
        assert_eq!(told(&before, &with), "context \"lab\" is there again");
        let mut set = before.clone();
        let port = SettingValue::parse(Key::ClientPort, "5009").expect("a port");
        set.set_setting(port).expect("it is taken");
        assert_eq!(told(&set, &before), "setting client.port has its default again");
        assert_eq!(told(&before, &set), "setting client.port is 5009 again");
    }

    #[test]
    fn what_an_import_did_is_told_in_one_short_line() {
        let named = |kind, number: usize| (kind, None, Some(json!({"name": format!("n{number}")})));
        let kinds = [Kind::Account, Kind::Profile, Kind::Context, Kind::Queue];
        let mut entries: Vec<Images> = kinds.into_iter().map(|kind| named(kind, 1)).collect();
        entries.extend((0..50).map(|at| (Kind::User, None, user(at, &json!({})))));
        entries.push(named(Kind::Profile, 2));
        assert_eq!(title(&entries), "55 changes: 50 users added, 2 profiles added, 1 account added, 2 others");
    }

    #[test]
    fn what_became_another_of_each_is_told_by_its_name() {
        let moved = |at: usize| (Kind::Presence, Some(json!({"position": at})), Some(json!({"position": at + 1})));
        assert_eq!(title(&(1..4).map(moved).collect::<Vec<_>>()), "3 presences were moved");
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
