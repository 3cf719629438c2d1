//! The history asked for one object, and what comes back out of it whole because this console still knows it.

use super::{COLOR, TestConsole};
use crate::settings::fixtures;
use crate::tui::Rights;
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
    console.reads("H shows the changes of what the cursor is on, which is nothing here");
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
