//! What other hands changed: a commit by anybody moves SQLite's data version, the change table says what it was. The
//! server polls it, and gets its configuration anew with only those objects read.

use rusqlite::Connection;

use crate::settings::configuration::Configuration;
use crate::settings::phone_book::EntriesNeeded;
use crate::settings::table::Kind;
use crate::settings::whole::WholeConfiguration;

use super::connection::connect_for_reading;
use super::error::StoreError;
use super::reload::{self, Follows, Touched};
use super::{Store, load};

/// Looks at the database through a connection of its own.
#[derive(Debug)]
pub(crate) struct Watcher {
    connection: Connection,
    store: Store,
    data_version: i64,
    last_seq: i64,
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

    /// As `poll_whole`, of a configuration without entries of the phone book: of those their numbers are read alone.
    pub(crate) fn poll(&mut self, old: &Configuration) -> Result<Option<Configuration>, StoreError> {
        let all = |connection: &Connection| load::configuration(connection, &EntriesNeeded::None);
        self.poll_for(old, Follows::Numbers, all)
    }

    /// The configuration, if it is another than `old`, which this watcher gave or which was loaded after it was made.
    /// Cheap when nothing was written, and in proportion to what was; run-time state is no change. All is read in one
    /// transaction; after an error the next call tries the same again. Fails once the file is not the opened one any more.
    pub(crate) fn poll_whole(&mut self, old: &WholeConfiguration) -> Result<Option<WholeConfiguration>, StoreError> {
        let all = |connection: &Connection| load::whole(connection).map(WholeConfiguration::into_inner);
        Ok(self.poll_for(old, Follows::Whole, all)?.and_then(WholeConfiguration::new))
    }

    fn poll_for(
        &mut self,
        old: &Configuration,
        follows: Follows,
        all: impl Fn(&Connection) -> rusqlite::Result<Configuration>,
    ) -> Result<Option<Configuration>, StoreError> {
        let version = self.read(data_version)?;
        if version == self.data_version {
            return Ok(None);
        }
        let last = self.last_seq;
        let (newest, new) = self.read(|connection| {
            let transaction = connection.unchecked_transaction()?;
            let (oldest, newest) = bounds(&transaction)?;
            if newest == last {
                return Ok((newest, None));
            }
            let reaches_back = newest > last && oldest <= last + 1;
            let touched = if reaches_back { touched_since(&transaction, last)? } else { None };
            let near =
                touched.map(|touched| reload::touched(&transaction, old, &touched, follows)).transpose()?.flatten();
            let new = near.map_or_else(|| all(&transaction), Ok)?;
            Ok((newest, Some(new)))
        })?;
        (self.data_version, self.last_seq) = (version, newest);
        Ok(new)
    }

    /// The number of the last change that `poll` has seen.
    pub(crate) fn last_change(&self) -> i64 {
        self.last_seq
    }

    fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let failed = |error| StoreError::database(self.store.path(), error);
        self.store.file.in_place(|| read(&self.connection).map_err(failed))
    }
}

fn data_version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))
}

/// The oldest and the newest number in the table of changes.
pub(super) fn bounds(connection: &Connection) -> rusqlite::Result<(i64, i64)> {
    connection
        // Asked for together, SQLite would walk the whole table for them.
        .prepare_cached("SELECT ifnull((SELECT min(seq) FROM change), 0), ifnull((SELECT max(seq) FROM change), 0)")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// None if there is a kind that this program does not know: it came with a newer schema.
fn touched_since(connection: &Connection, last: i64) -> rusqlite::Result<Option<Touched>> {
    let mut objects = Touched::new();
    let mut statement = connection.prepare_cached("SELECT DISTINCT kind, id FROM change WHERE seq > ?")?;
    let mut rows = statement.query([last])?;
    while let Some(row) = rows.next()? {
        let word = row.get_ref(0)?.as_str()?;
        let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.as_str() == word) else { return Ok(None) };
        objects.insert((kind, row.get(1)?));
    }
    Ok(Some(objects))
}
