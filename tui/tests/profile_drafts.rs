//! Drafts of profiles: a new one is stored with its xlets, and what two consoles change at once is put together.

use super::TestConsole;
use super::profiles::{Telling as _, add, named};
use crate::settings::id::{Id as _, ProfileId};
use crate::settings::name::ProfileName;
use crate::settings::profile::{Position, Service, Xlet};
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

fn console() -> TestConsole {
    TestConsole::at(Tab::Profiles)
}

/// Else a profile of nothing would be there until its xlets are.
#[test]
fn a_new_profile_is_stored_with_its_xlets() {
    let mut console = console();
    let number = console.stored().profiles.len();
    console.press(&[Key::char('a')]).write("Sales").press(&[Key::TAB; 3]).press(&[Key::ENTER]);
    console.tells("Profiles › Sales").tells("! not saved").tells("not saved yet: a in its xlets adds the first one");
    assert_eq!(console.stored().profiles.len(), number);
    // No step leads to a profile without a name, nor to the last change elsewhere.
    console
        .press(&[Key::ctrl('z')])
        .tells("there is no step to undo")
        .press(&[Key::char('w')])
        .tells("nobody can have");
    console.press(&[Key::TAB]);
    add(&mut console, Xlet::Identity, Position::Grid, "0");
    console.press(&[Key::ctrl('s')]).tells("profile \"Sales\" was added").does_not_say("not saved");
    let (changes, sales) = (console.inner.app.changes(), named(&console.stored(), "Sales"));
    assert_eq!((changes, sales.xlets.len()), (1, 1));
    // From now on it is as any other.
    console.press(&[Key::BACK_TAB, Key::END, Key::SPACE, Key::ctrl('s')]).tells("profile \"Sales\" was changed");
    console.press(&[Key::ESC]).tells("Sales");
    assert_eq!(named(&console.stored(), "Sales").services.len(), 1);
}

#[test]
fn a_new_profile_that_is_given_up_was_never_there() {
    let mut console = console();
    let number = console.stored().profiles.len();
    console.press(&[Key::END, Key::char('c')]).press(&[Key::TAB; 3]).press(&[Key::ENTER]).tells("3 xlets");
    console.press(&[Key::ESC]).tells("is not saved yet").press(&[Key::char('d')]).does_not_say("Switchboard copy");
    assert_eq!((console.stored().profiles.len(), console.inner.app.changes()), (number, 0));
}

/// Within the form of a user it is to be chosen: it is stored at once, as all that is made there.
#[test]
fn a_new_profile_of_the_form_of_a_user_is_stored_at_once() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('e')]).press(&[Key::TAB; 6]).write("new").press(&[Key::ENTER]);
    console.write("Fresh").press(&[Key::ctrl('s')]).tells("Fresh");
    assert!(console.stored().profiles.find(|profile| profile.name.as_str() == "Fresh").is_some());
}

#[test]
fn f1_a_draft_cannot_take_anothers_name() {
    let mut console = console();
    console.press(&[Key::ENTER, Key::ENTER, Key::ctrl('u')]).write("Agent").press(&[Key::ctrl('s')]);
    console.tells("not saved: see Name").tells("profile \"Agent\" has the same name already");
    assert_eq!(named(&console.stored(), "Supervisor").id, ProfileId::new(1));
}

/// Somebody else renames the profile that is opened here, with something changed.
fn overtaken(is_heard: bool) -> TestConsole {
    let mut console = console();
    console.press(&[Key::ENTER, Key::END, Key::SPACE]);
    let newest = console.elsewhere(|c| {
        c.profiles.edit(ProfileId::new(1), |profile| profile.name = ProfileName::parse("Chief").expect("a name"));
    });
    if is_heard {
        console.inner.handle(Event::Configuration(newest));
    }
    console
}

/// Both sides changed another part of it.
#[test]
fn what_somebody_else_changed_is_saved_with_ones_own_and_told() {
    for is_heard in [true, false] {
        let mut console = overtaken(is_heard);
        if is_heard {
            console.tells("! not saved; changed elsewhere");
        }
        console.press(&[Key::ctrl('s')]).reads("profile \"Chief\" was changed");
        console.reads("taken over from others: name Chief (").does_not_say("! not saved");
        assert!(named(&console.stored(), "Chief").services.contains(&Service::ForwardNoAnswer));
        // It is one change, and undone as one; what the other did stays.
        console.press(&[Key::ctrl('z')]);
        assert_eq!(named(&console.stored(), "Chief").services.len(), 0);
    }
}

/// Somebody else names the profile that is renamed here, and grants a service.
fn clashing() -> TestConsole {
    let mut console = console();
    console.press(&[Key::ENTER, Key::ENTER]).write("Mine").press(&[Key::TAB; 3]).press(&[Key::ENTER]);
    console.elsewhere(|c| {
        c.profiles.edit(ProfileId::new(1), |profile| {
            profile.name = ProfileName::parse("Chief").expect("a name");
            profile.services.insert(Service::EnableDnd);
        });
    });
    console.press(&[Key::ctrl('s')]);
    console
}

#[test]
fn only_what_both_changed_is_asked_about_and_it_is_told_who_and_when() {
    let mut console = clashing();
    console.reads("It was changed meanwhile, ").reads("by other; nothing was overwritten.");
    console.reads("Yours: name Mine. Stored now: name Chief.").reads("it is kept: service enablednd granted");
    console.press(&[Key::char('m')]).reads("profile \"Mine\" was changed");
    assert!(named(&console.stored(), "Mine").services.contains(&Service::EnableDnd));

    let mut console = clashing();
    console.press(&[Key::char('t')]).tells("Profiles › Chief").does_not_say("! not saved");
    let mut console = clashing();
    console.press(&[Key::char('n')]).tells("! not saved").press(&[Key::ctrl('s')]).reads("Stored now: name Chief.");
    assert_eq!(named(&console.stored(), "Chief").services.len(), 1);
}

#[test]
fn a_profile_that_was_removed_meanwhile_is_left() {
    let mut console = console();
    console.press(&[Key::ENTER, Key::END, Key::SPACE]);
    console.elsewhere(|c| c.remove_profile(ProfileId::new(1)).expect("nobody has it"));
    console
        .press(&[Key::ctrl('s')])
        .reads("This profile was removed meanwhile")
        .reads("by other")
        .does_not_say("yours");
    console.press(&[Key::char('t')]).does_not_say("Supervisor").tells("Agent");
}
