//! Address books in their tables: read whole, changed by whoever asks, and what differs is written back. Used by
//! request.rs.

use std::collections::BTreeMap;

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Map, Value};

use crate::settings::address_book::{AddressBook, Contact, Favourite};
use crate::settings::id::{ContactId, Id, PhoneBookEntryId, UserUuid};

/// Changes a user's address book, and says what `change` says. None: the user is gone meanwhile, and has none any more.
pub(super) fn change<T>(
    connection: &Connection,
    owner: UserUuid,
    change: impl FnOnce(&mut AddressBook) -> T,
) -> rusqlite::Result<Option<T>> {
    let is_known = connection.prepare_cached("SELECT 1 FROM user WHERE uuid = ?")?.exists([&owner.to_string()])?;
    if !is_known {
        return Ok(None);
    }
    let old = load(connection, owner)?;
    let mut new = old.clone();
    let outcome = change(&mut new);
    save(connection, &owner.to_string(), &old, &new)?;
    Ok(Some(outcome))
}

/// Empty for whoever has none.
pub(super) fn load(connection: &Connection, owner: UserUuid) -> rusqlite::Result<AddressBook> {
    let owner = &owner.to_string();
    let mut book = AddressBook {
        last_contact: connection
            .prepare_cached("SELECT last_contact FROM address_book WHERE user_uuid = ?")?
            .query_row([owner], |row| row.get(0))
            .optional()?
            .unwrap_or_default(),
        ..AddressBook::default()
    };
    let mut statement = connection.prepare_cached("SELECT id, texts FROM personal_contact WHERE user_uuid = ?")?;
    let mut rows = statement.query([owner])?;
    while let Some(row) = rows.next()? {
        let contact = contact(row.get_ref(1)?.as_str()?)
            .ok_or_else(|| rusqlite::Error::FromSqlConversionFailure(1, Type::Text, "a contact is none".into()))?;
        book.contacts.insert(ContactId::new(row.get(0)?), contact);
    }
    // Whom an undo may bring back is none meanwhile.
    let mut statement = connection.prepare_cached(
        "SELECT source, entry FROM favourite WHERE user_uuid = ? AND CASE source
             WHEN 'internal' THEN EXISTS (SELECT 1 FROM user WHERE uuid = entry)
             WHEN 'phonebook' THEN EXISTS (SELECT 1 FROM phone_book_entry WHERE id = CAST(entry AS INTEGER))
             ELSE TRUE END",
    )?;
    let mut rows = statement.query([owner])?;
    while let Some(row) = rows.next()? {
        let favourite = favourite(row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?)
            .ok_or_else(|| rusqlite::Error::FromSqlConversionFailure(1, Type::Text, "a favourite is none".into()))?;
        book.favourites.insert(favourite);
    }
    Ok(book)
}

fn save(connection: &Connection, owner: &str, old: &AddressBook, new: &AddressBook) -> rusqlite::Result<()> {
    if old.last_contact != new.last_contact {
        connection
            .prepare_cached("INSERT OR REPLACE INTO address_book (user_uuid, last_contact) VALUES (?, ?)")?
            .execute(params![owner, new.last_contact])?;
    }
    let mut remove = connection.prepare_cached("DELETE FROM personal_contact WHERE user_uuid = ? AND id = ?")?;
    for id in old.contacts.keys().filter(|id| !new.contacts.contains_key(id)) {
        remove.execute(params![owner, id.number()])?;
    }
    let mut put =
        connection.prepare_cached("INSERT OR REPLACE INTO personal_contact (user_uuid, id, texts) VALUES (?, ?, ?)")?;
    for (id, contact) in new.contacts.iter().filter(|(id, contact)| old.contacts.get(id) != Some(*contact)) {
        put.execute(params![owner, id.number(), texts(contact)])?;
    }
    let mut forget =
        connection.prepare_cached("DELETE FROM favourite WHERE user_uuid = ? AND source = ? AND entry = ?")?;
    for favourite in old.favourites.difference(&new.favourites) {
        let (source, entry) = words(favourite);
        forget.execute(params![owner, source, entry])?;
    }
    let mut mark =
        connection.prepare_cached("INSERT OR IGNORE INTO favourite (user_uuid, source, entry) VALUES (?, ?, ?)")?;
    for favourite in new.favourites.difference(&old.favourites) {
        let (source, entry) = words(favourite);
        mark.execute(params![owner, source, entry])?;
    }
    Ok(())
}

fn texts(contact: &Contact) -> String {
    let texts: Map<String, Value> =
        contact.texts().map(|(name, text)| (name.to_owned(), Value::String(text.to_owned()))).collect();
    Value::Object(texts).to_string()
}

fn contact(texts: &str) -> Option<Contact> {
    serde_json::from_str::<BTreeMap<Box<str>, Box<str>>>(texts).ok().map(|texts| Contact::kept(&texts))
}

fn words(favourite: &Favourite) -> (&'static str, String) {
    match favourite {
        Favourite::User(uuid) => ("internal", uuid.to_string()),
        Favourite::Contact(id) => ("personal", id.to_string()),
        Favourite::PhoneBook(id) => ("phonebook", id.to_string()),
    }
}

fn favourite(source: &str, entry: &str) -> Option<Favourite> {
    match source {
        "internal" => UserUuid::parse(entry).map(Favourite::User),
        "personal" => entry.parse().ok().map(|number| Favourite::Contact(ContactId::new(number))),
        "phonebook" => entry.parse().ok().map(|number| Favourite::PhoneBook(PhoneBookEntryId::new(number))),
        _ => None,
    }
}

/// An address book goes with its owner, a favourite with whom it marks; `users` is whose UUIDs, asked with `before`.
pub(super) fn drop_users(connection: &Connection, users: &str, before: i64) -> rusqlite::Result<()> {
    for table in ["address_book", "personal_contact", "favourite"] {
        connection.execute(&format!("DELETE FROM {table} WHERE user_uuid IN {users}"), [before])?;
    }
    let marked = format!("DELETE FROM favourite WHERE source = 'internal' AND entry IN {users}");
    connection.execute(&marked, [before]).map(drop)
}

/// Entries of the phone book that were removed before that, in Unix seconds, are nobody's favourites any more.
pub(super) fn drop_marks_of_entries(connection: &Connection, before: i64) -> rusqlite::Result<()> {
    let marked = "DELETE FROM favourite WHERE source = 'phonebook'
        AND CAST(entry AS INTEGER) IN (SELECT id FROM removed_phone_book_entry WHERE at < ?)";
    connection.execute(marked, [before]).map(drop)
}
