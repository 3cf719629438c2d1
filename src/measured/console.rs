//! The console at its filter over many users and over a large phone book: what one key costs until its frame is drawn.

use std::path::Path;

use crate::store::Store;
use crate::tui::{BenchConsole, Tab};

pub struct Console(BenchConsole);

impl Console {
    /// On the database of this folder.
    ///
    /// # Panics
    /// If there is none.
    pub fn looking_for_users(folder: &Path) -> Self {
        Self::looking_at(Tab::Users, folder)
    }

    /// The same in the phone book, once that is read.
    ///
    /// # Panics
    /// If there is none.
    pub fn looking_for_entries(folder: &Path) -> Self {
        Self::looking_at(Tab::PhoneBook, folder)
    }

    /// At the palette over all that is configured.
    ///
    /// # Panics
    /// If there is no database.
    pub fn at_palette(folder: &Path) -> Self {
        let store = Store::open_existing(folder).expect("the folder has a database");
        Self(BenchConsole::at_palette(folder, store).expect("a console needs no terminal here"))
    }

    fn looking_at(tab: Tab, folder: &Path) -> Self {
        let store = Store::open_existing(folder).expect("the folder has a database");
        Self(BenchConsole::looking_at(tab, folder, store).expect("a console needs no terminal here"))
    }

    /// A text, a key a letter, each with its frame.
    ///
    /// # Panics
    /// If a frame cannot be drawn.
    pub fn write(&mut self, text: &str) {
        text.chars().for_each(|letter| self.0.write(letter).expect("nothing is written anywhere"));
    }

    /// The same without a search.
    ///
    /// # Panics
    /// If there is none.
    pub fn among_users(folder: &Path) -> Self {
        let store = Store::open_existing(folder).expect("the folder has a database");
        Self(BenchConsole::among_users(folder, store).expect("a console needs no terminal here"))
    }

    /// All users are marked, and none is: two keys.
    ///
    /// # Panics
    /// If a frame cannot be drawn.
    pub fn mark_all_and_none(&mut self) {
        self.0.mark_all_and_none().expect("nothing is written anywhere");
    }

    /// Sorted by the next column, reversed, and kept: three keys.
    ///
    /// # Panics
    /// If a frame cannot be drawn.
    pub fn sort_and_reverse(&mut self) {
        self.0.sort_and_reverse().expect("nothing is written anywhere");
    }

    /// A letter, its frame, and the same for taking it back: two keys.
    ///
    /// # Panics
    /// If a frame cannot be drawn.
    pub fn write_and_take_back(&mut self, letter: char) {
        self.write_letter(letter);
        self.take_back();
    }

    /// The first of both keys alone.
    ///
    /// # Panics
    /// If a frame cannot be drawn.
    pub fn write_letter(&mut self, letter: char) {
        self.0.write(letter).expect("nothing is written anywhere");
    }

    /// The second of both keys alone.
    ///
    /// # Panics
    /// If a frame cannot be drawn.
    pub fn take_back(&mut self) {
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
