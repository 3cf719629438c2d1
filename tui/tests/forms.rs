//! Forms: marks for all and none, what is made from within a form and chosen there, paths that complete, and what is warned of
//! before anything is saved.

use std::fs;

use tempfile::TempDir;

use super::{COLOR, TestConsole};
use crate::settings::configuration::Configuration;
use crate::settings::edit::NewUser;
use crate::settings::fixtures;
use crate::settings::id::UserUuid;
use crate::settings::name::{FirstName, LastName, Login};
use crate::tui::Rights;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const SAVE: Key = Key::ctrl('s');
const ALL: Key = Key::char('+');
const NONE: Key = Key::char('-');

/// The form of `away`, on what it leads to.
fn away(console: &mut TestConsole) -> &mut TestConsole {
    console.press(&[Key::ENTER, Key::DOWN, Key::char('e')]).says("edit away").press(&[Key::TAB; 3])
}

#[test]
fn plus_and_minus_mark_all_and_none_of_what_is_shown() {
    let mut console = TestConsole::at(Tab::Presences);
    away(&mut console).press(&[Key::ENTER, NONE]).does_not_say("[1]").press(&[ALL]).says("[5] disconnected");
    console.press(&[NONE]).write("lunch").press(&[ALL]).says("Reachable presences: lunch, 1 of 5");
    console.press(&[Key::TAB]).says("Reachable presences  ● outtolunch\n").says("›  Reachable from");
    // On the field itself they open the list.
    console.press(&[NONE]).says("[ ] berightback");
}

#[test]
fn a_dead_end_is_warned_of_before_it_is_saved_however_many_users_there_are() {
    let mut many = fixtures::small_company();
    for number in 0..2_100 {
        let new = NewUser {
            uuid: UserUuid::new(uuid::Uuid::from_u128(1_000_000 + number)),
            login: Some(Login::parse(&format!("user{number}")).expect("a login")),
            first_name: FirstName::parse("User").expect("a name"),
            last_name: LastName::parse(&number.to_string()).expect("a name"),
            email: None,
            mobile: None,
            password: None,
            enabled: false,
            profile: None,
        };
        many.add_user(new).expect("a user");
    }
    for company in [fixtures::small_company(), many] {
        let mut console = TestConsole::with(Tab::Presences, company, Rights::Edit, COLOR, (80, 24));
        let before = console.stored();
        away(&mut console).does_not_say("!").press(&[NONE, Key::ESC]).reads("is a dead end");
        assert!(console.stored() == before, "nothing is saved yet");
        console.press(&[SAVE]).reads("was changed").reads("is a dead end");
    }
}

#[test]
fn a_context_is_made_within_the_form_of_a_line_and_chosen_there() {
    let mut console = TestConsole::at(Tab::Contexts);
    console.press(&[Key::ENTER, Key::char('a')]).write("carol").press(&[Key::TAB]).write("3001").press(&[Key::TAB]);
    console
        .write("night")
        .says("new context…")
        .press(&[Key::ENTER])
        .says("new line › new context")
        .write("night")
        .press(&[Key::ESC]);
    console.write("d").says("‹ default ›").write("night").press(&[Key::ENTER]).write("night").press(&[SAVE]);
    console.says("context \"night\" was added").says("‹ night ›").says("carol").says("3001");
    console.press(&[SAVE]).says("line 3001 was added");
    let stored = console.stored();
    let line = stored.lines.iter().next_back().expect("the newest");
    assert_eq!(stored.contexts.get(line.context).map(|context| context.name.to_string()).as_deref(), Some("night"));
}

#[test]
fn groups_and_profiles_are_made_within_forms_too() {
    let mut console = TestConsole::at(Tab::Profiles);
    console.press(&[Key::char('a')]).write("Desk").press(&[Key::TAB]).write("new").press(&[Key::ENTER]);
    console.says("new presence group").write("night").press(&[SAVE]).says("‹ night ›").press(&[Key::TAB]);
    console
        .write("new")
        .press(&[Key::ENTER])
        .says("new phone hint group")
        .write("dark")
        .press(&[SAVE])
        .says("‹ dark ›");
    console.press(&[SAVE]).says("profile \"Desk\" was added");
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('e')]).press(&[Key::TAB; 6]).write("new").press(&[Key::ENTER]).says("new profile");
    console.write("Desk").press(&[SAVE]).says("‹ Desk ›").says("edit alice").press(&[SAVE]).says("was changed");
}

#[test]
fn what_was_made_and_taken_up_by_nobody_changes_no_choice() {
    let mut console = TestConsole::at(Tab::Contexts);
    console.press(&[Key::DOWN, Key::ENTER, Key::char('a')]).says("‹ sales ›").press(&[Key::TAB, Key::TAB]);
    console.write("new").press(&[Key::ENTER]).says("new context").press(&[Key::ESC]).says("‹ sales ›");
}

#[test]
fn a_path_completes_with_tab_as_far_as_there_is_one_way() {
    let folder = TempDir::new().expect("a folder");
    fs::create_dir(folder.path().join("certs")).expect("a folder in it");
    for name in ["cti.crt", "cti.key"] {
        fs::write(folder.path().join("certs").join(name), "").expect("a file");
    }
    let mut console = TestConsole::with(
        Tab::Certificates,
        Configuration::clone(&fixtures::small_company()),
        Rights::Edit,
        COLOR,
        (120, 40),
    );
    let begin = folder.path().join("ce").display().to_string();
    console.press(&[Key::char('e'), Key::ctrl('e'), Key::ctrl('u')]).write(&begin).says("Tab complete");
    console.press(&[Key::TAB]).says("/certs/\n").press(&[Key::TAB]).says("/certs/cti.\n");
    console
        .press(&[Key::TAB])
        .says("cti.crt")
        .says("cti.key")
        .write("key")
        .press(&[Key::ENTER])
        .says("/certs/cti.key\n");
    console.press(&[Key::TAB]).says("›  Key").write("/no/such").press(&[Key::TAB]).says("/no/such cannot be completed");
}

/// The devices of the lines by their extensions.
fn devices(console: &TestConsole) -> Vec<(String, String)> {
    let stored = console.stored();
    stored.lines.iter().map(|line| (line.extension.to_string(), line.device.to_string())).collect()
}

/// Alice's first line with the device of bob's.
fn with_a_foreign_device() -> TestConsole {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::ENTER, Key::ENTER]).says("Shared device").press(&[Key::TAB, Key::TAB]).write("sip/2001");
    console
}

#[test]
fn a_device_that_another_line_has_is_refused_until_it_is_said_what_becomes_of_that() {
    let mut console = with_a_foreign_device();
    let before = devices(&console);
    console.reads("it is the device of 2001@sales (bob").press(&[Key::ctrl('s')]);
    console.says("not saved: see Shared device").reads("is already used by line \"2001@sales\"");
    assert_eq!(devices(&console), before);
    // Two numbers of one telephone are no mistake.
    console.press(&[Key::RIGHT]).says("both lines ring there").press(&[Key::ctrl('s')]).says("line 1001 was changed");
    let both = [("1001", "sip/2001"), ("1002", "PJSIP/1002"), ("2001", "PJSIP/2001")];
    assert_eq!(devices(&console), both.map(|(line, device)| (line.to_owned(), device.to_owned())));
    // What was so before is asked about no more.
    console.press(&[Key::ENTER, Key::ctrl('u')]).write("1009").press(&[Key::ctrl('s')]).says("line 1009 was changed");
}

#[test]
fn two_desks_swap_their_devices_in_one_change() {
    let mut console = with_a_foreign_device();
    let before = devices(&console);
    console.press(&[Key::TAB, Key::RIGHT, Key::RIGHT]).says("2001@sales gets PJSIP/1001 instead");
    console.press(&[Key::ctrl('s')]).reads("line 1001 was changed; 2001@sales gets PJSIP/1001 instead");
    let swapped = [("1001", "sip/2001"), ("1002", "PJSIP/1002"), ("2001", "PJSIP/1001")];
    assert_eq!(devices(&console), swapped.map(|(line, device)| (line.to_owned(), device.to_owned())));
    console.press(&[Key::ctrl('z'), Key::char('y')]);
    assert_eq!(devices(&console), before);
}
