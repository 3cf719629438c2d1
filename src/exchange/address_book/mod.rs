//! What a user asks of their own address book, tables of contacts in and out among it. `store` calls it with the book that
//! it loaded; what fits into a book is decided in `settings::address_book`.

mod own_contact;
mod table;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use self::table::{ContactTable, Failures};
use super::csv;
use crate::settings::address_book::{AddressBook, AddressBookAct, AddressBookOutcome, Contact, Favourite, Look};
use crate::settings::id::ContactId;
use crate::settings::search::SearchPattern;

/// Says what there is to see; the book is not needed any more.
pub(crate) fn look(book: AddressBook, look: &Look) -> AddressBookOutcome {
    let found = match look {
        Look::Find(pattern) => {
            let pattern = SearchPattern::of(pattern);
            let is_found = |name: &str, contact: &Contact| pattern.is_in(name) || contact.is_found(&pattern);
            book.found(|_, name, contact| !pattern.is_empty() && is_found(name, contact))
        }
        Look::Favourites => {
            let marked = book.favourites.clone();
            book.found(|id, _, _| marked.contains(&Favourite::Contact(id)))
        }
        Look::Contacts => book.found(|_, _, _| true),
        Look::One(id) => return one(book, *id),
        Look::WhoHas(numbers) => {
            let mut found = book.found(|_, _, contact| contact.has_number(numbers)).contacts.into_iter();
            let first = found.next().map(|(_, _, contact)| contact);
            return first.map_or(AddressBookOutcome::Refused, AddressBookOutcome::One);
        }
        Look::Export => return AddressBookOutcome::Exported(to_csv(&book).into()),
    };
    AddressBookOutcome::Found(found)
}

fn one(mut book: AddressBook, id: ContactId) -> AddressBookOutcome {
    book.contacts.remove(&id).map_or(AddressBookOutcome::Refused, AddressBookOutcome::One)
}

/// Does it, as far as there is room.
pub(crate) fn apply(book: &mut AddressBook, act: &AddressBookAct) -> AddressBookOutcome {
    let is_done = match act {
        AddressBookAct::Look(asked) => return look(book.clone(), asked),
        AddressBookAct::SetFavourite(favourite, true) => book.mark(*favourite),
        AddressBookAct::SetFavourite(favourite, false) => {
            book.favourites.remove(favourite);
            true
        }
        AddressBookAct::Create(contact) => book.create(contact.clone()),
        AddressBookAct::Edit(id, contact) => book.edit(*id, contact),
        AddressBookAct::Delete(id) => book.delete(*id),
        AddressBookAct::Purge => {
            book.purge();
            true
        }
        AddressBookAct::Import(table) => return import(book, table),
    };
    if is_done { AddressBookOutcome::Done } else { AddressBookOutcome::Refused }
}

fn import(book: &mut AddressBook, table: &str) -> AddressBookOutcome {
    let table = match ContactTable::of(table) {
        Ok(table) => table,
        Err(failed) => return AddressBookOutcome::Imported { created: 0, failed: vec![failed] },
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
    AddressBookOutcome::Imported { created, failed: failures.told() }
}

/// All contacts as a table: a column for every name that one of them has.
fn to_csv(book: &AddressBook) -> String {
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
