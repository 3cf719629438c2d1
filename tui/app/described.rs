//! What a change is called and what it is for, before it is made: the words of the message line and of Ctrl-Z, and what the
//! audit keeps of it.

use std::path::Path;

use crate::store::{AuditRange, Intent};

pub(in crate::tui) struct DescribedChange {
    pub(in crate::tui) words: String,
    pub(in crate::tui) intent: Intent,
}

impl<T: Into<String>> From<T> for DescribedChange {
    fn from(words: T) -> Self {
        Self { words: words.into(), intent: Intent::Edit }
    }
}

impl DescribedChange {
    pub(in crate::tui) fn undo(words: impl Into<String>, undone: Vec<AuditRange>) -> Self {
        Self { words: words.into(), intent: Intent::Undo(undone) }
    }

    /// The file is told without its folders.
    pub(in crate::tui) fn import(words: impl Into<String>, file: &str) -> Self {
        let name =
            Path::new(file).file_name().map_or_else(|| file.to_owned(), |name| name.to_string_lossy().into_owned());
        Self { words: words.into(), intent: Intent::Import(name) }
    }
}
