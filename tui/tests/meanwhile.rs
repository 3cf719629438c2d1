//! Two hands on one object: whatever another process changes while a form, a question or a draft stands open here, nothing
//! of it is overwritten unseen.

use super::*;
use crate::settings::id::{AgentId, Id as _, ProfileId, UserId};
use crate::settings::name::{DisplayName, FirstName, ProfileName};
use crate::settings::setting::{self, SettingValue};

const SAVE: Key = Key::ctrl('s');

fn set(c: &mut Configuration, key: setting::Key, value: &str) {
    c.set_setting(SettingValue::parse(key, value).expect("a value")).expect("it is taken");
}

fn port(desk: &Desk) -> Option<String> {
    desk.stored().settings.get(&setting::Key::ClientPort).map(|value| value.reveal().to_owned())
}

#[test]
fn a_setting_that_was_set_meanwhile_is_not_overwritten_unseen() {
    let mut desk = Desk::at(Place::Settings);
    desk.press(&[Key::DOWN, Key::DOWN, Key::ENTER, Key::ctrl('u')]).write("5009");
    desk.elsewhere(|c| set(c, setting::Key::ClientPort, "5010"));
    desk.press(&[SAVE, Key::char('y')]).says("Somebody else changed this meanwhile").says("5010");
    assert_eq!(port(&desk).as_deref(), Some("5010"));
    desk.press(&[Key::char('m')]).says("client.port was set");
    assert_eq!(port(&desk).as_deref(), Some("5009"));
}

#[test]
fn a_database_that_was_replaced_loses_no_change_unsaid() {
    let mut desk = Desk::at(Place::Settings);
    let other = Desk::at(Place::Settings);
    desk.press(&[Key::DOWN, Key::DOWN, Key::ENTER, Key::ctrl('u')]).write("5009");
    std::fs::rename(crate::store::database(other.folder()), crate::store::database(desk.folder())).expect("replaced");
    desk.press(&[SAVE, Key::char('y')])
        .says("not saved")
        .says("was removed or replaced while it was")
        .does_not_say("client.port was set");
}

#[test]
fn both_parts_of_a_pair_are_guarded_and_other_settings_are_not_in_the_way() {
    let mut desk = Desk::at(Place::Settings);
    desk.press(&[Key::DOWN, Key::DOWN, Key::ENTER, Key::ctrl('u')]).write("5009");
    desk.elsewhere(|c| set(c, setting::Key::ChatKeepDays, "9"));
    desk.press(&[SAVE, Key::char('y')]).says("client.port was set");
}

/// Agrees to what the conflict shows, not to what came after it.
#[test]
fn saving_over_a_version_is_no_leave_to_save_over_a_newer_one() {
    let mut desk = Desk::at(Place::Users);
    let called = |c: &mut Configuration, name: &str| {
        let name = FirstName::parse(name).expect("a name");
        c.users.edit(UserId::new(1), |user| user.first_name = name);
    };
    desk.press(&[Key::char('e'), Key::TAB, Key::ctrl('u')]).write("Mine");
    desk.elsewhere(|c| called(c, "Second"));
    desk.press(&[SAVE]).says("Somebody else changed this meanwhile").says("Second");
    let newest = desk.elsewhere(|c| called(c, "Third"));
    desk.console.hear(News::Configuration(newest));
    desk.press(&[Key::char('m')]).says("Somebody else changed this meanwhile").says("Third");
    assert_eq!(desk.stored().users.get(UserId::new(1)).expect("alice").first_name.as_str(), "Third");
    desk.press(&[Key::char('m')]).says("was changed");
    assert_eq!(desk.stored().users.get(UserId::new(1)).expect("alice").first_name.as_str(), "Mine");
}

#[test]
fn a_draft_that_is_saved_over_a_version_is_not_saved_over_a_newer_one() {
    let mut desk = Desk::at(Place::Profiles);
    let called = |c: &mut Configuration, name: &str| {
        let name = ProfileName::parse(name).expect("a name");
        c.profiles.edit(ProfileId::new(1), |profile| profile.name = name);
    };
    desk.press(&[Key::ENTER, Key::END, Key::SPACE]);
    desk.elsewhere(|c| called(c, "Second"));
    desk.press(&[SAVE]).says("changed meanwhile");
    let newest = desk.elsewhere(|c| called(c, "Third"));
    desk.console.hear(News::Configuration(newest));
    desk.press(&[Key::char('m')]).reads("not saved: somebody else changed the profile");
    assert_eq!(desk.stored().profiles.get(ProfileId::new(1)).expect("it").name.as_str(), "Third");
}

/// The options of the form are older than what was chosen among newer ones.
#[test]
fn what_is_stored_is_taken_with_a_profile_that_was_made_meanwhile() {
    let mut desk = Desk::at(Place::Users);
    desk.press(&[Key::char('e'), Key::TAB]).write(" B");
    let mut new = None;
    desk.elsewhere(|c| {
        let id = c.add_profile(ProfileName::parse("Fresh").expect("a name"), None, None).expect("a profile");
        c.users.edit(UserId::new(1), |user| user.profile = Some(id));
        new = Some(id);
    });
    desk.press(&[SAVE]).says("Somebody else changed this meanwhile").says("Fresh").press(&[Key::char('t')]);
    desk.press(&[Key::TAB]).write(" C").press(&[SAVE]).says("was changed");
    assert_eq!(desk.stored().users.get(UserId::new(1)).expect("alice").profile, new);
}

/// The agent stands in another table: the user's version says nothing of him.
#[test]
fn an_agent_that_was_given_meanwhile_stays_given() {
    let mut desk = Desk::at(Place::Users);
    desk.press(&[Key::char('e'), Key::TAB]).write(" B");
    desk.elsewhere(|c| c.set_agent_of(UserId::new(1), Some(AgentId::new(2))).expect("he is free"));
    desk.press(&[SAVE]).says("was changed");
    assert_eq!(desk.stored().agents.get(AgentId::new(2)).expect("8002").user, Some(UserId::new(1)));
}

#[test]
fn an_agent_that_was_given_meanwhile_is_not_taken_away_for_another_one_unseen() {
    let mut desk = Desk::at(Place::Users);
    desk.elsewhere(|c| c.set_agent_of(UserId::new(2), None).expect("bob does without"));
    desk.console.hear(News::Configuration(Arc::new(desk.stored())));
    desk.press(&[Key::char('e')]).press(&[Key::TAB; 7]).press(&[Key::RIGHT]).says("8001");
    desk.elsewhere(|c| c.set_agent_of(UserId::new(1), Some(AgentId::new(2))).expect("he is free"));
    desk.press(&[SAVE]).says("Somebody else changed this meanwhile").says("8002");
    desk.press(&[Key::char('m')]).says("was changed");
    assert_eq!(desk.stored().agents.get(AgentId::new(2)).expect("8002").user, None);
}

#[test]
fn what_was_changed_after_the_question_is_not_removed() {
    for (place, keys) in [
        (Place::Presences, &[Key::ENTER, Key::DOWN, Key::DELETE][..]),
        (Place::Queues, &[Key::DELETE]),
        (Place::Users, &[Key::DELETE]),
    ] {
        let mut desk = Desk::at(place);
        desk.press(keys).says("Remove ");
        let changed = desk.elsewhere(|c| {
            let name = || DisplayName::parse("Renamed").expect("a name");
            let presences: Vec<_> = c.presences.iter().map(|presence| presence.id).collect();
            presences.into_iter().for_each(|id| c.presences.edit(id, |presence| presence.display = name()));
            let queues: Vec<_> = c.queues.iter().map(|queue| queue.id).collect();
            queues.into_iter().for_each(|id| c.queues.edit(id, |queue| queue.display = name()));
            let first = FirstName::parse("Renamed").expect("a name");
            c.users.edit(UserId::new(1), |user| user.first_name = first);
        });
        desk.press(&[Key::char('y')]).reads("was changed meanwhile");
        assert_eq!(desk.stored(), *changed, "{place:?}");
    }
}

#[test]
fn an_undo_that_the_store_could_not_do_can_be_tried_again() {
    let mut desk = Desk::at(Place::Settings);
    desk.press(&[Key::DOWN, Key::DOWN, Key::ENTER, Key::ctrl('u')]).write("5009").press(&[SAVE, Key::char('y')]);
    let database = desk.folder().join("ctibox.db");
    let busy = rusqlite::Connection::open(database).expect("the same database");
    busy.execute_batch("BEGIN IMMEDIATE").expect("nobody else writes");
    desk.press(&[Key::ctrl('z'), Key::char('y')]).says("not undone");
    busy.execute_batch("ROLLBACK").expect("it began");
    desk.press(&[Key::ctrl('z'), Key::char('y')]).says("undone: client.port was set");
    assert_eq!(port(&desk), None);
}

/// A form that could not be saved in any case is not opened.
#[test]
fn a_console_that_only_reads_opens_no_agent_for_editing() {
    let mut desk = Desk::with(Place::Queues, fixtures::small_company(), Rights::ReadOnly, COLOR, (80, 24));
    desk.press(&[Key::TAB, Key::ENTER]).says("this console only reads").does_not_say("edit agent");
}
