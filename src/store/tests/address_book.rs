//! Address books: what was told is on disk, and goes with its owner.

use std::sync::mpsc;

use crate::settings::address_book::{AddressBookAct, AddressBookOutcome, Contact, Favourite, Found, Look};
use crate::settings::id::ContactId;
use crate::settings::state::{StateWrite, StoreReply, StoreRequest, UserState};

use super::*;

fn contact(name: &str) -> Contact {
    Contact::new([("firstname", name), ("note", "a \"b\"\n")].map(|(name, text)| (name.into(), text.into())))
        .expect("a contact")
}

/// Does all of it in one go, as clients that ask at the same time do, and gives back what came of each.
fn act(store: &Store, user: usize, acts: Vec<AddressBookAct>) -> Vec<AddressBookOutcome> {
    let (tell, told) = mpsc::channel();
    let writer = StateWriter::start(store, || {});
    for act in acts {
        let tell = tell.clone();
        let done = move |outcome: Result<StoreReply, StoreError>| tell.send(outcome.expect("done")).expect("heard");
        writer.act(StoreRequest::AddressBook(user_uuid(user), act), Box::new(done));
    }
    drop((writer, tell));
    let outcome = |outcome| match outcome {
        StoreReply::AddressBook(outcome) => outcome,
        other => unreachable!("{other:?}"),
    };
    told.into_iter().map(outcome).collect()
}

fn book(store: &Store, user: usize) -> Found {
    match act(store, user, vec![AddressBookAct::Look(Look::Contacts)]).pop() {
        Some(AddressBookOutcome::Found(found)) => found,
        other => unreachable!("a look is answered with a book: {other:?}"),
    }
}

#[test]
fn an_address_book_is_kept_over_a_restart() {
    let (folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    let (user, first) = (Favourite::User(user_uuid(2)), Favourite::Contact(ContactId::new(1)));
    let outcomes = act(
        &store,
        1,
        vec![
            AddressBookAct::Import("firstname,note\nZoé,\"a \"\"b\"\"\"\nYan,\nXu,\n".into()),
            AddressBookAct::SetFavourite(user, true),
            AddressBookAct::SetFavourite(first, true),
            AddressBookAct::Edit(ContactId::new(2), contact("Yann")),
            AddressBookAct::Delete(ContactId::new(3)),
            AddressBookAct::Delete(ContactId::new(3)),
        ],
    );
    assert_eq!(outcomes[0], AddressBookOutcome::Imported { created: 3, failed: Vec::new() });
    assert_eq!(outcomes[5], AddressBookOutcome::Refused);
    drop(store);
    let store = open(folder.path());
    let kept = book(&store, 1);
    assert_eq!(kept.favourites, [user, first].into());
    let names: Vec<_> = kept.contacts.iter().map(|(_, id, contact)| (id.number(), contact.text("firstname"))).collect();
    assert_eq!(names, [(2, "Yann"), (1, "Zoé")]);
    assert_eq!(kept.contacts[0].2, contact("Yann"));
    assert_eq!(kept.contacts[1].2.text("note"), "a \"b\"");
    act(&store, 1, vec![AddressBookAct::Purge, AddressBookAct::Create(contact("Wim"))]);
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
    act(&store, 1, vec![AddressBookAct::Create(contact("Zoe"))]);
    assert_eq!(count(), before);
}

#[test]
fn an_address_book_goes_with_its_owner_and_a_favourite_with_whom_it_marks() {
    let (folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    store.change(&origin(), |known| known.add_user(new_user(2))).expect("taken");
    let mark = |user| AddressBookAct::SetFavourite(Favourite::User(user_uuid(user)), true);
    act(&store, 1, vec![AddressBookAct::Create(contact("Zoe")), mark(2)]);
    act(&store, 2, vec![AddressBookAct::Create(contact("Yan")), mark(1)]);
    store.change(&origin(), |known| known.remove_user(UserId::new(2))).expect("gone");
    assert_eq!(book(&store, 1).favourites, [].into());
    assert_eq!(book(&store, 1).contacts.len(), 1);
    for table in ["address_book", "personal_contact", "favourite"] {
        let sql = format!("SELECT count(*) FROM {table} WHERE user_uuid = '{}'", user_uuid(2));
        assert_eq!(number(&outsider(folder.path()), &sql), 0, "{table}");
    }
    assert_eq!(act(&store, 2, vec![AddressBookAct::Create(contact("Late"))]), [AddressBookOutcome::Refused]);
}

#[test]
fn a_full_disk_refuses_what_changes_and_answers_what_only_looks() {
    let (_folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    act(&store, 1, vec![AddressBookAct::Create(contact("Zoe"))]);
    store
        .write(|it| it.query_row("PRAGMA query_only = ON", [], |_| Ok(())).or(Ok(())))
        .expect("the connection writes no more");
    let (tell, told) = mpsc::channel();
    let writer = StateWriter::start(&store, || {});
    writer.save(vec![StateWrite::User(user_uuid(1), UserState::default())], Box::new(|kept| assert!(kept.is_err())));
    for act in [AddressBookAct::Create(contact("Yan")), AddressBookAct::Look(Look::Export)] {
        let tell = tell.clone();
        let done = move |outcome: Result<StoreReply, StoreError>| tell.send(outcome.is_ok()).expect("heard");
        writer.act(StoreRequest::AddressBook(user_uuid(1), act), Box::new(done));
    }
    drop((writer, tell));
    assert_eq!(told.into_iter().collect::<Vec<_>>(), [false, true]);
}
