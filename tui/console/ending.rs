//! How a console ends, and what the next one begins with: what is under way is waited for, what is typed is kept and offered.

use super::{Console, LAST_PATIENCE};
use crate::tui::app::Transition;
use crate::tui::keys::Key;
use crate::tui::unsaved;

impl Console {
    /// What is gone for good once the console is left, and what the answer says that leaves all the same.
    pub(super) fn lost_by_leaving(&self) -> Option<(String, &'static str)> {
        let unsaved = self.unsaved();
        let passwords = match self.app.passwords_held() {
            0 => None,
            1 => Some("Only this console can still bring back the password of a user whom it removed.".to_owned()),
            users => {
                Some(format!("Only this console can still bring back the passwords of {users} users whom it removed."))
            }
        };
        match (unsaved.as_slice(), passwords) {
            ([], passwords) => passwords.map(|text| (text, "leave")),
            (unsaved, passwords) => {
                let text = format!("What is not saved in {} would be lost.", unsaved.join(", "));
                let lines: Vec<String> = std::iter::once(text).chain(passwords).collect();
                Some((lines.join("\n"), "leave without saving"))
            }
        }
    }

    /// Before the console ends: what is not begun is given up, what is under way is waited for.
    pub(super) fn settle(&mut self) {
        let given_up = self.app.press_while_busy(Key::ESC);
        if let Some(transition) = given_up.or_else(|| self.app.look_after(LAST_PATIENCE)) {
            // What was saved is not unsaved any more.
            self.go_on(transition);
        }
    }

    /// Keeps what is typed and not saved for the next start, where nobody decided that it goes.
    pub(in crate::tui) fn keep_unsaved(&self) {
        if self.was_left {
            return;
        }
        let places = self.stacks.iter().filter(|(tab, _)| **tab != self.tab);
        let shown_last = places.chain(self.stacks.get_key_value(&self.tab));
        let forms = shown_last.flat_map(|(tab, stack)| {
            stack.iter().filter_map(|screen| Some((*tab, screen.unsaved(&self.app)?))).collect::<Vec<_>>()
        });
        // There is nobody any more who could be told that it cannot be kept.
        let _ = unsaved::keep(&self.app, forms.collect());
    }

    /// Asks whether what was typed when the line was cut is to be gone on with.
    pub(in crate::tui) fn offer_unsaved(&mut self) {
        if let Some(question) = unsaved::offer(&self.app) {
            self.follow(Transition::Push(question));
        }
    }
}
