//! The console at its search among many users: what one key costs until its frame is drawn.

use std::path::Path;

use crate::store::Store;
use crate::tui::BenchConsole;

pub struct Console(BenchConsole);

impl Console {
    /// On the database of this folder.
    ///
    /// # Panics
    /// If there is none.
    pub fn looking_for_users(folder: &Path) -> Self {
        let store = Store::open_existing(folder).expect("the folder has a database");
        Self(BenchConsole::looking_for_users(folder, store).expect("a console needs no terminal here"))
    }

    /// A letter, its frame, and the same for taking it back: two keys.
    ///
    /// # Panics
    /// If a frame cannot be drawn.
    pub fn write_and_take_back(&mut self, letter: char) {
        self.0.write(letter).expect("nothing is written anywhere");
        self.0.revert().expect("nothing is written anywhere");
    }

    /// One row down.
    ///
    /// # Panics
    /// If a frame cannot be drawn.
    pub fn move_down(&mut self) {
        self.0.move_down().expect("nothing is written anywhere");
    }
}
