//! Address books: what was told is on disk, and goes with its owner.

use std::sync::mpsc;

use crate::settings::address_book::{AddressBookChange, Contact, Favourite, Found, Imported, Look};
use crate::settings::id::ContactId;
use crate::settings::state::{StateWrite, UserState};
use crate::settings::store_query::{ChangeContacts, ExportContacts, FindContacts, ImportContacts};

use super::*;

fn contact(name: &str) -> Contact {
    Contact::new([("firstname", name), ("note", "a \"b\"\n")].map(|(name, text)| (name.into(), text.into())))
        .expect("a contact")
}

/// Makes all of them in one go, as clients that ask at the same time do; says of each whether it was made.
fn change(store: &Store, user: usize, changes: Vec<AddressBookChange>) -> Vec<bool> {
    let owner = user_uuid(user);
    replies(store, changes.into_iter().map(|change| ChangeContacts { owner, change }), StoreRequest::ChangeContacts)
}

fn import(store: &Store, user: usize, table: &str) -> Option<Imported> {
    let query = ImportContacts { owner: user_uuid(user), table: table.into() };
    replies(store, [query], StoreRequest::ImportContacts).pop().flatten()
}

fn book(store: &Store, user: usize) -> Found {
    let query = FindContacts { owner: user_uuid(user), look: Look::All };
    replies(store, [query], StoreRequest::FindContacts).pop().expect("a reply")
}

#[test]
fn an_address_book_is_kept_over_a_restart() {
    let (folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    store.change(&origin(), |known| known.add_user(new_user(2))).expect("taken");
    let (user, first) = (Favourite::User(user_uuid(2)), Favourite::Contact(ContactId::new(1)));
    let table = "firstname,note\nZoé,\"a \"\"b\"\"\"\nYan,\nXu,\n";
    assert_eq!(import(&store, 1, table), Some(Imported { created: 3, failed: Vec::new() }));
    let outcomes = change(
        &store,
        1,
        vec![
            AddressBookChange::SetFavourite(user, true),
            AddressBookChange::SetFavourite(first, true),
            AddressBookChange::Edit(ContactId::new(2), contact("Yann")),
            AddressBookChange::Delete(ContactId::new(3)),
            AddressBookChange::Delete(ContactId::new(3)),
        ],
    );
    assert_eq!(outcomes, [true, true, true, true, false]);
    drop(store);
    let store = open(folder.path());
    let kept = book(&store, 1);
    assert_eq!(kept.favourites, [user, first].into());
    let names: Vec<_> = kept.contacts.iter().map(|(_, id, contact)| (id.number(), contact.text("firstname"))).collect();
    assert_eq!(names, [(2, "Yann"), (1, "Zoé")]);
    assert_eq!(kept.contacts[0].2, contact("Yann"));
    assert_eq!(kept.contacts[1].2.text("note"), "a \"b\"");
    change(&store, 1, vec![AddressBookChange::Purge, AddressBookChange::Create(contact("Wim"))]);
    assert_eq!(book(&store, 1).contacts.iter().map(|(_, id, _)| *id).collect::<Vec<_>>(), [ContactId::new(4)]);
    assert_eq!(book(&store, 2), Found::default());
}

#[test]
fn an_address_book_touches_neither_the_changes_nor_the_audit() {
    let (folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    let count = || {
        let connection = outsider(folder.path());
        (number(&connection, "SELECT max(seq) FROM change"), number(&connection, "SELECT max(seq) FROM audit"))
    };
    let before = count();
    change(&store, 1, vec![AddressBookChange::Create(contact("Zoe"))]);
    assert_eq!(count(), before);
}

#[test]
fn an_address_book_goes_with_its_owner_and_a_favourite_with_whom_it_marks() {
    let (folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    store.change(&origin(), |known| known.add_user(new_user(2))).expect("taken");
    let mark = |user| AddressBookChange::SetFavourite(Favourite::User(user_uuid(user)), true);
    change(&store, 1, vec![AddressBookChange::Create(contact("Zoe")), mark(2)]);
    change(&store, 2, vec![AddressBookChange::Create(contact("Yan")), mark(1)]);
    let before = store.configuration().expect("readable");
    store.change(&origin(), |known| known.remove_user(UserId::new(2))).expect("gone");
    assert_eq!(book(&store, 1).favourites, [].into());
    assert_eq!(book(&store, 1).contacts.len(), 1);
    assert_eq!(change(&store, 2, vec![AddressBookChange::Create(contact("Late"))]), [false]);
    assert_eq!(import(&store, 2, "firstname\nLate\n"), None);
    undo_all(&store, &before);
    for (user, other) in [(1, 2), (2, 1)] {
        let back = book(&store, user);
        assert_eq!((back.favourites, back.contacts.len()), ([Favourite::User(user_uuid(other))].into(), 1));
    }
    store.change(&origin(), |known| known.remove_user(UserId::new(2))).expect("gone");
    outsider(folder.path()).execute("UPDATE removed_user SET at = 0", []).expect("written");
    store.change(&origin(), |known| known.add_user(new_user(7))).expect("taken");
    let rows = |sql: &str| number(&outsider(folder.path()), sql);
    for table in ["address_book", "personal_contact", "favourite"] {
        let of_user = format!("SELECT count(*) FROM {table} WHERE user_uuid = '{}'", user_uuid(2));
        assert_eq!(rows(&of_user), 0, "{table}");
    }
    assert_eq!(rows("SELECT count(*) FROM favourite"), 0);
}

#[test]
fn a_full_disk_refuses_what_changes_and_answers_what_only_looks() {
    let (_folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    change(&store, 1, vec![AddressBookChange::Create(contact("Zoe"))]);
    store
        .write(|it| it.query_row("PRAGMA query_only = ON", [], |_| Ok(())).or(Ok(())))
        .expect("the connection writes no more");
    let (tell, told_of) = mpsc::channel();
    let writer = StateWriter::start(&store, || {});
    writer.save(vec![StateWrite::User(user_uuid(1), UserState::default())], Box::new(|kept| assert!(kept.is_err())));
    let told = move |outcome: bool| tell.send(outcome).expect("heard");
    let (changes, exports) = (told.clone(), told);
    let change = ChangeContacts { owner: user_uuid(1), change: AddressBookChange::Create(contact("Yan")) };
    let done = Box::new(move |outcome: Result<_, _>| changes(outcome.is_ok()));
    writer.ask(StoreRequest::ChangeContacts(Asked { query: change, done }));
    let done = Box::new(move |outcome: Result<_, _>| exports(outcome.is_ok()));
    writer.ask(StoreRequest::ExportContacts(Asked { query: ExportContacts { owner: user_uuid(1) }, done }));
    drop(writer);
    assert_eq!(told_of.into_iter().collect::<Vec<_>>(), [false, true]);
}
