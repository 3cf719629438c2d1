//! Status registrations (protocol 4.14; settings §9 C 25): the present status at once, each change after it.

use serde_json::{Value, json};

use crate::support::client::{getlist, unstamped};
use crate::support::{Appliance, Client};

fn register(client: &mut Client, kind: &str, server: &str, id: &Value) {
    let member = format!("{kind}_ids");
    client.send(&json!({"class": format!("register_{kind}_status_update"), member: [[server, id]]}));
}

fn enter(client: &mut Client, state: &str) {
    client.send(&json!({"class": "availstate", "availstate": state}));
}

/// A session of agnes who watches, and what registrations need to know.
struct Watch {
    client: Client,
    server: String,
    bertil: i64,
    uuid: String,
}

fn watch(appliance: &Appliance, running: &crate::support::Running) -> Watch {
    let mut client = running.logged_in("agnes");
    client.fence();
    let users = client.ask(&json!({"class": "getlist", "function": "listid", "listname": "users"}))["list"].clone();
    let mut found = None;
    for id in users.as_array().unwrap() {
        let config = client.ask(&getlist("updateconfig", "users", id.as_str().unwrap()))["config"].clone();
        if config["firstname"] == "Bertil" {
            found = Some((id.as_str().unwrap().parse().unwrap(), config["xivo_uuid"].as_str().unwrap().to_owned()));
        }
    }
    let (bertil, server) = found.unwrap();
    Watch { client, server, bertil, uuid: appliance.user_uuid("bertil") }
}

impl Watch {
    fn event(&self, status: &str) -> Value {
        json!({"class": "user_status_update", "data": {"xivo_uuid": self.server, "user_uuid": self.uuid,
            "user_id": self.bertil, "status": status}})
    }

    fn next_event(&mut self) -> Value {
        unstamped(self.client.receive_class("user_status_update"))
    }
}

#[test]
fn a_user_is_registered_by_uuid_by_number_and_by_numeric_text() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = watch(&appliance, &server);
    for key in [json!(agnes.uuid), json!(agnes.bertil), json!(agnes.bertil.to_string())] {
        register(&mut agnes.client, "user", &agnes.server, &key);
        let event = agnes.next_event();
        assert_eq!(event, agnes.event("disconnected"), "for {key}");
    }
}

#[test]
fn uuids_and_numbers_may_be_mixed() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = watch(&appliance, &server);
    let pairs = json!([[agnes.server, agnes.bertil], [agnes.server, agnes.uuid], [agnes.server, 999]]);
    agnes.client.send(&json!({"class": "register_user_status_update", "user_ids": pairs}));
    for _ in 0..2 {
        let event = agnes.next_event();
        assert_eq!(event, agnes.event("disconnected"));
    }
    agnes.client.expect_silence();
}

/// Settings §9: 22, 25.
#[test]
fn each_change_is_told_once_until_unregistered() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = watch(&appliance, &server);
    let key = json!(agnes.uuid);
    for _ in 0..2 {
        register(&mut agnes.client, "user", &agnes.server, &key);
        agnes.next_event();
    }
    let mut bertil = server.logged_in("bertil");
    let event = agnes.next_event();
    assert_eq!(event, agnes.event("available"));
    enter(&mut bertil, "away");
    let event = agnes.next_event();
    assert_eq!(event, agnes.event("away"));
    bertil.fence();
    let rest = agnes.client.fence();
    assert!(rest.iter().all(|message| message["class"] != "user_status_update"), "{rest:?}");
    let pairs = json!([[agnes.server, agnes.uuid]]);
    agnes.client.send(&json!({"class": "unregister_user_status_update", "user_ids": pairs}));
    agnes.client.fence();
    enter(&mut bertil, "berightback");
    bertil.receive_where(|message| message["status"]["availstate"] == "berightback");
    let rest = agnes.client.fence();
    assert!(rest.iter().all(|message| message["class"] != "user_status_update"), "{rest:?}");
}

#[test]
fn the_end_of_the_last_session_is_told() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = watch(&appliance, &server);
    let bertil = server.logged_in("bertil");
    let key = json!(agnes.uuid);
    register(&mut agnes.client, "user", &agnes.server, &key);
    let event = agnes.next_event();
    assert_eq!(event, agnes.event("available"));
    drop(bertil);
    let event = agnes.next_event();
    assert_eq!(event, agnes.event("disconnected"));
}

#[test]
fn a_refused_presence_is_not_told() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = watch(&appliance, &server);
    let mut bertil = server.logged_in("bertil");
    let key = json!(agnes.uuid);
    register(&mut agnes.client, "user", &agnes.server, &key);
    agnes.next_event();
    enter(&mut bertil, "zzz");
    bertil.fence();
    agnes.client.expect_silence();
}

/// Settings §9: 25.
#[test]
fn endpoints_and_agents_are_told_at_once() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = watch(&appliance, &server);
    let mut first = |list: &str| {
        let answer = agnes.client.ask(&json!({"class": "getlist", "function": "listid", "listname": list}));
        answer["list"][0].as_str().unwrap().parse::<i64>().unwrap()
    };
    let (line, agent) = (first("phones"), first("agents"));
    register(&mut agnes.client, "endpoint", &agnes.server, &json!(line));
    assert_eq!(
        unstamped(agnes.client.receive_class("endpoint_status_update")),
        json!({"class": "endpoint_status_update",
            "data": {"xivo_uuid": agnes.server, "endpoint_id": line, "status": 4}})
    );
    register(&mut agnes.client, "agent", &agnes.server, &json!(agent));
    assert_eq!(
        unstamped(agnes.client.receive_class("agent_status_update")),
        json!({"class": "agent_status_update",
            "data": {"xivo_uuid": agnes.server, "agent_id": agent, "status": "logged_out"}})
    );
}

/// Settings §9: 30.
#[test]
fn what_nobody_knows_is_registered_in_silence() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = watch(&appliance, &server);
    for kind in ["user", "endpoint", "agent"] {
        register(&mut agnes.client, kind, &agnes.server, &json!(999));
        register(&mut agnes.client, kind, "00000000-0000-4000-8000-000000000009", &json!(1));
    }
    agnes.client.send(&json!({"class": "register_user_status_update", "user_ids": []}));
    agnes.client.expect_silence();
}
