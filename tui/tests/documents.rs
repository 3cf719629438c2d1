//! The tables of keys in docs/console.md are what the keyboard obeys: made from `commands()` of each screen.
//! `CTIBOX_UPDATE_SNAPSHOTS=1` writes them anew.

use std::path::Path;

use super::{COLOR, TestConsole};
use crate::settings::fixtures;
use crate::tui::Rights;
use crate::tui::key_hint::KeyHint;
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::screens::help::FIELD_KEYS;
use crate::tui::tab::Tab;

fn table(rows: impl IntoIterator<Item = (String, String)>) -> String {
    let rows = rows.into_iter().map(|(keys, words)| format!("| {} | {words} |\n", keys.replace('|', "\\|")));
    format!("| key | what it does |\n|---|---|\n{}", rows.collect::<String>())
}

fn fixed(rows: &[(&str, &str)]) -> String {
    table(rows.iter().map(|(keys, words)| ((*keys).to_owned(), (*words).to_owned())))
}

/// What each key of these means.
fn meanings(actions: impl Iterator<Item = Action>) -> String {
    table(actions.map(|action| (action.key_words(), action.meaning().to_owned())))
}

/// Moving is told once for all lists.
fn offered(key_hints: &[KeyHint]) -> String {
    table(key_hints.iter().filter(|key_hint| !key_hint.is_move()).map(|key_hint| {
        let keys: Vec<String> = key_hint.keys().map(|key| key.to_string()).collect();
        (keys.join(", "), key_hint.help.to_owned())
    }))
}

/// Screens of a place behind its first: the name of the table, the place, what is pressed there.
pub(super) const SCREENS: &[(&str, Tab, &[Key])] = &[
    ("form", Tab::Presences, &[Key::char('a')]),
    ("presence-group", Tab::Presences, &[Key::ENTER]),
    ("hint-group", Tab::Hints, &[Key::ENTER]),
    ("presence-matrix", Tab::Presences, &[Key::ENTER, Key::char('m')]),
    ("profile-general", Tab::Profiles, &[Key::ENTER]),
    ("profile-preferences", Tab::Profiles, &[Key::ENTER, Key::TAB, Key::TAB]),
    ("profile-xlets", Tab::Profiles, &[Key::ENTER, Key::TAB]),
    ("user", Tab::Users, &[Key::ENTER]),
    ("agents", Tab::Queues, &[Key::TAB]),
    ("queue-members", Tab::Queues, &[Key::ENTER]),
    ("dial-rules", Tab::Telephony, &[Key::TAB]),
    ("stored-certificates", Tab::Certificates, &[Key::char('l')]),
];

/// The screen of a place after these keys.
fn keys_of(tab: Tab, keys: &[Key]) -> String {
    let mut console = TestConsole::at(tab);
    console.press(keys);
    offered(&console.inner.top().key_hints(&console.inner.app))
}

#[test]
fn the_tables_of_keys_are_what_the_keyboard_obeys() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/console.md");
    let document = std::fs::read_to_string(&path).expect("the document is there");
    let mut tables = vec![
        ("everywhere", meanings(Action::EVERYWHERE.into_iter())),
        ("meanings", meanings(Action::all().filter(|action| !Action::EVERYWHERE.contains(action)))),
        ("fields", fixed(FIELD_KEYS)),
    ];
    tables.extend(SCREENS.iter().map(|(name, tab, keys)| (*name, keys_of(*tab, keys))));
    let mut nobody = TestConsole::with(Tab::Overview, fixtures::defaults(), Rights::Edit, COLOR, (80, 24));
    nobody.draw();
    tables.push(("first-run", offered(&nobody.inner.top().key_hints(&nobody.inner.app))));
    let places = Tab::ALL.into_iter().filter(|tab| *tab != Tab::Help);
    tables.extend(places.map(|tab| (tab.as_str(), keys_of(tab, &[]))));
    let mut text = document.clone();
    for (name, table) in tables {
        let mark = format!("<!-- keys: {name} -->\n");
        let (before, rest) = text.split_once(&mark).unwrap_or_else(|| panic!("there is no {mark}"));
        let (_, after) = rest.split_once("<!-- end -->").expect("each block has an end");
        text = format!("{before}{mark}{table}<!-- end -->{after}");
    }
    if std::env::var_os("CTIBOX_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, text).expect("the document can be written");
        return;
    }
    assert!(document == text, "CTIBOX_UPDATE_SNAPSHOTS=1 writes the tables anew; they are now\n{text}");
}
