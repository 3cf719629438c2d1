//! Forms: marks for all and none, what is made from within a form and chosen there, paths that complete, and what is warned of
//! before anything is saved.

use std::fs;

use tempfile::TempDir;

use super::{COLOR, TestConsole};
use crate::settings::configuration::Configuration;
use crate::settings::edit::NewUser;
use crate::settings::fixtures;
use crate::settings::id::UserUuid;
use crate::settings::name::{ContextName, Device, Extension, FirstName, LastName, Login};
use crate::settings::setting::Key as Setting;
use crate::tui::Rights;
use crate::tui::event::Event;
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
        away(&mut console).does_not_say("!").press(&[NONE, Key::ENTER]).reads("is a dead end");
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
        .says("new context \"night\"…")
        .press(&[Key::DOWN, Key::ENTER])
        .says("new line › new context")
        .press(&[Key::ESC]);
    console.write("d").press(&[Key::ENTER]).says("‹ default ›").write("night").press(&[Key::DOWN, Key::ENTER, SAVE]);
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
    // What was so before is told, and asked about no more.
    console
        .press(&[Key::ENTER])
        .says("yes: 2001@sales (bob")
        .says("rings there too")
        .press(&[Key::ctrl('u')])
        .write("1009")
        .press(&[Key::ctrl('s')])
        .says("line 1009 was changed");
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

/// Esc gives up what was marked, as it gives up what was chosen.
#[test]
fn esc_in_a_list_of_marks_leaves_the_field_as_it_was() {
    let mut console = TestConsole::at(Tab::Contexts);
    let includes = |console: &TestConsole| -> usize {
        console.stored().contexts.iter().map(|context| context.includes.len()).sum()
    };
    let before = includes(&console);
    console.press(&[Key::char('e'), Key::TAB, Key::ENTER, Key::char('+'), Key::ESC]).says("as before: ");
    console.press(&[Key::ctrl('s')]).says("nothing was changed");
    assert_eq!(includes(&console), before);
}

/// Nobody counts on a telephone that has letters.
#[test]
fn a_number_that_no_telephone_can_dial_is_warned_of_and_taken() {
    let mut console = TestConsole::at(Tab::Contexts);
    console.press(&[Key::ENTER, Key::ENTER, Key::ctrl('u')]).write("10a");
    console.reads("\"10a\" has letters: most telephones have no keys to dial that");
    console.press(&[Key::ctrl('u')]).write("10-1").reads("\"10-1\" has \"-\": most telephones");
    console.press(&[Key::ctrl('u')]).write("*10#").does_not_say("most telephones");
    for (tab, keys) in
        [(Tab::Queues, &[][..]), (Tab::Queues, &[Key::TAB][..]), (Tab::Rooms, &[]), (Tab::Voicemails, &[])]
    {
        let mut console = TestConsole::at(tab);
        console.press(keys).press(&[Key::char('a')]);
        if tab == Tab::Queues && keys.is_empty() {
            console.press(&[Key::TAB, Key::TAB]);
        }
        console.write("abc").reads("\"abc\" has letters: most telephones");
    }
}

/// What is warned of once stands there: who opens the form did not type it.
#[test]
fn a_number_with_letters_that_is_stored_is_no_news() {
    let mut company = fixtures::small_company();
    let line = company.lines.iter().next().expect("a line").id;
    company.lines.edit(line, |line| line.extension = Extension::parse("10a").expect("an extension"));
    let mut console = TestConsole::with(Tab::Users, company, Rights::Edit, COLOR, (80, 24));
    console.press(&[Key::ENTER, Key::ENTER]).says("10a").press(&[Key::TAB, Key::TAB]).write("X");
    console.does_not_say("most telephones");
}

#[test]
fn a_device_that_was_made_of_the_extension_follows_it_and_says_so() {
    let mut company = fixtures::small_company();
    let line = company.lines.iter().next().expect("a line").id;
    let device = |name: &str| Device::parse(name).expect("a device");
    company.lines.edit(line, |line| line.device = device("PJSIP/1001"));
    let mut console = TestConsole::with(Tab::Users, company, Rights::Edit, COLOR, (80, 24));
    let stored = |console: &TestConsole| console.stored().lines.get(line).expect("the line").device.clone();
    console
        .press(&[Key::ENTER, Key::ENTER, Key::ctrl('u')])
        .write("1099")
        .says("PJSIP/1099")
        .says("follows the extension");
    console.press(&[Key::ctrl('s')]).reads("line 1099 was changed; its device is PJSIP/1099 now");
    assert_eq!(stored(&console), device("PJSIP/1099"));
    // One that was typed stays.
    console.press(&[Key::ENTER, Key::TAB, Key::TAB, Key::ctrl('u')]).write("PJSIP/desk").press(&[Key::BACK_TAB; 2]);
    console.press(&[Key::ctrl('u')]).write("1098").does_not_say("follows the extension").press(&[Key::ctrl('s')]);
    assert_eq!(stored(&console), device("PJSIP/desk"));
}

/// A context that somebody else made while the form is open can be chosen, and nothing else is chosen by that.
#[test]
fn what_others_make_meanwhile_can_be_chosen_in_an_open_form() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::ENTER, Key::char('a'), Key::TAB]).says("‹ default ›");
    let newest = console.elsewhere(|c| {
        c.add_context(ContextName::parse("annex").expect("a name"), &[]).expect("a context");
    });
    console.inner.handle(Event::Configuration(newest));
    console.says("‹ default ›").press(&[Key::ENTER]).says("annex").press(&[Key::ESC]).says("‹ default ›");
    console.write("annex").press(&[Key::ENTER]).says("‹ annex ›");
}

/// Not a round of saving each.
#[test]
fn all_that_is_wrong_with_a_form_is_told_at_once() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('a')]).write("alice").press(&[Key::TAB; 3]).write("foo").press(&[Key::ctrl('s')]);
    console.says("not saved: see Login, First name, E-mail address");
    let mut console = TestConsole::at(Tab::Accounts);
    console.press(&[Key::char('a'), Key::ctrl('s')]).says("see Account name, Rights");
}

/// Who begins with one row of several means that one.
#[test]
fn the_form_of_a_part_begins_at_what_the_cursor_was_on() {
    let mut console = TestConsole::at(Tab::Profiles);
    console.press(&[Key::ENTER, Key::DOWN, Key::DOWN, Key::ENTER]).says("›  Phone hint group");
    console.press(&[Key::ESC, Key::UP, Key::ENTER]).says("›  Presence group");
}

#[test]
fn a_path_that_begins_with_a_tilde_begins_in_the_home_folder() {
    let mut console = TestConsole::at(Tab::Certificates);
    fs::write(console.folder().join("home.crt"), "").expect("it can be written");
    let at = console.folder().display().to_string();
    console.press(&[Key::char('e'), Key::ctrl('e'), Key::ctrl('u')]).write("~").does_not_say(&at);
    console.write("/ho").says(&format!("{at}/ho")).press(&[Key::TAB]).says(&format!("{at}/home.crt"));
    // Elsewhere it is a sign as any other.
    console.write("~/").says(&format!("{at}/home.crt~/"));
    let mut console = TestConsole::at(Tab::Users);
    let at = console.folder().display().to_string();
    console.press(&[Key::char('i')]).write("~/").says(&format!("File: {at}/"));
    console.press(&[Key::ESC, Key::char('e')]).write("~/x").says("~/x");
}

#[test]
fn what_is_listened_on_or_trusted_is_looked_for_on_this_host_while_it_is_typed() {
    let mut console = TestConsole::at(Tab::Settings);
    console.on_setting(Setting::AgiListen).press(&[Key::ENTER, Key::ctrl('u')]).write("192.0.2.7:4573");
    console.reads("192.0.2.7:4573: cannot be listened on for callers' names").press(&[SAVE]).says("agi.listen was set");
    console
        .press(&[Key::HOME])
        .on_setting(Setting::AuthXivoAuthCaFile)
        .press(&[Key::ENTER, Key::ctrl('u')])
        .write("/nowhere/ca.pem");
    console.reads("/nowhere/ca.pem").reads("until it can be read, that server is not believed");
    console.press(&[SAVE]).says("auth.xivo_auth.ca_file was set");
}

#[test]
fn a_short_password_is_taken_and_warned_of_in_every_form_that_takes_one() {
    for (tab, tabs) in [(Tab::Users, 9), (Tab::Accounts, 6)] {
        let mut console = TestConsole::at(tab);
        console.press(&[Key::char('a')]).write("night.shift").press(&vec![Key::TAB; tabs]).write("abcd");
        console.reads("4 characters are easily guessed; 8 or more are better");
        console.write("efgh").does_not_say("easily guessed");
    }
}

/// Whoever types a number that no context is called by does not make one by the Enter that was to choose it.
#[test]
fn what_is_typed_and_not_found_is_made_only_when_it_is_gone_to() {
    let mut console = TestConsole::at(Tab::Rooms);
    console.press(&[Key::char('a')]).write("700").press(&[Key::TAB, Key::TAB]).write("lab");
    console
        .says("new context \"lab\"…")
        .press(&[Key::ENTER])
        .reads("nothing here has \"lab\": Down, Enter makes a new one");
    console.press(&[Key::TAB]).reads("Down, Enter makes a new one").says("Context: lab, 0 of");
    console.press(&[Key::DOWN, Key::ENTER]).says("Context name         lab").press(&[Key::ctrl('s')]);
    console.says("context \"lab\" was added").says("‹ lab ›");
}

/// A password that is typed on the choice finds no sentence by letters that stand in it here and there.
#[test]
fn a_password_typed_on_its_choice_chooses_nothing() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('e')]);
    while !console.screen().contains("›  Password") {
        console.press(&[Key::TAB]);
    }
    console.write("päss wörd").says("Nothing has that").press(&[Key::ENTER]);
    console.reads("nothing here has what was typed: choose first, the password is typed in the field below");
    console.press(&[Key::ESC, Key::ESC]).says("‹ keep the current one ›");
}
