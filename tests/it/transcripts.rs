//! What a real Asterisk was heard to say, once more, in pieces of any length and mixed into the answers to lists: clients are
//! answered the same whatever the pieces. Each section of a transcript in `tests/ami` ends in a summary, as it follows from
//! what was said there.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::ami_peer::AmiPeer;
use crate::support::ami_queues::{Sign, link};
use crate::support::client::getlist;
use crate::support::{Appliance, Client};

const DEADLINE: Duration = Duration::from_secs(60);

/// Alice (101, agent 8001), Bob (102) and Carol (103), and the queues of the laboratory.
fn laboratory(peer: &AmiPeer) -> (Appliance, Sign) {
    let appliance = Appliance::new();
    for (login, first, number) in [("alice", "Alice", "101"), ("bob", "Bob", "102"), ("carol", "Carol", "103")] {
        appliance.add_user(login, &["--first-name", first, "--profile", "Supervisor"]);
        appliance.run(&["line", "add", number, "--context", "default", "--user", login]);
    }
    let sign = Sign::at(&appliance, "carol");
    appliance.run(&["agent", "add", "8001", "--first-name", "Alice", "--context", "default", "--user", "alice"]);
    for (number, queue) in ["blue", "red"].into_iter().enumerate() {
        appliance.run(&["queue", "add", queue, "--number", &format!("300{number}"), "--context", "default"]);
        appliance.run(&["queue", "member", "add", queue, "8001"]);
    }
    link(&appliance, peer);
    (appliance, sign)
}

/// The sections of a transcript, each with what was said in it.
fn sections(text: &str) -> Vec<Vec<String>> {
    let of_section = |section: &str| {
        let blocks = section.split("\n\n").map(|block| {
            let lines = block.lines().filter_map(|line| line.strip_prefix("< "));
            lines.collect::<Vec<_>>().join("\n")
        });
        blocks.filter(|block| !block.is_empty()).collect()
    };
    text.split("### ").skip(1).map(of_section).collect()
}

/// All that a client is answered, in short: telephones, the agent, where they are a member and paused, who waits in `blue`, and
/// what became of its calls.
fn summary(client: &mut Client) -> String {
    let status =
        |client: &mut Client, list: &str, tid: &str| client.ask(&getlist("updatestatus", list, tid))["status"].clone();
    let hints = ["1", "2", "3"].map(|tid| status(client, "phones", tid)["hintstatus"].as_str().unwrap().to_owned());
    let agent = status(client, "agents", "1");
    let members = ["blue", "red"].map(|queue| {
        let member = status(client, "queuemembers", &format!("Agent/8001,{queue}"));
        let pause = if member["paused"] == "1" { "p" } else { "" };
        format!("{}{pause}", member["status"].as_str().unwrap())
    });
    client.send(&json!({"class": "subscribe", "message": "queueentryupdate", "queueid": "1", "commandid": 1}));
    let heard = client.fence();
    let told = heard.iter().rev().find(|message| message["class"] == "queueentryupdate").unwrap();
    let entries = told["state"]["entries"].as_array().unwrap().iter();
    let waiting: Vec<&str> = entries.map(|entry| entry["number"].as_str().unwrap()).collect();
    let question = json!({"class": "getqueuesstats", "on": {"1": {"window": "3600", "xqos": "60"}}, "commandid": 2});
    let stats = client.ask(&question)["stats"]["1"].clone();
    let calls = ["Xivo-Join", "Xivo-Link", "Xivo-Lost"].map(|name| stats[name].as_str().unwrap().to_owned());
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    format!(
        "{} | {} {} acd {} | {} | {} | {}",
        hints.join(" "),
        text(&agent["availability"]),
        text(&agent["phonenumber"]),
        agent["on_call_acd"],
        members.join(" "),
        waiting.join(" "),
        calls.join(" ")
    )
}

fn replay(text: &str, summaries: &[&str], seed: u64) {
    eprintln!("the seed of these pieces is {seed}");
    let peer = AmiPeer::start_seeded(seed);
    let (appliance, sign) = laboratory(&peer);
    let mut sections = sections(text).into_iter().zip(summaries);
    let (first, first_summary) = sections.next().unwrap();
    // Mixed into what a link begins with.
    first.iter().for_each(|packet| peer.say(packet));
    let server = appliance.serve();
    server.await_log(&["the link to Asterisk is up"]);
    let mut carol = server.logged_in("carol");
    expect(&peer, &sign, &mut carol, first_summary);
    for (section, summary) in sections {
        section.iter().for_each(|packet| peer.say(packet));
        expect(&peer, &sign, &mut carol, summary);
    }
}

/// What a moment alone decides, such as a call that must last to be told, is waited for.
#[track_caller]
fn expect(peer: &AmiPeer, sign: &Sign, client: &mut Client, wanted: &str) {
    sign.heard(peer, client);
    let end = Instant::now() + DEADLINE;
    loop {
        let summary = summary(client);
        if summary == wanted {
            return;
        }
        assert!(Instant::now() < end, "\n{summary} instead of\n{wanted}");
    }
}

/// One that is the same in every run, and one that is not.
fn seeds() -> [u64; 2] {
    [1, RandomState::new().build_hasher().finish() | 1]
}

#[test]
fn a_call_of_two_telephones_reads_the_same_in_any_pieces() {
    let summaries = [
        "8 1 4 | logged_out - acd false | 101 101 |  | 0 0 0",
        "1 1 4 | logged_out - acd false | 101 101 |  | 0 0 0",
        "1 1 4 | logged_out - acd false | 101 101 |  | 0 0 0",
        "1 16 4 | logged_out - acd false | 101 101 |  | 0 0 0",
        "1 1 4 | logged_out - acd false | 101 101 |  | 0 0 0",
        "0 0 4 | logged_out - acd false | 101 101 |  | 0 0 0",
    ];
    seeds().into_iter().for_each(|seed| replay(include_str!("../ami/call.txt"), &summaries, seed));
}

/// Settings §9: 46, 48.
#[test]
fn an_agents_day_reads_the_same_in_any_pieces() {
    let summaries = [
        // Logs in, in one of the queues paused; once more; paused and not, in one and in all.
        "4 4 4 | available 101 acd false | 1 1p |  | 0 0 0",
        "4 4 4 | available 101 acd false | 1 1p |  | 0 0 0",
        "4 4 4 | available 101 acd false | 1 1 |  | 0 0 0",
        // Bob calls, the agent answers, Bob hangs up.
        "8 1 4 | available 101 acd false | 6 6 | 102 | 1 0 0",
        "1 1 4 | unavailable 101 acd true | 2 2 |  | 1 1 0",
        "0 0 4 | available 101 acd false | 1 1 |  | 1 1 0",
        // Bob gives up; nobody answers; a call of the agent's own; logs off.
        "0 0 4 | available 101 acd false | 1 1 |  | 2 1 1",
        "0 0 4 | available 101 acd false | 1 1 |  | 3 1 2",
        "0 0 4 | available 101 acd false | 1 1 |  | 3 1 2",
        "0 0 4 | logged_out 101 acd false | 101 101 |  | 3 1 2",
    ];
    seeds().into_iter().for_each(|seed| replay(include_str!("../ami/agents-queue.txt"), &summaries, seed));
}

#[test]
fn members_and_callers_that_come_and_go_in_odd_orders_read_the_same_in_any_pieces() {
    let summaries = [
        // Bob and Carol wait; Bob gives up.
        "4 1 1 | logged_out - acd false | 101 101 | 102 103 | 2 0 0",
        "4 0 1 | logged_out - acd false | 101 101 | 103 | 2 0 1",
        // The agent logs in and answers Carol, who is sent elsewhere; answers Bob and hangs up; sends Bob elsewhere.
        "0 0 0 | available 101 acd false | 1 101 |  | 2 1 1",
        "0 0 0 | available 101 acd false | 1 101 |  | 3 2 1",
        "0 0 0 | logged_out 101 acd false | 101 101 |  | 4 3 1",
    ];
    seeds().into_iter().for_each(|seed| replay(include_str!("../ami/agent-edge.txt"), &summaries, seed));
}
