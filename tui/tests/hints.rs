//! Phone hints by keyboard; the rules are broken in `presence_rules`.

use super::{TestConsole, assert_frames};
use crate::settings::fixtures;
use crate::settings::id::{Id as _, PhoneHintGroupId};
use crate::settings::phone_hint::HintNumber;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

#[test]
fn text_and_color_of_a_hint_are_edited() {
    let mut console = TestConsole::at(Tab::Hints);
    console.press(&[Key::ENTER, Key::DOWN, Key::DOWN, Key::ENTER, Key::ctrl('u')]).write("Free");
    console.press(&[Key::TAB, Key::ctrl('u')]).write("lime").press(&[Key::ctrl('s')]);
    console.reads("phone hint 0 was changed: text \"Free\", color #00FF00; connected users see it at their next login");
    let stored = console.stored();
    let group = stored.phone_hint_groups.get(PhoneHintGroupId::new(1)).expect("the default group");
    let hint = &group.hints[&HintNumber::new(0).expect("a number")];
    assert_eq!((hint.text.as_str(), hint.color.to_string().as_str()), ("Free", "#00FF00"));
    console.press(&[Key::ctrl('z')]);
    assert_eq!(console.stored().phone_hint_groups.get(group.id).expect("it").hints, sample_hints());
}

fn sample_hints() -> std::collections::BTreeMap<HintNumber, crate::settings::phone_hint::PhoneHint> {
    fixtures::small_company().phone_hint_groups.get(PhoneHintGroupId::new(1)).expect("the default group").hints.clone()
}

#[test]
fn a_group_is_added_filled_renamed_and_removed() {
    let mut console = TestConsole::at(Tab::Hints);
    console.press(&[Key::char('a')]).write("night").press(&[Key::ctrl('s')]);
    console.says("phone hint group \"night\" was added, with the default hints in it");
    let stored = console.stored();
    assert_eq!(stored.phone_hint_groups.iter().last().expect("a group").hints, sample_hints());
    console.press(&[Key::END, Key::char('e'), Key::END]).write("-shift").press(&[Key::ctrl('s')]).says("night-shift");
    console.press(&[Key::char('d')]).says("No profile uses it").press(&[Key::char('y')]);
    assert_eq!(console.stored().phone_hint_groups.len(), 1);
}

#[test]
fn hints_look_as_they_should() {
    let company = fixtures::small_company();
    assert_frames("hints-groups", Tab::Hints, &company, |_| {});
    assert_frames("hints-group", Tab::Hints, &company, |console| {
        console.press(&[Key::ENTER, Key::DOWN]);
    });
    assert_frames("hints-form-error", Tab::Hints, &company, |console| {
        console.press(&[Key::ENTER, Key::END, Key::ENTER, Key::ctrl('u'), Key::TAB, Key::ctrl('u')]).write("#12345");
    });
}

#[test]
fn what_was_changed_of_a_hint_is_said_and_nothing_else() {
    let mut console = TestConsole::at(Tab::Hints);
    console
        .press(&[Key::ENTER, Key::DOWN, Key::ENTER, Key::TAB, Key::ctrl('u')])
        .write("#123456")
        .press(&[Key::ctrl('s')]);
    console.reads("was changed: color #123456").does_not_say("text \"");
    console.press(&[Key::ENTER, Key::ctrl('u')]).write("Out").press(&[Key::ctrl('s')]);
    console.reads("was changed: text \"Out\"").does_not_say("color #");
}
