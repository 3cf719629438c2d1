//! The phone book on disk: a database from before it, favourites that go with their entries, many entries.

use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::settings::address_book::{AddressBookAct, Favourite};
use crate::settings::id::PhoneBookEntryId;
use crate::settings::state::StoreRequest;

use super::*;

#[test]
fn a_database_from_before_the_phone_book_is_brought_up_to_date() {
    let folder = tempfile::tempdir().expect("a folder");
    open::create_older(folder.path(), 2)
        .execute_batch(
            "INSERT INTO server VALUES (1, '00000000-0000-4000-8000-00000000000a');
             INSERT INTO context VALUES (1, 1, 'default');
             INSERT INTO favourite VALUES ('00000000-0000-4000-8000-000000000001', 'personal', '1');",
        )
        .expect("taken");
    let store = open(folder.path());
    assert_eq!(number(&outsider(folder.path()), "PRAGMA user_version"), i64::from(header::SCHEMA_VERSION));
    assert_eq!(number(&outsider(folder.path()), "SELECT count(*) FROM favourite"), 1);
    assert!(folder.path().join(format!("ctibox.db.before-V{}", header::SCHEMA_VERSION)).exists());
    let added = store.change(&origin(), |it| {
        let details = EntryDetails::parse(|field| if field == Field::Company { "Acme" } else { "" })?;
        it.add_phone_book_entry(details, None)
    });
    added.expect("taken");
    assert_eq!(store.configuration().expect("readable").phone_book.len(), 1);
}

fn mark(store: &Store, favourite: Favourite) {
    let writer = StateWriter::start(store, || {});
    let act = AddressBookAct::SetFavourite(favourite, true);
    writer.act(StoreRequest::AddressBook(user_uuid(1), act), Box::new(|outcome| drop(outcome.expect("done"))));
}

fn favourites(connection: &Connection) -> i64 {
    number(connection, "SELECT count(*) FROM favourite WHERE source = 'phonebook'")
}

#[test]
fn a_favourite_goes_with_its_entry() {
    let (folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    let entries = [1, 2].map(PhoneBookEntryId::new);
    for entry in entries {
        mark(&store, Favourite::PhoneBook(entry));
    }
    assert_eq!(favourites(&outsider(folder.path())), 2);
    store.change(&origin(), |it| it.remove_phone_book_entry(entries[0])).expect("taken");
    assert_eq!(favourites(&outsider(folder.path())), 1);
}

#[test]
fn every_change_of_an_entry_is_in_the_audit() {
    let (folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    let entry = PhoneBookEntryId::new(1);
    store.change(&origin(), |it| it.remove_phone_book_entry(entry)).expect("taken");
    let connection = outsider(folder.path());
    let sql = "SELECT count(*) FROM audit WHERE kind = 'phone_book_entry' AND object_id = 1";
    assert_eq!(number(&connection, sql), 2);
    let removed = format!("{sql} AND after IS NULL AND before LIKE '%\"fax\":\"+331\"%'");
    assert_eq!(number(&connection, &removed), 1);
}

#[test]
fn ten_thousand_entries_load_with_one_statement() {
    let (_folder, store) = fresh();
    let entries = (0..10_000).map(|number| {
        let number = number.to_string();
        let text = |field| if matches!(field, Field::LastName | Field::Number) { number.as_str() } else { "" };
        (EntryDetails::parse(text).expect("an entry"), None)
    });
    let entries: Vec<_> = entries.collect();
    store.change(&origin(), |it| it.add_phone_book_entries(entries.clone())).expect("taken");
    let begun = Instant::now();
    assert_eq!(store.configuration().expect("readable").phone_book.len(), 10_000);
    // Without optimisation, on a machine that may be busy; a release build on an idle one takes a fortieth.
    assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
    assert_eq!(store.change(&origin(), |it| it.add_phone_book_entries(entries)).expect("taken").value, 0);
}
