//! A database that is held, gone or replaced: the console goes on to draw and to answer, says what it waits for, and never
//! says that something was saved which was not.

use std::cell::RefCell;
use std::time::Duration;

use rusqlite::Connection;

use super::sessions::answer;
use super::{Desk, assert_looks};
use crate::control::{self, Discrepancy, Effect, ListenFailure, ListenProblem};
use crate::settings::fixtures;
use crate::tui::keys::Key;
use crate::tui::news::News;
use crate::tui::screen::Place;

const SAVE: Key = Key::ctrl('s');

/// Somebody else writes, and goes on to.
fn hold(desk: &Desk) -> Connection {
    let other = Connection::open(desk.folder().join("ctibox.db")).expect("the same database");
    other.execute_batch("BEGIN IMMEDIATE").expect("nobody else writes");
    other
}

/// A form with a name of its own in it, saved while the database is held.
fn held() -> (Desk, Connection) {
    let mut desk = Desk::at(Place::Users);
    let other = hold(&desk);
    desk.console.office.patience = Duration::ZERO;
    desk.press(&[Key::char('e'), Key::TAB]).write("Anna").press(&[SAVE]);
    (desk, other)
}

/// The console looks until what was under way is over.
fn await_end(desk: &mut Desk) {
    while desk.console.is_working() {
        desk.console.look_after();
        std::thread::yield_now();
    }
}

fn first_name(desk: &Desk) -> String {
    desk.stored().users.iter().next().expect("alice").first_name.to_string()
}

#[test]
fn while_the_database_is_held_the_console_says_so_and_no_key_is_kept() {
    let (mut desk, other) = held();
    desk.says("saving… 0 s; Esc gives it up").says("Esc give up");
    desk.write("jq").says("q was not taken");
    assert!(desk.console.is_open());
    other.execute_batch("ROLLBACK").expect("it began");
    await_end(&mut desk);
    desk.says("was changed").does_not_say("edit alice").says("Anna");
    assert_eq!(first_name(&desk), "Anna");
}

#[test]
fn esc_gives_up_and_what_was_typed_is_still_there() {
    let (mut desk, other) = held();
    desk.press(&[Key::ESC]).says("not saved: given up, nothing was changed").says("edit alice").says("Anna");
    other.execute_batch("ROLLBACK").expect("it began");
    // Whatever the first try still did would be done before this one.
    desk.console.office.patience = Duration::from_secs(60);
    desk.press(&[Key::ctrl('u')]).write("Berta").press(&[SAVE]).says("was changed");
    assert_eq!(first_name(&desk), "Berta");
    let history = desk.console.office.store.audit(&crate::store::AuditQuery::newest(100)).expect("a history");
    let own = history.into_iter().flatten().filter(|entry| entry.system_user == "root").count();
    assert_eq!(own, 1, "the change that was given up is in no history");
}

#[test]
fn a_switch_and_an_undo_wait_as_forms_do() {
    let mut desk = Desk::at(Place::Presences);
    desk.press(&[Key::ENTER, Key::char('m'), Key::RIGHT, Key::SPACE]).says("chosen from");
    let other = hold(&desk);
    desk.console.office.patience = Duration::ZERO;
    desk.press(&[Key::ctrl('z')]).says("saving…").press(&[Key::ESC]).says("not undone: given up");
    other.execute_batch("ROLLBACK").expect("it began");
    desk.console.office.patience = Duration::from_secs(60);
    desk.press(&[Key::ctrl('z')]).says("undone: ");
    assert_eq!(desk.stored().presences.iter().map(|one| one.reachable.clone()).collect::<Vec<_>>(), {
        let before = fixtures::small_company();
        before.presences.iter().map(|one| one.reachable.clone()).collect::<Vec<_>>()
    });
}

/// `mv ctibox.db elsewhere` and another file in its place.
#[test]
fn a_change_to_a_database_that_was_replaced_is_not_reported_as_saved() {
    let mut desk = Desk::at(Place::Users);
    let database = desk.folder().join("ctibox.db");
    let copy = desk.folder().join("copy.db");
    std::fs::copy(&database, &copy).expect("a copy");
    std::fs::rename(&database, desk.folder().join("old.db")).expect("moved away");
    std::fs::rename(&copy, &database).expect("another in its place");
    desk.press(&[Key::char('e'), Key::TAB]).write("Anna").press(&[SAVE]);
    desk.reads("not saved: ")
        .reads("was removed or replaced")
        .reads("start it again to work on the file that is there now");
    desk.says("edit alice");
}

#[test]
fn a_database_that_cannot_be_read_is_told_as_long_as_that_is_so() {
    let mut desk = Desk::at(Place::Users);
    let path = desk.folder().join("ctibox.db");
    desk.console.hear(News::Lost(crate::store::StoreError::Replaced { path }));
    desk.reads("nothing can be saved: ").press(&[Key::DOWN]).reads("nothing can be saved: ");
    let read = std::sync::Arc::new(desk.stored());
    desk.console.hear(News::Configuration(read));
    desk.does_not_say("nothing can be saved");
}

#[test]
fn saving_looks_so() {
    let held = RefCell::new(Vec::new());
    assert_looks("saving", Place::Users, &fixtures::small_company(), |desk| {
        held.borrow_mut().push(hold(desk));
        desk.console.office.patience = Duration::ZERO;
        desk.press(&[Key::char('e'), Key::TAB]).write("Anna").press(&[SAVE]).write("j");
    });
}

/// A toast tells what the server made of it: sessions that ended, an address that cannot be had.
#[test]
fn what_was_saved_is_told_with_what_the_server_made_of_it() {
    let effect = Effect { sessions_ended: 2, ..Effect::default() };
    let mut desk = Desk::at(Place::Users);
    desk.connect(&[("alice", "available"), ("alice", "away")]);
    let server = answer(&desk, vec![control::Response::SettingsReloaded(effect)]);
    desk.press(&[Key::char('e')]).press(&[Key::TAB; 5]).press(&[Key::SPACE, SAVE, Key::char('y')]);
    desk.says("user \"alice\" was changed; 2 sessions ended");
    assert!(matches!(server.join().expect("asks")[..], [control::Request::ReloadSettings { since: Some(_) }]));

    let failure = ListenFailure {
        address: "0.0.0.0:443".parse().expect("an address"),
        problem: ListenProblem::NotPermitted,
        why: "Permission denied".to_owned(),
    };
    let listen = vec!["0.0.0.0:5003".parse().expect("an address")];
    let discrepancies = vec![Discrepancy::Listen { failures: vec![failure], instead: listen.clone() }];
    let effect = Effect { listen, discrepancies, ..Effect::default() };
    let mut desk = Desk::at(Place::Settings);
    desk.connect(&[]);
    let server = answer(&desk, vec![control::Response::SettingsReloaded(effect)]);
    desk.press(&[Key::DOWN, Key::DOWN, Key::ENTER]).write("443").press(&[SAVE, Key::char('y')]);
    desk.reads("client.port was set; but the running server does not act by it: cannot listen on 0.0.0.0:443");
    desk.reads("clients connect to 0.0.0.0:5003 as before");
    server.join().expect("asks");
}

#[test]
fn a_server_that_cannot_follow_is_told_with_its_cause() {
    let mut desk = Desk::at(Place::Users);
    desk.connect(&[]);
    let server = answer(&desk, vec![control::Response::Failed { why: "the database was removed".to_owned() }]);
    desk.press(&[Key::char('e'), Key::TAB]).write("Anna").press(&[SAVE]);
    desk.reads("was changed; but whether the running server acts by it is not known: the server refused: the database was removed");
    server.join().expect("asks");
}
