//! Services that users switch themselves (protocol 4.7, decision 14; settings §9 E): granted, refused, told, kept.

use serde_json::{Value, json};

use crate::support::client::{getlist, unstamped};
use crate::support::{Appliance, Client, Running};

fn log_in(server: &Running, login: &str) -> (Client, String) {
    let mut client = server.client(login);
    let id = client.log_in(login, "available")["userid"].as_str().unwrap().to_owned();
    client.fence();
    (client, id)
}

fn put(client: &mut Client, function: &str, value: &Value) {
    client.send(&json!({"class": "featuresput", "function": function, "value": value, "commandid": 3}));
}

fn told(client: &mut Client, user: &str) -> Value {
    let push = client.receive_where(|message| message["function"] == "updateconfig" && message["tid"] == user);
    push["config"].clone()
}

/// Settings §9: 39.
#[test]
fn a_service_is_told_to_everyone_with_the_changed_members_alone() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (mut agnes, id) = log_in(&server, "agnes");
    let (mut bertil, _) = log_in(&server, "bertil");
    put(&mut agnes, "enablednd", &json!(true));
    assert_eq!(told(&mut agnes, &id), json!({"enablednd": true}));
    assert_eq!(told(&mut bertil, &id), json!({"enablednd": true}));
    put(&mut agnes, "fwd", &json!({"enableunc": true, "destunc": "1044"}));
    assert_eq!(told(&mut bertil, &id), json!({"enableunc": true, "destunc": "1044"}));
    agnes.fence();
    let config = agnes.ask(&getlist("updateconfig", "users", &id))["config"].clone();
    assert_eq!((&config["enableunc"], &config["destunc"]), (&json!(true), &json!("1044")));
}

/// Settings §9: 42.
#[test]
fn a_forward_without_a_number_is_off() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (mut agnes, id) = log_in(&server, "agnes");
    put(&mut agnes, "fwd", &json!({"enablerna": true, "destrna": "1045"}));
    assert_eq!(told(&mut agnes, &id), json!({"enablerna": true, "destrna": "1045"}));
    put(&mut agnes, "fwd", &json!({"enablerna": true, "destrna": ""}));
    assert_eq!(told(&mut agnes, &id), json!({"enablerna": false, "destrna": ""}));
}

/// Settings §9: 42.
#[test]
fn a_forward_that_is_switched_off_keeps_its_number() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (mut agnes, id) = log_in(&server, "agnes");
    put(&mut agnes, "fwd", &json!({"enablebusy": true, "destbusy": "1046"}));
    told(&mut agnes, &id);
    put(&mut agnes, "fwd", &json!({"enablebusy": false, "destbusy": "1046"}));
    assert_eq!(told(&mut agnes, &id), json!({"enablebusy": false, "destbusy": "1046"}));
}

#[test]
fn a_service_that_the_profile_does_not_grant_is_refused() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (mut agnes, _) = log_in(&server, "agnes");
    let (mut bertil, id) = log_in(&server, "bertil");
    agnes.fence();
    put(&mut bertil, "enablednd", &json!(true));
    assert_eq!(
        unstamped(bertil.receive_class("featuresput")),
        json!({"class": "featuresput", "status": "not_granted"})
    );
    assert_eq!(told(&mut bertil, &id), json!({"enablednd": false}));
    bertil.expect_silence();
    agnes.expect_silence();
}

#[test]
fn every_service_is_granted_where_profiles_are_not_enforced() {
    let appliance = Appliance::company();
    appliance.set("services.enforce_profile", "false");
    let server = appliance.serve();
    let (mut bertil, id) = log_in(&server, "bertil");
    put(&mut bertil, "incallfilter", &json!(true));
    assert_eq!(told(&mut bertil, &id), json!({"incallfilter": true}));
}

#[test]
fn services_outlive_a_restart() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (mut agnes, id) = log_in(&server, "agnes");
    put(&mut agnes, "fwd", &json!({"enableunc": true, "destunc": "*21"}));
    told(&mut agnes, &id);
    server.signal(rustix::process::Signal::KILL);
    drop(server);
    let server = appliance.serve();
    let (mut agnes, _) = log_in(&server, "agnes");
    let config = agnes.ask(&getlist("updateconfig", "users", &id))["config"].clone();
    assert_eq!((&config["enableunc"], &config["destunc"]), (&json!(true), &json!("*21")));
}

#[test]
fn voicemail_cannot_be_switched_and_stays_silent() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (mut agnes, _) = log_in(&server, "agnes");
    put(&mut agnes, "enablevoicemail", &json!(true));
    agnes.expect_silence();
}

/// Settings §9: 40.
#[test]
fn all_forwards_can_be_switched_off_at_once() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (mut agnes, id) = log_in(&server, "agnes");
    let on = json!({"enableunc": true, "destunc": "1", "enablerna": true, "destrna": "2", "enablebusy": true,
        "destbusy": "3"});
    put(&mut agnes, "fwd", &on);
    for _ in 0..3 {
        told(&mut agnes, &id);
    }
    let mut off = on.clone();
    for member in ["enableunc", "enablerna", "enablebusy"] {
        off[member] = json!(false);
    }
    put(&mut agnes, "fwd", &off);
    for _ in 0..3 {
        told(&mut agnes, &id);
    }
    let config = agnes.ask(&getlist("updateconfig", "users", &id))["config"].clone();
    for (member, value) in off.as_object().unwrap() {
        assert_eq!(config[member], *value, "{member}");
    }
}

/// Settings §9: 41.
#[test]
fn do_not_disturb_and_the_filter_go_on_and_off() {
    let appliance = Appliance::company();
    appliance.run(&["profile", "service", "add", "Client", "incallfilter"]);
    let server = appliance.serve();
    let (mut agnes, id) = log_in(&server, "agnes");
    for service in ["enablednd", "incallfilter"] {
        for is_on in [true, false] {
            put(&mut agnes, service, &json!(is_on));
            assert_eq!(told(&mut agnes, &id)[service], json!(is_on));
        }
    }
}

/// Settings §9: 43.
#[test]
fn recording_reaches_the_database_and_the_client() {
    let appliance = Appliance::company();
    appliance.run(&["profile", "service", "add", "Client", "callrecord"]);
    let server = appliance.serve();
    let (mut agnes, id) = log_in(&server, "agnes");
    let database = rusqlite::Connection::open(appliance.data().join("ctibox.db")).unwrap();
    for is_on in [true, false] {
        put(&mut agnes, "enablerecording", &json!(is_on));
        assert_eq!(told(&mut agnes, &id), json!({"enablerecording": is_on}));
        let sql = "SELECT recording FROM user_state JOIN user ON uuid = user_uuid WHERE login = 'agnes'";
        assert_eq!(database.query_row(sql, [], |row| row.get::<_, bool>(0)), Ok(is_on));
    }
}

/// A forward takes what the phone book takes, and is told as it is dialled.
#[test]
fn a_forward_is_taken_as_the_number_is_written() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (mut agnes, id) = log_in(&server, "agnes");
    for (written, dialled) in [("514 555-0101", "5145550101"), ("+49 (0)30 555-0102", "+49305550102")] {
        put(&mut agnes, "fwd", &json!({"enableunc": true, "destunc": written}));
        assert_eq!(told(&mut agnes, &id), json!({"enableunc": true, "destunc": dialled}));
    }
}

#[test]
fn an_administrator_switches_off_what_keeps_callers_from_a_user() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (mut agnes, id) = log_in(&server, "agnes");
    put(&mut agnes, "enablednd", &json!(true));
    told(&mut agnes, &id);
    put(&mut agnes, "fwd", &json!({"enableunc": true, "destunc": "1044"}));
    told(&mut agnes, &id);
    appliance
        .run(&["user", "switch-off", "agnes", "forward"])
        .expect_words(&["switched off for user \"agnes\": forward"]);
    assert_eq!(told(&mut agnes, &id), json!({"enableunc": false, "destunc": "1044"}));
    let off = appliance.run(&["user", "switch-off", "agnes", "--json"]).json();
    assert_eq!((&off["changed"], &off["services"][0]), (&json!(true), &json!("dnd")));
    assert_eq!(told(&mut agnes, &id), json!({"enablednd": false}));
    appliance.run(&["user", "switch-off", "agnes"]).expect_words(&["has none of it switched on"]);
    appliance.try_run(&["user", "switch-off", "agnes", "fax"]).expect_code(2);
    drop((agnes, server));
    appliance.try_run(&["user", "switch-off", "agnes"]).expect_code(1).expect_words(&["no server runs on"]);
}
