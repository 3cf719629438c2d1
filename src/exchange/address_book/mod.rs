//! What a user looks for in their own address book, and tables of contacts in and out of it. `store` calls it with the
//! book that it loaded; what fits into a book is decided in `settings::address_book`.

mod own_contact;
mod table;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use self::table::{ContactTable, Failures};
use super::csv;
use crate::settings::address_book::{AddressBook, Contact, Favourite, Found, Imported, Look};
use crate::settings::search::SearchPattern;

/// The contacts that there are to see; the book is not needed any more.
pub(crate) fn find(book: AddressBook, look: &Look) -> Found {
    match look {
        Look::Pattern(pattern) => {
            let pattern = SearchPattern::of(pattern);
            let is_found = |name: &str, contact: &Contact| pattern.is_in(name) || contact.is_found(&pattern);
            book.found(|_, name, contact| !pattern.is_empty() && is_found(name, contact))
        }
        Look::Favourites => {
            let marked = book.favourites.clone();
            book.found(|id, _, _| marked.contains(&Favourite::Contact(id)))
        }
        Look::All => book.found(|_, _, _| true),
    }
}

/// Takes the contacts of a table, as far as there is room.
pub(crate) fn import(book: &mut AddressBook, table: &str) -> Imported {
    let table = match ContactTable::of(table) {
        Ok(table) => table,
        Err(failed) => return Imported { created: 0, failed: vec![failed] },
    };
    let mut additions = book.additions();
    let (mut created, mut failures) = (0, Failures::default());
    for (line, contact) in table {
        let taken = contact.and_then(|(contact, remarks)| match additions.add(contact) {
            Ok(()) => Ok(remarks),
            Err(no_room) => Err(no_room.to_string().into()),
        });
        match taken {
            Ok(remarks) => {
                created += 1;
                remarks.into_iter().for_each(|remark| failures.add(line, remark.into()));
            }
            Err(error) => failures.add(line, error),
        }
    }
    Imported { created, failed: failures.told() }
}

/// All contacts as a table: a column for every name that one of them has.
pub(crate) fn to_csv(book: &AddressBook) -> String {
    let names: BTreeSet<&str> =
        book.contacts.values().flat_map(|contact| contact.texts().map(|(name, _)| name)).collect();
    let mut text = String::new();
    if !names.is_empty() {
        csv::write(names.iter().copied(), &mut text);
    }
    for contact in book.contacts.values() {
        let texts: BTreeMap<&str, &str> = contact.texts().collect();
        csv::write(names.iter().map(|name| texts.get(name).copied().unwrap_or_default()), &mut text);
    }
    text
}
