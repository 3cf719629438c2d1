//! Bounds (docs/limits.md, protocol decision 13): what happens beyond each, and that nobody else feels it.

use std::collections::VecDeque;

use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};
use serde_json::json;

use crate::support::client::getlist;
use crate::support::{Appliance, Client};

#[test]
fn a_connection_over_the_limit_is_told_and_closed() {
    let appliance = Appliance::company();
    appliance.set("client.connections_max", "2");
    let server = appliance.serve();
    let mut first = server.logged_in("agnes");
    let second = server.logged_in("bertil");
    let mut third = server.client("third");
    let answer = third.receive();
    assert_eq!((&answer["class"], &answer["error_string"]), (&json!("protocol_error"), &json!("too_many_connections")));
    third.expect_plain_close();
    first.fence();
    drop(second);
    first.receive_where(|message| message["status"]["availstate"] == "disconnected");
    server.logged_in("bertil");
}

#[test]
fn unauthenticated_connections_of_one_address_are_bounded() {
    let appliance = Appliance::company();
    appliance.set("client.unauthenticated_per_address_max", "2");
    let server = appliance.serve();
    let logged_in = server.logged_in("agnes");
    let mut waiting = [server.client("one"), server.client("two")];
    for client in &mut waiting {
        client.receive_class("starttls");
    }
    let mut third = server.client("three");
    assert_eq!(third.receive()["error_string"], "too_many_connections");
    third.expect_plain_close();
    let told = "1 connection was turned away in the last minute: 2 connections of one address have not logged in yet";
    appliance.run(&["check"]).expect_data(&["warning: connections", told]);
    drop(logged_in);
}

#[test]
fn connections_of_one_address_are_bounded_where_that_is_set() {
    let appliance = Appliance::company();
    appliance.set("client.connections_per_address_max", "1");
    let server = appliance.serve();
    let mut first = server.logged_in("agnes");
    let mut second = server.client("second");
    assert_eq!(second.receive()["error_string"], "too_many_connections");
    second.expect_plain_close();
    first.fence();
}

/// Of 32 places two are kept for those who make others give way.
#[test]
fn in_a_table_that_is_nearly_full_the_fullest_address_makes_room_for_others() {
    let appliance = Appliance::company();
    appliance.set("client.connections_max", "32");
    let server = appliance.serve();
    let attack = |number: usize| Client::connect_from("127.0.0.50", server.port, &format!("attacker {number}"));
    let mut attackers: VecDeque<Client> = (0..30).map(attack).collect();
    for attacker in &mut attackers {
        attacker.receive_class("starttls");
    }
    let mut sessions: Vec<Client> = Vec::new();
    for login in ["agnes", "bertil", "agnes", "bertil", "agnes", "bertil"] {
        sessions.push(server.logged_in(login));
        // Its oldest went for that, without a word.
        attackers.pop_front().unwrap().expect_plain_close();
        // And comes back, to no effect: whoever has most brings nobody to go.
        let mut again = attack(sessions.len());
        let refused = again.receive();
        assert_eq!(refused["error_string"], "too_many_connections", "{refused}");
        again.expect_plain_close();
    }
    server.await_log(&["WARN", "nearly all connections are taken", "address=127.0.0.50"]);
    for session in &mut sessions {
        session.fence();
    }
    // Who did not have to go is served as before.
    attackers[0].log_in("agnes", "available");
}

#[test]
fn many_password_checks_of_one_address_hold_up_no_other() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    // Each another login, and fewer than make the address wait: it is the checks that are to hold up.
    let mut flood: Vec<Client> = (0..45).map(|_| server.client("one of many")).collect();
    flood.iter_mut().enumerate().for_each(|(number, client)| client.knock(&format!("nobody{number}")));
    let mut last = flood.pop().unwrap();
    let waiting = std::thread::spawn(move || last.receive_class("login_pass"));
    Client::connect_from("127.0.0.2", server.port, "agnes").log_in("agnes", "available");
    assert!(!waiting.is_finished(), "agnes waited for all who came before her");
    waiting.join().unwrap();
}

#[test]
fn a_long_burst_of_requests_is_answered_to_its_end() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.client("agnes");
    let id = client.log_in("agnes", "available")["userid"].as_str().unwrap().to_owned();
    client.fence();
    let requests = 3_000;
    let text = format!("{}\n", getlist("updateconfig", "users", &id)).repeat(requests);
    client.send_text(&text);
    for _ in 0..requests {
        assert_eq!(client.receive()["config"]["firstname"], "Agnes");
    }
    client.expect_silence();
}

#[test]
fn a_reader_who_never_reads_is_cut_off_and_others_never_wait() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = server.client("agnes");
    let id = agnes.log_in("agnes", "available")["userid"].as_str().unwrap().to_owned();
    agnes.fence();
    let xivo = agnes.ask(&getlist("updateconfig", "users", &id))["config"]["xivo_uuid"].clone();
    let slow = server.logged_in("bertil");
    let text = "z".repeat(64 * 1024);
    let to = json!([xivo, appliance.user_uuid("bertil")]);
    // As many as one session may send at once, and more than the kernel's buffers hold.
    let mut others: Vec<Client> = (0..15).map(|_| server.logged_in("agnes")).collect();
    for sender in std::iter::once(&mut agnes).chain(&mut others) {
        for _ in 0..20 {
            sender.send(&json!({"class": "chitchat", "alias": "x", "text": text, "to": to}));
        }
        sender.fence();
    }
    agnes.receive_where(|message| message["status"]["availstate"] == "disconnected");
    server.await_log(&["slow"]);
    drop(slow);
}

#[test]
fn nobody_can_flood_the_log() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    let line = format!("{}\n", json!({"class": "availstate", "availstate": "nosuchstate"}));
    agnes.send_text(&line.repeat(3_000));
    agnes.fence();
    server.await_log(&["WARN", "too many lines like the last one"]);
    server.logged_in("bertil");
    server.await_log(&["bertil", "logged in"]);
    let refused = server.log().matches("presence refused").count();
    assert!((1..3_000).contains(&refused), "{refused} lines");
}

#[test]
fn without_descriptors_sessions_go_on_and_accepting_recovers() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    agnes.fence();
    let process = Pid::from_raw(i32::try_from(server.pid).unwrap());
    let before = getrlimit(Resource::Nofile);
    let none = Rlimit { current: Some(1), ..before };
    prlimit(process, Resource::Nofile, none).unwrap();
    let mut late = server.client("late");
    let mut later = server.client("later");
    server.await_log(&["WARN", "cannot accept connections"]);
    agnes.send(&json!({"class": "featuresput", "function": "enablednd", "value": true}));
    agnes.receive_where(|message| message["config"]["enablednd"] == true);
    let health = appliance.command(&["health"]).output().unwrap();
    let words = String::from_utf8_lossy(&health.stderr).into_owned();
    assert!(!health.status.success() && words.contains("all its 1 file descriptors in use"), "{words}");
    assert!(words.contains("LimitNOFILE="), "{words}");
    prlimit(process, Resource::Nofile, before).unwrap();
    late.log_in("bertil", "available");
    later.receive_class("starttls");
    assert_eq!(server.log().matches("cannot accept connections").count(), 1);
    assert_eq!(server.terminate(), Some(0));
}

/// Protocol decision 11: `disconnect` of another type than `force`, and a line of the log.
#[test]
fn one_login_too_many_ends_the_users_oldest_session() {
    let appliance = Appliance::company();
    appliance.set("client.sessions_per_user_max", "2");
    let server = appliance.serve();
    let (mut first, mut second) = (server.logged_in("agnes"), server.logged_in("agnes"));
    let mut third = server.logged_in("agnes");
    let told = first.receive_class("disconnect");
    assert_eq!(told["type"], "too_many_sessions");
    first.expect_plain_close();
    server.await_log(&["WARN", "the user's oldest session ended", "most=2"]);
    second.fence();
    third.fence();
}

/// Protocol decision 13: nothing is refused, the last choice comes, and whoever asks something else is answered
/// meanwhile.
#[test]
fn whoever_changes_without_end_is_heard_at_a_pace() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (mut agnes, mut bertil) = (server.logged_in("agnes"), server.logged_in("bertil"));
    bertil.fence();
    let line = |state: &str| format!("{}\n", json!({"class": "availstate", "availstate": state}));
    agnes.send_text(&[line("away"), line("available")].concat().repeat(200));
    agnes.send_text(&line("berightback"));
    agnes.fence();
    let mut heard = 0;
    loop {
        let told = bertil.receive_where(|message| message["status"]["availstate"].is_string());
        heard += 1;
        if told["status"]["availstate"] == "berightback" {
            break;
        }
    }
    assert!(heard <= 12, "{heard} presences");
}
