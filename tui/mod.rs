//! The console: the administrator's window over SSH. It draws what `settings` holds, writes through `store`, and asks the
//! server through `control`; started by `ctibox console`, which hands it everything that comes from the environment. It
//! knows no rule of its own, opens no CTI socket and never ends the process.
//!
//! Start reading at `console.rs`, how a key finds its way; `screen.rs` says what a screen is.

mod app;
mod appearance;
mod ask;
mod at_work;
mod capabilities;
mod clock;
mod command_line;
mod commands;
mod confirm;
mod consequence;
mod console;
mod degrade;
mod detail;
mod effect;
mod event;
mod filter;
mod form;
mod frame;
mod job;
mod key_hint;
mod key_table;
mod keys;
mod last_logins;
mod latest;
mod lock_wait;
#[cfg(feature = "measure")]
mod measured;
mod moved_presences;
mod natural;
mod note;
mod own_changes;
mod palette;
mod path_completion;
mod path_line;
mod paths;
mod proposal;
mod saving;
mod screen;
mod screens;
mod server;
mod services_on;
mod spinner;
mod system_user;
mod tab;
mod table_view;
mod tabs;
mod target;
mod terminal;
mod terminal_request;
#[cfg(test)]
mod tests;
mod theme;
mod typed_form;
mod undo;
mod unsaved;
mod watchers;
mod widgets;

use std::path::PathBuf;

use crate::config::ReadFiles;
use crate::store::{self, Store, StoreError};

pub(crate) use app::RandomSource;
pub(crate) use appearance::Theme;
pub(crate) use capabilities::{Capabilities, TerminalEnvironment};
pub(crate) use console::run;
#[cfg(feature = "measure")]
pub(crate) use measured::BenchConsole;
pub(crate) use tab::Tab;

/// What a console starts with.
pub(crate) struct Start {
    pub(crate) folder: PathBuf,
    /// Where commands look that name no other.
    pub(crate) usual_folder: PathBuf,
    pub(crate) store: Store,
    /// Those above the database, as they are now.
    pub(crate) files: ReadFiles,
    /// Who edits, for the audit.
    pub(crate) origin: store::Origin,
    pub(crate) rights: Rights,
    pub(crate) file_access: FileAccess,
    /// The home folder, if it is known.
    pub(crate) home: Option<String>,
    pub(crate) random: RandomSource,
    /// The name of a user of the system, by its number.
    pub(crate) name_of: NameOf,
    pub(crate) capabilities: Capabilities,
    /// What somebody asked for; else the setting says it, or the terminal.
    pub(crate) theme: Option<Theme>,
    pub(crate) tab: Tab,
}

/// How a user of the system is called; this room reads no such file.
pub(crate) type NameOf = fn(u32) -> Option<String>;

/// Whether the console may change anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rights {
    Edit,
    ReadOnly,
}

/// Whether files may be named: what the console reads is shown, and it may run as somebody who may read more than whoever
/// sits before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileAccess {
    Own,
    None,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum ConsoleError {
    #[error("the console needs a terminal on its input and output")]
    NoTerminal,
    #[error("the terminal cannot be used")]
    Terminal(#[from] std::io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}
