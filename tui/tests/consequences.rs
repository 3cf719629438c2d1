//! Whatever could hurt people who are not looked at is asked about with its consequence counted, and counted again while
//! it is asked.

use super::users::many_users;
use super::{COLOR, TestConsole, assert_frames};
use crate::settings::fixtures;
use crate::settings::id::{Id as _, UserId};
use crate::settings::setting::{Key as Setting, SettingValue};
use crate::tui::Rights;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const YES: Key = Key::char('y');
const SAVE: Key = Key::ctrl('s');
/// Marks all.
const ALL: Key = Key::ctrl('a');

/// Two of alice's clients and one of bob's.
const CONNECTED: [(&str, &str); 3] = [("alice", "available"), ("alice", "away"), ("bob", "available")];

fn enabled(console: &TestConsole) -> usize {
    console.stored().users.iter().filter(|user| user.enabled).count()
}

/// On the general setting of this key.
fn at(key: Setting) -> TestConsole {
    let mut console = TestConsole::at(Tab::Settings);
    console.on_setting(key).connect(&CONNECTED);
    console
}

fn value(console: &TestConsole, key: Setting) -> Option<String> {
    console.stored().settings.get(&key).map(|value| value.reveal().to_owned())
}

#[test]
fn above_a_hundred_users_their_number_is_typed() {
    let mut console = TestConsole::with(Tab::Users, many_users(), Rights::Edit, COLOR, (80, 24));
    console.press(&[ALL, Key::char('b'), Key::char('e')]).reads("This changes 10 000 users (now 10 000 disabled);");
    console.press(&[YES]).says("nothing has been done yet: type 10 000 and press Enter, or n");
    console.write("100").press(&[Key::ENTER]).says("nothing has been done yet");
    assert_eq!(enabled(&console), 0);
    console.press(&[Key::ctrl('u')]).write("10 000").press(&[Key::ENTER]).says("10000 users were enabled");
    assert_eq!(enabled(&console), 10_000);
    console.press(&[Key::ctrl('z')]).reads("This changes 10 000 users").press(&[Key::ESC]);
    assert_eq!(enabled(&console), 10_000, "an undo of many asks too");
}

#[test]
fn a_profile_for_many_asks_with_what_they_have_now() {
    let mut console = TestConsole::with(Tab::Users, fixtures::small_company(), Rights::Edit, COLOR, (80, 24));
    console.connect(&CONNECTED).press(&[ALL, Key::char('b'), Key::char('p')]).write("sw").press(&[SAVE]);
    console
        .reads("This changes 3 users (now ")
        .reads("; 2 connected.")
        .press(&[Key::char('n')])
        .says("profile of 3 marked users");
    assert_eq!(console.stored(), fixtures::small_company());
    console.press(&[SAVE, YES]).says("profile \"Switchboard\" was given to 3 users");
}

#[test]
fn disabling_or_a_new_password_says_that_sessions_end_and_counts_again_meanwhile() {
    let mut console = TestConsole::at(Tab::Users);
    console.connect(&CONNECTED).press(&[Key::char('e')]).press(&[Key::TAB; 5]).press(&[Key::SPACE, SAVE]);
    console.reads("The user is connected: the server ends 2 sessions.").connect(&CONNECTED[1..]);
    console.reads("The user is connected: the server ends 1 session.").press(&[YES]).says("was changed");
    let mut console = TestConsole::at(Tab::Users);
    console.connect(&CONNECTED).press(&[Key::char('e')]).press(&[Key::TAB; 8]).write("type").press(&[Key::TAB]);
    console.write("hunter-22").press(&[Key::TAB]).write("hunter-22").press(&[SAVE]).reads("the server ends 2 sessions");
}

#[test]
fn nobody_is_asked_about_what_hurts_nobody() {
    let mut console = TestConsole::at(Tab::Users);
    console.connect(&CONNECTED).press(&[Key::char('e'), Key::TAB]).write("Anna").press(&[SAVE]).says("was changed");
}

#[test]
fn settings_that_shut_people_out_ask_first() {
    for (key, keys, words) in [
        (Setting::ClientEnabled, &[Key::SPACE][..], "No client can connect any more; 3 are connected now"),
        (Setting::ContextSeparation, &[Key::SPACE], "2 users in 2 contexts will see only the people of their own"),
    ] {
        let mut console = at(key);
        console.press(keys).reads(words).press(&[Key::ESC]);
        assert_eq!(value(&console, key), None);
        console.press(keys).press(&[YES]);
        assert!(value(&console, key).is_some(), "{key}");
    }
    for (key, typed, words) in [
        (
            Setting::ClientPort,
            "5009",
            "From now on clients reach the server only at 0.0.0.0, ::, port 5009, and their settings must say so; 3",
        ),
        (Setting::ClientListen, "127.0.0.1", "From now on clients reach the server only at 127.0.0.1, port 5003"),
        (
            Setting::EncryptionMode,
            "require",
            "Clients that do not encrypt cannot log in any more: 3 of 3 connected do not",
        ),
        (Setting::EncryptionMode, "off", "Nothing is encrypted from the next login on; 0 of 3 connected"),
    ] {
        let mut console = at(key);
        console.press(&[Key::ENTER]).write(typed).press(&[SAVE]).reads(words).press(&[Key::ESC]);
        assert_eq!(value(&console, key), None);
        console.press(&[SAVE, YES]).does_not_say("nothing has been done yet");
        assert_eq!(value(&console, key).as_deref(), Some(typed));
    }
}

#[test]
fn what_switches_telephony_off_is_asked_about() {
    let mut console = TestConsole::at(Tab::Settings);
    let changed = console.elsewhere(|c| {
        let secret = SettingValue::parse(Setting::AmiSecret, "a-long-secret").expect("a secret");
        c.settings.insert(secret.key(), secret);
    });
    console.inner.handle(Event::Configuration(changed));
    console.on_setting(Setting::AmiSecret).press(&[Key::char('d')]).reads("This switches telephony off, immediately");
    console.press(&[Key::ESC]);
    assert!(console.stored().settings.contains_key(&Setting::AmiSecret));
}

/// By its key, and from any other place: the client shows other people at once.
#[test]
fn whoever_is_connected_and_sees_others_by_another_main_line_is_asked_about() {
    let mut console = TestConsole::at(Tab::Users);
    let changed = console.elsewhere(|c| {
        let on = SettingValue::parse(Setting::ContextSeparation, "true").expect("a switch");
        c.settings.insert(on.key(), on);
        let second = c.lines_of(UserId::new(1)).into_iter().find(|line| !line.is_main).expect("a second line").id;
        let sales = c.contexts.find(|context| context.name.as_str() == "sales").expect("a context").id;
        c.move_line(second, sales).expect("it is free there");
    });
    console.inner.handle(Event::Configuration(changed));
    console.press(&[Key::ENTER, Key::DOWN, Key::char('M')]).does_not_say("This moves the main line");
    console.press(&[Key::UP, Key::char('M')]).connect(&[("alice", "available")]);
    console.press(&[Key::DOWN, Key::char('M')]).reads("This moves the main line to another context");
}

/// What is typed into the list of where the password comes from may find that there is to be none.
#[test]
fn taking_a_password_away_is_asked_about() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('e')]).press(&[Key::DOWN; 8]);
    for _ in 0..4 {
        if !console.screen().contains("‹ none: no login") {
            console.press(&[Key::RIGHT]);
        }
    }
    console.says("‹ none: no login").press(&[Key::ctrl('s')]).reads("The user has no local password then");
    console.press(&[Key::ESC]);
    assert!(console.stored().users.get(UserId::new(1)).expect("alice").password.is_some());
}

#[test]
fn where_clients_can_connect_again_is_where_the_server_was_told_to_listen() {
    let mut console = at(Setting::ClientEnabled);
    console.press(&[Key::SPACE, YES]);
    let mut server = super::overview::running(Vec::new(), 400);
    if let crate::tui::server::Server::Running(status, _) = &mut server {
        status.named = vec!["127.0.0.1:5044".parse().expect("an address")];
    }
    console.inner.handle(Event::Server(server));
    console.press(&[Key::SPACE]).says("Clients can connect again, to 127.0.0.1:5044.");
}

#[test]
fn under_listen_the_form_says_what_stands_above() {
    let mut console = TestConsole::at(Tab::Settings);
    let mut server = super::overview::running(Vec::new(), 400);
    if let crate::tui::server::Server::Running(status, _) = &mut server {
        status.named = vec!["127.0.0.1:5044".parse().expect("an address")];
    }
    console.inner.handle(Event::Server(server));
    console
        .press(&[Key::DOWN, Key::DOWN, Key::ENTER])
        .says("Overridden")
        .says("5044 by --listen of the running server");
    console
        .write("5009")
        .press(&[SAVE])
        .reads("The running server was started with --listen, which overrides this setting.");
}

#[test]
fn a_removal_counts_again_while_it_is_asked() {
    let mut console = TestConsole::at(Tab::Users);
    console.connect(&CONNECTED).press(&[Key::char('d')]).says("the server ends 2 sessions");
    console.connect(&CONNECTED[1..]).says("the server ends 1 session.");
    let mut console = TestConsole::at(Tab::Sessions);
    console.connect(&CONNECTED).press(&[Key::char('d')]).reads("and has 2 sessions in all");
    console.connect(&CONNECTED[1..]).does_not_say("in all");
}

/// While the question stands somebody else has done half of it.
#[test]
fn a_bulk_change_counts_again_while_it_is_asked() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[ALL, Key::char('b'), Key::char('d')]).reads("This changes 3 users");
    let changed = console.elsewhere(|c| c.users.edit(UserId::new(1), |user| user.enabled = false));
    console.inner.handle(Event::Configuration(changed));
    console.reads("This changes 2 users").press(&[YES]).says("were disabled");
}

#[test]
fn the_question_looks_so() {
    assert_frames("consequence", Tab::Users, &fixtures::small_company(), |console| {
        console.connect(&CONNECTED).press(&[ALL, Key::char('b'), Key::char('d')]);
    });
    assert_frames("consequence-typed", Tab::Users, &many_users(), |console| {
        console.press(&[ALL, Key::char('b'), Key::char('e')]).write("10 0");
    });
    assert_frames("consequence-of-a-form", Tab::Settings, &fixtures::small_company(), |console| {
        console.connect(&CONNECTED).press(&[Key::DOWN, Key::DOWN, Key::ENTER]).write("5009").press(&[SAVE]);
    });
}
