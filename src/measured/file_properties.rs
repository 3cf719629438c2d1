//! What must be true of any file that an administrator imports, as assertions: `fuzz/` tries them on as many files as it
//! can make. A file is read or refused, never more than that; what was read and is written again is read as the same.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};

use serde_json::Value;
use uuid::Uuid;

use super::Fixture;
use crate::config::{self, Effective, FileKind, FileLayer, Overrides, Program, SettingsFile};
use crate::exchange::csv::{self, CsvTable};
use crate::exchange::document::{self, Secrets};
use crate::exchange::phone_book::{self, EntryFile, Format};
use crate::exchange::user_import::{Existing, Means, Plan, UserTable};
use crate::settings::id::{Id as _, PhoneBookEntryId, UserUuid};
use crate::settings::phone_book::PhoneBookEntry;
use crate::settings::setting::Layer;
use crate::settings::whole::WholeConfiguration;

const MOST_CELLS: usize = 64;

/// What is there already: some people with lines.
fn present() -> &'static WholeConfiguration {
    static PRESENT: OnceLock<WholeConfiguration> = OnceLock::new();
    PRESENT.get_or_init(|| Fixture::of(3).whole())
}

/// A table has as many cells in each row as columns, and is the same when it is written and read again.
///
/// # Panics
/// If that is not so.
pub fn check_table(bytes: &[u8]) {
    entries_come_back(bytes, Format::Csv);
    let text = String::from_utf8_lossy(bytes);
    let Ok(table) = CsvTable::read(&text, MOST_CELLS, |name| name == "number") else { return };
    let columns = table.columns.clone();
    assert!(columns.len() <= MOST_CELLS);
    let rows: Vec<Vec<String>> = table.filter_map(|row| row.cells.ok()).collect();
    assert!(rows.iter().all(|row| row.len() == columns.len()));
    if columns.iter().all(|column| column.is_empty()) {
        return; // an empty line names no columns
    }
    let mut written = "sep=,\r\n".to_owned();
    for row in std::iter::once(&columns).chain(&rows) {
        csv::write(row.iter().map(String::as_str), &mut written);
    }
    let again = CsvTable::read(&written, MOST_CELLS, |_| false).expect("what was read is a table");
    assert_eq!(again.columns, columns);
    let again: Vec<Vec<String>> = again.map(|row| row.cells.expect("a good row stays one")).collect();
    assert_eq!(again, rows);
}

/// Cards are entries or named by their lines, and what was read of them is read again from what is written.
///
/// # Panics
/// If that is not so.
pub fn check_cards(bytes: &[u8]) {
    entries_come_back(bytes, Format::Vcard);
}

fn entries_come_back(bytes: &[u8], format: Format) {
    let Ok(file) = EntryFile::read(bytes, format, None) else { return };
    // Cards may have line ends of any kind.
    let lines = 1 + bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64;
    assert!(file.entries.iter().all(|entry| (1..=lines).contains(&entry.line)));
    let entry = |(id, details)| PhoneBookEntry { id: PhoneBookEntryId::new(id), version: 1, details, context: None };
    let details = file.entries.iter().map(|entry| entry.details.clone());
    let entries: Vec<PhoneBookEntry> = (1..).zip(details).map(entry).collect();
    let written = phone_book::write(entries.iter(), present(), format);
    let again = EntryFile::read(written.as_bytes(), format, None).expect("what was written is text");
    assert!(again.failed.is_empty(), "{:?} of\n{written}", again.failed);
    let details: Vec<_> = again.entries.iter().map(|entry| &entry.details).collect();
    let expected: Vec<_> = entries.iter().map(|entry| &entry.details).collect();
    assert_eq!(details, expected, "{written}");
}

/// Every line of a table of users has a fate, and the good ones can be written.
///
/// # Panics
/// If that is not so.
pub fn check_users(bytes: &[u8]) {
    let Ok(table) = UserTable::read(bytes, None) else { return };
    for existing in [Existing::LeftAlone, Existing::Changed] {
        let plan = Plan::of(&table, existing, present());
        let refused = plan.refused().count();
        assert_eq!(plan.lines.len(), plan.added() + plan.changed() + plan.unchanged() + refused);
        assert!(plan.refused().all(|(_, reasons)| !reasons.is_empty()));
        assert!(existing == Existing::Changed || plan.changed() + plan.unchanged() == 0);
        let means =
            Means { uuid: || UserUuid::new(Uuid::from_u128(1 << 64)), salt: || [0; 16], threads: NonZeroUsize::MIN };
        // Two new users would share the one UUID, and a password takes its time to be hashed.
        if plan.added() <= 1 && plan.passwords() == 0 {
            let hashes = plan.hashed(&means, |_| ControlFlow::<()>::Continue(()));
            let ControlFlow::Continue(hashes) = hashes else { unreachable!("nobody breaks it off") };
            assert!(plan.applied(&table, &hashes, &means, present()).is_ok(), "a good line is refused");
        }
    }
}

/// A settings file says something of keys or is wrong somewhere in it, whosever it is; what cannot be taken over leaves what
/// was.
///
/// # Panics
/// If that is not so.
pub fn check_settings(bytes: &[u8]) {
    let lines = 1 + bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
    let file = |program, kind| SettingsFile { program, kind, path: "a.yml".to_owned(), bytes: Ok(bytes.to_vec()) };
    for program in [Program::Ctibox, Program::XivoCtid, Program::XivoAuth] {
        let layer = config::layer_of(&[file(program, FileKind::Extra), file(program, FileKind::Main)]);
        assert!(
            layer.findings().iter().all(|finding| finding.place.line as usize <= lines && finding.place.column > 0)
        );
        assert!(layer.findings().iter().all(|finding| !finding.to_string().contains(char::is_control)));
        let overrides = |layer| Overrides { files: Arc::new(layer), ..Overrides::default() };
        let in_force = overrides(layer.clone().over(&FileLayer::default()));
        let effective = Effective::new(&Layer::new(), &in_force);
        assert_eq!(effective, Effective::new(&Layer::new(), &overrides(layer.clone().over(&in_force.files))));
        drop(effective.general());
    }
}

/// A document is a configuration without errors or is refused, and a configuration is written as a document of itself.
/// Members of an object that is no document stand in the place of those of a good one.
///
/// # Panics
/// If that is not so.
pub fn check_document(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    read_document(text);
    if let Ok(Value::Object(members)) = serde_json::from_str(text) {
        let mut whole = good_document().clone();
        for (name, value) in members {
            whole[name.as_str()] = value;
        }
        read_document(&whole.to_string());
    }
}

fn good_document() -> &'static Value {
    static GOOD: OnceLock<Value> = OnceLock::new();
    GOOD.get_or_init(|| serde_json::from_str(&document::write(present(), Secrets::Included)).expect("it is JSON"))
}

fn read_document(text: &str) {
    match document::read(text, present()) {
        Ok(new) => {
            let written = document::write(&new, Secrets::Included);
            let again = document::read(&written, &new);
            assert!(again.as_ref().is_ok_and(|again| *again == new), "{written}\n{again:?}");
        }
        Err(reasons) => assert!(!reasons.is_empty()),
    }
}
