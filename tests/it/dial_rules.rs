//! Dial rules, lines in queues and the right to listen, as commands change and show them, and how a change is taken back.

use serde_json::{Value, json};

use crate::support::Appliance;

fn prefixes(appliance: &Appliance) -> Vec<String> {
    let rules = appliance.run(&["dial-rule", "list", "--json"]).json();
    rules.as_array().unwrap().iter().map(|rule| rule["prefix"].as_str().unwrap().to_owned()).collect()
}

fn dialed(appliance: &Appliance, arguments: &[&str]) -> Value {
    let answer = appliance.run(&[&["dial-rule", "try", "--json"], arguments].concat()).json();
    json!([answer["dialed"], answer["rule"]])
}

#[test]
fn the_first_dial_rule_that_fits_says_what_is_dialed() {
    let appliance = Appliance::new();
    assert_eq!(dialed(&appliance, &["+33 1 23 45 67 89"]), json!(["+33123456789", null]));
    appliance.run(&["dial-rule", "add", "+", "--strip", "1", "--add", "000"]).expect_words(&["at place 1"]);
    let home = ["dial-rule", "add", "+33", "--strip", "3", "--add", "0", "--context", "default"];
    // It is added behind one that leaves it nothing, and says so.
    appliance.run(&home).expect_words(&["at place 2", "warning: ", "is never reached", "(rule N2)"]);
    appliance.run(&["dial-rule", "move", "2", "1"]).expect_words(&["\"+33\", strip 3, add 0 is at place 1 now"]);
    assert_eq!(prefixes(&appliance), ["+33", "+"]);
    assert_eq!(dialed(&appliance, &["+33 1 23 45 67 89", "--context", "default"]), json!(["0123456789", 1]));
    assert_eq!(dialed(&appliance, &["+33 1 23 45 67 89"]), json!(["00033123456789", 2]));
    assert_eq!(dialed(&appliance, &["1001", "--context", "default"]), json!(["1001", null]));
    appliance.try_run(&["context", "remove", "default"]).expect_code(1).expect_words(&["is used by", "1 dial rule"]);
    appliance.run(&["dial-rule", "remove", "1"]).expect_words(&["was removed"]);
    assert_eq!(prefixes(&appliance), ["+"]);
    let last = appliance.run(&["history", "--json"]).json()[0]["id"].to_string();
    appliance.run(&["history", "undo", &last]);
    assert_eq!(prefixes(&appliance), ["+33", "+"]);
    let refused = appliance.try_run(&["dial-rule", "remove", "3"]).expect_code(1);
    refused.expect_words(&["there is no dial rule at place 3; there are 2", "`ctibox dial-rule list`"]);
    appliance.try_run(&["dial-rule", "add", "a"]).expect_code(1).expect_words(&["(rule N1)", "hint: "]);
    let document = appliance.document();
    assert_eq!(document["dial_rules"][0]["prefix"], "+33");
}

#[test]
fn a_line_is_a_member_of_a_queue_until_it_goes() {
    let appliance = Appliance::new();
    appliance.add_user("alice", &["--first-name", "Alice"]);
    appliance.run(&["line", "add", "1001", "--context", "default", "--user", "alice", "--device", "SIP/ab12cd"]);
    appliance.run(&["queue", "add", "support", "--number", "3001", "--context", "default"]);
    let added = appliance.run(&["queue", "member", "add", "support", "1001@default", "--penalty", "3"]);
    added.expect_words(&["line \"1001@default\" is in queue \"support\" with penalty 3"]);
    let members = || appliance.run(&["queue", "member", "list", "support", "--json"]).json();
    assert_eq!(members(), json!([{"line": "1001@default", "penalty": 3}]));
    appliance.run(&["queue", "show", "support"]).expect_data(&["1001@default Alice, penalty 3"]);
    let refused = appliance.try_run(&["queue", "member", "add", "support", "1001"]).expect_code(1);
    refused.expect_words(&["there is no agent \"1001\"", "a line is named with its context: 1001@default"]);
    appliance.run(&["line", "remove", "1001", "--context", "default"]);
    assert_eq!(members(), json!([]));
}

#[test]
fn a_profile_may_be_allowed_to_listen() {
    let appliance = Appliance::new();
    let may_listen =
        |profile: &str| appliance.run(&["profile", "show", profile, "--json"]).json()["may_listen"].clone();
    assert_eq!((may_listen("Supervisor"), may_listen("Agent")), (json!(true), Value::Null));
    appliance.run(&["profile", "edit", "Agent", "--may-listen", "on"]);
    appliance.run(&["profile", "edit", "Supervisor", "--may-listen", "off", "--rename", "Chiefs"]);
    assert_eq!((may_listen("Chiefs"), may_listen("Agent")), (Value::Null, json!(true)));
}
