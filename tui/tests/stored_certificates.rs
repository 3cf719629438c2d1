//! The pairs that the data folder keeps under names, by keyboard: added, made, asked for, given to clients, removed.

use std::path::{Path, PathBuf};

use rcgen::{CertificateParams, CertificateSigningRequestParams, Issuer, KeyPair};
use tempfile::TempDir;

use super::TestConsole;
use super::overview::{running, sessions};
use super::sessions::serve_responses;
use super::snapshots::assert_frames;
use crate::certificate::{CertificateStore, Content, PairPaths, ensure_fallback};
use crate::control;
use crate::settings::fixtures;
use crate::settings::setting::{Key as Setting, SettingValue};
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const SAVE: Key = Key::ctrl('s');

fn stored() -> TestConsole {
    let mut console = TestConsole::at(Tab::Certificates);
    console.press(&[Key::char('l')]).says("No pair is stored");
    console
}

fn outside() -> (TempDir, PairPaths) {
    let folder = TempDir::new().expect("a folder");
    let paths = ensure_fallback(folder.path()).expect("a pair").paths;
    (folder, paths)
}

/// Fills in the form that adds a pair.
fn add(console: &mut TestConsole, name: &str, certificate: &Path, key: Option<&Path>) {
    console.press(&[Key::char('a')]).write(name).press(&[Key::TAB]).write(&certificate.to_string_lossy());
    console.press(&[Key::TAB]).write(&key.map(Path::to_string_lossy).unwrap_or_default()).press(&[SAVE]);
}

fn names(console: &TestConsole) -> Vec<String> {
    let listed = CertificateStore::of(console.folder()).list().expect("a folder");
    listed.iter().map(|stored| stored.name.to_string()).collect()
}

fn named(console: &TestConsole) -> Vec<PathBuf> {
    let settings = console.stored().settings;
    let keys = [Setting::EncryptionCertificate, Setting::EncryptionKeyFile];
    keys.iter().filter_map(|key| settings.get(key)).map(|value| PathBuf::from(value.reveal())).collect()
}

#[test]
fn a_pair_is_added_given_to_clients_and_removed_when_it_is_not_in_use() {
    let (_folder, from) = outside();
    let mut console = stored();
    add(&mut console, "www.example.org", &from.certificate, Some(&from.key));
    console.says("the certificate www.example.org is stored; Enter uses it for clients").says("until ");
    assert_eq!(names(&console), ["www.example.org"]);
    let (certificate, key) = (from.certificate.display(), from.key.display());
    assert_eq!(console.same_commands(), [format!("certificate add www.example.org {certificate} {key}")]);
    // The name is taken.
    add(&mut console, "www.example.org", &from.certificate, Some(&from.key));
    console.reads("there is a certificate www.example.org already").press(&[Key::ESC, Key::char('d')]);
    console.press(&[Key::ENTER]).says("Use www.example.org for clients?").press(&[Key::char('y')]);
    console.says("clients get the certificate www.example.org");
    let kept = console.folder().join("certs/www.example.org");
    assert_eq!(named(&console), ["crt", "key"].map(|ending| kept.with_added_extension(ending)));
    console.press(&[Key::char('d')]).says("it is in use: choose another one for clients first");
    console.press(&[Key::ENTER]).says("it is in use already");
    console.undo_after_question().says("undone");
    assert!(named(&console).is_empty());
    console.press(&[Key::char('d')]).reads("Neither Ctrl-Z nor History can bring them").press(&[Key::char('y')]);
    console.says("removed the certificate www.example.org");
    assert!(names(&console).is_empty());
    assert_eq!(console.same_commands(), ["certificate remove www.example.org --yes"]);
}

#[test]
fn a_running_server_takes_over_what_is_given_to_clients() {
    let mut console = stored();
    console.press(&[Key::char('n')]).write("cti").press(&[SAVE]).says("the certificate cti was made");
    assert_eq!(console.same_commands(), ["certificate create cti"]);
    console.inner.handle(Event::Server(running(sessions(), 460)));
    let effect = control::Response::Failed { why: "not now".to_owned() };
    let reloaded = control::Response::CertificateReloaded { fingerprint: None };
    let server = serve_responses(&console, vec![effect, reloaded]);
    console.press(&[Key::ENTER, Key::char('y')]).says("clients get the certificate cti; the server has read it");
    assert_eq!(server.join().expect("asks")[1], control::Request::ReloadCertificate);
}

#[test]
fn a_pair_is_made_with_names_and_days_by_itself_or_by_the_authority() {
    let mut console = stored();
    console.press(&[Key::char('n')]).write("cti").press(&[Key::TAB, Key::TAB]).write("cti.example.org 192.0.2.7");
    console.press(&[Key::TAB]).write("4000").press(&[SAVE]).reads("must be a number from 1 to 3650");
    console.press(&[Key::ctrl('u')]).write("30").press(&[Key::TAB, Key::SPACE, SAVE]);
    console
        .says("the certificate cti was made")
        .reads("certs/authority.crt. Clients must trust it")
        .press(&[Key::ENTER]);
    console.reads("names cti.example.org, 192.0.2.7").says("issuer");
    assert!(console.folder().join("certs/authority.crt").exists());
    let made = CertificateStore::of(console.folder()).list().expect("a folder");
    let Content::Pair(pair) = &made[0].content else { unreachable!("{made:?}") };
    assert_ne!(pair.description.issuer, pair.description.subject);
}

#[test]
fn a_request_is_shown_whole_and_its_key_waits_for_what_the_authority_makes() {
    let mut console = stored();
    console.press(&[Key::char('S')]).write("cti").press(&[Key::TAB, Key::TAB]).write("cti.example.org").press(&[SAVE]);
    console.says("-----BEGIN CERTIFICATE REQUEST-----").says("-----END CERTIFICATE REQUEST-----").says("certs/cti.csr");
    console.press(&[Key::ENTER]).says("waits for its certificate");
    console.press(&[Key::ENTER]).says("its key waits for its certificate; a adds that");
    let request = std::fs::read_to_string(console.folder().join("certs/cti.csr")).expect("a request");
    let issuer = Issuer::new(CertificateParams::default(), KeyPair::generate().expect("a key"));
    let signed = CertificateSigningRequestParams::from_pem(&request).expect("a request").signed_by(&issuer);
    let file = console.folder().join("signed.crt");
    std::fs::write(&file, signed.expect("signed").pem()).expect("written");
    // The name stands there already.
    console.press(&[Key::char('a'), Key::TAB]).write(&file.to_string_lossy()).press(&[SAVE]);
    console.says("the certificate cti is stored").says("cti.example.org");
}

#[test]
fn what_cannot_be_used_is_refused_and_nothing_is_kept() {
    let (_folder, from) = outside();
    let (_other_folder, other) = outside();
    for (name, certificate, key, words) in [
        ("cti", &from.certificate, &other.key, "is not the certificate of the key"),
        ("cti", &other.key, &other.certificate, "not saved"),
        ("server", &from.certificate, &from.key, "is the name of one of ctibox's own"),
        ("a b", &from.certificate, &from.key, "must have 1 to 64 letters"),
    ] {
        let mut console = stored();
        add(&mut console, name, certificate, Some(key));
        console.reads(words);
        assert!(names(&console).is_empty(), "{words}");
    }
    let mut console = stored();
    add(&mut console, "cti", &from.certificate, None);
    console.reads("none waits for its certificate");
}

#[test]
fn stored_pairs_look_so() {
    assert_frames("certificates-stored", Tab::Certificates, &fixtures::small_company(), |console| {
        let folder = console.folder().join("certs");
        std::fs::create_dir_all(&folder).expect("made");
        let known = Path::new(env!("CARGO_MANIFEST_DIR")).join("tui/tests/pair");
        for ending in ["crt", "key"] {
            std::fs::copy(known.join("server").with_extension(ending), folder.join("cti").with_extension(ending))
                .expect("copied");
        }
        std::fs::copy(known.join("server.key"), folder.join("waiting.key")).expect("copied");
        std::fs::write(folder.join("broken.crt"), "nothing").expect("written");
        console.press(&[Key::char('l'), Key::DOWN]);
    });
    assert_frames("certificates-add-error", Tab::Certificates, &fixtures::small_company(), |console| {
        console.press(&[Key::char('l')]);
        add(console, "cti", Path::new("cti.crt"), None);
    });
}

/// As certbot names what it renews: by a link to what is stored here.
#[test]
fn a_pair_that_the_settings_name_by_links_is_marked_as_in_use() {
    let (_folder, from) = outside();
    let mut console = stored();
    add(&mut console, "www.example.org", &from.certificate, Some(&from.key));
    console.press(&[Key::HOME]).does_not_say("yes");
    let kept = console.folder().join("certs/www.example.org");
    let links = ["crt", "key"].map(|ending| console.folder().join(format!("live.{ending}")));
    for (link, ending) in links.iter().zip(["crt", "key"]) {
        std::os::unix::fs::symlink(kept.with_added_extension(ending), link).expect("a link");
    }
    let changed = console.elsewhere(|c| {
        for (key, link) in [Setting::EncryptionCertificate, Setting::EncryptionKeyFile].into_iter().zip(&links) {
            let value = SettingValue::parse(key, &link.to_string_lossy()).expect("a path");
            c.settings.insert(key, value);
        }
    });
    console.inner.handle(Event::Configuration(changed));
    console.says("yes").press(&[Key::ENTER]).says("it is in use already");
}
