//! Keys that are typed while something is being saved: they wait, and do what they would have done later.

use std::time::Duration;

use super::TestConsole;
use super::saving::{await_end, hold};
use crate::settings::id::{Id as _, UserId};
use crate::settings::name::FirstName;
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
