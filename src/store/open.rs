//! Opening the database: the folder, the checks before anything is written, a first database that is either whole or not
//! there, migrations with a copy before each. Used by `Store`, restore and check's inspection.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::settings::configuration::Configuration;

use super::change::write_change;
use super::connection::{Patience, connect_for_reading, prepare_for_writing, user_version, wait_for_others};
use super::error::StoreError;
use super::folder::{create_private, number_behind, sync_folder};
use super::header::{self, SCHEMA_VERSION};
use super::migrate::{all_steps, migrate, migrate_existing};
use super::origin::{Intent, Origin, OriginKind};
use super::schema::{self, SchemaDifference};
use super::{companions, database, load};

/// Makes the database if it is not there; says whether it did.
pub(super) fn create_if_missing(folder: &Path, first: impl FnOnce() -> Configuration) -> Result<bool, StoreError> {
    let path = database(folder);
    if header::schema_version(&path)?.is_some() {
        return Ok(false);
    }
    refuse_leftovers(&path)?;
    let unfinished = UnfinishedDatabase::create(&path)?;
    unfinished.fill(&first())?;
    unfinished.put_in_place()
}

/// The writing connection to a database, and what is beside ctibox's own schema in it without doing harm.
#[derive(Debug)]
pub(super) struct Connected {
    pub(super) connection: Connection,
    pub(super) differences: Vec<SchemaDifference>,
}

/// Connects to a database that is there, and brings it up to date.
pub(super) fn connect(folder: &Path) -> Result<Connected, StoreError> {
    let path = database(folder);
    if header::schema_version(&path)?.is_none() {
        refuse_leftovers(&path)?;
        return Err(StoreError::Missing { path });
    }
    let failed = |error| StoreError::database(&path, error);
    // A log beside the file may hold a newer version than the file's header. Only a connection that cannot write leaves
    // it as it is when it closes.
    if companions(&path).iter().any(|companion| companion.exists()) {
        let reading = connect_for_reading(&path)?;
        header::check_version(&path, user_version(&reading).map_err(failed)?)?;
    }
    let mut connection =
        Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(failed)?;
    wait_for_others(&connection, Patience::Program).map_err(failed)?;
    if connection.is_readonly("main").map_err(failed)? {
        return Err(StoreError::ReadOnly { path });
    }
    let version = user_version(&connection).map_err(failed)?;
    // Before anything is written, which could ring a trigger.
    let differences = schema::expect_harmless(&connection, version, &path)?;
    if version < SCHEMA_VERSION {
        migrate_existing(folder, &mut connection, version, &all_steps(), SCHEMA_VERSION)?;
    }
    prepare_for_writing(&connection).map_err(failed)?;
    Ok(Connected { connection, differences })
}

/// What stands where a database was lost on the way: a log, whose changes would be played into a new database, or a
/// database that a restore moved aside before it was cut off.
pub(super) fn refuse_leftovers(path: &Path) -> Result<(), StoreError> {
    if let Some(path) = companions(path).into_iter().find(|companion| companion.exists()) {
        return Err(StoreError::LoneCompanion { path });
    }
    let Some(folder) = path.parent() else { return Ok(()) };
    let failed = |error| StoreError::file("read", folder, error);
    let mut aside: Option<(u32, PathBuf)> = None;
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        aside = aside.max(number_behind(&path, "ctibox.db.before-restore-").map(|number| (number, path)));
    }
    aside.map_or(Ok(()), |(_, path)| Err(StoreError::LeftAside { path }))
}

/// Brings a copy that nobody uses yet to the schema of this program and reads it through, so that it can take the place
/// of a database. `from` is whose copy it is, for errors.
pub(super) fn bring_copy_up_to_date(copy: &Path, from: &Path) -> Result<(), StoreError> {
    let failed = |error| StoreError::database(from, error);
    let mut connection = Connection::open(copy).map_err(failed)?;
    if user_version(&connection).map_err(failed)? < SCHEMA_VERSION {
        migrate(&mut connection, from, &all_steps())?;
    }
    load::whole(&connection).map_err(failed)?;
    connection.pragma_update(None, "journal_mode", "DELETE").map_err(failed)?;
    connection.close().map_err(|(_, error)| failed(error))
}

/// A first database under a name of its own, so that a crash or a full disk leaves no half one; removed by drop.
struct UnfinishedDatabase {
    path: PathBuf,
    /// What it is to be; errors name this.
    target: PathBuf,
}

impl UnfinishedDatabase {
    fn create(target: &Path) -> Result<Self, StoreError> {
        let mut attempt = 0;
        loop {
            let path = target.with_extension(format!("db.new-{}-{attempt}", std::process::id()));
            match create_private(&path) {
                Ok(()) => return Ok(Self { path, target: target.to_path_buf() }),
                // Another thread's, or a leftover of a crash with the same process id.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => attempt += 1,
                Err(error) => return Err(StoreError::file("create", target, error)),
            }
        }
    }

    fn fill(&self, first: &Configuration) -> Result<(), StoreError> {
        let failed = |error| StoreError::database(&self.target, error);
        let mut connection = Connection::open(&self.path).map_err(failed)?;
        migrate(&mut connection, &self.target, &all_steps())?;
        prepare_for_writing(&connection).map_err(failed)?;
        let origin = Origin { user: "ctibox".to_owned(), from: OriginKind::System, intent: Intent::Edit };
        let nothing = Configuration::empty(first.server_uuid);
        connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .and_then(|transaction| {
                transaction.execute("INSERT INTO server VALUES (1, ?)", [first.server_uuid.to_string()])?;
                write_change(&transaction, &origin, &nothing, first)?;
                transaction.commit()
            })
            .map_err(failed)?;
        // Closing moves the log into the file, which then is all there is.
        connection.close().map_err(|(_, error)| failed(error))
    }

    /// Gives the database its name, unless another process was faster; says whether this one's stands there now.
    fn put_in_place(self) -> Result<bool, StoreError> {
        let target = self.target.as_path();
        let is_placed = match std::fs::hard_link(&self.path, target) {
            Ok(()) => true,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => false,
            // Some file systems know no hard links.
            Err(_) if !target.exists() => {
                std::fs::rename(&self.path, target).map_err(|error| StoreError::file("create", target, error))?;
                true
            }
            Err(error) => return Err(StoreError::file("create", target, error)),
        };
        if let Some(folder) = target.parent() {
            sync_folder(folder)?;
        }
        Ok(is_placed)
    }
}

impl Drop for UnfinishedDatabase {
    fn drop(&mut self) {
        for path in companions(&self.path).iter().chain([&self.path]) {
            // Mostly not there any more; a leftover does no harm.
            std::fs::remove_file(path).unwrap_or_default();
        }
    }
}
