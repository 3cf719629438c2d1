//! What a database file says of itself at its beginning: whether it is ours and which schema it has, before anything opens
//! it that could write. Read through SQLite: whoever closes the file beside it takes from all connections of the process
//! their locks on it, and the next program that closes the database takes away the log into which they write. Used by this
//! room only.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use rusqlite::ErrorCode;
use rustix::fs::{Access, AtFlags, CWD, accessat};

use super::connection::{connect_immutable, user_version};
use super::error::StoreError;

/// "ctib"; stands in V1__schema.sql too.
pub(super) const APPLICATION_ID: u32 = 0x6374_6962;
/// The last migration of `migrations/`.
pub(super) const SCHEMA_VERSION: u32 = 12;

const HEADER_BYTES: usize = 100;
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// The schema version of the file, as far as it stands in the file itself (a log beside it may know of a newer one), or
/// None if there is no file. A file that is not ours is an error.
pub(super) fn schema_version(path: &Path) -> Result<Option<u32>, StoreError> {
    let not_ours = |detail| Err(StoreError::NotOurs { path: path.to_path_buf(), detail });
    let failed = |error| StoreError::file("read", path, error);
    match path.metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
        Ok(metadata) if !metadata.is_file() => return not_ours("it is not a file"),
        Ok(metadata) if metadata.len() == 0 => return not_ours("it is empty"),
        Ok(_) => {}
    }
    accessat(CWD, path, Access::READ_OK, AtFlags::EACCESS).map_err(|error| failed(error.into()))?;
    let (version, application) = match numbers(path) {
        Ok(numbers) => numbers,
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => return of_no_database(path),
        Err(error) => return Err(StoreError::database(path, error)),
    };
    if application != APPLICATION_ID {
        return not_ours("it belongs to another program");
    }
    check_version(path, version)?;
    Ok(Some(version))
}

/// `user_version` and `application_id`.
fn numbers(path: &Path) -> rusqlite::Result<(u32, u32)> {
    let connection = connect_immutable(path)?;
    let application: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    Ok((user_version(&connection)?, application.cast_unsigned()))
}

/// Why a file is none that SQLite reads. No connection can have a lock on such a one.
fn of_no_database(path: &Path) -> Result<Option<u32>, StoreError> {
    let mut header = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEADER_BYTES as u64).read_to_end(&mut header));
    read.map_err(|error| StoreError::file("read", path, error))?;
    if !header.starts_with(MAGIC) {
        return Err(StoreError::NotOurs { path: path.to_path_buf(), detail: "it is not an SQLite file" });
    }
    let detail = if header.len() < HEADER_BYTES { "the file is cut off" } else { "its header is no database's" };
    Err(StoreError::Damaged { path: path.to_path_buf(), detail: detail.to_owned() })
}

/// Refuses a schema that this program does not know.
pub(super) fn check_version(path: &Path, found: u32) -> Result<(), StoreError> {
    if found > SCHEMA_VERSION {
        return Err(StoreError::Newer { path: path.to_path_buf(), found, known: SCHEMA_VERSION });
    }
    Ok(())
}
