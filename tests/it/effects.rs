//! What a command says of a change is what came of it in the running server: success tells the effect, not the write.
//! What is configured and does not hold is told by the command, by `check` and by `health` until it is mended.

use std::fs;
use std::net::TcpListener;

use serde_json::json;

use crate::support::{Appliance, Running, SmallDisk};

#[test]
fn a_port_that_cannot_be_bound_fails_the_command_check_and_health_until_it_can() {
    let (appliance, server) = Running::office_on_loopback();
    let own = format!("127.0.0.1:{}", server.port);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let address = format!("127.0.0.1:{port}");
    let set = ["setting", "set", "client.port", &port];
    appliance.try_run(&set).expect_code(1).expect_words(&[
        "error: kept, but the running server does not act by it",
        &address,
        &format!("clients connect to {own} as before"),
        "hint: ",
    ]);
    let check = appliance.try_run(&["check"]).expect_code(1);
    assert!(check.stdout.contains(&format!("error: address {address}: cannot be listened on")), "{}", check.stdout);
    appliance.try_run(&["health"]).expect_code(1).expect_words(&["serves, but not as configured", &address]);
    // Another change is none of it.
    appliance.set("chat.keep_days", "3");
    // Set again it fails again, and once the port is free it is bound.
    appliance.try_run(&set).expect_code(1);
    drop(taken);
    appliance.run(&set).expect_words(&[&format!("clients connect to {address} from now on")]);
    appliance.run(&["check"]);
    let health = appliance.run(&["health", "--json"]).json();
    assert_eq!((&health["listen"], &health["discrepancies"]), (&json!([address]), &json!([])));
}

#[test]
fn a_port_that_is_set_back_is_no_discrepancy_any_more() {
    let (appliance, _server) = Running::office_on_loopback();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    appliance.try_run(&["setting", "set", "client.port", &port]).expect_code(1);
    appliance.set("client.port", "0");
    appliance.run(&["health"]);
}

#[test]
fn what_stands_above_on_the_servers_command_line_is_told() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let set = appliance.run(&["setting", "set", "client.port", "5004"]);
    set.expect_words(&["warning", "client.port", "--listen", &format!("clients connect to 127.0.0.1:{}", server.port)]);
    let check = appliance.run(&["check"]);
    assert!(
        check.stdout.contains("warning: setting client.port: is 5004, but the server was started"),
        "{}",
        check.stdout
    );
}

#[test]
fn sessions_that_a_change_ends_are_counted() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (mut first, mut second) = (server.logged_in("agnes"), server.logged_in("agnes"));
    first.fence();
    second.fence();
    appliance.run(&["user", "disable", "agnes"]).expect_words(&["ended 2 sessions"]);
    let told = appliance.run(&["user", "enable", "agnes"]);
    assert!(!told.stderr.contains("session"), "{}", told.stderr);
}

#[test]
fn without_a_server_a_setting_says_when_it_acts() {
    let appliance = Appliance::company();
    appliance.run(&["setting", "set", "client.port", "5004"]).expect_words(&["no server runs on this folder"]);
}

/// As systemd's ProtectHome and PrivateTmp do: the files are there for the command and not for the service.
#[test]
fn a_pair_that_the_server_cannot_read_fails_the_command_check_and_health() {
    let Some(disk) = SmallDisk::mount() else { return };
    let (appliance, other) = (Appliance::company(), Appliance::company());
    drop(other.serve());
    let pair = ["server.crt", "server.key"].map(|name| {
        let hidden = disk.path().join(name);
        fs::copy(other.data().join("certs").join(name), &hidden).unwrap();
        hidden.to_str().unwrap().to_owned()
    });
    let server = Running::start_behind(&appliance, &disk);
    let name_it = ["certificate", "use", &pair[0], &pair[1]];
    appliance.try_run(&name_it).expect_code(1).expect_words(&[
        "kept, but the running server does not act by it",
        &pair[0],
        "clients get the one that was in use",
    ]);
    server.await_log(&["ERROR", "the new certificate cannot be used"]);
    let check = appliance.try_run(&["check"]).expect_code(1);
    assert!(check.stdout.contains(&format!("error: certificate {}", pair[0])), "{}", check.stdout);
    appliance.try_run(&["health"]).expect_code(1).expect_words(&["not as configured", &pair[0]]);
    appliance
        .run(&["setting", "unset", "encryption.certificate", "encryption.key"])
        .expect_words(&["new connections get the certificate with SHA-256"]);
    appliance.run(&["health"]);
}

#[test]
fn a_log_level_below_the_one_that_the_server_was_started_with_is_said_to_do_nothing() {
    let appliance = Appliance::company();
    let server = Running::start_managed(&appliance, &[("CTIBOX_LOG", "error")]);
    let found = appliance.try_run(&["check"]);
    assert!(!found.stdout.contains("CTIBOX_LOG"), "nobody set a level: {}", found.stdout);
    let set = appliance.run(&["setting", "set", "log.level", "debug"]);
    assert!(!set.stderr.contains("takes effect"), "{}", set.stderr);
    set.expect_words(&["CTIBOX_LOG=error of the running server overrides log.level"]);
    appliance.run(&["check"]).expect_data(&["setting log.level: is debug", "CTIBOX_LOG=error, which overrides it"]);
    appliance.run(&["health"]).expect_data(&["CTIBOX_LOG=error, above log.level"]);
    drop(server);
}
