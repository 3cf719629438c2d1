//! Opening the database: the folder, the checks before anything is written, a first database that is either whole or not
//! there, migrations with a copy before each. Used by `Store`, restore and check's inspection.

use std::cell::Cell;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use refinery::Runner;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::settings::configuration::Configuration;

use super::change::{Origin, OriginKind, write_change};
use super::error::StoreError;
use super::header::{self, SCHEMA_VERSION};
use super::lock::ServerLock;
use super::schema::{self, SchemaDifference};
use super::{backup, companions, database, load};

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// How long a statement waits for another process's transaction, and how often it looks. SQLite's own timeout looks ever
/// more rarely: beside commands that write one after the other, a presence would reach the disk too late.
const BUSY_MAX: Duration = Duration::from_secs(5);
const BUSY_LOOK_EVERY: Duration = Duration::from_millis(2);
/// Copies `ctibox.db.before-V…` that are kept.
const COPIES_MAX: usize = 3;

/// Makes the database if it is not there; says whether it did.
pub(super) fn create_if_missing(folder: &Path, first: impl FnOnce() -> Configuration) -> Result<bool, StoreError> {
    let path = database(folder);
    if header::schema_version(&path)?.is_some() {
        return Ok(false);
    }
    refuse_leftovers(&path)?;
    let unfinished = Unfinished::create(&path)?;
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
    wait_for_others(&connection).map_err(failed)?;
    if connection.is_readonly("main").map_err(failed)? {
        return Err(StoreError::ReadOnly { path });
    }
    let version = user_version(&connection).map_err(failed)?;
    // Before anything is written, which could ring a trigger.
    let differences = schema::expect_harmless(&connection, version, &path)?;
    if version < SCHEMA_VERSION {
        migrate_existing(folder, &mut connection, version, &embedded::migrations::runner(), SCHEMA_VERSION)?;
    }
    prepare_for_writing(&connection).map_err(failed)?;
    Ok(Connected { connection, differences })
}

/// A connection that cannot write.
pub(super) fn connect_for_reading(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(path, flags)
        .and_then(|connection| {
            wait_for_others(&connection)?;
            Ok(connection)
        })
        .map_err(|error| StoreError::database(path, error))
}

fn wait_for_others(connection: &Connection) -> rusqlite::Result<()> {
    thread_local! {
        /// When this thread began to wait. On a loaded machine a look takes longer than it sleeps: they cannot be counted.
        static BEGAN: Cell<Option<Instant>> = const { Cell::new(None) };
    }
    connection.busy_handler(Some(|looks| {
        let now = Instant::now();
        let began = BEGAN.get().filter(|_| looks > 0).unwrap_or(now);
        BEGAN.set(Some(began));
        std::thread::sleep(BUSY_LOOK_EVERY);
        now.duration_since(began) < BUSY_MAX
    }))
}

pub(super) fn user_version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Makes what was written in a folder survive a power cut.
pub(super) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| StoreError::file("sync", folder, error))
}

/// A new empty file that its owner alone reads; SQLite gives its companions the same mode.
pub(super) fn create_private(path: &Path) -> std::io::Result<()> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map(drop)
}

pub(super) fn create_folder(folder: &Path) -> Result<(), StoreError> {
    let failed = |path: &Path, error| StoreError::file("create", path, error);
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        std::fs::create_dir_all(parent).map_err(|error| failed(parent, error))?;
    }
    match DirBuilder::new().mode(0o750).create(folder) {
        // Said again because the process's umask takes the group's rights away.
        Ok(()) => std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o750))
            .map_err(|error| failed(folder, error)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        Err(error) => Err(failed(folder, error)),
    }
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

/// The number at the end of a file's name that begins like this.
fn number_behind(path: &Path, begin: &str) -> Option<u32> {
    path.file_name()?.to_str()?.strip_prefix(begin)?.parse().ok()
}

/// Brings a copy that nobody uses yet to the schema of this program and reads it through, so that it can take the place
/// of a database. `from` is whose copy it is, for errors.
pub(super) fn bring_copy_up_to_date(copy: &Path, from: &Path) -> Result<(), StoreError> {
    let failed = |error| StoreError::database(from, error);
    let mut connection = Connection::open(copy).map_err(failed)?;
    if user_version(&connection).map_err(failed)? < SCHEMA_VERSION {
        migrate(&mut connection, from, &embedded::migrations::runner())?;
    }
    load::whole(&connection).map_err(failed)?;
    connection.pragma_update(None, "journal_mode", "DELETE").map_err(failed)?;
    connection.close().map_err(|(_, error)| failed(error))
}

fn prepare_for_writing(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         -- A large import leaves no large log behind.
         PRAGMA journal_size_limit = 16777216;",
    )?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// A first database under a name of its own, so that a crash or a full disk leaves no half one; removed by drop.
struct Unfinished {
    path: PathBuf,
    /// What it is to be; errors name this.
    target: PathBuf,
}

impl Unfinished {
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
        migrate(&mut connection, &self.target, &embedded::migrations::runner())?;
        prepare_for_writing(&connection).map_err(failed)?;
        let origin = Origin { user: "ctibox".to_owned(), from: OriginKind::System };
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

impl Drop for Unfinished {
    fn drop(&mut self) {
        for path in companions(&self.path).iter().chain([&self.path]) {
            // Mostly not there any more; a leftover does no harm.
            std::fs::remove_file(path).unwrap_or_default();
        }
    }
}

/// Migrates a database that people use: nobody may be serving it, and a copy of it is kept.
fn migrate_existing(
    folder: &Path,
    connection: &mut Connection,
    found: u32,
    runner: &Runner,
    known: u32,
) -> Result<(), StoreError> {
    let path = database(folder);
    let _lock = match ServerLock::take(folder) {
        Ok(lock) => Some(lock),
        // This process serves the folder itself and is about to open it.
        Err(StoreError::Locked { pid, .. }) if pid == std::process::id() => None,
        Err(StoreError::Locked { pid, .. }) => return Err(StoreError::OlderInUse { path, found, known, pid }),
        Err(other) => return Err(other),
    };
    let copy = path.with_extension(format!("db.before-V{known}"));
    backup::copy(connection, &path, &copy)?;
    prune_copies(folder)?;
    migrate(connection, &path, runner)
}

fn migrate(connection: &mut Connection, path: &Path, runner: &Runner) -> Result<(), StoreError> {
    runner.run(connection).map(drop).map_err(|error| StoreError::migration(path, error))
}

/// The steps as far as this version.
fn up_to(version: i32) -> Runner {
    embedded::migrations::runner().set_target(refinery::Target::Version(version))
}

/// Makes an empty database what the migrations up to this version make of it; `from` is for errors.
pub(super) fn migrate_to(connection: &mut Connection, version: u32, from: &Path) -> Result<(), StoreError> {
    let version = i32::try_from(version).unwrap_or(i32::MAX);
    migrate(connection, from, &up_to(version))
}

fn prune_copies(folder: &Path) -> Result<(), StoreError> {
    let failed = |error| StoreError::file("read", folder, error);
    let mut copies: Vec<(u32, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        copies.extend(number_behind(&path, "ctibox.db.before-V").map(|version| (version, path)));
    }
    copies.sort_unstable();
    let too_many = copies.len().saturating_sub(COPIES_MAX);
    for (_, path) in copies.into_iter().take(too_many) {
        std::fs::remove_file(&path).map_err(|error| StoreError::file("remove", &path, error))?;
    }
    Ok(())
}

/// The tables of an older schema, without a row in them.
#[cfg(test)]
pub(super) fn create_older(folder: &Path, version: i32) -> Connection {
    let path = database(folder);
    let mut connection = Connection::open(&path).expect("a file");
    migrate(&mut connection, &path, &up_to(version)).expect("made");
    connection
}

#[cfg(test)]
mod tests {
    use refinery::Migration;

    use crate::settings::default::Language;
    use crate::settings::id::ServerUuid;

    use super::*;

    /// A folder with a database of the first schema, and its writing connection.
    fn first_schema() -> (tempfile::TempDir, Connection) {
        let folder = tempfile::tempdir().expect("a folder");
        let uuid = ServerUuid::parse("6b1ef8a6-9b2c-4a9c-8e0e-0d6f5a1f1c11").expect("a UUID");
        let first = || Configuration::default_data(uuid, Language::English);
        assert!(create_if_missing(folder.path(), first).expect("a database"));
        let connection = connect(folder.path()).expect("a connection").connection;
        (folder, connection)
    }

    /// The migrations there are, and one that is still to come.
    fn runner(next: &str) -> Runner {
        let mut migrations = embedded::migrations::runner().get_migrations().clone();
        migrations.push(Migration::unapplied("V999__next", next).expect("a migration"));
        Runner::new(&migrations)
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .expect("readable")
            .map(|entry| entry.expect("readable").file_name().into_string().expect("UTF-8"))
            .filter(|name| name.contains("before-V"))
            .collect();
        names.sort();
        names
    }

    #[test]
    fn before_a_migration_the_database_is_copied_and_three_copies_stay() {
        let (folder, mut connection) = first_schema();
        for old in ["3", "10", "9"] {
            std::fs::write(folder.path().join(format!("ctibox.db.before-V{old}")), "old").expect("written");
        }
        let next = runner("CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT; PRAGMA user_version = 999;");
        migrate_existing(folder.path(), &mut connection, SCHEMA_VERSION, &next, 999).expect("migrated");
        assert_eq!(user_version(&connection).expect("a number"), 999);
        assert_eq!(names(folder.path()), ["ctibox.db.before-V10", "ctibox.db.before-V9", "ctibox.db.before-V999"]);
        let copy = folder.path().join("ctibox.db.before-V999");
        assert_eq!(header::schema_version(&copy).expect("ours"), Some(SCHEMA_VERSION));
        drop(connection);
        assert!(matches!(connect(folder.path()), Err(StoreError::Newer { found: 999, .. })));
    }

    #[test]
    fn a_disk_that_fills_up_in_a_migration_is_named() {
        let (folder, mut connection) = first_schema();
        let pages: u32 = connection.query_row("PRAGMA page_count", [], |row| row.get(0)).expect("a number");
        connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).expect("taken");
        let next = runner("CREATE TABLE later AS SELECT randomblob(1000000) AS waste;");
        let error = migrate(&mut connection, &database(folder.path()), &next).expect_err("refused");
        assert!(matches!(error, StoreError::Full { .. }), "{error:?}");
    }

    #[test]
    fn a_migration_that_fails_changes_nothing_and_leaves_the_copy() {
        let (folder, mut connection) = first_schema();
        let next = runner("DELETE FROM server; CREATE TABLE user (id INTEGER);");
        let error = migrate_existing(folder.path(), &mut connection, SCHEMA_VERSION, &next, 999).expect_err("refused");
        assert!(matches!(error, StoreError::Migration { .. }), "{error:?}");
        let servers: u32 = connection.query_row("SELECT count(*) FROM server", [], |row| row.get(0)).expect("a number");
        assert_eq!((servers, names(folder.path()).len()), (1, 1));
    }
}
