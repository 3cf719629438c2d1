//! What this console changed last, for "the same as a command", and what a change is called that was taken back.

use std::path::Path;
use std::sync::Arc;

use crate::settings::configuration::Configuration;
use crate::store::Intent;
use crate::tui::command_line::{SameCommand, quoted, same_commands};

/// In words, and what it did.
#[derive(Clone)]
pub(in crate::tui) struct LastChange {
    pub(in crate::tui) words: String,
    made: MadeBy,
}

#[derive(Clone)]
enum MadeBy {
    /// One configuration of another.
    Configuration { before: Arc<Configuration>, after: Arc<Configuration> },
    /// A file was imported, and a command imports it.
    Import(Vec<SameCommand>),
    /// The running server did it, or it was done to files of certificates: a command does the same.
    Elsewhere(Vec<SameCommand>),
}

impl LastChange {
    pub(super) fn of_configuration(words: String, before: Configuration, after: Arc<Configuration>) -> Self {
        Self { words, made: MadeBy::Configuration { before: Arc::new(before), after } }
    }

    pub(super) fn of_import(words: String, commands: Vec<SameCommand>) -> Self {
        Self { words, made: MadeBy::Import(commands) }
    }

    pub(super) fn made_elsewhere(words: String, commands: Vec<SameCommand>) -> Self {
        Self { words, made: MadeBy::Elsewhere(commands) }
    }

    /// Whether it was done outside of the database: nothing was stored that could be undone.
    pub(in crate::tui) fn is_made_elsewhere(&self) -> bool {
        matches!(self.made, MadeBy::Elsewhere(_))
    }

    /// The lines that do the same, and what no line does.
    pub(in crate::tui) fn commands(&self) -> Vec<SameCommand> {
        match &self.made {
            MadeBy::Configuration { before, after } => same_commands(before, after),
            MadeBy::Import(commands) | MadeBy::Elsewhere(commands) => commands.clone(),
        }
    }
}

/// What a change was, to whoever takes it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum ChangeNature {
    Edit,
    Undo,
}

impl ChangeNature {
    pub(super) fn of(intent: &Intent) -> Self {
        match intent {
            Intent::Undo(_) => Self::Undo,
            Intent::Edit | Intent::Import(_) => Self::Edit,
        }
    }

    /// What was done when such a change of these words was taken back. What an undo did is the opposite of what its words
    /// tell: they would say the contrary of what holds then.
    pub(in crate::tui) fn undone(self, words: &str) -> String {
        match self {
            Self::Edit => format!("undone: {words}"),
            Self::Undo => "the undo was taken back".to_owned(),
        }
    }
}

/// What Ctrl-Z did without a question, though it asks at other times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum UnaskedUndo {
    /// There was nothing to undo.
    Nothing,
    Begun,
}

/// How a shell calls ctibox on this folder.
pub(super) fn called_on(folder: &Path, usual: &Path) -> String {
    match folder == usual {
        true => "ctibox".to_owned(),
        false => format!("ctibox --data {}", quoted(&folder.to_string_lossy())),
    }
}
