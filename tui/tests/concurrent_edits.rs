//! Two hands on one object: whatever another process changes while a form, a question or a draft stands open here,
//! nothing of it is overwritten unseen.

use super::*;
use crate::settings::id::{AgentId, Id as _, ProfileId, UserId};
use crate::settings::name::{ContextName, Description, DisplayName, FirstName, PresenceGroupName, ProfileName};
use crate::settings::setting::{self, SettingValue};

const SAVE: Key = Key::ctrl('s');

fn set(c: &mut Configuration, key: setting::Key, value: &str) {
    c.set_setting(SettingValue::parse(key, value).expect("a value")).expect("it is taken");
}

fn port(console: &TestConsole) -> Option<String> {
    console.stored().settings.get(&setting::Key::ClientPort).map(|value| value.reveal().to_owned())
}

#[test]
fn a_setting_that_was_set_meanwhile_is_not_overwritten_unseen() {
    let mut console = TestConsole::at(Tab::Settings);
    console.press(&[Key::DOWN, Key::DOWN, Key::ENTER, Key::ctrl('u')]).write("5009");
    console.elsewhere(|c| set(c, setting::Key::ClientPort, "5010"));
    console.press(&[SAVE, Key::char('y')]).says("Somebody else changed this meanwhile").says("5010");
    assert_eq!(port(&console).as_deref(), Some("5010"));
    console.press(&[Key::char('m')]).says("client.port was set");
    assert_eq!(port(&console).as_deref(), Some("5009"));
}

#[test]
fn a_database_that_was_replaced_loses_no_change_unsaid() {
    let mut console = TestConsole::at(Tab::Settings);
    let other = TestConsole::at(Tab::Settings);
    console.press(&[Key::DOWN, Key::DOWN, Key::ENTER, Key::ctrl('u')]).write("5009");
    std::fs::rename(crate::store::database(other.folder()), crate::store::database(console.folder()))
        .expect("replaced");
    console
        .press(&[SAVE, Key::char('y')])
        .says("not saved")
        .says("was removed or replaced while it was")
        .does_not_say("client.port was set");
}

#[test]
fn both_parts_of_a_pair_are_guarded_and_other_settings_are_not_in_the_way() {
    let mut console = TestConsole::at(Tab::Settings);
    console.press(&[Key::DOWN, Key::DOWN, Key::ENTER, Key::ctrl('u')]).write("5009");
    console.elsewhere(|c| set(c, setting::Key::ChatKeepDays, "9"));
    console.press(&[SAVE, Key::char('y')]).says("client.port was set");
}

/// Agrees to what the conflict shows, not to what came after it.
#[test]
fn saving_over_a_version_is_no_leave_to_save_over_a_newer_one() {
    let mut console = TestConsole::at(Tab::Users);
    let called = |c: &mut Configuration, name: &str| {
        let name = FirstName::parse(name).expect("a name");
        c.users.edit(UserId::new(1), |user| user.first_name = name);
    };
    console.press(&[Key::char('e'), Key::TAB, Key::ctrl('u')]).write("Mine");
    console.elsewhere(|c| called(c, "Second"));
    console.press(&[SAVE]).says("Somebody else changed this meanwhile").says("Second");
    let newest = console.elsewhere(|c| called(c, "Third"));
    console.inner.handle(Event::Configuration(newest));
    console.press(&[Key::char('m')]).says("Somebody else changed this meanwhile").says("Third");
    assert_eq!(console.stored().users.get(UserId::new(1)).expect("alice").first_name.as_str(), "Third");
    console.press(&[Key::char('m')]).says("was changed");
    assert_eq!(console.stored().users.get(UserId::new(1)).expect("alice").first_name.as_str(), "Mine");
}

#[test]
fn a_draft_that_is_saved_over_a_version_is_not_saved_over_a_newer_one() {
    let mut console = TestConsole::at(Tab::Profiles);
    let called = |c: &mut Configuration, name: &str| {
        let name = ProfileName::parse(name).expect("a name");
        c.profiles.edit(ProfileId::new(1), |profile| profile.name = name);
    };
    console.press(&[Key::ENTER, Key::ENTER]).write("Mine").press(&[Key::TAB; 3]).press(&[Key::ENTER]);
    console.elsewhere(|c| called(c, "Second"));
    console.press(&[SAVE]).reads("by other; nothing was overwritten. Yours: name Mine. Stored now: name Second.");
    let newest = console.elsewhere(|c| called(c, "Third"));
    console.inner.handle(Event::Configuration(newest));
    console.press(&[Key::char('m')]).reads("not saved: somebody else changed the profile again");
    assert_eq!(console.stored().profiles.get(ProfileId::new(1)).expect("it").name.as_str(), "Third");
}

/// The options of the form are older than what was chosen among newer ones.
#[test]
fn what_is_stored_is_taken_with_a_profile_that_was_made_meanwhile() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('e'), Key::TAB]).write(" B");
    let mut new = None;
    console.elsewhere(|c| {
        let id = c.add_profile(ProfileName::parse("Fresh").expect("a name"), None, None).expect("a profile");
        c.users.edit(UserId::new(1), |user| user.profile = Some(id));
        new = Some(id);
    });
    console.press(&[SAVE]).reads("was changed").reads("taken over from others: Profile Fresh").reads("by other");
    assert_eq!(console.stored().users.get(UserId::new(1)).expect("alice").profile, new);
}

/// The agent stands in another table: the user's version says nothing of it.
#[test]
fn an_agent_that_was_given_meanwhile_stays_given() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('e'), Key::TAB]).write(" B");
    console.elsewhere(|c| c.set_agent_of(UserId::new(1), Some(AgentId::new(2))).expect("the agent is free"));
    console.press(&[SAVE]).says("was changed");
    assert_eq!(console.stored().agents.get(AgentId::new(2)).expect("8002").user, Some(UserId::new(1)));
}

#[test]
fn an_agent_that_was_given_meanwhile_is_not_taken_away_for_another_one_unseen() {
    let mut console = TestConsole::at(Tab::Users);
    console.elsewhere(|c| c.set_agent_of(UserId::new(2), None).expect("bob does without"));
    console.inner.handle(Event::Configuration(Arc::new(console.stored())));
    console.press(&[Key::char('e')]).press(&[Key::TAB; 7]).press(&[Key::RIGHT]).says("8001");
    console.elsewhere(|c| c.set_agent_of(UserId::new(1), Some(AgentId::new(2))).expect("the agent is free"));
    console.press(&[SAVE]).says("Somebody else changed this meanwhile").says("8002");
    console.press(&[Key::char('m')]).says("was changed");
    assert_eq!(console.stored().agents.get(AgentId::new(2)).expect("8002").user, None);
}

#[test]
fn what_was_changed_after_the_question_is_not_removed() {
    for (tab, keys) in [
        (Tab::Presences, &[Key::ENTER, Key::DOWN, Key::DELETE][..]),
        (Tab::Queues, &[Key::DELETE]),
        (Tab::Users, &[Key::DELETE]),
    ] {
        let mut console = TestConsole::at(tab);
        console.press(keys).says("Remove ");
        console.elsewhere(|c| {
            let name = || DisplayName::parse("Renamed").expect("a name");
            let presences: Vec<_> = c.presences.iter().map(|presence| presence.id).collect();
            presences.into_iter().for_each(|id| c.presences.edit(id, |presence| presence.display = name()));
            let queues: Vec<_> = c.queues.iter().map(|queue| queue.id).collect();
            queues.into_iter().for_each(|id| c.queues.edit(id, |queue| queue.display = name()));
            let first = FirstName::parse("Renamed").expect("a name");
            c.users.edit(UserId::new(1), |user| user.first_name = first);
        });
        let changed = console.stored();
        console.press(&[Key::char('y')]).reads("was changed meanwhile");
        assert_eq!(console.stored(), changed, "{tab:?}");
    }
}

#[test]
fn an_undo_that_the_store_could_not_do_can_be_tried_again() {
    let mut console = TestConsole::at(Tab::Settings);
    console.press(&[Key::DOWN, Key::DOWN, Key::ENTER, Key::ctrl('u')]).write("5009").press(&[SAVE, Key::char('y')]);
    let database = console.folder().join("ctibox.db");
    let busy = rusqlite::Connection::open(database).expect("the same database");
    busy.execute_batch("BEGIN IMMEDIATE").expect("nobody else writes");
    console.press(&[Key::ctrl('z'), Key::char('y')]).says("not undone");
    busy.execute_batch("ROLLBACK").expect("it began");
    console.press(&[Key::ctrl('z'), Key::char('y')]).says("undone: client.port was set");
    assert_eq!(port(&console), None);
}

/// A form that could not be saved in any case is not opened.
#[test]
fn a_console_that_only_reads_opens_no_agent_for_editing() {
    let mut console = TestConsole::with(Tab::Queues, fixtures::small_company(), Rights::ReadOnly, COLOR, (80, 24));
    console.press(&[Key::TAB, Key::ENTER]).says("this console is read-only").does_not_say("edit agent");
}

#[test]
fn the_question_before_a_removal_counts_again_and_says_when_it_cannot_be_done_any_more() {
    let mut console = TestConsole::at(Tab::Queues);
    console.press(&[Key::char('d')]).says("It has 2 members");
    let agent = AgentId::new(2);
    let read = console.elsewhere(|c| {
        let queue = c.queues.iter().next().expect("support").id;
        c.remove_queue_member(queue, crate::settings::queue::MemberId::Agent(agent)).expect("a member");
    });
    console.inner.handle(Event::Configuration(read));
    console.says("It has 1 member;");

    let mut console = TestConsole::at(Tab::Contexts);
    let read = console.elsewhere(|c| {
        c.add_context(crate::settings::name::ContextName::parse("zone").expect("a name"), &[]).expect("a context");
    });
    console.inner.handle(Event::Configuration(read));
    console.press(&[Key::END, Key::char('d')]).says("It is empty.");
    let read = console.elsewhere(|c| {
        let zone = c.contexts.iter().next_back().expect("zone").id;
        let line = c.lines.iter().next().expect("1001").id;
        c.move_line(line, zone).expect("it is free");
    });
    console.inner.handle(Event::Configuration(read));
    console.reads("It cannot be removed any more:");
}

#[test]
fn what_only_one_of_both_changed_is_merged_and_what_both_changed_is_asked_about_field_by_field() {
    let mut console = TestConsole::at(Tab::Users);
    console
        .press(&[Key::char('e'), Key::TAB, Key::ctrl('u')])
        .write("Mine")
        .press(&[Key::TAB, Key::ctrl('u')])
        .write("Own");
    console.elsewhere(|c| {
        c.users.edit(UserId::new(1), |user| {
            user.first_name = FirstName::parse("Their").expect("a name");
            user.enabled = !user.enabled;
        });
    });
    let enabled = console.stored().users.get(UserId::new(1)).expect("alice").enabled;
    console.press(&[SAVE]).says("Somebody else changed this meanwhile").reads("by other").reads("Enabled");
    console.reads("Taken over, because you did not change it").reads("● Mine").reads("○ Their");
    console.press(&[Key::SPACE]).reads("● Their").press(&[Key::char('m')]).says("was changed");
    let alice = console.stored().users.get(UserId::new(1)).expect("alice").clone();
    assert_eq!((alice.first_name.as_str(), alice.last_name.as_str(), alice.enabled), ("Their", "Own", enabled));
}

#[test]
fn who_was_faster_with_another_field_loses_nothing_and_is_not_asked_about() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('e'), Key::TAB, Key::TAB, Key::ctrl('u')]).write("Mine");
    console.elsewhere(|c| {
        let name = FirstName::parse("Belinda").expect("a name");
        c.users.edit(UserId::new(1), |user| user.first_name = name);
    });
    console.press(&[SAVE]).reads("was changed").reads("taken over from others: First name Belinda").reads("by other");
    let alice = console.stored().users.get(UserId::new(1)).expect("alice").clone();
    assert_eq!((alice.first_name.as_str(), alice.last_name.as_str()), ("Belinda", "Mine"));
}

/// Whoever goes on with `e` or `d` means what was just made, not what somebody else made meanwhile.
#[test]
fn the_cursor_goes_to_what_was_made_here_and_not_to_what_others_made_meanwhile() {
    let mut console = TestConsole::at(Tab::Contexts);
    console.press(&[Key::char('a')]).write("mine");
    let newest = console.elsewhere(|c| {
        for name in ["aaa", "zzz"] {
            c.add_context(ContextName::parse(name).expect("a name"), &[]).expect("a context");
        }
    });
    console.inner.handle(Event::Configuration(newest));
    console.press(&[SAVE]).says("context \"mine\" was added").press(&[Key::char('e')]).says("mine").press(&[Key::ESC]);
    console.press(&[Key::char('d')]).says("Remove context").says("mine");
}

/// Its keys would do nothing, and nobody could see why.
#[test]
fn a_page_is_left_when_its_object_goes_and_says_who_removed_it() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::DOWN, Key::ENTER]).says("── Users › bob");
    let without = console.elsewhere(|c| c.remove_user(UserId::new(2)).expect("bob is there"));
    console.inner.handle(Event::Configuration(without));
    console
        .says("── Users ──")
        .reads("user \"bob\" was removed meanwhile (")
        .reads("by other): h, then u brings it back");
    // What this console removed itself it has told already.
    console.press(&[Key::HOME, Key::ENTER]).says("── Users › alice").press(&[Key::char('D'), Key::char('y')]);
    console.says("── Users ──").says("user \"alice\" was removed").does_not_say("meanwhile");
    for (place, open, words) in [
        ('6', "── Contexts and lines › zoo", "context \"zoo\" was removed meanwhile"),
        ('2', "── Presences › zoo", "presence group \"zoo\" was removed meanwhile"),
    ] {
        let added = console.elsewhere(|c| {
            let name = PresenceGroupName::parse("zoo").expect("a name");
            c.add_presence_group(name, Description::parse("").expect("it may be empty")).expect("it is new");
            c.add_context(ContextName::parse("zoo").expect("a name"), &[]).expect("it is new");
        });
        console.inner.handle(Event::Configuration(added));
        console.press(&[Key::char(place), Key::END, Key::ENTER]).says(open);
        let without = console.elsewhere(|c| {
            let context = c.contexts.find(|it| it.name.as_str() == "zoo").expect("it is there").id;
            c.remove_context(context).expect("nothing is in it");
            let group = c.presence_groups.find(|it| it.name.as_str() == "zoo").expect("it is there").id;
            c.remove_presence_group(group).expect("nobody uses it");
        });
        console.inner.handle(Event::Configuration(without));
        console.does_not_say(open).reads(words);
    }
}
