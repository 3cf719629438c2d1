//! What can be done now, in words: key bar, help and documents are made from it.

use super::keys::Key;

/// A command without the screen that does it: for key bar, help and documents.
#[derive(Debug, Clone)]
pub(super) struct KeyHint {
    pub(super) keys: Vec<Key>,
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
    /// All that can be done while a change is on its way.
    pub(super) fn give_up() -> Self {
        Self {
            keys: vec![Key::ESC],
            words: "give up",
            help: "Give up what is under way",
            is_in_bar: true,
            obstacle: None,
            is_hidden: false,
        }
    }
}
