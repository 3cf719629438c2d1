//! The files of pairs: each appears whole or not at all, with its rights from the first byte on. Used by all of this room
//! that writes.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::CertificateError;

/// Where the pairs of this data folder are.
pub(super) fn folder_of(data: &Path) -> PathBuf {
    data.join("certs")
}

pub(super) fn make_folder(data: &Path) -> Result<(), CertificateError> {
    let certs = folder_of(data);
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o750)
        .create(&certs)
        .map_err(|source| CertificateError::Write { path: certs, source })
}

/// What to do if the file is there already.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Occupied {
    Replace,
    Refuse,
}

pub(super) fn write_whole(path: &Path, content: &[u8], occupied: Occupied, mode: u32) -> Result<(), CertificateError> {
    let write = || -> io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut new = path.to_owned().into_os_string();
        new.push(format!(".new-{}", std::process::id()));
        let outcome = (|| {
            let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&new)?;
            // The process may run with a narrow umask.
            file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(mode))?;
            file.write_all(content)?;
            file.sync_all()?;
            match occupied {
                Occupied::Replace => fs::rename(&new, path),
                // A link, unlike a rename, never takes the place of another file.
                Occupied::Refuse => fs::hard_link(&new, path),
            }
        })();
        let _ = fs::remove_file(&new);
        outcome?;
        File::open(folder)?.sync_all()
    };
    write().map_err(|source| CertificateError::Write { path: path.to_owned(), source })
}
