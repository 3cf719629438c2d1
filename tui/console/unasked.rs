//! An answer by habit where nothing was asked: Ctrl-Z asks only where nobody sees what it undoes. `y` right behind one that did
//! not means "yes", not the last change as a command, and `n` means "no": neither does anything but say so.

use super::Console;
use crate::settings::rule::Severity;
use crate::tui::app::UnaskedUndo;
use crate::tui::keys::Key;
use crate::tui::note::Tone;

const YES: Key = Key::char('y');
const NO: Key = Key::char('n');

impl Console {
    /// Whether the key would answer a question that was not asked, which is told.
    pub(super) fn answers_nothing(&mut self, key: Key) -> bool {
        let Some(unasked) = self.app.take_unasked() else { return false };
        if ![YES, NO].contains(&key) || self.top().takes_text() || self.top().is_modal() {
            return false;
        }
        let has_failed = self.app.note.as_ref().is_some_and(|note| note.tone == Tone::Problem(Severity::Error));
        let was_done = unasked == UnaskedUndo::Begun && !has_failed;
        self.app.remark(match (was_done, key == YES) {
            (true, true) => "the undo is done already, nothing is asked; y again shows it as a command",
            (true, false) => "the undo is done already, nothing is asked; h, then u brings it back",
            (false, true) => "nothing is asked here; y again shows the last change as a command",
            (false, false) => "nothing is asked here",
        });
        true
    }
}
