//! Which process writes into a database now, and which have one open, as the kernel tells it of locks. The file that bears
//! the lock is not opened for that: closing it would drop every lock that this process itself has on it. Where the kernel
//! tells nothing (another system, another namespace of processes) nobody is named. Asked by whoever waits; it changes
//! nothing.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::{Store, companions};

/// The byte of the `-shm` file that SQLite locks to write beside readers: 22 and 8 words lie before its locks, and this is
/// their first (`walIndexHdr` and `WAL_WRITE_LOCK` of its sources).
const WRITE_LOCK_BYTE: u64 = 120;

/// No person logged in for it, or the kernel does not keep that.
const NO_LOGIN: u32 = u32::MAX;

/// So many are named.
const HOLDERS_MAX: usize = 5;

/// More of a command line than names anything.
const COMMAND_LINE_BYTES_MAX: usize = 4096;

/// Who writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LockHolder {
    pub(crate) process: u32,
    /// `ctibox import`
    pub(crate) program: String,
    /// The number of the user who once logged in for it, else of the one it belongs to.
    pub(crate) user: Option<u32>,
    /// How the system calls that user, as far as somebody looked it up: this room does not.
    pub(crate) user_name: Option<String>,
}

/// `ctibox import (pid 4711, root)`
impl fmt::Display for LockHolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { process, program, user, user_name } = self;
        match (user_name, user) {
            (Some(name), _) => write!(f, "{program} (pid {process}, {name})"),
            (None, Some(user)) => write!(f, "{program} (pid {process}, uid {user})"),
            (None, None) => write!(f, "{program} (pid {process})"),
        }
    }
}

impl LockHolder {
    /// With its user as the system calls them.
    pub(crate) fn named(self, name_of: impl Fn(u32) -> Option<String>) -> Self {
        let user_name = self.user.and_then(name_of);
        Self { user_name, ..self }
    }
}

impl Store {
    /// Another process that writes now.
    pub(crate) fn lock_holder(&self) -> Option<LockHolder> {
        LockHolder::of(self.path())
    }
}

impl LockHolder {
    /// The process that writes into the database of this path now; none if it is this one.
    pub(super) fn of(database: &Path) -> Option<Self> {
        let [_, shm] = companions(database);
        let file = fs::metadata(shm).ok()?.ino();
        let locks = fs::read_to_string("/proc/locks").ok()?;
        Self::of_process(writer_in(&locks, file)?)
    }

    /// The processes that have the database of this folder open now, but for this one.
    pub(super) fn all_of(folder: &Path) -> Vec<Self> {
        let Ok(file) = fs::metadata(folder).map(|folder| folder.ino()) else { return Vec::new() };
        let locks = fs::read_to_string("/proc/locks").unwrap_or_default();
        users_in(&locks, file).into_iter().take(HOLDERS_MAX).filter_map(Self::of_process).collect()
    }

    /// None if it is this one, or nothing is known of it.
    fn of_process(process: u32) -> Option<Self> {
        if process == std::process::id() {
            return None;
        }
        let process_folder = Path::new("/proc").join(process.to_string());
        let command_line = fs::read(process_folder.join("cmdline")).ok()?;
        let login = fs::read_to_string(process_folder.join("loginuid")).ok();
        let login = login.and_then(|text| text.trim().parse().ok()).filter(|user| *user != NO_LOGIN);
        let owner = || fs::metadata(&process_folder).ok().map(|folder| folder.uid());
        Some(Self { process, program: program(&command_line)?, user: login.or_else(owner), user_name: None })
    }
}

/// The process that holds the lock for writing on the file of that number; it says nothing of the device, which some file
/// systems tell otherwise than they lock by.
fn writer_in(locks: &str, file: u64) -> Option<u32> {
    locks.lines().find_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let &[_, "POSIX", _, "WRITE", process, place, first, last] = words.as_slice() else { return None };
        let is_of_file = place.rsplit(':').next()?.parse() == Ok(file);
        let last = if last == "EOF" { u64::MAX } else { last.parse().ok()? };
        let is_of_writer = (first.parse().ok()?..=last).contains(&WRITE_LOCK_BYTE);
        // One of another namespace has no number here.
        process.parse().ok().filter(|process| is_of_file && is_of_writer && *process != 0)
    })
}

/// The processes that hold a lock on the whole of the file of that number, each once.
fn users_in(locks: &str, file: u64) -> BTreeSet<u32> {
    let process = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let &[_, "FLOCK", _, _, process, place, ..] = words.as_slice() else { return None };
        let is_of_file = place.rsplit(':').next()?.parse() == Ok(file);
        process.parse().ok().filter(|process| is_of_file && *process != 0)
    };
    locks.lines().filter_map(process).collect()
}

/// The name of the program, and of the command that it was told where it is ours.
fn program(command_line: &[u8]) -> Option<String> {
    let bytes = &command_line[..command_line.len().min(COMMAND_LINE_BYTES_MAX)];
    let mut words = bytes.split(|byte| *byte == 0).map(String::from_utf8_lossy);
    let first = words.next()?;
    let name = first.rsplit('/').next().filter(|name| !name.is_empty())?.to_owned();
    if name != "ctibox" {
        return Some(name);
    }
    while let Some(word) = words.next() {
        match word.as_ref() {
            // Its value is no command.
            "--data" => drop(words.next()),
            "" => {}
            word if word.starts_with('-') => {}
            command => return Some(format!("{name} {command}")),
        }
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCKS: &str = "\
1: POSIX  ADVISORY  READ  311 fe:00:77 123 123
2: POSIX  ADVISORY  WRITE 312 fe:00:78 120 120
3: FLOCK  ADVISORY  WRITE 313 fe:00:77 0 EOF
4: POSIX  ADVISORY  WRITE 4711 fe:00:77 120 120
4: -> POSIX  ADVISORY  WRITE 315 fe:00:77 120 120
5: POSIX  ADVISORY  WRITE 316 fe:00:79 100 EOF
6: POSIX  ADVISORY  WRITE 0 fe:00:80 120 120
";

    #[test]
    fn whoever_holds_it_is_named_as_far_as_it_is_known() {
        let name_of = |user| (user == 0).then(|| "root".to_owned());
        let words = |user| {
            let holder = LockHolder { process: 4711, program: "ctibox import".to_owned(), user, user_name: None };
            holder.named(name_of).to_string()
        };
        assert_eq!(words(Some(0)), "ctibox import (pid 4711, root)");
        assert_eq!(words(Some(7)), "ctibox import (pid 4711, uid 7)");
        assert_eq!(words(None), "ctibox import (pid 4711)");
    }

    #[test]
    fn the_process_that_has_the_lock_for_writing_is_found() {
        assert_eq!(writer_in(LOCKS, 77), Some(4711));
        assert_eq!(writer_in(LOCKS, 79), Some(316));
        assert_eq!(writer_in(LOCKS, 80), None, "of another namespace");
        assert_eq!(writer_in(LOCKS, 1), None);
        assert_eq!(writer_in("nonsense\n", 77), None);
        // Whoever waits for it does not hold it.
        let locks = format!(
            "{LOCKS}7: FLOCK  ADVISORY  READ 9 fe:00:77 0 EOF\n7: -> FLOCK  ADVISORY  WRITE 10 fe:00:77 0 EOF\n"
        );
        assert_eq!(users_in(&locks, 77).into_iter().collect::<Vec<_>>(), [9, 313]);
    }

    #[test]
    fn a_command_of_ours_is_named_with_what_it_does() {
        let of = |line: &str| program(line.replace(' ', "\0").as_bytes());
        assert_eq!(of("/usr/bin/ctibox --data /srv/cti import users.csv").as_deref(), Some("ctibox import"));
        assert_eq!(of("ctibox serve").as_deref(), Some("ctibox serve"));
        assert_eq!(of("ctibox --help").as_deref(), Some("ctibox"));
        assert_eq!(of("/usr/bin/sqlite3 ctibox.db").as_deref(), Some("sqlite3"));
        assert_eq!(of(""), None);
    }
}
