//! Contexts with their lines, agents and queues, general settings, history and help: how they look, and by keyboard what
//! each of them changes.

use super::{COLOR, TestConsole, assert_frames};
use crate::settings::configuration::Configuration;
use crate::settings::fixtures;
use crate::settings::id::{ContextId, Id as _, QueueId};
use crate::settings::setting;
use crate::tui::Rights;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const SAVE: Key = Key::ctrl('s');
const EDIT: Key = Key::char('e');
const YES: Key = Key::char('y');

fn context(name: &str, c: &Configuration) -> Option<ContextId> {
    c.contexts.find(|context| context.name.as_str() == name).map(|context| context.id)
}

#[test]
fn a_context_is_added_changed_and_removed_once_nothing_stands_in_it() {
    let mut console = TestConsole::at(Tab::Contexts);
    console.press(&[Key::char('a')]).write("lab").press(&[SAVE]).says("context \"lab\" was added");
    let lab = context("lab", &console.stored()).expect("it is stored");
    console.press(&[Key::END, EDIT, Key::TAB, Key::ENTER, Key::SPACE, Key::ENTER, SAVE]).says("was changed");
    assert_eq!(console.stored().contexts.get(lab).expect("lab").includes.len(), 1);
    console.press(&[Key::HOME, Key::DELETE]).does_not_say("Remove context").says("✗");
    console.press(&[Key::END, Key::DELETE]).says("It is empty.").press(&[YES]);
    assert_eq!(context("lab", &console.stored()), None);
}

#[test]
fn a_line_moves_to_another_context_and_leads_to_its_user() {
    let mut console = TestConsole::at(Tab::Contexts);
    console.press(&[Key::ENTER, Key::ENTER, Key::TAB, Key::RIGHT, SAVE]).says("line 1001 was changed");
    let stored = console.stored();
    let line = stored.lines.find(|line| line.extension.as_str() == "1001").expect("the line");
    assert_eq!(Some(line.context), context("sales", &stored));
    console.press(&[Key::char('w')]).says("Users › alice");
}

#[test]
fn a_queue_loses_a_member_and_gets_them_again() {
    let members =
        |console: &TestConsole| console.stored().queues.get(QueueId::new(1)).expect("the queue").members.len();
    let mut console = TestConsole::at(Tab::Queues);
    let before = members(&console);
    console
        .press(&[Key::ENTER, Key::END, Key::DELETE])
        .says("from the queue?")
        .press(&[YES])
        .says("is no longer a member");
    assert_eq!(members(&console), before - 1);
    console.press(&[Key::char('a'), Key::TAB, Key::ctrl('u')]).write("101").says("from 0 to 100");
    console.press(&[Key::ctrl('u')]).write("7").press(&[SAVE]).says("was added to the queue");
    assert_eq!(members(&console), before);
    console.press(&[Key::ctrl('z')]).says("undone");
    assert_eq!(members(&console), before - 1);
}

#[test]
fn an_agent_is_added_given_a_user_and_removed() {
    let mut console = TestConsole::at(Tab::Queues);
    console.press(&[Key::TAB, Key::char('a')]).write("8009").press(&[Key::TAB]).write("Ann").press(&[Key::END]);
    console.press(&[Key::TAB; 3]).write("nobody").says("Nothing has that");
    console.press(&[Key::ESC]).write("carol").press(&[SAVE]).says("agent 8009 was added");
    let number = console.stored().agents.len();
    console.press(&[Key::END, Key::DELETE]).says("carol is kept, without an agent").press(&[YES]);
    assert_eq!(console.stored().agents.len(), number - 1);
}

#[test]
fn a_switch_is_thrown_and_a_default_comes_back() {
    let value = |console: &TestConsole| console.stored().settings.get(&setting::Key::ClientEnabled).cloned();
    let mut console = TestConsole::at(Tab::Settings);
    console.press(&[Key::SPACE]).reads("No client can connect any more").press(&[YES]);
    console.says("client.enabled is false").says("database");
    assert_eq!(value(&console).map(|value| value.to_string()).as_deref(), Some("false"));
    console.press(&[Key::DELETE, YES]).says("is back to its default");
    assert_eq!(value(&console), None);
}

/// With a moment that is always the same.
fn changed_twice(console: &mut TestConsole) {
    console.press(&[Key::SPACE, YES, Key::DOWN, Key::DOWN, Key::ENTER]).write("5009").press(&[SAVE]);
    let database = rusqlite::Connection::open(console.folder().join("ctibox.db")).expect("the database");
    database.execute("UPDATE audit SET at = 1795485600", []).expect("moments are set");
    console.press(&[Key::char('h')]);
}

#[test]
fn one_change_is_taken_back_out_of_the_history_or_both_versions_are_shown() {
    let mut console = TestConsole::at(Tab::Settings);
    changed_twice(&mut console);
    console.press(&[Key::DOWN, Key::char('u')]).says("Undo 1 change?").press(&[YES]).says("undone:");
    let settings = console.stored().settings;
    assert!(!settings.contains_key(&setting::Key::ClientEnabled) && settings.contains_key(&setting::Key::ClientPort));
    // The cursor stays on the entry; what that left is there no more.
    console.press(&[Key::char('u')]).says("it is taken back already");
}

#[test]
fn each_place_looks_as_it_should() {
    let company = fixtures::small_company();
    let snapshots = |name: &str, tab, keys: &[Key]| {
        assert_frames(name, tab, &company, |console| {
            console.press(keys);
        });
    };
    snapshots("contexts", Tab::Contexts, &[]);
    snapshots("contexts-lines", Tab::Contexts, &[Key::ENTER]);
    snapshots("contexts-removal", Tab::Contexts, &[Key::ENTER, Key::DELETE]);
    snapshots("queues", Tab::Queues, &[]);
    snapshots("agents", Tab::Queues, &[Key::TAB]);
    snapshots("queue-members", Tab::Queues, &[Key::ENTER]);
    snapshots("settings", Tab::Settings, &[Key::DOWN]);
    snapshots("help", Tab::Help, &[]);
    snapshots("help-of-a-screen", Tab::Contexts, &[Key::F1]);
}

#[test]
fn each_form_looks_as_it_should_with_what_is_wrong() {
    let company = fixtures::small_company();
    let snapshots = |name: &str, tab, keys: &[Key], typed: &str| {
        assert_frames(name, tab, &company, |console| {
            console.press(keys).write(typed).press(&[SAVE]);
        });
    };
    let add = Key::char('a');
    snapshots("context-form-error", Tab::Contexts, &[add], "two words");
    snapshots("queue-form-error", Tab::Queues, &[add], "sup port");
    snapshots("agent-form-error", Tab::Queues, &[Key::TAB, add], "none");
    snapshots("member-form-error", Tab::Queues, &[Key::ENTER, Key::DELETE, YES, add, Key::TAB, Key::ctrl('u')], "101");
    snapshots("setting-form-error", Tab::Settings, &[Key::DOWN, Key::DOWN, Key::ENTER, Key::ctrl('u')], "99999");
}

#[test]
fn the_history_looks_as_it_should() {
    let company = fixtures::small_company();
    assert_frames("history", Tab::Settings, &company, changed_twice);
    assert_frames("history-entry", Tab::Settings, &company, |console| {
        changed_twice(console);
        console.press(&[Key::ENTER]);
    });
    assert_frames("history-undo", Tab::Settings, &company, |console| {
        changed_twice(console);
        console.press(&[Key::char('u')]);
    });
}

#[test]
fn what_stands_over_a_form_looks_as_it_should() {
    let company = fixtures::small_company();
    let edited = |console: &mut TestConsole| {
        console.press(&[EDIT, Key::END]).write("-2");
    };
    assert_frames("form-guard", Tab::Contexts, &company, |console| {
        edited(console);
        console.press(&[Key::ESC]);
    });
    assert_frames("form-changed-meanwhile", Tab::Contexts, &company, |console| {
        edited(console);
        console.elsewhere(|c| {
            let name = crate::settings::name::ContextName::parse("theirs").expect("a name");
            c.contexts.edit(ContextId::new(1), |context| context.name = name);
        });
        let database = rusqlite::Connection::open(console.folder().join("ctibox.db")).expect("the database");
        database.execute("UPDATE audit SET at = 1795485600", []).expect("moments are set");
        console.press(&[SAVE]);
    });
}

#[test]
fn a_digit_goes_to_the_list_of_its_place_unless_something_is_not_saved() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::ENTER]).says("Users › alice").press(&[Key::char('3'), Key::char('4')]);
    console.does_not_say("›").says("bob").press(&[Key::ENTER]).says("Users › alice");
    console.press(&[Key::char('4')]).does_not_say("Users ›").press(&[Key::char('4')]).says("── Users ");
    // A profile that is not saved stays.
    console.press(&[Key::char('3'), Key::ENTER, Key::END, Key::SPACE]).says("not saved");
    console
        .press(&[Key::char('4')])
        .says("3 Profiles*")
        .press(&[Key::char('3')])
        .says("── Profiles ›")
        .says("not saved");
    console.press(&[Key::char('3')]).says("save or leave it first");
}

#[test]
fn esc_goes_back_to_where_one_was_sent_from() {
    let mut console = TestConsole::at(Tab::Contexts);
    console.press(&[Key::ENTER, Key::char('w')]).says("Users › alice");
    console.press(&[Key::ESC]).says("Contexts and lines › default").press(&[Key::ESC]).does_not_say("› default");
    let mut console = TestConsole::at(Tab::Voicemails);
    console.press(&[Key::char('w')]).says("Users › alice").press(&[Key::ESC]).says("── Voicemail boxes");
    // From within the same place too; and a digit forgets the way.
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::ENTER, Key::char(':')]).write("bob").press(&[Key::ENTER]).says("Users › bob");
    console.press(&[Key::ESC]).says("Users › alice").press(&[Key::char('1'), Key::char(':')]);
    console.write("bob").press(&[Key::ENTER]).says("Users › bob").press(&[Key::char('4'), Key::ESC]);
    console.says("── Users ");
    let mut console = TestConsole::at(Tab::Presences);
    console.press(&[Key::ENTER, Key::char('m')]).says("Presences › xivo › allowed changes");
    console.press(&[Key::ESC]).says("── Presences › xivo ─").press(&[Key::ESC]).does_not_say("› xivo");
}

/// Whoever presses Esc to be sure that nothing is open goes nowhere, and the next letter means what it means here.
#[test]
fn esc_on_a_list_says_where_it_leads_and_goes_there_the_second_time() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('6'), Key::char('4'), Key::char('/')]).write("bob").press(&[Key::ENTER, Key::SPACE]);
    console.press(&[Key::ESC, Key::ESC, Key::ESC]).says("── Users ").reads("Esc again goes back to Contexts");
    console.press(&[Key::DOWN, Key::ESC]).says("── Users ").reads("Esc again goes back to Contexts");
    console.press(&[Key::ESC]).says("── Contexts");
}

#[test]
fn what_was_just_added_is_under_the_cursor() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('a')]).write("zoe").press(&[Key::TAB]).write("Zoe").press(&[Key::TAB; 7]);
    console.press(&[Key::RIGHT, SAVE]).says("the password of zoe").press(&[Key::ENTER]).says("Users › zoe");
    console.press(&[Key::ESC, Key::char('d')]).says("Remove user \"zoe\"?");
    let mut console = TestConsole::at(Tab::Queues);
    console.press(&[Key::TAB, Key::char('a')]).write("8009").press(&[Key::TAB]).write("Ann").press(&[SAVE]);
    console.press(&[Key::char('d')]).says("Remove agent \"8009\"?");
    let mut console = TestConsole::at(Tab::Contexts);
    console.press(&[Key::char('a')]).write("lab").press(&[SAVE, Key::char('d')]).says("Remove context lab?");
}

#[test]
fn the_page_of_keys_is_looked_through_and_fits_a_small_terminal() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('?')]).says("more rows; / finds").press(&[Key::char('/')]).write("import");
    console.says("Import XiVO's table of users").does_not_say("Add a user").press(&[Key::ENTER, Key::ENTER]);
    console.says("Users › import");
    let mut console = TestConsole::with(Tab::Users, fixtures::small_company(), Rights::Edit, COLOR, (60, 20));
    console.press(&[Key::char('?')]).reads("Remove the user with all lines, or all that are marked");
}

#[test]
fn a_terminal_that_is_too_small_says_what_q_does() {
    let mut console = TestConsole::at(Tab::Contexts);
    console.resize((40, 10));
    console.says("only q works").resize((80, 24));
    console.press(&[Key::char('a')]).write("lab").resize((40, 10));
    console.says("Not saved yet: no key works until then.").press(&[Key::char('q')]);
    assert!(console.inner.is_open());
}

/// Whatever is asked: what it may be answered with, and not the keys of a field that there is not.
#[test]
fn f1_and_the_question_mark_tell_what_the_open_question_may_be_answered_with() {
    for key in [Key::F1, Key::char('?')] {
        let mut console = TestConsole::at(Tab::Contexts);
        console.press(&[Key::char('a')]).write("lab").press(&[Key::ctrl('s'), Key::char('d'), key]);
        console
            .says("› keys")
            .says("remove it")
            .says("keep it")
            .does_not_say("In a field")
            .does_not_say("nothing has been");
        // Enter gives the answer that the row tells of.
        console.press(&[Key::ENTER]).says("was removed").press(&[Key::char('e')]).write("other");
        console
            .press(&[Key::ESC, key])
            .says("discard it")
            .says("keep editing")
            .press(&[Key::ESC])
            .says("not saved yet");
        console.press(&[Key::char('n'), Key::ctrl('s'), key]).says("change nothing").press(&[Key::ESC, Key::char('n')]);
    }
}

#[test]
fn the_question_mark_is_text_in_a_text_and_tells_the_keys_on_what_is_chosen_or_ticked() {
    let mut console = TestConsole::at(Tab::Profiles);
    console.press(&[Key::char('a'), Key::char('?')]).says("?").does_not_say("› keys");
    console.press(&[Key::TAB, Key::char('?')]).says("› keys").says("Save and close").press(&[Key::ESC]);
    console.press(&[Key::ENTER, Key::char('?')]).does_not_say("› keys");
}
