//! A connection to a database file, as this room opens each: how it waits for others, reads alone, or is made fit to write.
//! It looks at no schema.

use std::cell::Cell;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};

use super::error::StoreError;

/// How many seconds a statement waits for another process's transaction.
const BUSY_SECONDS_MAX: u64 = 5;
/// The same where somebody sees whom they wait for, and can give up.
const WATCHED_BUSY_SECONDS_MAX: u64 = 20;
/// How often a statement looks whether another process's transaction is over. SQLite's own timeout looks ever more rarely:
/// beside commands that write one after the other, a presence would reach the disk too late.
const BUSY_LOOK_EVERY: Duration = Duration::from_millis(2);

/// Who waits for another process's transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// A command, or the server: nobody could tell them to give up.
    Program,
    /// Somebody at the console.
    Person,
}

impl Patience {
    /// SQLite calls a plain function, which is told nothing but how often it looked already.
    fn handler(self) -> fn(i32) -> bool {
        match self {
            Self::Program => wait_for::<BUSY_SECONDS_MAX>,
            Self::Person => wait_for::<WATCHED_BUSY_SECONDS_MAX>,
        }
    }
}

/// A connection that cannot write.
pub(super) fn connect_for_reading(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(path, flags)
        .and_then(|connection| {
            wait_for_others(&connection, Patience::Program)?;
            Ok(connection)
        })
        .map_err(|error| StoreError::database(path, error))
}

/// Nobody has the file open and nothing waits in a log: SQLite need not make its companions to read it.
pub(super) fn connect_immutable(path: &Path) -> rusqlite::Result<Connection> {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => uri.push(char::from(*byte)),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri.push_str("?immutable=1");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    Connection::open_with_flags(uri, flags)
}

pub(super) fn wait_for_others(connection: &Connection, patience: Patience) -> rusqlite::Result<()> {
    connection.busy_handler(Some(patience.handler()))
}

fn wait_for<const SECONDS: u64>(looks: i32) -> bool {
    thread_local! {
        /// When this thread began to wait. On a loaded machine a look takes longer than it sleeps: they cannot be counted.
        static BEGAN: Cell<Option<Instant>> = const { Cell::new(None) };
    }
    let now = Instant::now();
    let began = BEGAN.get().filter(|_| looks > 0).unwrap_or(now);
    BEGAN.set(Some(began));
    std::thread::sleep(BUSY_LOOK_EVERY);
    now.duration_since(began) < Duration::from_secs(SECONDS)
}

pub(super) fn user_version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

pub(super) fn prepare_for_writing(connection: &Connection) -> rusqlite::Result<()> {
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
