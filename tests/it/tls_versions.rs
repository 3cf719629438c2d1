//! Which versions of TLS are spoken, and what comes of a client that is too old: its hello is looked at before any library
//! sees it (client.md (a), settings §1.9). What an old client that is allowed gets is tried by
//! `packaging/legacy-tls-check`, on the program that ships.

use rustls::SupportedProtocolVersion;
use rustls::version::{TLS12, TLS13};
use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::{Appliance, Running};

const PROTOCOL_VERSION_ALERT: [u8; 7] = [0x15, 3, 1, 0, 2, 2, 0x46];
const INAPPROPRIATE_FALLBACK_ALERT: [u8; 7] = [0x15, 3, 1, 0, 2, 2, 0x56];
const HAS_LEGACY_TLS: bool = cfg!(feature = "legacy-tls");

/// A ClientHello as the released desktop client sends it but for its version, without extensions and without a record
/// around it.
fn hello(minor: u8, more: &[u16]) -> Vec<u8> {
    let suites = [&[0xc00a, 0xc014, 0x0039, 0xc009, 0xc013, 0x002f], more].concat();
    let mut body = vec![3, minor];
    body.extend([7; 32]);
    body.push(0);
    body.extend(u16::try_from(suites.len() * 2).unwrap().to_be_bytes());
    body.extend(suites.iter().flat_map(|suite: &u16| suite.to_be_bytes()));
    body.extend([1, 0]);
    let length = u16::try_from(body.len()).unwrap().to_be_bytes();
    [vec![1, 0], length.to_vec(), body].concat()
}

/// In records of so many bytes.
fn records(message: &[u8], each: usize) -> Vec<u8> {
    let record = |part: &[u8]| [&[22, 3, 1], &u16::try_from(part.len()).unwrap().to_be_bytes()[..], part].concat();
    message.chunks(each).flat_map(record).collect()
}

/// A client whose turn it is to say its hello.
fn about_to_shake_hands(server: &Running) -> Client {
    let mut client = server.client("old");
    client.receive_class("starttls");
    client.ask(&json!({"class": "starttls", "status": true}));
    client
}

fn expect_alert(client: &mut Client, alert: [u8; 7]) {
    assert_eq!(client.receive_bytes(), alert);
    assert!(client.receive_bytes().is_empty(), "not closed after the alert");
}

fn refused_clients(appliance: &Appliance) -> Value {
    appliance.run(&["health", "--json"]).json()["refused_clients"].clone()
}

#[test]
fn a_client_of_tls_1_0_gets_an_alert_and_log_health_and_check_name_it() {
    let appliance = Appliance::company().on_any_port();
    let server = appliance.serve();
    assert_eq!(refused_clients(&appliance), json!([]));
    for _ in 0..2 {
        let mut client = about_to_shake_hands(&server);
        client.send_bytes(&records(&hello(1, &[]), 1000));
        expect_alert(&mut client, PROTOCOL_VERSION_ALERT);
    }
    // which setting, what it risks, and where the switch is in the client itself (client.md (g))
    let setting = if HAS_LEGACY_TLS { "encryption.allow_legacy_tls true" } else { "`legacy-tls`" };
    server.await_log(&["WARN", "TLS 1.0", setting, "> Configure, tab Administration", "padlock button raised"]);
    let refused = &refused_clients(&appliance)[0];
    assert_eq!(refused["version"], "TLS 1.0");
    assert_eq!((&refused["attempts"], &refused["addresses"]), (&json!(2), &json!(1)));
    assert_eq!(refused["some"], json!(["127.0.0.1"]));
    assert!(refused["remedy"].as_str().unwrap().contains("allow_legacy_tls"), "{refused}");
    let words =
        "clients of 1 address (127.0.0.1) were refused since the server started 1 minute ago, in 2 attempts: TLS 1.0";
    let health = appliance.run(&["health"]);
    assert!(health.stdout.contains(words), "{}", health.stdout);
    let check = appliance.run(&["check"]).stdout;
    assert!(check.contains(&format!("warning: encryption: {words}")) && check.contains("allow_legacy_tls"), "{check}");
    // The other way out: nobody is refused any more.
    appliance.set("encryption.mode", "off");
    assert_eq!(refused_clients(&appliance), json!([]));
}

#[test]
fn a_hello_in_many_records_and_pieces_is_understood() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    for each in [1, 5, 40] {
        let mut client = about_to_shake_hands(&server);
        for piece in records(&hello(2, &[]), each).chunks(17) {
            client.send_bytes(piece);
        }
        expect_alert(&mut client, PROTOCOL_VERSION_ALERT);
    }
    server.await_log(&["the client offers nothing newer than TLS 1.1"]);
}

#[test]
fn a_client_that_could_do_better_is_told_so() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = about_to_shake_hands(&server);
    client.send_bytes(&records(&hello(1, &[0x5600]), 1000));
    expect_alert(&mut client, INAPPROPRIATE_FALLBACK_ALERT);
    server.await_log(&["something on the way"]);
    assert_eq!(refused_clients(&appliance), json!([]));
}

#[test]
fn what_is_no_hello_is_left_to_the_library() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    for garbage in [&b"GET / HTTP/1.1\r\n\r\n"[..], &[22, 3, 1, 0, 5, 2, 0, 0, 1, 0], &[22, 3, 1, 0, 0]] {
        let mut client = about_to_shake_hands(&server);
        client.send_bytes(garbage);
        let alert = client.receive_bytes();
        assert!(alert.is_empty() || alert[0] == 21, "{alert:?}");
    }
    server.await_log(&["TLS handshake failed"]);
    server.logged_in("agnes").fence();
}

#[test]
fn the_least_version_holds_both_ways_and_from_the_next_handshake_on() {
    let appliance = Appliance::company().on_any_port();
    let server = appliance.serve();
    let with = |version: &'static SupportedProtocolVersion| {
        let mut client = about_to_shake_hands(&server);
        client.encrypt_with(&[version]);
        client.shake_hands().map(|()| client)
    };
    let mut newer = with(&TLS12).expect("1.2 is spoken");
    newer.log_in("agnes", "available");
    appliance.set("encryption.min_version", "1.3");
    let error = with(&TLS12).err().expect("1.2 is spoken no more").to_string();
    assert!(error.contains("ProtocolVersion"), "{error}");
    with(&TLS13).expect("1.3 is spoken").log_in("bertil", "available");
    newer.fence();
    server.await_log(&["nothing newer than TLS 1.2", "encryption.min_version 1.2"]);
    assert_eq!(refused_clients(&appliance)[0]["why"], "min_version");
    appliance.set("encryption.min_version", "1.2");
    with(&TLS12).expect("1.2 is spoken again").log_in("agnes", "available");
    assert_eq!(refused_clients(&appliance), json!([]));
}

#[test]
fn old_tls_cannot_be_allowed_where_it_is_not_built_in() {
    let appliance = Appliance::new();
    if HAS_LEGACY_TLS {
        let set = appliance.run(&["setting", "set", "encryption.allow_legacy_tls", "true"]);
        set.expect_words(&["which can be broken", "rule G6"]);
        return;
    }
    let refused = appliance.try_run(&["setting", "set", "encryption.allow_legacy_tls", "true"]).expect_code(1);
    refused.expect_words(&["`legacy-tls`", "hint: ", "cargo build --features legacy-tls"]);
    assert!(appliance.document()["settings"].get("encryption.allow_legacy_tls").is_none());
}

#[test]
fn networks_are_kept_as_they_are_meant() {
    let appliance = Appliance::new();
    appliance.set("encryption.legacy_tls_from", "192.168.1.17/24, ::1");
    let get = || appliance.run(&["setting", "get", "encryption.legacy_tls_from"]).stdout;
    assert_eq!(get().trim(), "192.168.1.0/24,::1/128");
    let refused = appliance.try_run(&["setting", "set", "encryption.legacy_tls_from", "10.0.0.0/33"]).expect_code(1);
    refused.expect_words(&["networks like 192.168.0.0/16", "rule S1"]);
    assert_eq!(get().trim(), "192.168.1.0/24,::1/128");
}
