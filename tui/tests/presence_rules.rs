//! Each rule of settings §4.1 and §4.2 broken by keyboard, and its message read; where the console leaves no way to break
//! one, the test shows that. P18 is the server's.

use super::Desk;
use crate::settings::configuration::Configuration;
use crate::settings::fixtures;
use crate::settings::id::{Id as _, PresenceGroupId};
use crate::settings::name::{Description, PhoneHintGroupName, PresenceGroupName};
use crate::tui::keys::Key;
use crate::tui::news::News;
use crate::tui::screen::Place;

const A: Key = Key::char('a');
const D: Key = Key::char('d');
const E: Key = Key::char('e');
const SAVE: Key = Key::ctrl('s');

fn groups() -> Desk {
    Desk::at(Place::Presences)
}

fn group() -> Desk {
    let mut desk = groups();
    desk.press(&[Key::ENTER]);
    desk
}

fn hints() -> Desk {
    Desk::at(Place::Hints)
}

fn unchanged(desk: &Desk) {
    assert_eq!(desk.stored(), fixtures::small_company());
}

fn away(c: &Configuration) -> crate::settings::id::PresenceId {
    c.presence_named(PresenceGroupId::new(1), "away").expect("away").id
}

#[test]
fn p1_a_group_has_a_name_of_its_own_whatever_the_case() {
    let mut desk = groups();
    desk.press(&[A]).write("XIVO").press(&[SAVE]);
    desk.says("presence group \"XIVO\": has the same name (the case of letters");
    unchanged(&desk);
}

#[test]
fn p2_a_groups_name_is_a_word() {
    let mut desk = groups();
    desk.press(&[A]).write("a,b").says("✗ Group name").press(&[SAVE]).says("not saved");
    unchanged(&desk);
}

#[test]
fn p3_a_presences_name_is_a_word() {
    let mut desk = group();
    desk.press(&[A]).write("at lunch").says("✗ Presence name").says("this has");
    desk.press(&[SAVE]).says("not saved");
    unchanged(&desk);
}

#[test]
fn p4_a_presence_has_a_name_of_its_own_and_what_was_typed_stays() {
    let mut desk = group();
    desk.press(&[A]).write("away").press(&[Key::TAB]).write("Elsewhere").press(&[SAVE]);
    desk.reads("has the same name as").says("✗ Presence name        away").says("Elsewhere");
    unchanged(&desk);
}

#[test]
fn p5_what_people_read_is_not_empty() {
    let mut desk = group();
    desk.press(&[Key::DOWN, E, Key::TAB, Key::ctrl('u')]).says("✗ Display name");
    desk.press(&[SAVE]).says("not saved");
    unchanged(&desk);
}

#[test]
fn p6_a_color_is_a_color() {
    let mut desk = group();
    desk.press(&[Key::DOWN, E, Key::TAB, Key::TAB, Key::ctrl('u')]).write("#12").says("✗ Color");
    desk.press(&[SAVE]).says("not saved");
    unchanged(&desk);
    desk.press(&[Key::ctrl('u')]).write("#f0a").says("#FF00AA").does_not_say("✗");
}

/// The list offers only presences of the group; one that goes meanwhile is named.
#[test]
fn p7_only_presences_of_the_group_are_reached() {
    let mut desk = group();
    desk.press(&[A]).write("lunch").press(&[Key::TAB]).write("Lunch");
    let configuration = desk.elsewhere(|c| {
        let away = away(c);
        c.remove_presence(away).expect("away may go");
    });
    desk.console.hear(News::Configuration(configuration));
    desk.press(&[SAVE]).reads("cannot reach \"away\", which is not in the same group");
    assert_eq!(desk.stored().presences.len(), 5);
}

#[test]
fn p8_a_presence_is_not_offered_to_itself() {
    let mut desk = group();
    desk.press(&[Key::DOWN, E, Key::TAB, Key::TAB, Key::TAB, Key::ENTER]).says("[1] available");
    desk.says("[ ] disconnected").does_not_say("] away");
}

#[test]
fn p9_available_and_disconnected_cannot_be_removed() {
    let mut desk = group();
    desk.press(&[D]).says("\"available\" in group \"xivo\": must exist in every group");
    desk.press(&[Key::END, Key::DELETE]).says("\"disconnected\" in group \"xivo\": must exist in every group");
    unchanged(&desk);
}

#[test]
fn p10_the_two_keep_their_names() {
    let mut desk = group();
    desk.press(&[E]).says("available (every group has it)").says("›  Display name");
    desk.press(&[Key::BACK_TAB]).does_not_say("›  Presence name").says("›  Actions");
}

#[test]
fn p13_a_group_in_use_stays_and_p14_the_default_group_always() {
    let mut desk = groups();
    desk.press(&[D]).says("is a default group and cannot be removed");
    desk.press(&[E]).write("2").says("must exist and not be deletable");
    desk.press(&[SAVE]).says("not saved");
    unchanged(&desk);

    let configuration = desk.elsewhere(|c| {
        let name = PresenceGroupName::parse("night").expect("a name");
        let night = c.add_presence_group(name, Description::parse("").expect("text")).expect("a group");
        let agent = c.profiles.find(|profile| profile.name.as_str() == "Agent").expect("a profile").id;
        c.profiles.edit(agent, |agent| agent.presence_group = night);
    });
    desk.console.hear(News::Configuration(configuration));
    desk.press(&[Key::ESC]).write("d").press(&[Key::DOWN, D]);
    desk.says("presence group \"night\": is used by 1 profile: \"Agent\"");
}

/// A wrong parameter cannot be typed, nor an action marked twice; what contradicts itself is named.
#[test]
fn p15_actions_are_chosen_and_do_not_contradict_each_other() {
    let mut desk = group();
    desk.press(&[Key::DOWN, E, Key::BACK_TAB]).write("enablednd(maybe)").does_not_say("maybe");
    desk.press(&[Key::ENTER, Key::SPACE]).reads("has the action enablednd more than once");
    desk.press(&[Key::SPACE, Key::DOWN, Key::DOWN, Key::SPACE, Key::DOWN, Key::SPACE, Key::ENTER]);
    desk.says("✗ Actions").says("has both actions queuepause_all and").press(&[SAVE]).says("not saved");
    unchanged(&desk);
    desk.press(&[Key::ENTER, Key::DOWN, Key::DOWN, Key::DOWN, Key::SPACE, Key::DOWN, Key::SPACE, Key::ENTER]);
    desk.says("! Actions").reads("pauses or unpauses the agent and logs them off as well");
    desk.press(&[SAVE]).reads("was changed; connected users see it at their next login; but");
}

#[test]
fn p16_disconnected_can_be_reached_but_not_without_a_word() {
    let mut desk = group();
    desk.press(&[Key::DOWN, Key::char('m'), Key::BACK_TAB]).press(&[Key::RIGHT; 5]).press(&[Key::SPACE]);
    desk.reads("but presence \"away\" in group \"xivo\": can reach \"disconnected\"").says("[x]!");
    desk.press(&[Key::DOWN]).says("away: can reach \"disconnected\"");
    let mut desk = group();
    desk.press(&[Key::DOWN, E, Key::TAB, Key::TAB, Key::TAB, Key::ENTER, Key::END, Key::SPACE, Key::ENTER]);
    desk.says("! Reachable statuses");
}

#[test]
fn p17_dead_ends_and_what_is_not_reached_are_marked() {
    let mut desk = group();
    desk.press(&[Key::DOWN, Key::char('m'), Key::char('-')]).press(&[Key::UP]);
    desk.says("away: is a dead end: no other presence can be chosen from it").says("! away");
    desk.press(&[Key::char('-')]).says("away: cannot be reached from \"available\"").says("!away");
    desk.press(&[Key::char('m')]).says("!  away").says("!= available");
}

#[test]
fn h1_a_hint_groups_name_is_a_word_of_its_own() {
    let mut desk = hints();
    desk.press(&[A]).write("Xivo").press(&[SAVE]).says("has the same name");
    desk.press(&[Key::ctrl('u')]).write("a b").says("✗ Group name").press(&[SAVE]).says("not saved");
    unchanged(&desk);
}

#[test]
fn h2_the_numbers_stay_as_they_are() {
    let mut desk = hints();
    desk.press(&[Key::ENTER, Key::END, A]).says("17").press(&[D]).says("in use, with another on hold");
    desk.press(&[E]).says("17: in use, with another on hold").says("›  Text");
    desk.press(&[Key::BACK_TAB]).says("›  Color");
    unchanged(&desk);
}

#[test]
fn h3_a_hints_color_is_a_color_and_h6_its_text_is_not_empty() {
    let mut desk = hints();
    desk.press(&[Key::ENTER, E, Key::ctrl('u')]).says("✗ Text").press(&[SAVE]).says("not saved");
    desk.write("Gone, {really}").does_not_say("✗");
    desk.press(&[Key::TAB, Key::ctrl('u')]).write("gren").says("✗ Color");
    desk.press(&[SAVE]).says("not saved");
    unchanged(&desk);
}

#[test]
fn h4_the_default_group_stays_and_h5_one_in_use() {
    let mut desk = hints();
    desk.press(&[D]).says("phone hint group \"xivo\": is a default group and cannot be removed");
    unchanged(&desk);
    let configuration = desk.elsewhere(|c| {
        let name = PhoneHintGroupName::parse("night").expect("a name");
        let night = c.add_phone_hint_group(name, Description::parse("").expect("text")).expect("a group");
        let agent = c.profiles.find(|profile| profile.name.as_str() == "Agent").expect("a profile").id;
        c.profiles.edit(agent, |agent| agent.phone_hint_group = night);
    });
    desk.console.hear(News::Configuration(configuration));
    desk.press(&[Key::DOWN, D]).says("phone hint group \"night\": is used by 1 profile: \"Agent\"");
}

#[test]
fn all_that_is_wrong_is_told_and_first_what_is_edited_now() {
    let mut desk = group();
    desk.press(&[Key::DOWN, E, Key::ctrl('u'), Key::TAB, Key::ctrl('u'), Key::TAB, Key::ctrl('u')]).write("gren");
    desk.says(" ✗ Presence name").says(" ✗ Display name").says("›✗ Color").reads("✗ color \"gren\": must be");
}

#[test]
fn v1_what_somebody_else_changed_meanwhile_is_not_overwritten_unseen() {
    let mut desk = group();
    desk.press(&[Key::DOWN, E, Key::TAB, Key::END]).write(" now");
    let _ = desk.elsewhere(|c| {
        let away = away(c);
        let display = crate::settings::name::DisplayName::parse("Out").expect("a name");
        c.presences.edit(away, |away| away.display = display);
    });
    desk.press(&[SAVE]).says("Somebody else changed this meanwhile").says("Away now").says("Out");
    desk.press(&[Key::char('m')]).says("was changed");
    let stored = desk.stored();
    assert_eq!(stored.presences.get(away(&stored)).expect("away").display.as_str(), "Away now");
}
