//! A data folder on a disk of its own: a small file system in memory, which a test fills, empties and makes read-only. It is
//! mounted where only the processes of the test see it (a mount namespace of its own), which takes no root.

use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// Lives as long as the process that keeps the mount.
pub(crate) struct SmallDisk {
    keeper: Child,
    /// Where the disk is mounted, which outside of its processes is an empty folder.
    place: TempDir,
}

impl SmallDisk {
    /// None, and a word about it, where the system gives no namespace; with `CI=true` that fails the test.
    pub(crate) fn mount() -> Option<Self> {
        let place = TempDir::new().unwrap();
        let mut keeper = Command::new("unshare")
            .args(["--user", "--map-root-user", "--mount", "sh", "-c"])
            .arg(r#"mount -t tmpfs -o size=8m,mode=0755 disk "$1" && echo mounted && exec cat"#)
            .args(["sh".as_ref(), place.path().as_os_str()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| super::left_out("a small disk", &format!("unshare: {error}")))
            .ok()?;
        let mut said = String::new();
        BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut said).unwrap();
        if said.trim() != "mounted" {
            keeper.wait().unwrap();
            super::left_out("a small disk", "mount namespaces without root");
            return None;
        }
        Some(Self { keeper, place })
    }

    pub(crate) fn path(&self) -> &Path {
        self.place.path()
    }

    /// The words in front of a command that let it see the disk.
    pub(crate) fn entrance(&self) -> Vec<OsString> {
        let target = format!("--target={}", self.keeper.id());
        ["nsenter", &target, "--user", "--mount", "--preserve-credentials", "--"].map(OsString::from).into()
    }

    /// Not a byte is free afterwards.
    pub(crate) fn fill(&self) {
        let mut ballast = OpenOptions::new().append(true).create(true).open(self.ballast()).unwrap();
        for chunk in [&[0_u8; 65_536][..], &[0; 1]] {
            while ballast.write_all(chunk).map_err(|error| assert_eq!(error.kind(), ErrorKind::StorageFull)).is_ok() {}
        }
    }

    pub(crate) fn free(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }

    /// From now on the folder can only be read by whoever opens something in it.
    pub(crate) fn make_read_only(&self, folder: &Path) {
        self.run(&["mount".as_ref(), "--bind".as_ref(), folder, folder]);
        self.run(&["mount".as_ref(), "-o".as_ref(), "remount,bind,ro".as_ref(), folder]);
    }

    pub(crate) fn make_writable(&self, folder: &Path) {
        self.run(&["umount".as_ref(), folder]);
    }

    /// What stands in a folder of the disk.
    pub(crate) fn names_in(&self, folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(self.seen_from_outside(folder)).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn ballast(&self) -> PathBuf {
        self.seen_from_outside(&self.path().join("ballast"))
    }

    fn seen_from_outside(&self, path: &Path) -> PathBuf {
        Path::new("/proc").join(self.keeper.id().to_string()).join("root").join(path.strip_prefix("/").unwrap())
    }

    fn run(&self, words: &[&Path]) {
        let entrance = self.entrance();
        let status = Command::new(&entrance[0]).args(&entrance[1..]).args(words).status().unwrap();
        assert!(status.success(), "{words:?}");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}
