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
