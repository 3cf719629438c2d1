//! Copies of the database that are whole whatever happens meanwhile: SQLite's online backup into a file of another name,
//! which then gets its own. Used by `Store`, by migrations and restore.

use std::fs::File;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::connection::connect_for_reading;
use super::error::StoreError;
use super::folder::{create_private, sync_folder};
use super::{companions, header};

/// Where the nightly backups of a data folder lie.
pub(crate) fn backups_folder(folder: &Path) -> PathBuf {
    folder.join("backups")
}

pub(super) fn write(database: &Path, to: &Path) -> Result<(), StoreError> {
    refuse_precious_target(database, to)?;
    copy(&connect_for_reading(database)?, database, to)
}

pub(super) fn write_of_day(database: &Path, day: &str, keep: u32) -> Result<Option<PathBuf>, StoreError> {
    let Some(folder) = database.parent().filter(|_| keep > 0) else { return Ok(None) };
    let folder = backups_folder(folder);
    match std::fs::create_dir(&folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            return Err(StoreError::file("create", &folder, error));
        }
        _ => {}
    }
    let path = folder.join(format!("ctibox-{day}.db"));
    write(database, &path)?;
    prune(&folder, keep)?;
    Ok(Some(path))
}

/// Copies an open database to a file that needs nothing beside it. `from` is its name, for errors.
pub(super) fn copy(connection: &Connection, from: &Path, to: &Path) -> Result<(), StoreError> {
    let unfinished = UnfinishedCopy::beside(to)?;
    unfinished.fill(connection, from)?;
    unfinished.put_in_place()
}

/// A copy that gets its name when it is whole; removed by drop. Errors name the file that it is to be.
pub(super) struct UnfinishedCopy {
    path: PathBuf,
    target: PathBuf,
}

impl UnfinishedCopy {
    pub(super) fn beside(target: &Path) -> Result<Self, StoreError> {
        let mut name = target.as_os_str().to_owned();
        name.push(format!(".part-{}", std::process::id()));
        let path = PathBuf::from(name);
        // A leftover of a crash with the same process id.
        remove(&path);
        create_private(&path).map_err(|error| StoreError::file("create", target, error))?;
        Ok(Self { path, target: target.to_path_buf() })
    }

    /// The file as it is called until it is put in place.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn fill(&self, connection: &Connection, from: &Path) -> Result<(), StoreError> {
        let failed = |error| StoreError::database(&self.target, error);
        let mut target = Connection::open(&self.path).map_err(failed)?;
        let backup = Backup::new(connection, &mut target).map_err(failed)?;
        // All pages in one step: a reader of a WAL database holds nobody up, and nothing changes under it.
        match backup.step(-1).map_err(failed)? {
            StepResult::Done => {}
            _ => return Err(StoreError::busy(from.to_path_buf())),
        }
        drop(backup);
        target.pragma_update(None, "journal_mode", "DELETE").map_err(failed)?;
        target.close().map_err(|(_, error)| failed(error))
    }

    pub(super) fn put_in_place(self) -> Result<(), StoreError> {
        let target = &self.target;
        File::open(&self.path)
            .and_then(|file| file.sync_all())
            .and_then(|()| std::fs::rename(&self.path, target))
            .map_err(|error| StoreError::file("write", target, error))?;
        match target.parent() {
            Some(folder) if folder.as_os_str().is_empty() => sync_folder(Path::new(".")),
            Some(folder) => sync_folder(folder),
            None => Ok(()),
        }
    }
}

impl Drop for UnfinishedCopy {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

pub(super) fn remove(database: &Path) {
    for path in companions(database).iter().map(PathBuf::as_path).chain([database]) {
        // Mostly not there any more; a leftover does no harm.
        std::fs::remove_file(path).unwrap_or_default();
    }
}

/// A slip of the tongue must not cost a database or a stranger's file.
fn refuse_precious_target(database: &Path, to: &Path) -> Result<(), StoreError> {
    let refuse = |detail| Err(StoreError::BackupTarget { path: to.to_path_buf(), detail });
    let target = match to.metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(StoreError::file("look at", to, error)),
        Ok(target) => target,
    };
    let own = database.metadata().map_err(|error| StoreError::file("look at", database, error))?;
    if (own.dev(), own.ino()) == (target.dev(), target.ino()) {
        return refuse("it is the database itself");
    }
    if companions(to).iter().any(|path| path.exists()) {
        return refuse("it is a database in use");
    }
    match header::schema_version(to) {
        Ok(_) => Ok(()),
        Err(_) => refuse("it is there already and no backup of ctibox"),
    }
}

/// Removes the oldest nightly backups beyond `keep`; other files stay.
fn prune(folder: &Path, keep: u32) -> Result<(), StoreError> {
    let failed = |error| StoreError::file("read", folder, error);
    let mut nights = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let day = name.strip_prefix("ctibox-").and_then(|rest| rest.strip_suffix(".db"));
        if day.is_some_and(is_day) {
            nights.push(path);
        }
    }
    nights.sort_unstable();
    let too_many = nights.len().saturating_sub(keep.try_into().unwrap_or(usize::MAX));
    for path in nights.into_iter().take(too_many) {
        std::fs::remove_file(&path).map_err(|error| StoreError::file("remove", &path, error))?;
    }
    Ok(())
}

fn is_day(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() })
}
