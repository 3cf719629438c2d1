//! History as actions: a row a transaction, opened into its entries, taken back as a whole or several together; what came
//! meanwhile is told and moves nothing; a filter looks into all there is.

use super::TestConsole;
use crate::settings::id::{ContextId, Id as _, ProfileId};
use crate::settings::name::ContextName;
use crate::store::{Origin, OriginKind, Store};
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const TAKE_BACK: Key = Key::char('u');
const YES: Key = Key::char('y');

/// All users get the second profile in one transaction, by somebody else.
fn profile_for_all(console: &mut TestConsole) {
    let changed = console.elsewhere(|c| {
        let users: Vec<_> = c.users.iter().map(|user| user.id).collect();
        for user in users {
            c.users.edit(user, |user| user.profile = Some(ProfileId::new(2)));
        }
    });
    console.inner.handle(Event::Configuration(changed));
}

/// The first context is called by these names one after the other, each in a transaction.
fn rename(console: &mut TestConsole, names: &[String]) {
    let store = Store::open_existing(console.folder()).expect("the same store");
    let origin = Origin { user: "root (sudo by admin2)".to_owned(), from: OriginKind::Cli };
    for name in names {
        let renamed = store.change(&origin, |c| {
            let name = ContextName::parse(name)?;
            c.contexts.edit(ContextId::new(1), |context| context.name = name);
            Ok(())
        });
        renamed.expect("taken");
    }
    let read = std::sync::Arc::new(store.configuration().expect("a configuration"));
    console.inner.handle(Event::Configuration(read));
}

fn names(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|number| format!("name{number}")).collect()
}

/// Until nothing is read in the background any more.
fn read_all(console: &mut TestConsole) {
    while console.inner.is_working() {
        console.inner.look_after();
        std::thread::yield_now();
    }
}

#[test]
fn what_one_change_did_to_many_is_one_row_that_opens_and_closes() {
    let mut console = TestConsole::at(Tab::History);
    let users = console.stored().users.len();
    assert!(users > 2);
    profile_for_all(&mut console);
    let profile = console.stored().profiles.get(ProfileId::new(2)).expect("a profile").name.to_string();
    console.press(&[Key::HOME]).says(&format!("profile {profile} for "));
    console.does_not_say("user \"alice\"").press(&[Key::ENTER]).says("▾").says("user \"alice\": profile");
    console.press(&[Key::DOWN, Key::ENTER]).says("entry ").says("before").press(&[Key::ESC]);
    console.press(&[Key::UP, Key::ENTER]).does_not_say("user \"alice\"").says("▸");
}

#[test]
fn an_entry_shows_what_changed_before_what_did_not() {
    let mut console = TestConsole::at(Tab::History);
    profile_for_all(&mut console);
    console.press(&[Key::HOME, Key::ENTER, Key::DOWN, Key::ENTER]);
    let screen = console.screen();
    let first = screen.lines().position(|line| line.contains(" ~ ")).expect("a changed member");
    assert!(screen.lines().nth(first - 1).expect("a row").contains("after"), "{screen}");
    console.says("~ profile");
}

#[test]
fn a_whole_transaction_is_taken_back_and_so_is_one_entry_of_it() {
    let mut console = TestConsole::at(Tab::History);
    let before = console.stored().users;
    profile_for_all(&mut console);
    console.press(&[Key::HOME, TAKE_BACK]).says("Take back 1 change?").reads("· user \"alice\": profile");
    console.press(&[YES]).reads("taken back: profile");
    let profiles =
        |console: &TestConsole| -> Vec<_> { console.stored().users.iter().map(|user| user.profile).collect() };
    let first: Vec<_> = before.iter().map(|user| user.profile).collect();
    assert_eq!(profiles(&console), first);
    profile_for_all(&mut console);
    // The entry of alice alone.
    console.press(&[Key::HOME, Key::ENTER, Key::DOWN, TAKE_BACK]).reads("Take back 1 change?").press(&[YES]);
    assert_eq!(profiles(&console)[0], first[0]);
    assert_ne!(profiles(&console), first);
}

#[test]
fn what_comes_meanwhile_is_told_and_moves_no_cursor() {
    let mut console = TestConsole::at(Tab::History);
    rename(&mut console, &names(0..60));
    console.press(&[Key::HOME]).press(&[Key::DOWN; 40]).says("\"name18\" -> \"name19\"");
    let row = |console: &mut TestConsole| {
        let screen = console.screen();
        screen.lines().position(|line| line.contains("name18\", now")).expect("the row")
    };
    let place = row(&mut console);
    rename(&mut console, &names(60..63));
    console.says("↑ 3 newer: g goes there");
    assert_eq!(row(&mut console), place, "nothing moves on the terminal");
    console.press(&[Key::HOME]).says("name62").does_not_say("newer:");
}

#[test]
fn a_filter_looks_into_all_there_is_by_who_object_and_time() {
    let mut console = TestConsole::at(Tab::Settings);
    rename(&mut console, &names(0..450));
    console.press(&[Key::char('h')]).says("── 200+ ──").press(&[Key::char('/')]).write("who:admin2 name7");
    read_all(&mut console);
    console.says("admin2 (as root)").says("\"name7\"");
    for (query, found) in [
        ("who:admin2", "450/451"),
        ("!who:admin2", "1/451"),
        ("object:name449", "1/451"),
        ("time:1h who:admin2", "450/451"),
        ("time:2020", "0/451"),
        ("time:today by:cli", "450/451"),
    ] {
        console.inner.app.now = time::OffsetDateTime::now_utc();
        console.press(&[Key::ESC, Key::char('/')]).write(query);
        read_all(&mut console);
        console.says(found);
    }
}

#[test]
fn all_that_somebody_did_is_taken_back_together() {
    let mut console = TestConsole::at(Tab::History);
    let before = console.stored().contexts;
    rename(&mut console, &names(0..3));
    profile_for_all(&mut console);
    console.press(&[Key::char('/')]).write("who:admin2").press(&[Key::ENTER, Key::ctrl('a'), TAKE_BACK]);
    console.says("Take back 3 changes?").press(&[YES]).says("taken back: 3 changes");
    let name = |contexts: &crate::settings::table::Table<crate::settings::context::Context>| {
        contexts.get(ContextId::new(1)).map(|context| context.name.clone())
    };
    assert_eq!(name(&console.stored().contexts), name(&before));
}

#[test]
fn going_down_past_the_last_reads_on_to_the_first_of_all() {
    let mut console = TestConsole::at(Tab::History);
    rename(&mut console, &names(0..450));
    console.press(&[Key::HOME]).says("200+");
    console.press(&[Key::END, Key::END, Key::END, Key::END]).says("── 451 ──").says("system");
}
