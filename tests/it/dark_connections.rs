//! Chat into connections whose clients have gone dark (protocol decision 16): what no client ever acknowledged is not
//! lost, comes in order, and once.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::client::getlist;
use crate::support::{Appliance, Client, Running};

struct Company {
    appliance: Appliance,
    server: String,
    bertil: String,
    chiara: String,
}

impl Company {
    fn new() -> Self {
        let appliance = Appliance::company();
        appliance.add_user("chiara", &["--first-name", "Chiara", "--profile", "Client"]);
        let (bertil, chiara) = (appliance.user_uuid("bertil"), appliance.user_uuid("chiara"));
        let running = appliance.serve();
        let mut client = running.client("survey");
        let id = client.log_in("agnes", "available")["userid"].as_str().unwrap().to_owned();
        client.fence();
        let server =
            client.ask(&getlist("updateconfig", "users", &id))["config"]["xivo_uuid"].as_str().unwrap().to_owned();
        Self { appliance, server, bertil, chiara }
    }

    /// Writes, and waits until the text is on its way, or kept.
    fn write(&self, writer: &mut Client, to: &str, text: &str) {
        writer.send(&json!({"class": "chitchat", "alias": "x", "text": text, "to": [self.server, to]}));
        writer.send(&json!({"class": "people_search", "pattern": "nobody"}));
        writer.receive_class("people_search_result");
    }
}

fn read(client: &mut Client) -> String {
    client.receive_class("chitchat")["text"].as_str().unwrap().to_owned()
}

/// Until an answer came, the system of a client that only reads may still owe the acknowledgement of what it read; one that
/// closes with lines unread takes that back.
fn acknowledge(client: &mut Client) {
    client.fence();
}

/// Nothing is kept for this user any more.
fn expect_nothing_kept(server: &Running, login: &str) {
    let mut client = server.logged_in(login);
    // The store does what it is asked in order.
    client.send(&json!({"class": "people_favorites"}));
    let is_answer = |message: &Value| message["class"] == "people_favorites_result";
    client.receive_where(|message| {
        assert!(message["class"] != "chitchat", "comes again: {message}");
        is_answer(message)
    });
    client.expect_silence();
}

fn is_gone(message: &Value) -> bool {
    message["status"] == json!({"availstate": "disconnected"})
}

fn a_dark_client_ends(is_encrypted: bool) {
    let office = Company::new();
    let server = office.appliance.serve();
    let mut agnes = server.logged_in("agnes");
    let mut bertil = server.client("bertil");
    if is_encrypted {
        bertil.receive();
        bertil.start_tls();
    }
    bertil.log_in("bertil", "available");
    office.write(&mut agnes, &office.bertil, "read");
    assert_eq!(read(&mut bertil), "read");
    acknowledge(&mut bertil);
    bertil.go_dark();
    for text in ["one", "two"] {
        office.write(&mut agnes, &office.bertil, text);
    }
    drop(bertil);
    agnes.receive_where(is_gone);
    office.write(&mut agnes, &office.bertil, "three");
    let mut bertil = server.logged_in("bertil");
    for text in ["one", "two", "three"] {
        assert_eq!(read(&mut bertil), text);
    }
    acknowledge(&mut bertil);
    drop(bertil);
    agnes.receive_where(is_gone);
    expect_nothing_kept(&server, "bertil");
}

#[test]
fn what_a_dark_client_never_acknowledged_comes_at_the_next_login_in_order_and_once() {
    a_dark_client_ends(false);
}

#[test]
fn what_an_encrypted_dark_client_never_acknowledged_comes_at_the_next_login_in_order_and_once() {
    a_dark_client_ends(true);
}

#[test]
fn a_connection_that_is_given_up_loses_no_text_whether_or_not_its_user_is_back() {
    let office = Company::new();
    let server = office.appliance.serve();
    let mut agnes = server.logged_in("agnes");
    let (mut bertil, mut chiara) = (server.logged_in("bertil"), server.logged_in("chiara"));
    bertil.go_dark();
    chiara.go_dark();
    office.write(&mut agnes, &office.bertil, "to one who stays away");
    office.write(&mut agnes, &office.chiara, "to one who is back");
    // The old connection still counts.
    let mut chiara_again = server.logged_in("chiara");
    chiara_again.fence();
    office.write(&mut agnes, &office.chiara, "now");
    assert_eq!(read(&mut chiara_again), "now");
    // The system gives a connection up after a minute.
    chiara_again.be_patient(Duration::from_secs(120));
    agnes.be_patient(Duration::from_secs(120));
    assert_eq!(read(&mut chiara_again), "to one who is back");
    agnes.receive_where(is_gone);
    let mut bertil = server.logged_in("bertil");
    assert_eq!(read(&mut bertil), "to one who stays away");
    acknowledge(&mut bertil);
    acknowledge(&mut chiara_again);
    drop((bertil, chiara_again));
    agnes.receive_where(is_gone);
    agnes.receive_where(is_gone);
    expect_nothing_kept(&server, "bertil");
    expect_nothing_kept(&server, "chiara");
}

#[test]
fn a_planned_stop_keeps_what_a_dark_client_never_acknowledged_and_nothing_else() {
    let office = Company::new();
    let server = office.appliance.serve();
    let mut agnes = server.logged_in("agnes");
    let (mut bertil, mut chiara) = (server.logged_in("bertil"), server.logged_in("chiara"));
    chiara.go_dark();
    office.write(&mut agnes, &office.chiara, "into the dark");
    office.write(&mut agnes, &office.bertil, "read");
    assert_eq!(read(&mut bertil), "read");
    acknowledge(&mut bertil);
    assert_eq!(server.terminate(), Some(0));
    let server = office.appliance.serve();
    let mut chiara = server.logged_in("chiara");
    assert_eq!(read(&mut chiara), "into the dark");
    expect_nothing_kept(&server, "bertil");
}
