//! Whose presence does not outlive a change, and that it is asked about before.

use super::TestConsole;
use super::overview::{running, sessions};
use crate::settings::configuration::Configuration;
use crate::settings::fixtures;
use crate::settings::id::{Id as _, PresenceGroupId, PresenceId};
use crate::settings::name::{Description, PresenceGroupName, PresenceName};
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::moved_presences::moved_words;
use crate::tui::tab::Tab;

fn of(change: impl FnOnce(&mut Configuration)) -> Option<String> {
    let before = fixtures::small_company();
    let mut after = before.clone();
    change(&mut after);
    moved_words(&before, &after, &running(sessions(), 460)).map(|(_, words)| words)
}

fn presence(c: &Configuration, name: &str) -> PresenceId {
    c.presence_named(PresenceGroupId::new(1), name).expect("it is there").id
}

/// A group without `away`, in which bob is.
fn team(c: &mut Configuration) -> PresenceGroupId {
    let name = PresenceGroupName::parse("team").expect("a name");
    let team = c.add_presence_group(name, Description::parse("").expect("none")).expect("it is added");
    let away = c.presence_named(team, "away").expect("a copy of the default").id;
    c.remove_presence(away).expect("it is removed");
    team
}

#[test]
fn whoever_has_a_presence_that_another_group_lacks_is_moved() {
    let told = of(|c| {
        let team = team(c);
        let ids: Vec<_> = c.profiles.iter().map(|profile| profile.id).collect();
        ids.into_iter().for_each(|id| c.profiles.edit(id, |profile| profile.presence_group = team));
    });
    let told = told.expect("bob is away");
    assert!(
        told.starts_with("1 connected user is moved to available immediately") && told.ends_with(": bob."),
        "{told}"
    );
}

#[test]
fn a_presence_that_is_renamed_moves_nobody() {
    let renamed = |c: &mut Configuration| {
        let away = presence(c, "away");
        c.rename_presence(away, PresenceName::parse("out").expect("a name")).expect("it is renamed");
    };
    assert_eq!(of(renamed), None);
    assert_eq!(of(|_| {}), None);
}

#[test]
fn a_profile_whose_users_lose_their_presence_is_asked_about_before_it_is_saved() {
    let mut console = TestConsole::at(Tab::Profiles);
    console.inner.handle(Event::Server(running(sessions(), 460)));
    let heard = console.elsewhere(|c| {
        team(c);
    });
    console.inner.handle(Event::Configuration(heard));
    console.write("/Client").press(&[Key::ENTER, Key::ENTER]).says("── Profiles › Client");
    console.press(&[Key::DOWN, Key::ENTER]).write("team").press(&[Key::ctrl('s')]);
    console.reads("1 connected user is moved to available immediately").says("bob");
    console.press(&[Key::ESC]).says("not saved");
    console.press(&[Key::ctrl('s'), Key::char('y')]).says("profile \"Client\" was changed");
}
