//! Profiles by keyboard: made, copied, renamed, removed; each rule of settings §4.3 broken and read; what somebody else
//! changes meanwhile.

use super::{COLOR, TestConsole, assert_frames};
use crate::settings::configuration::Configuration;
use crate::settings::fixtures;
use crate::settings::id::{Id as _, ProfileId};
use crate::settings::preference::Preference;
use crate::settings::profile::{Position, Profile, Service, Xlet, XletFlags, XletNumber};
use crate::tui::Rights;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

fn console() -> TestConsole {
    TestConsole::at(Tab::Profiles)
}

pub(super) fn named(configuration: &Configuration, name: &str) -> Profile {
    let found = configuration.profiles.find(|profile| profile.name.as_str() == name);
    Profile::clone(found.unwrap_or_else(|| panic!("there is no profile {name}")))
}

/// What the screen says, wherever its lines are broken and whatever stands beside them.
pub(super) trait Telling {
    fn tells(&mut self, words: &str) -> &mut Self;
}

impl Telling for TestConsole {
    fn tells(&mut self, words: &str) -> &mut Self {
        let screen = self.screen();
        let joined = |from: usize, to: usize| {
            let part = screen.lines().map(|line| line.chars().skip(from).take(to - from).collect::<String>());
            let text = part.collect::<Vec<_>>().join(" ");
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        // The sketch stands beside the words.
        let is_told = joined(0, 80).contains(words) || joined(0, 47).contains(words);
        assert!(is_told, "{words:?} is not on\n{screen}");
        self
    }
}

/// Whether the word stands in the row under the cursor.
fn is_chosen(console: &mut TestConsole, word: &str) -> bool {
    let buffer = console.draw();
    let rows = buffer.content.chunks(usize::from(buffer.area.width));
    rows.map(|row| {
        let chosen = row.iter().filter(|cell| super::is_of_chosen_row(cell));
        chosen.map(|cell| cell.symbol()).collect::<String>()
    })
    .any(|text| text.split_whitespace().any(|part| part == word))
}

/// A new profile of that name, opened at its xlets.
fn at_xlets_of_new(name: &str) -> TestConsole {
    let mut console = console();
    console.press(&[Key::char('a')]).write(name).press(&[Key::ctrl('s'), Key::TAB]);
    console
}

/// Adds an xlet through its form: the name and the position are chosen by their first letters, the number is typed.
pub(super) fn add(console: &mut TestConsole, xlet: Xlet, position: Position, number: &str) {
    console.press(&[Key::char('a'), Key::ENTER]);
    // Home, then down to it: the list holds those that are left, in order.
    console.press(&[Key::HOME]);
    for _ in 0..Xlet::ALL.len() {
        let screen = console.screen();
        assert!(screen.contains(&format!("│ {xlet} ")), "{xlet} is not offered:\n{screen}");
        if is_chosen(console, xlet.as_str()) {
            break;
        }
        console.press(&[Key::DOWN]);
    }
    console.press(&[Key::ENTER, Key::TAB]).write(&position.as_str()[..1]);
    console.press(&[Key::TAB, Key::ctrl('a'), Key::ctrl('k')]).write(number).press(&[Key::ENTER]);
}

#[test]
fn the_default_client_is_rebuilt_by_keyboard_alone() {
    let mut console = at_xlets_of_new("Rebuilt");
    console.tells("profile \"Rebuilt\": has no xlet").tells("add Identity in grid");
    for (xlet, position, number) in [
        (Xlet::Identity, Position::Grid, "0"),
        (Xlet::Tabber, Position::Grid, "1"),
        (Xlet::People, Position::Tab, "0"),
        (Xlet::CustomerInfo, Position::Tab, "2"),
        (Xlet::Fax, Position::Tab, "3"),
        (Xlet::History, Position::Tab, "4"),
        (Xlet::Features, Position::Tab, "5"),
        (Xlet::Conference, Position::Tab, "6"),
    ] {
        add(&mut console, xlet, position, number);
    }
    console.press(&[Key::BACK_TAB]);
    for service in ["enablednd", "fwdunc", "fwdbusy", "fwdrna"] {
        console.press(&[Key::HOME]);
        while !is_chosen(&mut console, service) {
            console.press(&[Key::DOWN]);
        }
        console.press(&[Key::SPACE]);
    }
    console.press(&[Key::ctrl('s')]);
    console.tells(
        "profile \"Rebuilt\" was changed; what it grants holds at once; connected clients show it at their next login",
    );
    let (built, client) = (named(&console.stored(), "Rebuilt"), named(&console.stored(), "Client"));
    assert_eq!(Profile { id: client.id, version: client.version, name: client.name.clone(), ..built }, client);
}

#[test]
fn a_profile_made_from_nothing_keeps_every_rule() {
    let mut console = at_xlets_of_new("Sales");
    console.press(&[Key::char('F'), Key::ctrl('s')]).tells("was changed; what it grants");
    let stored = console.stored();
    assert_eq!(stored.findings(), []);
    console.elsewhere(|c| {
        let sales = named(c, "Sales").id;
        let alice = c.users.find(|user| user.has_login("alice")).expect("alice is there").id;
        c.users.edit(alice, |user| user.profile = Some(sales));
    });
    assert_eq!(console.stored().findings(), []);
    let sales = named(&stored, "Sales");
    assert_eq!(sales.ordered_xlets().iter().map(|entry| entry.xlet).collect::<Vec<_>>(), [Xlet::Identity]);
}

#[test]
fn a_profile_is_copied_renamed_and_removed() {
    let mut console = console();
    console.press(&[Key::END, Key::char('c')]).tells("Switchboard copy").press(&[Key::ctrl('s')]);
    console.tells("profile \"Switchboard copy\" was added").tells("Profiles › Switchboard copy");
    let (from, copy) = (named(&console.stored(), "Switchboard"), named(&console.stored(), "Switchboard copy"));
    assert_eq!((&from.xlets, &from.services, &from.preferences), (&copy.xlets, &copy.services, &copy.preferences));

    console.press(&[Key::ESC, Key::char('e'), Key::ctrl('u')]).write("Desk").press(&[Key::ctrl('s')]);
    console.tells(
        "profile \"Desk\" was changed; what it grants holds at once; connected clients show it at their next login",
    );
    console.press(&[Key::char('d')]).tells("No user has it. 3 xlets, 0 services, 0 preferences go with it.");
    console.press(&[Key::char('y')]).tells("profile \"Desk\" was removed");
    assert_eq!(console.stored().profiles.len(), 4);
    console.press(&[Key::ctrl('z')]);
    assert_eq!(named(&console.stored(), "Desk").xlets, from.xlets);
}

#[test]
fn f1_a_name_is_long_enough_unique_and_told_when_only_letters_differ() {
    let mut console = console();
    console.press(&[Key::char('a')]).write("ab").tells("must be 3 to 128 printable characters; this has 2 characters");
    console.press(&[Key::ctrl('u')]).write("Client").tells("profile \"Client\" has the same name already");
    console.press(&[Key::ctrl('s')]).tells("not saved: see Name");
    console.press(&[Key::ctrl('u')]).write("CLIENT").tells("only in the case of letters");
    console.press(&[Key::ctrl('s')]).tells("profile \"CLIENT\" was added").press(&[Key::ESC]).tells("! CLIENT");
}

/// The groups are chosen from those that there are.
#[test]
fn f2_no_other_group_can_be_chosen() {
    let mut console = console();
    console.press(&[Key::char('a'), Key::TAB, Key::ENTER]).tells("Presence group").tells("xivo");
    console.press(&[Key::ENTER, Key::BACK_TAB]).write("Any").press(&[Key::ctrl('s')]);
    let stored = console.stored();
    assert!(stored.presence_groups.get(named(&stored, "Any").presence_group).is_some());
}

#[test]
fn f3_a_used_profile_is_refused_before_anybody_is_asked() {
    let mut console = console();
    console.press(&[Key::DOWN, Key::DOWN, Key::char('d')]);
    console.tells("profile \"Client\": is the profile of 3 users and cannot be removed; w shows who has it");
    console.does_not_say("remove it");
    console.press(&[Key::char('w')]).tells("who uses Client").tells("alice").tells("carol");
}

#[test]
fn the_users_of_a_profile_are_one_key_away_and_so_is_each_of_them() {
    let mut console = console();
    console.press(&[Key::DOWN, Key::DOWN, Key::ENTER, Key::char('w'), Key::DOWN]).tells("bob");
    console.press(&[Key::ENTER]).tells("── Users");
    console.tells("bob@example.org");
}

#[test]
fn f4_the_form_offers_only_what_is_left() {
    let mut console = console();
    console.press(&[Key::DOWN, Key::DOWN, Key::ENTER, Key::TAB, Key::char('a'), Key::ENTER]);
    console.tells("agentdetails").tells("switchboard").does_not_say("│ people").press(&[Key::ESC, Key::ESC]);
    for _ in 0..9 {
        console.press(&[Key::char('a'), Key::ctrl('s')]);
    }
    console.tells("17 xlets").press(&[Key::char('a')]).tells("the profile has every xlet already");
}

#[test]
fn f5_a_tab_without_the_tabber_is_told_and_mended() {
    let mut console = at_xlets_of_new("Tabs");
    add(&mut console, Xlet::Identity, Position::Grid, "0");
    add(&mut console, Xlet::People, Position::Tab, "");
    console.tells("has the xlet \"people\" in tab").says("needs a Tabber in the grid").tells("F add Tabber in grid");
    console.press(&[Key::ctrl('s')]).tells("not saved: profile \"Tabs\": has the xlet \"people\" in tab");
    assert_eq!(named(&console.stored(), "Tabs").xlets, []);
    console.press(&[Key::char('F')]).does_not_say("needs a Tabber").press(&[Key::ctrl('s')]);
    console.tells("profile \"Tabs\" was changed");
    let tabber = named(&console.stored(), "Tabs").entry(Xlet::Tabber).copied().expect("it was added");
    assert_eq!((tabber.position, tabber.number), (Position::Grid, XletNumber::new(1).ok()));
}

#[test]
fn f5_a_tabber_in_tab_or_dock_is_told_and_moved() {
    let mut console = console();
    console.press(&[Key::DOWN, Key::DOWN, Key::ENTER, Key::TAB, Key::DOWN, Key::SPACE]);
    console.tells("has the xlet \"tabber\" in tab; it must").says("needs the grid").tells("F move Tabber to grid");
    console
        .press(&[Key::SPACE])
        .tells("has the xlet \"tabber\" in dock; it")
        .press(&[Key::ctrl('s')])
        .tells("not saved:");
    console.press(&[Key::char('F')]).does_not_say("needs the grid").does_not_say("not saved");
    console.press(&[Key::char('d')]).tells("F add Tabber in grid");
    console.press(&[Key::ctrl('z'); 4]).tells("used by 3 users");
}

#[test]
fn f5_a_tabber_without_tabs_only_warns() {
    let mut console = at_xlets_of_new("Bare");
    add(&mut console, Xlet::Identity, Position::Grid, "0");
    add(&mut console, Xlet::Tabber, Position::Grid, "1");
    console.says("needs tabs").tells("F remove Tabber").press(&[Key::ctrl('s')]);
    console.tells("was changed; what it grants holds at once; connected clients show it at their next login. Note: profile \"Bare\"");
    console.press(&[Key::char('F'), Key::ctrl('s')]).tells("profile \"Bare\" was changed");
    assert_eq!(named(&console.stored(), "Bare").xlets.len(), 1);
}

#[test]
fn f6_a_number_is_refused_while_it_is_typed() {
    let mut console = console();
    console.press(&[Key::ENTER, Key::TAB, Key::ENTER, Key::TAB]).write("1000");
    console.tells("xlet number 1000: must be 0 to 999, or left out");
    console.press(&[Key::ctrl('u')]).write("one").tells("xlet number \"one\": must be 0 to 999");
    console.press(&[Key::ctrl('s')]).tells("not saved: see Number");
    console.press(&[Key::ctrl('u'), Key::ctrl('s'), Key::ctrl('s')]);
    assert_eq!(named(&console.stored(), "Supervisor").entry(Xlet::Identity).expect("it is there").number, None);
}

#[test]
fn f7_a_number_that_is_there_twice_is_told_and_given_anew() {
    let mut console = console();
    console.press(&[Key::DOWN, Key::DOWN, Key::ENTER, Key::TAB, Key::END, Key::ENTER, Key::TAB, Key::ctrl('u')]);
    console.write("5").press(&[Key::ENTER]);
    console.tells("has the number 5 in position tab twice").tells("F number those in tab anew, in their order");
    console.tells("! features").tells("! conference").press(&[Key::char('F')]).does_not_say("twice");
    console.press(&[Key::ctrl('s')]);
    let numbers = |profile: &Profile| -> Vec<u16> {
        let tabs = profile.ordered_xlets().into_iter().filter(|entry| entry.position == Position::Tab);
        tabs.filter_map(|entry| entry.number).map(XletNumber::get).collect()
    };
    assert_eq!(numbers(&named(&console.stored(), "Client")), [0, 1, 2, 3, 4, 5]);
}

/// The number of the next one is no collision: both change places, and back.
#[test]
fn a_number_that_another_has_is_swapped_with_it() {
    let mut console = console();
    console.press(&[Key::DOWN, Key::DOWN, Key::ENTER, Key::TAB, Key::END, Key::char('<')]).does_not_say("twice");
    let tabs = |console: &mut TestConsole| -> Vec<(Xlet, u16)> {
        console.press(&[Key::ctrl('s')]);
        let tabs = named(&console.stored(), "Client").ordered_xlets().into_iter().copied().collect::<Vec<_>>();
        let tabs = tabs.into_iter().filter(|entry| entry.position == Position::Tab);
        tabs.filter_map(|entry| Some((entry.xlet, entry.number?.get()))).skip(4).collect()
    };
    assert_eq!(tabs(&mut console), [(Xlet::Conference, 5), (Xlet::Features, 6)]);
    assert!(is_chosen(&mut console, "conference"));
    console.press(&[Key::char('>')]);
    assert_eq!(tabs(&mut console), [(Xlet::Features, 5), (Xlet::Conference, 6)]);
    // Beyond the last one is room.
    console.press(&[Key::char('>')]);
    assert_eq!(tabs(&mut console), [(Xlet::Features, 5), (Xlet::Conference, 7)]);
}

#[test]
fn f8_flags_are_greyed_and_kept_outside_of_a_dock() {
    let mut console = console();
    console.press(&[Key::ENTER, Key::TAB, Key::RIGHT, Key::RIGHT, Key::SPACE]);
    console.tells("this only matters in a dock").tells("(x)(x)(x)(x)");
    console.press(&[Key::DOWN, Key::SPACE, Key::RIGHT, Key::RIGHT, Key::RIGHT, Key::SPACE]).says(" -  x  x  - ");
    // Through the grid and back: what they were is still there.
    console.press(&[Key::LEFT, Key::LEFT, Key::LEFT, Key::LEFT, Key::LEFT, Key::SPACE]).tells("(-)(x)(x)(-)");
    console.press(&[Key::ctrl('s')]);
    let queues = *named(&console.stored(), "Supervisor").entry(Xlet::Queues).expect("it is there");
    assert_eq!(queues.flags, XletFlags { floating: false, scrollable: false, ..XletFlags::ALL });
    assert_eq!(queues.position, Position::Grid);
}

#[test]
fn f9_and_f10_nothing_to_see_and_no_identity_only_warn() {
    let mut console = console();
    console.press(&[Key::ENTER, Key::TAB, Key::char('d')]).tells("has no xlet \"identity\"").tells("! no Identity");
    console.press(&[Key::char('d'), Key::char('d'), Key::char('d'), Key::char('d'), Key::char('d')]);
    console.tells("has no xlet; its users log in and").press(&[Key::ctrl('s')]);
    console.tells("was changed; what it grants holds at once; connected clients show it at their next login. Note:");
    assert_eq!(named(&console.stored(), "Supervisor").xlets, []);
}

#[test]
fn f11_a_preference_takes_its_type_alone() {
    let mut console = console();
    console
        .press(&[Key::ENTER, Key::BACK_TAB, Key::char('a')])
        .write("ftp://x")
        .tells("must be a URL that starts with");
    console.press(&[Key::ctrl('u')]).write("https://intra.example.org/start").press(&[Key::ENTER]);
    console.press(&[Key::DOWN, Key::SPACE]).tells("true").press(&[Key::SPACE]).tells("false");
    console.press(&[Key::END, Key::ENTER]).write("0").tells("must be a whole number from 1000 to 120000");
    console.press(&[Key::ctrl('u')]).write("5000").press(&[Key::ENTER, Key::ctrl('s')]).tells("3 preferences");
    let value = |console: &TestConsole, name| {
        let preferences = named(&console.stored(), "Supervisor").preferences;
        preferences.get(&name).map(|value| value.as_str().to_owned())
    };
    assert_eq!(value(&console, Preference::LoginWindowUrl).as_deref(), Some("https://intra.example.org/start"));
    assert_eq!(value(&console, Preference::PresenceAutoChangeState).as_deref(), Some("false"));
    assert_eq!(value(&console, Preference::TryToReconnectInterval).as_deref(), Some("5000"));
    console
        .press(&[Key::char('d'), Key::ctrl('s')])
        .tells("2 preferences")
        .press(&[Key::char('d')])
        .tells("is not set");
    assert_eq!(value(&console, Preference::TryToReconnectInterval), None);
}

/// Rule F12 has nothing to break: the eight are all that can be marked.
#[test]
fn f12_services_are_granted_from_a_list_of_all() {
    let mut console = console();
    console.press(&[Key::ENTER, Key::END, Key::SPACE]).tells("[x] forward unanswered calls").tells("[ ] record calls");
    console.press(&[Key::UP, Key::SPACE, Key::SPACE, Key::ctrl('s')]);
    assert_eq!(Vec::from_iter(named(&console.stored(), "Supervisor").services), [Service::ForwardNoAnswer]);
    for service in Service::ALL {
        console.tells(service.as_str());
    }
}

#[test]
fn xlets_change_places_and_undo_takes_back_a_whole_save() {
    let mut console = console();
    console.press(&[Key::DOWN, Key::DOWN, Key::ENTER, Key::TAB, Key::END, Key::char('K'), Key::char('K')]);
    console.press(&[Key::char('J'), Key::ctrl('s')]);
    let order = |console: &TestConsole| -> Vec<Xlet> {
        named(&console.stored(), "Client").ordered_xlets().iter().rev().map(|entry| entry.xlet).take(2).collect()
    };
    assert_eq!(order(&console), [Xlet::Features, Xlet::Conference]);
    console.press(&[Key::ctrl('z')]).tells("undone: profile \"Client\" was changed");
    assert_eq!(order(&console), [Xlet::Conference, Xlet::Features]);
    assert_eq!(named(&console.stored(), "Client").xlets, named(&fixtures::small_company(), "Client").xlets);
}

/// One key, one transaction: no second Ctrl-S for the profile that the form is a part of.
#[test]
fn ctrl_s_in_a_form_of_an_opened_profile_saves_the_profile_with_it() {
    let mut console = console();
    let entries = |console: &TestConsole| console.stored().profiles.get(ProfileId::new(3)).map(|it| it.xlets.len());
    console.press(&[Key::DOWN, Key::DOWN, Key::ENTER, Key::END, Key::SPACE, Key::TAB]);
    let before = console.inner.app.changes();
    console
        .press(&[Key::char('a'), Key::ctrl('s')])
        .tells("profile \"Client\" was changed; what it grants holds at once");
    assert_eq!((entries(&console), console.inner.app.changes() - before), (Some(9), 1));
    // The service that was granted before went with it, and comes back with it.
    assert_eq!(named(&console.stored(), "Client").services.len(), 3);
    console.press(&[Key::ctrl('z')]);
    assert_eq!(named(&console.stored(), "Client").services.len(), 4);
    // Enter on the last field only keeps it.
    console.press(&[Key::char('a'), Key::TAB, Key::TAB]).says("Enter keep").press(&[Key::ENTER]);
    console.tells("kept in the profile, which is not saved yet; Ctrl-S saves it");
    assert_eq!(entries(&console), Some(8));
    console.press(&[Key::ESC, Key::char('d'), Key::ENTER, Key::ENTER, Key::ctrl('s')]).tells("nothing was changed");
}

#[test]
fn what_is_not_saved_is_not_lost_unasked() {
    let mut console = console();
    console.press(&[Key::ENTER, Key::END, Key::SPACE]).tells("! not saved").press(&[Key::char('2'), Key::char('3')]);
    console
        .tells("! not saved")
        .press(&[Key::char('q')])
        .tells("Leave the console?")
        .press(&[Key::char('n'), Key::ESC]);
    console.tells("is not saved yet").press(&[Key::char('n')]).tells("! not saved");
    console.press(&[Key::ESC, Key::char('s')]).tells("was changed").tells("profile");
    assert_eq!(named(&console.stored(), "Supervisor").services.len(), 1);
    console.press(&[Key::ENTER, Key::END, Key::SPACE, Key::ESC, Key::char('d')]);
    assert_eq!(named(&console.stored(), "Supervisor").services.len(), 1);
}

#[test]
fn a_console_that_only_reads_shows_and_changes_nothing() {
    let mut console = TestConsole::with(Tab::Profiles, fixtures::small_company(), Rights::ReadOnly, COLOR, (80, 24));
    console.press(&[Key::ENTER, Key::END, Key::SPACE]).tells("this console is read-only").does_not_say("! not saved");
    console
        .press(&[Key::TAB, Key::char('d'), Key::char('K'), Key::char('>'), Key::char('a')])
        .does_not_say("! not saved");
    assert_eq!(named(&console.stored(), "Supervisor"), named(&fixtures::small_company(), "Supervisor"));
}

fn assert_profiles(name: &str, play: impl Fn(&mut TestConsole)) {
    assert_frames(&format!("profiles-{name}"), Tab::Profiles, &fixtures::small_company(), play);
}

#[test]
fn each_screen_looks_as_it_should() {
    let client = [Key::DOWN, Key::DOWN, Key::ENTER];
    assert_profiles("list", |_| {});
    assert_profiles("users", |console| {
        console.press(&client).press(&[Key::char('w')]);
    });
    assert_profiles("general", |console| {
        console.press(&client);
    });
    assert_profiles("xlets", |console| {
        console.press(&client).press(&[Key::TAB]);
    });
    assert_profiles("docks", |console| {
        console.press(&[Key::ENTER, Key::TAB, Key::DOWN]);
    });
    assert_profiles("every-xlet", |console| {
        console.press(&client).press(&[Key::TAB]);
        for _ in 0..9 {
            console.press(&[Key::char('a'), Key::ctrl('s')]);
        }
    });
    assert_profiles("flag", |console| {
        console.press(&client).press(&[Key::TAB, Key::RIGHT, Key::RIGHT]);
    });
    assert_profiles("preferences", |console| {
        console.press(&client).press(&[Key::BACK_TAB, Key::DOWN, Key::SPACE]);
    });
}

#[test]
fn each_form_shows_what_is_wrong() {
    let client = [Key::DOWN, Key::DOWN, Key::ENTER];
    assert_profiles("form", |console| {
        console.press(&[Key::char('a')]).write("ab").press(&[Key::ctrl('s')]);
    });
    assert_profiles("lost-tabs", |console| {
        console.press(&client).press(&[Key::TAB, Key::DOWN, Key::char('d')]);
    });
    assert_profiles("xlet-form", |console| {
        console.press(&client).press(&[Key::TAB, Key::char('a'), Key::TAB, Key::TAB]).write("9999");
    });
    assert_profiles("preference-form", |console| {
        console.press(&client).press(&[Key::BACK_TAB, Key::ENTER]).write("ftp://x");
    });
    assert_profiles("remove", |console| {
        console.press(&[Key::char('d')]);
    });
}

#[test]
fn the_list_of_xlets_says_what_each_is_for_and_finds_it_by_that() {
    for size in [(80, 24), (60, 20)] {
        let mut console = TestConsole::with(Tab::Profiles, fixtures::small_company(), Rights::Edit, COLOR, size);
        console.press(&[Key::DOWN, Key::DOWN, Key::ENTER, Key::TAB, Key::char('a'), Key::ENTER]);
        console.says("agentdetails").write("waiting").says("queueentrydetails").says("callers waiting in a queue");
        console.press(&[Key::ENTER]).says("‹ queueentrydetails ›");
    }
}

#[test]
fn whoever_may_listen_to_agents_needs_the_xlet_for_it() {
    let mut console = console();
    console.press(&[Key::END, Key::char('e')]).says("edit Switchboard").press(&[Key::TAB; 3]).press(&[Key::SPACE]);
    console.tells("lets its users listen to agents, but has no xlet \"agents\"").press(&[Key::ctrl('s')]);
    console.tells("profile \"Switchboard\" was changed");
    console.press(&[Key::HOME, Key::char('e')]).says("edit Supervisor").does_not_say("has no xlet");
}
