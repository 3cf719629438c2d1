//! Agents at work as clients bring it about (protocol 4.8): what Asterisk is asked, exactly; what everybody hears; every
//! refusal in its word; and what is done without a link, and when it is back.

use serde_json::{Value, json};

use crate::support::ami_peer::{AmiPeer, Asked, Behaviour};
use crate::support::ami_queues::{AmiQueues, Floor, QUEUES};
use crate::support::client::getlist;
use crate::support::{Client, Running, await_so};

fn command(client: &mut Client, word: &str, members: &Value) {
    let mut line = json!({"class": "ipbxcommand", "command": word, "commandid": 5});
    for (name, value) in members.as_object().unwrap() {
        line[name] = value.clone();
    }
    client.send(&line);
}

/// The error that is said to a command, if one is, by the answer to a line behind it.
fn error_of(client: &mut Client, word: &str, members: &Value) -> Option<String> {
    command(client, word, members);
    let said = client.fence().into_iter().find(|message| message["class"] == "ipbxcommand")?;
    said["error_string"].as_str().map(str::to_owned)
}

fn headers(asked: &Asked) -> Vec<String> {
    let shown = asked.headers.iter().filter(|(name, _)| name != "ActionID");
    shown.map(|(name, value)| format!("{name}: {value}")).collect()
}

/// What is told of the agent, in short.
fn told_of_agents(heard: &[Value]) -> Vec<String> {
    let of_agents = heard.iter().filter(|message| message["listname"] == "agents");
    of_agents.map(|message| message["status"]["availability"].as_str().unwrap_or("telephone").to_owned()).collect()
}

fn member(client: &mut Client, tid: &str) -> Value {
    client.ask(&getlist("updatestatus", "queuemembers", tid))["status"].clone()
}

fn agent(client: &mut Client) -> Value {
    client.ask(&getlist("updatestatus", "agents", "1"))["status"].clone()
}

struct Stage {
    // Ends first.
    server: Running,
    floor: Floor,
    peer: AmiPeer,
    queues: AmiQueues,
}

impl Stage {
    fn new() -> Self {
        let peer = AmiPeer::start();
        let queues = AmiQueues::of(&peer, QUEUES);
        let floor = Floor::beside(&peer);
        let server = floor.serve(&peer);
        Self { server, floor, peer, queues }
    }

    fn heard(&self, client: &mut Client) -> Vec<Value> {
        self.floor.heard(&self.peer, client)
    }

    fn row(&self, event: &str) -> Asked {
        loop {
            let asked = self.peer.asked("QueueLog");
            if asked.get("Event") == event {
                return asked;
            }
        }
    }

    fn log_in(&self, client: &mut Client, members: &Value) {
        command(client, "agentlogin", members);
        self.row("AGENTCALLBACKLOGIN");
    }

    /// Asterisk is gone, and the server knows.
    fn lose_link(&mut self) -> u16 {
        let port = self.peer.port;
        let replaced = AmiPeer::start();
        drop(std::mem::replace(&mut self.peer, replaced));
        self.server.await_log(&["ERROR", "no link to Asterisk"]);
        port
    }

    /// It is back as it was.
    fn bring_back(&mut self, port: u16) {
        self.peer = AmiPeer::start_on(port);
        self.queues.serve(&self.peer, QUEUES);
        self.peer.asked("DBGetTree");
    }
}

/// Settings §9: 45, 49.
#[test]
fn an_agent_logs_in_and_off_and_the_queue_log_has_the_rows_of_the_original() {
    let stage = Stage::new();
    let (mut agnes, mut bertil) = (stage.server.logged_in("agnes"), stage.server.logged_in("bertil"));
    stage.heard(&mut agnes);
    command(&mut bertil, "agentlogin", &json!({}));
    for queue in QUEUES {
        let queue = format!("Queue: {queue}");
        let wanted = ["Action: QueueAdd", &queue, "Interface: Local/id-1@agentcallback", "MemberName: Agent/2105"];
        let rest = ["StateInterface: PJSIP/1002", "Penalty: 0", "Paused: false"];
        assert_eq!(headers(&stage.peer.asked("QueueAdd")), [&wanted[..], &rest[..]].concat());
    }
    let row = |event: &str, message: &str| {
        [
            "Action: QueueLog",
            "Queue: NONE",
            &format!("Event: {event}"),
            "Uniqueid: NONE",
            "Interface: Agent/2105",
            &format!("Message: {message}"),
        ]
        .map(str::to_owned)
    };
    assert_eq!(headers(&stage.row("AGENTCALLBACKLOGIN")), row("AGENTCALLBACKLOGIN", "1002@default"));
    let heard = stage.heard(&mut agnes);
    assert_eq!(told_of_agents(&heard), ["telephone", "available"]);
    let status = heard.iter().find(|message| message["status"]["availability"] == "available").unwrap();
    assert_eq!(status["tid"], 1, "an integer (protocol 5.3)");
    let since = status["status"]["availability_since"].clone();
    let whole = json!({
        "availability": "available", "availability_since": since, "phonenumber": "1002", "channel": null,
        "on_call_acd": false, "on_wrapup": false, "nonacd_call_status": null, "queues": ["1", "2"], "groups": []
    });
    assert_eq!((&status["status"], since.is_f64()), (&whole, true));
    let members = heard.iter().filter(|message| message["listname"] == "queuemembers").collect::<Vec<_>>();
    assert_eq!(members.len(), 2, "{heard:?}");
    assert_eq!(members[0]["function"], "updateconfig");
    let config = json!({
        "queue_name": "support", "interface": "Agent/2105", "membership": "static", "penalty": "0", "paused": "0",
        "status": "1", "callstaken": "0", "lastcall": ""
    });
    assert_eq!(member(&mut agnes, "Agent/2105,support"), config);
    bertil.fence();
    bertil.send(&json!({"class": "availstate", "availstate": "away", "ipbxid": "xivo", "userid": "2"}));
    assert_eq!(headers(&stage.row("PRESENCE")), row("PRESENCE", "away"));
    command(&mut bertil, "agentlogout", &json!({"agentids": "agent:xivo/1"}));
    for queue in QUEUES {
        let queue = format!("Queue: {queue}");
        let wanted = ["Action: QueueRemove", &queue, "Interface: Local/id-1@agentcallback"];
        assert_eq!(headers(&stage.peer.asked("QueueRemove")), wanted);
    }
    let logged_off = stage.row("AGENTCALLBACKLOGOFF");
    let message = logged_off.get("Message").to_owned();
    assert_eq!(headers(&logged_off), row("AGENTCALLBACKLOGOFF", &message));
    let [place, seconds, why] = message.split('|').collect::<Vec<_>>()[..] else { panic!("{message}") };
    assert_eq!((place, why, seconds.parse::<u32>().is_ok()), ("1002@default", "CommandLogoff", true));
    assert_eq!(told_of_agents(&stage.heard(&mut agnes)), ["logged_out"]);
    assert_eq!(member(&mut agnes, "Agent/2105,support")["status"], "101");
    assert_eq!(stage.queues.shown(), [""; 0]);
}

/// Settings §9: 49, and telephony §6.2.
#[test]
fn commands_about_agents_are_refused_in_the_words_of_the_original() {
    let stage = Stage::new();
    let (mut agnes, mut bertil) = (stage.server.logged_in("agnes"), stage.server.logged_in("bertil"));
    let mut sonja = stage.server.logged_in("sonja");
    let invalid = Some("agent_login_invalid_exten".to_owned());
    assert_eq!(error_of(&mut bertil, "agentlogin", &json!({"agentphonenumber": "9999"})), invalid);
    assert_eq!(error_of(&mut agnes, "agentlogin", &json!({})), invalid, "who has no agent");
    assert_eq!(error_of(&mut sonja, "agentlogin", &json!({"agentids": "agent:xivo/9"})), invalid);
    assert_eq!(error_of(&mut sonja, "agentlogout", &json!({"agentids": "agent:xivo/9"})), invalid);
    assert_eq!(error_of(&mut sonja, "agentlogin", &json!({"agentids": "agent:xivo/2"})), invalid, "no line of theirs");
    let unauthorized = Some("call_unauthorized".to_owned());
    let member = json!({"member": "agent:xivo/1", "queue": "queue:xivo/1"});
    for word in ["queueadd", "queueremove", "queuepause", "queueunpause"] {
        assert_eq!(error_of(&mut agnes, word, &member), unauthorized, "{word}");
    }
    for word in ["agentlogin", "agentlogout"] {
        assert_eq!(error_of(&mut agnes, word, &json!({"agentids": "agent:xivo/1"})), unauthorized, "{word}");
    }
    let listen = json!({"destination": "xivo/1", "subcommand": "start"});
    assert_eq!(error_of(&mut agnes, "listen", &listen), unauthorized);
    assert_eq!(error_of(&mut bertil, "listen", &listen), unauthorized, "their profile has the xlets, not that right");
    assert_eq!(error_of(&mut sonja, "listen", &listen), None, "nobody is logged in");
    stage.server.await_log(&["command on another's agent refused"]);
    assert_eq!(error_of(&mut bertil, "agentlogin", &json!({"agentphonenumber": "1001"})), None);
    let elsewhere = json!({"agentids": "agent:xivo/2", "agentphonenumber": "1001"});
    let in_use = Some("agent_login_exten_in_use".to_owned());
    assert_eq!(error_of(&mut sonja, "agentlogin", &elsewhere), in_use);
    assert_eq!(error_of(&mut bertil, "agentlogin", &json!({"agentphonenumber": "1002"})), None, "they are logged in");
    stage.heard(&mut bertil);
    assert_eq!(agent(&mut bertil)["phonenumber"], "1001");
    stage.floor.appliance.set("services.enforce_profile", "false");
    assert_eq!(error_of(&mut agnes, "queuepause", &member), None);
    assert_eq!(stage.peer.asked("QueuePause").get("Queue"), "support");
}

/// Settings §9: 49, 50.
#[test]
fn agents_are_paused_and_join_and_leave_queues_one_by_one_or_in_all() {
    let stage = Stage::new();
    let (mut agnes, mut sonja) = (stage.server.logged_in("agnes"), stage.server.logged_in("sonja"));
    stage.log_in(&mut sonja, &json!({"agentids": "agent:xivo/1"}));
    stage.heard(&mut agnes);
    let mut of = |word: &str, queue: &str| {
        command(&mut sonja, word, &json!({"member": "agent:xivo/1", "queue": format!("queue:xivo/{queue}")}));
        let action = match word {
            "queuepause" | "queueunpause" => "QueuePause",
            "queueadd" => "QueueAdd",
            _ => "QueueRemove",
        };
        let asked = headers(&stage.peer.asked(action));
        (asked, told_of_agents(&stage.heard(&mut agnes)), stage.queues.shown())
    };
    let paused = ["Action: QueuePause", "Queue: support", "Interface: Local/id-1@agentcallback", "Paused: true"];
    let (asked, told, shown) = of("queuepause", "1");
    assert_eq!((asked, told), (paused.map(str::to_owned).to_vec(), Vec::new()));
    assert_eq!(shown, ["orders Agent/2105", "support Agent/2105 paused"]);
    let (asked, told, shown) = of("queuepause", "all");
    assert_eq!(asked, ["Action: QueuePause", "Interface: Local/id-1@agentcallback", "Paused: true"]);
    assert_eq!(
        (told, shown),
        (
            vec!["unavailable".to_owned()],
            vec!["orders Agent/2105 paused".to_owned(), "support Agent/2105 paused".to_owned()]
        )
    );
    let (_, told, shown) = of("queueunpause", "2");
    assert_eq!((told, &*shown[0]), (vec!["available".to_owned()], "orders Agent/2105"));
    let (_, told, shown) = of("queueremove", "2");
    assert_eq!(shown, ["support Agent/2105 paused"]);
    // Paused in all that are left.
    assert_eq!(told.last().map(String::as_str), Some("unavailable"));
    assert_eq!(agent(&mut stage.server.logged_in("bertil"))["queues"], json!(["1"]));
    let (_, _, shown) = of("queueadd", "2");
    assert_eq!(shown, ["orders Agent/2105", "support Agent/2105 paused"]);
}

#[test]
fn a_supervisor_listens_to_an_agent_from_their_own_telephone() {
    let stage = Stage::new();
    let (mut bertil, mut sonja) = (stage.server.logged_in("bertil"), stage.server.logged_in("sonja"));
    stage.log_in(&mut bertil, &json!({}));
    let called = "Response: Success\nActionID: {id}\nMessage: Originate successfully queued";
    let answered = "Event: OriginateResponse\nActionID: {id}\nResponse: Success\nReason: 4";
    stage.peer.behave("Originate", Behaviour::Says(vec![called.to_owned(), answered.to_owned()]));
    command(&mut sonja, "listen", &json!({"destination": "xivo/1", "subcommand": "start"}));
    let asked = stage.peer.asked("Originate");
    assert_eq!((asked.get("Channel"), asked.get("Application")), ("PJSIP/1003", "ChanSpy"));
    assert_eq!((asked.get("Data"), asked.get("Context"), asked.get("Async")), ("PJSIP/1002-,bdSq", "", "true"));
    stage.heard(&mut sonja);
    assert_eq!(error_of(&mut sonja, "listen", &json!({"destination": "xivo/2"})), None, "they are not logged in");
}

#[test]
fn a_login_that_no_queue_takes_is_answered_and_is_none() {
    let stage = Stage::new();
    let refuses = "Response: Error\nActionID: {id}\nMessage: Permission denied";
    stage.peer.behave("QueueAdd", Behaviour::Says(vec![refuses.to_owned()]));
    let mut bertil = stage.server.logged_in("bertil");
    command(&mut bertil, "agentlogin", &json!({}));
    assert_eq!(bertil.receive_class("ipbxcommand")["error_string"], "service_unavailable");
    stage.heard(&mut bertil);
    assert_eq!(agent(&mut bertil)["availability"], "logged_out");
    stage.server.await_log(&["WARN", "Asterisk refused", "Permission denied"]);
}

#[test]
fn without_a_link_what_needs_it_is_refused_at_once_and_the_rest_is_done_when_it_is_back() {
    let mut stage = Stage::new();
    let (mut agnes, mut bertil) = (stage.server.logged_in("agnes"), stage.server.logged_in("bertil"));
    let mut sonja = stage.server.logged_in("sonja");
    stage.log_in(&mut bertil, &json!({}));
    stage.log_in(&mut sonja, &json!({"agentids": "2", "agentphonenumber": "1001"}));
    command(&mut sonja, "queueadd", &json!({"member": "agent:xivo/2", "queue": "queue:xivo/1"}));
    stage.peer.asked("QueueAdd");
    stage.heard(&mut agnes);
    let port = stage.lose_link();
    let unavailable = Some("service_unavailable".to_owned());
    let one = json!({"member": "agent:xivo/1", "queue": "queue:xivo/2"});
    assert_eq!(error_of(&mut bertil, "agentlogin", &json!({})), unavailable);
    assert_eq!(error_of(&mut bertil, "queueadd", &one), unavailable);
    assert_eq!(error_of(&mut bertil, "queueremove", &one), unavailable);
    assert_eq!(error_of(&mut sonja, "listen", &json!({"destination": "xivo/1"})), unavailable);
    assert_eq!(error_of(&mut agnes, "dial", &json!({"destination": "1002"})), unavailable);
    agnes.send(&json!({"class": "hangup", "commandid": 6}));
    assert_eq!(agnes.receive_class("ipbxcommand")["error_string"], "service_unavailable");
    // Wanted states are taken without a word, and the last one wins.
    let all = json!({"member": "agent:xivo/1", "queue": "queue:xivo/all"});
    assert_eq!(error_of(&mut bertil, "queuepause", &all), None);
    assert_eq!(error_of(&mut bertil, "queueunpause", &one), None);
    assert_eq!(error_of(&mut sonja, "agentlogout", &json!({"agentids": "2"})), None);
    // The pause may be told before it is over in one of the two; what is read is what was told last.
    await_so("available in one of two", || agent(&mut agnes)["availability"] == "available");
    stage.bring_back(port);
    let asked = stage.peer.asked("QueuePause");
    assert_eq!((asked.get("Queue"), asked.get("Paused")), ("support", "true"));
    assert_eq!(stage.row("AGENTCALLBACKLOGOFF").get("Interface"), "Agent/2106");
    stage.heard(&mut agnes);
    assert_eq!(stage.queues.shown(), ["orders Agent/2105", "support Agent/2105 paused"]);
    assert_eq!(member(&mut agnes, "Agent/2105,support")["paused"], "1");
    assert_eq!(stage.peer.asked_so_far().iter().filter(|action| *action == "QueuePause").count(), 0);
}

#[test]
fn after_a_restart_of_asterisk_logins_and_pauses_are_restored_and_nobody_hears_of_it() {
    let mut stage = Stage::new();
    let (mut agnes, mut bertil) = (stage.server.logged_in("agnes"), stage.server.logged_in("bertil"));
    stage.log_in(&mut bertil, &json!({}));
    command(&mut bertil, "queuepause", &json!({"member": "agent:xivo/1", "queue": "queue:xivo/1"}));
    stage.heard(&mut agnes);
    let port = stage.lose_link();
    stage.queues.clear();
    stage.bring_back(port);
    let paused = |asked: Asked| (asked.get("Queue").to_owned(), asked.get("Paused").to_owned());
    let mut restored = [paused(stage.peer.asked("QueueAdd")), paused(stage.peer.asked("QueueAdd"))];
    restored.sort();
    let pair = |queue: &str, is_paused: &str| (queue.to_owned(), is_paused.to_owned());
    assert_eq!(restored, [pair("orders", "false"), pair("support", "true")]);
    let heard = stage.heard(&mut agnes);
    assert!(heard.iter().all(|message| message["listname"] != "agents"), "{heard:?}");
    assert!(heard.iter().all(|message| message["listname"] != "queuemembers"), "{heard:?}");
    assert_eq!(member(&mut agnes, "Agent/2105,support")["paused"], "1");
}
