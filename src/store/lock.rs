//! Who serves this data folder: a lock on `server.lock`, which holds the process id as text. `command` takes it before
//! it serves, restore and migrations take it for their time, `check` only asks. The file stays when the lock goes.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::error::StoreError;

/// Whoever asks `holder` has the lock for a moment; only one who keeps it longer than this is a server.
const ATTEMPTS: u32 = 5;
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(20);

/// The right to serve a data folder; given back by drop.
#[derive(Debug)]
pub(crate) struct ServerLock {
    /// Holds the lock while it is open.
    _file: File,
}

impl ServerLock {
    /// Takes the lock, or says who has it. The folder must be there.
    pub(crate) fn take(folder: &Path) -> Result<Self, StoreError> {
        let path = path(folder);
        let failed = |action, error| StoreError::file(action, &path, error);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(|error| failed("open", error))?;
        for attempt in 1..=ATTEMPTS {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => return Err(failed("lock", error)),
                Err(TryLockError::WouldBlock) if attempt == ATTEMPTS => {
                    return Err(StoreError::Locked { folder: folder.to_path_buf(), pid: pid_in(&mut file) });
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(BETWEEN_ATTEMPTS),
            }
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .map_err(|error| failed("write", error))?;
        Ok(Self { _file: file })
    }

    /// The process that serves the folder, if one does. Creates nothing.
    pub(crate) fn holder(folder: &Path) -> Result<Option<u32>, StoreError> {
        let path = path(folder);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::file("open", &path, error)),
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(None),
            Err(TryLockError::WouldBlock) => Ok(Some(pid_in(&mut file))),
            Err(TryLockError::Error(error)) => Err(StoreError::file("lock", &path, error)),
        }
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join("server.lock")
}

/// Zero if the holder has not written it yet.
fn pid_in(file: &mut File) -> u32 {
    let mut text = String::new();
    match file.take(32).read_to_string(&mut text) {
        Ok(_) => text.trim().parse().unwrap_or_default(),
        Err(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_taker_is_refused_with_the_first_ones_process() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(ServerLock::holder(folder.path()).expect("no file"), None);
        assert_eq!(std::fs::read_dir(folder.path()).expect("readable").count(), 0);
        let lock = ServerLock::take(folder.path()).expect("free");
        let own = std::process::id();
        assert_eq!(ServerLock::holder(folder.path()).expect("readable"), Some(own));
        match ServerLock::take(folder.path()) {
            Err(StoreError::Locked { pid, .. }) => assert_eq!(pid, own),
            other => unreachable!("{other:?}"),
        }
        drop(lock);
        assert_eq!(ServerLock::holder(folder.path()).expect("readable"), None);
        ServerLock::take(folder.path()).expect("free again");
    }
}
