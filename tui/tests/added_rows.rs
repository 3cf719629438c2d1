//! Where the cursor is after something was added: on that, whatever others added meanwhile.

use super::{COLOR, TestConsole, is_of_chosen_row};
use crate::settings::configuration::Configuration;
use crate::settings::fixtures;
use crate::settings::name::ContextName;
use crate::tui::Rights;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const SAVE: Key = Key::ctrl('s');

/// The row of the list that the cursor is on.
fn row(console: &mut TestConsole) -> String {
    let buffer = console.draw();
    let width = usize::from(buffer.area.width);
    let mut rows = buffer.content.chunks(width);
    let row = rows.find(|row| row[1..10].iter().all(is_of_chosen_row)).expect("a chosen row");
    row.iter().map(|cell| cell.symbol()).collect()
}

fn assert_on(console: &mut TestConsole, words: &str) {
    let row = row(console);
    assert!(row.contains(words), "{words:?} is not the row of the cursor: {row:?}\n{}", console.screen());
}

#[test]
fn of_what_two_people_add_at_once_the_cursor_goes_to_ones_own() {
    for hears_of_it in [false, true] {
        let mut console = TestConsole::at(Tab::Contexts);
        console.press(&[Key::char('a')]).write("mine");
        let changed = console.elsewhere(|c| {
            for name in ["theirs", "theirs2"] {
                c.add_context(ContextName::parse(name).expect("a name"), &[]).expect("it is added");
            }
        });
        if hears_of_it {
            console.inner.handle(Event::Configuration(changed));
        }
        console.press(&[SAVE]).says("context \"mine\" was added").says("theirs2");
        assert_on(&mut console, "mine");
        // Nor does what others add later draw it away.
        let changed = console.elsewhere(|c| {
            c.add_context(ContextName::parse("later").expect("a name"), &[]).expect("it is added");
        });
        console.inner.handle(Event::Configuration(changed));
        console.says("later");
        assert_on(&mut console, "mine");
    }
}

#[test]
fn a_form_that_is_left_draws_the_cursor_nowhere() {
    let mut console = TestConsole::at(Tab::Contexts);
    console.press(&[Key::char('a')]).write("mine").press(&[SAVE, Key::UP, Key::UP]);
    assert_on(&mut console, "default");
    console.press(&[Key::char('a'), Key::ESC]);
    assert_on(&mut console, "default");
}

#[test]
fn a_user_a_profile_a_line_and_an_entry_are_under_the_cursor_once_they_are_added() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('a')]).write("aaron").press(&[Key::TAB]).write("Aaron");
    console.press(&[Key::TAB; 8]).write("a-good-one").press(&[Key::TAB]).write("a-good-one").press(&[SAVE]);
    console.says("user \"aaron\" was added").press(&[Key::ESC]);
    assert_on(&mut console, "aaron");
    console.press(&[Key::char('3'), Key::char('c'), Key::ctrl('u')]).write("Middle").press(&[SAVE]);
    console.says("Middle").press(&[Key::ESC]);
    assert_on(&mut console, "Middle");
    console
        .press(&[Key::char('6'), Key::ENTER, Key::char('a')])
        .write("bob")
        .press(&[Key::TAB])
        .write("1000")
        .press(&[SAVE]);
    console.says("1002");
    assert_on(&mut console, "1000");
    console.press(&[Key::char('B'), Key::char('a')]).write("Mona").press(&[SAVE]);
    assert_on(&mut console, "Mona");
}

#[test]
fn a_list_with_nothing_in_it_says_what_adds_the_first() {
    for (tab, words) in [
        (Tab::Users, "There is no user yet; `a` adds one, `i` imports a table."),
        (Tab::Profiles, "There is no profile yet; `a` adds one"),
        (Tab::Presences, "There is no group of presences yet; `a` adds one."),
        (Tab::Hints, "There is no group of phone hints yet; `a` adds one."),
        (Tab::Contexts, "There is no context yet; `a` adds one"),
        (Tab::Queues, "There is no queue yet; `a` adds one"),
        (Tab::Accounts, "There is no account yet"),
        (Tab::Voicemails, "There is no voicemail box yet; `a` adds one."),
        (Tab::Rooms, "There is no conference room yet; `a` adds one."),
        (Tab::PhoneBook, "The phone book is empty; `a` adds an entry"),
    ] {
        let empty = Configuration::empty(fixtures::small_company().server_uuid);
        TestConsole::with(tab, empty, Rights::Edit, COLOR, (80, 24)).reads(words);
    }
}
