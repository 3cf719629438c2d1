//! The phone book on disk: a database from before it, favourites that go with their entries, many entries.

use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::settings::address_book::{AddressBookAct, Favourite};
use crate::settings::id::PhoneBookEntryId;
use crate::settings::state::Deed;

use super::*;

/// As the second version left it: without what the third adds.
fn second_schema(folder: &Path) {
    drop(open(folder));
    let connection = outsider(folder);
    connection
        .execute_batch(
            "DROP TABLE phone_book_entry; DELETE FROM refinery_schema_history WHERE version = 3;
             INSERT INTO favourite VALUES ('00000000-0000-4000-8000-000000000001', 'personal', '1');
             PRAGMA user_version = 2;",
        )
        .expect("taken");
}

#[test]
fn a_database_of_the_second_schema_is_brought_to_the_third() {
    let folder = tempfile::tempdir().expect("a folder");
    second_schema(folder.path());
    let store = open(folder.path());
    assert_eq!(number(&outsider(folder.path()), "PRAGMA user_version"), 3);
    assert_eq!(number(&outsider(folder.path()), "SELECT count(*) FROM favourite"), 1);
    assert!(folder.path().join("ctibox.db.before-V3").exists());
    store.change(&origin(), fill).expect("taken");
    assert_eq!(store.configuration().expect("readable").phone_book.len(), 2);
}

fn mark(store: &Store, favourite: Favourite) {
    let writer = StateWriter::start(store, || {});
    let act = AddressBookAct::SetFavourite(favourite, true);
    writer.act(Deed::AddressBook(user_uuid(1), act), Box::new(|outcome| drop(outcome.expect("done"))));
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
    // Without optimisation; a release build takes a tenth.
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    assert_eq!(store.change(&origin(), |it| it.add_phone_book_entries(entries)).expect("taken").value, 0);
}
