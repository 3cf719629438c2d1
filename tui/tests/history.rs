//! History as actions: a row a transaction, opened into its entries, taken back as a whole or several together; what came
//! meanwhile is told and moves nothing; a filter looks into all there is.

use super::TestConsole;
use crate::settings::configuration::Configuration;
use crate::settings::fixtures;
use crate::settings::id::{ConferenceId, ContextId, Id as _, ProfileId, UserId};
use crate::settings::name::{ContextName, FirstName};
use crate::settings::password::PasswordHash;
use crate::settings::setting::{self, SettingValue};
use crate::store::{Intent, Origin, OriginKind, Store};
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const TAKE_BACK: Key = Key::char('u');
const YES: Key = Key::char('y');

/// All users get the second profile in one transaction, by somebody else.
fn profile_for_all(console: &mut TestConsole) {
    let changed = console.elsewhere(|c| {
        let users: Vec<_> = c.users.iter().map(|user| user.id).collect();
        for user in users {
            c.users.edit(user, |user| user.profile = Some(ProfileId::new(2)));
        }
    });
    console.inner.handle(Event::Configuration(changed));
}

/// The first context is called by these names one after the other, each in a transaction.
fn rename(console: &mut TestConsole, names: &[String]) {
    let store = Store::open_existing(console.folder()).expect("the same store");
    let origin = Origin { user: "root (sudo by admin2)".to_owned(), from: OriginKind::Cli, intent: Intent::Edit };
    for name in names {
        let renamed = store.change(&origin, |c| {
            let name = ContextName::parse(name)?;
            c.contexts.edit(ContextId::new(1), |context| context.name = name);
            Ok(())
        });
        renamed.expect("taken");
    }
    let read = std::sync::Arc::new(store.configuration().expect("a configuration"));
    console.inner.handle(Event::Configuration(read));
}

fn names(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|number| format!("name{number}")).collect()
}

/// Until nothing is read in the background any more.
fn read_all(console: &mut TestConsole) {
    while console.inner.is_working() {
        console.inner.look_after();
        std::thread::yield_now();
    }
}

#[test]
fn what_one_change_did_to_many_is_one_row_that_opens_and_closes() {
    let mut console = TestConsole::at(Tab::History);
    let users = console.stored().users.len();
    assert!(users > 2);
    profile_for_all(&mut console);
    let profile = console.stored().profiles.get(ProfileId::new(2)).expect("a profile").name.to_string();
    console.press(&[Key::HOME]).says(&format!("profile {profile} for "));
    console.does_not_say("user \"alice\"").press(&[Key::ENTER]).says("▾").says("user \"alice\": profile");
    console.press(&[Key::DOWN, Key::ENTER]).says("entry ").says("before").press(&[Key::ESC]);
    console.press(&[Key::UP, Key::ENTER]).does_not_say("user \"alice\"").says("▸");
}

#[test]
fn an_entry_shows_what_changed_before_what_did_not() {
    let mut console = TestConsole::at(Tab::History);
    profile_for_all(&mut console);
    console.press(&[Key::HOME, Key::ENTER, Key::DOWN, Key::ENTER]);
    let screen = console.screen();
    let first = screen.lines().position(|line| line.contains(" ~ ")).expect("a changed member");
    assert!(screen.lines().nth(first - 1).expect("a row").contains("after"), "{screen}");
    console.says("~ profile");
}

#[test]
fn a_whole_transaction_is_taken_back_and_so_is_one_entry_of_it() {
    let mut console = TestConsole::at(Tab::History);
    let before = console.stored().users;
    profile_for_all(&mut console);
    console.press(&[Key::HOME, TAKE_BACK]).says("Undo 1 change of 3 objects?").reads("· user \"alice\": profile");
    console.press(&[YES]).reads("undone: profile");
    let profiles =
        |console: &TestConsole| -> Vec<_> { console.stored().users.iter().map(|user| user.profile).collect() };
    let first: Vec<_> = before.iter().map(|user| user.profile).collect();
    assert_eq!(profiles(&console), first);
    profile_for_all(&mut console);
    // The entry of alice alone.
    console.press(&[Key::HOME, Key::ENTER, Key::DOWN, TAKE_BACK]).reads("Undo 1 change?").press(&[YES]);
    assert_eq!(profiles(&console)[0], first[0]);
    assert_ne!(profiles(&console), first);
}

#[test]
fn what_comes_meanwhile_is_told_and_moves_no_cursor() {
    let mut console = TestConsole::at(Tab::History);
    rename(&mut console, &names(0..60));
    console.press(&[Key::HOME]).press(&[Key::DOWN; 40]).says("\"name18\" -> \"name19\"");
    let row = |console: &mut TestConsole| {
        let screen = console.screen();
        screen.lines().position(|line| line.contains("name18\", now")).expect("the row")
    };
    let place = row(&mut console);
    rename(&mut console, &names(60..63));
    console.says("↑ 3 newer: g goes there");
    assert_eq!(row(&mut console), place, "nothing moves on the terminal");
    console.press(&[Key::HOME]).says("name62").does_not_say("newer:");
}

#[test]
fn a_filter_looks_into_all_there_is_by_who_object_and_time() {
    let mut console = TestConsole::at(Tab::Settings);
    rename(&mut console, &names(0..450));
    console.press(&[Key::char('h')]).says(" 1 of 200+ ──").press(&[Key::char('/')]).write("who:admin2 name7");
    read_all(&mut console);
    console.says("admin2 (as root)").press(&[Key::ENTER]).says("\"name7\"");
    for (query, found) in [
        ("who:admin2", "450/451"),
        ("!who:admin2", "1/451"),
        // Whose account that was is not who did it.
        ("who:root", "0/451"),
        ("object:name449", "1/451"),
        ("time:1h who:admin2", "450/451"),
        ("time:2020", "0/451"),
        ("time:today by:cli", "450/451"),
    ] {
        console.inner.app.now = time::OffsetDateTime::now_utc();
        console.press(&[Key::ESC, Key::char('/')]).write(query);
        read_all(&mut console);
        console.says(found);
    }
}

#[test]
fn all_that_somebody_did_is_taken_back_together() {
    let mut console = TestConsole::at(Tab::History);
    let before = console.stored().contexts;
    rename(&mut console, &names(0..3));
    profile_for_all(&mut console);
    console.press(&[Key::char('/')]).write("who:admin2").press(&[Key::ENTER, Key::ctrl('a'), TAKE_BACK]);
    console.says("Undo 3 changes?").press(&[YES]).says("undone: 3 changes");
    let name = |contexts: &crate::settings::table::Table<crate::settings::context::Context>| {
        contexts.get(ContextId::new(1)).map(|context| context.name.clone())
    };
    assert_eq!(name(&console.stored().contexts), name(&before));
}

#[test]
fn going_down_past_the_last_reads_on_to_the_first_of_all() {
    let mut console = TestConsole::at(Tab::History);
    rename(&mut console, &names(0..450));
    console.press(&[Key::HOME]).says("200+");
    console.press(&[Key::END, Key::END, Key::END, Key::END]).says(" 451 of 451 ──").says("system");
}

#[test]
fn an_undo_says_what_holds_afterwards_and_the_history_tells_it_as_one() {
    let mut console = TestConsole::at(Tab::Users);
    let profiles =
        |console: &TestConsole| -> Vec<_> { console.stored().users.iter().map(|user| user.profile).collect() };
    let first = profiles(&console);
    let name = console.stored().profiles.get(first[0].expect("a profile")).expect("it").name.to_string();
    console.press(&[Key::ctrl('a'), Key::char('b'), Key::char('p'), Key::RIGHT, Key::ctrl('s'), YES]);
    console.reads("was given to").press(&[Key::ctrl('z')]).reads("To be undone: profile");
    console.reads("Afterwards:").press(&[YES]).reads("undone: profile").reads("; now ").reads(" again");
    assert_eq!(profiles(&console), first, "{name}");
    console.press(&[Key::char('h'), Key::HOME]).says("undo: profile ").says("taken back: profile ");
    // What was undone can be told from what is in force, and an undo can be undone.
    console.press(&[Key::char('u'), YES]).reads("the undo was taken back; now ").press(&[Key::HOME]);
    let screen = console.screen();
    assert_eq!(screen.matches("taken back: ").count(), 1, "{screen}");
}

/// Its own row takes it back as a whole, and an entry of it that one alone.
#[test]
fn u_on_the_row_of_an_undo_brings_back_what_it_undid() {
    let mut console = TestConsole::at(Tab::History);
    profile_for_all(&mut console);
    let profiles =
        |console: &TestConsole| -> Vec<_> { console.stored().users.iter().map(|user| user.profile).collect() };
    let given = profiles(&console);
    console.press(&[Key::HOME, TAKE_BACK, YES]).reads("u on the undo's own row in History brings it back");
    assert_ne!(profiles(&console), given);
    console.press(&[Key::HOME, TAKE_BACK]).reads("undo: profile").press(&[YES]).reads("the undo was taken back; now ");
    assert_eq!(profiles(&console), given);
    // That one undone again, and of it alice alone.
    console.press(&[Key::HOME, TAKE_BACK, YES]);
    let undone = profiles(&console);
    console.press(&[Key::HOME, Key::ENTER, Key::DOWN, TAKE_BACK]).reads("Undo 1 change?").press(&[YES]);
    assert_eq!((profiles(&console)[0], profiles(&console)[1]), (given[0], undone[1]));
}

#[test]
fn what_was_changed_again_since_is_named_and_left_out_and_the_rest_is_undone() {
    let mut console = TestConsole::at(Tab::History);
    let before = console.stored();
    rename(&mut console, &names(0..1));
    profile_for_all(&mut console);
    // Somebody else gives alice another profile once more.
    let changed = console.elsewhere(|c| {
        c.users.edit(UserId::new(1), |user| user.profile = None);
    });
    console.inner.handle(Event::Configuration(changed));
    console.press(&[Key::HOME, Key::DOWN, Key::SPACE, Key::SPACE, TAKE_BACK]);
    console.reads("Left out, because it was changed again since:").reads("user \"alice\": profile").reads("by other");
    console.does_not_say("{").press(&[Key::ESC]).says("2 marked").press(&[TAKE_BACK, YES]).reads("1 object left out");
    console.does_not_say("2 marked");
    let now = console.stored();
    let profile = |c: &Configuration, id| c.users.get(UserId::new(id)).expect("a user").profile;
    assert_eq!(profile(&now, 2), profile(&before, 2));
    assert_ne!(profile(&now, 1), profile(&before, 1), "alice was left out");
    assert_eq!(
        now.contexts.get(ContextId::new(1)).map(|it| &it.name),
        before.contexts.get(ContextId::new(1)).map(|it| &it.name)
    );
}

#[test]
fn where_all_was_changed_again_it_is_said_by_whom_without_a_word_of_json() {
    let mut console = TestConsole::at(Tab::History);
    rename(&mut console, &names(0..2));
    console.press(&[Key::HOME, Key::DOWN, TAKE_BACK]).reads("Nothing was undone").reads("name \"name0\" -> \"name1\"");
    console.reads("by admin2 (as root)").does_not_say("{").press(&[Key::char('n')]);
    assert_eq!(console.stored().contexts.get(ContextId::new(1)).expect("it").name.as_str(), "name1");
}

#[test]
fn a_setting_shows_its_value_and_the_default_that_held_before() {
    let mut console = TestConsole::at(Tab::History);
    let changed = console.elsewhere(|c| {
        c.set_setting(SettingValue::parse(setting::Key::ClientPort, "5009").expect("a port")).expect("taken");
    });
    console.inner.handle(Event::Configuration(changed));
    console.press(&[Key::HOME]).says("setting client.port was set to 5009").press(&[Key::ENTER]);
    console.says("~ value").says("5003 (the default)").says("5009").does_not_say("~ key");
}

#[test]
fn who_comes_back_without_a_password_and_disabled_is_told_before() {
    let mut console = TestConsole::at(Tab::History);
    let hash = PasswordHash::parse(crate::settings::fixtures::HASH).ok();
    let removed = |console: &mut TestConsole, ids: std::ops::RangeInclusive<i64>| {
        let changed = console.elsewhere(|c| {
            for id in ids.clone().map(UserId::new) {
                c.users.edit(id, |user| user.password.clone_from(&hash));
            }
        });
        console.inner.handle(Event::Configuration(changed));
        let changed =
            console.elsewhere(|c| ids.map(UserId::new).for_each(|id| c.remove_user(id).expect("it is there")));
        console.inner.handle(Event::Configuration(changed));
    };
    removed(&mut console, 1..=1);
    console.press(&[Key::HOME, TAKE_BACK]).says("Undo 1 change of 4 objects?");
    console.reads("had a password, which the history does not keep: they have none now and are disabled");
    console.press(&[YES]).reads("are disabled");
    assert!(!console.stored().users.get(UserId::new(1)).expect("alice").enabled);
    removed(&mut console, 2..=3);
    console.press(&[Key::HOME, TAKE_BACK]).reads("users \"bob\" and \"carol\" had passwords, which the history");
}

#[test]
fn ctrl_z_brings_a_removed_user_back_with_the_password_and_warns_of_nothing() {
    let mut console = TestConsole::at(Tab::Users);
    let before = console.stored().users.get(UserId::new(1)).expect("alice").clone();
    console.press(&[Key::char('d'), YES]).says("was removed").press(&[Key::ctrl('z')]);
    console.says("Undo the last change?").does_not_say("had a password").press(&[YES]);
    let now = console.stored().users.get(UserId::new(1)).expect("alice").clone();
    assert_eq!((&now.password, now.enabled), (&before.password, before.enabled));
}

/// A later change of another member is no reason to refuse.
#[test]
fn what_was_changed_in_another_member_since_is_undone_and_that_stays() {
    let mut console = TestConsole::at(Tab::History);
    let name = |text| FirstName::parse(text).expect("a name");
    let first = console.stored().users.get(UserId::new(1)).expect("alice").first_name.clone();
    let changed = console.elsewhere(|c| c.users.edit(UserId::new(1), |user| user.first_name = name("Alicia")));
    console.inner.handle(Event::Configuration(changed));
    let changed = console.elsewhere(|c| c.users.edit(UserId::new(1), |user| user.profile = None));
    console.inner.handle(Event::Configuration(changed));
    console.press(&[Key::HOME, Key::DOWN, TAKE_BACK]).reads("Undo 1 change?").press(&[YES]);
    let stored = console.stored();
    let alice = stored.users.get(UserId::new(1)).expect("alice");
    assert_eq!((&alice.first_name, alice.profile), (&first, None));
}

#[test]
fn from_what_was_changed_again_h_leads_to_both_changes() {
    let mut console = TestConsole::at(Tab::Contexts);
    console.press(&[Key::HOME, Key::char('e'), Key::ctrl('u')]).write("first").press(&[Key::ctrl('s'), YES]);
    rename(&mut console, &["second".to_owned()]);
    console.press(&[Key::ctrl('z')]).says("Changed again since").says("show both in History").press(&[Key::char('h')]);
    console.says("object:first").says("\"first\" -> \"second\"");
    console.press(&[Key::ESC, Key::ESC]).says("── Contexts");
}

#[test]
fn what_the_history_keeps_no_secret_of_is_left_out_with_its_time() {
    let mut console = TestConsole::at(Tab::History);
    let changed = console.elsewhere(|c| c.conferences.edit(ConferenceId::new(1), |room| room.pin = None));
    console.inner.handle(Event::Configuration(changed));
    rename(&mut console, &names(0..1));
    console.press(&[Key::HOME, Key::SPACE, Key::SPACE, TAKE_BACK]).reads("Undo 1 change?");
    console.reads("Left out, because the history keeps no passwords, PINs and secrets: · ").press(&[YES]);
    console.reads("but 1 change left out that cannot be undone");
}

/// The context that was added is used by a line that came later and is not undone with it.
#[test]
fn what_something_stands_in_the_way_of_is_left_out_and_named() {
    let mut console = TestConsole::at(Tab::History);
    let changed = console.elsewhere(|c| {
        c.add_context(ContextName::parse("lab").expect("a name"), &[]).expect("a context");
    });
    console.inner.handle(Event::Configuration(changed));
    rename(&mut console, &names(0..1));
    let changed = console.elsewhere(|c| {
        let lab = c.contexts.find(|context| context.name.as_str() == "lab").expect("it").id;
        let user = c.users.iter().next().expect("a user").id;
        fixtures::add_line(c, user, "7777", lab);
    });
    console.inner.handle(Event::Configuration(changed));
    console.press(&[Key::HOME, Key::DOWN, Key::SPACE, Key::SPACE, TAKE_BACK]).reads("Undo 1 change?");
    console.reads("Left out, because something stands in its way: · context \"lab\" was added").press(&[YES]);
    assert!(console.stored().contexts.iter().any(|context| context.name.as_str() == "lab"));
}

/// All rows, the undone one and its undo among them, go back to what was before all of them.
#[test]
fn an_undone_change_goes_with_its_undo_where_both_are_marked() {
    let mut console = TestConsole::at(Tab::History);
    let before = console.stored().contexts.get(ContextId::new(1)).expect("it").name.clone();
    rename(&mut console, &names(0..2));
    console.press(&[Key::HOME, TAKE_BACK, YES]).press(&[Key::HOME]).press(&[Key::SPACE; 3]).press(&[TAKE_BACK]);
    console.reads("Undo 3 changes?").press(&[YES]);
    assert_eq!(console.stored().contexts.get(ContextId::new(1)).expect("it").name, before);
}

#[test]
fn a_filter_reaches_into_an_opened_transaction_and_the_cursor_goes_to_what_is_found() {
    let mut console = TestConsole::at(Tab::History);
    profile_for_all(&mut console);
    console.press(&[Key::HOME, Key::ENTER]).says("user \"alice\": profile").says("user \"bob\": profile");
    console.press(&[Key::char('/')]).write("bob").press(&[Key::ENTER]).does_not_say("user \"alice\": profile");
    console.press(&[TAKE_BACK]).reads("Undo 1 change?").reads("user \"bob\": profile");
}

#[test]
fn what_was_undone_and_what_undid_it_are_found_by_their_state() {
    let mut console = TestConsole::at(Tab::History);
    rename(&mut console, &names(0..1));
    console.press(&[Key::HOME, TAKE_BACK, YES, Key::HOME]).says("taken back: context").says("undo: context");
    console.press(&[Key::char('/')]).write("state:undone").says("taken back: context").does_not_say("undo: context");
    console.press(&[Key::ESC, Key::char('/')]).write("state:undo ").says("undo: context");
    console.press(&[Key::ESC, Key::char('/')]).write("!taken").does_not_say("taken back: ");
}

#[test]
fn who_comes_to_the_history_stands_on_what_was_changed_last() {
    let mut console = TestConsole::at(Tab::History);
    rename(&mut console, &names(0..3));
    console.press(&[Key::HOME, Key::DOWN, Key::DOWN, Key::char('6')]);
    rename(&mut console, &names(3..4));
    console.press(&[Key::char('h'), TAKE_BACK]).reads("Undo 1 change?").reads("\"name2\", now").press(&[Key::ESC]);
}

/// One's own change before that of somebody else cannot go back; the last one can, and whose change is in the way is said.
#[test]
fn who_changed_it_between_two_marked_changes_is_named_and_the_later_one_is_undone() {
    let mut console = TestConsole::at(Tab::History);
    rename(&mut console, &["mine1".to_owned()]);
    console.elsewhere(|c| {
        c.contexts.edit(ContextId::new(1), |it| it.name = ContextName::parse("theirs").expect("a name"));
    });
    rename(&mut console, &["mine2".to_owned()]);
    console.press(&[Key::char('/')]).write("who:admin2").press(&[Key::ENTER, Key::ctrl('a'), TAKE_BACK]);
    console.reads("Undo 1 change?").reads("name \"mine1\" -> \"theirs\"").reads("by other)").press(&[YES]);
    assert_eq!(console.stored().contexts.get(ContextId::new(1)).expect("it").name.as_str(), "theirs");
}

/// What is left out stays with all that hangs on it: nobody who is spared loses the telephone.
#[test]
fn users_of_an_import_who_were_changed_since_keep_their_lines() {
    let mut console = TestConsole::at(Tab::History);
    let mut spared = None;
    let changed = console.elsewhere(|c| {
        let context = c.contexts.iter().next().expect("a context").id;
        for (login, number) in [("ines", "6081"), ("kuhn", "6082")] {
            let user = fixtures::add_user(c, login);
            fixtures::add_line(c, user, number, context);
            spared = Some(user);
        }
    });
    console.inner.handle(Event::Configuration(changed));
    let spared = spared.expect("an imported user");
    let changed = console.elsewhere(|c| c.users.edit(spared, |user| user.profile = None));
    console.inner.handle(Event::Configuration(changed));
    console.press(&[Key::HOME, Key::DOWN, TAKE_BACK]).reads("Undo 1 change of 2 objects?");
    console.reads("Left out with what stays: · line \"6082@default\": it belongs to user \"kuhn\", which stays");
    console.reads("The password goes with the user").press(&[YES]).reads("1 object left out with what stays");
    let stored = console.stored();
    assert_eq!(stored.lines_of(spared).len(), 1);
    assert!(stored.lines.iter().all(|line| line.extension.as_str() != "6081"));
}

/// Ctrl-Z and `u` on the newest row do the same: what this console removed it still knows.
#[test]
fn a_user_removed_in_this_console_comes_back_with_the_password_out_of_the_history_too() {
    let mut console = TestConsole::at(Tab::Users);
    let before = console.stored().users.get(UserId::new(1)).expect("alice").clone();
    assert!(before.password.is_some());
    console.press(&[Key::char('d'), YES]).says("was removed").press(&[Key::char('h'), Key::HOME, TAKE_BACK]);
    console.reads("Undo 1 change").does_not_say("had a password").press(&[YES]).reads("undone:");
    let now = console.stored().users.get(UserId::new(1)).expect("alice").clone();
    assert_eq!((&now.password, now.enabled), (&before.password, before.enabled));
}

#[test]
fn a_preference_that_changed_is_named_and_a_long_value_is_seen_whole() {
    use crate::settings::preference::{Preference, PreferenceValue};
    let mut console = TestConsole::at(Tab::History);
    let preference = Preference::TryToReconnect;
    let changed = console.elsewhere(|c| {
        c.profiles.edit(ProfileId::new(2), |profile| {
            profile.preferences.clear();
        });
    });
    console.inner.handle(Event::Configuration(changed));
    let changed = console.elsewhere(|c| {
        let value = PreferenceValue::parse(preference, "1").expect("a value");
        c.profiles.edit(ProfileId::new(2), |profile| drop(profile.preferences.insert(preference, value)));
    });
    console.inner.handle(Event::Configuration(changed));
    console.press(&[Key::HOME, Key::ENTER]).says("entry ").says("~ preferences ").says("trytoreconnect ");
    console.press(&[Key::ESC]);
    let long = ["anna-lena", "bertha-marie", "charlotte-luise", "dorothea-elisabeth"].map(str::to_owned);
    let changed = console.elsewhere(|c| {
        for name in &long {
            c.add_context(ContextName::parse(name).expect("a name"), &[]).expect("a context");
        }
    });
    console.inner.handle(Event::Configuration(changed));
    let changed = console.elsewhere(|c| {
        let ids: std::collections::BTreeSet<_> =
            c.contexts.iter().filter(|it| long.iter().any(|name| it.name.as_str() == name)).map(|it| it.id).collect();
        c.contexts.edit(ContextId::new(1), |context| context.includes = ids.into_iter().collect());
    });
    console.inner.handle(Event::Configuration(changed));
    console.press(&[Key::HOME, Key::ENTER]);
    for name in &long {
        assert!(
            console.screen().matches(name.as_str()).count() >= 2,
            "{name} above the foot too: {}",
            console.screen()
        );
    }
}

#[test]
fn a_change_is_found_by_when_it_was_as_its_row_says() {
    let mut console = TestConsole::at(Tab::Contexts);
    console.press(&[Key::char('a')]).write("branch").press(&[Key::ctrl('s')]).says("branch").press(&[Key::char('h')]);
    let screen = console.screen();
    let row = screen.lines().find(|line| line.contains("\"branch\" was added")).expect("its row");
    let time = row.split_whitespace().find(|word| word.contains(':')).expect("when it was").to_owned();
    console.press(&[Key::char('/')]).write(&time).says("\"branch\" was added").does_not_say("nothing found");
    console.press(&[Key::ESC, Key::char('/')]).write("27:61").says("nothing found");
}
