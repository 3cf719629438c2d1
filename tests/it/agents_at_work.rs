//! What an administrator does to agents at work: logged off, paused and unpaused by the command line, beside a made-up
//! Asterisk; and `status` of agents and queues with callers who wait.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::support::ami_peer::{AmiPeer, Behaviour, SECRET};
use crate::support::{Appliance, await_so};

const MEMBER: &str =
    "Queue: support\nMembership: dynamic\nStateInterface: PJSIP/1002\nPenalty: 0\nStatus: 1\nInCall: 0";

/// The office with bertil's agent logged in and paused for lunch in the queue support, where Zoe waits.
pub(crate) fn office_at_work() -> (Appliance, AmiPeer) {
    let peer = AmiPeer::start();
    let appliance = Appliance::company();
    appliance.run(&["queue", "add", "support", "--number", "3001", "--context", "default"]);
    appliance.run(&["queue", "member", "add", "support", "2105"]);
    let id = agent_id(&appliance);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let member = format!(
        "Event: QueueMember\nActionID: {{id}}\nName: Agent/2105\nLocation: Local/id-{id}@agentcallback\n{MEMBER}\n\
         Paused: 1\nPausedReason: lunch\nLastPause: {}",
        now - 725
    );
    let behaviour = Behaviour::Says(vec![
        "Response: Success\nActionID: {id}\nEventList: start\nMessage: List will follow".to_owned(),
        "Event: QueueParams\nActionID: {id}\nQueue: support\nHoldtime: 0".to_owned(),
        member,
        "Event: QueueEntry\nActionID: {id}\nQueue: support\nPosition: 1\nUniqueid: u.1\nChannel: PJSIP/trunk-1\n\
         CallerIDNum: 5145550001\nCallerIDName: Zoe Roe\nWait: 65"
            .to_owned(),
        "Event: QueueStatusComplete\nActionID: {id}\nEventList: Complete\nListItems: 3".to_owned(),
    ]);
    peer.behave("QueueStatus", behaviour);
    appliance.set("ami.port", &peer.port.to_string());
    appliance.run_with_input(&["setting", "set", "ami.secret", "--value-stdin"], &format!("{SECRET}\n"));
    (appliance, peer)
}

fn agent_id(appliance: &Appliance) -> String {
    let shown = appliance.run(&["agent", "show", "2105"]).stdout;
    let id = shown.lines().find_map(|line| line.strip_prefix("id ")).expect("an id");
    id.trim().to_owned()
}

/// The member says that it stands otherwise, as Asterisk says it of itself.
pub(crate) fn say_member(appliance: &Appliance, peer: &AmiPeer, event: &str, rest: &str) {
    let id = agent_id(appliance);
    let interface = format!("Interface: Local/id-{id}@agentcallback");
    peer.say(&format!("Event: {event}\nMemberName: Agent/2105\n{interface}\n{MEMBER}\n{rest}"));
}

pub(crate) fn agent(appliance: &Appliance) -> Value {
    appliance.try_run(&["--json", "status", "agents", "2105"]).json()
}

#[test]
fn an_administrator_finds_who_is_paused_and_unpauses_pauses_and_logs_them_off() {
    let (appliance, peer) = office_at_work();
    let server = appliance.serve();
    await_so("the agent is paused", || agent(&appliance)["state"] == "paused");
    appliance.run(&["status", "agents"]).expect_data(&["2105", "paused", "support 12 min (lunch)"]);

    let done = appliance.run(&["--json", "agent", "unpause", "2105"]).json();
    let expected = json!({"agent": "2105", "action": "unpause", "queue": null, "reason": null, "outcome": "done"});
    assert_eq!(done, expected);
    let asked = peer.asked("QueuePause");
    assert_eq!((asked.get("Queue"), asked.get("Paused")), ("", "false"));
    say_member(&appliance, &peer, "QueueMemberPause", "Paused: 0");
    await_so("the agent is available", || agent(&appliance)["state"] == "available");

    let paused = appliance.run(&["agent", "pause", "2105", "--queue", "support", "--reason", "training"]);
    paused.expect_words(&["agent \"2105\" is paused in queue \"support\" (training)"]);
    let asked = peer.asked("QueuePause");
    assert_eq!((asked.get("Queue"), asked.get("Paused"), asked.get("Reason")), ("support", "true", "training"));
    server.await_log(&["INFO", "agent paused by an administrator", "2105", "by="]);

    appliance.run(&["agent", "logoff", "2105"]).expect_words(&["agent \"2105\" is logged off; a call goes on"]);
    assert_eq!(peer.asked("QueueRemove").get("Queue"), "support");
    let refused = appliance.try_run(&["agent", "logoff", "2105"]).expect_code(1);
    refused.expect_words(&["the agent is not logged in", "`ctibox status agents`"]);
}

#[test]
fn what_asterisk_refuses_and_a_link_that_is_down_are_told_with_what_to_do() {
    let (appliance, peer) = office_at_work();
    peer.behave("QueuePause", Behaviour::Says(vec!["Response: Error\nActionID: {id}\nMessage: No way".to_owned()]));
    let server = appliance.serve();
    await_so("the agent is paused", || agent(&appliance)["state"] == "paused");
    let refused = appliance.try_run(&["agent", "unpause", "2105"]).expect_code(1);
    refused.expect_words(&["was not unpaused: Asterisk refuses: No way", "hint:"]);
    appliance.run(&["queue", "add", "sales", "--number", "3002", "--context", "default"]);
    let elsewhere = appliance.try_run(&["agent", "pause", "2105", "--queue", "sales"]).expect_code(1);
    elsewhere.expect_words(&["the agent does not work in that queue"]);
    peer.behave("QueuePause", Behaviour::Silent);
    let asked = appliance.run(&["agent", "unpause", "2105"]);
    asked.expect_words(&["Asterisk was asked and has not answered yet"]);
    appliance.run(&["setting", "unset", "ami.secret"]);
    await_so("the link is off", || appliance.try_run(&["--json", "health"]).json()["telephony"]["state"] == "off");
    let refused = appliance.try_run(&["agent", "pause", "2105"]).expect_code(1);
    refused.expect_words(&["there is no link to Asterisk", "`ctibox asterisk check`"]);
    appliance.try_run(&["agent", "pause", "999"]).expect_code(1);
    appliance.try_run(&["agent", "pause", "2105", "--reason", &"x".repeat(200)]).expect_code(1).expect_words(&["128"]);
    drop(server);
    appliance.try_run(&["agent", "logoff", "2105"]).expect_code(1).expect_words(&["`ctibox serve`"]);
}

#[test]
fn status_shows_waiting_calls_and_the_longest_wait() {
    let (appliance, _peer) = office_at_work();
    let _server = appliance.serve();
    let queue = || appliance.try_run(&["--json", "status", "queues", "support"]).json();
    await_so("Zoe waits", || queue()["waiting"] == 1);
    let queue = queue();
    assert_eq!(
        (&queue["callers"][0]["name"], &queue["callers"][0]["number"]),
        (&json!("Zoe Roe"), &json!("5145550001"))
    );
    assert_eq!((&queue["logged_in"], &queue["paused"], &queue["available"]), (&json!(1), &json!(1), &json!(0)));
    let heads = ["QUEUE", "WAITING", "LONGEST", "LOGGED IN", "AVAILABLE", "TALKING", "1 min"];
    let shown = appliance.run(&["status", "queues"]).expect_data(&heads);
    assert!(shown.stdout.lines().all(|line| line.chars().count() <= 80), "{}", shown.stdout);
}
