//! What hands do without looking: they type a word to find an option, type over what stands in a field, press Enter on what
//! the cursor is on. Each is answered, and who did what is named in full.

use super::looks::assert_looks;
use super::{COLOR, Desk, MONO};
use crate::settings::fixtures;
use crate::settings::id::{Id as _, UserId};
use crate::settings::name::{FirstName, LastName, ProfileName};
use crate::store::{Origin, OriginKind, Store};
use crate::tui::Rights;
use crate::tui::keys::Key;
use crate::tui::news::News;
use crate::tui::screen::Place;

/// With two profiles that begin with the same letters.
fn two_services() -> Desk {
    let mut office = fixtures::small_company();
    for name in ["Service desk", "Service night"] {
        office.add_profile(ProfileName::parse(name).expect("a name"), None, None).expect("a profile");
    }
    Desk::with(Place::Users, office, Rights::Edit, COLOR, (80, 24))
}

#[test]
fn a_word_typed_in_a_list_finds_what_begins_with_it() {
    let mut desk = two_services();
    desk.press(&[Key::char('e')]).press(&[Key::TAB; 6]).press(&[Key::ENTER]);
    desk.write("sw").says("Profile: sw").press(&[Key::ENTER]).says("‹ Switchboard ›");
    desk.write("SER").says("‹ Service desk ›").write("x").says("nothing here begins with \"SERx\"");
    desk.says("‹ Service desk ›");
}

#[test]
fn what_is_typed_first_replaces_what_stands_in_the_field() {
    let mut desk = Desk::at(Place::Users);
    desk.press(&[Key::char('e'), Key::TAB]).write("Anna").press(&[Key::TAB, Key::END]).write("-Maria");
    desk.press(&[Key::ctrl('s')]).says("was changed");
    let stored = desk.stored();
    let alice = stored.users.get(UserId::new(1)).expect("alice");
    let archer = fixtures::small_company().users.get(UserId::new(1)).expect("alice").last_name.clone();
    assert_eq!(
        (&alice.first_name, &alice.last_name),
        (&FirstName::parse("Anna").expect("a name"), &LastName::parse(&format!("{archer}-Maria")).expect("a name"),)
    );
}

#[test]
fn enter_marks_what_the_cursor_is_on_or_says_why_not() {
    let mut desk = Desk::at(Place::Presences);
    let actions = [Key::TAB; 5];
    desk.press(&[Key::ENTER, Key::char('a')]).press(&actions).press(&[Key::ENTER, Key::HOME, Key::ENTER]);
    desk.says("marked now: switch do-not-disturb on").press(&[Key::ENTER, Key::HOME, Key::ENTER]);
    desk.says("\"switch do-not-disturb on\" is marked already").says("Actions              switch do-not-disturb on");
    desk.press(&[Key::ENTER, Key::HOME, Key::SPACE, Key::DOWN, Key::SPACE, Key::DOWN, Key::ENTER]);
    desk.says("marked now: switch do-not-disturb off");
}

#[test]
fn a_list_with_nothing_in_it_says_so() {
    let mut office = fixtures::defaults();
    let only = office.contexts.iter().next().expect("a context").id;
    office.contexts.edit(only, |context| context.includes.clear());
    let mut desk = Desk::with(Place::Contexts, office, Rights::Edit, COLOR, (80, 24));
    desk.press(&[Key::char('e'), Key::TAB, Key::ENTER]).says("There is nothing to choose from");
    desk.press(&[Key::ENTER]).says("there is nothing to choose from");
}

/// Root by sudo is a person; that the change itself is cut is shown.
#[test]
fn whoever_changed_something_is_named_in_full_with_the_person_first() {
    let mut desk = Desk::at(Place::History);
    let store = Store::open_existing(desk.folder()).expect("the same store");
    let origin = Origin { user: "root (sudo by wilhelmina.andersson)".to_owned(), from: OriginKind::Cli };
    store
        .change(&origin, |c| {
            c.users.edit(UserId::new(1), |user| user.first_name = FirstName::parse("Anna").expect("a name"));
            Ok(())
        })
        .expect("it is taken");
    desk.console.hear(News::Configuration(std::sync::Arc::new(desk.stored())));
    desk.says("wilhelmina.andersson (as root) cli").says("…");
    desk.press(&[Key::HOME, Key::ENTER]).says("by wilhelmina.andersson (as root) (cli)");
    desk.press(&[Key::ESC, Key::char('1')]).says("wilhelmina.andersson (as root)");
}

#[test]
fn what_is_not_saved_yet_is_no_good_news() {
    assert_looks("not-saved-yet", Place::Profiles, &fixtures::small_company(), |desk| {
        desk.press(&[Key::ENTER, Key::ENTER, Key::END]).write("2").press(&[Key::ctrl('s')]);
    });
}

#[test]
fn without_colors_a_presence_carries_the_value_of_its_own() {
    let mut desk = Desk::with(Place::Sessions, fixtures::small_company(), Rights::Edit, MONO, (120, 40));
    desk.connect(&[("alice", "available")]).says("Available #");
    let mut desk = Desk::with(Place::Sessions, fixtures::small_company(), Rights::Edit, MONO, (80, 24));
    desk.connect(&[("alice", "available")]).says("presence available #");
}

#[test]
fn a_console_that_only_reads_shows_nothing_that_it_refuses() {
    for place in Place::ALL {
        let mut desk = Desk::with(place, fixtures::small_company(), Rights::ReadOnly, COLOR, (80, 24));
        for words in [" add ", " edit ", " remove ", " switch ", " undo "] {
            let screen = desk.screen();
            let bar = screen.lines().last().unwrap_or_default();
            assert!(!format!("{bar} ").contains(words), "{place:?} shows{words}in {bar}");
        }
        desk.press(&[Key::F1]).does_not_say("only reads").does_not_say("Ctrl-Z");
    }
    let mut desk = Desk::with(Place::Users, fixtures::small_company(), Rights::ReadOnly, COLOR, (80, 24));
    for key in [Key::char('a'), Key::ctrl('z')] {
        desk.press(&[key]).says("this console only reads");
    }
}

#[test]
fn names_are_whole_where_the_terminal_has_room() {
    let long = "Bartholomew Featherstonehaugh-Cholmondeley";
    let mut office = fixtures::small_company();
    office.users.edit(UserId::new(1), |user| {
        let (first, last) = long.split_once(' ').expect("two names");
        user.first_name = FirstName::parse(first).expect("a name");
        user.last_name = LastName::parse(last).expect("a name");
    });
    let mut desk = Desk::with(Place::Users, office.clone(), Rights::Edit, COLOR, (120, 40));
    desk.says(&format!("{long} "));
    let mut desk = Desk::with(Place::Contexts, office, Rights::Edit, COLOR, (120, 40));
    desk.press(&[Key::ENTER]).says(&format!("{long} "));
}
