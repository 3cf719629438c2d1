//! Presence (protocol §8, decision 4 and 5; settings §9 C): who hears what, which moves are refused, what actions do.

use serde_json::{Value, json};

use crate::support::client::{getlist, is_presence};
use crate::support::{Appliance, Client, Running};

fn enter(client: &mut Client, state: &str) {
    client.send(&json!({"class": "availstate", "availstate": state, "ipbxid": "xivo", "userid": "999"}));
}

fn log_in(server: &Running, login: &str, state: &str) -> (Client, String) {
    let mut client = server.client(login);
    let id = client.log_in(login, state)["userid"].as_str().unwrap().to_owned();
    client.receive_where(|message| is_presence(message, &id, state));
    (client, id)
}

fn dnd(message: &Value, user: &str) -> Option<bool> {
    let is_partial = message["function"] == "updateconfig" && message["config"].get("firstname").is_none();
    (is_partial && message["tid"] == user).then(|| message["config"]["enablednd"].as_bool()).flatten()
}

/// Settings §9: 22.
#[test]
fn a_changed_presence_is_told_to_everyone() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (mut agnes, id) = log_in(&server, "agnes", "available");
    let (mut bertil, _) = log_in(&server, "bertil", "available");
    enter(&mut agnes, "away");
    agnes.receive_where(|message| is_presence(message, &id, "away"));
    bertil.receive_where(|message| is_presence(message, &id, "away"));
    let answer = bertil.ask(&getlist("updatestatus", "users", &id));
    assert_eq!(answer["status"], json!({"connection": "yes", "availstate": "away"}));
}

/// Settings §9: 28.
#[test]
fn an_unknown_presence_is_answered_by_the_present_one() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (mut agnes, id) = log_in(&server, "agnes", "away");
    let (mut bertil, _) = log_in(&server, "bertil", "available");
    bertil.fence();
    agnes.fence();
    for state in ["nosuch", ""] {
        enter(&mut agnes, state);
        agnes.receive_where(|message| is_presence(message, &id, "away"));
    }
    agnes.expect_silence();
    bertil.expect_silence();
}

/// Settings §9: 31.
#[test]
fn a_move_that_is_not_listed_is_refused_where_presence_is_strict() {
    let appliance = Appliance::company();
    appliance.run(&["presence", "edit", "away", "--group", "xivo", "--reachable", "available"]);
    let server = appliance.serve();
    let (mut agnes, id) = log_in(&server, "agnes", "away");
    agnes.fence();
    enter(&mut agnes, "donotdisturb");
    agnes.receive_where(|message| is_presence(message, &id, "away"));
    agnes.expect_silence();
    enter(&mut agnes, "available");
    agnes.receive_where(|message| is_presence(message, &id, "available"));
}

#[test]
fn every_move_within_the_group_is_taken_where_presence_is_not_strict() {
    let appliance = Appliance::company();
    appliance.run(&["presence", "edit", "away", "--group", "xivo", "--reachable", "available"]);
    appliance.set("strict_presence", "false");
    let server = appliance.serve();
    let (mut agnes, id) = log_in(&server, "agnes", "away");
    enter(&mut agnes, "donotdisturb");
    agnes.receive_where(|message| is_presence(message, &id, "donotdisturb"));
}

#[test]
fn disconnected_is_refused_unless_it_is_reachable() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (mut agnes, id) = log_in(&server, "agnes", "available");
    agnes.fence();
    enter(&mut agnes, "disconnected");
    agnes.receive_where(|message| is_presence(message, &id, "available"));
    agnes.expect_silence();
}

#[test]
fn from_disconnected_a_session_may_enter_any_presence() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (mut agnes, id) = log_in(&server, "agnes", "disconnected");
    enter(&mut agnes, "berightback");
    agnes.receive_where(|message| is_presence(message, &id, "berightback"));
}

#[test]
fn the_presence_that_one_has_is_told_again() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (mut agnes, id) = log_in(&server, "agnes", "away");
    let (mut bertil, _) = log_in(&server, "bertil", "available");
    bertil.fence();
    enter(&mut agnes, "away");
    bertil.receive_where(|message| is_presence(message, &id, "away"));
    bertil.expect_silence();
}

/// Settings §9: 29.
#[test]
fn entering_do_not_disturb_switches_dnd() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (mut agnes, id) = log_in(&server, "agnes", "available");
    let (mut bertil, _) = log_in(&server, "bertil", "available");
    enter(&mut agnes, "donotdisturb");
    bertil.receive_where(|message| dnd(message, &id) == Some(true));
    let answer = {
        bertil.fence();
        bertil.ask(&getlist("updateconfig", "users", &id))
    };
    assert_eq!(answer["config"]["enablednd"], true);
    enter(&mut agnes, "available");
    bertil.receive_where(|message| dnd(message, &id) == Some(false));
}

#[test]
fn a_dnd_that_does_not_change_is_not_told() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (mut agnes, id) = log_in(&server, "agnes", "available");
    let (mut bertil, _) = log_in(&server, "bertil", "available");
    for state in ["away", "berightback", "available"] {
        enter(&mut agnes, state);
        agnes.receive_where(|message| is_presence(message, &id, state));
    }
    enter(&mut agnes, "donotdisturb");
    let mut heard = Vec::new();
    loop {
        let message = bertil.receive();
        if let Some(is_on) = dnd(&message, &id) {
            heard.push(is_on);
            break;
        }
    }
    assert_eq!(heard, [true]);
}

/// Settings §9: 28.
#[test]
fn the_last_of_several_sessions_makes_a_user_disconnected() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (mut bertil, _) = log_in(&server, "bertil", "available");
    let (first, id) = log_in(&server, "agnes", "available");
    let (mut second, _) = log_in(&server, "agnes", "away");
    drop(first);
    second.fence();
    enter(&mut second, "berightback");
    let said: Vec<Value> = {
        let mut said = Vec::new();
        while !said.last().is_some_and(|message| is_presence(message, &id, "berightback")) {
            said.push(bertil.receive());
        }
        said
    };
    assert!(!said.iter().any(|message| is_presence(message, &id, "disconnected")), "{said:?}");
    drop(second);
    bertil.receive_where(|message| is_presence(message, &id, "disconnected"));
    bertil.fence();
    let answer = bertil.ask(&getlist("updatestatus", "users", &id));
    assert_eq!(answer["status"], json!({"connection": null, "availstate": "disconnected"}));
}

#[test]
fn a_presence_of_one_session_is_the_users_presence() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (mut first, id) = log_in(&server, "agnes", "available");
    let (mut second, _) = log_in(&server, "agnes", "available");
    enter(&mut second, "outtolunch");
    second.receive_where(|message| is_presence(message, &id, "outtolunch"));
    first.receive_where(|message| is_presence(message, &id, "outtolunch"));
}

#[test]
fn another_presence_of_the_same_group_can_be_added_live() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (mut agnes, id) = log_in(&server, "agnes", "available");
    appliance.run(&[
        "presence",
        "add",
        "training",
        "--group",
        "xivo",
        "--display",
        "In training",
        "--color",
        "#123456",
    ]);
    appliance.run(&["presence", "edit", "available", "--group", "xivo", "--reachable", "away,training"]);
    appliance.run(&["user", "edit", "bertil", "--first-name", "Berthold"]);
    agnes.receive_where(|message| message["config"]["firstname"] == "Berthold");
    enter(&mut agnes, "training");
    agnes.receive_where(|message| is_presence(message, &id, "training"));
}

/// Settings §9: 28.
#[test]
fn actions_of_disconnected_wait_for_the_grace_time() {
    let appliance = Appliance::company();
    appliance.set("presence.disconnect_grace", "0");
    appliance.run(&["presence", "edit", "disconnected", "--group", "xivo", "--action", "enablednd=true"]);
    let server = appliance.serve();
    let (mut bertil, _) = log_in(&server, "bertil", "available");
    let (agnes, id) = log_in(&server, "agnes", "available");
    drop(agnes);
    bertil.receive_where(|message| is_presence(message, &id, "disconnected"));
    bertil.receive_where(|message| dnd(message, &id) == Some(true));
}

#[test]
fn a_logout_runs_the_actions_of_disconnected_at_once() {
    let appliance = Appliance::company();
    appliance.set("presence.disconnect_grace", "600");
    appliance.run(&["presence", "edit", "disconnected", "--group", "xivo", "--action", "enablednd=true"]);
    let server = appliance.serve();
    let (mut bertil, _) = log_in(&server, "bertil", "available");
    let (mut agnes, id) = log_in(&server, "agnes", "available");
    agnes.send(&json!({"class": "logout", "stopper": ""}));
    bertil.receive_where(|message| dnd(message, &id) == Some(true));
}

/// Settings §9: 28.
#[test]
fn actions_of_disconnected_do_not_run_within_the_grace_time() {
    let appliance = Appliance::company();
    appliance.set("presence.disconnect_grace", "600");
    appliance.run(&["presence", "edit", "disconnected", "--group", "xivo", "--action", "enablednd=true"]);
    let server = appliance.serve();
    let (mut bertil, _) = log_in(&server, "bertil", "available");
    let (agnes, id) = log_in(&server, "agnes", "available");
    drop(agnes);
    bertil.receive_where(|message| is_presence(message, &id, "disconnected"));
    log_in(&server, "agnes", "available");
    bertil.receive_where(|message| is_presence(message, &id, "available"));
    let rest = bertil.fence();
    assert!(!rest.iter().any(|message| dnd(message, &id).is_some()), "{rest:?}");
}

#[test]
fn a_removed_presence_moves_its_users_to_available() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (mut agnes, id) = log_in(&server, "agnes", "outtolunch");
    appliance.run(&["presence", "remove", "outtolunch", "--group", "xivo"]);
    agnes.receive_where(|message| is_presence(message, &id, "available"));
}
