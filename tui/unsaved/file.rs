//! Where it lies: a file a console in `DATA/unsaved`, for its owner alone. Whoever offers one holds a lock on it as long as
//! it is asked about, so that two consoles that start together offer two different ones.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use time::OffsetDateTime;

use super::{AGE_MAX, Unsaved, document};

/// What is longer was not typed.
const UNSAVED_BYTES_MAX: u64 = 256 * 1024;

/// Of more, the oldest go.
const UNSAVED_FILES_MAX: usize = 32;

/// One of these files, which no other console offers as long as this one is kept.
pub(super) struct Claimed {
    path: PathBuf,
    /// Holds the lock while it is open.
    _file: File,
    pub(super) unsaved: Unsaved,
}

impl Claimed {
    /// It was taken up or refused.
    pub(super) fn remove(&self) {
        // What cannot be removed now is a day old tomorrow.
        let _ = fs::remove_file(&self.path);
    }
}

fn folder_of(data: &Path) -> PathBuf {
    data.join("unsaved")
}

pub(super) fn write(data: &Path, unsaved: &Unsaved) -> io::Result<()> {
    let text = document::write(unsaved);
    if text.len() as u64 > UNSAVED_BYTES_MAX {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let folder = folder_of(data);
    match DirBuilder::new().mode(0o700).create(&folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let path = folder.join(format!("{:020}-{}.json", unsaved.at.max(0), std::process::id()));
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(text.as_bytes())?;
    let names = newest_first(&folder);
    for old in names.iter().skip(UNSAVED_FILES_MAX) {
        fs::remove_file(old)?;
    }
    Ok(())
}

/// The newest that this person typed; those that are too old are removed on the way, whosever they are.
pub(super) fn claim(data: &Path, person: &str, now: OffsetDateTime) -> Option<Claimed> {
    newest_first(&folder_of(data)).into_iter().find_map(|path| {
        let (file, text) = open(&path).ok()??;
        let unsaved = document::read(&text);
        let is_old = |unsaved: &Unsaved| (now.unix_timestamp() - unsaved.at) > AGE_MAX.whole_seconds();
        match unsaved {
            Some(unsaved) if !is_old(&unsaved) => {
                (unsaved.person == person).then_some(Claimed { path, _file: file, unsaved })
            }
            _ => {
                let _ = fs::remove_file(&path);
                None
            }
        }
    })
}

/// Their names begin with their time.
fn newest_first(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort_by(|one, other| other.cmp(one));
    paths
}

/// The file, locked, and what stands in it; none if another console offers it, has just removed it, or another user made it.
fn open(path: &Path) -> io::Result<Option<(File, String)>> {
    let no_link = i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or(0);
    let file = OpenOptions::new().read(true).custom_flags(no_link).open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() || metadata.uid() != rustix::process::geteuid().as_raw() || file.try_lock().is_err() {
        return Ok(None);
    }
    if file.metadata()?.nlink() == 0 {
        return Ok(None);
    }
    let mut text = String::new();
    (&file).take(UNSAVED_BYTES_MAX).read_to_string(&mut text)?;
    Ok(Some((file, text)))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::tui::unsaved::document::tests::example;

    fn at(seconds: i64) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(seconds).expect("a moment")
    }

    #[test]
    fn each_person_gets_back_what_that_person_typed_the_newest_first() {
        let data = tempfile::tempdir().expect("a folder");
        for (person, seconds) in [("anna", 100), ("bert", 200), ("anna", 300)] {
            write(data.path(), &example(person, seconds)).expect("room for it");
        }
        let modes = newest_first(&folder_of(data.path()));
        let mode = |path: &PathBuf| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert!(modes.len() == 3 && modes.iter().all(|path| mode(path) == 0o600));

        let first = claim(data.path(), "anna", at(400)).expect("the newest");
        let second = claim(data.path(), "anna", at(400)).expect("the other one");
        assert_eq!((first.unsaved.at, second.unsaved.at), (300, 100));
        assert!(claim(data.path(), "anna", at(400)).is_none(), "both are offered already");
        first.remove();
        drop((first, second));
        assert_eq!(claim(data.path(), "anna", at(400)).map(|claimed| claimed.unsaved.at), Some(100));
        assert!(claim(data.path(), "carl", at(400)).is_none());
    }

    #[test]
    fn what_is_a_day_old_or_cannot_be_read_goes() {
        let data = tempfile::tempdir().expect("a folder");
        write(data.path(), &example("anna", 100)).expect("room for it");
        fs::write(folder_of(data.path()).join("0-1.json"), "half of").expect("room for it");
        assert!(claim(data.path(), "bert", at(100 + 86_401)).is_none());
        assert_eq!(newest_first(&folder_of(data.path())).len(), 0);
    }

    #[test]
    fn the_oldest_of_too_many_go() {
        let data = tempfile::tempdir().expect("a folder");
        for seconds in 0..40 {
            write(data.path(), &example("anna", seconds)).expect("room for it");
        }
        assert_eq!(newest_first(&folder_of(data.path())).len(), UNSAVED_FILES_MAX);
        assert_eq!(claim(data.path(), "anna", at(40)).map(|claimed| claimed.unsaved.at), Some(39));
    }
}
