//! Bringing a backup back: the file is looked at, copied beside the database and brought up to date; only then does it
//! take the database's name, in one step where the old file can be read, and what was there stays aside. Whatever
//! moment a crash takes, the folder holds the old database, the new one, or leftovers with which nothing starts anew.
//! Nobody may be serving the folder. Used by `command`.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::backup::UnfinishedCopy;
use super::error::StoreError;
use super::folder::{create_folder, sync_folder};
use super::inspect::{Inspection, look_at};
use super::lock::ServerLock;
use super::open::bring_copy_up_to_date;
use super::usage_lock::UsageLock;
use super::{companions, database, header};

/// What a restore did.
#[derive(Debug)]
pub(crate) struct Restored {
    /// Where the database that was there lies now.
    pub(crate) aside: Option<PathBuf>,
}

/// Puts the backup `from` in the place of the folder's database. A backup with an older schema is brought up to date.
pub(crate) fn restore(folder: &Path, from: &Path) -> Result<Restored, StoreError> {
    restore_in_steps(folder, from, &|_| ())
}

/// `after` is told of every step on the disk.
pub(super) fn restore_in_steps(folder: &Path, from: &Path, after: &dyn Fn(&str)) -> Result<Restored, StoreError> {
    let looked = whole(from)?;
    create_folder(folder)?;
    let _lock = ServerLock::take(folder)?;
    let path = database(folder);
    let incoming = UnfinishedCopy::beside(&path)?;
    looked.copy_to(&incoming)?;
    drop(looked);
    bring_copy_up_to_date(incoming.path(), from)?;
    after("copied");
    let _alone = UsageLock::alone(folder)?;
    let aside = Aside::of(&path, after)?;
    after("old aside");
    match incoming.put_in_place() {
        Ok(()) => {
            after("new in place");
            Ok(Restored { aside: aside.map(|aside| aside.path) })
        }
        Err(error) => {
            if let Some(aside) = aside {
                aside.restore(&path)?;
            }
            Err(error)
        }
    }
}

/// Whether `restore` would be refused as things are: for whoever asks before doing it.
pub(crate) fn may_restore(folder: &Path, from: &Path) -> Result<(), StoreError> {
    whole(from)?;
    if folder.exists() {
        drop(ServerLock::take(folder)?);
    }
    Ok(())
}

fn whole(from: &Path) -> Result<Inspection, StoreError> {
    let looked = look_at(from)?;
    if let Some(problem) = looked.integrity()?.into_iter().next() {
        return Err(StoreError::Damaged { path: from.to_path_buf(), detail: problem });
    }
    // A backup is what ctibox wrote: whatever else is in its schema would act from then on, first of all while it is
    // brought up to date.
    match looked.schema_differences()?.into_iter().next() {
        Some(difference) => Err(StoreError::Schema { path: from.to_path_buf(), difference: difference.to_string() }),
        None => Ok(looked),
    }
}

/// The database that was there, under another name.
struct Aside {
    path: PathBuf,
}

impl Aside {
    fn of(path: &Path, after: &dyn Fn(&str)) -> Result<Option<Self>, StoreError> {
        let is_there = |path: &Path| path.exists() || companions(path).iter().any(|companion| companion.exists());
        if !is_there(path) {
            return Ok(None);
        }
        let free = (1..).map(|number| path.with_extension(format!("db.before-restore-{number}")));
        let Some(aside) = free.into_iter().find(|aside| !is_there(aside)) else { return Ok(None) };
        let aside = Self { path: aside };
        if is_one_file(path)? {
            after("log in the file");
            if std::fs::hard_link(path, &aside.path).is_ok() {
                after("second name");
                aside.sync()?;
                return Ok(Some(aside));
            }
        }
        // What SQLite cannot read, or a file system without hard links. The database first: a crash in between leaves a
        // log alone, with which no server starts; nor does one start where only a database moved aside lies.
        let [log, shared] = ways(path, &aside.path);
        move_all([(path.to_path_buf(), aside.path.clone()), log, shared], after)?;
        aside.sync()?;
        Ok(Some(aside))
    }

    fn sync(&self) -> Result<(), StoreError> {
        self.path.parent().map_or(Ok(()), sync_folder)
    }

    fn restore(self, path: &Path) -> Result<(), StoreError> {
        let [log, shared] = ways(&self.path, path);
        move_all([log, shared, (self.path.clone(), path.to_path_buf())], &|_| ())?;
        // Two names of one file are not moved by a rename: the second one goes here.
        std::fs::remove_file(&self.path).unwrap_or_default();
        self.sync()
    }
}

/// Whether the database is whole without its companions: SQLite puts the log into the file and removes both. Nobody
/// else may have it open.
fn is_one_file(path: &Path) -> Result<bool, StoreError> {
    if !matches!(header::schema_version(path), Ok(Some(_))) {
        return Ok(false);
    }
    let fold = || -> rusqlite::Result<()> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "DELETE")?;
        connection.close().map_err(|(_, error)| error)
    };
    match fold().map_err(|error| StoreError::database(path, error)) {
        Ok(()) => Ok(companions(path).iter().all(|companion| !companion.exists())),
        // Some other program has it open and would go on writing into the file moved aside.
        Err(error @ StoreError::Busy { .. }) => Err(error),
        Err(_) => Ok(false),
    }
}

/// From where to where the companions go with their database.
fn ways(from: &Path, to: &Path) -> [(PathBuf, PathBuf); 2] {
    let ([log, shared], [log_to, shared_to]) = (companions(from), companions(to));
    [(log, log_to), (shared, shared_to)]
}

/// Moves what is there, in this order; all or nothing.
fn move_all(ways: [(PathBuf, PathBuf); 3], after: &dyn Fn(&str)) -> Result<(), StoreError> {
    let mut moved = Vec::new();
    for (from, to) in ways.into_iter().filter(|(from, _)| from.exists()) {
        if let Err(error) = std::fs::rename(&from, &to) {
            for (from, to) in moved.into_iter().rev() {
                // The error that is told is the first one.
                std::fs::rename::<PathBuf, PathBuf>(to, from).unwrap_or_default();
            }
            return Err(StoreError::file("move", &from, error));
        }
        after("moved");
        moved.push((from, to));
    }
    Ok(())
}
