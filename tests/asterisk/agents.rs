//! Agents and queues of a real Asterisk: their life, the four actions of presences, restarts of either side.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::ami::Observer;
use crate::company::{connected, installed_office, user_id};
use crate::pbx::Pbx;
use crate::phone::Phone;
use crate::support::{Appliance, Client};

/// Logs the own agent in at the own telephone, and waits until Asterisk has it.
fn log_agent_in(client: &mut Client, observer: &mut Observer) {
    client.send(&json!({"class": "ipbxcommand", "command": "agentlogin", "commandid": 9}));
    observer.until("the agent is a member", |observer| observer.member("support", "Agent/2105").is_some());
}

fn await_availability(client: &mut Client, availability: &str) {
    client.receive_where(|message| {
        message["function"] == "updatestatus"
            && message["listname"] == "agents"
            && message["status"]["availability"] == availability
    });
}

fn choose(client: &mut Client, presence: &str) {
    client.send(&json!({"class": "availstate", "availstate": presence, "commandid": 4}));
}

fn is_paused(observer: &mut Observer) -> bool {
    observer.member("support", "Agent/2105").is_some_and(|member| member.get("Paused") == Some("1"))
}

/// `away` does this on entering.
fn away_does(office: &Appliance, action: &str) {
    office.run(&["presence", "edit", "away", "--action", action]);
}

fn call_queue(observer: &mut Observer) {
    let call = [("Channel", "Local/3000@default/n"), ("Application", "Wait"), ("Data", "60"), ("Async", "true")];
    observer.tell("Originate", &call);
}

#[test]
fn queuepause_all_on_entering_a_presence_pauses_with_its_name_as_the_reason() {
    let Some(pbx) = Pbx::start() else { return };
    let office = installed_office(&pbx);
    away_does(&office, "queuepause_all");
    let server = connected(&office);
    let mut client = server.logged_in("bertil");
    let mut observer = pbx.observer();
    log_agent_in(&mut client, &mut observer);
    choose(&mut client, "away");
    observer.until("the agent is paused", is_paused);
    let member = observer.member("support", "Agent/2105").unwrap();
    let presences = office.run(&["presence", "list", "--json"]).json();
    let away = presences.as_array().unwrap().iter().find(|presence| presence["name"] == "away").unwrap();
    assert_eq!(member.get("PausedReason"), away["display"].as_str(), "{member:?} {away}");
}

#[test]
fn queueunpause_all_on_entering_a_presence_ends_a_pause() {
    let Some(pbx) = Pbx::start() else { return };
    let office = installed_office(&pbx);
    away_does(&office, "queueunpause_all");
    let server = connected(&office);
    let mut client = server.logged_in("bertil");
    let mut observer = pbx.observer();
    log_agent_in(&mut client, &mut observer);
    observer.tell("QueuePause", &[("Interface", "Local/id-1@agentcallback"), ("Paused", "true")]);
    await_availability(&mut client, "unavailable");
    choose(&mut client, "away");
    observer.until("the agent is not paused", |observer| !is_paused(observer));
    await_availability(&mut client, "available");
}

#[test]
fn agentlogoff_on_logout_logs_off_and_a_cut_connection_does_nothing() {
    let Some(pbx) = Pbx::start() else { return };
    let office = installed_office(&pbx);
    let server = connected(&office);
    let mut observer = pbx.observer();
    let mut client = server.logged_in("bertil");
    log_agent_in(&mut client, &mut observer);
    drop(client);
    let mut client = server.logged_in("bertil");
    assert!(observer.member("support", "Agent/2105").is_some(), "a cut connection does nothing");
    client.send(&json!({"class": "logout", "stopper": "disconnect", "commandid": 8}));
    observer.until("the agent is gone", |observer| observer.member("support", "Agent/2105").is_none());
    observer.until("calls do not find the agent any more", |observer| observer.key("cti/agent/1", "iface").is_empty());
    for row in ["Agent/2105|AGENTCALLBACKLOGIN|1002@default", "Agent/2105|AGENTCALLBACKLOGOFF|1002@default|"] {
        observer.until(row, |_| pbx.queue_log().contains(row));
    }
}

#[test]
fn an_agent_takes_a_call_and_rests_after_it() {
    let Some(pbx) = Pbx::start() else { return };
    let office = installed_office(&pbx);
    let server = connected(&office);
    let mut observer = pbx.observer();
    let mut telephone = Phone::register(&pbx, "1002");
    let mut client = server.logged_in("bertil");
    log_agent_in(&mut client, &mut observer);
    await_availability(&mut client, "available");
    call_queue(&mut observer);
    telephone.await_ringing();
    telephone.answer();
    await_availability(&mut client, "unavailable");
    telephone.hang_up();
    telephone.await_end();
    // Two seconds of rest, in which the agent is not available.
    await_availability(&mut client, "available");
}

#[test]
fn two_hundred_agents_whose_clients_return_after_a_restart_stay_logged_in() {
    const AGENTS: u16 = 200;
    const AWAY: Duration = Duration::from_secs(21);
    let Some(pbx) = Pbx::start() else { return };
    let office = installed_office(&pbx);
    let mut document = office.run(&["export", "--with-secrets"]).json();
    multiply(&mut document, AGENTS);
    office.run_with_input(&["import", "-"], &document.to_string());
    let server = connected(&office);
    let mut observer = pbx.observer();
    let logins: Vec<String> = (0..AGENTS).map(|number| format!("agent{number}")).collect();
    let mut clients: Vec<Client> = logins.iter().map(|login| server.logged_in(login)).collect();
    for client in &mut clients {
        client.send(&json!({"class": "ipbxcommand", "command": "agentlogin", "commandid": 9}));
    }
    observer.until("all are members", |observer| observer.members("support").len() == usize::from(AGENTS));
    observer.forget();
    drop(clients);
    assert_eq!(server.terminate(), Some(0));
    let ended = Instant::now();
    let server = connected(&office);
    observer.until("their clients return", |_| ended.elapsed() >= AWAY);
    let mut clients: Vec<Client> = logins.iter().map(|login| server.logged_in(login)).collect();
    clients.iter_mut().for_each(|client| drop(client.fence()));
    assert_eq!(observer.members("support").len(), usize::from(AGENTS));
    for event in ["QueueMemberRemoved", "QueueMemberAdded", "QueueMemberPause"] {
        assert_eq!(observer.count(event, &[]), 0, "{event}");
    }
}

/// So many users like bertil with a line and an agent each, members of the queue.
fn multiply(document: &mut Value, count: u16) {
    let is_bertil = |user: &&Value| user["login"] == "bertil";
    let bertil = document["users"].as_array().unwrap().iter().find(is_bertil).unwrap().clone();
    for number in 0..count {
        let login = format!("agent{number}");
        let (line, agent) = ((2000 + number).to_string(), (7000 + number).to_string());
        let mut user = bertil.clone();
        user.as_object_mut().unwrap().remove("id");
        user["login"] = json!(login);
        user["uuid"] = json!(format!("00000000-0000-4000-8000-{number:012}"));
        let device = format!("PJSIP/{line}");
        let line = json!({"extension": line, "context": "default", "user": login, "device": device, "main": true});
        let about = json!({"number": agent, "first_name": "A", "last_name": "", "context": "default", "user": login});
        let member = json!({"agent": agent, "penalty": 0});
        for (list, one) in [("users", user), ("lines", line), ("agents", about)] {
            document[list].as_array_mut().unwrap().push(one);
        }
        document["queues"][0]["members"].as_array_mut().unwrap().push(member);
    }
}

#[test]
fn enablednd_on_entering_a_presence_makes_the_telephone_busy() {
    let Some(pbx) = Pbx::start() else { return };
    let office = installed_office(&pbx);
    let server = connected(&office);
    let bertil = user_id(&office, "bertil");
    let mut caller = Phone::register(&pbx, "1001");
    let mut called = Phone::register(&pbx, "1002");
    let mut client = server.logged_in("bertil");
    let mut observer = pbx.observer();
    choose(&mut client, "donotdisturb");
    observer.until("the dial plan knows", |observer| observer.key(&format!("cti/{bertil}"), "dnd") == "1");
    caller.dial("1002");
    assert!(caller.await_end().contains("486"));
    choose(&mut client, "available");
    observer.until("it is off again", |observer| observer.key(&format!("cti/{bertil}"), "dnd").is_empty());
    caller.dial("1002");
    called.await_ringing();
}

#[test]
fn ten_callers_are_counted_as_asterisk_counts_them() {
    let Some(pbx) = Pbx::start() else { return };
    let office = installed_office(&pbx);
    let server = connected(&office);
    let mut observer = pbx.observer();
    let mut client = server.logged_in("carla");
    let queues = office.run(&["queue", "list", "--json"]).json();
    let id = queues[0]["id"].to_string();
    client.send(&json!({"class": "subscribe", "message": "queueentryupdate", "queueid": id, "commandid": 3}));
    client.send(&json!({"class": "subscribetoqueuesstats", "commandid": 4}));
    for _ in 0..10 {
        call_queue(&mut observer);
    }
    let waiting = client.receive_where(|message| {
        message["class"] == "queueentryupdate" && message["state"]["entries"].as_array().unwrap().len() == 10
    });
    client.receive_where(|message| message["stats"][&id]["Xivo-WaitingCalls"] == 10);
    let mut shown: Vec<String> = observer
        .list("QueueStatus", &[("Queue", "support")])
        .iter()
        .filter(|packet| packet.get("Event") == Some("QueueEntry"))
        .map(|packet| format!("{} {}", packet.get("Position").unwrap(), packet.get("Uniqueid").unwrap()))
        .collect();
    shown.sort();
    let entries = waiting["state"]["entries"].as_array().unwrap();
    let mut heard: Vec<String> =
        entries.iter().map(|entry| format!("{} {}", entry["position"], entry["uniqueid"].as_str().unwrap())).collect();
    heard.sort();
    assert_eq!(heard, shown);
    assert!(pbx.cli("queue show support").contains("has 10 calls"), "{}", pbx.cli("queue show support"));
    observer.ask("Hangup", &[("Channel", "/^Local/3000@default/")]);
    client.receive_where(|message| message["stats"][&id]["Xivo-WaitingCalls"] == 0);
    client.send(&json!({"class": "getqueuesstats", "commandid": 31, "on": {&id: {"window": "3600", "xqos": "60"}}}));
    let stats = client.receive_where(|message| message["replyid"] == 31);
    assert_eq!(stats["stats"][&id]["Xivo-Join"], "10", "{stats}");
    assert_eq!(stats["stats"][&id]["Xivo-Lost"], "10", "{stats}");
}

#[test]
fn a_restart_of_asterisk_in_mid_call_brings_everything_back() {
    let Some(mut pbx) = Pbx::start() else { return };
    let office = installed_office(&pbx);
    // Agents may switch nothing by themselves else.
    office.run(&["setting", "set", "services.enforce_profile", "false"]);
    let server = connected(&office);
    let bertil = user_id(&office, "bertil");
    let mut observer = pbx.observer();
    let mut telephone = Phone::register(&pbx, "1002");
    let mut client = server.logged_in("bertil");
    log_agent_in(&mut client, &mut observer);
    client.send(&json!({"class": "featuresput", "function": "incallfilter", "value": true, "commandid": 3}));
    observer.until("the filter is known", |observer| observer.key(&format!("cti/{bertil}"), "filter") == "1");
    call_queue(&mut observer);
    telephone.await_ringing();
    telephone.answer();
    await_availability(&mut client, "unavailable");
    pbx.kill();
    server.await_log(&["no link to Asterisk"]);
    // The client is still there, and what needs Asterisk is refused at once.
    client.send(&json!({"class": "ipbxcommand", "command": "dial", "destination": "1001", "commandid": 5}));
    assert_eq!(client.receive_class("ipbxcommand")["error_string"], "service_unavailable");
    client.send(&json!({"class": "featuresput", "function": "enablednd", "value": true, "commandid": 6}));
    client.receive_where(|message| message["config"] == json!({"enablednd": true}));
    pbx.resume();
    let mut observer = pbx.observer();
    observer.until("the agent is a member again", |observer| observer.member("support", "Agent/2105").is_some());
    observer.until("what was switched meanwhile is there", |observer| {
        observer.key(&format!("cti/{bertil}"), "dnd") == "1"
            && observer.key(&format!("cti/{bertil}"), "filter") == "1"
            && observer.is_lit(&format!("*735{bertil}***225"))
    });
    await_availability(&mut client, "available");
}
