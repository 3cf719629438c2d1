//! The backups of the data folder as the page of settings tells them: where they lie, the newest, and the commands that make
//! one and bring one back. Reads the folder's names off the thread that draws; makes and removes nothing.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::settings::rule::count;
use crate::settings::setting::Key as Setting;
use crate::store::backups_folder;
use crate::tui::app::App;
use crate::tui::clock::minute;
use crate::tui::theme;

use super::pair::Pair;
use super::setting_list::Fact;

/// So many of the newest are told.
const TOLD: usize = 3;

pub(super) struct Backups {
    folder: PathBuf,
    /// When each was made, in seconds, with its name; the newest first.
    files: Vec<(i64, String)>,
}

impl Backups {
    /// A look at the folder, for a thread beside.
    pub(super) fn looking(app: &App) -> impl FnOnce() -> Self + Send + use<> {
        let folder = backups_folder(&app.folder);
        move || {
            let mut files = found(&folder);
            files.sort_unstable_by(|a, b| b.cmp(a));
            Self { folder, files }
        }
    }

    pub(super) fn facts(&self, app: &App) -> Vec<Fact> {
        let fact = |label, words, style| Fact { behind: Setting::BackupTime, label, words, style };
        let called = &app.called;
        let newest = self.files.iter().take(TOLD).map(|(at, name)| format!("{name} ({})", minute(*at, app.now)));
        let newest: Vec<String> = newest.collect();
        let (words, style) = match self.files.len() {
            0 => ("none was made yet".to_owned(), theme::MUTED),
            all if all > TOLD => (format!("{}; {} in all", newest.join(", "), count(all, "file")), theme::PLAIN),
            _ => (newest.join(", "), theme::PLAIN),
        };
        let one = self.files.first().map_or_else(|| PathBuf::from("FILE"), |(_, name)| self.folder.join(name));
        vec![
            fact("Folder", Pair::told(&self.folder, app), theme::PLAIN),
            fact("Last backups", words, style),
            fact("Make one now", format!("`{called} backup FILE` in a shell"), theme::PLAIN),
            fact(
                "Restore one",
                format!("stop the server, then `{called} restore {}` in a shell", one.display()),
                theme::PLAIN,
            ),
        ]
    }
}

/// What cannot be read is told as none: whoever may not look into the folder is told by `check`.
fn found(folder: &Path) -> Vec<(i64, String)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let told = |entry: std::fs::DirEntry| {
        let made = entry.metadata().ok().filter(std::fs::Metadata::is_file)?.modified().ok()?;
        let seconds = made.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
        Some((i64::try_from(seconds).ok()?, entry.file_name().into_string().ok()?))
    };
    entries.flatten().filter_map(told).filter(|(_, name)| name.ends_with(".db")).collect()
}
