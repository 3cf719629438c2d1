//! A database that is held, gone or replaced: the console goes on to draw and to answer, says what it waits for, and never
//! says that something was saved which was not.

use std::cell::RefCell;
use std::time::Duration;

use rusqlite::Connection;

use super::sessions::serve_responses;
use super::{TestConsole, assert_frames};
use crate::control::{self, Discrepancy, Effect, ListenFailure, ListenProblem};
use crate::settings::fixtures;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const SAVE: Key = Key::ctrl('s');

/// Somebody else writes, and goes on to.
pub(super) fn hold(console: &TestConsole) -> Connection {
    let other = Connection::open(console.folder().join("ctibox.db")).expect("the same database");
    other.execute_batch("BEGIN IMMEDIATE").expect("nobody else writes");
    other
}

/// A form with a name of its own in it, saved while the database is held.
fn held() -> (TestConsole, Connection) {
    let mut console = TestConsole::at(Tab::Users);
    let other = hold(&console);
    console.inner.app.patience = Duration::ZERO;
    console.press(&[Key::char('e'), Key::TAB]).write("Anna").press(&[SAVE]);
    (console, other)
}

/// The console looks until what was under way is over.
pub(super) fn await_end(console: &mut TestConsole) {
    while console.inner.is_working() {
        console.inner.look_after();
        std::thread::yield_now();
    }
}

fn first_name(console: &TestConsole) -> String {
    console.stored().users.iter().next().expect("alice").first_name.to_string()
}

#[test]
fn while_the_database_is_held_the_console_says_so_and_keys_wait() {
    let (mut console, other) = held();
    console.says("saving… 0 s; Esc cancels").says("Esc cancel");
    console.write("jj").says("2 keys wait");
    other.execute_batch("ROLLBACK").expect("it began");
    await_end(&mut console);
    console.does_not_say("edit alice").says("Anna").press(&[Key::ENTER]).does_not_say("Users › alice");
    assert_eq!(first_name(&console), "Anna");
}

#[test]
fn esc_gives_up_and_what_was_typed_is_still_there() {
    let (mut console, other) = held();
    console.press(&[Key::ESC]).says("not saved: canceled, nothing was changed").says("edit alice").says("Anna");
    other.execute_batch("ROLLBACK").expect("it began");
    // Whatever the first try still did would be done before this one.
    console.inner.app.patience = Duration::from_secs(60);
    console.press(&[Key::ctrl('u')]).write("Berta").press(&[SAVE]).says("was changed");
    assert_eq!(first_name(&console), "Berta");
    let history = console.inner.app.store.audit(&crate::store::AuditQuery::newest(100)).expect("a history");
    let own = history.into_iter().flatten().filter(|entry| entry.system_user == "root").count();
    assert_eq!(own, 1, "the change that was given up is in no history");
}

#[test]
fn a_switch_and_an_undo_wait_as_forms_do() {
    let mut console = TestConsole::at(Tab::Presences);
    console.press(&[Key::ENTER, Key::char('m'), Key::RIGHT, Key::SPACE]).says("chosen from");
    let other = hold(&console);
    console.inner.app.patience = Duration::ZERO;
    console.press(&[Key::ctrl('z')]).says("saving…").press(&[Key::ESC]).says("not undone: canceled");
    other.execute_batch("ROLLBACK").expect("it began");
    console.inner.app.patience = Duration::from_secs(60);
    console.press(&[Key::ctrl('z')]).says("undone: ");
    assert_eq!(console.stored().presences.iter().map(|one| one.reachable.clone()).collect::<Vec<_>>(), {
        let before = fixtures::small_company();
        before.presences.iter().map(|one| one.reachable.clone()).collect::<Vec<_>>()
    });
}

#[test]
fn while_a_switch_waits_long_the_cursor_moves_on_and_all_else_waits() {
    let mut console = TestConsole::at(Tab::Presences);
    console.press(&[Key::ENTER, Key::char('m')]);
    let other = hold(&console);
    console.inner.app.patience = Duration::ZERO;
    console.press(&[Key::RIGHT, Key::SPACE]).says("saving…");
    console.inner.app.now += Duration::from_secs(3);
    console.press(&[Key::DOWN, Key::DOWN]);
    console.says("chosen from ● outtolunch").says("saving…").write("m").says("1 key waits");
    other.execute_batch("ROLLBACK").expect("it began");
    await_end(&mut console);
    console.says("on entering");
    assert!(console.stored().presences != fixtures::small_company().presences, "the switch was thrown");
}

/// `mv ctibox.db elsewhere` and another file in its place.
#[test]
fn a_change_to_a_database_that_was_replaced_is_not_reported_as_saved() {
    let mut console = TestConsole::at(Tab::Users);
    let database = console.folder().join("ctibox.db");
    let copy = console.folder().join("copy.db");
    std::fs::copy(&database, &copy).expect("a copy");
    std::fs::rename(&database, console.folder().join("old.db")).expect("moved away");
    std::fs::rename(&copy, &database).expect("another in its place");
    console.press(&[Key::char('e'), Key::TAB]).write("Anna").press(&[SAVE]);
    console
        .reads("not saved: ")
        .reads("was removed or replaced")
        .reads("start it again to work on the file that is there now");
    console.says("edit alice");
}

#[test]
fn a_database_that_cannot_be_read_is_told_as_long_as_that_is_so() {
    let mut console = TestConsole::at(Tab::Users);
    let path = console.folder().join("ctibox.db");
    console.inner.handle(Event::Lost(crate::store::StoreError::Replaced { path }));
    console.reads("nothing can be saved: ").press(&[Key::DOWN]).reads("nothing can be saved: ");
    let read = std::sync::Arc::new(console.stored());
    console.inner.handle(Event::Configuration(read));
    console.does_not_say("nothing can be saved");
}

#[test]
fn saving_looks_so() {
    let held = RefCell::new(Vec::new());
    assert_frames("saving", Tab::Users, &fixtures::small_company(), |console| {
        held.borrow_mut().push(hold(console));
        console.inner.app.patience = Duration::ZERO;
        console.press(&[Key::char('e'), Key::TAB]).write("Anna").press(&[SAVE]).write("j");
    });
}

/// A toast tells what the server made of it: sessions that ended, an address that cannot be had.
#[test]
fn what_was_saved_is_told_with_what_the_server_made_of_it() {
    let effect = Effect { sessions_ended: 2, ..Effect::default() };
    let mut console = TestConsole::at(Tab::Users);
    console.connect(&[("alice", "available"), ("alice", "away")]);
    let server = serve_responses(&console, vec![control::Response::SettingsReloaded(effect)]);
    console.press(&[Key::char('e')]).press(&[Key::TAB; 5]).press(&[Key::SPACE, SAVE, Key::char('y')]);
    console.says("user \"alice\" was changed; 2 sessions ended");
    assert!(matches!(server.join().expect("asks")[..], [control::Request::ReloadSettings { since: Some(_) }]));

    let failure = ListenFailure {
        address: "0.0.0.0:443".parse().expect("an address"),
        problem: ListenProblem::NotPermitted,
        why: "Permission denied".to_owned(),
    };
    let listen = vec!["0.0.0.0:5003".parse().expect("an address")];
    let discrepancies = vec![Discrepancy::Listen { failures: vec![failure], instead: listen.clone() }];
    let effect = Effect { listen, discrepancies, ..Effect::default() };
    let mut console = TestConsole::at(Tab::Settings);
    console.connect(&[]);
    let server = serve_responses(&console, vec![control::Response::SettingsReloaded(effect)]);
    console.press(&[Key::DOWN, Key::DOWN, Key::ENTER]).write("443").press(&[SAVE, Key::char('y')]);
    console.reads("client.port was set; but the running server does not act by it: cannot listen on 0.0.0.0:443");
    console.reads("clients connect to 0.0.0.0:5003 as before");
    server.join().expect("asks");
}

#[test]
fn a_server_that_cannot_follow_is_told_with_its_cause() {
    let mut console = TestConsole::at(Tab::Users);
    console.connect(&[]);
    let server =
        serve_responses(&console, vec![control::Response::Failed { why: "the database was removed".to_owned() }]);
    console.press(&[Key::char('e'), Key::TAB]).write("Anna").press(&[SAVE]);
    console.reads("was changed; but whether the running server acts by it is not known: the server refused: the database was removed");
    server.join().expect("asks");
}
