//! The history asked for one object, and what comes back out of it whole because this console still knows it.

use super::{COLOR, TestConsole};
use crate::settings::fixtures;
use crate::tui::Rights;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const UNDO: Key = Key::ctrl('z');
const YES: Key = Key::char('y');
const CHANGES: Key = Key::char('H');

/// Until nothing is read in the background any more.
fn read_all(console: &mut TestConsole) -> &mut TestConsole {
    while console.inner.is_working() {
        console.inner.look_after();
        std::thread::yield_now();
    }
    console
}

#[test]
fn the_history_of_a_user_has_what_was_changed_of_the_lines_too() {
    let mut console = TestConsole::with(Tab::Users, fixtures::small_company(), Rights::Edit, COLOR, (120, 40));
    console.press(&[Key::ENTER, Key::ENTER, Key::ctrl('u')]).write("1099").press(&[Key::ctrl('s')]).says("1099");
    console.press(&[Key::ESC, Key::DOWN, Key::char('x'), Key::UP, Key::char('x'), CHANGES]);
    read_all(&mut console).says("object:alice").does_not_say("bob");
    console.says("line \"1001@default\" of user \"alice");
    // Back to where it was asked.
    console.press(&[Key::ESC, Key::ESC]).says("bob").press(&[Key::ctrl('a'), CHANGES]);
    console.reads("H shows the changes of one object; 3 are marked").press(&[Key::char('0'), CHANGES]);
    console.reads("the row under the cursor has no history of its own");
}

#[test]
fn the_rows_of_all_lists_of_objects_have_a_history() {
    for (tab, keys, object) in [
        (Tab::Contexts, &[][..], "object:default"),
        (Tab::Contexts, &[Key::ENTER], "object:1001@default"),
        (Tab::Rooms, &[], "object:4000@default"),
        (Tab::Voicemails, &[], "object:1001@default"),
        (Tab::Queues, &[], "object:support"),
        (Tab::Accounts, &[], "object:crm"),
        (Tab::Presences, &[], "object:xivo"),
        (Tab::Profiles, &[], "object:Supervisor"),
        (Tab::Hints, &[], "object:xivo"),
    ] {
        let mut console = TestConsole::at(tab);
        console.press(keys).press(&[CHANGES]);
        read_all(&mut console).says(object);
    }
}

#[test]
fn whom_an_undo_removed_comes_back_with_the_password_out_of_the_history() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('a')]).write("dora").press(&[Key::TAB]).write("Dora").press(&[Key::TAB; 8]);
    console.write("hunter-22").press(&[Key::TAB]).write("hunter-22").press(&[Key::ctrl('s')]).says("was added");
    let dora = |console: &TestConsole| {
        let stored = console.stored();
        let dora = stored.users.iter().find(|user| user.first_name.as_str() == "Dora");
        dora.map(|user| (user.password.clone().expect("a password"), user.enabled))
    };
    let added = dora(&console);
    assert!(added.is_some());
    console.press(&[UNDO]).reads("h, then u brings it back");
    assert_eq!(dora(&console), None);
    console.press(&[Key::char('h'), Key::HOME, Key::char('u')]);
    console.reads("Undo 1 change").does_not_say("had a password").press(&[YES]).reads("the undo was taken back");
    assert_eq!(dora(&console), added);
}

#[test]
fn what_users_had_beside_the_configuration_is_promised_for_a_week_and_missed_after_it() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('d')]).reads("for a week an undo brings these back").press(&[YES]).says("was removed");
    for (days, is_gone) in [(1, false), (8, true)] {
        let database = rusqlite::Connection::open(console.folder().join("ctibox.db")).expect("the database");
        let at = console.inner.app.now.unix_timestamp() - days * 24 * 3600;
        database.execute("UPDATE audit SET at = ?", [at]).expect("moments are set");
        console.press(&[Key::char('h'), Key::HOME, Key::char('u')]);
        read_all(&mut console).reads("Undo 1 change");
        let question = console.screen().split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(question.contains("kept for a week"), is_gone, "{question}");
        console.press(&[Key::ESC]);
    }
}

#[test]
fn leaving_says_whose_passwords_only_this_console_can_bring_back() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('d'), YES]).says("was removed").press(&[Key::char('q')]);
    console.reads("Only this console can still bring back the password of a user").press(&[Key::ESC, UNDO, YES]);
    console.press(&[Key::char('q')]);
    assert!(!console.inner.is_open());
}

/// Somebody else changed the user later, and changed that back.
#[test]
fn who_changed_what_is_left_out_is_who_changed_that_member() {
    let mut console = TestConsole::at(Tab::Users);
    let heard = console.elsewhere(|c| {
        fixtures::add_user(c, "dora");
    });
    console.inner.handle(Event::Configuration(heard));
    console.press(&[Key::END, Key::char('e'), Key::TAB, Key::TAB]).write("Vier").press(&[Key::ctrl('s')]);
    console.says("was changed");
    for is_exempt in [true, false] {
        let heard = console.elsewhere(|c| {
            let dora = c.users.find(|user| user.has_login("dora")).expect("dora").id;
            c.users.edit(dora, |user| user.break_glass = is_exempt);
        });
        console.inner.handle(Event::Configuration(heard));
    }
    console.press(&[Key::char('h'), Key::HOME, Key::DOWN, Key::DOWN, Key::DOWN, Key::char('u')]);
    let screen = read_all(&mut console).screen();
    let told = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("by root") && !told.contains("by other)"), "{screen}");
}
