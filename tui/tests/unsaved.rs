//! A line that is cut with something typed: it is offered at the next start of whoever typed it, once, and without secrets.

use std::fs;
use std::path::PathBuf;

use super::{COLOR, TestConsole};
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const SAVE: Key = Key::ctrl('s');
const OFFER: &str = "Go on with what was typed?";

/// The line is cut, and the console started again at that place.
fn cut(console: &mut TestConsole, tab: Tab) {
    console.inner.handle(Event::EndAsked);
    assert!(!console.inner.is_open());
    console.inner.keep_unsaved();
    start(console, tab);
}

fn start(console: &mut TestConsole, tab: Tab) {
    console.reopen(tab, COLOR);
    console.inner.offer_unsaved();
}

fn kept(console: &TestConsole) -> Vec<PathBuf> {
    let files = fs::read_dir(console.folder().join("unsaved")).into_iter().flatten().flatten();
    files.map(|file| file.path()).collect()
}

/// Half of an edit of alice, with a password.
fn half_typed() -> TestConsole {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('e'), Key::TAB]).write("Anna").press(&[Key::TAB; 4]).press(&[Key::SPACE]);
    console.press(&[Key::TAB; 3]).write("type").press(&[Key::TAB]).write("hunter2 typed").press(&[Key::TAB]);
    console.says("*************");
    console
}

#[test]
fn what_was_typed_is_offered_again_and_nothing_secret_is_kept() {
    let mut console = half_typed();
    cut(&mut console, Tab::Overview);
    let [file] = &kept(&console)[..] else { panic!("one file") };
    let text = fs::read_to_string(file).expect("it is there");
    assert!(text.contains("Anna") && !text.contains("hunter2"), "{text}");
    console.says(OFFER).says("Users › edit alice (3 fields)").press(&[Key::char('y')]).says("edit alice").says("Anna");
    console.says("nothing of it is saved yet").says("[ ] no").says("‹ type one ›").does_not_say("***");
    assert_eq!(kept(&console).len(), 0);
    console.press(&[SAVE]).says("not saved:").says("password");
    // It is asked about what would be lost, as of anything that was typed.
    console.press(&[Key::ESC]).says("not saved yet").press(&[Key::char('d')]);
    start(&mut console, Tab::Users);
    console.does_not_say(OFFER);
}

#[test]
fn it_is_dropped_once_refused_and_asked_again_as_long_as_it_is_not() {
    let mut console = half_typed();
    cut(&mut console, Tab::Users);
    console.says(OFFER).press(&[Key::ESC]).does_not_say(OFFER);
    start(&mut console, Tab::Users);
    console.says(OFFER).press(&[Key::char('n')]).says("what was typed was dropped");
    start(&mut console, Tab::Users);
    console.does_not_say(OFFER);
    assert_eq!(kept(&console).len(), 0);
}

#[test]
fn whoever_leaves_by_a_key_loses_what_was_said_to_be_lost() {
    let mut console = TestConsole::at(Tab::Presences);
    console.press(&[Key::ENTER, Key::DOWN, Key::char('e')]).write("gone").press(&[Key::ESC, Key::char('d')]);
    console.press(&[Key::char('q')]);
    console.inner.keep_unsaved();
    assert_eq!(kept(&console).len(), 0);
}

#[test]
fn forms_over_forms_come_back_in_their_order() {
    let mut console = TestConsole::at(Tab::Contexts);
    console.press(&[Key::ENTER, Key::char('a')]).write("carol").press(&[Key::TAB]).write("3001").press(&[Key::TAB]);
    console.write("new").press(&[Key::ENTER]).says("new context").write("night");
    cut(&mut console, Tab::Overview);
    console.says("new line (2 fields)").says("new context (1 field)").press(&[Key::char('y')]);
    console.says("new line › new context").says("night").press(&[SAVE]).says("new line").says("carol").says("3001");
}

#[test]
fn what_was_removed_meanwhile_is_said_to_be_gone() {
    let mut console = half_typed();
    console.elsewhere(|c| {
        let alice = c.users.iter().next().expect("alice").id;
        c.remove_user(alice).expect("alice can go");
    });
    cut(&mut console, Tab::Users);
    console.press(&[Key::char('y')]).says("1 form cannot be opened: what was edited there is gone");
    assert_eq!(kept(&console).len(), 0);
}

/// The line is cut while the change is on its way: what was saved is not typed any more.
#[test]
fn what_was_saved_at_the_last_moment_is_not_offered() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('e'), Key::TAB]).write("Anna").press(&[SAVE]).says("was changed");
    cut(&mut console, Tab::Users);
    console.does_not_say(OFFER);
}
