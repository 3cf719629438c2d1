//! Certificates: the page, another pair with everything that is refused, ctibox's own again, a new one.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::Desk;
use super::looks::assert_looks;
use super::overview::{running, sessions};
use super::sessions::answer;
use crate::certificate::{PairPaths, ensure_fallback, load_pair};
use crate::control::{self, Discrepancy};
use crate::settings::fixtures;
use crate::settings::setting::Key as Setting;
use crate::tui::keys::Key;
use crate::tui::news::News;
use crate::tui::office::Server;
use crate::tui::screen::Place;

/// Puts the pair whose page is the same on every host at ctibox's own place. It is valid from 1 November 2026 on for 825
/// days.
fn put_known_pair(desk: &Desk) {
    let to = PairPaths::fallback(desk.folder.path());
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
fn name(desk: &mut Desk, certificate: &Path, key: &Path) {
    desk.press(&[Key::char('e'), Key::ctrl('e'), Key::ctrl('u')]).write(&certificate.to_string_lossy());
    desk.press(&[Key::TAB, Key::ctrl('e'), Key::ctrl('u')]).write(&key.to_string_lossy()).press(&[Key::ctrl('s')]);
}

fn named(desk: &Desk) -> Vec<PathBuf> {
    let settings = desk.stored().settings;
    let keys = [Setting::EncryptionCertificate, Setting::EncryptionKeyFile];
    keys.iter().filter_map(|key| settings.get(key)).map(|value| PathBuf::from(value.reveal())).collect()
}

#[test]
fn the_pair_looks_so() {
    assert_looks("certificates", Place::Certificates, &fixtures::small_company(), |desk| {
        put_known_pair(desk);
        desk.console.hear(News::Server(running(sessions(), 460)));
    });
}

#[test]
fn the_form_looks_so_with_paths_that_are_none() {
    assert_looks("certificates-form", Place::Certificates, &fixtures::small_company(), |desk| {
        name(desk, Path::new("server.crt"), Path::new("/nowhere/server.key"));
    });
}

#[test]
fn what_is_asked_before_a_new_certificate_is_made_looks_so() {
    assert_looks("certificates-renew", Place::Certificates, &fixtures::small_company(), |desk| {
        desk.console.hear(News::Server(Server::NotRunning));
        desk.press(&[Key::char('n')]);
    });
}

#[test]
fn another_pair_is_named_and_ctiboxs_own_is_in_use_again() {
    let mut desk = Desk::at(Place::Certificates);
    let (_folder, paths) = pair();
    name(&mut desk, &paths.certificate, &paths.key);
    desk.says("the pair is in use").says("named in the settings");
    assert_eq!(named(&desk), [paths.certificate, paths.key]);
    desk.press(&[Key::char('d')]).says("Use ctibox's own pair again?").press(&[Key::char('y')]);
    desk.says("ctibox's own, made at the first start");
    assert_eq!(named(&desk), [""; 0].map(PathBuf::from));
    desk.press(&[Key::ctrl('z')]).says("named in the settings");
    assert_eq!(named(&desk).len(), 2);
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
        let mut desk = Desk::at(Place::Certificates);
        name(&mut desk, certificate, key);
        let screen = desk.screen();
        // Lines break where the path happens to end.
        let text: Vec<&str> = screen.split_whitespace().collect();
        assert!(text.join(" ").contains(words), "{words:?} is not on\n{screen}");
        assert!(named(&desk).is_empty(), "{words}");
    }
}

#[test]
fn a_new_certificate_of_its_own_is_asked_for_and_made_from_the_same_key() {
    let mut desk = Desk::at(Place::Certificates);
    let paths = ensure_fallback(desk.folder.path()).expect("a pair").paths;
    let fingerprint = || load_pair(&paths).expect("a pair").description.fingerprint;
    let (before, key) = (fingerprint(), fs::read(&paths.key).expect("a key"));
    desk.press(&[Key::char('n'), Key::char('n')]);
    assert_eq!(fingerprint(), before);
    desk.press(&[Key::char('n'), Key::char('y')]).says("made a new certificate");
    assert_ne!(fingerprint(), before);
    assert_eq!(fs::read(&paths.key).expect("a key"), key);
    desk.says(&fingerprint()[..47]);
}

#[test]
fn a_running_server_reads_the_pair_at_once_after_a_change_and_when_it_is_told_to() {
    let mut desk = Desk::at(Place::Certificates);
    desk.press(&[Key::char('r')]).says("the server is not running; it reads the pair when it starts");
    desk.console.hear(News::Server(running(sessions(), 460)));
    let reloaded = || control::Response::CertificateReloaded { fingerprint: Some("AA:CC".to_owned()) };
    let server = answer(&desk, vec![reloaded(), reloaded()]);
    desk.press(&[Key::char('n'), Key::char('y')]).says("made a new certificate; the server has read it");
    desk.press(&[Key::char('r')]).says("the server has read it: AA:CC");
    assert_eq!(
        server.join().expect("asks"),
        [control::Request::ReloadCertificate, control::Request::ReloadCertificate]
    );
}

#[test]
fn a_pair_that_the_running_server_does_not_use_is_said_here_and_on_the_overview() {
    for place in [Place::Certificates, Place::Overview] {
        let mut desk = Desk::at(place);
        let Server::Running(mut status, sessions) = running(sessions(), 460) else { unreachable!("it runs") };
        let (certificate, why) = ("/etc/ssl/cti.crt".to_owned(), "cannot read /etc/ssl/cti.crt".to_owned());
        let in_use = Some("AA:BB".to_owned());
        status.discrepancies = vec![Discrepancy::Certificate { certificate, why, in_use, is_own: true }];
        desk.console.hear(News::Server(Server::Running(status, sessions)));
        desk.reads("cannot read /etc/ssl/cti.crt; clients get ctibox's own");
    }
}

#[test]
fn what_comes_after_the_own_certificate_is_described() {
    let mut desk = Desk::at(Place::Certificates);
    let (_folder, paths) = pair();
    let more = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/certificates/p256.crt"));
    let own = fs::read_to_string(&paths.certificate).expect("readable");
    fs::write(&paths.certificate, own + &more.expect("readable")).expect("written");
    name(&mut desk, &paths.certificate, &paths.key);
    desk.says("Followed by  CN=p256, until ").says("Kind of key  EC, P-256");
    desk.reads("has certificate number 2 in the wrong place");
}
