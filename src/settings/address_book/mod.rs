//! A user's own address book: favourites and personal contacts, and what can be done with them. State, not
//! configuration (settings §1.9): `live` decides who may, `store` keeps it, `exchange::address_book` looks into it
//! and reads and writes tables; what fits into a book stands here.

mod contact;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use contact::{CONTACT_BYTES_MAX, CONTACT_FIELDS_MAX, Contact, ContactError, FIELD_NAME_BYTES_MAX};

use super::fold::fold;
use super::id::{ContactId, Id, PhoneBookEntryId, UserUuid};

/// Personal contacts of one user.
pub(crate) const CONTACTS_MAX: usize = 2000;
/// All contacts of one user together: ordinary ones of seven texts reach their number first.
pub(crate) const ADDRESS_BOOK_BYTES_MAX: usize = 384 * 1024;
/// Different names of texts in one user's contacts: each is a column of what is exported.
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

/// A change that a user makes to their address book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AddressBookChange {
    SetFavourite(Favourite, bool),
    Create(Contact),
    Edit(ContactId, Contact),
    Delete(ContactId),
    Purge,
}

/// Which contacts a user wants to see: never more than an answer may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Look {
    /// Those that have the pattern.
    Pattern(Box<str>),
    Favourites,
    All,
}

/// What came of a table of contacts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Imported {
    pub(crate) created: usize,
    pub(crate) failed: Vec<FailedLine>,
}

/// A line of a file that was not taken, or not whole, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FailedLine {
    pub(crate) line: u64,
    pub(crate) error: Box<str>,
}

impl FailedLine {
    pub(crate) fn new(line: u64, error: &impl ToString) -> Self {
        Self { line, error: error.to_string().into() }
    }
}

/// Contacts in order of their folded names, which stand before them, and what is marked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) contacts: Vec<(Box<str>, ContactId, Contact)>,
    pub(crate) favourites: BTreeSet<Favourite>,
}

/// Why a contact is not taken into a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoRoom {
    #[error("there is no room for more contacts")]
    Full,
    #[error("with its columns the contacts would have more than {ADDRESS_BOOK_FIELDS_MAX} different ones")]
    TooManyFields,
}

impl AddressBook {
    /// The contacts that are wanted, as many as an answer may hold; the book is not needed any more.
    pub(crate) fn found(self, is_wanted: impl Fn(ContactId, &str, &Contact) -> bool) -> Found {
        let folded = |(id, contact): (ContactId, Contact)| {
            let name = fold(&contact.full_name());
            is_wanted(id, &name, &contact).then(|| (name.into(), id, contact))
        };
        let mut contacts: Vec<(Box<str>, ContactId, Contact)> = self.contacts.into_iter().filter_map(folded).collect();
        contacts.sort_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
        contacts.truncate(ROWS_MAX);
        Found { contacts, favourites: self.favourites }
    }

    /// Whether it was made: not where there is no such contact, or no room.
    pub(crate) fn apply(&mut self, change: &AddressBookChange) -> bool {
        match change {
            AddressBookChange::SetFavourite(favourite, true) => self.mark(*favourite),
            AddressBookChange::SetFavourite(favourite, false) => {
                self.favourites.remove(favourite);
                true
            }
            AddressBookChange::Create(contact) => self.additions().add(contact.clone()).is_ok(),
            AddressBookChange::Edit(id, contact) => self.edit(*id, contact),
            AddressBookChange::Delete(id) => self.delete(*id),
            AddressBookChange::Purge => {
                self.purge();
                true
            }
        }
    }

    /// The first contact, by name, that has one of these numbers.
    pub(crate) fn with_number(self, numbers: &[Box<str>]) -> Option<Contact> {
        let found = self.found(|_, _, contact| contact.has_number(numbers));
        found.contacts.into_iter().next().map(|(_, _, contact)| contact)
    }

    /// Whether there is such a contact, and room for the mark.
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

    /// For as many new contacts as there are: what is in the book is counted once.
    pub(crate) fn additions(&mut self) -> Additions<'_> {
        Additions { room: Room::of(self, None), book: self }
    }

    /// Whether there was such a contact.
    fn delete(&mut self, id: ContactId) -> bool {
        self.favourites.remove(&Favourite::Contact(id));
        self.contacts.remove(&id).is_some()
    }

    fn purge(&mut self) {
        self.contacts.clear();
        self.favourites.retain(|favourite| !matches!(favourite, Favourite::Contact(_)));
    }

    /// Whether there is such a contact, and room for what it becomes.
    fn edit(&mut self, id: ContactId, contact: &Contact) -> bool {
        let has_room = self.contacts.contains_key(&id) && Room::of(self, Some(id)).take(contact).is_ok();
        if has_room {
            self.contacts.insert(id, contact.clone());
        }
        has_room
    }
}

/// A book that takes contacts one after the other.
pub(crate) struct Additions<'a> {
    book: &'a mut AddressBook,
    room: Room,
}

impl Additions<'_> {
    pub(crate) fn add(&mut self, contact: Contact) -> Result<(), NoRoom> {
        self.room.take(&contact)?;
        self.book.last_contact += 1;
        self.book.contacts.insert(ContactId::new(self.book.last_contact), contact);
        Ok(())
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
