//! A configuration brought up to date: only the objects that the table of changes names are read, the others are shared
//! with the configuration before. Used by watcher.rs, inside its transaction.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use crate::settings::configuration::Configuration;
use crate::settings::id::Id;
use crate::settings::phone_book::{EntriesNeeded, PhoneBook};
use crate::settings::table::{Collection, Kind, Object as _, Table};
use crate::settings::tables::on_table_of;

use super::load::{self, Loaded as _};
use super::rows::{Stored, Which};

/// What somebody keeps of the phone book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Follows {
    Whole,
    Numbers,
}

/// Objects by kind, for a setting with id 0.
pub(super) type Touched = BTreeSet<(Kind, i64)>;

/// The configuration as it is now. None if the tables hold something else than `old` with what was touched: a change by
/// foreign hands that no trigger saw (a row of another id, a list's row under another owner, a replaced row).
/// Of the phone book the entries are followed where `follows` says so, else their numbers alone.
pub(super) fn touched(
    connection: &Connection,
    old: &Configuration,
    touched: &Touched,
    follows: Follows,
) -> rusqlite::Result<Option<Configuration>> {
    let mut by_kind: BTreeMap<Kind, Vec<i64>> = BTreeMap::new();
    for (kind, id) in touched {
        by_kind.entry(*kind).or_default().push(*id);
    }
    let mut new = old.clone();
    for (kind, ids) in by_kind {
        let is_whole = on_table_of!(
            kind,
            ($table:ident, $object:ty) => { new.$table.follow(connection, ids, follows)? },
            Kind::Server => {
                new.server_uuid = load::server_uuid(connection)?;
                true
            }
            Kind::Setting => {
                new.settings = load::settings(connection)?;
                true
            }
        );
        if !is_whole {
            return Ok(None);
        }
    }
    Ok(Some(new))
}

/// What a configuration holds of a kind, brought up to date.
trait Followed: Collection {
    /// Reads these objects. True if the collection then holds as many rows as the database: whatever is made is seen, so
    /// what was missed can only be too much.
    fn follow(&mut self, connection: &Connection, ids: Vec<i64>, follows: Follows) -> rusqlite::Result<bool>;
}

impl<T: Stored> Followed for Table<T> {
    fn follow(&mut self, connection: &Connection, ids: Vec<i64>, _: Follows) -> rusqlite::Result<bool> {
        objects(connection, self, ids)
    }
}

impl Followed for PhoneBook {
    fn follow(&mut self, connection: &Connection, ids: Vec<i64>, follows: Follows) -> rusqlite::Result<bool> {
        match follows {
            Follows::Whole => objects(connection, self, ids),
            Follows::Numbers => {
                *self = Self::load(connection, &EntriesNeeded::None)?;
                Ok(true)
            }
        }
    }
}

fn objects<C: Collection<Object: Stored>>(
    connection: &Connection,
    held: &mut C,
    ids: Vec<i64>,
) -> rusqlite::Result<bool> {
    let which = Which::These(ids);
    let read = C::Object::load(connection, &which)?;
    let Which::These(ids) = which else { return Ok(false) };
    for id in ids.into_iter().map(Id::new) {
        match read.get(id) {
            // One that reads as before stays the same object: comparing pointers shows that it did not change.
            Some(object) if held.objects().get(id) == Some(object) => {}
            Some(object) => held.share(object),
            None => drop(held.remove(id)),
        }
    }
    held.raise_next_number(load::next_number::<C::Object>(connection)?);
    let mut rows = count(connection, C::Object::KIND.as_str())?;
    for list in C::Object::LISTS {
        rows += count(connection, list.table)?;
    }
    let held: usize = held.objects().iter().map(|object| 1 + object.list_rows()).sum();
    Ok(i64::try_from(held).is_ok_and(|held| held == rows))
}

fn count(connection: &Connection, table: &str) -> rusqlite::Result<i64> {
    connection.prepare_cached(&format!("SELECT count(*) FROM {table}"))?.query_row([], |row| row.get(0))
}
