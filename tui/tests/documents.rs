//! The tables of keys in docs/console.md are what the keyboard obeys: made from `commands()` of each screen.
//! `CTIBOX_UPDATE_SNAPSHOTS=1` writes them anew.

use std::path::Path;

use super::TestConsole;
use crate::tui::key_hint::KeyHint;
use crate::tui::keys::Key;
use crate::tui::screens::help::{EVERYWHERE, FIELD_KEYS};
use crate::tui::tab::Tab;

fn table(rows: impl IntoIterator<Item = (String, String)>) -> String {
    let rows = rows.into_iter().map(|(keys, words)| format!("| {} | {words} |\n", keys.replace('|', "\\|")));
    format!("| key | what it does |\n|---|---|\n{}", rows.collect::<String>())
}

fn fixed(rows: &[(&str, &str)]) -> String {
    table(rows.iter().map(|(keys, words)| ((*keys).to_owned(), (*words).to_owned())))
}

fn offered(key_hints: &[KeyHint]) -> String {
    table(key_hints.iter().map(|key_hint| {
        let keys: Vec<String> = key_hint.keys.iter().map(ToString::to_string).collect();
        (keys.join(", "), key_hint.help.to_owned())
    }))
}

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
    let (enter, matrix) = (Key::ENTER, Key::char('m'));
    let mut tables = vec![
        ("everywhere", fixed(EVERYWHERE)),
        ("fields", fixed(FIELD_KEYS)),
        ("form", keys_of(Tab::Presences, &[Key::char('a')])),
        ("presence-group", keys_of(Tab::Presences, &[enter])),
        ("presence-matrix", keys_of(Tab::Presences, &[enter, matrix])),
        ("profile-general", keys_of(Tab::Profiles, &[enter])),
        ("profile-preferences", keys_of(Tab::Profiles, &[enter, Key::TAB, Key::TAB])),
        ("hint-group", keys_of(Tab::Hints, &[enter])),
        ("profile-xlets", keys_of(Tab::Profiles, &[enter, Key::TAB])),
        ("user", keys_of(Tab::Users, &[enter])),
        ("agents", keys_of(Tab::Queues, &[Key::TAB])),
        ("queue-members", keys_of(Tab::Queues, &[enter])),
        ("dial-rules", keys_of(Tab::Telephony, &[Key::TAB])),
        ("stored-certificates", keys_of(Tab::Certificates, &[Key::char('s')])),
    ];
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
