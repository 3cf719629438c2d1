//! Each rule of settings §4.1 and §4.2 broken by keyboard, and its message read; where the console leaves no way to break
//! one, the test shows that. P18 is the server's.

use super::TestConsole;
use crate::settings::configuration::Configuration;
use crate::settings::fixtures;
use crate::settings::id::{Id as _, PresenceGroupId};
use crate::settings::name::{Description, PhoneHintGroupName, PresenceGroupName};
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const A: Key = Key::char('a');
const D: Key = Key::char('d');
const E: Key = Key::char('e');
const SAVE: Key = Key::ctrl('s');

fn groups() -> TestConsole {
    TestConsole::at(Tab::Presences)
}

fn group() -> TestConsole {
    let mut console = groups();
    console.press(&[Key::ENTER]);
    console
}

fn hints() -> TestConsole {
    TestConsole::at(Tab::Hints)
}

fn unchanged(console: &TestConsole) {
    assert_eq!(console.stored(), fixtures::small_company());
}

fn away(c: &Configuration) -> crate::settings::id::PresenceId {
    c.presence_named(PresenceGroupId::new(1), "away").expect("away").id
}

#[test]
fn p1_a_group_has_a_name_of_its_own_whatever_the_case() {
    let mut console = groups();
    console.press(&[A]).write("XIVO").press(&[SAVE]);
    console.says("presence group \"xivo\" has the same name (the case of letters");
    unchanged(&console);
}

#[test]
fn p2_a_groups_name_is_a_word() {
    let mut console = groups();
    console.press(&[A]).write("a,b").says("✗ Group name").press(&[SAVE]).says("not saved");
    unchanged(&console);
}

#[test]
fn p3_a_presences_name_is_a_word() {
    let mut console = group();
    console.press(&[A]).write("at lunch").says("✗ Presence name").says("this has");
    console.press(&[SAVE]).says("not saved");
    unchanged(&console);
}

#[test]
fn p4_a_presence_has_a_name_of_its_own_and_what_was_typed_stays() {
    let mut console = group();
    console.press(&[A]).write("away").press(&[Key::TAB]).write("Elsewhere").press(&[SAVE]);
    console.reads("has the same name already").says("✗ Presence name        away").says("Elsewhere");
    unchanged(&console);
}

#[test]
fn p5_what_people_read_is_not_empty() {
    let mut console = group();
    console.press(&[Key::DOWN, E, Key::TAB, Key::ctrl('u')]).says("✗ Display name");
    console.press(&[SAVE]).says("not saved");
    unchanged(&console);
}

#[test]
fn p6_a_color_is_a_color() {
    let mut console = group();
    console.press(&[Key::DOWN, E, Key::TAB, Key::TAB, Key::ctrl('u')]).write("#12").says("✗ Color");
    console.press(&[SAVE]).says("not saved");
    unchanged(&console);
    console.press(&[Key::ctrl('u')]).write("#f0a").says("#FF00AA").does_not_say("✗");
}

/// The list offers only presences of the group; one that goes meanwhile is named.
#[test]
fn p7_only_presences_of_the_group_are_reached() {
    let mut console = group();
    console.press(&[A]).write("lunch").press(&[Key::TAB]).write("Lunch");
    let configuration = console.elsewhere(|c| {
        let away = away(c);
        c.remove_presence(away).expect("away may go");
    });
    console.inner.handle(Event::Configuration(configuration));
    console.press(&[SAVE]).reads("cannot reach \"away\", which is not in the same group");
    assert_eq!(console.stored().presences.len(), 5);
}

#[test]
fn p8_a_presence_is_not_offered_to_itself() {
    let mut console = group();
    console.press(&[Key::DOWN, E, Key::TAB, Key::TAB, Key::TAB, Key::ENTER]).says("[1] available");
    console.says("[ ] disconnected").does_not_say("] away");
}

#[test]
fn p9_available_and_disconnected_cannot_be_removed() {
    let mut console = group();
    console.press(&[D]).says("\"available\" in group \"xivo\": must exist in every group");
    console.press(&[Key::END, Key::DELETE]).says("\"disconnected\" in group \"xivo\": must exist in every group");
    unchanged(&console);
}

#[test]
fn p10_the_two_keep_their_names() {
    let mut console = group();
    console.press(&[E]).says("available (every group has it)").says("›  Display name");
    console.press(&[Key::BACK_TAB]).does_not_say("›  Presence name").says("›  Actions");
}

#[test]
fn p13_a_group_in_use_stays_and_p14_the_default_group_always() {
    let mut console = groups();
    console.press(&[D]).says("is a default group and cannot be removed");
    console.press(&[E]).write("2").says("must exist and not be deletable");
    console.press(&[SAVE]).says("not saved");
    unchanged(&console);

    let configuration = console.elsewhere(|c| {
        let name = PresenceGroupName::parse("night").expect("a name");
        let night = c.add_presence_group(name, Description::parse("").expect("text")).expect("a group");
        let agent = c.profiles.find(|profile| profile.name.as_str() == "Agent").expect("a profile").id;
        c.profiles.edit(agent, |agent| agent.presence_group = night);
    });
    console.inner.handle(Event::Configuration(configuration));
    console.press(&[Key::ESC]).write("d").press(&[Key::DOWN, D]);
    console.says("presence group \"night\": is used by 1 profile: \"Agent\"");
}

/// A wrong parameter cannot be typed, nor an action marked twice; what contradicts itself is named.
#[test]
fn p15_actions_are_chosen_and_do_not_contradict_each_other() {
    let mut console = group();
    console.press(&[Key::DOWN, E, Key::BACK_TAB]).write("enablednd(maybe)").says("Nothing has that;");
    console.press(&[Key::ESC]).does_not_say("maybe");
    console.press(&[Key::ESC, Key::ENTER, Key::SPACE]).reads("switches do-not-disturb both on and off");
    console.press(&[Key::UP, Key::SPACE, Key::DOWN, Key::SPACE, Key::SPACE, Key::ENTER]);
    console.says("✗ Actions").says("has both actions queuepause_all and").press(&[SAVE]).says("not saved");
    unchanged(&console);
    console.press(&[Key::ENTER, Key::DOWN, Key::DOWN, Key::DOWN, Key::SPACE, Key::SPACE, Key::ENTER]);
    console.says("! Actions").reads("pauses or unpauses the agent and logs them off as well");
    console
        .press(&[SAVE])
        .reads("was changed; what it allows holds at once; connected clients show it at their next login. Note:");
}

#[test]
fn p16_disconnected_can_be_reached_but_not_without_a_word() {
    let mut console = group();
    console.press(&[Key::DOWN, Key::char('m'), Key::BACK_TAB]).press(&[Key::RIGHT; 5]).press(&[Key::SPACE]);
    console.reads("Note: presence \"away\" in group \"xivo\" can reach \"disconnected\"").says("[x]!");
    console.press(&[Key::DOWN]).says("away: can reach \"disconnected\"");
    let mut console = group();
    console.press(&[Key::DOWN, E, Key::TAB, Key::TAB, Key::TAB, Key::ENTER, Key::END, Key::SPACE, Key::ENTER]);
    console.says("! Reachable presences");
}

#[test]
fn p17_dead_ends_and_what_is_not_reached_are_marked() {
    let mut console = group();
    console.press(&[Key::DOWN, Key::char('m'), Key::char('-'), Key::char('y')]).press(&[Key::UP]);
    console.says("away: is a dead end: no other presence can be chosen from it").says("! away");
    console.press(&[Key::char('-'), Key::char('y')]).says("away: cannot be reached from \"available\"").says("!Away");
    console.press(&[Key::char('m')]).says("!  away").says("!= available");
}

#[test]
fn h1_a_hint_groups_name_is_a_word_of_its_own() {
    let mut console = hints();
    console.press(&[A]).write("Xivo").press(&[SAVE]).says("has the same name");
    console.press(&[Key::ctrl('u')]).write("a b").says("✗ Group name").press(&[SAVE]).says("not saved");
    unchanged(&console);
}

#[test]
fn h2_the_numbers_stay_as_they_are() {
    let mut console = hints();
    console.press(&[Key::ENTER, Key::END, A]).says("17").press(&[D]).says("in use, with another on hold");
    console.press(&[E]).says("17: in use, with another on hold").says("›  Text");
    console.press(&[Key::BACK_TAB]).says("›  Color");
    unchanged(&console);
}

#[test]
fn h3_a_hints_color_is_a_color_and_h6_its_text_is_not_empty() {
    let mut console = hints();
    console.press(&[Key::ENTER, E, Key::ctrl('u')]).says("✗ Text").press(&[SAVE]).says("not saved");
    console.write("Gone, {really}").does_not_say("✗");
    console.press(&[Key::TAB, Key::ctrl('u')]).write("gren").says("✗ Color");
    console.press(&[SAVE]).says("not saved");
    unchanged(&console);
}

#[test]
fn h4_the_default_group_stays_and_h5_one_in_use() {
    let mut console = hints();
    console.press(&[D]).says("phone hint group \"xivo\": is a default group and cannot be removed");
    unchanged(&console);
    let configuration = console.elsewhere(|c| {
        let name = PhoneHintGroupName::parse("night").expect("a name");
        let night = c.add_phone_hint_group(name, Description::parse("").expect("text")).expect("a group");
        let agent = c.profiles.find(|profile| profile.name.as_str() == "Agent").expect("a profile").id;
        c.profiles.edit(agent, |agent| agent.phone_hint_group = night);
    });
    console.inner.handle(Event::Configuration(configuration));
    console.press(&[Key::DOWN, D]).says("phone hint group \"night\": is used by 1 profile: \"Agent\"");
}

#[test]
fn all_that_is_wrong_is_told_and_first_what_is_edited_now() {
    let mut console = group();
    console.press(&[Key::DOWN, E, Key::ctrl('u'), Key::TAB, Key::ctrl('u'), Key::TAB, Key::ctrl('u')]).write("gren");
    console.says(" ✗ Presence name").says(" ✗ Display name").says("›✗ Color").reads("✗ color \"gren\": must be");
}

#[test]
fn v1_what_somebody_else_changed_meanwhile_is_not_overwritten_unseen() {
    let mut console = group();
    console.press(&[Key::DOWN, E, Key::TAB, Key::END]).write(" now");
    let _ = console.elsewhere(|c| {
        let away = away(c);
        let display = crate::settings::name::DisplayName::parse("Out").expect("a name");
        c.presences.edit(away, |away| away.display = display);
    });
    console.press(&[SAVE]).says("Somebody else changed this meanwhile").says("Away now").says("Out");
    console.press(&[Key::char('m')]).says("was changed");
    let stored = console.stored();
    assert_eq!(stored.presences.get(away(&stored)).expect("away").display.as_str(), "Away now");
}
