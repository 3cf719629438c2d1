//! Who has the database of a folder open: everybody holds a shared lock on the folder itself meanwhile, restore the
//! only one while it puts another file in its place. So nobody writes into a file that was moved aside. Used by
//! `Store`,
//! `Inspection` and restore; other than `ServerLock` it is held by every command.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use super::error::StoreError;
use super::lock_holder::LockHolder;

/// Commands are short, and restore holds the folder for moments only.
const PATIENCE: Duration = Duration::from_secs(5);
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(20);

/// The right to use the database of a folder; given back by drop.
#[derive(Debug)]
pub(super) struct UsageLock {
    /// Holds the lock while it is open.
    _folder: File,
}

impl UsageLock {
    /// Beside others. The folder must be there.
    pub(super) fn share(folder: &Path) -> Result<Self, StoreError> {
        Self::lock(folder, File::try_lock_shared)
    }

    /// When nobody else has it, and until this is dropped nobody else gets it.
    pub(super) fn alone(folder: &Path) -> Result<Self, StoreError> {
        Self::lock(folder, File::try_lock)
    }

    fn lock(folder: &Path, lock: impl Fn(&File) -> Result<(), TryLockError>) -> Result<Self, StoreError> {
        let file = File::open(folder).map_err(|error| StoreError::file("open", folder, error))?;
        let begin = Instant::now();
        loop {
            match lock(&file) {
                Ok(()) => return Ok(Self { _folder: file }),
                Err(TryLockError::Error(error)) => return Err(StoreError::file("lock", folder, error)),
                Err(TryLockError::WouldBlock) if begin.elapsed() >= PATIENCE => {
                    return Err(StoreError::UsageLock {
                        folder: folder.to_path_buf(),
                        holders: LockHolder::all_of(folder),
                    });
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(BETWEEN_ATTEMPTS),
            }
        }
    }
}
