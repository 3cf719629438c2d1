//! Bringing a backup back: the file is looked at first, what is there is moved aside and comes back if anything fails.
//! Nobody may be serving the folder. Used by `command`.

use std::path::{Path, PathBuf};

use super::backup::{self, Unfinished};
use super::error::StoreError;
use super::inspect::{Inspection, look_at};
use super::lock::ServerLock;
use super::open::{create_folder, sync_folder};
use super::{Store, companions, database};

/// What a restore did.
#[derive(Debug)]
pub(crate) struct Restored {
    /// Where the database that was there lies now.
    pub(crate) aside: Option<PathBuf>,
}

/// Puts the backup `from` in the place of the folder's database. A backup with an older schema is brought up to date.
pub(crate) fn restore(folder: &Path, from: &Path) -> Result<Restored, StoreError> {
    let looked = whole(from)?;
    create_folder(folder)?;
    let _lock = ServerLock::take(folder)?;
    let path = database(folder);
    let incoming = Unfinished::beside(&path)?;
    looked.copy_to(&incoming)?;
    let aside = Aside::move_away(&path)?;
    match put_and_try(folder, incoming) {
        Ok(()) => {
            sync_folder(folder)?;
            Ok(Restored { aside: aside.map(|aside| aside.path) })
        }
        Err(error) => {
            backup::remove(&path);
            if let Some(aside) = aside {
                aside.put_back(&path)?;
            }
            Err(error)
        }
    }
}

/// Whether `restore` would be refused as things are: for whoever asks before he does it.
pub(crate) fn may_restore(folder: &Path, from: &Path) -> Result<(), StoreError> {
    whole(from)?;
    if folder.exists() {
        drop(ServerLock::take(folder)?);
    }
    Ok(())
}

fn whole(from: &Path) -> Result<Inspection, StoreError> {
    let looked = look_at(from)?;
    match looked.integrity()?.into_iter().next() {
        Some(problem) => Err(StoreError::Damaged { path: from.to_path_buf(), detail: problem }),
        None => Ok(looked),
    }
}

fn put_and_try(folder: &Path, incoming: Unfinished) -> Result<(), StoreError> {
    incoming.put_in_place()?;
    Store::open_existing(folder)?.configuration().map(drop)
}

/// A database that was moved out of the way, with its companions.
struct Aside {
    path: PathBuf,
}

impl Aside {
    fn move_away(path: &Path) -> Result<Option<Self>, StoreError> {
        let is_there = |path: &Path| path.exists() || companions(path).iter().any(|companion| companion.exists());
        if !is_there(path) {
            return Ok(None);
        }
        let free = (1..).map(|number| path.with_extension(format!("db.before-restore-{number}")));
        let Some(aside) = free.into_iter().find(|aside| !is_there(aside)) else { return Ok(None) };
        // The database first: a crash in between leaves a log alone, with which no server starts.
        let [log, shared] = ways(path, &aside);
        move_all([(path.to_path_buf(), aside.clone()), log, shared])?;
        Ok(Some(Self { path: aside }))
    }

    fn put_back(self, path: &Path) -> Result<(), StoreError> {
        let [log, shared] = ways(&self.path, path);
        move_all([log, shared, (self.path, path.to_path_buf())])
    }
}

/// From where to where the companions go with their database.
fn ways(from: &Path, to: &Path) -> [(PathBuf, PathBuf); 2] {
    let ([log, shared], [log_to, shared_to]) = (companions(from), companions(to));
    [(log, log_to), (shared, shared_to)]
}

/// Moves what is there, in this order; all or nothing.
fn move_all(ways: [(PathBuf, PathBuf); 3]) -> Result<(), StoreError> {
    let mut moved = Vec::new();
    for (from, to) in ways.into_iter().filter(|(from, _)| from.exists()) {
        if let Err(error) = std::fs::rename(&from, &to) {
            for (from, to) in moved.into_iter().rev() {
                // The error that is told is the first one.
                std::fs::rename::<PathBuf, PathBuf>(to, from).unwrap_or_default();
            }
            return Err(StoreError::file("move", &from, error));
        }
        moved.push((from, to));
    }
    Ok(())
}
