//! Phone hints by keyboard; the rules are broken in `presence_rules`.

use super::{Desk, assert_looks};
use crate::settings::fixtures;
use crate::settings::id::{Id as _, PhoneHintGroupId};
use crate::settings::phone_hint::HintNumber;
use crate::tui::keys::Key;
use crate::tui::screen::Place;

#[test]
fn text_and_color_of_a_hint_are_edited() {
    let mut desk = Desk::at(Place::Hints);
    desk.press(&[Key::ENTER, Key::DOWN, Key::DOWN, Key::ENTER, Key::ctrl('u')]).write("Free");
    desk.press(&[Key::TAB, Key::ctrl('u')]).write("lime").press(&[Key::ctrl('s')]);
    desk.says("phone hint 0 says \"Free\" now; connected users see it at their next login");
    let stored = desk.stored();
    let group = stored.phone_hint_groups.get(PhoneHintGroupId::new(1)).expect("the default group");
    let hint = &group.hints[&HintNumber::new(0).expect("a number")];
    assert_eq!((hint.text.as_str(), hint.color.to_string().as_str()), ("Free", "#00FF00"));
    desk.press(&[Key::ctrl('z')]);
    assert_eq!(desk.stored().phone_hint_groups.get(group.id).expect("it").hints, sample_hints());
}

fn sample_hints() -> std::collections::BTreeMap<HintNumber, crate::settings::phone_hint::PhoneHint> {
    fixtures::small_company().phone_hint_groups.get(PhoneHintGroupId::new(1)).expect("the default group").hints.clone()
}

#[test]
fn a_group_is_added_filled_renamed_and_removed() {
    let mut desk = Desk::at(Place::Hints);
    desk.press(&[Key::char('a')]).write("night").press(&[Key::ctrl('s')]);
    desk.says("phone hint group \"night\" was added, with the default hints in it");
    let stored = desk.stored();
    assert_eq!(stored.phone_hint_groups.iter().last().expect("a group").hints, sample_hints());
    desk.press(&[Key::END, Key::char('e'), Key::END]).write("-shift").press(&[Key::ctrl('s')]).says("night-shift");
    desk.press(&[Key::char('d')]).says("No profile uses it").press(&[Key::char('y')]);
    assert_eq!(desk.stored().phone_hint_groups.len(), 1);
}

#[test]
fn hints_look_as_they_should() {
    let office = fixtures::small_company();
    assert_looks("hints-groups", Place::Hints, &office, |_| {});
    assert_looks("hints-group", Place::Hints, &office, |desk| {
        desk.press(&[Key::ENTER, Key::DOWN]);
    });
    assert_looks("hints-form-error", Place::Hints, &office, |desk| {
        desk.press(&[Key::ENTER, Key::END, Key::ENTER, Key::ctrl('u'), Key::TAB, Key::ctrl('u')]).write("#12345");
    });
}
