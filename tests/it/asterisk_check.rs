//! `ctibox asterisk check` and `import`, and what `ctibox check` says of Asterisk.

use super::support::Appliance;
use super::support::ami_peer::{AmiPeer, Behaviour, SECRET, USERNAME};

/// An company whose Asterisk is this one.
fn company(peer: &AmiPeer) -> Appliance {
    let appliance = Appliance::company().on_any_port();
    connect(&appliance, peer.port);
    appliance
}

fn connect(appliance: &Appliance, port: u16) {
    appliance.set("ami.port", &port.to_string());
    appliance.set("ami.username", USERNAME);
    appliance.run_with_input(&["setting", "set", "ami.secret", "--value-stdin"], &format!("{SECRET}\n"));
}

fn says(peer: &AmiPeer, action: &str, packets: &[&str]) {
    peer.behave(action, Behaviour::Says(packets.iter().map(|packet| (*packet).to_owned()).collect()));
}

fn lists(peer: &AmiPeer, action: &str, items: &[&str]) {
    let mut packets = vec!["Response: Success\nActionID: {id}\nEventList: start".to_owned()];
    packets.extend(items.iter().map(|item| format!("{item}\nActionID: {{id}}")));
    packets.push(format!("Event: {action}Complete\nActionID: {{id}}\nEventList: Complete"));
    peer.behave(action, Behaviour::Says(packets));
}

/// An account that may everything, on an Asterisk that has every number and the hints of the company.
fn fitting() -> AmiPeer {
    let peer = AmiPeer::start();
    says(&peer, "Originate", &["Response: Error\nActionID: {id}\nMessage: Channel not specified"]);
    says(&peer, "UserEvent", &["Response: Success\nActionID: {id}", "Event: UserEvent\nUserEvent: ctibox-check"]);
    says(&peer, "Getvar", &["Response: Success\nActionID: {id}\nValue: 1"]);
    let hints = ["1001", "1002"].map(|number| {
        format!("Event: ExtensionStatus\nExten: {number}\nContext: default\nHint: PJSIP/{number}\nStatus: 0")
    });
    lists(&peer, "ExtensionStateList", &hints.each_ref().map(String::as_str));
    peer
}

#[test]
fn check_of_an_asterisk_that_fits_finds_nothing() {
    let peer = fitting();
    let appliance = company(&peer);
    appliance.run(&["asterisk", "check"]).expect_data(&["Asterisk 22.10.1 at 127.0.0.1:", "2 hints", "a XiVO's"]);
    let told = appliance.run(&["--json", "asterisk", "check"]).json();
    assert_eq!((&told["asterisk"]["version"], &told["findings"]), (&"22.10.1".into(), &serde_json::json!([])));
    appliance.run(&["check"]);
}

#[test]
fn check_says_which_line_of_the_account_lacks_what_and_which_queue_is_missing() {
    let peer = fitting();
    says(&peer, "QueuePause", &["Response: Error\nActionID: {id}\nMessage: Permission denied"]);
    let appliance = company(&peer);
    appliance.run(&["queue", "add", "support", "--number", "3000", "--context", "default"]);
    let words = [
        "error: account [ctibox] in manager.conf: `write` lacks `agent`",
        "error: queue \"support\": is not known to Asterisk",
        "2 errors, 0 warnings",
    ];
    appliance.try_run(&["asterisk", "check"]).expect_code(1).expect_data(&words);
    // A server without it serves all the same.
    appliance.run(&["check"]).expect_data(&["warning: account [ctibox] in manager.conf: `write` lacks `agent`"]);
}

#[test]
fn a_refused_login_and_an_asterisk_that_is_away_are_told_with_what_to_do() {
    let peer = AmiPeer::start();
    says(&peer, "Login", &["Response: Error\nActionID: {id}\nMessage: Authentication failed"]);
    let appliance = company(&peer);
    let refused = appliance.try_run(&["asterisk", "check"]).expect_code(1);
    refused.expect_data(&["refuses the login: Authentication failed", "`ctibox asterisk dialplan` writes it"]);
    drop(peer);
    appliance.try_run(&["asterisk", "check"]).expect_code(1).expect_data(&["cannot connect to 127.0.0.1:"]);
    appliance.run(&["check"]).expect_data(&["warning: Asterisk at 127.0.0.1:", "0 errors, 1 warning"]);
    appliance.try_run(&["asterisk", "import"]).expect_code(1).expect_words(&["cannot connect to 127.0.0.1:"]);
}

#[test]
fn where_telephony_is_off_the_way_to_switch_it_on_is_told() {
    let appliance = Appliance::company().on_any_port();
    for command in ["check", "import"] {
        let outcome = appliance.try_run(&["asterisk", command]).expect_code(1);
        outcome.expect_words(&["telephony is off", "`ctibox asterisk dialplan --to /etc/asterisk`"]);
    }
}

#[test]
fn what_a_link_would_write_is_said_and_not_written() {
    let peer = fitting();
    let appliance = company(&peer);
    appliance.run(&["asterisk", "check", "--writes"]);
    assert!(appliance.run(&["--json", "asterisk", "check", "--writes"]).json().is_array());
    let asked = peer.asked_so_far();
    assert!(asked.iter().any(|action| action == "QueueStatus"), "{asked:?}");
    // Rights are tried by setting and pausing what is not there.
    let writes = ["DBPut", "DBDel", "QueueAdd", "QueueRemove", "QueueLog"];
    assert!(asked.iter().all(|action| !writes.contains(&&**action)), "{asked:?}");
}

#[test]
fn import_takes_over_queues_members_and_agents_once_and_a_dry_run_nothing() {
    let peer = AmiPeer::start();
    let queues = [
        "Event: QueueParams\nQueue: support\nHoldtime: 0",
        "Event: QueueMember\nQueue: support\nName: Agent/8001\nLocation: Local/id-7@agentcallback\nMembership: dynamic\n\
         Penalty: 2\nStatus: 1\nPaused: 0",
        "Event: QueueMember\nQueue: support\nName: Agnes\nLocation: PJSIP/1001\nMembership: static\nPenalty: 0\nPaused: 0",
        "Event: QueueParams\nQueue: hold\nHoldtime: 0",
    ];
    lists(&peer, "QueueStatus", &queues);
    let number =
        "Event: ListDialplan\nContext: default\nExtension: 3000\nPriority: 2\nApplication: Queue\nAppData: support,t";
    lists(&peer, "ShowDialPlan", &[number]);
    let file = "Response: Success\nActionID: {id}\nCategory-000000: support\nLine-000000-000000: wrapuptime=15";
    says(&peer, "GetConfig", &[file]);
    let appliance = company(&peer);
    let tried = appliance.run(&["asterisk", "import", "--dry-run"]);
    tried.expect_words(&["queue \"support\": number 3000@default, wrap-up 15 s", "agents who are not logged in now"]);
    assert_eq!(appliance.document()["queues"].as_array().unwrap().len(), 0);

    let outcome = appliance.run(&["--json", "asterisk", "import"]).json();
    assert_eq!(outcome["taken"].as_array().unwrap().len(), 4, "{outcome}");
    assert!(outcome["left_out"][0].as_str().unwrap().contains("queue \"hold\""), "{outcome}");
    let queue = appliance.run(&["--json", "queue", "show", "support"]).json();
    assert_eq!((&queue["number"], &queue["members"].as_array().unwrap().len()), (&"3000".into(), &2));
    appliance.run(&["agent", "show", "8001"]);

    let again =
        appliance.run(&["--json", "asterisk", "import", "--number", "hold=3001", "--context", "default"]).json();
    assert_eq!(again["taken"], serde_json::json!(["queue \"hold\": number 3001@default, wrap-up 15 s"]));
    appliance.run(&["asterisk", "import"]).expect_words(&["there is nothing to take over"]);
}

#[test]
fn what_is_written_for_a_xivo_is_what_its_own_dial_plan_lacks() {
    // It has every place that it is asked for, those of a XiVO too.
    let peer = fitting();
    let appliance = company(&peer);
    let written = appliance.run(&["asterisk", "dialplan"]);
    let written = written.expect_words(&["has a XiVO's dial plan", "`--all`"]);
    let written = written.expect_data(&["[cti-services]", "[cti-name]", "The queues are XiVO's own"]);
    assert!(
        !written.stdout.contains("[cti-user]") && !written.stdout.contains("[agentcallback]"),
        "{}",
        written.stdout
    );
    appliance.run(&["asterisk", "dialplan", "--all"]).expect_data(&["[cti-user]", "[agentcallback]", "[default]"]);
    says(&peer, "Getvar", &["Response: Success\nActionID: {id}\nValue: 0"]);
    appliance.run(&["asterisk", "dialplan"]).expect_data(&["[cti-user]"]);
    appliance.run(&["asterisk", "dialplan", "--beside-xivo"]).expect_data(&["[cti-services]"]);
}
