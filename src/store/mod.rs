//! The data folder and its one SQLite file: everything that outlives the program. Configuration is loaded whole and
//! changed in transactions that check every rule; state is kept by a thread of its own. Every call blocks: whoever is
//! async comes from a blocking thread. The only room that knows SQL; it decides no rule and talks to no client.

mod address_book;
mod agent_state;
mod audit;
mod backup;
mod change;
mod connection;
mod error;
mod folder;
mod header;
mod history;
mod inspect;
mod kept_chat;
mod load;
mod lock;
mod lock_holder;
mod login_records;
mod migrate;
mod open;
mod opened_file;
mod origin;
mod queue_calls;
mod readers;
mod reload;
mod removed;
mod request;
mod restore;
mod rows;
mod save;
mod schema;
mod state;
mod system_user;
#[cfg(test)]
pub(crate) mod tests;
mod undone;
mod usage_lock;
mod watcher;
mod writer;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;

use crate::settings::configuration::Configuration;
use crate::settings::id::{AuditId, UserUuid};
use crate::settings::login_record::{CountedAgainst, LoginRecord};
use crate::settings::phone_book::EntriesNeeded;
use crate::settings::rule::Refusal;
use crate::settings::setting::Layer;
use crate::settings::state::{Services, States};
use crate::settings::whole::WholeConfiguration;

use opened_file::OpenedFile;
use usage_lock::UsageLock;

pub(crate) use backup::backups_folder;
pub(crate) use change::{ChangeError, Changed};
pub(crate) use connection::Patience;
pub(crate) use error::{StoreError, StoreRemedy};
pub(crate) use history::{AuditEntry, AuditQuery, AuditTransaction, DamagedEntry};
pub(crate) use inspect::{BrokenReference, Inspection};
pub(crate) use lock::ServerLock;
pub(crate) use origin::{AuditRange, Intent, Origin, OriginKind};
pub(crate) use request::{Asked, StoreRequest};
pub(crate) use restore::{may_restore, restore};
pub(crate) use schema::SchemaDifference;
pub(crate) use system_user::SystemUser;
pub(crate) use undone::UndoneBy;
pub(crate) use watcher::Watcher;
pub(crate) use writer::{Done, StateWriter};

/// The database file of a data folder.
pub(crate) fn database(folder: &Path) -> PathBuf {
    folder.join("ctibox.db")
}

/// What SQLite keeps beside a database while it is open.
fn companions(database: &Path) -> [PathBuf; 2] {
    ["-wal", "-shm"].map(|suffix| {
        let mut name = database.as_os_str().to_owned();
        name.push(suffix);
        name.into()
    })
}

/// None: there is no such folder.
fn usage_lock_if_there(folder: &Path) -> Result<Option<UsageLock>, StoreError> {
    if folder.exists() { UsageLock::share(folder).map(Some) } else { Ok(None) }
}

/// An open database. Cheap to clone; all clones share one writing connection and a few reading ones.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    file: Arc<OpenedFile>,
}

#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) store: Store,
    /// Whether the database was made just now.
    pub(crate) is_new: bool,
}

impl Store {
    /// Opens the database of the folder; makes folder and database if they are not there, with `first` in it.
    pub(crate) fn open(folder: &Path, first: impl FnOnce() -> Configuration) -> Result<Opened, StoreError> {
        folder::create_folder(folder)?;
        let usage_lock = UsageLock::share(folder)?;
        let is_new = open::create_if_missing(folder, first)?;
        Ok(Opened { store: Self::connect(folder, usage_lock)?, is_new })
    }

    /// Opens the database of the folder, `StoreError::Missing` if there is none.
    pub(crate) fn open_existing(folder: &Path) -> Result<Self, StoreError> {
        let usage_lock = usage_lock_if_there(folder)?.ok_or_else(|| StoreError::Missing { path: database(folder) })?;
        Self::connect(folder, usage_lock)
    }

    fn connect(folder: &Path, usage_lock: UsageLock) -> Result<Self, StoreError> {
        Ok(Self { file: Arc::new(OpenedFile::open(folder, usage_lock)?) })
    }

    /// The same store; from now on its changes wait so long for those of other processes.
    pub(crate) fn with_patience(self, patience: Patience) -> Result<Self, StoreError> {
        self.file.set_patience(patience)?;
        Ok(self)
    }

    /// The database file.
    pub(crate) fn path(&self) -> &Path {
        self.file.path()
    }

    /// Without entries of the phone book: those are many, and few need them.
    pub(crate) fn configuration(&self) -> Result<Configuration, StoreError> {
        self.configuration_with(&EntriesNeeded::None)
    }

    /// With these entries of the phone book at hand.
    pub(crate) fn configuration_with(&self, entries: &EntriesNeeded) -> Result<Configuration, StoreError> {
        self.file.read(|connection| load::configuration(connection, entries))
    }

    pub(crate) fn whole_configuration(&self) -> Result<WholeConfiguration, StoreError> {
        self.file.read(load::whole)
    }

    /// The general settings alone: cheap, for whoever looks often.
    pub(crate) fn settings(&self) -> Result<Layer, StoreError> {
        self.file.read(load::settings)
    }

    pub(crate) fn states(&self) -> Result<States, StoreError> {
        self.file.read(state::states)
    }

    /// What users have switched on themselves, of those who have anything: cheap, for whoever looks often.
    pub(crate) fn services(&self) -> Result<HashMap<UserUuid, Services>, StoreError> {
        self.file.read(state::services)
    }

    /// What is remembered of logins.
    pub(crate) fn login_records(&self) -> Result<Vec<LoginRecord>, StoreError> {
        self.file.read(login_records::records)
    }

    /// Forgets failed logins, where no server runs that knows of them.
    pub(crate) fn forget_login_failures(&self, against: &CountedAgainst) -> Result<(), StoreError> {
        self.write(|connection| login_records::forget_failures(connection, against))
    }

    /// Indexes and tables that are not ctibox's, when it was opened: they do no harm, and tell of hands in the file.
    pub(crate) fn schema_differences(&self) -> &[SchemaDifference] {
        self.file.differences()
    }

    /// What was changed, newest first. A row that cannot be read is an error in its own place.
    pub(crate) fn audit(&self, query: &AuditQuery) -> Result<Vec<Result<AuditEntry, DamagedEntry>>, StoreError> {
        self.file.read(|connection| history::entries(connection, query))
    }

    /// The same by transactions: so many of those that began before this entry, the newest first.
    pub(crate) fn transactions(
        &self,
        before: Option<AuditId>,
        limit: usize,
    ) -> Result<Vec<AuditTransaction>, StoreError> {
        self.file.read(|connection| history::transactions(connection, before, limit))
    }

    /// The entries of a transaction, the first first: so many of those behind `after`.
    pub(crate) fn entries_of(
        &self,
        transaction: AuditId,
        after: Option<AuditId>,
        limit: usize,
    ) -> Result<Vec<Result<AuditEntry, DamagedEntry>>, StoreError> {
        self.file.read(|connection| history::entries_of(connection, transaction, after, limit))
    }

    /// `change_with` all entries, for tests.
    #[cfg(test)]
    pub(crate) fn change<T>(
        &self,
        origin: &Origin,
        edit: impl FnOnce(&mut Configuration) -> Result<T, Refusal>,
    ) -> Result<Changed<T>, ChangeError> {
        let edit = |configuration: &mut Configuration| edit(configuration).map_err(|refusal| vec![refusal]);
        self.change_with(&EntriesNeeded::All, origin, edit)
    }

    /// Edits the configuration in one transaction, with these entries of the phone book at hand. New errors of
    /// `Configuration::findings` refuse it, new warnings come back; what was not refused is on disk when this returns.
    pub(crate) fn change_with<T>(
        &self,
        entries: &EntriesNeeded,
        origin: &Origin,
        edit: impl FnOnce(&mut Configuration) -> Result<T, Vec<Refusal>>,
    ) -> Result<Changed<T>, ChangeError> {
        let failed = |error| StoreError::database(self.path(), error);
        self.file.write(|connection| change::change(connection, failed, origin, entries, edit))
    }

    /// The same with all entries, which an import may replace with all else.
    pub(crate) fn change_whole<T>(
        &self,
        origin: &Origin,
        edit: impl FnOnce(&mut WholeConfiguration) -> Result<T, Vec<Refusal>>,
    ) -> Result<Changed<T>, ChangeError> {
        self.change_with(&EntriesNeeded::All, origin, |configuration| WholeConfiguration::edit(configuration, edit))
    }

    /// Writes something to `to` that `restore` takes, while others read and write. A backup that stands there is
    /// replaced, anything else is not.
    pub(crate) fn backup(&self, to: &Path) -> Result<(), StoreError> {
        self.file.in_place(|| backup::write(self.path(), to))
    }

    /// The backup of a night: one file a day in the folder's `backups`, the newest `keep` stay. `day` is `YYYY-MM-DD`.
    pub(crate) fn backup_of_day(&self, day: &str, keep: u32) -> Result<Option<PathBuf>, StoreError> {
        self.file.in_place(|| backup::write_of_day(self.path(), day, keep))
    }

    /// Uses the writing connection; nobody else in this process writes meanwhile.
    fn write<T>(&self, write: impl FnOnce(&mut Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        self.file.write(|connection| write(connection).map_err(|error| StoreError::database(self.path(), error)))
    }
}
