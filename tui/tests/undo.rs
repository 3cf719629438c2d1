//! Ctrl-Z undoes at once only what stands on the screen and is what people come there for; all else it asks about.

use super::TestConsole;
use crate::settings::id::{Id as _, UserId};
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const UNDO: Key = Key::ctrl('z');

fn is_enabled(console: &TestConsole) -> bool {
    console.stored().users.get(UserId::new(1)).expect("alice").enabled
}

#[test]
fn what_a_filter_hides_is_asked_about() {
    let mut console = TestConsole::at(Tab::Users);
    let before = is_enabled(&console);
    console.write("x/bob").press(&[Key::ENTER, UNDO]).says("Undo the last change?").reads("user \"alice\"");
    assert_ne!(is_enabled(&console), before);
    console.press(&[Key::ESC, Key::ESC, UNDO]).says("undone: ");
    assert_eq!(is_enabled(&console), before);
}

/// People press Ctrl-Z, y by habit.
#[test]
fn an_answer_to_what_was_not_asked_does_nothing_but_say_so() {
    let mut console = TestConsole::at(Tab::Users);
    let before = is_enabled(&console);
    console.press(&[UNDO, Key::char('y')]).says("nothing is asked here").does_not_say("the same as a command");
    console.press(&[Key::char('x')]);
    assert_ne!(is_enabled(&console), before);
    console.press(&[UNDO, Key::char('y')]).says("the undo is done already, nothing is asked; y again");
    assert_eq!(is_enabled(&console), before);
    console.does_not_say("the same as a command").press(&[Key::char('y')]).says("the same as a command");
    console.press(&[Key::ESC, Key::char('x'), UNDO, Key::char('n')]).says("h, then u brings it back");
    // Right behind it alone.
    console.press(&[Key::char('x'), Key::DOWN, Key::char('y')]).says("the same as a command");
}

/// Typed while the undo is still being written.
#[test]
fn an_answer_typed_ahead_of_an_undo_that_asks_nothing_is_not_taken_for_the_key() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('x')]);
    console.inner.app.patience = std::time::Duration::ZERO;
    console.inner.press(UNDO);
    console.inner.press(Key::char('y'));
    while console.inner.is_working() {
        console.inner.look_after();
    }
    console.says("nothing is asked").does_not_say("the same as a command");
}

#[test]
fn a_line_of_somebody_is_asked_about() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::ENTER, Key::ENTER, Key::ctrl('u')]).write("1099").press(&[Key::ctrl('s'), UNDO]);
    console.says("Undo the last change?").reads("line \"1001@default\"").press(&[Key::ESC]);
    assert!(console.stored().lines.iter().any(|line| line.extension.as_str() == "1099"));
}

#[test]
fn an_account_is_asked_about() {
    let mut console = TestConsole::at(Tab::Accounts);
    let before = console.stored().accounts.iter().next().expect("an account").enabled;
    console.press(&[Key::char('x'), UNDO]).says("Undo the last change?").press(&[Key::char('y')]);
    assert_eq!(console.stored().accounts.iter().next().expect("an account").enabled, before);
}

/// The words after it lead there: an undo is a change as any other, and its own row takes it back.
#[test]
fn an_undo_by_one_key_is_brought_back_by_the_keys_that_it_tells() {
    let mut console = TestConsole::at(Tab::Users);
    let before = is_enabled(&console);
    console.press(&[Key::char('x'), UNDO]).reads("; h, then u brings it back");
    assert_eq!(is_enabled(&console), before);
    console.press(&[Key::char('h'), Key::char('u'), Key::char('y')]).reads("the undo was taken back; now ");
    assert_ne!(is_enabled(&console), before);
    // And so on, there and back.
    console.press(&[Key::char('h'), Key::char('u'), Key::char('y')]).reads("the undo was taken back; now ");
    assert_eq!(is_enabled(&console), before);
}

/// What the server did last is no change that could be undone: what is undone instead is not taken for it.
#[test]
fn what_the_server_did_last_is_said_not_to_be_what_is_undone() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('x')]);
    console.inner.app.remember_made_elsewhere("2 sessions were ended".to_owned(), Vec::new());
    console
        .press(&[UNDO])
        .reads("What was done last cannot be undone: 2 sessions were ended. This is the change before");
    console.press(&[Key::char('n')]);
}

#[test]
fn an_undo_of_passwords_says_which_hold_then() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::ctrl('a'), Key::char('b'), Key::char('m'), Key::char('y')]);
    while console.inner.is_working() {
        console.inner.look_after();
    }
    console.press(&[Key::ESC, Key::char('y'), UNDO]);
    console.reads("The passwords of before hold again; those that were set or made then no longer");
    console.press(&[Key::char('y')]).reads("is gone and cannot be brought back").does_not_say("h, then u");
}
