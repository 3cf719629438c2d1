//! Presences by keyboard: adding, changing, ordering, removing, and the matrix. The rules are broken in `presence_rules`.

use super::{COLOR, Desk, assert_looks};
use crate::settings::configuration::Configuration;
use crate::settings::fixtures;
use crate::settings::id::{Id as _, PresenceGroupId, PresenceId};
use crate::settings::name::{Description, DisplayName, PresenceGroupName, PresenceName};
use crate::tui::Rights;
use crate::tui::keys::Key;
use crate::tui::news::News;
use crate::tui::office::Server;
use crate::tui::screen::Place;

const D: Key = Key::char('d');
const M: Key = Key::char('m');
const Y: Key = Key::char('y');

fn group() -> Desk {
    let mut desk = Desk::at(Place::Presences);
    desk.press(&[Key::ENTER]);
    desk
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
fn crowd() -> Configuration {
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
    let mut desk = group();
    desk.press(&[Key::char('a')]).write("lunch").press(&[Key::TAB]).write("At lunch");
    desk.press(&[Key::TAB, Key::ctrl('u')]).write("green").press(&[Key::ctrl('s')]);
    desk.says("presence \"lunch\" was added").says("── lunch (At lunch)").does_not_say("dead end");
    let stored = desk.stored();
    let lunch = stored.presences.get(presence(&stored, "lunch")).expect("it is stored");
    assert_eq!((lunch.display.as_str(), lunch.color.to_string().as_str()), ("At lunch", "#008000"));
    assert_eq!(reached(&stored, "lunch"), ["available", "away", "outtolunch", "donotdisturb", "berightback"]);
    assert_eq!(reached(&stored, "away"), ["available", "outtolunch", "donotdisturb", "berightback", "lunch"]);
    assert_eq!(reached(&stored, "disconnected"), [""; 0]);
}

#[test]
fn a_copy_does_and_reaches_what_the_first_one_does() {
    let mut desk = group();
    desk.press(&[Key::DOWN, Key::char('c'), Key::ctrl('s')]).says("presence \"away-copy\" was added");
    let stored = desk.stored();
    let of = |name| stored.presences.get(presence(&stored, name)).expect("it is there");
    assert_eq!((of("away").color, &of("away").actions), (of("away-copy").color, &of("away-copy").actions));
    assert_eq!(reached(&stored, "away-copy"), ["available", "outtolunch", "donotdisturb", "berightback"]);
    assert!(reached(&stored, "available").contains(&"away-copy".to_owned()));
}

#[test]
fn a_presence_is_renamed_and_keeps_its_place_everywhere() {
    let mut desk = group();
    desk.press(&[Key::DOWN, Key::ENTER, Key::ctrl('u')]).write("out").press(&[Key::ctrl('s')]);
    desk.says("presence \"away\" was changed and is called \"out\" now");
    assert!(reached(&desk.stored(), "available").contains(&"out".to_owned()));
}

#[test]
fn actions_are_marked_in_the_order_in_which_they_run() {
    let mut desk = group();
    desk.press(&[Key::DOWN, Key::ENTER, Key::BACK_TAB, Key::ENTER]);
    desk.press(&[Key::END, Key::SPACE, Key::ENTER, Key::ctrl('s')]).says("DND off, log off");
    desk.says("switch do-not-disturb off, then log the agent off");
}

#[test]
fn presences_are_put_in_another_order() {
    let mut desk = group();
    desk.press(&[Key::DOWN, Key::char('K')]).says("presence \"away\" was moved up");
    assert_eq!(order(&desk.stored())[..2], ["away", "available"]);
    desk.press(&[Key::char('K')]).says("it is the first already");
    desk.press(&[Key::char('J'), Key::char('J')]);
    assert_eq!(order(&desk.stored())[..3], ["available", "outtolunch", "away"]);
    desk.press(&[Key::ctrl('z'), Key::ctrl('z'), Key::ctrl('z')]);
    assert_eq!(order(&desk.stored()), order(&fixtures::small_company()));
}

#[test]
fn removing_says_first_who_has_it_and_from_where_it_is_chosen() {
    let mut desk = group();
    desk.connect(&[("alice", "away"), ("bob", "away"), ("alice", "away"), ("carol", "available")]);
    desk.press(&[Key::DOWN, D]);
    desk.reads("2 connected users will be moved to Available: alice, bob.");
    desk.says("4 presences can reach it: available, outtolunch, donotdisturb,");
    desk.press(&[Key::char('n')]);
    assert_eq!(desk.stored().presences.len(), 6);
    desk.press(&[D, Y]).says("presence \"away\" was removed");
    let stored = desk.stored();
    assert_eq!(reached(&stored, "available"), ["outtolunch", "donotdisturb", "berightback"], "rule P11");
    desk.press(&[Key::ctrl('z')]).says("undone");
    assert!(reached(&desk.stored(), "available").contains(&"away".to_owned()));
}

#[test]
fn removing_says_when_nobody_has_it_or_nobody_knows() {
    let mut desk = group();
    desk.press(&[Key::DOWN, D]).says("The server has not said who is connected").press(&[Key::ESC]);
    desk.console.hear(News::Server(Server::NotRunning));
    desk.press(&[D]).says("the server does not run").press(&[Key::ESC]);
    desk.connect(&[("carol", "available")]);
    desk.press(&[D]).says("No connected user has it.");
}

#[test]
fn a_cell_of_the_matrix_is_a_change_of_its_own() {
    let mut desk = group();
    desk.press(&[Key::DOWN, M]).says("from away").press(&[Key::SPACE]);
    desk.says("\"available\" cannot be chosen from \"away\" any more");
    assert_eq!(reached(&desk.stored(), "away"), ["outtolunch", "donotdisturb", "berightback"]);
    desk.press(&[Key::SPACE]).says("\"available\" can be chosen from \"away\" now");
    desk.press(&[Key::char('-')]).says("no presence can be chosen from \"away\" now");
    desk.says("is a dead end");
    desk.press(&[Key::ctrl('z'), Key::ctrl('z'), Key::ctrl('z')]);
    assert_eq!(reached(&desk.stored(), "away"), reached(&fixtures::small_company(), "away"));
    desk.press(&[Key::RIGHT, Key::SPACE]).says("\"away\" can always stay what it is");
    desk.press(&[Key::char('-'), Key::char('+'), M]).says("on entering");
    assert_eq!(reached(&desk.stored(), "away"), reached(&fixtures::small_company(), "away"));
}

#[test]
fn the_matrix_hears_what_others_change() {
    let mut desk = group();
    desk.press(&[M, Key::RIGHT, Key::RIGHT]).says("outtolunch can be chosen from available");
    let configuration = desk.elsewhere(|c| {
        let away = presence(c, "away");
        c.remove_presence(away).expect("away may go");
    });
    desk.console.hear(News::Configuration(configuration));
    desk.says("outtolunch can be chosen from available").does_not_say("away");
}

#[test]
fn a_console_that_only_reads_shows_all_and_changes_nothing() {
    let mut desk = Desk::with(Place::Presences, fixtures::small_company(), Rights::ReadOnly, COLOR, (80, 24));
    desk.press(&[Key::ENTER, Key::char('J')]).says("this console only reads");
    desk.press(&[M, Key::RIGHT, Key::SPACE]).says("this console only reads");
    desk.press(&[Key::char('+')]).says("this console only reads");
    assert_eq!(desk.stored(), fixtures::small_company());
}

/// The watcher reads, then this console saves, then it hears what was read.
#[test]
fn what_was_read_before_the_last_change_takes_nothing_back() {
    let mut desk = Desk::at(Place::Presences);
    let read = desk.console.office.configuration.clone();
    desk.press(&[Key::char('a')]).write("night").press(&[Key::ctrl('s')]).says("night");
    desk.console.hear(News::Configuration(read));
    desk.says("● presence group \"night\"").press(&[Key::END, Key::ENTER]).says("› night");
}

#[test]
fn the_help_is_there_in_a_form_too() {
    let mut desk = group();
    desk.press(&[Key::char('a'), Key::F1]).says("Save and close");
    desk.press(&[Key::ESC]).says("Presence name");
}

#[test]
fn a_color_is_taken_from_the_palette() {
    let mut desk = group();
    desk.press(&[Key::DOWN, Key::ENTER, Key::ctrl('p')]).says("only a color has a palette");
    desk.press(&[Key::TAB, Key::TAB, Key::ctrl('p')]).says("#008080  teal");
    desk.press(&[Key::DOWN, Key::ENTER, Key::ctrl('s')]);
    let stored = desk.stored();
    let away = stored.presences.get(presence(&stored, "away")).expect("away").color;
    assert_eq!(away.to_string(), "#C0C0C0");
}

#[test]
fn groups_look_as_they_should() {
    let mut office = fixtures::small_company();
    let name = PresenceGroupName::parse("night-shift").expect("a name");
    let night = office.add_presence_group(name, Description::parse("For the night").expect("text")).expect("a group");
    let away = office.presence_named(night, "away").expect("away").id;
    office.set_reachable(away, &[]).expect("nothing is reached");
    assert_looks("presences-groups", Place::Presences, &office, |desk| {
        desk.press(&[Key::DOWN]);
    });
}

#[test]
fn a_group_shows_its_presences_and_what_is_wrong_with_the_chosen_one() {
    let mut office = fixtures::small_company();
    let (available, lunch) = (presence(&office, "available"), presence(&office, "outtolunch"));
    office.set_reachable(lunch, &[]).expect("nothing is reached");
    for other in ["away", "donotdisturb", "berightback", "available"] {
        let other = presence(&office, other);
        office.remove_reachable(other, lunch).expect("it is not reached");
    }
    office.add_reachable(available, presence(&office, "disconnected")).expect("of the same group");
    let play = |keys: &'static [Key]| {
        move |desk: &mut Desk| {
            desk.press(keys);
        }
    };
    assert_looks("presences-group", Place::Presences, &office, play(&[Key::ENTER, Key::DOWN, Key::DOWN]));
    assert_looks("presences-matrix", Place::Presences, &office, play(&[Key::ENTER, M, Key::END, Key::UP, Key::RIGHT]));
    assert_looks("presences-removal", Place::Presences, &office, play(&[Key::ENTER, Key::DOWN, D]));
}

#[test]
fn more_presences_than_have_room_are_scrolled_to() {
    let office = crowd();
    assert_looks("presences-matrix-crowd", Place::Presences, &office, |desk| {
        desk.press(&[Key::ENTER, M]).press(&[Key::DOWN; 20]).press(&[Key::RIGHT; 25]);
    });
    let mut desk = Desk::with(Place::Presences, office, Rights::Edit, COLOR, (80, 24));
    desk.press(&[Key::ENTER, Key::END]).says("presence-number-30 (Presence 30)");
    desk.press(&[M]).press(&[Key::RIGHT; 40]).says("columns 30 to 36 of 36");
    desk.press(&[Key::LEFT; 40]).says("columns 1 to 7 of 36");
}

#[test]
fn the_form_of_a_presence_looks_as_it_should() {
    let office = fixtures::small_company();
    assert_looks("presences-form-error", Place::Presences, &office, |desk| {
        desk.press(&[Key::ENTER, Key::char('a')]).write("lunch time").press(&[Key::TAB]).write("Lunch");
    });
    assert_looks("presences-palette", Place::Presences, &office, |desk| {
        desk.press(&[Key::ENTER, Key::ENTER, Key::TAB, Key::ctrl('p')]);
    });
    assert_looks("presences-group-form-error", Place::Presences, &office, |desk| {
        desk.press(&[Key::char('a')]).write("Xivo").press(&[Key::TAB]);
    });
}
