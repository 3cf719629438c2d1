//! Writing a document to a path that somebody typed. A file of the same kind is replaced, whole or not at all; devices,
//! pipes and descriptors are written to; nothing else is touched, and nothing in the data folder: a slip of the finger must
//! not cost a database.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// What is looked at of a file to tell its kind.
const HEAD_BYTES: u64 = 512;
/// Links to links that are followed to tell a descriptor.
const LINKS: usize = 8;

#[derive(Debug, thiserror::Error)]
pub(crate) enum WriteError {
    #[error("{} is in the data folder, where only ctibox's own files are", .path.display())]
    InDataFolder { path: PathBuf },
    #[error("{} is there already and is {what}; it is left as it is", .path.display())]
    NotOurs { path: PathBuf, what: &'static str },
    #[error("could not write {}", .path.display())]
    System { path: PathBuf, source: io::Error },
}

/// What is written, and how a file that it may replace is known.
pub(crate) struct Document<'a> {
    pub(crate) text: &'a str,
    /// Whether a file that begins so is of the same kind.
    pub(crate) is_kin: fn(&[u8]) -> bool,
}

/// Writes the document to `path`, unless it is in the data folder.
pub(crate) fn write(path: &Path, document: &Document<'_>, data_folder: &Path) -> Result<(), WriteError> {
    let failed = |source| WriteError::System { path: path.to_owned(), source };
    let refuse = |what| Err(WriteError::NotOurs { path: path.to_owned(), what });
    match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if path.is_symlink() {
                return refuse("a link to nothing");
            }
            refuse_data_folder(path, data_folder)?;
            replace(path, document.text).map_err(failed)
        }
        Err(error) => Err(failed(error)),
        Ok(there) if is_stream(&there) || there.is_file() && is_descriptor(path) => {
            append(path, document.text).map_err(failed)
        }
        Ok(there) if there.is_file() => {
            // A link stays a link.
            let path = path.canonicalize().map_err(failed)?;
            refuse_data_folder(&path, data_folder)?;
            if there.len() > 0 && !(document.is_kin)(&head(&path).map_err(failed)?) {
                return refuse("no document of that kind");
            }
            replace(&path, document.text).map_err(failed)
        }
        Ok(there) if there.is_dir() => refuse("a folder"),
        Ok(_) => refuse("no file"),
    }
}

fn is_stream(there: &Metadata) -> bool {
    there.file_type().is_fifo() || there.file_type().is_char_device()
}

/// Whether a name leads to an open file of this process, like `/dev/stdout`: whoever opened it chose it.
fn is_descriptor(path: &Path) -> bool {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        let Some(parent) = path.parent().and_then(|parent| parent.canonicalize().ok()) else { return false };
        if parent.starts_with("/proc") {
            return true;
        }
        let Ok(target) = fs::read_link(&path) else { return false };
        path = parent.join(target);
    }
    false
}

fn refuse_data_folder(path: &Path, data_folder: &Path) -> Result<(), WriteError> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (parent.canonicalize(), data_folder.canonicalize()) {
        (Ok(parent), Ok(folder)) if parent.starts_with(&folder) => {
            Err(WriteError::InDataFolder { path: path.to_owned() })
        }
        _ => Ok(()),
    }
}

fn head(path: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD_BYTES).read_to_end(&mut head)?;
    Ok(head)
}

fn append(path: &Path, text: &str) -> io::Result<()> {
    OpenOptions::new().append(true).open(path)?.write_all(text.as_bytes())
}

/// Beside the file and then in its place, so that nobody ever sees half a document; mode 0600 by the process's umask and
/// by name, for a file that was there with other rights must not keep them.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".new-{}", std::process::id()));
    let beside = path.with_file_name(name);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    let outcome = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    let outcome = outcome.and_then(|()| fs::rename(&beside, path));
    if outcome.is_err() {
        // The error that is told is the first one.
        let _ = fs::remove_file(&beside);
    }
    outcome?;
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}
