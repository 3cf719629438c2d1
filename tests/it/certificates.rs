//! Certificates (settings §5, §9 N): the fallback pair, a named pair, a renewed pair.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use rustix::process::Signal;

use crate::support::{Appliance, Running};

fn pair(appliance: &Appliance) -> (PathBuf, PathBuf) {
    let folder = appliance.data().join("certs");
    (folder.join("server.crt"), folder.join("server.key"))
}

fn shown_by(server: &Running) -> Vec<u8> {
    let mut client = server.client("encrypted");
    client.start_tls();
    client.log_in("agnes", "available");
    client.server_certificate()
}

/// Settings §9: 72.
#[test]
fn the_first_run_makes_a_pair_and_keeps_it() {
    let appliance = Appliance::office();
    let server = appliance.serve();
    let (certificate, key) = pair(&appliance);
    let mode = |path: &PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&certificate), mode(&key)), (0o644, 0o600));
    let first = (fs::read(&certificate).unwrap(), shown_by(&server));
    assert_eq!(server.terminate(), Some(0));
    let server = appliance.serve();
    assert_eq!(first, (fs::read(&certificate).unwrap(), shown_by(&server)));
}

/// Settings §9: 72.
#[test]
fn a_lone_key_is_never_overwritten() {
    let appliance = Appliance::office();
    drop(appliance.serve());
    let (certificate, key) = pair(&appliance);
    let before = fs::read(&key).unwrap();
    fs::remove_file(&certificate).unwrap();
    let server = appliance.serve();
    shown_by(&server);
    assert_eq!(before, fs::read(&key).unwrap());
}

#[test]
fn a_renewed_pair_is_used_without_a_restart() {
    let appliance = Appliance::office();
    let server = appliance.serve();
    let before = shown_by(&server);
    appliance.run(&["certificate", "renew"]);
    server.signal(Signal::HUP);
    server.await_log(&["certificate"]);
    // the reload is asynchronous: each handshake sees the old pair or the new one, never a broken one
    let renewed = (0..200).map(|_| shown_by(&server)).find(|shown| *shown != before);
    assert!(renewed.is_some(), "the old pair is still shown");
}

#[test]
fn the_fingerprint_is_shown() {
    let appliance = Appliance::office();
    drop(appliance.serve());
    let outcome = appliance.run(&["certificate", "show"]);
    let pairs = outcome.stdout.matches(':').count();
    assert!(pairs >= 31, "no SHA-256 fingerprint in:\n{}", outcome.stdout);
}

/// Settings §9: 70, 73.
#[test]
fn a_named_pair_must_be_whole_and_readable() {
    let appliance = Appliance::office();
    drop(appliance.serve());
    let (certificate, key) = pair(&appliance);
    let (certificate, key) = (certificate.to_str().unwrap(), key.to_str().unwrap());
    let broken = appliance.beside("broken.pem");
    fs::write(&broken, "no certificate").unwrap();
    let broken = broken.to_str().unwrap();
    appliance.run(&["certificate", "use", certificate, key]);
    appliance.try_run(&["certificate", "use", broken, key]).expect_code(1).expect_words(&["broken.pem"]);
    appliance.try_run(&["certificate", "use", certificate, broken]).expect_code(1).expect_words(&["broken.pem"]);
    appliance.try_run(&["certificate", "use", certificate, "/nowhere/key"]).expect_code(1);
}

#[test]
fn a_pair_of_its_own_is_made_when_the_named_one_is_unset_while_serving() {
    let appliance = Appliance::office();
    let other = Appliance::office();
    drop(other.serve());
    let (certificate, key) = pair(&other);
    appliance.run(&["certificate", "use", certificate.to_str().unwrap(), key.to_str().unwrap()]);
    let server = appliance.serve();
    let named = shown_by(&server);
    assert!(!pair(&appliance).0.exists());
    appliance.run(&["setting", "unset", "encryption.certificate", "encryption.key"]);
    server.await_log(&["made a certificate of our own"]);
    server.await_log(&["certificate in use", &appliance.data().display().to_string()]);
    assert_ne!(shown_by(&server), named);
}

#[test]
fn a_pipe_for_a_certificate_keeps_nobody_waiting() {
    let appliance = Appliance::office();
    let pipe = appliance.beside("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let pipe = pipe.to_str().unwrap();
    appliance.try_run(&["certificate", "use", pipe, pipe]).expect_code(1).expect_words(&["pipe", "no file"]);
}
