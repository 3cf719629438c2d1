//! What is done with files and folders by name: made for their owner alone, made to survive a power cut, known by a number.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use super::error::StoreError;

/// Makes what was written in a folder survive a power cut.
pub(super) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| StoreError::file("sync", folder, error))
}

/// A new empty file that its owner alone reads; SQLite gives its companions the same mode.
pub(super) fn create_private(path: &Path) -> std::io::Result<()> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map(drop)
}

pub(super) fn create_folder(folder: &Path) -> Result<(), StoreError> {
    let failed = |path: &Path, error| StoreError::file("create", path, error);
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        std::fs::create_dir_all(parent).map_err(|error| failed(parent, error))?;
    }
    match DirBuilder::new().mode(0o750).create(folder) {
        // Said again because the process's umask takes the group's rights away.
        Ok(()) => std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o750))
            .map_err(|error| failed(folder, error)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        Err(error) => Err(failed(folder, error)),
    }
}

/// The number at the end of a file's name that begins like this.
pub(super) fn number_behind(path: &Path, begin: &str) -> Option<u32> {
    path.file_name()?.to_str()?.strip_prefix(begin)?.parse().ok()
}
