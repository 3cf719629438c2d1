//! What became of the members of an object, in the words that forms and lists have for them: `last name "Archer" ->
//! "Miller"`, `members +1001@default (penalty 0)`, `enabled yes -> no`. The audit's changes are told so; `import --dry-run`
//! keeps the names of the document, which whoever reads it has before them.

use serde_json::{Map, Value};

/// One by its names; those of one object stand in the order of what people read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ImageMember {
    pub(super) label: String,
    /// As the document calls it.
    pub(super) key: String,
}

/// A member that became another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MemberChange {
    pub(super) member: ImageMember,
    /// The whole in words.
    pub(super) words: String,
    /// What it is now; None where it matters what came and what went.
    pub(super) became: Option<String>,
    pub(super) now: Value,
}

/// All that differ, in the order of the newer image.
pub(super) fn member_changes(before: &Value, after: &Value) -> Vec<MemberChange> {
    let none = Map::new();
    let (before, after) = (before.as_object().unwrap_or(&none), after.as_object().unwrap_or(&none));
    let changed = after.iter().filter(|(name, value)| before.get(*name) != Some(value));
    let change = |(key, value): (&String, &Value)| {
        let label = label(key);
        let (words, became) = change(&label, before.get(key).unwrap_or(&Value::Null), value);
        MemberChange { member: ImageMember { label, key: key.clone() }, words, became, now: value.clone() }
    };
    changed.map(change).collect()
}

/// The label of the forms, in the middle of a sentence.
pub(crate) fn label(member: &str) -> String {
    match member {
        "password_hash" => "password".to_owned(),
        "wrapup_seconds" => "wrap-up seconds".to_owned(),
        "email" => "e-mail".to_owned(),
        "uuid" => "UUID".to_owned(),
        "id" => "ID".to_owned(),
        "pin" => "PIN".to_owned(),
        "phone_hint_group" => "hint group".to_owned(),
        "allowed" => "reaches".to_owned(),
        "break_glass" => "break-glass".to_owned(),
        "may_listen" => "may listen in".to_owned(),
        "main" => "main line".to_owned(),
        other => other.replace('_', " "),
    }
}

/// The same without quotation marks: `1001@default (penalty 0)`, `yes`, `none`.
pub(crate) fn item_words(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(item_words).collect::<Vec<_>>().join(" "),
        Value::Object(members) => object_words(members),
    }
}

/// The whole in words, and what it is now. Of lists only what came and went is told, of maps each name.
fn change(name: &str, before: &Value, after: &Value) -> (String, Option<String>) {
    match (before, after) {
        (Value::Array(old), Value::Array(new)) => (list_change(name, old, new), None),
        (Value::Object(old), Value::Object(new)) => {
            let gone = old.iter().filter(|(member, _)| !new.contains_key(*member));
            let gone = gone.map(|(member, value)| format!("{name} {member} {} -> none", value_words(value)));
            let changed =
                new.iter().filter(|(member, value)| old.get(*member) != Some(value)).map(|(member, value)| {
                    change(&format!("{name} {member}"), old.get(member).unwrap_or(&Value::Null), value).0
                });
            (changed.chain(gone).collect::<Vec<_>>().join(", "), None)
        }
        (before, after) => {
            let words = format!("{name} {} -> {}", value_words(before), value_words(after));
            (words, Some(became(name, after)))
        }
    }
}

fn list_change(name: &str, old: &[Value], new: &[Value]) -> String {
    let come = new.iter().filter(|item| !old.contains(item)).map(|item| format!(" +{}", item_words(item)));
    let gone = old.iter().filter(|item| !new.contains(item)).map(|item| format!(" -{}", item_words(item)));
    match come.chain(gone).collect::<String>() {
        same if same.is_empty() => format!("{name} in another order"),
        changes => format!("{name}{changes}"),
    }
}

/// `profile Reception`, `enabled: no`, `profile none`.
fn became(name: &str, after: &Value) -> String {
    match after {
        Value::Bool(_) => format!("{name}: {}", item_words(after)),
        other => format!("{name} {}", item_words(other)),
    }
}

/// A single value as it stands in a sentence, texts in quotation marks.
fn value_words(value: &Value) -> String {
    match value {
        Value::String(text) => format!("\"{text}\""),
        other => item_words(other),
    }
}

/// By what it is called, the rest in brackets.
fn object_words(members: &Map<String, Value>) -> String {
    let mut members: Vec<(&String, &Value)> = members.iter().filter(|(_, value)| !value.is_null()).collect();
    let Some(at) = members.iter().position(|(_, value)| value.is_string()) else {
        let members = members.into_iter().map(|(name, value)| format!("{} {}", label(name), item_words(value)));
        return members.collect::<Vec<_>>().join(", ");
    };
    let (_, called) = members.remove(at);
    let called = item_words(called);
    let rest: Vec<_> =
        members.into_iter().map(|(name, value)| format!("{} {}", label(name), item_words(value))).collect();
    if rest.is_empty() { called } else { format!("{called} ({})", rest.join(", ")) }
}
