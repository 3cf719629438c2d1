//! A key has one meaning: no two rows of the table share one, and no screen calls a key by words of another meaning. The
//! random keys ask the same of every screen that they come to.

use std::collections::BTreeMap;

use super::documents::SCREENS;
use super::{MONO, TestConsole};
use crate::settings::fixtures;
use crate::tui::Rights;
use crate::tui::key_hint::KeyHint;
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;
use crate::tui::terminal_request::{Mouse, TerminalRequest};

/// What a screen offers is what the table says of its keys.
pub(super) fn assert_meanings(key_hints: &[KeyHint], on: &str) {
    for key_hint in key_hints {
        for action in &key_hint.actions {
            let words = action.words();
            assert!(
                words.contains(&key_hint.words),
                "{} means \"{}\", but is called \"{}\" on {on}; another key, or a word of {words:?}",
                action.key_words(),
                action.meaning(),
                key_hint.words
            );
        }
    }
}

#[test]
fn no_key_stands_in_two_rows_of_the_table() {
    let mut rows: BTreeMap<String, Vec<Action>> = BTreeMap::new();
    for action in Action::all() {
        action.keys().iter().for_each(|key| rows.entry(key.to_string()).or_default().push(action));
    }
    rows.retain(|_, actions| actions.len() > 1);
    assert!(rows.is_empty(), "{rows:?}");
}

#[test]
fn every_place_has_its_key() {
    for tab in Tab::ALL {
        let expected = if tab == Tab::Help { Action::Keys } else { Action::Place };
        assert_eq!(Action::of(tab.key()), Some(expected), "{tab:?}");
    }
}

#[test]
fn each_screen_calls_its_keys_by_their_meaning() {
    let places = Tab::ALL.into_iter().map(|tab| (tab.as_str(), tab, [].as_slice()));
    for (name, tab, keys) in places.chain(SCREENS.iter().copied()) {
        let mut console = TestConsole::at(tab);
        console.press(keys);
        assert_meanings(&console.inner.top().key_hints(&console.inner.app), name);
    }
}

#[test]
fn the_help_does_what_the_chosen_row_says() {
    let mut console = TestConsole::at(Tab::Contexts);
    console.press(&[Key::char('?')]).says("Add a context");
    // The cursor begins on the first that can be done.
    console.press(&[Key::ENTER]).says("› default").press(&[Key::ESC]);
    console.click("?").press(&[Key::char('6'), Key::char('?')]).click("Add a context").click("Add a context");
    console
        .says("new context")
        .press(&[Key::F1, Key::UP, Key::ENTER])
        .says("not saved:")
        .press(&[Key::ESC, Key::char('d')]);
    console.press(&[Key::char('?'), Key::END, Key::ENTER]).says("this row tells of nothing");
}

#[test]
fn the_screen_is_drawn_anew_and_the_mouse_left_to_the_terminal_from_anywhere() {
    let mut console = TestConsole::at(Tab::Users);
    let requests = |console: &mut TestConsole| console.inner.app.take_requests();
    console.press(&[Key::char('a'), Key::ctrl('l')]).says("new user");
    assert_eq!(requests(&mut console), [TerminalRequest::Redraw]);
    console.press(&[Key::F4]).says("the mouse is for the terminal now").press(&[Key::F4]).says("for the console again");
    assert_eq!(requests(&mut console), [Mouse::Terminal, Mouse::Console].map(TerminalRequest::Mouse));
    let mut poor = TestConsole::with(Tab::Users, fixtures::small_company(), Rights::Edit, MONO, (80, 24));
    poor.press(&[Key::F4]).says("tells the console nothing of a mouse");
    assert!(requests(&mut poor).is_empty());
}

#[test]
fn questions_are_answered_by_a_click() {
    let mut console = TestConsole::at(Tab::Contexts);
    console.press(&[Key::char('a')]).write("lab").press(&[Key::ctrl('s'), Key::END, Key::char('d')]);
    console.says("Remove context").click("keep it").does_not_say("keep it").says("lab");
    console.press(&[Key::char('d')]).click("remove it").says("was removed");
}

#[test]
fn the_last_change_is_shown_as_a_command_and_copied() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('y')]).says("nothing was changed in this console yet");
    console.press(&[Key::char(':')]).write("disable alice").press(&[Key::ENTER]).says("was disabled");
    console.press(&[Key::char('y')]).says("the same as a command").says("ctibox user disable alice");
    console.press(&[Key::char('y')]).says("copied the command");
    console.press(&[Key::char('4'), Key::DOWN, Key::char('.')]).says("was disabled");
    assert!(console.stored().users.iter().take(2).all(|user| !user.enabled));
    console.press(&[Key::char('3'), Key::char('.')]).says("what . does is to disable users: no row here is for that");
    let copied = TerminalRequest::Copy("ctibox user disable alice".to_owned());
    assert_eq!(console.inner.app.take_requests(), [copied]);
}
