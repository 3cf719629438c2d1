//! Chat that waits: over a restart, in its order, within its bounds, and for as long as both are there.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::settings::id::{ChatId, Id};
use crate::settings::state::{
    KEPT_CHAT_MAX, KEPT_CHAT_OF_PAIR_MAX, KEPT_CHAT_OF_SENDER_MAX, KEPT_CHAT_OF_USER_MAX, KeptChat, NewChat,
};
use crate::settings::store_query::{FetchChat, ForgetChat, KeepChat};

use super::*;

/// How many older texts had to go for each of these.
fn keep_all(store: &Store, chats: Vec<KeepChat>) -> Vec<usize> {
    replies(store, chats, StoreRequest::KeepChat)
}

fn forget(store: &Store, chat: ChatId) {
    assert_eq!(replies(store, [ForgetChat(chat)], StoreRequest::ForgetChat), [()]);
}

/// Numbers count up in the order in which texts are sent.
fn keep(to: usize, text: &str, at: i64) -> KeepChat {
    static LAST: AtomicI64 = AtomicI64::new(0);
    keep_as(LAST.fetch_add(1, Ordering::Relaxed) + 1, to, text, at)
}

fn keep_as(id: i64, to: usize, text: &str, at: i64) -> KeepChat {
    keep_from(id, 3, to, text, at)
}

fn keep_from(id: i64, from: usize, to: usize, text: &str, at: i64) -> KeepChat {
    let (to, from) = (user_uuid(to), user_uuid(from));
    KeepChat(NewChat { id: ChatId::new(id), to, from, text: text.into(), at, oldest: 0 })
}

fn waiting(store: &Store, to: usize, oldest: i64) -> Vec<KeptChat> {
    let query = FetchChat { to: user_uuid(to), oldest };
    replies(store, [query], StoreRequest::FetchChat).pop().expect("a reply")
}

fn texts(chats: &[KeptChat]) -> Vec<&str> {
    chats.iter().map(|chat| &*chat.text).collect()
}

fn some_users() -> (TempDir, Store) {
    let (folder, store) = fresh();
    let fill = |known: &mut Configuration| (1..=9).try_for_each(|number| known.add_user(new_user(number)).map(drop));
    store.change(&origin(), fill).expect("taken");
    (folder, store)
}

#[test]
fn chat_waits_over_a_restart_until_it_is_forgotten_or_too_old() {
    let (folder, store) = some_users();
    let dropped = keep_all(&store, vec![keep(1, "one", 10), keep(1, "two <b>", 20), keep(2, "other", 20)]);
    assert_eq!(dropped, [0, 0, 0]);
    drop(store);
    let store = open(folder.path());
    let chats = waiting(&store, 1, 0);
    assert_eq!((texts(&chats), chats[0].from), (vec!["one", "two <b>"], user_uuid(3)));
    assert_eq!(texts(&waiting(&store, 1, 15)), ["two <b>"]);
    forget(&store, chats[1].id);
    assert_eq!(texts(&waiting(&store, 1, 0)), ["one"]);
    let (to, from) = (user_uuid(2), user_uuid(3));
    let id = ChatId::new(store.states().expect("readable").last_chat + 1);
    keep_all(&store, vec![KeepChat(NewChat { id, to, from, text: "late".into(), at: 99, oldest: 15 })]);
    assert_eq!(texts(&waiting(&store, 1, 0)), [""; 0]);
}

#[test]
fn the_oldest_chat_goes_where_too_much_waits() {
    let (folder, store) = some_users();
    let limit = i64::from(KEPT_CHAT_OF_USER_MAX);
    // Of several senders, each of whom has a share.
    let sender = |at: i64| 4 + usize::try_from(at).expect("few") % 6;
    keep_all(&store, (0..limit).map(|at| keep_from(at + 1, sender(at), 1, &at.to_string(), at)).collect());
    let outcomes = keep_all(&store, vec![keep_as(limit + 1, 2, "other", 0), keep_as(limit + 2, 1, "new", limit)]);
    assert_eq!(outcomes, [0, 1]);
    let chats = waiting(&store, 1, 0);
    assert_eq!((chats.len(), &*chats[0].text), (100, "1"));
    let all = i64::from(KEPT_CHAT_MAX);
    fill_up(&folder, KEPT_CHAT_MAX, 8, 3);
    assert_eq!(keep_all(&store, vec![keep_as(2 * all, 2, "last", 0)]), [102]);
    assert_eq!(number(&outsider(folder.path()), "SELECT count(*) FROM kept_chat"), all);
}

/// Fills the places with texts of one user to another.
fn fill_up(folder: &TempDir, number: u32, from: usize, to: usize) {
    outsider(folder.path())
        .execute(
            "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?1)
             INSERT INTO kept_chat (to_uuid, from_uuid, at, text) SELECT ?2, ?3, 0, 'x' FROM number",
            rusqlite::params![number, user_uuid(to).to_string(), user_uuid(from).to_string()],
        )
        .expect("written");
}

#[test]
fn one_sender_has_a_share_of_the_places_and_fewer_with_one_receiver() {
    let (folder, store) = some_users();
    let most = i64::from(KEPT_CHAT_OF_PAIR_MAX);
    let outcomes = keep_all(&store, (0..most + 3).map(|at| keep(1, &at.to_string(), at)).collect());
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == 1).count(), 3);
    let chats = waiting(&store, 1, 0);
    assert_eq!((chats.len(), &*chats[0].text), (20, "3"));
    fill_up(&folder, KEPT_CHAT_OF_SENDER_MAX, 3, 2);
    assert_eq!(keep_all(&store, vec![keep_as(1_000_000, 3, "last", 0)]), [21]);
    let of_sender = format!("SELECT count(*) FROM kept_chat WHERE from_uuid = '{}'", user_uuid(3));
    assert_eq!(number(&outsider(folder.path()), &of_sender), 2000);
    assert_eq!(keep_all(&store, vec![keep_from(1_000_001, 2, 1, "of another", 0)]), [0]);
}

#[test]
fn chat_goes_with_its_receiver_and_with_its_sender() {
    let (folder, store) = some_users();
    let count = || number(&outsider(folder.path()), "SELECT count(*) FROM kept_chat");
    keep_all(&store, vec![keep(1, "one", 0), keep(2, "two", 0)]);
    let before = store.configuration().expect("readable");
    let remove = |id| store.change(&origin(), |known| known.remove_user(UserId::new(id))).expect("gone");
    remove(1);
    keep_all(&store, vec![keep(1, "to nobody", 0)]);
    remove(3);
    assert_eq!(waiting(&store, 2, 0).len(), 0, "nobody hears from whom they cannot see");
    assert_eq!(count(), 2);
    undo_all(&store, &before);
    assert_eq!((texts(&waiting(&store, 1, 0)), texts(&waiting(&store, 2, 0))), (vec!["one"], vec!["two"]));
    remove(3);
    outsider(folder.path()).execute("UPDATE removed_user SET at = 0", []).expect("written");
    remove(1);
    assert_eq!(count(), 0);
}

#[test]
fn chat_comes_in_the_order_in_which_it_was_sent_whenever_it_was_kept() {
    let (folder, store) = some_users();
    keep_all(&store, vec![keep_as(7, 1, "second", 20), keep_as(5, 1, "first", 20), keep_as(9, 1, "third", 10)]);
    let chats = waiting(&store, 1, 0);
    assert_eq!((texts(&chats), chats[0].at), (vec!["first", "second", "third"], 20));
    let last = chats[2].id;
    forget(&store, last);
    drop(store);
    // Whatever became of it, its number is not given twice.
    assert_eq!(open(folder.path()).states().expect("readable").last_chat, last.number());
}
