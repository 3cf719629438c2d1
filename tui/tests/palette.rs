//! The palette: whatever has a name is gone to or done by a part of it, and asks what its key asks.

use super::users::many_users;
use super::{COLOR, TestConsole};
use crate::settings::fixtures;
use crate::settings::id::{Id as _, UserId};
use crate::settings::setting::Key as Setting;
use crate::tui::Rights;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;
use crate::tui::tests::agents_at_work::at_work;

const YES: Key = Key::char('y');

fn call<'a>(console: &'a mut TestConsole, text: &str) -> &'a mut TestConsole {
    console.press(&[Key::char(':')]).write(text)
}

fn look_up<'a>(console: &'a mut TestConsole, text: &str) -> &'a mut TestConsole {
    call(console, text).press(&[Key::ENTER])
}

#[test]
fn places_and_objects_are_gone_to_by_a_part_of_their_name() {
    for (text, there) in [
        ("general", "── General settings"),
        ("ctx", "── Contexts and lines"),
        ("1002", "› alice"),
        ("bob", "› bob"),
        ("Out lunch", "── Presences › xivo"),
        ("swboard", "── Profiles › Switchboard"),
        ("support", "── Agents and queues"),
        ("8001", "── Agents and queues"),
        ("client.port", "client.port"),
        ("sales", "── Contexts and lines"),
    ] {
        let mut console = TestConsole::at(Tab::Overview);
        look_up(&mut console, text).says(there);
    }
}

#[test]
fn what_the_screen_below_can_do_is_done_by_its_words() {
    let mut console = TestConsole::at(Tab::Contexts);
    look_up(&mut console, "add a context").says("new context").write("lab").press(&[Key::ctrl('s')]);
    console.says("context \"lab\" was added");
    look_up(&mut console, "undo").says("undone:").does_not_say("lab  ");
    // What stands in its way is told.
    let mut console = TestConsole::at(Tab::Certificates);
    look_up(&mut console, "reload").says("the server is not running; it reads the pair when it starts");
}

#[test]
fn actions_on_objects_ask_what_their_keys_ask() {
    let mut console = TestConsole::at(Tab::Overview);
    console.connect(&[("alice", "available")]);
    look_up(&mut console, "end session ali").says("End the session of alice?").press(&[Key::ESC]);
    look_up(&mut console, "disable alice").reads("1 session").press(&[YES]).says("user \"alice\" was disabled");
    let is_enabled = |console: &TestConsole| console.stored().users.get(UserId::new(1)).expect("alice").enabled;
    assert!(!is_enabled(&console));
    look_up(&mut console, "enable ali").says("user \"alice\" was enabled");
    assert!(is_enabled(&console));
    console.inner.handle(Event::AtWork(Some(at_work())));
    look_up(&mut console, "log off 8001").says("Log off agent 8001?");
}

#[test]
fn what_was_done_last_stands_first_and_esc_does_nothing() {
    let mut console = TestConsole::at(Tab::Overview);
    look_up(&mut console, "bob").says("› bob");
    call(&mut console, "").press(&[Key::ENTER]).says("── Users › bob");
    look_up(&mut console, "disable carol").says("was disabled");
    look_up(&mut console, "enable carol").says("was enabled");
    call(&mut console, "").says("disable carol").press(&[Key::ESC]);
    call(&mut console, "xyzzy").says("nothing has that in its name").press(&[Key::ENTER]).says("nothing has");
    console.press(&[Key::ESC]).does_not_say("xyzzy").says("── Users › bob");
}

#[test]
fn what_people_call_it_is_found_and_names_come_before_sentences() {
    let mut console = TestConsole::at(Tab::Users);
    // "Show the user with all lines" is what Enter does there.
    look_up(&mut console, "lines").says("── Contexts and lines");
    let setting = |key: Setting| format!("── {key} ─");
    look_up(&mut console, "theme").says(&setting(Setting::ConsoleTheme));
    look_up(&mut console, "separate").says(&setting(Setting::ContextSeparation));
    look_up(&mut console, "help").says("› keys").press(&[Key::ESC]);
    look_up(&mut console, "repeat").says("nothing was changed in this console yet");
    for leaves in ["quit", "exit"] {
        let mut console = TestConsole::at(Tab::Users);
        call(&mut console, leaves).press(&[Key::ENTER]);
        assert!(!console.inner.is_open(), "{leaves}");
    }
}

#[test]
fn a_console_that_only_reads_offers_nothing_that_edits() {
    let mut console = TestConsole::with(Tab::Users, fixtures::small_company(), Rights::ReadOnly, COLOR, (80, 24));
    call(&mut console, "remove the user").does_not_say("Remove the user").press(&[Key::ESC]);
    call(&mut console, "disable alice").says("nothing has that in its name").press(&[Key::ESC]);
    call(&mut console, "undo the last").does_not_say("Undo the last").press(&[Key::ESC]);
    look_up(&mut console, "bob").says("› bob");
}

#[test]
fn ten_thousand_users_are_all_found() {
    let mut console = TestConsole::with(Tab::Overview, many_users(), Rights::Edit, COLOR, (80, 24));
    call(&mut console, "29876").says("user09876").press(&[Key::ENTER]).says("› user09876");
    call(&mut console, "user").says("the best 200 of 1");
    console.write("0").write("0001").says("user00001");
}
