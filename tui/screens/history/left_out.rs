//! An object that an undo leaves out, for it was changed again since: what became of it, by whom and when.

use crate::exchange::document::ChangedSince;
use crate::tui::app::App;

pub(super) struct LeftOut {
    /// `user "bob": last name "Miller" -> "Smith"`
    change: String,
    /// `04:25:07 by alice`
    last: Option<String>,
}

impl LeftOut {
    pub(super) fn of(since: &ChangedSince, app: &App) -> Self {
        let last = app.changed_by(since.kind, since.number(), since.key());
        Self { change: format!("{}: {}", since.on, since.difference()), last }
    }

    pub(super) fn words(&self) -> String {
        let last = self.last.as_ref().map_or_else(String::new, |last| format!(" ({last})"));
        format!("{}{last}", self.change)
    }
}
