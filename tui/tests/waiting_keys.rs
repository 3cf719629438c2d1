//! Keys that are typed while something is being saved: they wait, and do what they would have done later.

use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use ratatui::crossterm::event as terminal;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::TestConsole;
use super::saving::{await_end, hold};
use crate::settings::id::{Id as _, UserId};
use crate::settings::name::FirstName;
use crate::tui::console::take_all;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

fn enabled(console: &TestConsole) -> Vec<bool> {
    console.stored().users.iter().map(|user| user.enabled).collect()
}

/// These keys while the database is held, and then it is not any more.
fn typed_while_held(keys: &str) -> TestConsole {
    let mut console = TestConsole::at(Tab::Users);
    let other = hold(&console);
    console.inner.app.patience = Duration::ZERO;
    console.write(keys);
    console.says("saving…");
    other.execute_batch("ROLLBACK").expect("it began");
    await_end(&mut console);
    console
}

#[test]
fn who_types_fast_changes_the_rows_that_were_meant() {
    let before = enabled(&TestConsole::at(Tab::Users));
    let console = typed_while_held("xjxjx");
    let after: Vec<bool> = before.iter().map(|enabled| !enabled).collect();
    assert_eq!(enabled(&console), after);
}

#[test]
fn a_place_that_is_gone_to_meanwhile_is_gone_to_afterwards() {
    typed_while_held("x2").says("── Presences");
}

#[test]
fn what_waits_does_not_answer_a_question_that_opens() {
    let mut console = typed_while_held("xjdy");
    console.reads("Remove user").reads("what was typed meanwhile was not taken");
    assert_eq!(console.stored().users.len(), 3);
    console.press(&[Key::char('n')]).does_not_say("Remove user");
}

#[test]
fn esc_cancels_the_change_and_what_waits_for_it() {
    let mut console = TestConsole::at(Tab::Users);
    let before = enabled(&console);
    let other = hold(&console);
    console.inner.app.patience = Duration::ZERO;
    console.write("xjx").says("2 keys wait").press(&[Key::ESC]);
    console.reads("canceled, nothing was changed; what was typed meanwhile was not taken");
    other.execute_batch("ROLLBACK").expect("it began");
    await_end(&mut console);
    assert_eq!(enabled(&console), before);
}

#[test]
fn what_waits_does_not_go_into_a_form_that_could_not_be_saved() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('e'), Key::TAB]).write("Anna");
    console.elsewhere(|c| {
        let name = FirstName::parse("Alexandra").expect("a name");
        c.users.edit(UserId::new(1), |user| user.first_name = name);
    });
    let other = hold(&console);
    console.inner.app.patience = Duration::ZERO;
    console.press(&[Key::ctrl('s')]).write("jm").says("saving…");
    other.execute_batch("ROLLBACK").expect("it began");
    await_end(&mut console);
    console.reads("what was typed meanwhile was not taken");
    assert_eq!(console.stored().users.get(UserId::new(1)).expect("alice").first_name.as_str(), "Alexandra");
}

#[test]
fn what_was_clicked_meanwhile_is_not_taken_nor_what_was_typed_behind_it() {
    let mut console = TestConsole::at(Tab::Users);
    let before = enabled(&console);
    let other = hold(&console);
    console.inner.app.patience = Duration::ZERO;
    console.write("x").click("carol").write("x").says("the mouse was not taken");
    other.execute_batch("ROLLBACK").expect("it began");
    await_end(&mut console);
    console.reads("the mouse and what came behind it was not taken");
    assert_eq!(enabled(&console)[1..], before[1..]);
}

/// These letters as a terminal brings them in one piece.
fn burst(text: &str) -> Receiver<Event> {
    let (sender, receiver) = sync_channel(100);
    for letter in text.chars() {
        let key = KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE);
        sender.send(Event::Terminal(terminal::Event::Key(key))).expect("there is room");
    }
    receiver
}

#[test]
fn what_comes_while_a_quick_save_is_waited_for_does_not_answer_a_question_either() {
    let mut console = TestConsole::at(Tab::Users);
    let before = enabled(&console);
    take_all(&burst("xjdy"), &mut console.inner);
    console.reads("Remove user \"bob\"?").reads("what was typed meanwhile was not taken: it answers no question");
    assert_eq!(console.stored().users.len(), 3);
    assert_ne!(enabled(&console), before);
    // A question that is there before it is answered takes its answer, however fast.
    console.press(&[Key::char('n')]);
    take_all(&burst("dy"), &mut console.inner);
    assert_eq!(console.stored().users.len(), 2);
}

#[test]
fn what_waits_does_not_answer_what_a_form_asks_before_it_saves() {
    let mut console = TestConsole::at(Tab::Users);
    let other = hold(&console);
    console.inner.app.patience = Duration::ZERO;
    console.write("xe").write("ally").press(&[Key::ctrl('s')]).write("y");
    other.execute_batch("ROLLBACK").expect("it began");
    await_end(&mut console);
    console
        .reads("Who logs in as \"alice\" now")
        .reads("what was typed meanwhile was not taken: it answers no question");
    let login = console.stored().users.get(UserId::new(1)).expect("alice").login.clone();
    assert_eq!(login.expect("a login").as_str(), "alice");
}

#[test]
fn what_is_typed_before_a_question_that_comes_by_itself_is_drawn_does_not_answer_it() {
    let mut console = TestConsole::at(Tab::Users);
    console.write("x").press(&[Key::char('h')]);
    console.inner.app.patience = Duration::ZERO;
    console.press(&[Key::char('u')]);
    await_end(&mut console);
    console.reads("Undo 1 change?");
    assert!(console.inner.keep_from_question(&burst("y")));
    console.reads("Undo 1 change?").reads("it answers no question");
    console.inner.app.patience = Duration::from_secs(60);
    console.press(&[Key::char('y')]).reads("undone: ");
}

#[test]
fn keys_wait_for_a_list_that_is_read_again_after_what_was_made_here() {
    let mut console = TestConsole::at(Tab::Certificates);
    console.press(&[Key::char('l')]).says("No pair is stored");
    console.inner.app.glance = Duration::ZERO;
    console.press(&[Key::char('n')]).write("cti").press(&[Key::ctrl('s'), Key::ENTER]);
    await_end(&mut console);
    console.says("Use cti for clients?").press(&[Key::char('n')]);
    // The cursor goes to what was made, wherever it stands among the others.
    console.press(&[Key::char('n')]).write("abc").press(&[Key::ctrl('s'), Key::ENTER]);
    await_end(&mut console);
    console.says("Use abc for clients?");
}

#[test]
fn what_only_shows_something_lets_keys_through() {
    let mut console = TestConsole::at(Tab::Users);
    console.write("xy").says("the same as a command").write("e").does_not_say("the same as a command");
    console.says("edit alice").press(&[Key::ESC]);
    console.write("y").says("the same as a command").write("2").says("── Presences");
}

#[test]
fn no_key_changes_what_stands_below_a_box_or_leaves_the_console() {
    let mut console = TestConsole::at(Tab::Users);
    console
        .write("x")
        .says("alice\" was disabled")
        .write("yx")
        .says("the box is closed; x again does what it does here");
    console.says("✗ disabled").write("yd").does_not_say("Remove user").does_not_say("the same as a command");
    console.write("yq").says("the box is closed");
    assert!(console.inner.is_open());
}
