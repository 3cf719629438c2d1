//! Presences by keyboard.

use super::{Desk, assert_looks};
use crate::settings::sample;
use crate::tui::keys::Key;
use crate::tui::screen::Place;

#[test]
fn a_presence_is_added_by_keyboard_alone() {
    let mut desk = Desk::at(Place::Presences);
    desk.press(&[Key::ENTER, Key::char('a')]).write("lunch").press(&[Key::TAB]).write("At lunch");
    desk.press(&[Key::TAB, Key::ctrl('u')]).write("green").press(&[Key::ctrl('s')]);
    desk.says("presence \"lunch\" was added");
    let stored = desk.stored();
    let lunch = stored.presences.find(|presence| presence.name.as_str() == "lunch").expect("it is stored");
    assert_eq!((lunch.display.as_str(), lunch.color.to_string().as_str()), ("At lunch", "#008000"));
}

#[test]
fn a_group_shows_its_presences() {
    assert_looks("presences-group", Place::Presences, &sample::office(), |desk| {
        desk.press(&[Key::ENTER]);
    });
}
