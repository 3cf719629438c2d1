//! STARTTLS in mid-stream (protocol 2.3, settings §9 N): offered, taken, refused, ignored, misused, too old.

use serde_json::json;

use crate::support::Appliance;
use crate::support::client::{login_id, unstamped};

const NEWEST: (&str, &str) = ("wazoversion", "2.3");

/// A ClientHello of TLS 1.0 as the released desktop client sends it: record and hello version 3.1, no extensions.
fn hello_of_tls_1_0() -> Vec<u8> {
    let suites: [u16; 6] = [0xc00a, 0xc014, 0x0039, 0xc009, 0xc013, 0x002f];
    let mut body = vec![3, 1];
    body.extend([7; 32]);
    body.push(0);
    body.extend(u16::try_from(suites.len() * 2).unwrap().to_be_bytes());
    body.extend(suites.iter().flat_map(|suite| suite.to_be_bytes()));
    body.extend([1, 0]);
    let length = u16::try_from(body.len()).unwrap();
    let mut hello = vec![22, 3, 1];
    hello.extend((length + 4).to_be_bytes());
    hello.extend([1, 0]);
    hello.extend(length.to_be_bytes());
    hello.extend(body);
    hello
}

/// Settings §9: 73.
#[test]
fn a_client_that_takes_the_offer_logs_in_encrypted() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.client("agnes");
    assert_eq!(unstamped(client.receive()), json!({"class": "starttls"}));
    let answer = client.ask(&json!({"class": "starttls", "status": true, "commandid": 77}));
    assert_eq!(unstamped(answer), json!({"class": "starttls", "starttls": true}));
    client.encrypt();
    client.log_in("agnes", "available");
    client.fence();
    let _in_clear = server.logged_in("bertil");
    let sessions = appliance.run(&["sessions", "--json"]).json();
    let tls = |user: &str| sessions.as_array().unwrap().iter().find(|it| it["user"] == user).unwrap()["tls"].clone();
    assert_eq!((tls("agnes"), tls("bertil")), (json!("1.3"), json!(null)));
    let info = appliance.run(&["info"]).stdout;
    assert!(info.contains("1 TLS 1.3, 1 in clear"), "{info}");
    // What a console's picture of the minute is made of.
    let status = appliance.run(&["health", "--json"]).json();
    assert!(status["certificate_expires"].as_i64().is_some_and(|at| at as f64 > status["started"].as_f64().unwrap()));
    for count in ["connections_accepted", "lines_read", "notices_delivered"] {
        assert!(status["counts"][count].as_u64().unwrap() > 0, "{count} of {status}");
    }
}

#[test]
fn a_client_that_ignores_the_offer_goes_on_in_clear() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    server.logged_in("agnes");
}

/// Settings §9: 73.
#[test]
fn a_refused_offer_is_echoed_and_the_login_goes_on_in_clear() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    for (line, echo) in [
        (json!({"class": "starttls", "status": false}), json!(false)),
        (json!({"class": "starttls", "status": null}), json!(null)),
        (json!({"class": "starttls"}), json!(null)),
    ] {
        let mut client = server.client("agnes");
        client.receive_class("starttls");
        let answer = client.ask(&line);
        assert_eq!(unstamped(answer), json!({"class": "starttls", "starttls": echo}));
        client.log_in("agnes", "available");
    }
}

/// Settings §9: 74.
#[test]
fn lines_behind_a_refusal_are_served() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.client("agnes");
    client.receive_class("starttls");
    client.send_text(&format!("{}\n{}\n", json!({"class": "starttls", "status": false}), login_id("agnes", NEWEST)));
    assert_eq!(client.receive()["starttls"], false);
    assert_eq!(client.receive()["class"], "login_id");
}

/// Settings §9: 74.
#[test]
fn clear_bytes_behind_an_acceptance_close_the_connection() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.client("agnes");
    client.receive_class("starttls");
    client.send_text(&format!("{}\n{}\n", json!({"class": "starttls", "status": true}), login_id("agnes", NEWEST)));
    let rest = client.expect_close();
    assert!(rest.iter().all(|message| message["class"] != "login_id"), "taken as a command: {rest:?}");
}

#[test]
fn a_second_starttls_inside_tls_stays_unanswered() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.client("agnes");
    client.start_tls();
    client.send(&login_id("agnes", NEWEST));
    client.send(&json!({"class": "starttls", "status": true, "commandid": 2}));
    assert_eq!(client.receive()["class"], "login_id");
    client.send(&json!({"class": "login_pass", "password": "secret"}));
    assert_eq!(client.receive()["class"], "login_pass");
}

/// Settings §9: 73.
#[test]
fn no_offer_is_made_where_encryption_is_off() {
    let appliance = Appliance::company();
    appliance.set("encryption.mode", "off");
    let server = appliance.serve();
    let mut client = server.client("agnes");
    client.send(&json!({"class": "starttls", "status": true}));
    let answer = client.ask(&login_id("agnes", NEWEST));
    assert_eq!(answer["class"], "login_id", "a starttls was offered or answered: {answer}");
}

#[test]
fn a_client_of_tls_1_0_gets_an_alert_and_the_log_names_it() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.client("old");
    client.receive_class("starttls");
    client.ask(&json!({"class": "starttls", "status": true}));
    client.send_bytes(&hello_of_tls_1_0());
    let alert = client.receive_bytes();
    assert!(alert.len() >= 7 && alert[0] == 21 && alert[1] == 3, "no TLS alert, but {alert:?}");
    assert_eq!(alert[5..7], [2, 70], "not the fatal alert protocol_version");
    assert!(client.receive_bytes().is_empty(), "not closed after the alert");
    // where the switch is in the client itself (client.md (g))
    server.await_log(&["TLS 1.0", "> Configure, tab Administration", "padlock button raised"]);
}

#[test]
fn a_client_that_never_shakes_hands_keeps_nobody_waiting() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut stalled = server.client("stalled");
    stalled.receive_class("starttls");
    stalled.ask(&json!({"class": "starttls", "status": true}));
    server.logged_in("agnes").fence();
    drop(stalled);
}
