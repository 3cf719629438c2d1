//! What differs between two configurations, a line an object, for people: `import --dry-run` prints it. Secrets show only
//! that they change.

use serde_json::{Map, Value};

use super::write::{object_json, object_with_secrets, setting_json};
use crate::settings::configuration::Configuration;
use crate::settings::id::Id;
use crate::settings::label::{Labelled, setting};
use crate::settings::table::{Collection, Object};
use crate::settings::tables::for_each_table;
use crate::settings::whole::WholeConfiguration;

/// `+` new, `-` gone, `~` changed, by kind and then by id.
pub(crate) fn differences(old: &WholeConfiguration, new: &WholeConfiguration) -> Vec<String> {
    let mut lines = Vec::new();
    if old.server_uuid != new.server_uuid {
        lines.push(format!("~ server: server_uuid {} -> {}", old.server_uuid, new.server_uuid));
    }
    settings(old, new, &mut lines);
    let both: (&Configuration, &Configuration) = (old, new);
    for_each_table! { ($table:ident, $object:ty) => { table(both, &old.$table, &new.$table, &mut lines); } }
    lines
}

fn settings(old: &Configuration, new: &Configuration, lines: &mut Vec<String>) {
    for (key, before) in &old.settings {
        match new.settings.get(key) {
            None => lines.push(format!("- {} {}", setting(*key), setting_json(before)["value"])),
            Some(after) if after == before => {}
            Some(_) if key.is_secret() => lines.push(format!("~ {} changed", setting(*key))),
            Some(after) => {
                let (before, after) = (&setting_json(before)["value"], &setting_json(after)["value"]);
                lines.push(format!("~ {} {before} -> {after}", setting(*key)));
            }
        }
    }
    for (key, after) in new.settings.iter().filter(|(key, _)| !old.settings.contains_key(key)) {
        lines.push(format!("+ {} {}", setting(*key), setting_json(after)["value"]));
    }
}

fn table<C: Collection<Object: Labelled>>(
    (before, after): (&Configuration, &Configuration),
    old: &C,
    new: &C,
    lines: &mut Vec<String>,
) {
    let kind = C::Object::KIND;
    for difference in old.objects().differences(new.objects()) {
        match difference {
            (None, None) => {}
            (Some(gone), None) => lines.push(format!("- {}", gone.label(before))),
            (None, Some(fresh)) => lines.push(format!("+ {}", fresh.label(after))),
            (Some(one), Some(other)) => {
                let id = one.id().number();
                let mut changes = changes(&object_json(kind, id, before), &object_json(kind, id, after));
                let secrets = |configuration| object_with_secrets(kind, id, configuration);
                changes.extend(hidden_change(&changes, &secrets(before), &secrets(after)));
                let changes: Vec<_> = changes.into_iter().map(|(_, words)| words).collect();
                let changes = changes.join(", ");
                lines.push(format!("~ {}: {changes}", other_name(&one.label(before), &other.label(after))));
            }
        }
    }
}

fn other_name(before: &str, after: &str) -> String {
    if before == after { before.to_owned() } else { format!("{before}, now {after}") }
}

/// The members that differ and how: `email null -> "bob@example.org"`, `services +"fax" -"chat"`.
fn changes(before: &Value, after: &Value) -> Vec<(String, String)> {
    let none = Map::new();
    let (before, after) = (before.as_object().unwrap_or(&none), after.as_object().unwrap_or(&none));
    let changed = after.iter().filter(|(name, value)| before.get(*name) != Some(value));
    changed.map(|(name, value)| (name.clone(), change(name, before.get(name).unwrap_or(&Value::Null), value))).collect()
}

/// Of lists only what came and went is told, of maps each name.
fn change(name: &str, before: &Value, after: &Value) -> String {
    match (before, after) {
        (Value::Array(old), Value::Array(new)) => {
            let come = new.iter().filter(|item| !old.contains(item)).map(|item| format!(" +{item}"));
            let gone = old.iter().filter(|item| !new.contains(item)).map(|item| format!(" -{item}"));
            match come.chain(gone).collect::<String>() {
                same if same.is_empty() => format!("{name} in another order"),
                changes => format!("{name}{changes}"),
            }
        }
        (Value::Object(old), Value::Object(new)) => {
            let gone = old.iter().filter(|(member, _)| !new.contains_key(*member));
            let gone = gone.map(|(member, value)| format!("{name}.{member} {value} -> null"));
            let changed = changes(before, after).into_iter().map(|(_, words)| format!("{name}.{words}"));
            changed.chain(gone).collect::<Vec<_>>().join(", ")
        }
        _ => format!("{name} {before} -> {after}"),
    }
}

/// A member that differs and was not told, because it was a secret before and is another one now.
fn hidden_change(told: &[(String, String)], before: &Value, after: &Value) -> Option<(String, String)> {
    let (name, _) = changes(before, after).into_iter().find(|(name, _)| told.iter().all(|(told, _)| told != name))?;
    Some((name, "a secret changed".to_owned()))
}
