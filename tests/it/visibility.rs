//! Context separation (protocol §6, decision 8; settings §1.2, §9 D): one rule for lists, statuses, pushes,
//! registrations and chat.

use serde_json::{Value, json};

use crate::support::client::{getlist, is_presence};
use crate::support::{Appliance, Client, Running};

fn log_in(server: &Running, login: &str) -> (Client, String) {
    let mut client = server.client(login);
    let id = client.log_in(login, "available")["userid"].as_str().unwrap().to_owned();
    client.fence();
    (client, id)
}

fn ids(client: &mut Client, listname: &str) -> Vec<String> {
    client.fence();
    let answer = client.ask(&json!({"class": "getlist", "function": "listid", "listname": listname}));
    let mut ids: Vec<String> =
        answer["list"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
    ids.sort();
    ids
}

fn furnished() -> Appliance {
    let appliance = Appliance::separated_office();
    for (name, number, context, agent) in [("support", "3001", "default", "2105"), ("orders", "3002", "sales", "2106")]
    {
        appliance.run(&["queue", "add", name, "--number", number, "--context", context]);
        appliance.run(&["queue", "member", "add", name, agent]);
    }
    appliance.run(&["voicemail", "add", "1001", "--context", "default", "--user", "agnes"]);
    appliance.run(&["voicemail", "add", "2001", "--context", "sales", "--user", "elena"]);
    appliance.run(&["conference", "add", "4001", "--name", "Daily", "--context", "default"]);
    appliance.run(&["conference", "add", "4002", "--name", "Board", "--context", "sales"]);
    appliance
}

const LISTS: [&str; 7] = ["users", "phones", "agents", "queues", "voicemails", "meetmes", "queuemembers"];

/// Settings §9: 34.
#[test]
fn lists_hold_only_what_is_of_ones_own_context() {
    let appliance = furnished();
    let server = appliance.serve();
    let (mut elena, _) = log_in(&server, "elena");
    let (mut agnes, _) = log_in(&server, "agnes");
    for list in LISTS {
        let (hers, others) = (ids(&mut elena, list), ids(&mut agnes, list));
        let wanted = if matches!(list, "users" | "phones") { 2 } else { 1 };
        assert_eq!((hers.len(), others.len()), (wanted, wanted), "{list}: {hers:?} and {others:?}");
        assert!(hers.iter().all(|id| !others.contains(id)), "{list} is shared: {hers:?}");
    }
}

/// Settings §9: 33, 36.
#[test]
fn everything_is_listed_where_contexts_are_not_separated() {
    let appliance = furnished();
    appliance.set("context_separation", "false");
    let server = appliance.serve();
    let (mut elena, _) = log_in(&server, "elena");
    let counts: Vec<usize> = LISTS.iter().map(|list| ids(&mut elena, list).len()).collect();
    assert_eq!(counts, [4, 4, 2, 2, 2, 2, 2]);
}

/// Settings §9: 34.
#[test]
fn what_is_out_of_sight_is_answered_as_unknown() {
    let appliance = furnished();
    let server = appliance.serve();
    let (mut elena, _) = log_in(&server, "elena");
    let (mut agnes, _) = log_in(&server, "agnes");
    for list in LISTS {
        for id in ids(&mut agnes, list) {
            elena.fence();
            let config = elena.ask(&getlist("updateconfig", list, &id))["config"].clone();
            assert_eq!(config, json!({}), "{list} {id}");
            let status = elena.ask(&getlist("updatestatus", list, &id))["status"].clone();
            let unknown = if list == "queuemembers" { Value::Null } else { json!({}) };
            assert_eq!(status, unknown, "{list} {id}");
        }
    }
}

/// Settings §9: 33.
#[test]
fn presence_and_services_stay_within_the_context() {
    let appliance = Appliance::separated_office();
    let server = appliance.serve();
    let (mut elena, _) = log_in(&server, "elena");
    let (mut bertil, _) = log_in(&server, "bertil");
    let (mut agnes, id) = log_in(&server, "agnes");
    bertil.fence();
    elena.expect_silence();
    agnes.send(&json!({"class": "availstate", "availstate": "donotdisturb"}));
    bertil.receive_where(|message| is_presence(message, &id, "donotdisturb"));
    bertil.receive_where(|message| message["config"]["enablednd"] == true);
    elena.expect_silence();
    drop(agnes);
    bertil.receive_where(|message| is_presence(message, &id, "disconnected"));
    elena.expect_silence();
}

/// Settings §9: 52.
#[test]
fn chat_across_contexts_is_dropped() {
    let appliance = Appliance::separated_office();
    let server = appliance.serve();
    let (mut elena, id) = log_in(&server, "elena");
    let (mut agnes, _) = log_in(&server, "agnes");
    let xivo = elena.ask(&getlist("updateconfig", "users", &id))["config"]["xivo_uuid"].clone();
    let to = json!([xivo, appliance.user_uuid("agnes")]);
    elena.send(&json!({"class": "chitchat", "alias": "x", "text": "across", "to": to}));
    elena.expect_silence();
    agnes.expect_silence();
}

#[test]
fn registrations_across_contexts_stay_silent() {
    let appliance = Appliance::separated_office();
    let server = appliance.serve();
    let (mut elena, id) = log_in(&server, "elena");
    let (mut agnes, other) = log_in(&server, "agnes");
    let xivo = elena.ask(&getlist("updateconfig", "users", &id))["config"]["xivo_uuid"].clone();
    let number: i64 = other.parse().unwrap();
    let uuid = appliance.user_uuid("agnes");
    elena.send(&json!({"class": "register_user_status_update", "user_ids": [[xivo, number], [xivo, uuid]]}));
    let line: i64 = ids(&mut agnes, "phones")[0].parse().unwrap();
    elena.send(&json!({"class": "register_endpoint_status_update", "endpoint_ids": [[xivo, line]]}));
    let agent: i64 = ids(&mut agnes, "agents")[0].parse().unwrap();
    elena.send(&json!({"class": "register_agent_status_update", "agent_ids": [[xivo, agent]]}));
    agnes.send(&json!({"class": "availstate", "availstate": "away"}));
    agnes.receive_where(|message| is_presence(message, &other, "away"));
    elena.expect_silence();
}

#[test]
fn an_administrators_change_stays_within_the_context() {
    let appliance = furnished();
    let server = appliance.serve();
    let (mut elena, _) = log_in(&server, "elena");
    let (mut bertil, _) = log_in(&server, "bertil");
    appliance.run(&["user", "edit", "agnes", "--first-name", "Agnete"]);
    bertil.receive_where(|message| message["config"]["firstname"] == "Agnete");
    elena.expect_silence();
}

/// Settings §9: 34.
#[test]
fn a_user_without_a_line_sees_themself_and_nobody_else() {
    let appliance = furnished();
    appliance.add_user("grete", &["--first-name", "Grete", "--profile", "Client"]);
    let server = appliance.serve();
    let (mut agnes, other) = log_in(&server, "agnes");
    let (mut grete, id) = log_in(&server, "grete");
    assert_eq!(ids(&mut grete, "users"), std::slice::from_ref(&id));
    for list in &LISTS[1..] {
        assert!(ids(&mut grete, list).is_empty(), "{list} is not empty");
    }
    assert_eq!(grete.ask(&getlist("updateconfig", "users", &id))["config"]["firstname"], "Grete");
    assert_eq!(grete.ask(&getlist("updatestatus", "users", &id))["status"]["availstate"], "available");
    assert_eq!(grete.ask(&getlist("updateconfig", "users", &other))["config"], json!({}));
    assert!(!ids(&mut agnes, "users").contains(&id), "others see the user without a line");
    agnes.send(&json!({"class": "availstate", "availstate": "away"}));
    agnes.receive_where(|message| is_presence(message, &other, "away"));
    grete.expect_silence();
    grete.send(&json!({"class": "availstate", "availstate": "away"}));
    grete.receive_where(|message| is_presence(message, &id, "away"));
    agnes.expect_silence();
}

/// Settings §9: 35, 36.
#[test]
fn rooms_are_seen_as_far_as_contexts_reach() {
    let appliance = Appliance::company();
    appliance.run(&["context", "add", "rooms"]);
    appliance.run(&["context", "add", "sales", "--include", "rooms"]);
    appliance.add_user("elena", &["--first-name", "Elena", "--profile", "Client"]);
    appliance.run(&["line", "add", "2001", "--context", "sales", "--user", "elena"]);
    for (number, context) in [("4001", "default"), ("4002", "sales"), ("4003", "rooms")] {
        appliance.run(&["conference", "add", number, "--name", number, "--context", context]);
    }
    appliance.run(&["queue", "add", "deep", "--number", "3009", "--context", "rooms"]);
    appliance.set("context_separation", "true");
    let server = appliance.serve();
    let (mut elena, _) = log_in(&server, "elena");
    let (mut agnes, _) = log_in(&server, "agnes");
    assert_eq!(ids(&mut elena, "meetmes").len(), 2);
    assert_eq!(ids(&mut agnes, "meetmes").len(), 1);
    for (client, numbers) in [(&mut elena, &["4002", "4003"][..]), (&mut agnes, &["4001"])] {
        client.fence();
        let rooms = client.ask(&json!({"class": "subscribe", "message": "meetme_update"}))["config"].clone();
        assert_eq!(rooms.as_object().unwrap().keys().collect::<Vec<_>>(), numbers);
        assert_eq!(rooms[numbers[0]]["pin_required"], false);
    }
    assert!(ids(&mut elena, "queues").is_empty(), "only rooms follow includes");
}

#[test]
fn an_agent_names_only_the_queues_that_the_viewer_may_see() {
    let appliance = furnished();
    appliance.run(&["queue", "member", "add", "orders", "2105"]);
    let server = appliance.serve();
    let (mut agnes, _) = log_in(&server, "agnes");
    let agent = ids(&mut agnes, "agents").remove(0);
    let support = ids(&mut agnes, "queues");
    let queues = agnes.ask(&getlist("updatestatus", "agents", &agent))["status"]["queues"].clone();
    assert_eq!(queues, json!(support));
}
