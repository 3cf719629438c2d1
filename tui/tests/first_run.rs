//! A console without users: the steps to the first login, done from there, and gone with the first user.

use super::{COLOR, TestConsole, assert_frames};
use crate::settings::configuration::Configuration;
use crate::settings::fixtures;
use crate::tui::Rights;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::server::Server;
use crate::tui::tab::Tab;

fn on(configuration: Configuration, rights: Rights) -> TestConsole {
    TestConsole::with(Tab::Overview, configuration, rights, COLOR, (80, 24))
}

/// Neither contexts nor profiles.
fn bare() -> Configuration {
    let mut configuration = fixtures::defaults();
    let profiles: Vec<_> = configuration.profiles.iter().map(|profile| profile.id).collect();
    profiles.into_iter().for_each(|id| configuration.remove_profile(id).expect("nobody has it"));
    let contexts: Vec<_> = configuration.contexts.iter().map(|context| context.id).collect();
    contexts.into_iter().for_each(|id| configuration.remove_context(id).expect("nothing is in it"));
    configuration
}

#[test]
fn the_first_run_looks_so() {
    assert_frames("first-run", Tab::Overview, &fixtures::defaults(), |console| {
        console.inner.handle(Event::Server(Server::NotRunning));
    });
}

#[test]
fn a_user_is_added_with_one_key_and_the_steps_leave() {
    let mut console = on(fixtures::defaults(), Rights::Edit);
    console.says("Welcome to ctibox").says("✓ 1").says("✓ 2").says("○ 3");
    console.press(&[Key::char('a')]).says("new user");
    console.write("alice").press(&[Key::TAB]).write("Alice").says("Client");
    // Past address, numbers, profile and agent to the password.
    console.press(&[Key::TAB; 8]).write("open sesame").press(&[Key::TAB]).write("open sesame");
    console.press(&[Key::ctrl('s')]);
    console.says("user \"alice\" was added").says("Alice").press(&[Key::ESC]);
    console.does_not_say("Welcome").says("Last changes");
}

#[test]
fn the_cursor_stands_on_the_first_step_that_is_not_done_and_enter_does_it() {
    let mut console = on(bare(), Rights::Edit);
    console.says("○ 1").says("○ 2").says("Enter adds one").press(&[Key::ENTER]).says("new context");
    console
        .write("office")
        .press(&[Key::ctrl('s')])
        .says("✓ 1")
        .says("office")
        .press(&[Key::ENTER])
        .says("new profile");
    console.press(&[Key::ESC]).press(&[Key::DOWN, Key::ENTER]).says("new user");
}

#[test]
fn what_is_done_is_gone_to() {
    let mut console = on(fixtures::defaults(), Rights::Edit);
    console.press(&[Key::UP, Key::ENTER]).says("── Profiles").press(&[Key::char('1')]).says("Welcome");
    console.press(&[Key::UP, Key::ENTER]).says("── Contexts and lines");
}

#[test]
fn a_user_who_was_added_elsewhere_ends_it_too_and_a_console_that_only_reads_adds_none() {
    let mut console = on(fixtures::defaults(), Rights::ReadOnly);
    console.says("Welcome").press(&[Key::char('a')]).does_not_say("new user");
    let changed = console.elsewhere(|c| {
        fixtures::add_user(c, "alice");
    });
    console.inner.handle(Event::Configuration(changed));
    console.does_not_say("Welcome").says("Last changes");
}
