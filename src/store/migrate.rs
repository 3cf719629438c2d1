//! The steps from an older schema to this program's, each a file of `migrations/`; a database that people use is copied
//! beside itself first. Used by open.rs and restore; schema.rs makes its measure with them.

use std::path::{Path, PathBuf};

use refinery::{Migration, Runner};
use rusqlite::Connection;

use super::error::StoreError;
use super::folder::number_behind;
use super::lock::ServerLock;
use super::{backup, database};

/// The name of each file of `migrations/`, with what is in it.
macro_rules! steps {
    ($($name:literal),+ $(,)?) => { &[$(($name, include_str!(concat!("../../migrations/", $name, ".sql")))),+] };
}

/// In their order; a test holds them against the folder. Listed here since refinery's macro, which finds the files by
/// itself, costs a second build of the regex crates.
const STEPS: &[(&str, &str)] = steps![
    "V1__schema",
    "V2__people",
    "V3__phone_book",
    "V4__users_without_login",
    "V5__phone_book_numbers",
    "V6__phone_book_count",
    "V7__accounts",
    "V8__login_records",
    "V9__telephony",
    "V10__transactions",
    "V11__undo",
    "V12__removed",
];

/// Copies `ctibox.db.before-V…` that are kept.
const COPIES_MAX: usize = 3;

/// All there are.
pub(super) fn all_steps() -> Runner {
    // Every name is one that refinery takes: tested.
    let migrations: Vec<_> = STEPS.iter().flat_map(|(name, sql)| Migration::unapplied(name, sql)).collect();
    Runner::new(&migrations)
}

/// Migrates a database that people use: nobody may be serving it, and a copy of it is kept.
pub(super) fn migrate_existing(
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
    migrate(connection, &path, runner)?;
    let copy = copy.display();
    tracing::info!(from = found, to = known, %copy, "the database has a newer schema now; a copy of it as it was is kept");
    Ok(())
}

pub(super) fn migrate(connection: &mut Connection, path: &Path, runner: &Runner) -> Result<(), StoreError> {
    runner.run(connection).map(drop).map_err(|error| StoreError::migration(path, error))
}

/// The steps as far as this version.
fn up_to(version: i32) -> Runner {
    all_steps().set_target(refinery::Target::Version(version))
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
    use super::super::connection::user_version;
    use super::super::header::{self, SCHEMA_VERSION};
    use super::super::open::{connect, create_if_missing};
    use crate::settings::configuration::Configuration;
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
        let mut migrations = all_steps().get_migrations().clone();
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
    fn every_file_of_the_folder_is_a_step() {
        let mut files: Vec<_> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations"))
            .expect("readable")
            .map(|entry| entry.expect("readable").file_name().into_string().expect("UTF-8"))
            .collect();
        files.sort();
        let mut steps: Vec<_> = all_steps().get_migrations().iter().map(|step| format!("{step}.sql")).collect();
        steps.sort();
        assert_eq!(steps, files);
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
