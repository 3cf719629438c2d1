//! Each finding, provoked.

use std::fs;
use std::net::TcpListener;

use tempfile::TempDir;

use crate::certificate::ensure_fallback;
use crate::settings::default::Language;
use crate::settings::fixtures;
use crate::settings::id::{Id as _, ServerUuid};
use crate::settings::setting::{Key, SettingValue};
use crate::settings::table::Kind;
use crate::store::tests::corrupt::{Damage, corrupt};
use crate::store::{Intent, Origin, OriginKind, Store, database};

use super::*;

/// A data folder whose port is any free one, so that no test meets another.
fn folder(settings: &[(Key, &str)]) -> (TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let uuid = ServerUuid::parse("6b1ef8a6-9b2c-4a9c-8e0e-0d6f5a1f1c11").expect("a UUID");
    let store = Store::open(folder.path(), || Configuration::default_data(uuid, Language::English));
    let store = store.expect("a database").store;
    let all = [(Key::ClientPort, "0"), (Key::ClientListen, "127.0.0.1")].into_iter().chain(settings.iter().copied());
    let origin = Origin { user: "root".to_owned(), from: OriginKind::Cli, intent: Intent::Edit };
    store
        .change(&origin, |it| {
            for (key, text) in all {
                it.settings.insert(key, SettingValue::parse(key, text)?);
            }
            Ok(())
        })
        .expect("taken");
    (folder, store)
}

fn run_now(folder: &Path) -> Report {
    run(folder, &Overrides::default(), OffsetDateTime::now_utc())
}

/// The findings that are about something whose name begins so, as severity and words.
fn about(folder: &Path, on: &str) -> Vec<(Severity, String)> {
    let findings = run_now(folder).findings.into_iter().filter(|finding| finding.on.to_string().starts_with(on));
    findings
        .map(|finding| {
            assert!(!finding.remedy.to_string().is_empty());
            (finding.severity, finding.defect.with_rule())
        })
        .collect()
}

/// The same after the database was closed and damaged.
fn about_spoilt(damage: Damage, on: &str) -> Vec<(Severity, String)> {
    let (folder, store) = folder(&[]);
    drop(store);
    corrupt(folder.path(), damage);
    about(folder.path(), on)
}

fn file_names(folder: &Path) -> Vec<std::ffi::OsString> {
    let mut names: Vec<_> =
        fs::read_dir(folder).expect("readable").map(|entry| entry.expect("readable").file_name()).collect();
    names.sort();
    names
}

#[test]
fn a_missing_or_empty_folder_is_no_finding() {
    let parent = tempfile::tempdir().expect("a folder");
    let report = run_now(&parent.path().join("none"));
    assert_eq!((report.subject, report.has_errors()), (Subject::NoFolder, false));
    let report = run_now(parent.path());
    assert_eq!((report.subject, report.findings.len()), (Subject::NoDatabase, 0));
    assert!(file_names(parent.path()).is_empty());
}

#[test]
fn a_sound_folder_has_no_findings_and_is_not_touched() {
    let (folder, store) = folder(&[]);
    drop(store);
    ensure_fallback(folder.path()).expect("a pair");
    let before = (file_names(folder.path()), fs::read(database(folder.path())).expect("readable"));
    let report = run_now(folder.path());
    assert_eq!((report.subject, report.findings), (Subject::Database, Vec::new()));
    assert!((file_names(folder.path()), fs::read(database(folder.path())).expect("readable")) == before);
}

#[test]
fn a_folder_that_is_a_file_and_a_database_that_is_none_are_errors() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ctibox.db");
    fs::write(&file, "no database").expect("written");
    assert!(run_now(folder.path()).has_errors());
    assert!(run_now(&file).has_errors());
}

#[test]
fn a_file_that_is_not_sound_is_an_error() {
    let found = about_spoilt(Damage::Index, "database");
    assert!(found.iter().all(|(severity, _)| *severity == Severity::Error) && !found.is_empty(), "{found:?}");
}

#[test]
fn a_trigger_of_somebodys_own_is_an_error_and_a_table_a_warning() {
    let found = about_spoilt(Damage::Trigger, "database");
    assert!(matches!(&found[..], [(Severity::Error, words)] if words.contains("trigger \"evil\"")), "{found:?}");
    let found = about_spoilt(Damage::Table, "database");
    let is_told = |part: &str| found.iter().any(|(_, words)| words.contains(part));
    assert!(is_told("table \"notes\"") && is_told("index \"notes_text\" on \"notes\""), "{found:?}");
    assert!(found.iter().all(|(severity, _)| *severity == Severity::Warning), "{found:?}");
}

#[test]
fn a_reference_to_nothing_is_an_error() {
    let found = about_spoilt(Damage::Reference, "database");
    assert!(found.iter().any(|(_, words)| words.contains("refers to a presence_group")), "{found:?}");
}

#[test]
fn a_value_that_cannot_be_read_is_an_error() {
    let found = about_spoilt(Damage::Value, "database");
    assert!(found.iter().any(|(_, words)| words.contains("is damaged")), "{found:?}");
}

#[test]
fn a_broken_rule_is_an_error_and_names_the_rule() {
    let found = about_spoilt(Damage::Rule, "presence group");
    assert!(
        found.iter().any(|(severity, words)| *severity == Severity::Error && words.contains("rule P9")),
        "{found:?}"
    );
}

#[test]
fn a_stored_setting_that_nothing_acts_by_is_an_error() {
    let (folder, store) = folder(&[]);
    let origin = Origin { user: "root".to_owned(), from: OriginKind::Import, intent: Intent::Edit };
    let legacy = SettingValue::parse(Key::EncryptionAllowLegacyTls, "true").expect("a value");
    store.change(&origin, |it| Ok(it.settings.insert(legacy.key(), legacy))).expect("taken");
    let found = about(folder.path(), "setting encryption.allow_legacy_tls");
    let told = matches!(&found[..], [(Severity::Error, words)] if words.contains("has no effect"));
    assert_eq!(told, cfg!(not(feature = "legacy-tls")), "{found:?}");
}

#[test]
fn a_warning_alone_is_no_error() {
    let (folder, _store) = folder(&[(Key::EncryptionMode, "off")]);
    let report = run_now(folder.path());
    assert!(!report.has_errors());
    assert!(report.findings.iter().any(|finding| finding.breaks(Rule::G5)), "{report:?}");
}

#[test]
fn a_port_that_another_program_has_is_an_error_unless_it_is_this_folders_server() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("an address").port();
    let (folder, _store) = folder(&[(Key::ClientPort, &port.to_string())]);
    let found = about(folder.path(), &format!("address 127.0.0.1:{port}"));
    assert!(matches!(&found[..], [(Severity::Error, words)] if words.contains("cannot be listened on")), "{found:?}");
    let lock = ServerLock::take(folder.path()).expect("free");
    assert!(about(folder.path(), "address").is_empty());
    drop(lock);
    drop(taken);
    assert!(about(folder.path(), "address").is_empty());
}

#[test]
fn an_address_of_another_host_is_an_error() {
    let (folder, _store) = folder(&[(Key::ClientListen, "192.0.2.1"), (Key::ClientPort, "5003")]);
    let found = about(folder.path(), "address 192.0.2.1:5003");
    assert!(matches!(found[..], [(Severity::Error, _)]), "{found:?}");
}

#[test]
fn a_finding_knows_the_object_that_is_to_be_edited() {
    let (folder, store) = folder(&[
        (Key::ClientListen, "192.0.2.1"),
        (Key::ClientPort, "5003"),
        (Key::EncryptionMode, "off"),
        (Key::ContextSeparation, "true"),
    ]);
    let origin = Origin { user: "root".to_owned(), from: OriginKind::Cli, intent: Intent::Edit };
    let stranded = store.change(&origin, |it| Ok(fixtures::add_user(it, "stranded").number())).expect("taken").value;
    let about: Vec<_> = run_now(folder.path()).findings.iter().filter_map(|finding| finding.about).collect();
    let setting = |key: Key| (Kind::Setting, key.place());
    let expected = [(Kind::User, stranded), setting(Key::EncryptionMode), setting(Key::ClientListen)];
    assert_eq!(about, expected);
}

#[test]
fn a_certificate_that_expires_is_a_warning_and_then_an_error() {
    let (folder, _store) = folder(&[]);
    assert!(about(folder.path(), "certificate").is_empty(), "a missing fallback pair is made at the next start");
    let pair = ensure_fallback(folder.path()).expect("a pair").paths;
    let end = crate::certificate::load_pair(&pair).expect("a pair").description.not_after;
    for (days_before, expected) in [(40, None), (10, Some(Severity::Warning)), (-1, Some(Severity::Error))] {
        let report = run(folder.path(), &Overrides::default(), end - time::Duration::days(days_before));
        assert_eq!(report.findings.first().map(|finding| finding.severity), expected, "{days_before}");
    }
}

#[test]
fn a_named_pair_that_cannot_be_used_is_an_error() {
    let (one, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let one = ensure_fallback(one.path()).map(|made| (made.paths, one)).expect("a pair");
    let other = ensure_fallback(other.path()).map(|made| (made.paths, other)).expect("a pair");
    let text = one.1.path().join("text.pem");
    fs::write(&text, "not PEM").expect("written");
    for (certificate, key) in [
        (Path::new("/nowhere/a.crt"), one.0.key.as_path()),
        (&text, &one.0.key),
        (&one.0.certificate, &text),
        (&one.0.certificate, &other.0.key),
    ] {
        let named = [
            (Key::EncryptionCertificate, &*certificate.to_string_lossy()),
            (Key::EncryptionKeyFile, &*key.to_string_lossy()),
        ];
        let (folder, _store) = folder(&named);
        let report = run_now(folder.path());
        assert!(report.has_errors(), "{} {}: {report:?}", certificate.display(), key.display());
    }
}
