//! What can go wrong with the data folder, in words that name the file, and what to do about it. Made everywhere in
//! this room; `command` prints it, with `remedy` as the hint. Never holds a value out of the database.

use std::error::Error as _;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::ErrorCode;

use super::lock_holder::LockHolder;
use crate::settings::count::listed;
use crate::settings::prose::{Prose, prose};

#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("there is no ctibox database at {}", path.display())]
    Missing { path: PathBuf },
    #[error("the data folder {} is served by another ctibox, process {pid}", folder.display())]
    Locked { folder: PathBuf, pid: u32 },
    #[error("{} is not a ctibox database: {detail}", path.display())]
    NotOurs { path: PathBuf, detail: &'static str },
    #[error("{} has schema version {found}; this ctibox knows versions up to {known}", path.display())]
    Newer { path: PathBuf, found: u32, known: u32 },
    #[error("{} needs schema version {known} and has {found}, but process {pid} is serving it", path.display())]
    OlderInUse { path: PathBuf, found: u32, known: u32, pid: u32 },
    #[error("{} is damaged: {detail}", path.display())]
    Damaged { path: PathBuf, detail: String },
    /// Somebody's own, or changed: in words.
    #[error("{} has not the schema that ctibox made: {difference}", path.display())]
    Schema { path: PathBuf, difference: String },
    #[error("{} cannot be written: it is read-only", path.display())]
    ReadOnly { path: PathBuf },
    #[error("{} cannot be written: the disk is full", path.display())]
    Full { path: PathBuf },
    #[error("{} is being written by {} for too long", path.display(), holder_words(holder.as_ref()))]
    Busy {
        path: PathBuf,
        /// None: the kernel does not tell.
        holder: Option<LockHolder>,
    },
    #[error("{} stands in the data folder without its database", path.display())]
    LoneCompanion { path: PathBuf },
    #[error("{} is what a restore moved aside, and there is no database in its place", path.display())]
    LeftAside { path: PathBuf },
    #[error("the database in {} is in use by {}", folder.display(), user_words(holders))]
    UsageLock {
        folder: PathBuf,
        /// None: the kernel does not tell.
        holders: Vec<LockHolder>,
    },
    #[error("a backup will not be written over {}: {detail}", path.display())]
    BackupTarget { path: PathBuf, detail: &'static str },
    #[error("cannot {action} {}", path.display())]
    File {
        action: &'static str,
        path: PathBuf,
        #[source]
        source: Arc<io::Error>,
    },
    #[error("cannot bring {} up to date", path.display())]
    Migration {
        path: PathBuf,
        #[source]
        source: Arc<refinery::Error>,
    },
    #[error("the database {} refused an operation", path.display())]
    Database {
        path: PathBuf,
        #[source]
        source: Arc<rusqlite::Error>,
    },
    #[error("{} was removed or replaced while it was open", path.display())]
    Replaced { path: PathBuf },
    #[error("the thread that writes {} has ended", path.display())]
    WriterGone { path: PathBuf },
}

impl StoreError {
    pub(super) fn file(action: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { path },
            _ => Self::File { action, path, source: Arc::new(source) },
        }
    }

    /// Tells apart what an administrator can mend; the rest keeps SQLite's own words as its cause.
    pub(super) fn database(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_path_buf();
        let code = source.sqlite_error_code();
        let extended = source.sqlite_error().map(|error| error.extended_code);
        match (&source, code) {
            (_, Some(ErrorCode::DiskFull)) => Self::Full { path },
            // The index of the log could not be made as long as it must be: so it looks where there is no room at all.
            _ if extended == Some(rusqlite::ffi::SQLITE_IOERR_SHMSIZE) => Self::Full { path },
            (_, Some(ErrorCode::ReadOnly)) => Self::ReadOnly { path },
            (_, Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)) => Self::busy(path),
            (_, Some(ErrorCode::NotADatabase)) => Self::NotOurs { path, detail: "SQLite cannot read it" },
            (_, Some(ErrorCode::DatabaseCorrupt)) => Self::Damaged { path, detail: source.to_string() },
            (rusqlite::Error::FromSqlConversionFailure(_, _, cause), _) => {
                Self::Damaged { path, detail: format!("it holds what ctibox would not write: {cause}") }
            }
            (rusqlite::Error::InvalidColumnType(..) | rusqlite::Error::IntegralValueOutOfRange(..), _) => {
                Self::Damaged { path, detail: format!("it holds what ctibox would not write: {source}") }
            }
            _ => Self::Database { path, source: Arc::new(source) },
        }
    }

    /// Somebody else writes, and whoever holds the lock now is most likely who held it all the time.
    pub(super) fn busy(path: PathBuf) -> Self {
        let holder = LockHolder::of(&path);
        Self::Busy { path, holder }
    }

    /// With users as the system calls them.
    pub(crate) fn named(self, name_of: impl Fn(u32) -> Option<String>) -> Self {
        match self {
            Self::Busy { path, holder } => Self::Busy { path, holder: holder.map(|holder| holder.named(name_of)) },
            Self::UsageLock { folder, holders } => {
                let holders = holders.into_iter().map(|holder| holder.named(&name_of)).collect();
                Self::UsageLock { folder, holders }
            }
            other => other,
        }
    }

    pub(super) fn migration(path: &Path, source: refinery::Error) -> Self {
        let path = path.to_path_buf();
        let mut cause = source.source();
        while let Some(error) = cause {
            match error.downcast_ref().and_then(rusqlite::Error::sqlite_error_code) {
                Some(ErrorCode::DiskFull) => return Self::Full { path },
                Some(ErrorCode::ReadOnly) => return Self::ReadOnly { path },
                _ => cause = error.source(),
            }
        }
        Self::Migration { path, source: Arc::new(source) }
    }

    /// Whether this file is at fault: it is not there, not ours, or cannot be used.
    pub(crate) fn finds_fault_with(&self, file: &Path) -> bool {
        match self {
            Self::Missing { path }
            | Self::NotOurs { path, .. }
            | Self::Damaged { path, .. }
            | Self::Schema { path, .. } => path == file,
            _ => false,
        }
    }

    /// What to do next.
    pub(crate) fn remedy(&self) -> Option<StoreRemedy> {
        match self {
            Self::Missing { .. } => Some(StoreRemedy::Init),
            Self::Locked { .. } => Some(StoreRemedy::StopServer),
            Self::NotOurs { .. } => Some(StoreRemedy::MoveAway),
            Self::Newer { .. } => Some(StoreRemedy::RunNewer),
            Self::OlderInUse { .. } => Some(StoreRemedy::RestartServer),
            Self::Schema { .. } => Some(StoreRemedy::UndoForeignHands),
            Self::Damaged { .. } => Some(StoreRemedy::RestoreBackup),
            Self::ReadOnly { .. } => Some(StoreRemedy::MakeWritable),
            Self::Full { .. } => Some(StoreRemedy::FreeSpace),
            Self::Busy { .. } => Some(StoreRemedy::TryAgain),
            Self::UsageLock { .. } => Some(StoreRemedy::EndOther),
            Self::LeftAside { .. } => Some(StoreRemedy::RestoreAgain),
            Self::LoneCompanion { .. } => Some(StoreRemedy::PutBack),
            Self::BackupTarget { .. } => Some(StoreRemedy::NameNewFile),
            Self::File { .. } => Some(StoreRemedy::LookAtRights),
            Self::Migration { .. } => Some(StoreRemedy::TakeCopyFromBefore),
            Self::Replaced { .. } => Some(StoreRemedy::PutRightOne),
            Self::Database { .. } | Self::WriterGone { .. } => None,
        }
    }
}

/// What to do about an error of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StoreRemedy {
    Init,
    StopServer,
    MoveAway,
    RunNewer,
    RestartServer,
    UndoForeignHands,
    RestoreBackup,
    MakeWritable,
    FreeSpace,
    TryAgain,
    EndOther,
    RestoreAgain,
    PutBack,
    NameNewFile,
    LookAtRights,
    TakeCopyFromBefore,
    PutRightOne,
}

impl StoreRemedy {
    /// For an administrator, without a full stop if it is one sentence.
    pub(crate) fn words(self) -> Prose {
        match self {
            Self::Init => prose!["make one with ", ctibox("init"), ", or name its folder with `--data`"],
            Self::StopServer => prose!["stop that server first, or name another folder with `--data`"],
            Self::MoveAway => prose!["move that file away, or bring a backup back with ", ctibox("restore FILE")],
            Self::RunNewer => {
                prose!["run the newer ctibox that wrote it, or bring back the copy `ctibox.db.before-V…` beside it"]
            }
            Self::RestartServer => prose!["stop that server; the database is brought up to date when it starts again"],
            Self::UndoForeignHands => prose![
                "somebody has changed the file by hand: bring a backup of before back with ",
                ctibox("restore FILE"),
                ", or take that out with the `sqlite3` that put it in"
            ],
            Self::RestoreBackup => prose!["bring a backup back with ", ctibox("restore FILE")],
            Self::MakeWritable => prose!["make the file system and the file writable for the user who runs ctibox"],
            Self::FreeSpace => prose!["free space on that disk; nothing of the change was kept"],
            Self::TryAgain => prose!["try again when the other command has ended"],
            Self::EndOther => prose!["leave that console, or wait until the command has ended, and try again"],
            Self::RestoreAgain => prose![
                "the restore was cut off: give it again with ",
                ctibox("restore FILE"),
                ", or rename that file to `ctibox.db` to have the old data back. Or move it away to begin anew."
            ],
            Self::PutBack => prose![
                "put `ctibox.db` back beside it: the newest changes are in there. Or move it away to begin anew."
            ],
            Self::NameNewFile => prose!["name a new file"],
            Self::LookAtRights => prose![
                "look at the owner and the rights of that path; run by root, a command works as the owner of the data \
                 folder"
            ],
            Self::TakeCopyFromBefore => {
                prose!["the copy of the database from before stands beside it as `ctibox.db.before-V…`"]
            }
            Self::PutRightOne => {
                prose!["stop the server, put the right `ctibox.db` in its place, start the server again"]
            }
        }
    }
}

fn holder_words(holder: Option<&LockHolder>) -> String {
    holder.map_or_else(|| "another process".to_owned(), LockHolder::to_string)
}

fn user_words(holders: &[LockHolder]) -> String {
    if holders.is_empty() { "another ctibox command".to_owned() } else { listed(holders) }
}
