//! The console: the administrator's window over SSH. It draws what `settings` holds, writes through `store`, and asks the
//! server through `control`; started by `ctibox console`, which hands it everything that comes from the environment. It
//! knows no rule of its own, opens no CTI socket and never ends the process.
//!
//! Start reading at `console.rs`, how a key finds its way; `screen.rs` says what a screen is.

mod ability;
mod ask;
mod clock;
mod commands;
mod confirm;
mod consequence;
mod console;
mod effect;
mod flatten;
mod form;
mod frame;
mod job;
mod keys;
#[cfg(feature = "measure")]
mod measured;
mod news;
mod office;
mod plain;
mod proposal;
mod saving;
mod screen;
mod screens;
mod terminal;
#[cfg(test)]
mod tests;
mod theme;
mod widgets;

use std::path::PathBuf;

use crate::store::{Origin, Store, StoreError};

pub(crate) use ability::{Ability, Surroundings};
pub(crate) use console::run;
#[cfg(feature = "measure")]
pub(crate) use measured::Typist;
pub(crate) use office::Chance;
pub(crate) use screen::Place;

/// What a console starts with.
pub(crate) struct Start {
    pub(crate) folder: PathBuf,
    pub(crate) store: Store,
    /// Who edits, for the audit.
    pub(crate) origin: Origin,
    pub(crate) rights: Rights,
    pub(crate) chance: Chance,
    pub(crate) ability: Ability,
    pub(crate) place: Place,
}

/// Whether the console may change anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rights {
    Edit,
    ReadOnly,
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
