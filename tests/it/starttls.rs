//! STARTTLS in mid-stream (protocol 2.3, settings §9 N): offered, taken, refused, ignored, misused. Versions: tls_versions.rs.

use serde_json::json;

use crate::support::Appliance;
use crate::support::client::{login_id, unstamped};

const NEWEST: (&str, &str) = ("wazoversion", "2.3");

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
fn a_client_that_never_shakes_hands_keeps_nobody_waiting() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut stalled = server.client("stalled");
    stalled.receive_class("starttls");
    stalled.ask(&json!({"class": "starttls", "status": true}));
    server.logged_in("agnes").fence();
    drop(stalled);
}
