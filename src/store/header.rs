//! The first hundred bytes of a database file, read without SQLite: whether the file is ours and which schema it has,
//! before anything opens it and could write. Used by this room only.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use super::error::StoreError;

/// "ctib"; stands in V1__schema.sql too.
pub(super) const APPLICATION_ID: u32 = 0x6374_6962;
/// The last migration of `migrations/`.
pub(super) const SCHEMA_VERSION: u32 = 10;

const HEADER_BYTES: u64 = 100;
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
    let mut header = Vec::new();
    File::open(path).and_then(|file| file.take(HEADER_BYTES).read_to_end(&mut header)).map_err(failed)?;
    let number = |at: usize| -> Option<u32> {
        let bytes = header.get(at..at + 4)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?))
    };
    if !header.starts_with(MAGIC) {
        return not_ours("it is not an SQLite file");
    }
    // The SQLite file format puts user_version at 60 and application_id at 68.
    let (Some(version), Some(application)) = (number(60), number(68)) else {
        return Err(StoreError::Damaged { path: path.to_path_buf(), detail: "the file is cut off".to_owned() });
    };
    if application != APPLICATION_ID {
        return not_ours("it belongs to another program");
    }
    check_version(path, version)?;
    Ok(Some(version))
}

/// Refuses a schema that this program does not know.
pub(super) fn check_version(path: &Path, found: u32) -> Result<(), StoreError> {
    if found > SCHEMA_VERSION {
        return Err(StoreError::Newer { path: path.to_path_buf(), found, known: SCHEMA_VERSION });
    }
    Ok(())
}
