//! Presences by keyboard: adding, changing, ordering, removing, and the matrix. The rules are broken in `presence_rules`.

use super::{COLOR, TestConsole, assert_frames};
use crate::settings::configuration::Configuration;
use crate::settings::fixtures;
use crate::settings::id::{Id as _, PresenceGroupId, PresenceId};
use crate::settings::name::{Description, DisplayName, PresenceGroupName, PresenceName};
use crate::tui::Rights;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::server::Server;
use crate::tui::tab::Tab;

const D: Key = Key::char('d');
const M: Key = Key::char('m');
const Y: Key = Key::char('y');

fn group() -> TestConsole {
    let mut console = TestConsole::at(Tab::Presences);
    console.press(&[Key::ENTER]);
    console
}

fn presence(c: &Configuration, name: &str) -> PresenceId {
    c.presence_named(PresenceGroupId::new(1), name).expect("it is there").id
}

/// The names of what is reached from a presence of the default group.
fn reached(c: &Configuration, name: &str) -> Vec<String> {
    let from = c.presences.get(presence(c, name)).expect("it is there");
    let others = c.presences_of(from.group).into_iter().filter(|other| from.reachable.contains(&other.id));
    others.map(|other| other.name.to_string()).collect()
}

fn order(c: &Configuration) -> Vec<String> {
    c.presences_of(PresenceGroupId::new(1)).iter().map(|presence| presence.name.to_string()).collect()
}

/// A group of as many presences as no terminal shows at once, all reached from all.
fn many_presences() -> Configuration {
    let mut c = fixtures::small_company();
    let group = PresenceGroupId::new(1);
    let others: Vec<PresenceName> = c.presences_of(group).iter().map(|presence| presence.name.clone()).collect();
    for number in 1..=30 {
        let new = crate::settings::edit::NewPresence {
            name: PresenceName::parse(&format!("presence-number-{number}")).expect("a name"),
            display: DisplayName::parse(&format!("Presence {number}")).expect("a name"),
            color: crate::settings::color::Color(number, 0, 0),
            reachable: others[..3].to_vec(),
            actions: Vec::new(),
        };
        let id = c.add_presence(group, new).expect("it is added");
        let available = presence(&c, "available");
        c.add_reachable(available, id).expect("of the same group");
    }
    c
}

#[test]
fn a_presence_is_added_by_keyboard_alone() {
    let mut console = group();
    console.press(&[Key::char('a')]).write("lunch").press(&[Key::TAB]).write("At lunch");
    console.press(&[Key::TAB, Key::ctrl('u')]).write("green").press(&[Key::ctrl('s')]);
    console.says("presence \"lunch\" was added").says("── lunch (At lunch)").does_not_say("dead end");
    let stored = console.stored();
    let lunch = stored.presences.get(presence(&stored, "lunch")).expect("it is stored");
    assert_eq!((lunch.display.as_str(), lunch.color.to_string().as_str()), ("At lunch", "#008000"));
    assert_eq!(reached(&stored, "lunch"), ["available", "away", "outtolunch", "donotdisturb", "berightback"]);
    assert_eq!(reached(&stored, "away"), ["available", "outtolunch", "donotdisturb", "berightback", "lunch"]);
    assert_eq!(reached(&stored, "disconnected"), [""; 0]);
}

#[test]
fn a_copy_does_and_reaches_what_the_first_one_does() {
    let mut console = group();
    console.press(&[Key::DOWN, Key::char('c'), Key::ctrl('s')]).says("presence \"away-copy\" was added");
    let stored = console.stored();
    let of = |name| stored.presences.get(presence(&stored, name)).expect("it is there");
    assert_eq!((of("away").color, &of("away").actions), (of("away-copy").color, &of("away-copy").actions));
    assert_eq!(reached(&stored, "away-copy"), ["available", "outtolunch", "donotdisturb", "berightback"]);
    assert!(reached(&stored, "available").contains(&"away-copy".to_owned()));
}

#[test]
fn a_presence_is_renamed_and_keeps_its_place_everywhere() {
    let mut console = group();
    console.press(&[Key::DOWN, Key::ENTER, Key::ctrl('u')]).write("out").press(&[Key::ctrl('s')]);
    console.says("presence \"away\" was changed and renamed \"out\"");
    assert!(reached(&console.stored(), "available").contains(&"out".to_owned()));
}

#[test]
fn actions_are_marked_in_the_order_in_which_they_run() {
    let mut console = group();
    console.press(&[Key::DOWN, Key::ENTER, Key::BACK_TAB, Key::ENTER]);
    console.press(&[Key::END, Key::SPACE, Key::ENTER, Key::ctrl('s')]).says("DND off, log off");
    console.says("switch do-not-disturb off, then log the agent off");
}

#[test]
fn presences_are_put_in_another_order() {
    let mut console = group();
    console.press(&[Key::DOWN, Key::char('K')]).says("presence \"away\" was moved up");
    assert_eq!(order(&console.stored())[..2], ["away", "available"]);
    console.press(&[Key::char('K')]).says("it is the first already");
    console.press(&[Key::char('J'), Key::char('J')]);
    assert_eq!(order(&console.stored())[..3], ["available", "outtolunch", "away"]);
    console.press(&[Key::ctrl('z'); 3]);
    assert_eq!(order(&console.stored()), order(&fixtures::small_company()));
}

#[test]
fn removing_says_first_who_has_it_and_from_where_it_is_chosen() {
    let mut console = group();
    console.connect(&[("alice", "away"), ("bob", "away"), ("alice", "away"), ("carol", "available")]);
    console.press(&[Key::DOWN, D]);
    console.reads("2 connected users will be moved to Available: alice, bob.");
    console.reads("It can be reached from 4 presences: available, outtolunch, donotdisturb,");
    console.press(&[Key::char('n')]);
    assert_eq!(console.stored().presences.len(), 6);
    console.press(&[D, Y]).says("presence \"away\" was removed");
    let stored = console.stored();
    assert_eq!(reached(&stored, "available"), ["outtolunch", "donotdisturb", "berightback"], "rule P11");
    console.press(&[Key::ctrl('z'), Y]).says("undone");
    assert!(reached(&console.stored(), "available").contains(&"away".to_owned()));
}

#[test]
fn removing_says_when_nobody_has_it_or_nobody_knows() {
    let mut console = group();
    console.press(&[Key::DOWN, D]).says("The server has not said who is connected").press(&[Key::ESC]);
    console.inner.handle(Event::Server(Server::NotRunning));
    console.press(&[D]).says("the server does not run").press(&[Key::ESC]);
    console.connect(&[("carol", "available")]);
    console.press(&[D]).says("No connected user has it.");
}

#[test]
fn a_cell_of_the_matrix_is_a_change_of_its_own() {
    let mut console = group();
    console.press(&[Key::DOWN, M]).says("from ● away").press(&[Key::SPACE]);
    console.says("\"available\" was made unreachable from \"away\"");
    assert_eq!(reached(&console.stored(), "away"), ["outtolunch", "donotdisturb", "berightback"]);
    console.press(&[Key::SPACE]).says("\"available\" was made reachable from \"away\"");
    console.press(&[Key::char('-'), Y]).says("every presence was made unreachable from \"away\"");
    console.says("is a dead end");
    console.press(&[Key::ctrl('z'); 3]);
    assert_eq!(reached(&console.stored(), "away"), reached(&fixtures::small_company(), "away"));
    console.press(&[Key::RIGHT, Key::SPACE]).says("\"away\" can always be kept");
    console.press(&[Key::char('-'), Y, Key::char('+'), M]).says("on entering");
    assert_eq!(reached(&console.stored(), "away"), reached(&fixtures::small_company(), "away"));
}

#[test]
fn a_row_of_the_matrix_that_becomes_a_dead_end_is_asked_about_and_its_keys_say_what_they_do() {
    let mut console = group();
    let before = console.stored();
    console
        .press(&[M])
        .says("- forbid row")
        .press(&[Key::char('-')])
        .reads("is a dead end")
        .says("Change the whole row");
    console.press(&[Key::char('n')]);
    assert_eq!(console.stored(), before);
    console.press(&[Key::char('-'), Y]).says("every presence was made unreachable from");
    assert_ne!(console.stored(), before);
    console.press(&[Key::char('+')]).does_not_say("Change the whole row").says("was made reachable");
}

#[test]
fn the_matrix_hears_what_others_change() {
    let mut console = group();
    console.press(&[M, Key::RIGHT, Key::RIGHT]).says("● outtolunch can be chosen from ● available");
    let configuration = console.elsewhere(|c| {
        let away = presence(c, "away");
        c.remove_presence(away).expect("away may go");
    });
    console.inner.handle(Event::Configuration(configuration));
    console.says("● outtolunch can be chosen from ● available").does_not_say("away");
}

#[test]
fn a_console_that_only_reads_shows_all_and_changes_nothing() {
    let mut console = TestConsole::with(Tab::Presences, fixtures::small_company(), Rights::ReadOnly, COLOR, (80, 24));
    console.press(&[Key::ENTER, Key::char('J')]).says("this console is read-only");
    console.press(&[M, Key::RIGHT, Key::SPACE]).says("this console is read-only");
    console.press(&[Key::char('+')]).says("this console is read-only");
    assert_eq!(console.stored(), fixtures::small_company());
}

/// The watcher reads, then this console saves, then it hears what was read.
#[test]
fn what_was_read_before_the_last_change_takes_nothing_back() {
    let mut console = TestConsole::at(Tab::Presences);
    let read = console.inner.app.configuration.clone();
    console.press(&[Key::char('a')]).write("night").press(&[Key::ctrl('s')]).says("night");
    console.inner.handle(Event::Configuration(read));
    console.says("● presence group \"night\"").press(&[Key::END, Key::ENTER]).says("› night");
}

#[test]
fn the_help_is_there_in_a_form_too() {
    let mut console = group();
    console.press(&[Key::char('a'), Key::F1]).says("Save and close");
    console.press(&[Key::ESC]).says("Presence name");
}

#[test]
fn a_color_is_taken_from_the_palette() {
    let mut console = group();
    console.press(&[Key::DOWN, Key::ENTER, Key::ctrl('p')]).says("only a color has a palette");
    console.press(&[Key::TAB, Key::TAB, Key::ctrl('p')]).says("#008080  teal");
    console.press(&[Key::DOWN, Key::ENTER, Key::ctrl('s')]);
    let stored = console.stored();
    let away = stored.presences.get(presence(&stored, "away")).expect("away").color;
    assert_eq!(away.to_string(), "#C0C0C0");
}

#[test]
fn groups_look_as_they_should() {
    let mut company = fixtures::small_company();
    let name = PresenceGroupName::parse("night-shift").expect("a name");
    let night = company.add_presence_group(name, Description::parse("For the night").expect("text")).expect("a group");
    let away = company.presence_named(night, "away").expect("away").id;
    company.set_reachable(away, &[]).expect("nothing is reached");
    assert_frames("presences-groups", Tab::Presences, &company, |console| {
        console.press(&[Key::DOWN]);
    });
}

#[test]
fn a_group_shows_its_presences_and_what_is_wrong_with_the_chosen_one() {
    let mut company = fixtures::small_company();
    let (available, lunch) = (presence(&company, "available"), presence(&company, "outtolunch"));
    company.set_reachable(lunch, &[]).expect("nothing is reached");
    for other in ["away", "donotdisturb", "berightback", "available"] {
        let other = presence(&company, other);
        company.remove_reachable(other, lunch).expect("it is not reached");
    }
    company.add_reachable(available, presence(&company, "disconnected")).expect("of the same group");
    let play = |keys: &'static [Key]| {
        move |console: &mut TestConsole| {
            console.press(keys);
        }
    };
    assert_frames("presences-group", Tab::Presences, &company, play(&[Key::ENTER, Key::DOWN, Key::DOWN]));
    assert_frames("presences-matrix", Tab::Presences, &company, play(&[Key::ENTER, M, Key::END, Key::UP, Key::RIGHT]));
    assert_frames("presences-removal", Tab::Presences, &company, play(&[Key::ENTER, Key::DOWN, D]));
}

#[test]
fn more_presences_than_have_room_are_scrolled_to() {
    let company = many_presences();
    assert_frames("presences-matrix-crowd", Tab::Presences, &company, |console| {
        console.press(&[Key::ENTER, M]).press(&[Key::DOWN; 20]).press(&[Key::RIGHT; 25]);
    });
    let mut console = TestConsole::with(Tab::Presences, company, Rights::Edit, COLOR, (80, 24));
    console.press(&[Key::ENTER, Key::END]).says("presence-number-30 (Presence 30)");
    console.press(&[M]).press(&[Key::RIGHT; 40]).says("columns 30 to 36 of 36");
    console.press(&[Key::LEFT; 40]).says("columns 1 to 7 of 36");
}

#[test]
fn the_form_of_a_presence_looks_as_it_should() {
    let company = fixtures::small_company();
    assert_frames("presences-form-error", Tab::Presences, &company, |console| {
        console.press(&[Key::ENTER, Key::char('a')]).write("lunch time").press(&[Key::TAB]).write("Lunch");
    });
    assert_frames("presences-palette", Tab::Presences, &company, |console| {
        console.press(&[Key::ENTER, Key::ENTER, Key::TAB, Key::ctrl('p')]);
    });
    assert_frames("presences-group-form-error", Tab::Presences, &company, |console| {
        console.press(&[Key::char('a')]).write("Xivo").press(&[Key::TAB]);
    });
}

#[test]
fn what_is_wrong_with_a_presence_and_has_one_way_out_is_fixed_by_a_key() {
    let mut console = TestConsole::at(Tab::Presences);
    let changed = console.elsewhere(|c| {
        let away = c.presences.find(|presence| presence.name.as_str() == "away").expect("a default").id;
        c.presences.edit(away, |presence| presence.reachable.clear());
    });
    console.inner.handle(Event::Configuration(changed));
    console.press(&[Key::ENTER]).does_not_say("F fixes it").press(&[Key::DOWN]).says("is a dead end");
    console.reads("F fixes it: allow the change from it to available").press(&[Key::char('F')]);
    console.reads("presence \"away\" was fixed").does_not_say("is a dead end");
    assert_eq!(console.stored().presence_findings(), []);
}

/// Whoever let a presence lead to one alone did not mean those that come later.
#[test]
fn a_new_presence_opens_none_that_leads_to_some_alone() {
    let mut console = TestConsole::at(Tab::Presences);
    console.press(&[Key::ENTER, Key::DOWN, Key::char('e'), Key::TAB, Key::TAB, Key::TAB, Key::ENTER]);
    console.press(&[Key::char('-'), Key::SPACE, Key::ENTER, Key::ctrl('s')]).says("was changed");
    console.press(&[Key::char('a')]).write("training").press(&[Key::TAB]).write("Training").press(&[Key::ctrl('s')]);
    let stored = console.stored();
    let of =
        |name: &str| stored.presences.find(|presence| presence.name.as_str() == name).expect("it is there").clone();
    let new = of("training");
    assert!(!of("away").reachable.contains(&new.id));
    assert!(of("available").reachable.contains(&new.id) && of("outtolunch").reachable.contains(&new.id));
    // What it is called itself is warned of where another one is called so.
    console.press(&[Key::char('a')]).write("other").press(&[Key::TAB]).write("Training");
    console.reads("presence \"training\" is called \"Training\" too: in clients nobody can tell the two apart");
}

#[test]
fn do_not_disturb_that_is_switched_both_ways_is_refused_in_words_of_the_form() {
    let mut console = TestConsole::at(Tab::Presences);
    console.press(&[Key::ENTER, Key::DOWN, Key::char('e')]).press(&[Key::TAB; 5]).press(&[Key::ENTER, Key::HOME]);
    console.press(&[Key::char('-'), Key::SPACE, Key::SPACE, Key::ENTER]);
    console.reads("switches do-not-disturb both on and off; only one can hold").does_not_say("enablednd");
}
