//! The settings files on the disk: which there are, their bytes for `config`, and whether anything about them is new. Reads
//! only, bounded, and never waits for a pipe; what cannot be read is handed on as such.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::config::{FileKind, FileLayer, Program, SettingsFile, layer_of};

const SETTINGS_FILE_BYTES_MAX: u64 = 1024 * 1024;
/// In one `conf.d`.
const SETTINGS_FILES_MAX: usize = 1000;

/// Where ctibox's own file is, unless somebody says otherwise.
pub(crate) const OWN_FILE: &str = "/etc/ctibox/config.yml";
/// Where the folders of the original's programs are.
pub(crate) const OLD_FOLDER: &str = "/etc";

/// Which files are read.
#[derive(Debug, Clone, Default)]
pub(crate) struct FileLocations {
    /// ctibox's own main file, beside which its `conf.d` stands; None: no file at all is read.
    pub(crate) own: Option<PathBuf>,
    /// Somebody named it, so it should be there.
    pub(crate) is_named: bool,
    /// The folder of `xivo-ctid` and `xivo-auth`.
    pub(crate) old: Option<PathBuf>,
}

/// The files with what was read of them last.
#[derive(Debug, Default)]
pub(crate) struct SettingsFiles {
    locations: FileLocations,
    last: Mutex<Option<(Stamp, Arc<FileLayer>)>>,
}

/// What tells one state of the files from another, without opening them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stamp(Vec<(PathBuf, Option<FileStamp>)>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FileStamp {
    file: (u64, u64),
    bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl FileStamp {
    fn of(metadata: &Metadata) -> Self {
        Self {
            file: (metadata.dev(), metadata.ino()),
            bytes: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

impl SettingsFiles {
    pub(crate) fn new(locations: FileLocations) -> Self {
        Self { locations, last: Mutex::default() }
    }

    /// ctibox's own main file.
    pub(crate) fn own(&self) -> Option<&Path> {
        self.locations.own.as_deref()
    }

    /// What the files say now; they are read again where they are not as they were.
    pub(crate) fn layer(&self) -> Arc<FileLayer> {
        // Before they are read: what changes meanwhile is seen the next time.
        let stamp = self.stamp();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, layer)) = &*last
            && *known == stamp
        {
            return layer.clone();
        }
        let layer = Arc::new(layer_of(&self.read()));
        *last = Some((stamp, layer.clone()));
        layer
    }

    pub(crate) fn stamp(&self) -> Stamp {
        let mut stamp = Vec::new();
        for (_, main) in self.main_files() {
            let folder = conf_d(&main);
            let extras = extra_files(&folder).unwrap_or_default();
            for path in extras.into_iter().chain([folder, main]) {
                let file = fs::metadata(&path).ok().as_ref().map(FileStamp::of);
                stamp.push((path, file));
            }
        }
        Stamp(stamp)
    }

    /// The main files that may be there, in the order in which they count.
    fn main_files(&self) -> Vec<(Program, PathBuf)> {
        let Some(own) = &self.locations.own else { return Vec::new() };
        let old = [Program::XivoCtid, Program::XivoAuth].into_iter().filter_map(|program| {
            Some((program, self.locations.old.as_ref()?.join(program.folder()).join("config.yml")))
        });
        [(Program::Ctibox, own.clone())].into_iter().chain(old).collect()
    }

    fn read(&self) -> Vec<SettingsFile> {
        let mut files = Vec::new();
        for (program, main) in self.main_files() {
            let file = |kind, path: &Path, bytes: Result<Vec<u8>, String>| SettingsFile {
                program,
                kind,
                path: path.display().to_string(),
                bytes,
            };
            let folder = conf_d(&main);
            match extra_files(&folder) {
                Ok(paths) => files.extend(paths.iter().map(|path| file(FileKind::Extra, path, content(path)))),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => files.push(file(FileKind::Extra, &folder, Err(error.to_string()))),
            }
            let is_named = self.locations.is_named && program == Program::Ctibox;
            if is_named || !is_missing(&main) {
                files.push(file(FileKind::Main, &main, content(&main)));
            }
        }
        files
    }
}

fn conf_d(main: &Path) -> PathBuf {
    main.with_file_name("conf.d")
}

fn is_missing(path: &Path) -> bool {
    fs::metadata(path)
        .is_err_and(|error| matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory))
}

/// The files of a `conf.d` that count (settings §7), in the order of their names' bytes.
fn extra_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let bytes = name.as_bytes();
        if !bytes.starts_with(b".") && bytes.ends_with(b".yml") {
            paths.push(folder.join(name));
        }
        if paths.len() > SETTINGS_FILES_MAX {
            return Err(io::Error::other(format!("more than {SETTINGS_FILES_MAX} files")));
        }
    }
    paths.sort_by(|one, other| one.as_os_str().as_bytes().cmp(other.as_os_str().as_bytes()));
    Ok(paths)
}

fn content(path: &Path) -> Result<Vec<u8>, String> {
    let read = || -> io::Result<Vec<u8>> {
        // A pipe of that name would make us wait for its other end.
        let nonblock = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
        let file: File = OpenOptions::new().read(true).custom_flags(nonblock).open(path)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("it is no file"));
        }
        let mut bytes = Vec::new();
        file.take(SETTINGS_FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
        match bytes.len() as u64 > SETTINGS_FILE_BYTES_MAX {
            true => Err(io::Error::other(format!("it is longer than {SETTINGS_FILE_BYTES_MAX} bytes"))),
            false => Ok(bytes),
        }
    };
    read().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_count_by_their_names_bytes_and_hidden_ones_do_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let conf_d = folder.path().join("conf.d");
        fs::create_dir(&conf_d).expect("a folder");
        for name in ["b.yml", "B.yml", "10.yml", "9.yml", ".hidden.yml", "old.yml.dpkg-old", "new.yaml", "é.yml"] {
            fs::write(conf_d.join(name), "").expect("written");
        }
        let names = extra_files(&conf_d).expect("readable");
        let names: Vec<_> = names.iter().filter_map(|path| path.file_name()?.to_str()).collect();
        assert_eq!(names, ["10.yml", "9.yml", "B.yml", "b.yml", "é.yml"]);
    }

    #[test]
    fn what_is_no_readable_file_is_said_and_nobody_waits() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        rustix::fs::mkfifoat(rustix::fs::CWD, path("pipe"), rustix::fs::Mode::RUSR).expect("a pipe");
        fs::write(path("long"), vec![b' '; 1024 * 1024 + 1]).expect("written");
        assert_eq!(content(&path("pipe")), Err("it is no file".to_owned()));
        assert_eq!(content(folder.path()), Err("it is no file".to_owned()));
        assert!(content(&path("long")).is_err_and(|why| why.contains("longer than 1048576")));
        assert!(content(&path("none")).is_err());
    }

    #[test]
    fn files_are_read_again_once_they_are_others() {
        let folder = tempfile::tempdir().expect("a folder");
        let own = folder.path().join("config.yml");
        let locations = FileLocations { own: Some(own.clone()), is_named: false, old: None };
        let files = SettingsFiles::new(locations);
        let nothing = files.layer();
        assert_eq!(*nothing, FileLayer::default());
        assert!(Arc::ptr_eq(&nothing, &files.layer()));
        fs::write(&own, "client: {port: 5004}").expect("written");
        let one = files.layer();
        assert_ne!(one, nothing);
        assert!(Arc::ptr_eq(&one, &files.layer()));
    }
}
