//! What hands do without looking: they type a word to find an option, type over what stands in a field, press Enter on what
//! the cursor is on. Each is answered, and who did what is named in full.

use super::snapshots::assert_frames;
use super::{COLOR, MONO, TestConsole};
use crate::settings::fixtures;
use crate::settings::id::{Id as _, UserId};
use crate::settings::name::{FirstName, LastName, ProfileName};
use crate::store::{Intent, Origin, OriginKind, Store};
use crate::tui::Rights;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

/// With two profiles that begin with the same letters.
fn two_services() -> TestConsole {
    let mut company = fixtures::small_company();
    for name in ["Service desk", "Service night"] {
        company.add_profile(ProfileName::parse(name).expect("a name"), None, None).expect("a profile");
    }
    TestConsole::with(Tab::Users, company, Rights::Edit, COLOR, (80, 24))
}

#[test]
fn what_is_typed_narrows_a_list_to_what_holds_it() {
    let mut console = two_services();
    console.press(&[Key::char('e')]).press(&[Key::TAB; 6]).press(&[Key::ENTER]);
    console.write("sw").says("Profile: sw, 1 of 7").press(&[Key::ENTER]).says("‹ Switchboard ›");
    console.write("SER").says("Profile: SER, 2 of 7").says("Service night").does_not_say("Switchboard     ");
    console.press(&[Key::DOWN, Key::TAB]).says("‹ Service night ›").says("›  Agent");
    console.write("xq").says("Nothing has that;");
    console.press(&[Key::ENTER]).says("nothing here has \"xq\"; Esc shows all again");
    console
        .press(&[Key::ctrl('u'), Key::ESC, Key::UP])
        .write("xq")
        .press(&[Key::TAB])
        .reads("nothing here has \"xq\": Down, Enter makes a new one; Esc shows all again");
    console.press(&[Key::ESC, Key::ESC]).says("‹ Service night ›").says("›  Profile");
    console.write("desk").press(&[Key::ctrl('s')]).says("was changed");
}

#[test]
fn what_is_typed_first_replaces_what_stands_in_the_field() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('e'), Key::TAB]).write("Anna").press(&[Key::TAB, Key::END]).write("-Maria");
    console.press(&[Key::ctrl('s')]).says("was changed");
    let stored = console.stored();
    let alice = stored.users.get(UserId::new(1)).expect("alice");
    let archer = fixtures::small_company().users.get(UserId::new(1)).expect("alice").last_name.clone();
    assert_eq!(
        (&alice.first_name, &alice.last_name),
        (&FirstName::parse("Anna").expect("a name"), &LastName::parse(&format!("{archer}-Maria")).expect("a name"),)
    );
}

#[test]
fn enter_marks_what_the_cursor_is_on_or_says_why_not() {
    let mut console = TestConsole::at(Tab::Presences);
    let actions = [Key::TAB; 5];
    console.press(&[Key::ENTER, Key::char('a')]).press(&actions).press(&[Key::ENTER, Key::HOME, Key::ENTER]);
    console.says("marked now: switch do-not-disturb on").press(&[
        Key::UP,
        Key::DOWN,
        Key::ENTER,
        Key::HOME,
        Key::ENTER,
    ]);
    console
        .says("\"switch do-not-disturb on\" is marked already")
        .says("Actions              switch do-not-disturb on");
    console.press(&[Key::UP, Key::DOWN, Key::ENTER, Key::HOME, Key::SPACE, Key::SPACE, Key::ENTER]);
    console.says("marked now: switch do-not-disturb off");
}

#[test]
fn a_list_with_nothing_in_it_says_so() {
    let mut company = fixtures::defaults();
    let only = company.contexts.iter().next().expect("a context").id;
    company.contexts.edit(only, |context| context.includes.clear());
    let mut console = TestConsole::with(Tab::Contexts, company, Rights::Edit, COLOR, (80, 24));
    console.press(&[Key::char('e'), Key::TAB, Key::ENTER]).says("There is nothing to choose from");
    console.press(&[Key::ENTER]).says("there is nothing to choose from");
}

/// Root by sudo is a person; that the change itself is cut is shown.
#[test]
fn whoever_changed_something_is_named_in_full_with_the_person_first() {
    let mut console = TestConsole::at(Tab::History);
    let store = Store::open_existing(console.folder()).expect("the same store");
    let origin =
        Origin { user: "root (sudo by wilhelmina.andersson)".to_owned(), from: OriginKind::Cli, intent: Intent::Edit };
    store
        .change(&origin, |c| {
            c.users.edit(UserId::new(1), |user| user.first_name = FirstName::parse("Anna").expect("a name"));
            Ok(())
        })
        .expect("it is taken");
    console.inner.handle(Event::Configuration(std::sync::Arc::new(console.stored())));
    console.says("wilhelmina.andersson (as root) cli").says("…");
    console.press(&[Key::HOME, Key::ENTER]).says("by wilhelmina.andersson (as root) (cli)");
    console.press(&[Key::ESC, Key::char('1')]).says("wilhelmina.andersson (as root)");
}

#[test]
fn what_is_not_saved_yet_is_no_good_news() {
    assert_frames("not-saved-yet", Tab::Profiles, &fixtures::small_company(), |console| {
        console.press(&[Key::ENTER, Key::ENTER, Key::END]).write("2").press(&[Key::ctrl('s')]);
    });
}

#[test]
fn a_presence_has_the_dot_that_clients_show_and_without_colors_its_name_alone() {
    for (capabilities, shown) in [(COLOR, "● Available"), (MONO, "  Available")] {
        let mut console =
            TestConsole::with(Tab::Sessions, fixtures::small_company(), Rights::Edit, capabilities, (80, 24));
        console.connect(&[("alice", "available")]).says(shown);
    }
}

#[test]
fn a_console_that_only_reads_shows_nothing_that_it_refuses() {
    for tab in Tab::ALL {
        let mut console = TestConsole::with(tab, fixtures::small_company(), Rights::ReadOnly, COLOR, (80, 24));
        for words in [" add ", " edit ", " remove ", " switch ", " undo "] {
            let screen = console.screen();
            let bar = screen.lines().last().unwrap_or_default();
            assert!(!format!("{bar} ").contains(words), "{tab:?} shows{words}in {bar}");
        }
        console.press(&[Key::F1]).does_not_say("only reads").does_not_say("Ctrl-Z");
    }
    let mut console = TestConsole::with(Tab::Users, fixtures::small_company(), Rights::ReadOnly, COLOR, (80, 24));
    for key in [Key::char('a'), Key::ctrl('z')] {
        console.press(&[key]).says("this console is read-only");
    }
}

#[test]
fn names_are_whole_where_the_terminal_has_room() {
    let long = "Bartholomew Featherstonehaugh-Cholmondeley";
    let mut company = fixtures::small_company();
    company.users.edit(UserId::new(1), |user| {
        let (first, last) = long.split_once(' ').expect("two names");
        user.first_name = FirstName::parse(first).expect("a name");
        user.last_name = LastName::parse(last).expect("a name");
    });
    let mut console = TestConsole::with(Tab::Users, company.clone(), Rights::Edit, COLOR, (200, 50));
    console.says(&format!("{long} "));
    let mut console = TestConsole::with(Tab::Contexts, company, Rights::Edit, COLOR, (120, 40));
    console.press(&[Key::ENTER]).says(&format!("{long} "));
}
