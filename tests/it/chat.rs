//! Chat (protocol 4.13, decision 12; settings §9 I): who receives it, as what, and what is lost in silence.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::Appliance;
use crate::support::client::{getlist, unstamped};

/// The office with the uuids that chat is addressed by.
struct Company {
    appliance: Appliance,
    server: String,
    agnes: String,
    bertil: String,
}

impl Company {
    fn new() -> Self {
        let appliance = Appliance::company();
        let (agnes, bertil) = (appliance.user_uuid("agnes"), appliance.user_uuid("bertil"));
        let running = appliance.serve();
        let mut client = running.client("survey");
        let id = client.log_in("agnes", "available")["userid"].as_str().unwrap().to_owned();
        client.fence();
        let config = client.ask(&getlist("updateconfig", "users", &id))["config"].clone();
        drop(running);
        let server = config["xivo_uuid"].as_str().unwrap().to_owned();
        Self { appliance, server, agnes, bertil }
    }

    fn line(&self, text: &str, to: &Value) -> Value {
        json!({"class": "chitchat", "alias": "Somebody else", "text": text, "to": [self.server, to], "commandid": 9})
    }

    fn message(&self, text: &str) -> Value {
        json!({"class": "chitchat", "alias": "Agnes Alpha", "text": text, "from": [self.server, self.agnes],
            "to": [self.server, self.bertil]})
    }
}

/// Settings §9: 52.
#[test]
fn a_message_reaches_every_session_of_its_receiver_and_nobody_else() {
    let office = Company::new();
    let server = office.appliance.serve();
    let mut agnes = server.logged_in("agnes");
    let mut first = server.logged_in("bertil");
    let mut second = server.logged_in("bertil");
    first.fence();
    second.fence();
    agnes.fence();
    agnes.send(&office.line("héllo 😀 \"quoted\"", &json!(office.bertil)));
    for client in [&mut first, &mut second] {
        assert_eq!(unstamped(client.receive_class("chitchat")), office.message("héllo 😀 \"quoted\""));
    }
    agnes.expect_silence();
}

#[test]
fn text_is_made_safe_for_a_client_that_shows_html() {
    let office = Company::new();
    let server = office.appliance.serve();
    let mut agnes = server.logged_in("agnes");
    let mut bertil = server.logged_in("bertil");
    agnes.send(&office.line("<b>bold</b> & 'so'\non", &json!(office.bertil)));
    let came = bertil.receive_class("chitchat");
    assert_eq!(came["text"], "&lt;b&gt;bold&lt;/b&gt; &amp; 'so'\non");
}

#[test]
fn text_stays_as_it_came_for_integrators() {
    let office = Company::new();
    office.appliance.set("chat.make_safe", "false");
    let server = office.appliance.serve();
    let mut agnes = server.logged_in("agnes");
    let mut bertil = server.logged_in("bertil");
    agnes.send(&office.line("<b>bold</b>", &json!(office.bertil)));
    assert_eq!(bertil.receive_class("chitchat")["text"], "<b>bold</b>");
}

#[test]
fn a_message_to_oneself_comes_back() {
    let office = Company::new();
    let server = office.appliance.serve();
    let mut agnes = server.logged_in("agnes");
    agnes.send(&office.line("to myself", &json!(office.agnes)));
    assert_eq!(agnes.receive_class("chitchat")["text"], "to myself");
}

#[test]
fn a_message_to_nobody_is_lost_in_silence() {
    let office = Company::new();
    let server = office.appliance.serve();
    let mut agnes = server.logged_in("agnes");
    let mut other = server.logged_in("agnes");
    agnes.fence();
    other.fence();
    agnes.fence();
    agnes.send(&office.line("unknown", &json!("00000000-0000-4000-8000-000000000998")));
    let elsewhere = json!(["00000000-0000-4000-8000-000000000009", office.agnes]);
    agnes.send(&json!({"class": "chitchat", "alias": "x", "text": "elsewhere", "to": elsewhere}));
    agnes.expect_silence();
    other.expect_silence();
}

#[test]
fn a_message_to_one_who_is_away_waits_for_them_over_a_restart_and_comes_once() {
    let office = Company::new();
    let server = office.appliance.serve();
    let mut agnes = server.logged_in("agnes");
    office.appliance.run(&["user", "disable", "bertil"]);
    for text in ["first <b>", "second"] {
        agnes.send(&office.line(text, &json!(office.bertil)));
    }
    // A search of the same session is done behind them.
    agnes.send(&json!({"class": "people_search", "pattern": "nobody"}));
    agnes.receive_class("people_search_result");
    drop((agnes, server));
    office.appliance.run(&["user", "enable", "bertil"]);

    let server = office.appliance.serve();
    let mut bertil = server.logged_in("bertil");
    for text in ["first &lt;b&gt;", "second"] {
        assert_eq!(unstamped(bertil.receive_class("chitchat")), office.message(text));
    }
    bertil.fence();
    bertil.ask(&json!({"class": "people_favorites"}));
    drop(bertil);
    let mut bertil = server.logged_in("bertil");
    bertil.send(&json!({"class": "people_favorites"}));
    bertil.receive_class("people_favorites_result");
    bertil.expect_silence();
}

#[test]
fn a_name_reads_right_in_the_title_of_a_chat() {
    let office = Company::new();
    office.appliance.run(&["user", "edit", "agnes", "--first-name", "R&D <Smith &amp; Sons>"]);
    let server = office.appliance.serve();
    let mut agnes = server.logged_in("agnes");
    let mut bertil = server.logged_in("bertil");
    agnes.send(&office.line("hello", &json!(office.bertil)));
    assert_eq!(bertil.receive_class("chitchat")["alias"], "R&D ‹Smith & amp; Sons› Alpha");
}

const NEWEST: (&str, &str) = ("wazoversion", "2.3");

#[test]
fn chat_comes_behind_the_answer_about_the_own_user_and_not_before() {
    let office = Company::new();
    let server = office.appliance.serve();
    let mut agnes = server.logged_in("agnes");
    let mut write = |text: &str| {
        agnes.send(&office.line(text, &json!(office.bertil)));
        // A search of the same session is done behind it.
        agnes.send(&json!({"class": "people_search", "pattern": "nobody"}));
        agnes.receive_class("people_search_result");
    };
    write("kept");
    let mut bertil = server.client("bertil");
    let own = bertil.enter("bertil", "available", NEWEST)["userid"].as_str().unwrap().to_owned();
    write("live");
    bertil.send(&json!({"class": "getipbxlist"}));
    bertil.send(&getlist("listid", "users", ""));
    bertil.send(&getlist("updateconfig", "users", "1000"));
    bertil.send(&getlist("updatestatus", "users", &own));
    let before = bertil.fence();
    assert!(!before.iter().any(|message| message["class"] == "chitchat"), "{before:?}");
    let config = bertil.ask(&getlist("updateconfig", "users", &own));
    assert_eq!(config["config"]["firstname"], "Bertil");
    for text in ["kept", "live"] {
        assert_eq!(bertil.receive()["text"], text);
    }
}

#[test]
fn a_program_that_is_no_desktop_client_hears_chat_ten_seconds_after_its_login() {
    let office = Company::new();
    let server = office.appliance.serve();
    let mut agnes = server.logged_in("agnes");
    let mut bertil = server.client("bertil");
    let began = Instant::now();
    bertil.enter("bertil", "available", NEWEST);
    bertil.fence();
    agnes.send(&office.line("for a program", &json!(office.bertil)));
    assert_eq!(bertil.receive_class("chitchat")["text"], "for a program");
    assert!(began.elapsed() >= Duration::from_secs(10), "{:?}", began.elapsed());
}

#[test]
fn a_kept_text_whose_session_ended_before_it_could_be_told_comes_at_the_next_login() {
    let office = Company::new();
    let server = office.appliance.serve();
    let mut agnes = server.logged_in("agnes");
    let mut bertil = server.client("bertil");
    bertil.enter("bertil", "available", NEWEST);
    agnes.send(&office.line("while it started", &json!(office.bertil)));
    agnes.fence();
    drop(bertil);
    agnes.receive_where(|message| message["status"]["availstate"] == "disconnected");
    let mut bertil = server.logged_in("bertil");
    assert_eq!(bertil.receive_class("chitchat")["text"], "while it started");
}

#[test]
fn many_texts_while_a_client_logs_in_come_in_the_order_in_which_they_were_written() {
    let office = Company::new();
    let server = office.appliance.serve();
    for _ in 0..5 {
        let mut agnes = server.logged_in("agnes");
        let lines: Vec<Value> = (0..24).map(|number| office.line(&number.to_string(), &json!(office.bertil))).collect();
        let writing = std::thread::spawn(move || {
            for line in lines {
                agnes.send(&line);
                // One after the other: each is decided before the next is written.
                agnes.fence();
            }
            agnes
        });
        let mut bertil = server.logged_in("bertil");
        for number in 0..24 {
            assert_eq!(bertil.receive_class("chitchat")["text"], number.to_string());
        }
        drop(writing.join().unwrap());
    }
}

#[test]
fn a_client_of_2_0_is_spoken_to_in_ids() {
    let office = Company::new();
    let server = office.appliance.serve();
    let mut agnes = server.logged_in("agnes");
    let mut bertil = server.client("bertil");
    let id = bertil.log_in_with("bertil", "available", ("xivoversion", "2.0"))["userid"].clone();
    let id: i64 = id.as_str().unwrap().parse().unwrap();
    agnes.send(&office.line("ids", &json!(office.bertil)));
    let came = bertil.receive_class("chitchat");
    assert_eq!(came["to"], json!([office.server, id]));
    assert!(came["from"][1].is_i64(), "{came}");
    bertil.send(&json!({"class": "chitchat", "alias": "x", "text": "back", "to": came["from"]}));
    assert_eq!(agnes.receive_class("chitchat")["from"], json!([office.server, office.bertil]));
}

#[test]
fn uuids_are_compared_as_uuids() {
    let office = Company::new();
    let server = office.appliance.serve();
    let mut agnes = server.logged_in("agnes");
    let mut bertil = server.logged_in("bertil");
    let to = json!([office.server.to_uppercase(), office.bertil.replace('-', "")]);
    agnes.send(&json!({"class": "chitchat", "alias": "x", "text": "spelt otherwise", "to": to}));
    assert_eq!(bertil.receive_class("chitchat")["text"], "spelt otherwise");
}

#[test]
fn a_lone_surrogate_becomes_the_replacement_character() {
    let office = Company::new();
    let server = office.appliance.serve();
    let mut agnes = server.logged_in("agnes");
    let mut bertil = server.logged_in("bertil");
    let to = json!([office.server, office.bertil]);
    agnes.send_text(&format!("{{\"class\":\"chitchat\",\"alias\":\"x\",\"text\":\"a\\ud800b\",\"to\":{to}}}\n"));
    assert_eq!(bertil.receive_class("chitchat")["text"], "a\u{fffd}b");
}
