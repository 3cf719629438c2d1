//! What other hands changed: a commit by anybody moves SQLite's data version, the change table says what it was. The
//! server polls it and loads the configuration anew.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::settings::table::Kind;

use super::Store;
use super::error::StoreError;
use super::open::connect_for_reading;

/// Looks at the database through a connection of its own.
#[derive(Debug)]
pub(crate) struct Watcher {
    connection: Connection,
    store: Store,
    data_version: i64,
    last_seq: i64,
}

/// Configuration that changed since the last look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Touched {
    /// These objects (for a setting the id is 0), made, edited or removed.
    Objects(BTreeSet<(Kind, i64)>),
    /// So much that the table of changes does not reach back.
    Everything,
}

impl Watcher {
    /// Watches from now on: make it before the configuration is loaded for the first time, and nothing is missed.
    pub(crate) fn new(store: &Store) -> Result<Self, StoreError> {
        let connection = connect_for_reading(store.path())?;
        let mut watcher = Self { connection, store: store.clone(), data_version: 0, last_seq: 0 };
        watcher.data_version = watcher.read(data_version)?;
        watcher.last_seq = watcher.read(|connection| bounds(connection).map(|(_, newest)| newest))?;
        Ok(watcher)
    }

    /// Cheap when nothing was written. Run-time state is no change. Fails once the file is not the opened one any more.
    pub(crate) fn poll(&mut self) -> Result<Option<Touched>, StoreError> {
        self.store.expect_in_place()?;
        let version = self.read(data_version)?;
        if version == self.data_version {
            return Ok(None);
        }
        let last = self.last_seq;
        let (newest, touched) = self.read(|connection| {
            let transaction = connection.unchecked_transaction()?;
            let (oldest, newest) = bounds(&transaction)?;
            let touched = match newest {
                _ if newest == last => None,
                _ if newest < last || oldest > last + 1 => Some(Touched::Everything),
                _ => Some(touched_since(&transaction, last)?),
            };
            Ok((newest, touched))
        })?;
        (self.data_version, self.last_seq) = (version, newest);
        Ok(touched)
    }

    fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        read(&self.connection).map_err(|error| StoreError::database(self.store.path(), error))
    }
}

fn data_version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))
}

/// The oldest and the newest number in the table of changes.
fn bounds(connection: &Connection) -> rusqlite::Result<(i64, i64)> {
    connection
        .prepare_cached("SELECT ifnull(min(seq), 0), ifnull(max(seq), 0) FROM change")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
}

fn touched_since(connection: &Connection, last: i64) -> rusqlite::Result<Touched> {
    let mut objects = BTreeSet::new();
    let mut statement = connection.prepare_cached("SELECT DISTINCT kind, id FROM change WHERE seq > ?")?;
    let mut rows = statement.query([last])?;
    while let Some(row) = rows.next()? {
        let word = row.get_ref(0)?.as_str()?;
        // A kind that this program does not know came with a newer schema.
        let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.word() == word) else {
            return Ok(Touched::Everything);
        };
        objects.insert((kind, row.get(1)?));
    }
    Ok(Touched::Objects(objects))
}
