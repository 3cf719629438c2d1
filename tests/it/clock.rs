//! The wall clock jumps by days under a server with clients: nobody is disconnected, timers run by the steady clock, chat
//! that waits is delivered, and what is stamped carries the new time.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::support::client::is_presence;
use crate::support::{Appliance, Client, FalseClock, Running};

const LOGIN_TIMEOUT: Duration = Duration::from_secs(4);
const GRACE: Duration = Duration::from_secs(3);
const DAY_SECONDS: f64 = 86_400.0;

fn company() -> Appliance {
    let appliance = Appliance::company();
    appliance.add_user("chris", &["--first-name", "Chris", "--profile", "Client"]);
    appliance.add_user("doris", &["--first-name", "Doris", "--profile", "Client"]);
    appliance.set("client.login_timeout", &LOGIN_TIMEOUT.as_secs().to_string());
    appliance.set("presence.disconnect_grace", &GRACE.as_secs().to_string());
    appliance.run(&["presence", "edit", "disconnected", "--group", "xivo", "--action", "enablednd=true"]);
    appliance
}

fn serve(appliance: &Appliance, clock: &FalseClock) -> Running {
    let variables = clock.variables();
    let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Running::start_managed(appliance, &variables)
}

/// How far the server's stamp is from the true time, in days.
fn days_ahead(client: &mut Client) -> f64 {
    client.send(&json!({"class": "keepalive", "commandid": 5}));
    let answer = client.receive_where(|message| message["replyid"] == 5);
    let truth = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
    (answer["timenow"].as_f64().unwrap() - truth) / DAY_SECONDS
}

fn is_dnd(message: &Value, user: &str, is_on: bool) -> bool {
    message["function"] == "updateconfig" && message["tid"] == user && message["config"] == json!({"enablednd": is_on})
}

fn jump(days: i32) {
    let Some(clock) = FalseClock::new() else { return };
    let appliance = company();
    let server = serve(&appliance, &clock);
    let mut watcher = server.logged_in("bertil");
    let (agnes_uuid, doris_uuid) = (appliance.user_uuid("agnes"), appliance.user_uuid("doris"));
    let mut agnes = server.logged_in("agnes");
    agnes.fence();
    let own = agnes.ask(&json!({"class": "get_relations"}));
    let xivo = own["data"]["xivo_uuid"].as_str().unwrap_or_else(|| panic!("{own} of {agnes_uuid}")).to_owned();
    agnes.send(&json!({"class": "chitchat", "alias": "", "text": "until you are back", "to": [xivo, doris_uuid]}));
    agnes.fence();
    let mut chris = server.client("chris");
    let chris_id = chris.log_in("chris", "available")["userid"].as_str().unwrap().to_owned();
    watcher.receive_where(|message| is_presence(message, &chris_id, "available"));

    let (connected, mut silent) = (Instant::now(), server.client("silent"));
    let mut slow = server.client("slow");
    assert_eq!(
        (silent.receive()["class"].clone(), slow.receive()["class"].clone()),
        (json!("starttls"), json!("starttls"))
    );
    let lost = Instant::now();
    drop(chris);
    watcher.receive_where(|message| is_presence(message, &chris_id, "disconnected"));
    clock.turn_by_days(days);

    assert!((days_ahead(&mut agnes) - f64::from(days)).abs() < 0.1, "the clock did not jump");
    slow.log_in("agnes", "available");
    watcher.receive_where(|message| is_dnd(message, &chris_id, true));
    assert!(lost.elapsed() >= GRACE, "the grace time ended after {:?}", lost.elapsed());
    assert_eq!(silent.receive()["error_string"], "login_timeout");
    assert!(connected.elapsed() >= LOGIN_TIMEOUT, "cut off after {:?}", connected.elapsed());
    silent.expect_plain_close();

    let mut doris = server.logged_in("doris");
    assert_eq!(doris.receive_class("chitchat")["text"], "until you are back");
    let mut encrypted = server.client("encrypted");
    encrypted.receive();
    encrypted.start_tls();
    encrypted.log_in("bertil", "available");
    agnes.send(&json!({"class": "availstate", "availstate": "away"}));
    for client in [&mut watcher, &mut slow, &mut doris, &mut encrypted] {
        client.receive_where(|message| message["status"] == json!({"availstate": "away"}));
    }
    assert!(!server.log().contains("panicked"), "{}", server.log());
    assert_eq!(server.terminate(), Some(0));
}

#[test]
fn a_clock_that_jumps_two_days_ahead_disconnects_nobody_and_ends_no_timer() {
    jump(2);
}

#[test]
fn a_clock_that_jumps_two_days_back_disconnects_nobody_and_holds_up_no_timer() {
    jump(-2);
}

#[test]
fn a_certificate_that_expires_by_a_jump_is_named_and_cuts_nobody_off() {
    let Some(clock) = FalseClock::new() else { return };
    let appliance = company();
    let server = serve(&appliance, &clock);
    let mut encrypted = server.client("encrypted");
    encrypted.receive();
    encrypted.start_tls();
    encrypted.log_in("agnes", "available");
    clock.turn_by_days(1000);
    assert!(days_ahead(&mut encrypted) > 999.0);
    let mut later = server.client("later");
    later.receive();
    later.start_tls();
    later.log_in("bertil", "available");
    encrypted.fence();
    let found = appliance.command(&["check", "--json"]).envs(clock.variables()).output().unwrap();
    let found: Value = serde_json::from_slice(&found.stdout).unwrap();
    assert!(found["findings"].to_string().contains("expired"), "{found}");
}
