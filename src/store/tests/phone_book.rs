//! The phone book on disk: a database from before it, favourites that go with their entries, many entries.

use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::settings::address_book::{AddressBookChange, Favourite, Look};
use crate::settings::id::PhoneBookEntryId;
use crate::settings::store_query::{ChangeContacts, FindContacts};

use super::*;
use crate::settings::table::Collection as _;

#[test]
fn a_database_from_before_the_phone_book_is_brought_up_to_date() {
    let folder = tempfile::tempdir().expect("a folder");
    migrate::create_older(folder.path(), 2)
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
    let change = AddressBookChange::SetFavourite(favourite, true);
    let query = ChangeContacts { owner: user_uuid(1), change };
    assert_eq!(replies(store, [query], StoreRequest::ChangeContacts), [true]);
}

fn favourites(connection: &Connection) -> i64 {
    number(connection, "SELECT count(*) FROM favourite WHERE source = 'phonebook'")
}

#[test]
fn a_favourite_goes_with_its_entry_and_comes_back_with_it() {
    let (folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    let entries = [1, 2].map(PhoneBookEntryId::new);
    for entry in entries {
        mark(&store, Favourite::PhoneBook(entry));
    }
    let before = store.configuration_with(&EntriesNeeded::All).expect("readable");
    let marked = || {
        let query = FindContacts { owner: user_uuid(1), look: Look::All };
        replies(&store, [query], StoreRequest::FindContacts).pop().expect("a reply").favourites
    };
    let remove = || store.change(&origin(), |it| it.remove_phone_book_entry(entries[0])).expect("taken");
    remove();
    assert_eq!(marked(), [Favourite::PhoneBook(entries[1])].into());
    let back = before.phone_book.get(entries[0]).expect("an entry").clone();
    let undo = |it: &mut Configuration| {
        it.phone_book.share(&back);
        Ok::<_, Refusal>(())
    };
    store.change(&origin(), undo).expect("an undo");
    assert_eq!(marked(), entries.map(Favourite::PhoneBook).into());
    remove();
    assert_eq!(favourites(&outsider(folder.path())), 2);
    outsider(folder.path()).execute("UPDATE removed_phone_book_entry SET at = 0", []).expect("written");
    store.change(&origin(), |it| it.add_user(new_user(7))).expect("taken");
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
    store
        .change_whole(&origin(), |it| Ok(it.add_phone_book_entries(entries.clone())))
        .expect("taken")
        .value
        .expect("new");
    let begun = Instant::now();
    assert_eq!(store.whole_configuration().expect("readable").entries().len(), 10_000);
    // Without optimisation, on a machine that may be busy; a release build on an idle one takes a fortieth.
    assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
    assert_eq!(store.change_whole(&origin(), |it| Ok(it.add_phone_book_entries(entries))).expect("taken").value, Ok(0));
}

/// In which contexts how many entries stand, as they are counted one by one; 0 for none.
const COUNTED: &str = "SELECT context_id, entries FROM phone_book_count WHERE entries <> 0 EXCEPT
    SELECT ifnull(context_id, 0), count(*) FROM phone_book_entry GROUP BY 1";

#[test]
fn the_numbers_are_known_where_no_entry_is_read() {
    let (folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    let sales =
        |c: &Configuration| c.context_named(&ContextName::parse("sales").expect("a name")).expect("it is there").id;
    let look = |entries: usize, in_sales: usize| {
        let c = store.configuration().expect("readable");
        assert_eq!((c.phone_book.len(), c.phone_book.number_in(sales(&c))), (entries, in_sales));
        assert_eq!((c.phone_book.at_hand().len(), c.phone_book.at_hand().next_number()), (0, 4));
        assert_eq!(number(&outsider(folder.path()), &format!("SELECT count(*) FROM ({COUNTED})")), 0);
    };
    let [first, second, third] = [1, 2, 3].map(PhoneBookEntryId::new);
    let details = EntryDetails::parse(|field| if field == Field::Company { "Acme" } else { "" }).expect("an entry");
    let added = store.change_with(&EntriesNeeded::None, &origin(), |it| {
        it.add_phone_book_entry(details, None).map_err(|refusal| vec![refusal])
    });
    assert_eq!(added.expect("taken").value, third);
    look(3, 1);
    let these = EntriesNeeded::These(vec![first, third]);
    let moved = store.change_with(&these, &origin(), |it| {
        assert_eq!(it.phone_book.at_hand().len(), 2);
        let sales = sales(it);
        it.phone_book.edit(first, |entry| entry.context = Some(sales));
        it.remove_phone_book_entry(third).map_err(|refusal| vec![refusal])
    });
    moved.expect("taken");
    look(2, 2);
    let whole = store.whole_configuration().expect("readable");
    assert_eq!(whole.entries().iter().map(|entry| entry.id).collect::<Vec<_>>(), [first, second]);
    // Foreign hands at the rows: what passes the triggers by is counted anew.
    outsider(folder.path())
        .execute_batch(
            "INSERT OR REPLACE INTO phone_book_entry SELECT id, version, NULL, first_name, last_name, number, mobile, email,
                 company, fax, home, other FROM phone_book_entry WHERE id = 1",
        )
        .expect("taken");
    let c = store.configuration().expect("readable");
    assert_eq!((c.phone_book.len(), c.phone_book.number_in(sales(&c))), (2, 1));
}

#[test]
fn a_context_with_entries_stays_though_none_of_them_is_read() {
    let (_folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    let refused = store.change_with(&EntriesNeeded::None, &origin(), |it| {
        let lab = it.add_context(ContextName::parse("lab").expect("a name"), &[]).map_err(|refusal| vec![refusal])?;
        let details = EntryDetails::parse(|field| if field == Field::Number { "1" } else { "" }).expect("an entry");
        it.add_phone_book_entry(details, Some(lab)).map_err(|refusal| vec![refusal])?;
        it.phone_book.put_away();
        it.remove_context(lab).map_err(|refusal| vec![refusal])
    });
    let message = refused.map(drop).expect_err("refused").to_string();
    assert_eq!(message, "context \"lab\": is used by 1 phone book entry");
}

#[test]
fn one_entry_beyond_the_limit_is_refused_though_no_other_is_read() {
    let (folder, store) = fresh();
    outsider(folder.path())
        .execute_batch(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
             INSERT INTO phone_book_entry SELECT i, 1, NULL, 'a', '', '', '', '', '', '', '', '' FROM n",
        )
        .expect("taken");
    let one_more = |needed: EntriesNeeded| {
        let outcome = store.change_with(&needed, &origin(), |it| {
            let details =
                EntryDetails::parse(|field| if field == Field::Company { "Acme" } else { "" }).expect("an entry");
            it.add_phone_book_entry(details, None).map_err(|refusal| vec![refusal])
        });
        outcome.expect_err("refused").to_string()
    };
    let expected = "phone book entry 100001 \"Acme\": is one too many; the phone book has 100001 entries and may have \
                    100000";
    assert_eq!(one_more(EntriesNeeded::None), expected);
    assert_eq!(one_more(EntriesNeeded::All), expected);
}
