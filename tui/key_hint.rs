//! What can be done now, in words: key bar, help and documents are made from it.

use super::key_table::Action;
use super::keys::Key;

/// A command without the screen that does it: for key bar, help and documents.
#[derive(Debug, Clone)]
pub(super) struct KeyHint {
    pub(super) actions: Vec<Action>,
    /// One or two words for the key bar.
    pub(super) words: &'static str,
    /// A sentence for the help page.
    pub(super) help: &'static str,
    pub(super) is_in_bar: bool,
    /// Why it cannot be done now.
    pub(super) obstacle: Option<&'static str>,
    /// It can never be done in this console: neither key bar nor help tell it.
    pub(super) is_hidden: bool,
}

impl KeyHint {
    /// One that can always be done, told in key bar and help.
    pub(super) fn told(actions: impl Into<Vec<Action>>, words: &'static str, help: &'static str) -> Self {
        Self { actions: actions.into(), words, help, is_in_bar: true, obstacle: None, is_hidden: false }
    }

    /// Everybody expects it: told in the help alone.
    pub(super) fn quiet(mut self) -> Self {
        self.is_in_bar = false;
        self
    }

    /// The keys for it, those first that bars and help name.
    pub(super) fn keys(&self) -> impl Iterator<Item = Key> {
        self.actions.iter().flat_map(|action| action.keys()).copied()
    }

    /// Whether it only moves the cursor, which help and documents tell once for all lists.
    pub(super) fn is_move(&self) -> bool {
        self.actions.iter().all(|action| Action::MOVES.contains(action))
    }

    /// All that can be done while a change is on its way.
    pub(super) fn give_up() -> Self {
        Self::told([Action::Back], "cancel", "Cancel what is in progress")
    }
}
