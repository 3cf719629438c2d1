//! What a profile sends at login (protocol §3, settings §3.2 and §9 B): xlets, services, preferences, presences.

use serde_json::json;

use crate::support::Appliance;

/// Settings §9: 21.
#[test]
fn the_default_profiles_travel_as_written() {
    let appliance = Appliance::company();
    for (login, profile) in [("sven", "Supervisor"), ("sara", "Switchboard")] {
        appliance.add_user(login, &["--first-name", login, "--profile", profile]);
    }
    let server = appliance.serve();
    let xlets = |login: &str| server.client(login).log_in(login, "available")["capaxlets"].clone();
    assert_eq!(
        xlets("sven"),
        json!([
            ["identity", "grid"],
            ["queues", "dock", "fcms"],
            ["queuemembers", "dock", "fcms"],
            ["queueentrydetails", "dock", "fcms"],
            ["agents", "dock", "fcms"],
            ["agentdetails", "dock", "fcms"]
        ])
    );
    assert_eq!(
        xlets("bertil"),
        json!([
            ["identity", "grid"],
            ["queues", "dock", "fcms"],
            ["customerinfo", "dock", "fcms"],
            ["agentdetails", "dock", "fcms"]
        ])
    );
    assert_eq!(
        xlets("sara"),
        json!([["identity", "grid"], ["switchboard", "dock", "fcms", "1"], ["directory", "dock", "fcms", "3"]])
    );
    let client = xlets("agnes");
    let rest = client.as_array().unwrap();
    assert_eq!(rest.len(), 8);
    for xlet in [json!(["identity", "grid"]), json!(["people", "tab"]), json!(["tabber", "grid", "1"])] {
        assert!(rest[..3].contains(&xlet), "{xlet} is not among the first of {client}");
    }
    assert_eq!(
        rest[3..],
        [
            json!(["customerinfo", "tab", "2"]),
            json!(["fax", "tab", "3"]),
            json!(["history", "tab", "4"]),
            json!(["features", "tab", "5"]),
            json!(["conference", "tab", "6"])
        ]
    );
}

/// Settings §9: 16.
#[test]
fn the_client_profile_grants_exactly_four_services() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let capas = server.client("agnes").log_in("agnes", "available")["capas"].clone();
    assert_eq!(capas["services"], json!(["enablednd", "fwdunc", "fwdbusy", "fwdrna"]));
    assert_eq!(capas["preferences"], json!(false));
    assert_eq!(
        capas["userstatus"]["donotdisturb"],
        json!({"longname": "Do not disturb", "color": "#D13224",
            "allowed": ["available", "away", "outtolunch", "donotdisturb", "berightback"],
            "actions": {"enablednd": "true"}})
    );
    assert_eq!(
        capas["userstatus"]["disconnected"],
        json!({"longname": "Disconnected", "color": "#9E9E9E", "actions": {"agentlogoff": ""}})
    );
    assert_eq!(capas["phonestatus"]["8"]["color"], "#6CA6FF");
    assert_eq!(capas["phonestatus"].as_object().unwrap().len(), 9);
}

/// Settings §9: 4.
#[test]
fn a_profile_without_services_sends_one_empty_text() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let capas = server.client("bertil").log_in("bertil", "available")["capas"].clone();
    assert_eq!(capas["services"], json!([""]));
}

/// Settings §9: 5.
#[test]
fn a_profile_without_xlets_logs_in_with_an_empty_list() {
    let appliance = Appliance::company();
    appliance.run(&["profile", "add", "Bare"]);
    appliance.add_user("jules", &["--first-name", "Jules", "--profile", "Bare"]);
    let server = appliance.serve();
    let capas = server.client("jules").log_in("jules", "available");
    assert_eq!(capas["capaxlets"], json!([]));
}

/// Settings §9: 12.
#[test]
fn ten_logins_with_all_xlets_in_a_row_work() {
    let appliance = Appliance::company();
    appliance.run(&["profile", "add", "Everything"]);
    let grid = ["--position", "grid"];
    for xlet in ["identity", "tabber"] {
        appliance.run(&[&["profile", "xlet", "set", "Everything", xlet], &grid[..]].concat());
    }
    let tabs = "agentdetails agents agentstatusdashboard conference customerinfo directory fax features history people \
                queueentrydetails queuemembers queues switchboard";
    for xlet in tabs.split_whitespace() {
        appliance.run(&["profile", "xlet", "set", "Everything", xlet, "--position", "tab", "--number", "2"]);
    }
    appliance.run(&["profile", "xlet", "set", "Everything", "datetime", "--position", "dock", "--flags", "f"]);
    appliance.add_user("zoe", &["--first-name", "Zoe", "--profile", "Everything"]);
    let server = appliance.serve();
    for _ in 0..10 {
        let mut client = server.client("zoe");
        let capas = client.log_in("zoe", "available");
        assert_eq!(capas["capaxlets"].as_array().map(Vec::len), Some(17));
        client.send(&json!({"class": "logout", "stopper": ""}));
        client.expect_close();
    }
}

/// Settings §9: 19.
#[test]
fn a_changed_profile_shows_at_the_next_login() {
    let appliance = Appliance::company();
    appliance.run(&["profile", "add", "toto"]);
    appliance.run(&["profile", "xlet", "set", "toto", "identity", "--position", "grid"]);
    appliance.add_user("tom", &["--first-name", "Tom", "--profile", "toto"]);
    let server = appliance.serve();
    assert_eq!(server.client("tom").log_in("tom", "available")["capaxlets"], json!([["identity", "grid"]]));
    let mut watcher = server.logged_in("bertil");
    appliance.run(&["profile", "xlet", "set", "toto", "datetime", "--position", "dock", "--flags", "fcms"]);
    appliance.run(&["user", "edit", "agnes", "--first-name", "Agnete"]);
    watcher.receive_where(|message| message["config"]["firstname"] == "Agnete");
    let xlets = server.client("tom").log_in("tom", "available")["capaxlets"].clone();
    assert!(xlets.as_array().unwrap().contains(&json!(["datetime", "dock", "fcms"])), "{xlets}");
}

/// client.md (b), (e) and (g): how the client comes back by itself is a profile's to say; where it connects, as whom and
/// how often it asks whether the server lives are not.
#[test]
fn a_profile_says_that_its_clients_come_back_by_themselves() {
    let appliance = Appliance::company();
    let set = |name, value| ["profile", "preference", "set", "Client", name, value];
    appliance.run(&set("trytoreconnect", "true"));
    appliance.run(&set("trytoreconnectinterval", "5000"));
    appliance.run(&set("guioptions.loginwindow.url", "https://example.org/"));
    for (name, value) in
        [("keepaliveinterval", "10"), ("cti_address", "192.0.2.1"), ("password", "x"), ("trytoreconnectinterval", "0")]
    {
        appliance.try_run(&set(name, value)).expect_code(1).expect_words(&[name, "(rule F11)"]);
    }
    let server = appliance.serve();
    let capas = server.client("agnes").log_in("agnes", "available")["capas"].clone();
    assert_eq!(
        capas["preferences"],
        json!({"trytoreconnect": "true", "trytoreconnectinterval": "5000",
            "guioptions.loginwindow.url": "https://example.org/"})
    );
    let document = appliance.document();
    appliance
        .run_with_input(&["import", "-", "--dry-run"], &document.to_string())
        .expect_words(&["nothing would change"]);
}
