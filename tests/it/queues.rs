//! Queues over the wire (protocol 4.10): members, who waits, and figures, as they stand and as they change.

use serde_json::{Value, json};

use crate::support::Client;
use crate::support::ami_peer::AmiPeer;
use crate::support::ami_queues::{AmiQueues, Floor, QUEUES};
use crate::support::await_so;
use crate::support::client::getlist;

fn caller(event: &str, unique_id: &str, position: u32, count: u32) -> String {
    format!(
        "Event: {event}\nQueue: support\nPosition: {position}\nCount: {count}\nUniqueid: {unique_id}\n\
         Channel: PJSIP/trunk-{unique_id}\nCallerIDNum: 55{unique_id}\nCallerIDName: <unknown>"
    )
}

fn call(event: &str, unique_id: &str, more: &str) -> String {
    format!(
        "Event: {event}\nQueue: support\nUniqueid: {unique_id}\nMemberName: Agent/2105\n\
         Interface: Local/id-1@agentcallback\n{more}"
    )
}

/// Who waits, by position and number, as it was told last.
fn entries(heard: &[Value]) -> Option<Vec<String>> {
    let told = heard.iter().rev().find(|message| message["class"] == "queueentryupdate")?;
    let entries = told["state"]["entries"].as_array().unwrap().iter();
    Some(entries.map(|entry| format!("{} {}", entry["position"], entry["number"].as_str().unwrap())).collect())
}

fn figures(heard: &[Value], name: &str) -> Vec<Value> {
    let of_support = heard.iter().filter_map(|message| message["stats"]["1"].get(name));
    of_support.cloned().collect()
}

fn of_calls(client: &mut Client) -> Value {
    let question = json!({"class": "getqueuesstats", "on": {"1": {"window": "3600", "xqos": "10"}}, "commandid": 8});
    client.ask(&question)["stats"]["1"].clone()
}

/// Settings §9: 47.
#[test]
fn callers_members_and_figures_are_told_to_those_who_subscribed() {
    let peer = AmiPeer::start();
    let queues = AmiQueues::of(&peer, QUEUES);
    queues.put("support", "Local/id-1@agentcallback", "Agent/2105", "PJSIP/1002");
    queues.put("support", "PJSIP/1003", "PJSIP/1003", "PJSIP/1003");
    let floor = Floor::beside(&peer);
    let server = floor.serve(&peer);
    let (mut agnes, mut sonja) = (server.logged_in("agnes"), server.logged_in("sonja"));
    let listed = sonja.ask(&json!({"class": "getlist", "function": "listid", "listname": "queuemembers"}));
    let mut listed: Vec<&str> = listed["list"].as_array().unwrap().iter().map(|tid| tid.as_str().unwrap()).collect();
    listed.sort_unstable();
    assert_eq!(listed, ["Agent/2105,orders", "Agent/2105,support", "PJSIP/1003,support"]);
    sonja.send(&json!({"class": "subscribetoqueuesstats", "commandid": 1}));
    let heard = sonja.fence();
    assert_eq!(figures(&heard, "Xivo-LoggedAgents"), [1]);
    assert_eq!(figures(&heard, "Xivo-AvailableAgents"), ["2"]);
    assert_eq!(
        (figures(&heard, "Xivo-WaitingCalls"), figures(&heard, "Xivo-LongestWaitTime")),
        (vec![0.into()], vec![])
    );
    let subscribe = json!({"class": "subscribe", "message": "queueentryupdate", "queueid": "1", "commandid": 2});
    let nobody = sonja.ask(&subscribe);
    assert_eq!(nobody["state"], json!({"queue_name": "support", "queue_id": 1, "entries": []}));
    sonja.send(&json!({"class": "subscribe", "message": "queueentryupdate", "queueid": "99", "commandid": 3}));
    sonja.expect_silence();
    floor.heard(&peer, &mut sonja);
    floor.heard(&peer, &mut agnes);

    peer.say(&caller("QueueCallerJoin", "1", 1, 1));
    peer.say(&caller("QueueCallerJoin", "2", 2, 2));
    peer.say(&caller("QueueCallerJoin", "3", 1, 3));
    let heard = floor.heard(&peer, &mut sonja);
    assert_eq!(entries(&heard).unwrap(), ["1 553", "2 551", "3 552"], "one came before the others");
    assert_eq!(figures(&heard, "Xivo-WaitingCalls").last(), Some(&3.into()));
    assert!(figures(&heard, "Xivo-LongestWaitTime").last().unwrap().is_u64());
    let heard = floor.heard(&peer, &mut agnes);
    assert!(heard.iter().all(|message| message["class"] == "getlist"), "who has not subscribed: {heard:?}");

    peer.say(&caller("QueueCallerLeave", "3", 1, 2));
    peer.say(&call("AgentConnect", "3", "HoldTime: 4"));
    let heard = floor.heard(&peer, &mut sonja);
    assert_eq!(entries(&heard).unwrap(), ["1 551", "2 552"]);
    assert_eq!(figures(&heard, "Xivo-TalkingAgents").last(), Some(&"1".into()));
    assert_eq!(figures(&heard, "Xivo-AvailableAgents").last(), Some(&"1".into()));
    assert_eq!(sonja.ask(&getlist("updatestatus", "agents", "1"))["status"]["on_call_acd"], true);

    peer.say(&call("AgentComplete", "3", "HoldTime: 4\nTalkTime: 30\nReason: caller"));
    peer.say(&format!("{}\nHoldTime: 20", caller("QueueCallerAbandon", "2", 2, 1)));
    peer.say(&caller("QueueCallerLeave", "2", 2, 1));
    let heard = floor.heard(&peer, &mut sonja);
    assert_eq!(entries(&heard).unwrap(), ["1 551"]);
    let all = json!({
        "Xivo-Join": "3", "Xivo-Link": "1", "Xivo-Lost": "1", "Xivo-Rate": "50", "Xivo-Qos": "100",
        "Xivo-Holdtime-avg": "12", "Xivo-Holdtime-max": "20"
    });
    // They are counted in the store, a moment after the events were told.
    await_so("the three calls are counted", || of_calls(&mut sonja) == all);
    // A restart of the server does not lose the day.
    drop(server);
    let server = floor.serve(&peer);
    assert_eq!(of_calls(&mut server.logged_in("sonja")), all);
}
