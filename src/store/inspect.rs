//! A look at a database without touching it, for `check` and `info`: nothing is written, migrated or locked for long. Only
//! where a log waits to be read does SQLite make its index of it, as it would for any reader.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::settings::configuration::Configuration;
use crate::settings::phone_book::EntriesNeeded;
use crate::settings::whole::WholeConfiguration;

use super::backup::UnfinishedCopy;
use super::connection::{connect_for_reading, connect_immutable, user_version};
use super::error::StoreError;
use super::schema::{self, SchemaDifference};
use super::usage_lock::UsageLock;
use super::{companions, database, header, load, open, usage_lock_if_there};

/// A database that is looked at.
#[derive(Debug)]
pub(crate) struct Inspection {
    path: PathBuf,
    connection: Connection,
    version: u32,
    /// None for a file that is not in a data folder, as a backup. Last: see `OpenedFile`.
    _usage_lock: Option<UsageLock>,
}

/// A row that refers to nothing: its table, and the one that it refers to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a row of {table} refers to a {parent} that is not there")]
pub(crate) struct BrokenReference {
    table: String,
    parent: String,
}

impl Inspection {
    /// None: there is no database. A file that is not ours or newer is an error.
    pub(crate) fn open(folder: &Path) -> Result<Option<Self>, StoreError> {
        let Some(usage_lock) = usage_lock_if_there(folder)? else { return Ok(None) };
        match look_at(&database(folder)) {
            Err(StoreError::Missing { path }) => open::refuse_leftovers(&path).map(|()| None),
            looked => looked.map(|looked| Some(Self { _usage_lock: Some(usage_lock), ..looked })),
        }
    }

    /// Whether the next start will migrate it; until then its configuration may not be readable.
    pub(crate) fn is_older(&self) -> bool {
        self.version < header::SCHEMA_VERSION
    }

    /// Without entries of the phone book.
    pub(crate) fn configuration(&self) -> Result<Configuration, StoreError> {
        self.read(|connection| load::configuration(connection, &EntriesNeeded::None))
    }

    pub(crate) fn whole_configuration(&self) -> Result<WholeConfiguration, StoreError> {
        self.read(load::whole)
    }

    /// Why a server could not write here, as far as can be told without writing.
    pub(crate) fn refuses_writing(&self) -> Option<StoreError> {
        let folder = self.path.parent().unwrap_or(&self.path);
        [folder, &self.path].into_iter().find_map(|path| {
            let refused = rustix::fs::access(path, rustix::fs::Access::WRITE_OK).err()?;
            Some(StoreError::file("write to", path, refused.into()))
        })
    }

    /// What SQLite finds wrong with the file, at most a hundred lines; empty if it is sound.
    pub(crate) fn integrity(&self) -> Result<Vec<String>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare("PRAGMA integrity_check")?;
            let lines: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            Ok(lines.into_iter().filter(|line| line != "ok").collect())
        })
    }

    /// Rows that refer to nothing.
    pub(crate) fn broken_references(&self) -> Result<Vec<BrokenReference>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
            let rows =
                statement.query_map([], |row| Ok(BrokenReference { table: row.get(0)?, parent: row.get(2)? }))?;
            rows.collect()
        })
    }

    /// What of the schema is not as the migrations made it.
    pub(crate) fn schema_differences(&self) -> Result<Vec<SchemaDifference>, StoreError> {
        schema::differences(&self.connection, self.version, &self.path)
    }

    /// Copies the database into a file to be.
    pub(super) fn copy_to(&self, target: &UnfinishedCopy) -> Result<(), StoreError> {
        target.fill(&self.connection, &self.path)
    }

    fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        self.connection
            .unchecked_transaction()
            .and_then(|transaction| read(&transaction))
            .map_err(|error| StoreError::database(&self.path, error))
    }
}

/// Looks at a file anywhere; it may be a backup.
pub(super) fn look_at(path: &Path) -> Result<Inspection, StoreError> {
    if header::schema_version(path)?.is_none() {
        return Err(StoreError::Missing { path: path.to_path_buf() });
    }
    let failed = |error| StoreError::database(path, error);
    let connection = if companions(path)[0].exists() {
        connect_for_reading(path)?
    } else {
        connect_immutable(path).map_err(failed)?
    };
    let version = user_version(&connection).map_err(failed)?;
    header::check_version(path, version)?;
    Ok(Inspection { path: path.to_path_buf(), connection, version, _usage_lock: None })
}
