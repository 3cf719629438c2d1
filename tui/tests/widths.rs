//! Every size of terminal: a telephone in the hand has all places, a wide one has list and detail side by side, and on none
//! a word of the key bar is cut.

use ratatui::buffer::Cell;

use super::snapshots::assert_snapshot;
use super::{COLOR, TestConsole};
use crate::settings::configuration::Configuration;
use crate::settings::fixtures;
use crate::tui::Rights;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const TELEPHONE: (u16, u16) = (60, 20);
const WIDE: (u16, u16) = (120, 40);
const WALL: (u16, u16) = (200, 60);

/// The places with what is opened there most often.
const SCREENS: [(&str, Tab, &[Key]); 19] = [
    ("overview", Tab::Overview, &[]),
    ("presences", Tab::Presences, &[]),
    ("presence-group", Tab::Presences, &[Key::ENTER]),
    ("presence-matrix", Tab::Presences, &[Key::ENTER, Key::char('m')]),
    ("presence-form", Tab::Presences, &[Key::ENTER, Key::char('a')]),
    ("profiles", Tab::Profiles, &[]),
    ("profile-xlets", Tab::Profiles, &[Key::ENTER, Key::TAB]),
    ("users", Tab::Users, &[]),
    ("user", Tab::Users, &[Key::ENTER]),
    ("user-form", Tab::Users, &[Key::char('a')]),
    ("hints", Tab::Hints, &[]),
    ("contexts", Tab::Contexts, &[]),
    ("queues", Tab::Queues, &[]),
    ("agents", Tab::Queues, &[Key::TAB]),
    ("settings", Tab::Settings, &[]),
    ("certificates", Tab::Certificates, &[]),
    ("sessions", Tab::Sessions, &[]),
    ("telephony", Tab::Telephony, &[]),
    ("history", Tab::History, &[]),
];

fn company() -> Configuration {
    fixtures::small_company()
}

fn console(tab: Tab, keys: &[Key], size: (u16, u16)) -> TestConsole {
    let mut console = TestConsole::with(tab, company(), Rights::Edit, COLOR, size);
    console.connect(&[("alice", "available"), ("bob", "away")]);
    console.press(keys);
    console
}

/// The certificate and the database have the real clock.
const TELLS_THE_TIME: [&str; 3] = ["overview", "certificates", "history"];

#[test]
fn the_main_places_on_a_telephone_and_on_a_wall() {
    for size in [TELEPHONE, WALL] {
        for (name, tab, keys) in SCREENS.into_iter().filter(|(name, ..)| !TELLS_THE_TIME.contains(name)) {
            let screen = console(tab, keys, size).screen();
            assert_snapshot(&format!("{name}-{}x{}", size.0, size.1), &screen);
        }
    }
}

#[test]
fn no_word_of_the_key_bar_is_cut_and_the_way_to_the_keys_always_stands_there() {
    for (name, tab, keys) in SCREENS {
        let mut console = console(tab, keys, (80, 24));
        for width in (60..=200).step_by(7) {
            console.resize((width, 24));
            let bar: String = {
                let buffer = console.draw();
                let last = buffer.content.chunks(usize::from(width)).last().unwrap_or_default();
                last.iter().map(Cell::symbol).collect()
            };
            let bar = bar.trim_end();
            assert!(bar.ends_with("? keys") || bar.ends_with("F1 keys"), "{name}, {width} columns: {bar}");
            let hints = console.inner.top().key_hints(&console.inner.app);
            let told = hints.iter().filter(|hint| hint.is_in_bar && !hint.is_hidden);
            let told: Vec<String> =
                told.map(|hint| format!("{} {}", hint.keys().next().expect("a key"), hint.words)).collect();
            let ends = ["q leave", "? keys", "F1 keys"].map(str::to_owned);
            let whole: Vec<&String> = told.iter().chain(&ends).collect();
            for words in bar.split("  ").map(str::trim) {
                assert!(whole.iter().any(|known| *known == words), "{name}, {width} columns: {words:?} in {bar}");
            }
        }
    }
}

#[test]
fn a_wide_terminal_shows_what_the_cursor_is_on_beside_the_list() {
    let mut console = console(Tab::Users, &[], WIDE);
    console.says("E-mail address  alice@example.org").says("1001");
    console.press(&[Key::DOWN]).says("E-mail address  bob@example.org").does_not_say("alice@example.org");
    // Enter goes into it, and it fills the body.
    console.press(&[Key::ENTER]).says("Users › bob").does_not_say("│");
    console.press(&[Key::ESC]).says("E-mail address  bob@example.org");
    console.resize((119, 40));
    console.does_not_say("E-mail address");
}

#[test]
fn each_list_of_a_wide_terminal_has_its_detail() {
    for (tab, keys, words) in [
        (Tab::Presences, &[][..], "── xivo"),
        (Tab::Profiles, &[], "xlet"),
        (Tab::Hints, &[], "the telephone is"),
        (Tab::Contexts, &[], "── default"),
        (Tab::Queues, &[Key::TAB], "works in"),
        (Tab::Settings, &[], "── client.enabled"),
        (Tab::Sessions, &[], "presence      ● Available (available)"),
    ] {
        console(tab, keys, WIDE).says(words).says("│");
    }
}

#[test]
fn from_160_columns_a_matrix_and_a_sketch_stand_beside_their_tables() {
    console(Tab::Presences, &[Key::ENTER], (160, 45)).says("from ↓   to →").says("on entering");
    console(Tab::Presences, &[Key::ENTER], (159, 45)).does_not_say("from ↓   to →");
    console(Tab::Profiles, &[], (160, 45)).says("XiVO Client");
    console(Tab::Profiles, &[], (159, 45)).does_not_say("XiVO Client");
}

#[test]
fn a_smaller_terminal_is_told_what_is_needed() {
    let mut console = console(Tab::Users, &[], (59, 20));
    console.says("ctibox needs 60x20; this is 59x20");
    console.resize((60, 19));
    console.says("ctibox needs 60x20; this is 60x19");
}

#[test]
fn on_a_telephone_the_box_of_an_import_says_all_of_it() {
    let mut console = console(Tab::Users, &[Key::char('i')], TELEPHONE);
    console.reads("A name without / first counts from where the console was started.");
    console.reads("sip_username, voicemail_number, voicemail_context").says("Zoe,zoe,a-good-one,1");
    console.resize(WIDE);
    console.says("firstname,username,password,cti_profile_name,cti_profile_enabled");
}

#[test]
fn on_a_telephone_the_same_as_a_command_breaks_its_lines_within_the_box() {
    let mut console = console(Tab::Users, &[Key::char('e'), Key::TAB], TELEPHONE);
    console.write("Ann-Katrin-of-the-long-name").press(&[Key::ctrl('s')]).says("was changed");
    console.press(&[Key::char('y')]);
    console.reads("user edit alice --first-name Ann-Katrin-of-the-long-name");
}

#[test]
fn on_a_telephone_telephony_says_all_that_there_is_to_do_and_how_many_settings_there_are() {
    let mut console = console(Tab::Telephony, &[], TELEPHONE);
    console.reads("`ctibox asterisk dialplan --to DIR` makes one and writes the account").says(" 1 of 7 ");
    console.press(&[Key::END]).says(" 7 of 7 ").says("agi.listen");
}
