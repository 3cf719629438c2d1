//! A line that is cut with something typed: it is offered at the next start of whoever typed it, once, and without secrets.

use std::fs;
use std::path::{Path, PathBuf};

use super::{COLOR, TestConsole};
use crate::settings::configuration::Configuration;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const SAVE: Key = Key::ctrl('s');
const OFFER: &str = "Go on with what was typed?";

/// The line is cut, and the console started again at that place.
fn cut(console: &mut TestConsole, tab: Tab) {
    console.inner.handle(Event::EndAsked);
    assert!(!console.inner.is_open());
    console.inner.keep_unsaved();
    start(console, tab);
}

fn start(console: &mut TestConsole, tab: Tab) {
    console.reopen(tab, COLOR);
    console.inner.offer_unsaved();
}

fn kept(console: &TestConsole) -> Vec<PathBuf> {
    let files = fs::read_dir(console.folder().join("unsaved")).into_iter().flatten().flatten();
    files.map(|file| file.path()).collect()
}

/// Half of an edit of alice, with a password.
fn half_typed() -> TestConsole {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('e'), Key::TAB]).write("Anna").press(&[Key::TAB; 4]).press(&[Key::SPACE]);
    console.press(&[Key::TAB; 3]).write("type").press(&[Key::TAB]).write("hunter2 typed").press(&[Key::TAB]);
    console.says("*************");
    console
}

#[test]
fn what_was_typed_is_offered_again_and_nothing_secret_is_kept() {
    let mut console = half_typed();
    cut(&mut console, Tab::Overview);
    let [file] = &kept(&console)[..] else { panic!("one file") };
    let text = fs::read_to_string(file).expect("it is there");
    assert!(text.contains("Anna") && !text.contains("hunter2"), "{text}");
    console.says(OFFER).says("Users › edit alice (3 fields)").press(&[Key::char('y')]).says("edit alice").says("Anna");
    console.says("nothing of it is saved yet").says("[ ] no").says("‹ type one ›").does_not_say("***");
    assert_eq!(kept(&console).len(), 0);
    console.press(&[SAVE]).says("not saved:").says("password");
    // It is asked about what would be lost, as of anything that was typed.
    console.press(&[Key::ESC]).says("not saved yet").press(&[Key::char('d')]);
    start(&mut console, Tab::Users);
    console.does_not_say(OFFER);
}

#[test]
fn it_is_dropped_once_refused_and_asked_again_as_long_as_it_is_not() {
    let mut console = half_typed();
    cut(&mut console, Tab::Users);
    console.says(OFFER).press(&[Key::ESC]).does_not_say(OFFER);
    start(&mut console, Tab::Users);
    console.says(OFFER).press(&[Key::char('n')]).says("what was typed was dropped");
    start(&mut console, Tab::Users);
    console.does_not_say(OFFER);
    assert_eq!(kept(&console).len(), 0);
}

#[test]
fn whoever_leaves_by_a_key_loses_what_was_said_to_be_lost() {
    let mut console = TestConsole::at(Tab::Presences);
    console.press(&[Key::ENTER, Key::DOWN, Key::char('e')]).write("gone").press(&[Key::ESC, Key::char('d')]);
    console.press(&[Key::char('q')]);
    console.inner.keep_unsaved();
    assert_eq!(kept(&console).len(), 0);
}

#[test]
fn forms_over_forms_come_back_in_their_order() {
    let mut console = TestConsole::at(Tab::Contexts);
    console.press(&[Key::ENTER, Key::char('a')]).write("carol").press(&[Key::TAB]).write("3001").press(&[Key::TAB]);
    console.write("new").press(&[Key::ENTER]).says("new context").write("night");
    cut(&mut console, Tab::Overview);
    console.says("new line (2 fields)").says("new context (1 field)").press(&[Key::char('y')]);
    console.says("new line › new context").says("night").press(&[SAVE]).says("new line").says("carol").says("3001");
}

/// What is typed in each of the other forms comes back, with the screens that it stands over.
#[test]
fn every_other_form_comes_back_too() {
    const E: Key = Key::char('e');
    const DOWN: Key = Key::DOWN;
    const ALL: Key = Key::ctrl('a');
    const BULK: Key = Key::char('b');
    let cases: [(Tab, &[Key], &str, &[&str]); 8] = [
        (Tab::Users, &[ALL, BULK, Key::char('p')], "Sw", &["profile of 3 marked users", "‹ Switchboard ›"]),
        (Tab::Users, &[ALL, BULK, Key::char('c')], "sal", &["context of 3 marked users", "‹ sales ›"]),
        (Tab::Users, &[Key::char('i')], "staff.csv", &["import users", "staff.csv"]),
        (Tab::PhoneBook, &[E], "Typed", &["edit entry", "Typed"]),
        (Tab::PhoneBook, &[Key::char('c')], "Typed", &["new entry", "Typed"]),
        (Tab::PhoneBook, &[Key::char('i')], "cards.vcf", &["import", "cards.vcf"]),
        (Tab::Queues, &[Key::ENTER, E], "17", &["› edit member", "17"]),
        (Tab::Profiles, &[DOWN, DOWN, Key::ENTER, E], "Typed", &["Profiles › Client › edit Client", "Typed"]),
    ];
    for (tab, keys, text, shown) in cases {
        let mut console = TestConsole::at(tab);
        // The phone book is read beside.
        while console.inner.is_working() {
            console.inner.look_after();
        }
        console.press(keys).write(text).press(&[Key::TAB]);
        cut(&mut console, Tab::Overview);
        console.says(OFFER).press(&[Key::char('y')]).says("nothing of it is saved yet");
        shown.iter().for_each(|words| {
            console.says(words);
        });
        assert_eq!(kept(&console).len(), 0, "{shown:?}");
    }
}

#[test]
fn a_draft_of_a_profile_comes_back_with_the_forms_over_it() {
    let mut console = TestConsole::at(Tab::Profiles);
    let before = console.stored();
    // A service, an xlet less, and half of another xlet.
    console.press(&[Key::DOWN, Key::DOWN, Key::ENTER, Key::END, Key::SPACE, Key::TAB, Key::END, Key::char('d')]);
    console.press(&[Key::HOME, Key::char('e'), Key::TAB, Key::ctrl('u')]).write("77");
    cut(&mut console, Tab::Overview);
    console.says("Profiles › Client (2 fields)").says("Profiles › xlet ").press(&[Key::char('y')]);
    console.says("── Profiles › Client › xlet").says("77").press(&[SAVE]).says("── Profiles › Client ─");
    console.says("profile \"Client\" was changed");
    let of = |c: &Configuration| {
        let profile = c.profiles.find(|profile| profile.name.as_str() == "Client").expect("it is there");
        (profile.services.clone(), profile.xlets.clone())
    };
    let (services, xlets) = of(&before);
    let (services_now, xlets_now) = of(&console.stored());
    assert_eq!(services.symmetric_difference(&services_now).count(), 1);
    assert_eq!(xlets_now.len(), xlets.len() - 1);
    assert!(xlets_now.iter().any(|xlet| xlet.number.is_some_and(|number| number.get() == 77)), "{xlets_now:?}");
}

/// One that is not stored yet too.
#[test]
fn a_new_profile_comes_back_with_the_forms_over_it() {
    let mut console = TestConsole::at(Tab::Profiles);
    console.press(&[Key::char('a')]).write("Sales").press(&[Key::TAB; 3]).press(&[Key::ENTER, Key::TAB]);
    console.press(&[Key::char('a'), Key::TAB, Key::TAB, Key::ctrl('u')]).write("77");
    cut(&mut console, Tab::Overview);
    console.says("Profiles › Sales").says("Profiles › new xlet").press(&[Key::char('y')]);
    console.says("── Profiles › Sales › new xlet").says("77").press(&[SAVE]).says("── Profiles › Sales ─");
    console.reads("profile \"Sales\" was added");
    let stored = console.stored();
    let sales = stored.profiles.find(|profile| profile.name.as_str() == "Sales").expect("it is there");
    assert_eq!(sales.xlets.len(), 1);
}

/// Each kind of form says by what it is opened again, or stands here with the reason why not.
#[test]
fn every_form_has_a_key_or_a_reason() {
    const WITHOUT: [(&str, &str); 4] = [
        ("AddModel", "names files of a certificate and its key, which may be secret, beside them their text"),
        ("CreateModel", "makes a key; what is typed is short"),
        ("RequestModel", "makes a key; what is typed is short"),
        ("PairModel", "names files of a certificate and its key"),
    ];
    let mut found = Vec::new();
    for path in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tui/screens")) {
        let text = fs::read_to_string(&path).expect("a source");
        for part in text.split("\nimpl Model for ").skip(1) {
            let name = part.split_whitespace().next().expect("a name").to_owned();
            let body = part.split("\n}\n").next().expect("its end");
            let is_excepted = WITHOUT.iter().any(|(known, _)| *known == name);
            assert_ne!(body.contains("fn key(&self)"), is_excepted, "{name}: what is typed in it is not kept");
            found.push(name);
        }
    }
    assert!(found.len() > 20, "{found:?}");
    assert!(WITHOUT.iter().all(|(known, _)| found.iter().any(|name| name == known)), "{found:?}");
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => found.extend(sources(&path)),
            false => found.push(path),
        }
    }
    found
}

#[test]
fn what_was_removed_meanwhile_is_said_to_be_gone() {
    let mut console = half_typed();
    console.elsewhere(|c| {
        let alice = c.users.iter().next().expect("alice").id;
        c.remove_user(alice).expect("alice can go");
    });
    cut(&mut console, Tab::Users);
    console.press(&[Key::char('y')]).says("1 form cannot be opened: what was edited there is gone");
    assert_eq!(kept(&console).len(), 0);
}

/// The line is cut while the change is on its way: what was saved is not typed any more.
#[test]
fn what_was_saved_at_the_last_moment_is_not_offered() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('e'), Key::TAB]).write("Anna").press(&[SAVE]).says("was changed");
    cut(&mut console, Tab::Users);
    console.does_not_say(OFFER);
}

/// Made passwords are shown once: nobody could tell whose they were.
#[test]
fn passwords_that_were_shown_when_the_line_was_cut_are_made_again() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::ctrl('a'), Key::char('b'), Key::char('m'), Key::char('y')]);
    while !console.screen().contains("They are shown only once") {
        console.inner.look_after();
    }
    cut(&mut console, Tab::Overview);
    console
        .reads("This was on the screen and is kept nowhere: Users")
        .reads("3 new passwords, which were shown this once");
    console.press(&[Key::char('y')]).says("Make the passwords again?").reads("New passwords of").says("carol");
    console.press(&[Key::char('y')]).says("New passwords for 3 users?").press(&[Key::char('y')]);
    while !console.screen().contains("They are shown only once") {
        console.inner.look_after();
    }
    console.press(&[Key::ESC]).says("Close the list?").press(&[Key::char('y')]).does_not_say("shown only once");
    start(&mut console, Tab::Users);
    console.does_not_say("Go on");
}

#[test]
fn one_made_password_is_not_closed_by_one_esc_too_many() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('e')]).press(&[Key::TAB; 8]).press(&[Key::ENTER]).write("gen").press(&[Key::ENTER, SAVE]);
    console.says("It is shown only once").press(&[Key::ESC]).says("It is shown only once").reads("is not shown again");
    let unsaved = console.screen();
    cut(&mut console, Tab::Overview);
    console.reads("the password of alice, which was shown this once").press(&[Key::char('y')]);
    console.reads("A new password of alice").press(&[Key::char('y')]).says("New passwords for alice?");
    assert!(unsaved.contains("y copies it"));
}
