//! A user's own address book: his favourites and his personal contacts, and what he can do with them. State, not
//! configuration (settings §1.9): `live` decides who may, `store` keeps it; what an act does to a book stands here.

use std::collections::{BTreeMap, BTreeSet};

use super::contact_column::is_known;
use super::csv::{self, Row, Table};
use super::fold::fold;
use super::id::{ContactId, Id, PhoneBookEntryId, UserUuid};
use super::own_contact::OwnContactColumns;
use super::phone_book::Field;
use super::search::SearchPattern;

/// Personal contacts of one user.
pub(crate) const CONTACTS_MAX: usize = 2000;
/// The names and texts of one contact together.
pub(crate) const CONTACT_BYTES_MAX: usize = 64 * 1024;
/// All contacts of one user together.
pub(crate) const ADDRESS_BOOK_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Favourites of one user.
pub(crate) const FAVOURITES_MAX: usize = 2000;

/// What a person wrote down of another: texts by name. The desktop client's form has firstname, lastname, number,
/// mobile, email, company and fax; other programs may bring others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contact(BTreeMap<Box<str>, Box<str>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ContactError {
    #[error("nothing is filled in")]
    Empty,
    #[error("it is longer than 64 KiB")]
    TooLong,
}

impl Contact {
    pub(crate) fn new(texts: impl IntoIterator<Item = (Box<str>, Box<str>)>) -> Result<Self, ContactError> {
        let contact = Self(texts.into_iter().collect());
        if contact.0.values().all(|text| text.trim().is_empty()) {
            return Err(ContactError::Empty);
        }
        if contact.bytes() > CONTACT_BYTES_MAX { Err(ContactError::TooLong) } else { Ok(contact) }
    }

    /// In order of the names.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (&**name, &**text))
    }

    /// Empty if it is not there.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |text| text.trim())
    }

    /// First and last name as people read them; of who has none the company, and of who has nothing that a client shows
    /// what there is.
    pub(crate) fn full_name(&self) -> String {
        let name = format!("{} {}", self.text("firstname"), self.text("lastname"));
        let others = ["company", "number", "mobile", "email"].map(|name| self.text(name));
        match (name.trim(), others) {
            ("", ["", "", "", ""]) => self.texts().map(|(_, text)| text.trim()).find(|text| !text.is_empty()),
            ("", [company, ..]) => Some(company),
            (name, _) => Some(name),
        }
        .unwrap_or_default()
        .to_owned()
    }

    /// Whether a search for numbers or addresses finds it; the name is the caller's.
    pub(crate) fn is_found(&self, pattern: &SearchPattern) -> bool {
        let numbers = Field::ALL.into_iter().filter(|field| field.is_number());
        numbers.map(|field| self.text(field.word())).any(|number| !number.is_empty() && pattern.is_in_number(number))
            || pattern.is_in(&fold(self.text(Field::Email.word())))
    }

    fn bytes(&self) -> usize {
        self.0.iter().map(|(name, text)| name.len() + text.len()).sum()
    }
}

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
    Read,
    SetFavourite(Favourite, bool),
    Create(Contact),
    Edit(ContactId, Contact),
    Delete(ContactId),
    Purge,
    /// As many of them as there is room for, in order.
    Import(Vec<Contact>),
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AddressBookOutcome {
    Read(AddressBook),
    Done,
    /// There is no such contact, or no room.
    Refused,
    Imported(usize),
}

impl AddressBook {
    /// Does it, as far as there is room.
    pub(crate) fn take(&mut self, act: &AddressBookAct) -> AddressBookOutcome {
        let is_done = match act {
            AddressBookAct::Read => return AddressBookOutcome::Read(self.clone()),
            AddressBookAct::SetFavourite(favourite, true) => self.mark(*favourite),
            AddressBookAct::SetFavourite(favourite, false) => {
                self.favourites.remove(favourite);
                true
            }
            AddressBookAct::Create(contact) => self.import(std::slice::from_ref(contact)) == 1,
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
            AddressBookAct::Import(contacts) => return AddressBookOutcome::Imported(self.import(contacts)),
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

    /// Says how many there was room for.
    fn import(&mut self, contacts: &[Contact]) -> usize {
        let mut bytes = self.bytes();
        for (created, contact) in contacts.iter().enumerate() {
            bytes += contact.bytes();
            if self.contacts.len() >= CONTACTS_MAX || bytes > ADDRESS_BOOK_BYTES_MAX {
                return created;
            }
            self.last_contact += 1;
            self.contacts.insert(ContactId::new(self.last_contact), contact.clone());
        }
        contacts.len()
    }

    fn edit(&mut self, id: ContactId, contact: &Contact) -> bool {
        let others = self.bytes() - self.contacts.get(&id).map_or(0, Contact::bytes);
        match self.contacts.get_mut(&id) {
            Some(kept) if others + contact.bytes() <= ADDRESS_BOOK_BYTES_MAX => {
                *kept = contact.clone();
                true
            }
            _ => false,
        }
    }

    fn bytes(&self) -> usize {
        self.contacts.values().map(Contact::bytes).sum()
    }

    /// All contacts as a table: a column for every name that one of them has.
    pub(crate) fn to_csv(&self) -> String {
        let names: BTreeSet<&str> =
            self.contacts.values().flat_map(|contact| contact.texts().map(|(name, _)| name)).collect();
        let mut text = String::new();
        if !names.is_empty() {
            csv::write(names.iter().copied(), &mut text);
        }
        for contact in self.contacts.values() {
            csv::write(names.iter().map(|name| contact.0.get(*name).map_or("", |text| text)), &mut text);
        }
        text
    }
}

/// A table of contacts as it was read: the good ones and what is wrong with the others, by line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ContactTable {
    pub(crate) contacts: Vec<(u64, Contact)>,
    pub(crate) failed: Vec<FailedLine>,
}

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

impl ContactTable {
    /// The first line names the columns; a bad one makes every other bad.
    pub(crate) fn read(text: &str) -> Self {
        let mut table = Self::default();
        let (columns, rows) = match Table::read(text, usize::MAX, is_known).map_err(|fault| fault.to_string()) {
            Ok(rows) => (OwnContactColumns::of(&rows.columns).map_err(|fault| fault.to_string()), Some(rows)),
            Err(fault) => (Err(fault), None),
        };
        let line = rows.as_ref().map_or(1, |rows| rows.header_line);
        let columns = match columns {
            Ok(columns) => columns,
            Err(fault) => {
                table.failed.push(FailedLine::new(line, &fault));
                return table;
            }
        };
        for row in rows.into_iter().flatten() {
            let line = row.line;
            match contact(&columns, row) {
                Ok((contact, remarks)) => {
                    table.contacts.push((line, contact));
                    table.failed.extend(remarks.iter().map(|remark| FailedLine::new(line, remark)));
                }
                Err(error) => table.failed.push(FailedLine { line, error }),
            }
        }
        table
    }
}

/// The contact, and what of its line is not in it.
fn contact(columns: &OwnContactColumns, row: Row) -> Result<(Contact, Vec<String>), Box<str>> {
    let cells = row.cells.map_err(|fault| fault.to_string())?;
    let read = columns.row(&cells, row.is_short)?;
    let contact = Contact::new(read.texts).map_err(|problem| problem.to_string())?;
    Ok((contact, read.remarks))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Contact {
        Contact::new([("firstname".into(), name.into())]).expect("a contact")
    }

    fn id(number: i64) -> ContactId {
        ContactId::new(number)
    }

    #[test]
    fn contacts_come_change_and_go_and_no_number_is_used_twice() {
        let mut book = AddressBook::default();
        assert_eq!(book.take(&AddressBookAct::Create(named("Zoe"))), AddressBookOutcome::Done);
        assert_eq!(book.take(&AddressBookAct::SetFavourite(Favourite::Contact(id(1)), true)), AddressBookOutcome::Done);
        assert_eq!(book.take(&AddressBookAct::Edit(id(1), named("Zoé"))), AddressBookOutcome::Done);
        assert_eq!(book.contacts[&id(1)].full_name(), "Zoé");
        assert_eq!(book.take(&AddressBookAct::Delete(id(1))), AddressBookOutcome::Done);
        assert!(book.favourites.is_empty());
        for act in [
            AddressBookAct::Delete(id(1)),
            AddressBookAct::Edit(id(1), named("Yan")),
            AddressBookAct::SetFavourite(Favourite::Contact(id(1)), true),
        ] {
            assert_eq!(book.take(&act), AddressBookOutcome::Refused, "{act:?}");
        }
        book.take(&AddressBookAct::Create(named("Yan")));
        assert_eq!(book.contacts.keys().copied().collect::<Vec<_>>(), [id(2)]);
    }

    #[test]
    fn an_import_stops_where_the_book_is_full() {
        let mut book = AddressBook::default();
        let many = vec![named("Zoe"); CONTACTS_MAX - 1];
        assert_eq!(book.take(&AddressBookAct::Import(many)), AddressBookOutcome::Imported(CONTACTS_MAX - 1));
        let two = vec![named("Yan"); 2];
        assert_eq!(book.take(&AddressBookAct::Import(two)), AddressBookOutcome::Imported(1));
        assert_eq!(book.take(&AddressBookAct::Create(named("Xu"))), AddressBookOutcome::Refused);
        assert_eq!(book.take(&AddressBookAct::Purge), AddressBookOutcome::Done);
        let large = || Contact::new([("note".into(), "x".repeat(CONTACT_BYTES_MAX - 4).into())]).expect("just so");
        let fit = ADDRESS_BOOK_BYTES_MAX / CONTACT_BYTES_MAX;
        assert_eq!(book.take(&AddressBookAct::Import(vec![large(); fit + 1])), AddressBookOutcome::Imported(fit));
    }

    #[test]
    fn a_table_is_read_line_by_line_and_written_again() {
        let text = "firstname,lastname,number\r\nÉva,\"O,\",1\n,,\na,b\n\"x\"\"\",,2\n\"y,,3\nz,,4,5\n";
        let table = ContactTable::read(text);
        let failed: Vec<_> = table.failed.iter().map(|failed| (failed.line, &*failed.error)).collect();
        assert_eq!(failed, [(6, "opens a quote and does not close it"), (7, "has 4 cells; the first line names 3")]);
        let mut book = AddressBook::default();
        book.take(&AddressBookAct::Import(table.contacts.into_iter().map(|(_, contact)| contact).collect()));
        assert_eq!(book.to_csv(), "firstname,lastname,number\r\nÉva,\"O,\",1\r\na,b,\r\n\"x\"\"\",,2\r\n");
        assert_eq!(AddressBook::default().to_csv(), "");
    }

    #[test]
    fn a_contact_has_something_in_it_and_an_end() {
        assert_eq!(Contact::new([("firstname".into(), " ".into())]), Err(ContactError::Empty));
        assert_eq!(Contact::new([("n".into(), "x".repeat(CONTACT_BYTES_MAX).into())]), Err(ContactError::TooLong));
    }
}
