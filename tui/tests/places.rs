//! Contexts with their lines, agents and queues, general settings, history and help: how they look, and by keyboard what
//! each of them changes.

use super::{Desk, assert_looks};
use crate::settings::configuration::Configuration;
use crate::settings::fixtures;
use crate::settings::id::{ContextId, Id as _, QueueId};
use crate::settings::setting;
use crate::tui::keys::Key;
use crate::tui::screen::Place;

const SAVE: Key = Key::ctrl('s');
const EDIT: Key = Key::char('e');
const YES: Key = Key::char('y');

fn context(name: &str, c: &Configuration) -> Option<ContextId> {
    c.contexts.find(|context| context.name.as_str() == name).map(|context| context.id)
}

#[test]
fn a_context_is_added_changed_and_removed_once_nothing_stands_in_it() {
    let mut desk = Desk::at(Place::Contexts);
    desk.press(&[Key::char('a')]).write("lab").press(&[SAVE]).says("context \"lab\" was added");
    let lab = context("lab", &desk.stored()).expect("it is stored");
    desk.press(&[Key::END, EDIT, Key::TAB, Key::ENTER, Key::SPACE, Key::ENTER, SAVE]).says("was changed");
    assert_eq!(desk.stored().contexts.get(lab).expect("lab").includes.len(), 1);
    desk.press(&[Key::HOME, Key::DELETE]).does_not_say("Remove context").says("✗");
    desk.press(&[Key::END, Key::DELETE]).says("Nothing stands in it").press(&[YES]);
    assert_eq!(context("lab", &desk.stored()), None);
}

#[test]
fn a_line_moves_to_another_context_and_leads_to_its_user() {
    let mut desk = Desk::at(Place::Contexts);
    desk.press(&[Key::ENTER, Key::ENTER, Key::TAB, Key::RIGHT, SAVE]).says("line 1001 was changed");
    let stored = desk.stored();
    let line = stored.lines.find(|line| line.extension.as_str() == "1001").expect("the line");
    assert_eq!(Some(line.context), context("sales", &stored));
    desk.press(&[Key::char('u')]).says("Users › alice");
}

#[test]
fn a_queue_loses_a_member_and_gets_him_again() {
    let members = |desk: &Desk| desk.stored().queues.get(QueueId::new(1)).expect("the queue").members.len();
    let mut desk = Desk::at(Place::Queues);
    let before = members(&desk);
    desk.press(&[Key::ENTER, Key::END, Key::DELETE]).says("is no member any more");
    assert_eq!(members(&desk), before - 1);
    desk.press(&[Key::char('a'), Key::TAB, Key::ctrl('u')]).write("101").says("from 0 to 100");
    desk.press(&[Key::ctrl('u')]).write("7").press(&[SAVE]).says("a member was added");
    assert_eq!(members(&desk), before);
    desk.press(&[Key::ctrl('z')]).says("undone");
    assert_eq!(members(&desk), before - 1);
}

#[test]
fn an_agent_is_added_given_a_user_and_removed() {
    let mut desk = Desk::at(Place::Queues);
    desk.press(&[Key::TAB, Key::char('a')]).write("8009").press(&[Key::TAB]).write("Ann").press(&[Key::END]);
    desk.press(&[Key::TAB; 3]).write("nobody").says("user \"nobody\": does not exist");
    desk.press(&[Key::ctrl('u')]).write("carol").press(&[SAVE]).says("agent 8009 was added");
    let number = desk.stored().agents.len();
    desk.press(&[Key::END, Key::DELETE]).says("carol stays, without an agent").press(&[YES]);
    assert_eq!(desk.stored().agents.len(), number - 1);
}

#[test]
fn a_switch_is_thrown_and_a_default_comes_back() {
    let value = |desk: &Desk| desk.stored().settings.get(&setting::Key::ClientEnabled).cloned();
    let mut desk = Desk::at(Place::Settings);
    desk.press(&[Key::SPACE]).reads("No client can connect any more").press(&[YES]);
    desk.says("client.enabled is false").says("database");
    assert_eq!(value(&desk).map(|value| value.to_string()).as_deref(), Some("false"));
    desk.press(&[Key::DELETE, YES]).says("is back to its default");
    assert_eq!(value(&desk), None);
}

/// With a moment that is always the same.
fn changed_twice(desk: &mut Desk) {
    desk.press(&[Key::SPACE, YES, Key::DOWN, Key::DOWN, Key::ENTER]).write("5009").press(&[SAVE, YES]);
    let database = rusqlite::Connection::open(desk.folder().join("ctibox.db")).expect("the database");
    database.execute("UPDATE audit SET at = 1795485600", []).expect("moments are set");
    desk.press(&[Key::char('h')]);
}

#[test]
fn one_change_is_taken_back_out_of_the_history_or_both_versions_are_shown() {
    let mut desk = Desk::at(Place::Settings);
    changed_twice(&mut desk);
    desk.press(&[Key::DOWN, Key::char('u')]).says("Take back 1 change?").press(&[YES]).says("taken back");
    let settings = desk.stored().settings;
    assert!(!settings.contains_key(&setting::Key::ClientEnabled) && settings.contains_key(&setting::Key::ClientPort));
    // The cursor stays on the entry; what that left is there no more.
    desk.press(&[Key::char('u'), YES]).says("Changed since").says("does not exist");
}

#[test]
fn each_place_looks_as_it_should() {
    let office = fixtures::small_company();
    let looks = |name: &str, place, keys: &[Key]| {
        assert_looks(name, place, &office, |desk| {
            desk.press(keys);
        });
    };
    looks("contexts", Place::Contexts, &[]);
    looks("contexts-lines", Place::Contexts, &[Key::ENTER]);
    looks("contexts-removal", Place::Contexts, &[Key::ENTER, Key::DELETE]);
    looks("queues", Place::Queues, &[]);
    looks("agents", Place::Queues, &[Key::TAB]);
    looks("queue-members", Place::Queues, &[Key::ENTER]);
    looks("settings", Place::Settings, &[Key::DOWN]);
    looks("help", Place::Help, &[]);
    looks("help-of-a-screen", Place::Contexts, &[Key::F1]);
}

#[test]
fn each_form_looks_as_it_should_with_what_is_wrong() {
    let office = fixtures::small_company();
    let looks = |name: &str, place, keys: &[Key], typed: &str| {
        assert_looks(name, place, &office, |desk| {
            desk.press(keys).write(typed).press(&[SAVE]);
        });
    };
    let add = Key::char('a');
    looks("context-form-error", Place::Contexts, &[add], "two words");
    looks("queue-form-error", Place::Queues, &[add], "sup port");
    looks("agent-form-error", Place::Queues, &[Key::TAB, add], "none");
    looks("member-form-error", Place::Queues, &[Key::ENTER, Key::DELETE, add, Key::TAB, Key::ctrl('u')], "101");
    looks("setting-form-error", Place::Settings, &[Key::DOWN, Key::DOWN, Key::ENTER, Key::ctrl('u')], "99999");
}

#[test]
fn the_history_looks_as_it_should() {
    let office = fixtures::small_company();
    assert_looks("history", Place::Settings, &office, changed_twice);
    assert_looks("history-entry", Place::Settings, &office, |desk| {
        changed_twice(desk);
        desk.press(&[Key::ENTER]);
    });
    assert_looks("history-undo", Place::Settings, &office, |desk| {
        changed_twice(desk);
        desk.press(&[Key::char('u')]);
    });
}

#[test]
fn what_stands_over_a_form_looks_as_it_should() {
    let office = fixtures::small_company();
    let edited = |desk: &mut Desk| {
        desk.press(&[EDIT, Key::END]).write("-2");
    };
    assert_looks("form-guard", Place::Contexts, &office, |desk| {
        edited(desk);
        desk.press(&[Key::ESC]);
    });
    assert_looks("form-changed-meanwhile", Place::Contexts, &office, |desk| {
        edited(desk);
        desk.elsewhere(|c| {
            let name = crate::settings::name::ContextName::parse("theirs").expect("a name");
            c.contexts.edit(ContextId::new(1), |context| context.name = name);
        });
        desk.press(&[SAVE]);
    });
}
