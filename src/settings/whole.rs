//! A configuration with every entry of the phone book at hand: what is exported and imported, checked and served. Whoever
//! needs all entries takes this type, so that nobody takes the few at hand for all.

use std::ops::{Deref, DerefMut};

use super::configuration::Configuration;
use super::phone_book::{PhoneBook, PhoneBookEntry};
use super::table::Table;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WholeConfiguration(Configuration);

impl WholeConfiguration {
    /// These are all entries.
    pub(crate) fn with_entries(mut configuration: Configuration, entries: Table<PhoneBookEntry>) -> Self {
        configuration.phone_book = PhoneBook::whole(entries);
        Self(configuration)
    }

    /// None if some entries are not at hand.
    pub(crate) fn new(configuration: Configuration) -> Option<Self> {
        configuration.phone_book.is_whole().then_some(Self(configuration))
    }

    /// Edits one that was read with all entries.
    pub(crate) fn edit<T>(configuration: &mut Configuration, edit: impl FnOnce(&mut Self) -> T) -> T {
        let mut whole = Self::new(configuration.clone()).expect("it was read with all entries");
        let value = edit(&mut whole);
        *configuration = whole.into_inner();
        value
    }

    /// Every entry of the phone book.
    pub(crate) fn entries(&self) -> &Table<PhoneBookEntry> {
        self.0.phone_book.at_hand()
    }

    pub(crate) fn into_inner(self) -> Configuration {
        self.0
    }
}

impl Deref for WholeConfiguration {
    type Target = Configuration;

    fn deref(&self) -> &Configuration {
        &self.0
    }
}

/// Edits know no way to put entries away but `PhoneBook::put_away`, which is for whoever keeps a part.
impl DerefMut for WholeConfiguration {
    fn deref_mut(&mut self) -> &mut Configuration {
        &mut self.0
    }
}
