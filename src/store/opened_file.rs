//! The opened database file, and the only way to it. Every look into it, every write and every copy of it makes sure,
//! before and after, that its name still stands for the file that was opened: else what is written is lost to others, and
//! what they write is never seen here. The connections are private to this file, so that no door is without that look.

use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;

use super::connection::{Patience, wait_for_others};
use super::error::StoreError;
use super::readers::Readers;
use super::schema::SchemaDifference;
use super::usage_lock::UsageLock;
use super::{database, open};

#[derive(Debug)]
pub(super) struct OpenedFile {
    path: PathBuf,
    identity: Identity,
    /// What was beside ctibox's own schema when it was opened.
    differences: Vec<SchemaDifference>,
    /// Before the writing connection, which must close last: only it can put the log into the file and remove it.
    readers: Readers,
    writing: Mutex<Connection>,
    /// Last of all: until then nobody puts another database in this one's place.
    _usage_lock: UsageLock,
}

impl OpenedFile {
    /// Opens the database of the folder, brought up to date.
    pub(super) fn open(folder: &Path, usage_lock: UsageLock) -> Result<Self, StoreError> {
        let path = database(folder);
        let before = Identity::of(&path);
        let open::Connected { connection, differences } = open::connect(folder)?;
        let identity = Identity::of(&path)?;
        // Another file took the name while this one was being opened.
        if before? != identity {
            return Err(StoreError::Replaced { path });
        }
        let readers = Readers::new(&path);
        Ok(Self { path, identity, differences, readers, writing: Mutex::new(connection), _usage_lock: usage_lock })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn differences(&self) -> &[SchemaDifference] {
        &self.differences
    }

    /// Reads in one read transaction.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        self.in_place(|| self.readers.with(read))
    }

    /// How long its changes wait for those of other processes.
    pub(super) fn set_patience(&self, patience: Patience) -> Result<(), StoreError> {
        let writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        wait_for_others(&writing, patience).map_err(|error| StoreError::database(&self.path, error))
    }

    /// Uses the writing connection; nobody else in this process writes meanwhile.
    pub(super) fn write<T, E: From<StoreError>>(
        &self,
        write: impl FnOnce(&mut Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        self.in_place(|| write(&mut self.writing.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    /// Does something with the file by its name or through a connection of its own. A failure because of another file
    /// is told as that.
    pub(super) fn in_place<T, E: From<StoreError>>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.expect_in_place()?;
        let outcome = work();
        self.expect_in_place()?;
        outcome
    }

    fn expect_in_place(&self) -> Result<(), StoreError> {
        match Identity::of(&self.path) {
            Ok(identity) if identity == self.identity => Ok(()),
            Ok(_) | Err(StoreError::Missing { .. }) => Err(StoreError::Replaced { path: self.path.clone() }),
            Err(other) => Err(other),
        }
    }
}

/// Which file a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity {
    device: u64,
    number: u64,
}

impl Identity {
    fn of(path: &Path) -> Result<Self, StoreError> {
        match std::fs::metadata(path) {
            Ok(file) => Ok(Self { device: file.dev(), number: file.ino() }),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(StoreError::Missing { path: path.to_path_buf() }),
            Err(error) => Err(StoreError::file("look at", path, error)),
        }
    }
}
