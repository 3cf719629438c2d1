//! The mouse: what stands on the screen with a key is pressed by a click, and a row is chosen by the first click and opened
//! by the second, on every list.

use ratatui::crossterm::event as terminal;
use ratatui::crossterm::event::{KeyModifiers, MouseEvent, MouseEventKind};

use super::TestConsole;
use crate::settings::id::{Id as _, UserId};
use crate::settings::name::FirstName;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const SAVE: Key = Key::ctrl('s');

#[test]
fn a_key_of_the_last_row_is_pressed_by_a_click() {
    let mut console = TestConsole::at(Tab::Users);
    console.click("/ find").says("Enter keep").write("bob").click("Enter keep").does_not_say("carol");
    console.click("Esc show all").says("carol").click("? keys").says("› keys").click("Esc back").does_not_say("› keys");
    // While a form or a question is open, what acts there.
    console.click("a add").says("new user").click("Ctrl-S save").says("not saved:").write("zoe");
    console.click("F1 keys").says("› keys").click("Esc back").click("Esc cancel").says("not saved yet");
    console.click("Esc back").does_not_say("not saved yet").says("new user").press(&[Key::ESC, Key::char('d')]);
    console
        .press(&[Key::char('d')])
        .says("keep the user")
        .click("Esc back")
        .does_not_say("keep the user")
        .click("q leave");
    assert!(!console.inner.is_open());
}

#[test]
fn the_question_before_a_grave_change_is_answered_by_a_click() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::ctrl('a'), Key::char('x')]).says("Disable 3 users?").click("change nothing");
    console
        .does_not_say("Disable 3 users?")
        .press(&[Key::char('x')])
        .click("y   disable")
        .says("3 users were disabled");
    assert!(console.stored().users.iter().all(|user| !user.enabled));
    // What a form asks too.
    let mut console = TestConsole::at(Tab::Settings);
    console.press(&[Key::DOWN, Key::DOWN, Key::ENTER, Key::ctrl('u')]).write("5009").press(&[SAVE]).says("Save this?");
    console.click("change nothing").does_not_say("Save this?").press(&[SAVE]).click("y   save it");
    console.says("client.port was set");
}

#[test]
fn what_would_be_lost_and_what_two_changed_is_answered_by_a_click() {
    let mut console = TestConsole::at(Tab::Users);
    console
        .press(&[Key::char('a')])
        .write("zoe")
        .press(&[Key::ESC])
        .click("keep editing")
        .does_not_say("not saved yet");
    console.says("new user").press(&[Key::ESC]).click("discard it").does_not_say("new user");
    console.press(&[Key::char('e'), Key::TAB, Key::ctrl('u')]).write("Mine");
    console.elsewhere(|c| {
        let name = FirstName::parse("Second").expect("a name");
        c.users.edit(UserId::new(1), |user| user.first_name = name);
    });
    console.press(&[SAVE]).says("Somebody else changed this meanwhile").says("● Mine").click("○ Second");
    console.says("● Second").click("mark the other one").says("● Mine").click("save the values marked");
    console.says("was changed");
    assert_eq!(console.stored().users.get(UserId::new(1)).expect("alice").first_name.as_str(), "Mine");
}

#[test]
fn a_row_is_chosen_by_the_first_click_and_opened_by_the_second() {
    for (tab, row, opened) in [
        (Tab::Presences, "xivo", "› xivo"),
        (Tab::Profiles, "Supervisor", "› Supervisor"),
        (Tab::Users, "alice", "› alice"),
        (Tab::Hints, "xivo", "› xivo"),
        (Tab::Contexts, "sales", "› sales"),
        (Tab::Queues, "support", "› support"),
        (Tab::Settings, "client.port", "› Port: client.port"),
        (Tab::Accounts, "crm", "› edit"),
        (Tab::Voicemails, "1001", "› edit voicemail box"),
        (Tab::Rooms, "4000", "› edit conference room"),
    ] {
        let mut console = TestConsole::at(tab);
        // The cursor may stand there already.
        console.click(row).does_not_say(opened).click(row).says(opened);
    }
    // The cursor went elsewhere in between: a click chooses again.
    let mut console = TestConsole::at(Tab::Users);
    console.click("carol").press(&[Key::UP]).click("carol").does_not_say("› carol").click("carol").says("› carol");
    // Also where the filter is still typed.
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('/')]).write("li").click("alice").does_not_say("› alice").click("alice").says("› alice");
    // On the palette nothing is done by the first one.
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char(':')]).write("contexts").click("Contexts and lines").says(":contexts");
    console.click("Contexts and lines").says("── Contexts and lines");
}

#[test]
fn a_field_is_gone_to_by_a_click_and_turned_by_the_next() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('e')]).click("Enabled").says("[x] yes").click("Enabled").says("[ ] no");
    console.click("‹ Client ›").says("Enter choose").click("‹ Client ›").click("Switchboard").says("‹ Switchboard ›");
}

#[test]
fn a_row_that_opens_nothing_is_chosen_by_a_click() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('x'), Key::char('h'), Key::ENTER]).says("› entry ").says("── enabled");
    console.click("first name").says("── first name").click("first name").says("› entry ");
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::ctrl('a'), Key::char('b'), Key::char('m'), Key::char('y')]);
    while !console.screen().contains("3 new passwords made") {
        console.inner.look_after();
    }
    console.click(" carol").press(&[Key::char('y')]).says("copied the password of carol");
}

#[test]
fn the_wheel_moves_by_three_rows_in_a_list_and_by_one_field_in_a_form() {
    let turn = |console: &mut TestConsole, kind| {
        let mouse = MouseEvent { kind, column: 10, row: 10, modifiers: KeyModifiers::NONE };
        console.inner.handle(Event::Terminal(terminal::Event::Mouse(mouse)));
        console.draw();
    };
    let mut console = TestConsole::at(Tab::Settings);
    console.says(" 1 of ");
    turn(&mut console, MouseEventKind::ScrollDown);
    console.says(" 4 of ").press(&[Key::DOWN]).says(" 5 of ");
    turn(&mut console, MouseEventKind::ScrollUp);
    console.says(" 2 of ");
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('e')]).says("›  Login");
    turn(&mut console, MouseEventKind::ScrollDown);
    console.says("›  First name");
}
