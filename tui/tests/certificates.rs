//! Certificates: the page, another pair with everything that is refused, ctibox's own again, a new one.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::TestConsole;
use super::overview::{running, sessions};
use super::sessions::serve_responses;
use super::snapshots::assert_frames;
use crate::certificate::{PairPaths, ensure_fallback, load_pair};
use crate::control::{self, Discrepancy};
use crate::settings::fixtures;
use crate::settings::setting::Key as Setting;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::server::Server;
use crate::tui::tab::Tab;

/// Puts the pair whose page is the same on every host at ctibox's own place. It is valid from 1 November 2026 on for 825
/// days.
fn put_known_pair(console: &TestConsole) {
    let to = PairPaths::fallback(console.folder.path());
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tui/tests/pair");
    fs::create_dir_all(to.key.parent().expect("a folder")).expect("made");
    fs::copy(from.join("server.crt"), &to.certificate).expect("copied");
    fs::copy(from.join("server.key"), &to.key).expect("copied");
}

fn pair() -> (TempDir, PairPaths) {
    let folder = TempDir::new().expect("a folder");
    let paths = ensure_fallback(folder.path()).expect("a pair").paths;
    (folder, paths)
}

/// Fills the form in.
fn name(console: &mut TestConsole, certificate: &Path, key: &Path) {
    console.press(&[Key::char('e'), Key::ctrl('e'), Key::ctrl('u')]).write(&certificate.to_string_lossy());
    console.press(&[Key::TAB, Key::ctrl('e'), Key::ctrl('u')]).write(&key.to_string_lossy()).press(&[Key::ctrl('s')]);
}

fn named(console: &TestConsole) -> Vec<PathBuf> {
    let settings = console.stored().settings;
    let keys = [Setting::EncryptionCertificate, Setting::EncryptionKeyFile];
    keys.iter().filter_map(|key| settings.get(key)).map(|value| PathBuf::from(value.reveal())).collect()
}

#[test]
fn the_pair_looks_so() {
    assert_frames("certificates", Tab::Certificates, &fixtures::small_company(), |console| {
        put_known_pair(console);
        console.inner.handle(Event::Server(running(sessions(), 460)));
    });
}

#[test]
fn the_form_looks_so_with_paths_that_are_none() {
    assert_frames("certificates-form", Tab::Certificates, &fixtures::small_company(), |console| {
        name(console, Path::new("server.crt"), Path::new("/nowhere/server.key"));
    });
}

#[test]
fn what_is_asked_before_a_new_certificate_is_made_looks_so() {
    assert_frames("certificates-renew", Tab::Certificates, &fixtures::small_company(), |console| {
        console.inner.handle(Event::Server(Server::NotRunning));
        console.press(&[Key::char('n')]);
    });
}

#[test]
fn another_pair_is_named_and_ctiboxs_own_is_in_use_again() {
    let mut console = TestConsole::at(Tab::Certificates);
    let (_folder, paths) = pair();
    name(&mut console, &paths.certificate, &paths.key);
    console.says("the pair is in use").says("named in the settings");
    assert_eq!(named(&console), [paths.certificate, paths.key]);
    console.press(&[Key::char('d')]).says("Drop the named pair?").press(&[Key::char('y')]);
    console.says("ctibox's own, made at the first start");
    assert_eq!(named(&console), [""; 0].map(PathBuf::from));
    console.undo_after_question().says("named in the settings");
    assert_eq!(named(&console).len(), 2);
}

#[test]
fn a_pair_that_no_client_could_use_is_refused_in_words() {
    let ((one_folder, one), (_other_folder, other)) = (pair(), pair());
    let locked = one_folder.path().join("locked.key");
    fs::write(&locked, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----\n")
        .expect("written");
    let absent = one_folder.path().join("absent.crt");
    for (certificate, key, words) in [
        (&absent, &one.key, "cannot read"),
        (&one.certificate, &other.key, "is not the certificate of the key"),
        (&one.certificate, &locked, "is protected by a password"),
        (&one.key, &one.key, "holds no certificate"),
    ] {
        let mut console = TestConsole::at(Tab::Certificates);
        name(&mut console, certificate, key);
        let screen = console.screen();
        // Lines break where the path happens to end.
        let text: Vec<&str> = screen.split_whitespace().collect();
        assert!(text.join(" ").contains(words), "{words:?} is not on\n{screen}");
        assert!(named(&console).is_empty(), "{words}");
    }
}

/// What is wrong with the key stands at the key, and is replaced by what is typed next.
#[test]
fn a_bad_key_is_told_at_its_field_and_typed_over() {
    let (folder, pair) = pair();
    let mut console = TestConsole::at(Tab::Certificates);
    let absent = folder.path().join("absent.key");
    name(&mut console, &pair.certificate, &absent);
    console.says("not saved: see Key").write(&pair.key.to_string_lossy()).does_not_say("absent");
    console.press(&[Key::ctrl('s')]).says("the pair is in use");
}

/// Settings name files from the root on.
#[test]
fn a_path_that_counts_from_where_the_console_began_is_completed_to_a_whole_one() {
    let mut console = TestConsole::at(Tab::Certificates);
    console.press(&[Key::char('e'), Key::ctrl('e'), Key::ctrl('u')]).write("Cargo.lo").press(&[Key::TAB]);
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock");
    console.reads(&whole.to_string_lossy()).does_not_say("must be an absolute path");
    console.press(&[Key::ctrl('u')]).write("Cargo.lock").press(&[Key::TAB]).reads(&whole.to_string_lossy());
}

#[test]
fn a_new_certificate_of_its_own_is_asked_for_and_made_from_the_same_key() {
    let mut console = TestConsole::at(Tab::Certificates);
    let paths = ensure_fallback(console.folder.path()).expect("a pair").paths;
    let fingerprint = || load_pair(&paths).expect("a pair").description.fingerprint;
    let (before, key) = (fingerprint(), fs::read(&paths.key).expect("a key"));
    console.press(&[Key::char('n'), Key::char('n')]);
    assert_eq!(fingerprint(), before);
    console.press(&[Key::char('n'), Key::char('y')]).says("made a new certificate");
    assert_ne!(fingerprint(), before);
    assert_eq!(fs::read(&paths.key).expect("a key"), key);
    console.says(&fingerprint()[..47]);
}

#[test]
fn a_running_server_reads_the_pair_at_once_after_a_change_and_when_it_is_told_to() {
    let mut console = TestConsole::at(Tab::Certificates);
    console.press(&[Key::char('r')]).says("the server is not running; it reads the pair when it starts");
    console.inner.handle(Event::Server(running(sessions(), 460)));
    let reloaded = || control::Response::CertificateReloaded { fingerprint: Some("AA:CC".to_owned()) };
    let server = serve_responses(&console, vec![reloaded(), reloaded()]);
    console.press(&[Key::char('n'), Key::char('y')]).says("made a new certificate; the server has read it");
    console.press(&[Key::char('r')]).says("the server has read it: AA:CC");
    assert_eq!(
        server.join().expect("asks"),
        [control::Request::ReloadCertificate, control::Request::ReloadCertificate]
    );
}

#[test]
fn a_pair_that_the_running_server_does_not_use_is_said_here_and_on_the_overview() {
    for tab in [Tab::Certificates, Tab::Overview] {
        let mut console = TestConsole::at(tab);
        let Server::Running(mut status, sessions) = running(sessions(), 460) else { unreachable!("it runs") };
        let (certificate, why) = ("/etc/ssl/cti.crt".to_owned(), "cannot read /etc/ssl/cti.crt".to_owned());
        let in_use = Some("AA:BB".to_owned());
        status.discrepancies =
            vec![Discrepancy::Certificate { certificate, why, in_use, is_own: true, is_used: false }];
        console.inner.handle(Event::Server(Server::Running(status, sessions)));
        console.reads("cannot read /etc/ssl/cti.crt; clients get ctibox's own");
    }
}

#[test]
fn what_comes_after_the_own_certificate_is_described() {
    let mut console = TestConsole::at(Tab::Certificates);
    let (_folder, paths) = pair();
    let more = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/certificates/p256.crt"));
    let own = fs::read_to_string(&paths.certificate).expect("readable");
    fs::write(&paths.certificate, own + &more.expect("readable")).expect("written");
    name(&mut console, &paths.certificate, &paths.key);
    console.says("Followed by  CN=p256, until ").says("Kind of key  EC, P-256");
    console.reads("has certificate number 2 in the wrong place");
}
