//! The lists (protocol 4.5): ids, configurations and statuses, with exactly the members of the tables.

use serde_json::{Value, json};

use crate::support::client::{getlist, unstamped};
use crate::support::{Appliance, Client};

const LISTS: [&str; 7] = ["users", "phones", "agents", "queues", "voicemails", "meetmes", "queuemembers"];

fn full_office() -> Appliance {
    let appliance = Appliance::company();
    appliance.run(&["voicemail", "add", "1001", "--context", "default", "--user", "agnes"]);
    appliance.run(&["queue", "add", "support", "--number", "3001", "--context", "default", "--display", "Support"]);
    appliance.run(&["queue", "member", "add", "support", "2105", "--penalty", "2"]);
    appliance.run(&["conference", "add", "4001", "--name", "Daily", "--context", "default"]);
    appliance
}

fn ids(client: &mut Client, listname: &str) -> Vec<String> {
    let answer = client.ask(&json!({"class": "getlist", "function": "listid", "listname": listname}));
    assert_eq!(answer["listname"], listname, "{answer}");
    assert_eq!(answer["tipbxid"], "xivo");
    answer["list"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect()
}

fn asked(client: &mut Client, function: &str, listname: &str) -> Value {
    let id = ids(client, listname).remove(0);
    client.ask(&getlist(function, listname, &id))
}

#[test]
fn every_list_names_its_ids_as_texts() {
    let appliance = full_office();
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    agnes.fence();
    let counts: Vec<usize> = LISTS.iter().map(|list| ids(&mut agnes, list).len()).collect();
    assert_eq!(counts, [2, 2, 1, 1, 1, 1, 1]);
    assert_eq!(ids(&mut agnes, "queuemembers"), ["Agent/2105,support"]);
}

/// Settings §9: 44.
#[test]
fn a_users_config_has_every_member() {
    let appliance = full_office();
    let server = appliance.serve();
    let mut agnes = server.client("agnes");
    let id = agnes.log_in("agnes", "available")["userid"].as_str().unwrap().to_owned();
    agnes.fence();
    let line = ids(&mut agnes, "phones").remove(0);
    let answer = agnes.ask(&getlist("updateconfig", "users", &id));
    let uuid = answer["config"]["xivo_uuid"].clone();
    let voicemail: i64 = ids(&mut agnes, "voicemails").remove(0).parse().unwrap();
    assert_eq!(
        answer["config"],
        json!({"firstname": "Agnes", "lastname": "Alpha", "fullname": "Agnes Alpha", "mobilephonenumber": "",
            "agentid": null, "voicemailid": voicemail, "enablevoicemail": true, "enablexfer": true,
            "enablednd": false, "incallfilter": false, "enableunc": false, "destunc": "", "enablerna": false,
            "destrna": "", "enablebusy": false, "destbusy": "", "linelist": [line], "xivo_uuid": uuid})
    );
    assert_eq!(uuid.as_str().map(str::len), Some(36));
    assert_eq!(answer["tid"], id.as_str());
}

/// Settings §9: 51.
#[test]
fn the_other_configs_have_every_member() {
    let appliance = full_office();
    let server = appliance.serve();
    let mut agnes = server.client("agnes");
    let own: i64 = agnes.log_in("agnes", "available")["userid"].as_str().unwrap().parse().unwrap();
    agnes.fence();
    let mut config = |listname: &str| asked(&mut agnes, "updateconfig", listname)["config"].clone();
    assert_eq!(config("phones"), json!({"number": "1001", "iduserfeatures": own, "identity": "PJSIP/1001"}));
    assert_eq!(
        config("agents"),
        json!({"number": "2105", "firstname": "Bertil", "lastname": "", "context": "default"})
    );
    assert_eq!(
        config("queues"),
        json!({"name": "support", "displayname": "Support", "number": "3001", "context": "default"})
    );
    assert_eq!(config("voicemails"), json!({"mailbox": "1001", "context": "default"}));
    assert_eq!(
        config("meetmes"),
        json!({"confno": "4001", "name": "Daily", "context": "default", "admin_moderationmode": 0})
    );
    assert_eq!(
        config("queuemembers"),
        json!({"queue_name": "support", "interface": "Agent/2105", "membership": "static", "penalty": "2",
            "paused": "0", "status": "101", "callstaken": "0", "lastcall": ""})
    );
}

#[test]
fn statuses_have_every_member() {
    let appliance = full_office();
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    agnes.fence();
    let queue = ids(&mut agnes, "queues").remove(0);
    let mut status = |listname: &str| asked(&mut agnes, "updatestatus", listname)["status"].clone();
    assert_eq!(status("phones"), json!({"hintstatus": "4"}));
    assert_eq!(status("queues"), json!({"agentmembers": [], "phonemembers": []}));
    assert_eq!(status("voicemails"), json!({"new": 0}));
    assert_eq!(status("meetmes"), json!({"pseudochan": null, "channels": {}, "paused": false}));
    let agent = status("agents");
    assert!(agent["availability_since"].is_f64());
    let mut rest = agent.clone();
    rest.as_object_mut().unwrap().shift_remove("availability_since");
    assert_eq!(
        rest,
        json!({"availability": "logged_out", "phonenumber": null, "channel": null, "on_call_acd": false,
            "on_wrapup": false, "nonacd_call_status": null, "queues": [queue], "groups": []})
    );
    assert_eq!(status("queuemembers")["status"], "101");
}

#[test]
fn an_unknown_id_is_answered_empty_and_as_it_was_asked() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    agnes.fence();
    for tid in [json!("999"), json!(""), json!(1), json!(null), json!(true), json!(1.5)] {
        for (function, member) in [("updateconfig", "config"), ("updatestatus", "status")] {
            let answer = agnes.ask(&json!({"class": "getlist", "function": function, "listname": "users", "tid": tid}));
            let mut wanted =
                json!({"class": "getlist", "function": function, "listname": "users", "tipbxid": "xivo", "tid": tid});
            wanted[member] = json!({});
            assert_eq!(unstamped(answer), wanted);
        }
    }
    let answer = agnes.ask(&getlist("updatestatus", "queuemembers", "nosuch"));
    assert_eq!(answer["status"], Value::Null);
    let answer = agnes.ask(&getlist("updateconfig", "queuemembers", "nosuch"));
    assert_eq!(answer["config"], json!({}));
}

#[test]
fn lists_and_functions_nobody_knows_stay_silent() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    agnes.fence();
    agnes.send(&json!({"class": "getlist", "function": "listid", "listname": "groups"}));
    agnes.send(&json!({"class": "getlist", "function": "nosuch", "listname": "users"}));
    agnes.send(&json!({"class": "getlist", "function": "addconfig", "listname": "users", "tid": "1"}));
    agnes.expect_silence();
}

#[test]
fn answers_come_in_the_order_of_requests() {
    let appliance = full_office();
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    agnes.fence();
    let text: String = LISTS
        .iter()
        .map(|list| format!("{}\n", json!({"class": "getlist", "function": "listid", "listname": list})))
        .collect();
    agnes.send_text(&text);
    let came: Vec<String> = LISTS.iter().map(|_| agnes.receive()["listname"].as_str().unwrap().to_owned()).collect();
    assert_eq!(came, LISTS);
}

#[test]
fn the_main_line_stands_first() {
    let appliance = Appliance::company();
    appliance.run(&["line", "add", "1009", "--context", "default", "--user", "agnes", "--device", "SIP/x9", "--main"]);
    let server = appliance.serve();
    let mut agnes = server.client("agnes");
    let id = agnes.log_in("agnes", "available")["userid"].as_str().unwrap().to_owned();
    agnes.fence();
    let lines = agnes.ask(&getlist("updateconfig", "users", &id))["config"]["linelist"].clone();
    let main = lines[0].as_str().unwrap().to_owned();
    let answer = agnes.ask(&getlist("updateconfig", "phones", &main));
    assert_eq!(answer["config"]["number"], "1009");
    assert_eq!(answer["config"]["identity"], "SIP/x9");
    let relations = agnes.ask(&json!({"class": "get_relations", "commandid": 4}));
    assert_eq!(relations["data"]["endpoint_id"].to_string(), main);
    assert!(relations.get("replyid").is_none());
}

#[test]
fn an_administrators_change_reaches_the_clients() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    agnes.fence();
    appliance.add_user("nina", &["--first-name", "Nina", "--profile", "Client"]);
    let added = agnes.receive_where(|message| message["function"] == "addconfig" && message["listname"] == "users");
    let id = added["list"][0].as_str().unwrap().to_owned();
    appliance.run(&["user", "edit", "nina", "--first-name", "Nora"]);
    let changed = agnes.receive_where(|message| message["function"] == "updateconfig" && message["tid"] == id.as_str());
    assert_eq!(changed["config"]["firstname"], "Nora");
    assert_eq!(changed["config"].as_object().map(serde_json::Map::len), Some(18));
    appliance.run(&["user", "remove", "nina"]);
    let removed = agnes.receive_where(|message| message["function"] == "delconfig" && message["listname"] == "users");
    assert_eq!(removed["list"], json!([id]));
}

/// Settings §9: 49.
#[test]
fn what_does_not_exist_yet_is_answered_empty() {
    let appliance = full_office();
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    agnes.fence();
    let queue = ids(&mut agnes, "queues").remove(0);
    let number: i64 = queue.parse().unwrap();
    let mut answer = |line: Value| unstamped(agnes.ask(&line));
    assert_eq!(answer(json!({"class": "history", "size": "8"})), json!({"class": "history", "history": []}));
    assert_eq!(
        answer(json!({"class": "subscribetoqueuesstats"})),
        json!({"class": "getqueuesstats", "stats": {queue.clone(): {"Xivo-LoggedAgents": 0}}})
    );
    assert_eq!(
        answer(
            json!({"class": "getqueuesstats", "commandid": 4, "on": {queue.clone(): {"window": "3600", "xqos": 60}}})
        ),
        json!({"class": "getqueuesstats", "replyid": 4, "stats": {queue.clone(): {"Xivo-Join": "0", "Xivo-Link": "0",
            "Xivo-Lost": "0", "Xivo-Rate": "", "Xivo-Qos": "", "Xivo-Holdtime-avg": "", "Xivo-Holdtime-max": ""}}})
    );
    assert_eq!(
        answer(json!({"class": "getqueuesstats", "commandid": 5})),
        json!({"class": "getqueuesstats", "replyid": 5, "warning_string": "return_is_none"})
    );
    assert_eq!(
        answer(json!({"class": "subscribe", "message": "queueentryupdate", "queueid": queue})),
        json!({"class": "queueentryupdate",
            "state": {"queue_name": "support", "queue_id": number, "entries": []}})
    );
    assert_eq!(
        answer(json!({"class": "subscribe", "message": "current_calls"})),
        json!({"class": "current_calls", "current_calls": []})
    );
    for command in ["dial", "listen"] {
        assert_eq!(
            answer(json!({"class": "ipbxcommand", "command": command, "destination": "1002"})),
            json!({"class": "ipbxcommand", "error_string": "service_unavailable"})
        );
    }
    assert_eq!(
        answer(json!({"class": "ipbxcommand", "command": "agentlogin", "agentids": "xivo/999"})),
        json!({"class": "ipbxcommand", "error_string": "agent_login_invalid_exten"})
    );
    let headers = answer(json!({"class": "people_headers"}));
    assert_eq!(headers["class"], "people_headers_result");
    assert_eq!(headers["column_headers"].as_array().map(Vec::len), headers["column_types"].as_array().map(Vec::len));
    let found = answer(json!({"class": "people_search", "pattern": "zo"}));
    assert_eq!((&found["term"], &found["results"]), (&json!("zo"), &json!([])));
}
