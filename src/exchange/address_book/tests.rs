//! What a change does to a book, what fits into it, and how a table of contacts is read.

use super::table::{IMPORT_FAILURES_MAX, IMPORT_LINES_MAX};
use super::*;
use crate::settings::address_book::{
    ADDRESS_BOOK_BYTES_MAX, AddressBookChange, CONTACT_BYTES_MAX, CONTACT_FIELDS_MAX, CONTACTS_MAX, ContactError,
    FIELD_NAME_BYTES_MAX,
};
use crate::settings::id::{ContactId, Id as _};

fn named(name: &str) -> Contact {
    Contact::new([("firstname".into(), name.into())]).expect("a contact")
}

fn id(number: i64) -> ContactId {
    ContactId::new(number)
}

#[test]
fn contacts_come_change_and_go_and_no_number_is_used_twice() {
    let mut book = AddressBook::default();
    assert!(book.apply(&AddressBookChange::Create(named("Zoe"))));
    assert!(book.apply(&AddressBookChange::SetFavourite(Favourite::Contact(id(1)), true)));
    assert!(book.apply(&AddressBookChange::Edit(id(1), named("Zoé"))));
    assert_eq!(book.contacts[&id(1)].full_name(), "Zoé");
    assert!(book.apply(&AddressBookChange::Delete(id(1))));
    assert!(book.favourites.is_empty());
    for change in [
        AddressBookChange::Delete(id(1)),
        AddressBookChange::Edit(id(1), named("Yan")),
        AddressBookChange::SetFavourite(Favourite::Contact(id(1)), true),
    ] {
        assert!(!book.apply(&change), "{change:?}");
    }
    assert!(book.apply(&AddressBookChange::Create(named("Yan"))));
    assert_eq!(book.contacts.keys().copied().collect::<Vec<_>>(), [id(2)]);
}

fn import(book: &mut AddressBook, table: &str) -> (usize, Vec<(u64, String)>) {
    let Imported { created, failed } = super::import(book, table);
    (created, failed.into_iter().map(|failed| (failed.line, failed.error.into())).collect())
}

const FULL: &str = "there is no room for more contacts";

#[test]
fn an_import_stops_where_the_book_is_full() {
    let mut book = AddressBook::default();
    let table = format!("firstname\n{}", "Zoe\n".repeat(CONTACTS_MAX - 1));
    assert_eq!(import(&mut book, &table), (CONTACTS_MAX - 1, vec![]));
    assert_eq!(import(&mut book, "firstname\nYan\nXu\n"), (1, vec![(3, FULL.to_owned())]));
    assert!(!book.apply(&AddressBookChange::Create(named("Xu"))));
    assert!(book.apply(&AddressBookChange::Purge));
    let large = || Contact::new([("note".into(), "x".repeat(CONTACT_BYTES_MAX - 4).into())]).expect("just so");
    for _ in 0..ADDRESS_BOOK_BYTES_MAX / CONTACT_BYTES_MAX {
        assert!(book.apply(&AddressBookChange::Create(large())));
    }
    assert!(!book.apply(&AddressBookChange::Create(large())));
}

#[test]
fn two_thousand_ordinary_contacts_fit() {
    let mut table = "firstname,lastname,number,mobile,email,company,fax\n".to_owned();
    for number in 0..CONTACTS_MAX {
        table += &format!(
            "Mathilde{number},Bouchard-Tremblay,5145550{number:04},+1514556{number:04},m.bouchard{number}@example.com,Entreprise ABC inc.,5145559999\n"
        );
    }
    assert_eq!(import(&mut AddressBook::default(), &table), (CONTACTS_MAX, vec![]));
}

#[test]
fn bad_lines_are_named_up_to_a_number_and_then_counted() {
    let table = format!("firstname\n{}Zoe\n", "a,b\n".repeat(IMPORT_FAILURES_MAX + 7));
    let (created, failed) = import(&mut AddressBook::default(), &table);
    assert_eq!((created, failed.len()), (1, IMPORT_FAILURES_MAX + 1));
    assert_eq!(failed[0], (2, "has 2 cells; the first line names 1".to_owned()));
    let line = u64::try_from(IMPORT_FAILURES_MAX).expect("few") + 2;
    assert_eq!(failed.last(), Some(&(line, "7 lines from here on are not taken either".to_owned())));
}

#[test]
fn a_table_of_too_many_lines_or_columns_is_read_as_far_as_it_may_be() {
    let mut book = AddressBook::default();
    let (_, failed) = import(&mut book, &format!("firstname\n{}", "Zoe\n".repeat(100_000)));
    assert_eq!(book.contacts.len(), CONTACTS_MAX);
    let unread = usize::try_from(IMPORT_LINES_MAX).expect("few") - CONTACTS_MAX - IMPORT_FAILURES_MAX + 1;
    let last = failed.last().map(|(_, error)| error.as_str());
    assert_eq!(last, Some(format!("{unread} lines from here on are not taken either").as_str()));
    let (created, failed) = import(&mut book, &format!("firstname{}\nZoe\n", ",a".repeat(1_000_000)));
    assert_eq!((created, failed), (0, vec![(1, "its first line names more than 256 columns".to_owned())]));
    let (created, failed) = import(&mut book, &format!("firstname\nZoe{}\n", ",x".repeat(1_000_000)));
    assert_eq!((created, failed), (0, vec![(2, "has 1000001 cells; the first line names 1".to_owned())]));
}

#[test]
fn many_contacts_of_many_differently_named_texts_are_not_taken() {
    let mut book = AddressBook::default();
    let texts = |from: usize| {
        let texts = (from..from + CONTACT_FIELDS_MAX).map(|n| (format!("n{n}").into(), "x".into()));
        Contact::new(texts).expect("a contact")
    };
    assert!(book.apply(&AddressBookChange::Create(texts(0))));
    assert!(book.apply(&AddressBookChange::Create(texts(0))));
    assert!(!book.apply(&AddressBookChange::Create(texts(1))));
    assert!(!book.apply(&AddressBookChange::Edit(id(1), texts(1))));
    let other = "firstname,other\nx,y\n";
    let why = "with its columns the contacts would have more than 64 different ones".to_owned();
    assert_eq!(import(&mut book, other), (0, vec![(2, why)]));
}

#[test]
fn a_table_is_read_line_by_line_and_written_again() {
    let text = "firstname,lastname,number\r\nÉva,\"O,\",1\n,,\na,b\n\"x\"\"\",,2\n\"y,,3\nz,,4,5\n";
    let mut book = AddressBook::default();
    let (created, failed) = import(&mut book, text);
    let expected = [(6, "opens a quote and does not close it"), (7, "has 4 cells; the first line names 3")];
    assert_eq!((created, failed), (3, expected.map(|(line, error)| (line, error.to_owned())).to_vec()));
    assert_eq!(to_csv(&book), "firstname,lastname,number\r\nÉva,\"O,\",1\r\na,b,\r\n\"x\"\"\",,2\r\n");
    assert_eq!(to_csv(&AddressBook::default()), "");
}

#[test]
fn a_contact_has_something_in_it_and_an_end() {
    assert_eq!(Contact::new([("firstname".into(), " ".into())]), Err(ContactError::Empty));
    assert_eq!(Contact::new([("n".into(), "x".repeat(CONTACT_BYTES_MAX).into())]), Err(ContactError::TooLong));
    // As it travels: each of these is six bytes.
    let accents = "é".repeat(CONTACT_BYTES_MAX / 6 + 1);
    assert_eq!(Contact::new([("name".into(), accents.into())]), Err(ContactError::TooLong));
    let many = (0..=CONTACT_FIELDS_MAX).map(|n| (format!("n{n}").into(), "x".into()));
    assert_eq!(Contact::new(many), Err(ContactError::TooManyFields));
    let long = "n".repeat(FIELD_NAME_BYTES_MAX + 1);
    assert_eq!(Contact::new([(long.into(), "x".into())]), Err(ContactError::LongName));
}

#[test]
fn what_ends_a_text_inside_is_no_part_of_one() {
    let texts = [("a\u{1e}b", "x\u{1f}y\u{1e}z"), ("c", ""), ("d", " e\n")];
    let contact = Contact::new(texts.map(|(name, text)| (name.into(), text.into()))).expect("a contact");
    assert_eq!(contact.texts().collect::<Vec<_>>(), [("a b", "x y z"), ("c", ""), ("d", " e\n")]);
    assert_eq!(contact.text("d"), "e");
}
