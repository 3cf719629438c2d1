//! `ctibox status`: how users, phones, agents and queues stand now, once and as it changes.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::Appliance;

fn rows(appliance: &Appliance, arguments: &[&str]) -> Value {
    appliance.run(&[&["status", "--json"], arguments].concat()).json()
}

#[test]
fn status_shows_users_phones_agents_and_queues_as_they_stand() {
    let appliance = Appliance::company();
    appliance.run(&["queue", "add", "support", "--number", "3001", "--context", "default"]);
    appliance.run(&["queue", "member", "add", "support", "2105"]);
    appliance.run(&["queue", "member", "add", "support", "1001@default"]);
    let server = appliance.serve();
    let _agnes = server.logged_in("agnes");
    let agnes = json!({"user": "agnes", "name": "Agnes Alpha", "presence": "available", "sessions": 1, "services": []});
    assert_eq!(rows(&appliance, &["users", "AGNES"]), agnes);
    assert_eq!(rows(&appliance, &["users"]).as_array().unwrap().len(), 2);
    let phone = rows(&appliance, &["phones", "1002"]);
    assert_eq!((&phone["line"], &phone["status"]), (&json!("1002@default"), &json!("unavailable")));
    assert_eq!(rows(&appliance, &["phones", "PJSIP/1002"]), phone);
    let agent = rows(&appliance, &["agents", "2105"]);
    assert_eq!((&agent["state"], &agent["extension"]), (&json!("logged_out"), &Value::Null));
    assert_eq!(agent["queues"], json!([{"queue": "support", "paused": null, "paused_since": null}]));
    let queue = &rows(&appliance, &["queues"])[0];
    assert_eq!((&queue["members"], &queue["logged_in"], &queue["available"]), (&json!(2), &json!(0), &json!(0)));
    let shown = appliance.run(&["status", "phones"]).expect_words(&["there is no link to Asterisk"]);
    shown.expect_data(&["LINE", "1001@default", "not registered"]);
    let unknown = appliance.try_run(&["status", "agents", "999"]).expect_code(1);
    unknown.expect_words(&["none of the agents is called \"999\"", "`ctibox status agents` shows them all"]);
    drop(server);
    appliance.try_run(&["status", "users"]).expect_code(1).expect_words(&["`ctibox serve`"]);
}

#[test]
fn status_that_follows_prints_what_changes() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut command = appliance.command(&["status", "users", "--follow", "--json"]);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = || -> Value { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
    let before = [next(), next()];
    assert!(before.iter().all(|user| user["presence"] == "disconnected"), "{before:?}");
    let _bertil = server.logged_in("bertil");
    let changed = next();
    assert_eq!((&changed["user"], &changed["presence"]), (&json!("bertil"), &json!("available")));
    child.kill().unwrap();
    child.wait().unwrap();
}
