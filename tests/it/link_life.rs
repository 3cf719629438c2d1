//! A link that is lost and comes back, and a peer that says too much, too little, too late or nonsense: clients are served
//! all the while, hear what differs and nothing else, and what was not followed is asked again.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::ami_peer::{AmiPeer, Asked, Behaviour};
use crate::support::ami_queues::{AmiQueues, Floor, QUEUES, SIGN, hint, link};
use crate::support::client::getlist;
use crate::support::{Client, Running};

const DEADLINE: Duration = Duration::from_secs(60);
/// While Asterisk does its worst.
const ANSWER_MAX: Duration = Duration::from_secs(10);

/// The telephones of the floor as a link begins with them.
fn hints_are(peer: &AmiPeer, floor: &Floor, statuses: [&str; 3]) {
    let telephones = ["1001", "1002", "1003"].into_iter().zip(statuses).chain([(SIGN, floor.sign.status())]);
    let mut packets = vec!["Response: Success\nActionID: {id}\nEventList: start".to_owned()];
    packets.extend(telephones.map(|(number, status)| format!("{}\nActionID: {{id}}", hint(number, status))));
    packets.push("Event: ExtensionStateListComplete\nActionID: {id}\nEventList: Complete".to_owned());
    peer.behave("ExtensionStateList", Behaviour::Says(packets));
}

/// A message in short: what it is about.
fn shown(message: &Value) -> String {
    let text = |member: &str| message[member].as_str().unwrap_or_default().to_owned();
    match &*text("class") {
        "getlist" => {
            let about = message["tid"].as_str().map_or_else(|| message["tid"].to_string(), str::to_owned);
            format!("{} {} {about}", text("function"), text("listname"))
        }
        "getqueuesstats" => {
            let (queue, figures) = message["stats"].as_object().unwrap().iter().next().unwrap();
            format!("figures {queue} {}", figures.as_object().unwrap().keys().next().unwrap())
        }
        class => class.to_owned(),
    }
}

fn hint_of(client: &mut Client, tid: &str) -> Value {
    client.ask(&getlist("updatestatus", "phones", tid))["status"]["hintstatus"].clone()
}

fn await_hint(client: &mut Client, tid: &str, status: &str) {
    let end = Instant::now() + DEADLINE;
    while hint_of(client, tid) != status {
        assert!(Instant::now() < end, "line {tid} never became {status}");
    }
}

/// In bytes.
fn memory_of(server: &Running) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.pid)).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

#[test]
fn whoever_is_connected_hears_what_differs_when_asterisk_is_back_and_nothing_else() {
    let peer = AmiPeer::start();
    let queues = AmiQueues::of(&peer, QUEUES);
    queues.put("support", "Local/id-1@agentcallback", "Agent/2105", "PJSIP/1002");
    queues.put("orders", "Local/id-1@agentcallback", "Agent/2105", "PJSIP/1002");
    queues.put("support", "PJSIP/1003", "PJSIP/1003", "PJSIP/1003");
    let floor = Floor::beside(&peer);
    hints_are(&peer, &floor, ["0", "1", "4"]);
    let server = floor.serve(&peer);
    let mut agnes = server.logged_in("agnes");
    agnes.send(&json!({"class": "subscribetoqueuesstats", "commandid": 1}));
    agnes.send(&json!({"class": "subscribe", "message": "queueentryupdate", "queueid": "1", "commandid": 2}));
    floor.heard(&peer, &mut agnes);
    let port = peer.port;
    // The same once more.
    hints_are(&peer, &floor, ["0", "1", "4"]);
    peer.hang_up();
    peer.await_connections(2);
    peer.asked("DBGetTree");
    assert_eq!(floor.heard(&peer, &mut agnes), [Value::Null; 0]);
    drop(peer);
    server.await_log(&["ERROR", "no link to Asterisk"]);
    agnes.fence();
    let peer = AmiPeer::start_on(port);
    queues.put("support", "PJSIP/1001", "PJSIP/1001", "PJSIP/1001");
    queues.serve(&peer, QUEUES);
    hints_are(&peer, &floor, ["8", "1", "4"]);
    peer.asked("DBGetTree");
    let mut heard: Vec<String> = floor.heard(&peer, &mut agnes).iter().map(shown).collect();
    heard.sort();
    let differs = ["addconfig queuemembers null", "figures 1 Xivo-AvailableAgents", "updatestatus phones 1"];
    assert_eq!(heard, differs);
}

#[test]
fn too_much_at_once_is_dropped_or_asked_again_and_clients_are_served_all_the_while() {
    const EVENTS: usize = 100_000;
    let peer = AmiPeer::start();
    let floor = Floor::beside(&peer);
    hints_are(&peer, &floor, ["0", "0", "0"]);
    let server = floor.serve(&peer);
    let (mut agnes, mut bertil) = (server.logged_in("agnes"), server.logged_in("bertil"));
    let before = memory_of(&server);
    peer.say_bytes(&vec![b'x'; 10_000_000]);
    peer.say_bytes(b"\r\nEvent: UserEvent\r\nLong: ");
    peer.say_bytes(&vec![b'y'; 2_000_000]);
    peer.say_bytes(b"\r\n\r\n");
    floor.heard(&peer, &mut agnes);
    assert_eq!(peer.connections(), 1, "what is no AMI is passed over");
    // Whoever asks again is told how it ended.
    hints_are(&peer, &floor, ["1", "8", "16"]);
    let one = |number: usize| format!("{}\r\n\r\n", hint("1001", ["0", "8"][number % 2]).replace('\n', "\r\n"));
    let flood: String = (0..EVENTS).map(one).collect();
    peer.say_bytes(flood.as_bytes());
    for (extension, status) in [("1001", "1"), ("1002", "8"), ("1003", "16")] {
        peer.say(&hint(extension, status));
    }
    let mut slowest = Duration::ZERO;
    let end = Instant::now() + DEADLINE;
    while hint_of(&mut agnes, "3") != "16" {
        assert!(Instant::now() < end, "the end of the flood is not known");
        let asked = Instant::now();
        bertil.fence();
        slowest = slowest.max(asked.elapsed());
    }
    assert!(slowest < ANSWER_MAX, "{slowest:?}");
    await_hint(&mut agnes, "1", "1");
    await_hint(&mut agnes, "2", "8");
    let grown = memory_of(&server).saturating_sub(before);
    assert!(grown < 256 * 1024 * 1024, "{grown} bytes more");
}

#[test]
fn answers_that_nobody_waits_for_and_words_out_of_turn_change_nothing() {
    let peer = AmiPeer::start();
    let floor = Floor::beside(&peer);
    hints_are(&peer, &floor, ["0", "0", "0"]);
    let server = floor.serve(&peer);
    let mut agnes = server.logged_in("agnes");
    floor.heard(&peer, &mut agnes);
    peer.behave("Getvar", Behaviour::Silent);
    let dial = json!({"class": "ipbxcommand", "command": "dial", "destination": "1002", "commandid": 3});
    agnes.send(&dial);
    let late = peer.asked("Getvar").get("ActionID").to_owned();
    assert_eq!(agnes.receive_class("ipbxcommand")["error_string"], "service_unavailable");
    peer.say(&format!("Response: Success\nActionID: {late}\nValue: 1"));
    peer.say("Response: Success\nActionID: nobody-7\nValue: 1");
    peer.say("Response: Error\nMessage: Missing action in request");
    peer.say("Event: OriginateResponse\nActionID: nobody-8\nResponse: Success\nReason: 4");
    peer.say("Event: QueueStatusComplete\nActionID: nobody-9\nEventList: Complete\nListItems: 3");
    peer.say("Event: FullyBooted\nStatus: Fully Booted");
    peer.say("Event: FullyBooted\nStatus: Fully Booted");
    assert_eq!(floor.heard(&peer, &mut agnes), [Value::Null; 0]);
    assert_eq!(peer.asked_so_far().iter().filter(|action| *action == "Originate").count(), 0);
    peer.behave("Getvar", Behaviour::Says(vec!["Response: Success\nActionID: {id}\nValue: 0".to_owned()]));
    agnes.send(&dial);
    assert_eq!(agnes.receive_class("ipbxcommand")["error_string"], "unreachable_extension:1002");
    // Asterisk stops in good order, and is back.
    hints_are(&peer, &floor, ["0", "0", "0"]);
    peer.say("Event: Shutdown\nPrivilege: system,all\nShutdown: Cleanly\nRestart: True");
    floor.heard(&peer, &mut agnes);
    hints_are(&peer, &floor, ["0", "0", "0"]);
    peer.hang_up();
    peer.await_connections(2);
    peer.asked("DBGetTree");
    assert_eq!(floor.heard(&peer, &mut agnes), [Value::Null; 0]);
}

#[test]
fn a_peer_that_trickles_is_given_up_and_holds_nobody_up() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            for byte in b"Asterisk Call Manager/11.0.0\r\n" {
                if stream.write_all(&[*byte]).is_err() {
                    break;
                }
                thread::park_timeout(Duration::from_secs(1));
            }
        }
    });
    let good = AmiPeer::start();
    let floor = Floor::beside(&good);
    floor.appliance.set("ami.port", &port.to_string());
    let server = floor.appliance.serve();
    let mut agnes = server.logged_in("agnes");
    server.await_log(&["ERROR", "no link to Asterisk", "no AMI of Asterisk is there"]);
    agnes.fence();
    link(&floor.appliance, &good);
    server.await_log(&["the link to Asterisk is up"]);
    floor.heard(&good, &mut agnes);
}

/// AstDB, by family and key.
type Keys = Arc<Mutex<BTreeMap<(String, String), String>>>;

/// The peer keeps what it is given.
fn keep(peer: &AmiPeer, keys: &Keys) {
    let does = |action: &str, does: fn(&Keys, &Asked) -> Vec<String>| {
        let keys = keys.clone();
        peer.behave(action, Behaviour::Does(Arc::new(move |asked| does(&keys, asked))));
    };
    does("DBPut", |keys, asked| {
        let place = (asked.get("Family").to_owned(), asked.get("Key").to_owned());
        keys.lock().unwrap().insert(place, asked.get("Val").to_owned());
        vec!["Response: Success\nActionID: {id}".to_owned()]
    });
    does("DBDel", |keys, asked| {
        let place = (asked.get("Family").to_owned(), asked.get("Key").to_owned());
        keys.lock().unwrap().remove(&place);
        vec!["Response: Success\nActionID: {id}".to_owned()]
    });
    does("DBGetTree", |keys, _| {
        let item = |((family, key), value): (&(String, String), &String)| {
            format!("Event: DBGetTreeResponse\nActionID: {{id}}\nKey: /{family}/{key}\nVal: {value}")
        };
        let begin = "Response: Success\nActionID: {id}\nEventList: start".to_owned();
        let end = "Event: DBGetTreeComplete\nActionID: {id}\nEventList: Complete".to_owned();
        let keys = keys.lock().unwrap();
        std::iter::once(begin).chain(keys.iter().map(item)).chain([end]).collect()
    });
}

#[test]
fn services_that_were_switched_without_a_link_reach_asterisk_with_it_and_the_last_one_wins() {
    let peer = AmiPeer::start();
    let keys = Keys::default();
    keep(&peer, &keys);
    let floor = Floor::beside(&peer);
    let server = floor.serve(&peer);
    let mut agnes = server.logged_in("agnes");
    let put = |client: &mut Client, function: &str, value: Value| {
        client.send(&json!({"class": "featuresput", "function": function, "value": value, "commandid": 3}));
        client.receive_where(|message| message["function"] == "updateconfig" && message["listname"] == "users");
    };
    let family = "cti/1".to_owned();
    let key = |name: &str| keys.lock().unwrap().get(&(family.clone(), name.to_owned())).cloned();
    put(&mut agnes, "enablednd", json!(true));
    peer.asked("Setvar");
    floor.heard(&peer, &mut agnes);
    assert_eq!(key("dnd").as_deref(), Some("1"));
    let port = peer.port;
    drop(peer);
    server.await_log(&["ERROR", "no link to Asterisk"]);
    put(&mut agnes, "enablednd", json!(false));
    for number in ["1044", "1045"] {
        put(&mut agnes, "fwd", json!({"enableunc": true, "destunc": number}));
    }
    assert_eq!((key("dnd").as_deref(), key("fwdunc")), (Some("1"), None));
    let peer = AmiPeer::start_on(port);
    keep(&peer, &keys);
    peer.asked("DBDel");
    let forward = peer.asked("DBPut");
    assert_eq!((forward.get("Key"), forward.get("Val")), ("fwdunc", "1045"));
    floor.heard(&peer, &mut agnes);
    assert_eq!((key("dnd"), key("fwdunc").as_deref()), (None, Some("1045")));
}
