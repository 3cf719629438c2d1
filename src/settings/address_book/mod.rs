//! A user's own address book: his favourites and his personal contacts, and what he can do with them. State, not
//! configuration (settings §1.9): `live` decides who may, `store` keeps it; what an act does to a book stands here.

mod contact;
mod table;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use contact::{CONTACT_BYTES_MAX, CONTACT_FIELDS_MAX, Contact, ContactError, FIELD_NAME_BYTES_MAX};
pub(crate) use table::FailedLine;

use super::csv;
use super::fold::fold;
use super::id::{ContactId, Id, PhoneBookEntryId, UserUuid};
use super::search::SearchPattern;
use table::{ContactTable, Failures};

/// Personal contacts of one user.
pub(crate) const CONTACTS_MAX: usize = 2000;
/// All contacts of one user together: ordinary ones of seven texts reach their number first.
pub(crate) const ADDRESS_BOOK_BYTES_MAX: usize = 384 * 1024;
/// Different names of texts in one user's contacts: each is a column of what he exports.
pub(crate) const ADDRESS_BOOK_FIELDS_MAX: usize = 64;
/// Favourites of one user.
pub(crate) const FAVOURITES_MAX: usize = 2000;
/// Rows of an answer about people, and the bytes of their texts as they travel.
pub(crate) const ROWS_MAX: usize = 500;
pub(crate) const ROWS_BYTES_MAX: usize = 128 * 1024;

/// Whom a user marked. Other users are remembered by what outlives export and import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Favourite {
    User(UserUuid),
    Contact(ContactId),
    PhoneBook(PhoneBookEntryId),
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AddressBook {
    pub(crate) favourites: BTreeSet<Favourite>,
    pub(crate) contacts: BTreeMap<ContactId, Contact>,
    /// The highest number that a contact ever had: none is used twice.
    pub(crate) last_contact: i64,
}

/// Something that a user does with his address book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AddressBookAct {
    Look(Look),
    SetFavourite(Favourite, bool),
    Create(Contact),
    Edit(ContactId, Contact),
    Delete(ContactId),
    Purge,
    /// A table: as many of its contacts as there is room for, in order.
    Import(Box<str>),
}

/// What a user wants to see of it: never more than an answer may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Look {
    /// Contacts that have the pattern.
    Find(Box<str>),
    /// Contacts that are favourites.
    Favourites,
    Contacts,
    One(ContactId),
    Export,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AddressBookOutcome {
    Found(Found),
    One(Contact),
    Exported(Box<str>),
    Done,
    /// There is no such contact, or no room.
    Refused,
    Imported {
        created: usize,
        failed: Vec<FailedLine>,
    },
}

/// Contacts in order of their folded names, which stand before them, and what is marked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) contacts: Vec<(Box<str>, ContactId, Contact)>,
    pub(crate) favourites: BTreeSet<Favourite>,
}

/// Why a contact is not taken into a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum NoRoom {
    #[error("there is no room for more contacts")]
    Full,
    #[error("with its columns the contacts would have more than {ADDRESS_BOOK_FIELDS_MAX} different ones")]
    TooManyFields,
}

impl AddressBook {
    /// Says what there is to see; the book is not needed any more.
    pub(crate) fn look(self, look: &Look) -> AddressBookOutcome {
        match look {
            Look::Find(pattern) => {
                let pattern = SearchPattern::of(pattern);
                let is_found = |name: &str, contact: &Contact| pattern.is_in(name) || contact.is_found(&pattern);
                self.found(|_, name, contact| !pattern.is_empty() && is_found(name, contact))
            }
            Look::Favourites => {
                let marked = self.favourites.clone();
                self.found(|id, _, _| marked.contains(&Favourite::Contact(id)))
            }
            Look::Contacts => self.found(|_, _, _| true),
            Look::One(id) => {
                let mut contacts = self.contacts;
                contacts.remove(id).map_or(AddressBookOutcome::Refused, AddressBookOutcome::One)
            }
            Look::Export => AddressBookOutcome::Exported(self.to_csv().into()),
        }
    }

    fn found(self, is_wanted: impl Fn(ContactId, &str, &Contact) -> bool) -> AddressBookOutcome {
        let folded = |(id, contact): (ContactId, Contact)| {
            let name = fold(&contact.full_name());
            is_wanted(id, &name, &contact).then(|| (name.into(), id, contact))
        };
        let mut contacts: Vec<(Box<str>, ContactId, Contact)> = self.contacts.into_iter().filter_map(folded).collect();
        contacts.sort_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
        contacts.truncate(ROWS_MAX);
        AddressBookOutcome::Found(Found { contacts, favourites: self.favourites })
    }

    /// Does it, as far as there is room.
    pub(crate) fn take(&mut self, act: &AddressBookAct) -> AddressBookOutcome {
        let is_done = match act {
            AddressBookAct::Look(look) => return self.clone().look(look),
            AddressBookAct::SetFavourite(favourite, true) => self.mark(*favourite),
            AddressBookAct::SetFavourite(favourite, false) => {
                self.favourites.remove(favourite);
                true
            }
            AddressBookAct::Create(contact) => Room::of(self, None).take(contact).is_ok_and(|()| {
                self.add(contact.clone());
                true
            }),
            AddressBookAct::Edit(id, contact) => self.edit(*id, contact),
            AddressBookAct::Delete(id) => {
                self.favourites.remove(&Favourite::Contact(*id));
                self.contacts.remove(id).is_some()
            }
            AddressBookAct::Purge => {
                self.contacts.clear();
                self.favourites.retain(|favourite| !matches!(favourite, Favourite::Contact(_)));
                true
            }
            AddressBookAct::Import(table) => return self.import(table),
        };
        if is_done { AddressBookOutcome::Done } else { AddressBookOutcome::Refused }
    }

    fn mark(&mut self, favourite: Favourite) -> bool {
        let is_there = match favourite {
            Favourite::User(_) | Favourite::PhoneBook(_) => true,
            Favourite::Contact(id) => self.contacts.contains_key(&id),
        };
        let has_room = self.favourites.len() < FAVOURITES_MAX || self.favourites.contains(&favourite);
        is_there && has_room && {
            self.favourites.insert(favourite);
            true
        }
    }

    fn add(&mut self, contact: Contact) {
        self.last_contact += 1;
        self.contacts.insert(ContactId::new(self.last_contact), contact);
    }

    fn import(&mut self, table: &str) -> AddressBookOutcome {
        let table = match ContactTable::of(table) {
            Ok(table) => table,
            Err(failed) => return AddressBookOutcome::Imported { created: 0, failed: vec![failed] },
        };
        let mut room = Room::of(self, None);
        let (mut created, mut failures) = (0, Failures::default());
        for (line, contact) in table {
            let taken = contact.and_then(|(contact, remarks)| match room.take(&contact) {
                Ok(()) => Ok((contact, remarks)),
                Err(no_room) => Err(no_room.to_string().into()),
            });
            match taken {
                Ok((contact, remarks)) => {
                    self.add(contact);
                    created += 1;
                    remarks.into_iter().for_each(|remark| failures.add(line, remark.into()));
                }
                Err(error) => failures.add(line, error),
            }
        }
        AddressBookOutcome::Imported { created, failed: failures.told() }
    }

    fn edit(&mut self, id: ContactId, contact: &Contact) -> bool {
        let has_room = self.contacts.contains_key(&id) && Room::of(self, Some(id)).take(contact).is_ok();
        if has_room {
            self.contacts.insert(id, contact.clone());
        }
        has_room
    }

    /// All contacts as a table: a column for every name that one of them has.
    fn to_csv(&self) -> String {
        let names: BTreeSet<&str> =
            self.contacts.values().flat_map(|contact| contact.texts().map(|(name, _)| name)).collect();
        let mut text = String::new();
        if !names.is_empty() {
            csv::write(names.iter().copied(), &mut text);
        }
        for contact in self.contacts.values() {
            let texts: BTreeMap<&str, &str> = contact.texts().collect();
            csv::write(names.iter().map(|name| texts.get(name).copied().unwrap_or_default()), &mut text);
        }
        text
    }
}

/// How full a book is.
struct Room {
    contacts: usize,
    bytes: usize,
    names: BTreeSet<Box<str>>,
}

impl Room {
    /// Of a book without one of its contacts.
    fn of(book: &AddressBook, without: Option<ContactId>) -> Self {
        let mut room = Self { contacts: 0, bytes: 0, names: BTreeSet::new() };
        for (_, contact) in book.contacts.iter().filter(|(id, _)| Some(**id) != without) {
            room.add(contact);
        }
        room
    }

    fn add(&mut self, contact: &Contact) {
        self.contacts += 1;
        self.bytes += contact.bytes();
        for (name, _) in contact.texts() {
            if !self.names.contains(name) {
                self.names.insert(name.into());
            }
        }
    }

    /// Takes a place for it.
    fn take(&mut self, contact: &Contact) -> Result<(), NoRoom> {
        if self.contacts >= CONTACTS_MAX || self.bytes + contact.bytes() > ADDRESS_BOOK_BYTES_MAX {
            return Err(NoRoom::Full);
        }
        let new = contact.texts().filter(|(name, _)| !self.names.contains(*name)).count();
        if new > 0 && self.names.len() + new > ADDRESS_BOOK_FIELDS_MAX {
            return Err(NoRoom::TooManyFields);
        }
        self.add(contact);
        Ok(())
    }
}
