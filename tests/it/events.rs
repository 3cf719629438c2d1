//! `ctibox events`: who follows hears what happens in the running server, in order, with what brought it about, and hears
//! when it ends.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::Appliance;
use crate::support::client::getlist;

const PATIENCE: Duration = Duration::from_secs(60);

/// A running `ctibox events`; ended when dropped.
struct Follower {
    child: Child,
    lines: Receiver<String>,
}

impl Follower {
    /// Follows from now on.
    fn start(appliance: &Appliance) -> Self {
        let mut command = appliance.command(&["events"]);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut words = BufReader::new(child.stderr.take().unwrap());
        let mut first = String::new();
        words.read_line(&mut first).unwrap();
        assert!(first.starts_with("following"), "{first}");
        let (heard, lines) = channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || {
            stdout.lines().map_while(Result::ok).for_each(|line| drop(heard.send(line)));
            let mut rest = String::new();
            words.read_to_string(&mut rest).unwrap();
            drop(heard.send(rest));
        });
        Self { child, lines }
    }

    /// The next event of this type about this user.
    fn await_event(&self, kind: &str, user: &str) -> Value {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no {kind} of {user} came"));
            let event: Value = serde_json::from_str(&line).unwrap();
            assert!(event["time"].as_f64() > Some(1e9), "{event}");
            if event["type"] == kind && event["subject"]["name"] == user {
                return event;
            }
        }
    }

    /// What it says behind its last event, and its exit code.
    fn await_end(mut self) -> (String, Option<i32>) {
        let words = self.lines.iter().last().unwrap_or_default();
        (words, self.child.wait().unwrap().code())
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_follower_hears_logins_presences_settings_and_ends_in_order_and_why() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let follower = Follower::start(&appliance);
    let (mut agnes, mut bertil) = (server.logged_in("agnes"), server.logged_in("bertil"));
    agnes.fence();
    bertil.fence();
    let began = follower.await_event("session_began", "agnes");
    let session = began["session"].clone();
    assert_eq!(began["cause"], json!({"type": "login", "session": session}));
    follower.await_event("session_began", "bertil");

    agnes.send(&json!({"class": "availstate", "availstate": "away"}));
    let presence = follower.await_event("presence_changed", "agnes");
    assert_eq!((&presence["from"], &presence["to"]), (&json!("available"), &json!("away")));
    assert_eq!(presence["cause"], json!({"type": "request", "session": session}));

    appliance.run(&["user", "edit", "bertil", "--last-name", "Omega"]);
    let configured = follower.await_event("configured", "bertil");
    assert_eq!((&configured["cause"], &configured["subject"]["type"]), (&json!({"type": "settings"}), &json!("user")));

    appliance.run(&["user", "disconnect", "agnes"]);
    let ended = follower.await_event("session_ended", "agnes");
    assert_eq!((&ended["session"], &ended["reason"]), (&session, &json!("closed")));
    assert_eq!(ended["cause"], json!({"type": "administrator"}));

    assert_eq!(server.terminate(), Some(0));
    let (words, code) = follower.await_end();
    assert!(words.contains("the server has stopped"), "{words}");
    assert_eq!(code, Some(1));
}

#[test]
fn a_text_of_a_chat_is_in_no_event() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let follower = Follower::start(&appliance);
    let mut agnes = server.client("agnes");
    let id = agnes.log_in("agnes", "available")["userid"].as_str().unwrap().to_owned();
    let own = agnes.ask(&getlist("updateconfig", "users", &id))["config"]["xivo_uuid"].clone();
    let mut bertil = server.logged_in("bertil");
    bertil.fence();
    let to = json!([own, appliance.user_uuid("bertil")]);
    agnes.send(&json!({"class": "chitchat", "alias": "Agnes", "text": "hush", "to": to}));
    let relayed = follower.await_event("chat_relayed", "agnes");
    assert_eq!(relayed["to"]["name"], "bertil");
    assert!(!relayed.to_string().contains("hush"), "{relayed}");
}

#[test]
fn without_a_server_there_is_nothing_to_follow() {
    Appliance::new().try_run(&["events"]).expect_code(1).expect_words(&["no server runs on", "ctibox serve"]);
}
