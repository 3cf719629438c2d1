//! The login ladder (protocol §2, decision 1 and 3; settings §9 A): every step, every refusal, the timer.

use serde_json::{Value, json};

use crate::support::Appliance;
use crate::support::cli::PASSWORD;
use crate::support::client::{Client, getlist, is_presence, login_id, unstamped};

const NEWEST: (&str, &str) = ("wazoversion", "2.3");

fn refused(client: &mut Client, login: &str, password: &str) {
    let answer = client.authenticate(login, password, NEWEST);
    assert_eq!(unstamped(answer), json!({"class": "login_pass", "error_string": "login_password"}));
    client.expect_plain_close();
}

/// Settings §9: 1.
#[test]
fn a_user_logs_in_with_three_steps() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.client("agnes");
    assert_eq!(unstamped(client.receive()), json!({"class": "starttls"}));
    let answer = client.ask(&login_id("agnes", ("xivoversion", "2.2")));
    let session = answer["sessionid"].as_str().unwrap().to_owned();
    assert_eq!(session.len(), 10);
    assert!(session.chars().all(|each| each.is_ascii_alphanumeric()));
    assert_eq!(unstamped(answer), json!({"class": "login_id", "sessionid": session, "xivoversion": "2.2"}));
    let answer = client.ask(&json!({"class": "login_pass", "password": PASSWORD, "commandid": 2}));
    assert_eq!(unstamped(answer), json!({"class": "login_pass", "capalist": [3]}));
    let capas = client.ask(&json!({"class": "login_capas", "capaid": "3", "state": "available", "commandid": 3}));
    let members: Vec<&String> = capas.as_object().unwrap().keys().collect();
    for member in ["class", "userid", "ipbxid", "appliname", "capaxlets", "capas", "timenow"] {
        assert!(members.iter().any(|each| *each == member), "login_capas has no {member}");
    }
    assert_eq!(members.len(), 7, "login_capas has {members:?}");
    assert_eq!(capas["appliname"], "Client");
    assert_eq!(capas["ipbxid"], "xivo");
    assert!(capas["userid"].is_string());
}

#[test]
fn every_released_version_is_served() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    for version in [("xivoversion", "2.0"), ("xivoversion", "2.1"), ("xivoversion", "2.2"), NEWEST] {
        let mut client = server.client(version.1);
        client.send(&login_id("agnes", version));
        let answer = client.receive_class("login_id");
        assert_eq!(answer[version.0], version.1);
        assert_eq!(answer.as_object().unwrap().len(), 4, "{answer}");
    }
}

/// Settings §9: 6.
#[test]
fn another_version_hears_both_versions_and_is_closed() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    for (version, text) in
        [(("xivoversion", "1.2"), "xivoversion_client:1.2;2.3"), (("wazoversion", "9.9"), "wazoversion_client:9.9;2.3")]
    {
        let mut client = server.client(version.1);
        client.send(&login_id("agnes", version));
        let answer = client.receive_class("login_id");
        assert_eq!(unstamped(answer), json!({"class": "login_id", "error_string": text}));
        client.expect_plain_close();
    }
}

#[test]
fn every_refused_login_is_a_line_of_the_log() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.client("old");
    client.send(&login_id("agnes", ("xivoversion", "1.2")));
    client.expect_close();
    server.await_log(&["login refused", r#"login="agnes""#, r#"version="1.2""#]);

    let mut client = server.client("forged");
    client.send(&login_id("bob\" user=\"root", ("xivoversion", "2.2")));
    client.receive_class("login_id");
    client.send(&json!({"class": "login_pass", "password": "x"}));
    client.expect_close();
    // No login can pretend to be another field.
    server.await_log(&["login refused", r#"login="bob\" user=\"root""#, "no such user"]);

    let mut client = server.client("profile");
    client.send(&login_id("agnes", ("xivoversion", "2.2")));
    client.receive_class("login_id");
    client.send(&json!({"class": "login_pass", "password": "secret"}));
    client.receive_class("login_pass");
    client.send(&json!({"class": "login_capas", "capaid": 99, "state": "available"}));
    client.expect_close();
    server.await_log(&["login refused", r#"login="agnes""#, "another profile"]);
    drop(server);

    appliance.set("encryption.mode", "require");
    let server = appliance.serve();
    let mut client = server.client("clear");
    client.send(&login_id("agnes", ("xivoversion", "2.2")));
    client.expect_close();
    server.await_log(&["login refused", r#"login="agnes""#, "encryption.mode is require"]);
}

#[test]
fn a_login_without_version_is_a_missing_member() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.client("nobody");
    client.send(&json!({"class": "login_id", "userlogin": "agnes", "company": "xivo", "ident": "x", "commandid": 5}));
    let answer = client.receive_class("protocol_error");
    assert_eq!(answer["error_string"], "missing_member");
    assert_eq!(answer["replyid"], 5);
    client.expect_plain_close();
}

/// Settings §9: 7.
#[test]
fn a_wrong_password_and_an_unknown_user_hear_the_same() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    refused(&mut server.client("wrong password"), "agnes", "wrong");
    refused(&mut server.client("unknown user"), "nobody", PASSWORD);
    refused(&mut server.client("empty"), "", "");
}

/// Settings §9: 2, 8.
#[test]
fn a_disabled_user_is_refused_until_enabled_again() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut watcher = server.logged_in("bertil");
    // a running server hears of a change a moment later: the watcher's own edit shows that it has
    let mut toggle = |word: &str, name: &str| {
        appliance.run(&["user", word, "agnes"]);
        appliance.run(&["user", "edit", "bertil", "--first-name", name]);
        watcher.receive_where(|message| message["config"]["firstname"] == name);
    };
    toggle("disable", "Berta");
    refused(&mut server.client("disabled"), "agnes", PASSWORD);
    toggle("enable", "Bertil");
    server.logged_in("agnes");
}

/// Settings §9: 8.
#[test]
fn a_user_without_a_profile_is_refused_like_a_wrong_password() {
    let appliance = Appliance::company();
    appliance.add_user("ines", &["--first-name", "Ines"]);
    let server = appliance.serve();
    refused(&mut server.client("ines"), "ines", PASSWORD);
}

#[test]
fn the_login_name_is_compared_without_case() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    server.logged_in("AGNES");
}

/// Settings §9: 9.
#[test]
fn a_capaid_that_was_not_offered_is_wrong() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    for capaid in [json!("9"), json!(9), json!(""), json!("abc"), json!(2.7), json!("3.0"), json!(null)] {
        let mut client = server.client("agnes");
        client.authenticate("agnes", PASSWORD, NEWEST);
        let answer = client.ask(&json!({"class": "login_capas", "capaid": capaid, "state": "available"}));
        assert_eq!(
            unstamped(answer),
            json!({"class": "login_capas", "error_string": "wrong cti_profile_id"}),
            "for capaid {capaid}"
        );
        client.expect_plain_close();
    }
}

/// Settings §9: 9.
#[test]
fn a_profile_that_was_taken_away_meanwhile_is_unknown() {
    let appliance = Appliance::company();
    appliance.run(&["profile", "add", "Fleeting"]);
    appliance.add_user("flo", &["--first-name", "Flo", "--profile", "Fleeting"]);
    let server = appliance.serve();
    let mut watcher = server.logged_in("bertil");
    let mut client = server.client("flo");
    let capaid = client.authenticate("flo", PASSWORD, NEWEST)["capalist"][0].clone();
    appliance.run(&["user", "edit", "flo", "--profile", "", "--first-name", "Flora"]);
    appliance.run(&["profile", "remove", "Fleeting"]);
    watcher.receive_where(|message| message["config"]["firstname"] == "Flora");
    let answer = client.ask(&json!({"class": "login_capas", "capaid": capaid, "state": "available"}));
    assert_eq!(unstamped(answer), json!({"class": "login_capas", "error_string": "unknown cti_profile_id"}));
    client.expect_plain_close();
}

#[test]
fn a_capaid_comes_as_number_or_as_text() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    for capaid in [json!(3), json!("3")] {
        let mut client = server.client("agnes");
        client.authenticate("agnes", PASSWORD, NEWEST);
        let answer = client.ask(&json!({"class": "login_capas", "capaid": capaid, "state": "available"}));
        assert_eq!(answer["appliname"], "Client", "{answer}");
    }
}

/// Settings §9: 10.
#[test]
fn a_connection_that_does_not_log_in_is_told_and_closed() {
    let appliance = Appliance::company();
    appliance.set("client.login_timeout", "1");
    let server = appliance.serve();
    let mut logged_in = server.logged_in("agnes");
    let mut silent = server.client("silent");
    let mut halfway = server.client("halfway");
    halfway.authenticate("bertil", PASSWORD, NEWEST);
    for client in [&mut silent, &mut halfway] {
        let answer = client.receive_class("protocol_error");
        assert_eq!(answer["error_string"], "login_timeout");
        assert!(answer["detail"].is_string());
        client.expect_plain_close();
    }
    logged_in.fence();
}

#[test]
fn pipelined_login_steps_are_served_in_order() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.client("agnes");
    client.receive_class("starttls");
    let steps = [
        login_id("agnes", NEWEST),
        json!({"class": "login_pass", "password": PASSWORD}),
        json!({"class": "login_capas", "capaid": "3", "state": "away"}),
        json!({"class": "getipbxlist", "commandid": 8}),
    ];
    let text: String = steps.iter().map(|step| format!("{step}\n")).collect();
    client.send_text(&text);
    for class in ["login_id", "login_pass", "login_capas"] {
        assert_eq!(client.receive()["class"], class);
    }
    client.receive_class("getipbxlist");
}

/// Settings §9: 15.
#[test]
fn nothing_but_the_ladder_is_served_before_login() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.client("agnes");
    client.receive_class("starttls");
    for line in [
        json!({"class": "keepalive", "commandid": 1}),
        json!({"class": "getipbxlist", "commandid": 2}),
        json!({"class": "login_pass", "password": PASSWORD}),
        json!({"class": "login_capas", "capaid": "3", "state": "available"}),
        json!({"class": "availstate", "availstate": "away", "ipbxid": "", "userid": ""}),
        json!({"class": "nosuchclass"}),
    ] {
        client.send(&line);
    }
    let answer = client.ask(&login_id("agnes", NEWEST));
    assert_eq!(answer["class"], "login_id", "something before login was answered");
}

/// Settings §9: 15.
#[test]
fn between_password_and_profile_only_the_ladder_is_served() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut bertil = server.logged_in("bertil");
    let mut client = server.client("agnes");
    client.authenticate("agnes", PASSWORD, NEWEST);
    client.send(&getlist("listid", "users", ""));
    client.send(&json!({"class": "availstate", "availstate": "away"}));
    bertil.send(&json!({"class": "availstate", "availstate": "away"}));
    bertil.receive_where(|message| message["status"]["availstate"] == "away");
    client.expect_silence();
    bertil.expect_silence();
    let answer = client.ask(&json!({"class": "login_capas", "capaid": "3", "state": "available"}));
    assert_eq!(answer["class"], "login_capas", "a broadcast came before login_capas");
}

#[test]
fn a_login_step_is_honoured_once() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.logged_in("agnes");
    client.fence();
    client.send(&login_id("agnes", NEWEST));
    client.send(&json!({"class": "login_pass", "password": PASSWORD}));
    client.send(&json!({"class": "login_capas", "capaid": "3", "state": "away"}));
    client.expect_silence();
}

/// Settings §9: 11.
#[test]
fn one_connections_login_leaves_the_other_alone() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut one = server.client("one");
    let mut other = server.client("other");
    one.send(&login_id("agnes", NEWEST));
    one.receive_class("login_id");
    other.send(&json!({"class": "login_pass", "password": PASSWORD}));
    other.send(&login_id("bertil", NEWEST));
    other.receive_class("login_id");
    one.send(&json!({"class": "login_pass", "password": PASSWORD}));
    assert_eq!(one.receive_class("login_pass")["capalist"], json!([3]));
    other.send(&json!({"class": "login_pass", "password": PASSWORD}));
    assert_eq!(other.receive_class("login_pass")["capalist"], json!([2]));
}

#[test]
fn the_login_state_is_told_after_the_answer() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut watcher = server.logged_in("bertil");
    let mut client = server.client("agnes");
    let id = client.log_in("agnes", "away")["userid"].as_str().unwrap().to_owned();
    client.receive_where(|message| is_presence(message, &id, "away"));
    watcher.receive_where(|message| is_presence(message, &id, "away"));
}

#[test]
fn an_unknown_login_state_becomes_the_groups_first() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.client("agnes");
    let id = client.log_in("agnes", "nosuchstate")["userid"].as_str().unwrap().to_owned();
    client.receive_where(|message| is_presence(message, &id, "available"));
}

#[test]
fn an_unknown_login_state_becomes_the_last_presence() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut first = server.client("agnes, first");
    let id = first.log_in("agnes", "outtolunch")["userid"].as_str().unwrap().to_owned();
    first.send(&json!({"class": "logout", "stopper": ""}));
    first.expect_close();
    let mut client = server.client("agnes");
    client.log_in("agnes", "nosuchstate");
    client.receive_where(|message| is_presence(message, &id, "outtolunch"));
}

#[test]
fn a_login_may_come_in_as_disconnected() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.client("agnes");
    let id = client.log_in("agnes", "disconnected")["userid"].as_str().unwrap().to_owned();
    client.receive_where(|message| is_presence(message, &id, "disconnected"));
    let answer = client.ask(&getlist("updatestatus", "users", &id));
    assert_eq!(answer["status"], json!({"connection": "yes", "availstate": "disconnected"}));
}

#[test]
fn logout_closes_and_serves_no_later_line() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.logged_in("agnes");
    client.fence();
    client.send_text("{\"class\":\"logout\",\"stopper\":\"\"}\n{\"class\":\"getipbxlist\",\"commandid\":1}\n");
    let rest = client.expect_close();
    assert!(rest.iter().all(|message| message["class"] != "getipbxlist"), "served after logout: {rest:?}");
}

#[test]
fn require_mode_never_asks_for_a_password_in_clear() {
    let appliance = Appliance::company();
    appliance.set("encryption.mode", "require");
    let server = appliance.serve();
    let mut client = server.client("in clear");
    client.send(&login_id("agnes", NEWEST));
    let answer = client.receive_class("login_id");
    assert_eq!(unstamped(answer), json!({"class": "login_id", "error_string": "encryption_required"}));
    client.expect_plain_close();
    let mut client = server.client("encrypted");
    client.start_tls();
    client.log_in("agnes", "available");
}

#[test]
fn passwords_never_reach_the_log() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    refused(&mut server.client("agnes"), "agnes", "wr0ng-and-loud");
    let mut client = server.client("bad");
    client.receive_class("starttls");
    client.send_text("{\"class\":\"login_pass\",\"password\":\"l0ud-and-broken\n");
    client.expect_close();
    server.logged_in("agnes");
    let log = server.log();
    for word in ["wr0ng-and-loud", "l0ud-and-broken", PASSWORD] {
        assert!(!log.contains(word), "the log holds a password:\n{log}");
    }
}

#[test]
fn a_reply_carries_the_commandid_only_where_it_did() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.logged_in("agnes");
    client.fence();
    let asked = |commandid: Value| json!({"class": "getipbxlist", "commandid": commandid});
    for commandid in [json!(5), json!("abc"), json!([1, {}])] {
        let answer = client.ask(&asked(commandid.clone()));
        assert_eq!(unstamped(answer), json!({"class": "getipbxlist", "replyid": commandid, "ipbxlist": ["xivo"]}));
    }
    for commandid in [json!(0), json!(null), json!("")] {
        let answer = client.ask(&asked(commandid));
        assert_eq!(unstamped(answer), json!({"class": "getipbxlist", "ipbxlist": ["xivo"]}));
    }
    let answer = client.ask(&json!({"class": "keepalive", "commandid": 6}));
    assert_eq!(unstamped(answer), json!({"class": "keepalive", "replyid": 6, "warning_string": "unimplemented"}));
}

/// Settings §9: 3.
#[test]
fn a_user_who_gets_password_and_profile_later_logs_in_from_then_on() {
    let appliance = Appliance::new();
    appliance.run(&["user", "add", "nina", "--first-name", "Nina", "--no-password"]);
    let server = appliance.serve();
    refused(&mut server.client("before"), "nina", PASSWORD);
    appliance.run_with_input(&["user", "password", "nina", "--password-stdin"], &format!("{PASSWORD}\n"));
    appliance.run(&["user", "enable", "nina"]);
    refused(&mut server.client("without profile"), "nina", PASSWORD);
    appliance.run(&["user", "edit", "nina", "--profile", "Client"]);
    assert_eq!(server.client("nina").log_in("nina", "available")["appliname"], "Client");
}

#[test]
fn the_login_timer_rings_for_a_client_that_never_stops_sending() {
    let appliance = Appliance::company();
    appliance.set("client.login_timeout", "1");
    let server = appliance.serve();
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    let lines = "{\"class\":\"keepalive\"}\n".repeat(4096);
    let flood = std::thread::spawn(move || {
        use std::io::Write;
        let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
        while std::time::Instant::now() < end && stream.write_all(lines.as_bytes()).is_ok() {}
    });
    server.await_log(&["login timed out"]);
    flood.join().unwrap();
}
