//! A disk that is full, and one that cannot be written: who is connected stays so, what cannot be kept is said, nothing is
//! half done, and with space everything goes on (`docs/operations.md`).

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::support::client::{getlist, is_presence, unstamped};
use crate::support::{Appliance, Client, Running, SmallDisk};

fn log_in(server: &Running, login: &str) -> (Client, String) {
    let mut client = server.client(login);
    let id = client.log_in(login, "available")["userid"].as_str().unwrap().to_owned();
    client.fence();
    (client, id)
}

fn put_dnd(client: &mut Client, is_on: bool) {
    client.send(&json!({"class": "featuresput", "function": "enablednd", "value": is_on}));
}

fn dnd_in_list(client: &mut Client, id: &str) -> Value {
    client.ask(&getlist("updateconfig", "users", id))["config"]["enablednd"].clone()
}

fn findings(appliance: &Appliance) -> Value {
    appliance.try_run(&["check", "--json"]).json()["findings"].clone()
}

#[test]
fn a_server_whose_disk_is_full_goes_on_and_keeps_again_what_comes_when_there_is_space() {
    let Some(disk) = SmallDisk::mount() else { return };
    let appliance = Appliance::office_on(&disk).on_any_port();
    let server = appliance.serve();
    let ((mut agnes, id), (mut bertil, _)) = (log_in(&server, "agnes"), log_in(&server, "bertil"));
    agnes.fence();
    disk.fill();

    agnes.send(&json!({"class": "availstate", "availstate": "away"}));
    bertil.receive_where(|message| is_presence(message, &id, "away"));
    agnes.receive_where(|message| is_presence(message, &id, "away"));
    server.await_log(&["ERROR", "cannot keep", "the disk is full"]);
    bertil.expect_silence();
    agnes.fence();
    put_dnd(&mut agnes, true);
    let refused = agnes.receive_class("featuresput");
    assert_eq!(unstamped(refused), json!({"class": "featuresput", "status": "service_unavailable"}));
    let present = agnes.receive_where(|message| message["function"] == "updateconfig");
    assert_eq!((&present["tid"], &present["config"]), (&json!(id), &json!({"enablednd": false})));
    agnes.expect_silence();
    bertil.expect_silence();
    assert_eq!(dnd_in_list(&mut bertil, &id), false);

    let counts = appliance.run(&["health", "--json"]).json()["counts"].clone();
    assert!(counts["store_refusals"].as_u64() >= Some(2), "{counts}");
    let renamed = ["user", "edit", "agnes", "--last-name", "Omega"];
    appliance.try_run(&renamed).expect_code(1).expect_words(&["the disk is full", "free space", "nothing"]);
    let copy = disk.path().join("copy.db");
    appliance.try_run(&["backup", copy.to_str().unwrap()]).expect_code(1).expect_words(&["the disk is full"]);
    assert_eq!(disk.names_in(disk.path()), ["ballast", "data"]);
    server.client("newcomer").log_in("bertil", "available");

    disk.free();
    put_dnd(&mut agnes, true);
    let is_dnd = |message: &Value| message["config"] == json!({"enablednd": true});
    agnes.receive_where(is_dnd);
    bertil.receive_where(is_dnd);
    appliance.run(&renamed);
    bertil.receive_where(|message| message["function"] == "updateconfig" && message["config"]["fullname"].is_string());
    assert_eq!(findings(&appliance), json!([]));
    server.signal(Signal::KILL);
    drop(server);

    assert_eq!(findings(&appliance), json!([]));
    let server = appliance.serve();
    let (mut bertil, _) = log_in(&server, "bertil");
    assert_eq!(dnd_in_list(&mut bertil, &id), true);
    let mut agnes = server.client("agnes");
    agnes.log_in("agnes", "none");
    agnes.fence();
    let status = agnes.ask(&getlist("updatestatus", "users", &id))["status"]["availstate"].clone();
    assert_eq!(status, "away", "the later write brings what an earlier one could not");
}

#[test]
fn nothing_begins_on_a_full_disk_and_everything_does_when_there_is_space() {
    let Some(disk) = SmallDisk::mount() else { return };
    let appliance = Appliance::office_on(&disk).on_any_port();
    let other = Appliance::untouched_on(&disk).at(&disk.path().join("other"));
    let full = ["the disk is full", "free space"];
    disk.fill();
    appliance.try_run(&["serve", "--listen", "127.0.0.1:0"]).expect_code(1).expect_words(&full);
    appliance.try_run(&["user", "edit", "agnes", "--last-name", "Omega"]).expect_code(1).expect_words(&full);
    other.try_run(&["init"]).expect_code(1).expect_words(&full);
    assert_eq!(disk.names_in(other.data()), [""; 0]);
    disk.free();
    other.run(&["init"]);
    assert_eq!(findings(&appliance), json!([]));
    log_in(&appliance.serve(), "agnes");
}

#[test]
fn a_folder_that_cannot_be_written_is_not_served_and_check_says_why() {
    let Some(disk) = SmallDisk::mount() else { return };
    let appliance = Appliance::office_on(&disk).on_any_port();
    let before = disk.names_in(appliance.data());
    disk.make_read_only(appliance.data());
    let read_only = ["cannot be written: it is read-only", "make the file system"];
    for words in [&["serve", "--listen", "127.0.0.1:0"][..], &["user", "edit", "agnes", "--last-name", "Omega"]] {
        appliance.try_run(words).expect_code(1).expect_words(&read_only);
    }
    let found = findings(&appliance);
    assert!(found[0]["message"].as_str().unwrap().contains("it is read-only"), "{found}");
    appliance.try_run(&["check"]).expect_code(1);
    assert_eq!(disk.names_in(appliance.data()), before);
    disk.make_writable(appliance.data());
    assert_eq!(findings(&appliance), json!([]));
    log_in(&appliance.serve(), "agnes");
}

#[test]
fn a_folder_that_becomes_read_only_under_a_server_refuses_commands_and_loses_no_client() {
    let Some(disk) = SmallDisk::mount() else { return };
    let appliance = Appliance::office_on(&disk).on_any_port();
    let server = appliance.serve();
    let ((mut agnes, id), (mut bertil, _)) = (log_in(&server, "agnes"), log_in(&server, "bertil"));
    disk.make_read_only(appliance.data());
    let renamed = ["user", "edit", "agnes", "--last-name", "Omega"];
    appliance.try_run(&renamed).expect_code(1).expect_words(&["cannot be written: it is read-only"]);
    agnes.send(&json!({"class": "availstate", "availstate": "away"}));
    bertil.receive_where(|message| is_presence(message, &id, "away"));
    let (_newcomer, newcomer) = log_in(&server, "agnes");
    assert_eq!(newcomer, id);
    disk.make_writable(appliance.data());
    appliance.run(&renamed);
    bertil.receive_where(|message| message["function"] == "updateconfig" && message["config"]["fullname"].is_string());
}
