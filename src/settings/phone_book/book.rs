//! The phone book of a configuration: how many entries stand in each context, and of the entries themselves those that are
//! at hand, for a hundred thousand are too many to be read for a change of something else. `store` says what there is;
//! every edit goes through here and keeps the numbers true. Nothing here reads what is not at hand.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::PhoneBookEntry;
use crate::settings::id::{ContextId, PhoneBookEntryId};
use crate::settings::table::{Collection, Table};

/// Which entries somebody needs at hand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum EntriesNeeded {
    #[default]
    None,
    /// As far as they exist.
    These(Vec<PhoneBookEntryId>),
    All,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct PhoneBook {
    at_hand: Table<PhoneBookEntry>,
    /// Of all entries, at hand or not, how many stand in each context, and how many in none. No number is 0.
    numbers: BTreeMap<Option<ContextId>, usize>,
}

impl PhoneBook {
    /// Of some entries and the numbers of all.
    pub(crate) fn part(at_hand: Table<PhoneBookEntry>, numbers: BTreeMap<Option<ContextId>, usize>) -> Self {
        Self { at_hand, numbers }
    }

    /// Of all entries.
    pub(crate) fn whole(entries: Table<PhoneBookEntry>) -> Self {
        let mut book = Self { at_hand: entries, numbers: BTreeMap::new() };
        for entry in book.at_hand.iter() {
            *book.numbers.entry(entry.context).or_default() += 1;
        }
        book
    }

    /// How many entries there are, at hand or not.
    pub(crate) fn len(&self) -> usize {
        self.numbers.values().sum()
    }

    /// How many stand in the context.
    pub(crate) fn number_in(&self, context: ContextId) -> usize {
        self.numbers.get(&Some(context)).copied().unwrap_or_default()
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.at_hand.len() == self.len()
    }

    /// The entries at hand.
    pub(crate) fn at_hand(&self) -> &Table<PhoneBookEntry> {
        &self.at_hand
    }

    /// One of those at hand.
    pub(crate) fn get(&self, id: PhoneBookEntryId) -> Option<&Arc<PhoneBookEntry>> {
        self.at_hand.get(id)
    }

    /// Lets go of the entries, not of their numbers.
    pub(crate) fn put_away(&mut self) {
        let mut none = Table::default();
        none.raise_next_number(self.at_hand.next_number());
        self.at_hand = none;
    }

    /// Makes a new entry with a fresh id; `make` must use that id and version 1.
    pub(crate) fn add(&mut self, make: impl FnOnce(PhoneBookEntryId) -> PhoneBookEntry) -> PhoneBookEntryId {
        let id = self.at_hand.add(make);
        self.count(id, None);
        id
    }

    /// Edits an entry at hand and counts its version up if that changed anything. Others are left alone.
    pub(crate) fn edit(&mut self, id: PhoneBookEntryId, edit: impl FnOnce(&mut PhoneBookEntry)) {
        let before = self.get(id).cloned();
        self.at_hand.edit(id, edit);
        self.count(id, before);
    }

    /// Moves the numbers from what the entry was to what it is now.
    fn count(&mut self, id: PhoneBookEntryId, before: Option<Arc<PhoneBookEntry>>) {
        let now = self.at_hand.get(id).map(|entry| entry.context);
        if let Some(context) = now {
            *self.numbers.entry(context).or_default() += 1;
        }
        if let Some(before) = before
            && let Some(number) = self.numbers.get_mut(&before.context)
        {
            *number = number.saturating_sub(1);
            if *number == 0 {
                self.numbers.remove(&before.context);
            }
        }
    }
}

impl Collection for PhoneBook {
    type Object = PhoneBookEntry;

    fn objects(&self) -> &Table<PhoneBookEntry> {
        &self.at_hand
    }

    /// An entry that was not at hand counts as a new one.
    fn share(&mut self, entry: &Arc<PhoneBookEntry>) {
        let before = self.get(entry.id).cloned();
        self.at_hand.share(entry);
        self.count(entry.id, before);
    }

    fn remove(&mut self, id: PhoneBookEntryId) -> Option<Arc<PhoneBookEntry>> {
        let removed = self.at_hand.remove(id);
        self.count(id, removed.clone());
        removed
    }

    fn raise_next_number(&mut self, next: i64) {
        self.at_hand.raise_next_number(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::fixtures;
    use crate::settings::id::Id;

    #[test]
    fn the_numbers_follow_every_edit() {
        let mut office = fixtures::small_company();
        let context = |number| Some(ContextId::new(number));
        let numbers = |book: &PhoneBook| book.numbers.iter().map(|(at, number)| (*at, *number)).collect::<Vec<_>>();
        let book = &mut office.phone_book;
        assert_eq!(numbers(book), [(None, 1), (context(2), 1)]);
        let (zoe, acme) = (PhoneBookEntryId::new(1), PhoneBookEntryId::new(2));
        book.edit(acme, |entry| entry.context = context(2));
        assert_eq!(numbers(book), [(context(2), 2)]);
        let taken = book.remove(zoe).expect("Zoe is there");
        assert_eq!((book.number_in(ContextId::new(2)), book.len()), (1, 1));
        book.share(&taken);
        book.share(&taken);
        assert_eq!(numbers(book), [(context(2), 2)]);
        assert!(book.is_whole());
        assert_eq!(*book, PhoneBook::whole(book.at_hand().clone()));
    }

    #[test]
    fn what_is_put_away_still_counts() {
        let mut book = fixtures::small_company().phone_book;
        book.put_away();
        assert_eq!((book.len(), book.at_hand().len(), book.is_whole()), (2, 0, false));
        let id = book.add(|id| PhoneBookEntry { id, version: 1, details: Default::default(), context: None });
        assert_eq!((id.number(), book.len()), (3, 3));
    }
}
