//! A wall clock that a test turns: the process runs under Debian's `faketime`, which reads a file for how wrong its clock
//! is. The steady clock stays the true one, as it does when somebody turns a machine's clock.

use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

pub(crate) struct FalseClock {
    folder: TempDir,
    library: String,
}

impl FalseClock {
    /// None, and a word about it, where there is no `faketime`; with `CI=true` that fails the test.
    pub(crate) fn new() -> Option<Self> {
        let asked = Command::new("faketime").args(["-m", "-f", "+0", "printenv", "LD_PRELOAD"]).output();
        let library = asked.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
        if library.is_empty() {
            super::left_out("a clock that jumps", "faketime");
            return None;
        }
        let clock = Self { folder: TempDir::new().unwrap(), library };
        clock.turn_by_days(0);
        Some(clock)
    }

    /// The clock is wrong by so much from now on.
    pub(crate) fn turn_by_days(&self, days: i32) {
        // whole at every moment: it is read with every look at the clock
        let unfinished = self.folder.path().join("unfinished");
        std::fs::write(&unfinished, format!("{days:+}d\n")).unwrap();
        std::fs::rename(unfinished, self.file()).unwrap();
    }

    /// The variables of a process that goes by it.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        let file = self.file().to_str().unwrap().to_owned();
        vec![
            ("LD_PRELOAD", self.library.clone()),
            ("FAKETIME_TIMESTAMP_FILE", file),
            ("FAKETIME_NO_CACHE", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
            ("DONT_FAKE_MONOTONIC", "1".to_owned()),
            ("NO_FAKE_STAT", "1".to_owned()),
        ]
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("clock")
    }
}
