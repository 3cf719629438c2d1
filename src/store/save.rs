//! The difference of two configurations into the tables, object by object. Used by change.rs, inside its transaction.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use crate::settings::configuration::Configuration;
use crate::settings::id::Id;
use crate::settings::setting::Layer;
use crate::settings::table::{Collection, Object as _};
use crate::settings::tables::for_each_table;

use super::load::last_number;
use super::rows::Stored;

/// Writes what differs. The order of kinds does not matter: references are checked at the commit.
pub(super) fn differences(connection: &Connection, old: &Configuration, new: &Configuration) -> rusqlite::Result<()> {
    if old.server_uuid != new.server_uuid {
        connection.execute("UPDATE server SET uuid = ?", [new.server_uuid.to_string()])?;
    }
    settings(connection, &old.settings, &new.settings)?;
    for_each_table! { ($table:ident, $object:ty) => { table(connection, &old.$table, &new.$table)?; } }
    Ok(())
}

fn settings(connection: &Connection, old: &Layer, new: &Layer) -> rusqlite::Result<()> {
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    for key in keys.into_iter().filter(|key| old.get(key) != new.get(key)) {
        match new.get(key) {
            Some(value) => connection.execute(
                "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                params![key.as_str(), value.reveal()],
            )?,
            None => connection.execute("DELETE FROM setting WHERE key = ?", [key.as_str()])?,
        };
    }
    Ok(())
}

fn table<C: Collection<Object: Stored>>(connection: &Connection, old: &C, new: &C) -> rusqlite::Result<()> {
    let (old, new) = (old.objects(), new.objects());
    let word = C::Object::KIND.as_str();
    let differences = old.differences(new);
    let mut remove = connection.prepare_cached(&format!("DELETE FROM {word} WHERE id = ?"))?;
    for (before, after) in &differences {
        let Some(before) = before else { continue };
        if !after.is_some_and(|after| before.keeps_its_place(after)) {
            remove.execute([before.id().number()])?;
        }
    }
    for (before, after) in &differences {
        let Some(after) = after else { continue };
        after.put_row(connection)?;
        let kept = before.filter(|before| before.keeps_its_place(after));
        if !kept.is_some_and(|kept| kept.has_same_lists(after)) {
            after.put_lists(connection)?;
        }
    }
    raise_last_number(connection, word, new.next_number() - 1)
}

/// An id that was given out and taken back within one change is used up as well, and so is what an import brings.
fn raise_last_number(connection: &Connection, table: &str, number: i64) -> rusqlite::Result<()> {
    match last_number(connection, table)? {
        Some(last) if last >= number => Ok(()),
        Some(_) => {
            connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", params![number, table]).map(drop)
        }
        None if number < 1 => Ok(()),
        None => connection
            .execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", params![table, number])
            .map(drop),
    }
}
