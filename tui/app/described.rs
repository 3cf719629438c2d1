//! What a change is called and what it is for, before it is made: the words of the message line and of Ctrl-Z, and what the
//! audit keeps of it.

use std::path::Path;

use crate::store::{AuditRange, Intent};
use crate::tui::command_line::SameCommand;

pub(in crate::tui) struct DescribedChange {
    pub(in crate::tui) words: String,
    pub(in crate::tui) intent: Intent,
    /// What does the same; none: that is told by what differs afterwards.
    pub(in crate::tui) commands: Option<Vec<SameCommand>>,
}

impl<T: Into<String>> From<T> for DescribedChange {
    fn from(words: T) -> Self {
        Self { words: words.into(), intent: Intent::Edit, commands: None }
    }
}

impl DescribedChange {
    pub(in crate::tui) fn undo(words: impl Into<String>, undone: Vec<AuditRange>) -> Self {
        Self { words: words.into(), intent: Intent::Undo(undone), commands: None }
    }

    /// These commands do the same; none: that is told by what differs afterwards.
    pub(in crate::tui) fn done_by(mut self, commands: Option<Vec<SameCommand>>) -> Self {
        self.commands = commands;
        self
    }

    /// The file is told without its folders. The commands read it again: they are not one for each thing that stands in it.
    pub(in crate::tui) fn import(words: impl Into<String>, file: &str, commands: Vec<SameCommand>) -> Self {
        let name =
            Path::new(file).file_name().map_or_else(|| file.to_owned(), |name| name.to_string_lossy().into_owned());
        Self { words: words.into(), intent: Intent::Import(name), commands: Some(commands) }
    }
}
