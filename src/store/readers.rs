//! A small pool of reading connections, opened when first needed. In WAL mode readers never wait for the writer. Used by
//! this room only.

use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError};

use rusqlite::Connection;

use super::connection::connect_for_reading;
use super::error::StoreError;

/// Readers beyond these wait for one to be free.
const READERS_MAX: usize = 4;

#[derive(Debug)]
pub(super) struct Readers {
    path: PathBuf,
    pool: Mutex<Pool>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct Pool {
    idle: Vec<Connection>,
    /// Idle ones and lent ones.
    open: usize,
}

impl Readers {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_path_buf(), pool: Mutex::default(), freed: Condvar::new() }
    }

    /// Runs `read` on a connection of its own, in one read transaction: what it sees belongs together.
    pub(super) fn with<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let mut permit = self.wait_for_permit();
        let connection = match permit.connection.take() {
            Some(connection) => connection,
            None => connect_for_reading(&self.path)?,
        };
        let result = connection
            .unchecked_transaction()
            .and_then(|transaction| read(&transaction))
            .map_err(|error| StoreError::database(&self.path, error));
        permit.connection = Some(connection);
        result
    }

    fn wait_for_permit(&self) -> ReaderPermit<'_> {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        while pool.idle.is_empty() && pool.open >= READERS_MAX {
            pool = self.freed.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
        let connection = pool.idle.pop();
        if connection.is_none() {
            pool.open += 1;
        }
        ReaderPermit { readers: self, connection }
    }
}

/// One of the `READERS_MAX` places; given back by drop, with or without its connection.
struct ReaderPermit<'a> {
    readers: &'a Readers,
    connection: Option<Connection>,
}

impl Drop for ReaderPermit<'_> {
    fn drop(&mut self) {
        let mut pool = self.readers.pool.lock().unwrap_or_else(PoisonError::into_inner);
        match self.connection.take() {
            Some(connection) => pool.idle.push(connection),
            None => pool.open -= 1,
        }
        self.readers.freed.notify_one();
    }
}
