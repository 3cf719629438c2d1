//! Rows of people: everybody whom a user sees, in the phone book too, or has in their own address book, by
//! name. Nothing is taken from the settings but through their `View`.

use std::borrow::Cow;

use crate::live::state::view::{SeenUser, View};
use crate::protocol::people::{Cell, NumberKind, PersonRow, Relations, SwitchboardRow};
use crate::protocol::request::EntryReference;
use crate::settings::address_book::{Contact, Favourite, Found, ROWS_BYTES_MAX, ROWS_MAX};
use crate::settings::column::{ColumnType, Columns};
use crate::settings::fold::fold;
use crate::settings::id::ContactId;
use crate::settings::phone_book::{Field, PhoneBookEntry};
use crate::settings::search::SearchPattern;
use crate::settings::wire_length::wire_bytes;

/// Somebody in an answer, before it is known which columns are asked for.
struct Entry<'a> {
    /// What rows are ordered by.
    name: Cow<'a, str>,
    who: Who<'a>,
}

enum Who<'a> {
    User(SeenUser<'a>),
    Contact(ContactId, &'a Contact),
    PhoneBook(&'a PhoneBookEntry),
}

/// In whom the pattern is: users and entries of the phone book that they see, and their own contacts.
pub(super) fn search(view: &View<'_>, own: &Found, pattern: &str) -> Vec<PersonRow> {
    rows(own, view.people_columns(), found(view, own, pattern))
}

/// The old search: as many cells a row as there are columns, joined by `;`, which no cell may hold then.
pub(super) fn directory(view: &View<'_>, own: &Found, pattern: &str) -> Vec<Box<str>> {
    let cell = |cell: Cell| match cell {
        Cell::Text(text) => Some(text.replace(';', ",")),
        Cell::Flag(_) => None,
    };
    let line = |row: PersonRow| row.cells.into_iter().filter_map(cell).collect::<Vec<_>>().join(";").into();
    search(view, own, pattern).into_iter().map(line).collect()
}

pub(super) fn favorites(view: &View<'_>, own: &Found) -> Vec<PersonRow> {
    let marked = own.favourites.iter().filter_map(|favourite| match favourite {
        Favourite::User(uuid) => view.seen_user_by_uuid(*uuid).map(Who::User),
        Favourite::PhoneBook(id) => view.seen_entry(*id).map(Who::PhoneBook),
        // These came with the look into the address book.
        Favourite::Contact(_) => None,
    });
    let entries = marked.map(Entry::new).chain(contacts(own));
    rows(own, view.people_columns(), ordered(entries.collect()))
}

pub(super) fn personal_contacts(view: &View<'_>, own: &Found) -> Vec<PersonRow> {
    rows(own, view.people_columns(), contacts(own).collect())
}

/// A row for each number of everybody who is found, as the switchboard's display has them (settings §1.8); a number is of
/// the office, a mobile one or another one, and nobody has two of one kind (protocol 4.15).
pub(super) fn switchboard(view: &View<'_>, pattern: &str) -> Vec<SwitchboardRow> {
    let numbers = |entry: Entry<'_>| {
        let name: Box<str> = entry.full_name().into();
        let row = move |(number, kind): (&str, _)| SwitchboardRow { name: name.clone(), number: number.into(), kind };
        let others = [Field::Home, Field::Other].map(|field| entry.noted(field));
        let other = others.into_iter().find(|number| !number.is_empty()).unwrap_or_default();
        let all =
            [(entry.number(), NumberKind::Office), (entry.mobile(), NumberKind::Mobile), (other, NumberKind::Other)];
        all.into_iter().filter(|(number, _)| !number.is_empty()).map(row).collect::<Vec<_>>()
    };
    let nobodys = Found::default();
    found(view, &nobodys, pattern).into_iter().flat_map(numbers).take(ROWS_MAX).collect()
}

fn found<'a>(view: &View<'a>, own: &'a Found, pattern: &str) -> Vec<Entry<'a>> {
    let pattern = SearchPattern::of(pattern);
    let users = view.users_with(&pattern).take(ROWS_MAX);
    let mut found: Vec<_> = users.map(|(name, user)| Entry { name: name.into(), who: Who::User(user) }).collect();
    let entries = view.entries_with(&pattern).take(ROWS_MAX);
    found.extend(entries.map(|(name, entry)| Entry { name: name.into(), who: Who::PhoneBook(entry) }));
    found.extend(contacts(own));
    ordered(found)
}

/// Those that the look into the address book found, in order.
fn contacts(own: &Found) -> impl Iterator<Item = Entry<'_>> {
    own.contacts.iter().map(|(name, id, contact)| Entry { name: (&**name).into(), who: Who::Contact(*id, contact) })
}

fn ordered(mut entries: Vec<Entry<'_>>) -> Vec<Entry<'_>> {
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    entries.truncate(ROWS_MAX);
    entries
}

/// As many of them, by name, as an answer may hold.
fn rows(own: &Found, columns: &Columns, entries: Vec<Entry<'_>>) -> Vec<PersonRow> {
    let mut bytes = 0;
    let row = |entry: Entry<'_>| PersonRow {
        cells: columns.iter().map(|column| entry.cell(column.kind, own)).collect(),
        entry: entry.reference(),
        relations: entry.relations(),
    };
    let fits = |row: &PersonRow| {
        bytes += row.cells.iter().map(bytes_of).sum::<usize>();
        bytes <= ROWS_BYTES_MAX
    };
    entries.into_iter().map(row).take_while(fits).collect()
}

fn bytes_of(cell: &Cell) -> usize {
    match cell {
        Cell::Text(text) => wire_bytes(text),
        Cell::Flag(_) => 0,
    }
}

impl<'a> Entry<'a> {
    fn new(who: Who<'a>) -> Self {
        let mut entry = Self { name: "".into(), who };
        entry.name = fold(&entry.full_name()).into();
        entry
    }

    /// By the type of the column (settings §1.8).
    fn cell(&self, kind: ColumnType, own: &Found) -> Cell {
        let text = match kind {
            ColumnType::Name => return Cell::Text(self.full_name().into()),
            ColumnType::Number => self.number(),
            ColumnType::Callable => self.mobile(),
            ColumnType::Voicemail => self.voicemail(),
            ColumnType::Email => self.email(),
            ColumnType::Favorite => return Cell::Flag(own.favourites.contains(&self.favourite())),
            ColumnType::Personal => return Cell::Flag(matches!(self.who, Who::Contact(..))),
            ColumnType::Agent => self.agent(),
            ColumnType::Company => self.noted(Field::Company),
            ColumnType::Fax => self.noted(Field::Fax),
            ColumnType::Home => self.noted(Field::Home),
            ColumnType::Other => self.noted(Field::Other),
        };
        Cell::Text(text.into())
    }

    fn full_name(&self) -> String {
        match &self.who {
            Who::User(seen) => seen.user.full_name(),
            Who::Contact(_, contact) => contact.full_name(),
            Who::PhoneBook(entry) => entry.details.shown_name(),
        }
    }

    fn number(&self) -> &'a str {
        match &self.who {
            Who::User(seen) => seen.line.map_or("", |line| line.extension.as_str()),
            Who::Contact(_, contact) => contact.text("number"),
            Who::PhoneBook(entry) => entry.details.text(Field::Number),
        }
    }

    fn mobile(&self) -> &'a str {
        match &self.who {
            Who::User(seen) => seen.user.mobile.as_ref().map_or("", |mobile| mobile.as_str()),
            Who::Contact(_, contact) => contact.text("mobile"),
            Who::PhoneBook(entry) => entry.details.text(Field::Mobile),
        }
    }

    fn voicemail(&self) -> &'a str {
        match &self.who {
            Who::User(seen) => seen.voicemail.map_or("", |voicemail| voicemail.mailbox.as_str()),
            Who::Contact(..) | Who::PhoneBook(_) => "",
        }
    }

    fn email(&self) -> &'a str {
        match &self.who {
            Who::User(seen) => seen.user.email.as_ref().map_or("", |email| email.as_str()),
            Who::Contact(_, contact) => contact.text("email"),
            Who::PhoneBook(entry) => entry.details.text(Field::Email),
        }
    }

    fn agent(&self) -> &'a str {
        match &self.who {
            Who::User(seen) => seen.agent.map_or("", |agent| agent.number.as_str()),
            Who::Contact(..) | Who::PhoneBook(_) => "",
        }
    }

    /// What only an address book says of somebody.
    fn noted(&self, field: Field) -> &'a str {
        match &self.who {
            Who::User(_) => "",
            Who::Contact(_, contact) => contact.text(field.as_str()),
            Who::PhoneBook(entry) => entry.details.text(field),
        }
    }

    fn favourite(&self) -> Favourite {
        match &self.who {
            Who::User(seen) => Favourite::User(seen.user.uuid),
            Who::Contact(id, _) => Favourite::Contact(*id),
            Who::PhoneBook(entry) => Favourite::PhoneBook(entry.id),
        }
    }

    fn reference(&self) -> EntryReference {
        match &self.who {
            Who::User(seen) => EntryReference::User(seen.user.id),
            Who::Contact(id, _) => EntryReference::Contact(*id),
            Who::PhoneBook(entry) => EntryReference::PhoneBook(entry.id),
        }
    }

    fn relations(&self) -> Option<Relations> {
        match &self.who {
            Who::User(seen) => Some(Relations {
                server: seen.server,
                agent: seen.agent.map(|agent| agent.id),
                user: seen.user.id,
                uuid: seen.user.uuid,
                endpoint: seen.line.map(|line| line.id),
            }),
            Who::Contact(..) | Who::PhoneBook(_) => None,
        }
    }
}
