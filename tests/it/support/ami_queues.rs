//! A call centre beside the AMI peer: queues that take, pause and lose members as Asterisk's do and say so, telephones with
//! hints, and a sign by which a test knows that all that was said before it has arrived at a client.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::ami_peer::{AmiPeer, Asked, Behaviour, SECRET};
use super::client::unstamped;
use super::{Appliance, Client, Running};

/// A member as Asterisk has it.
#[derive(Clone)]
struct Member {
    name: String,
    state_interface: String,
    penalty: String,
    /// The reason, if it is paused.
    paused: Option<String>,
}

/// By queue and interface.
type Members = Arc<Mutex<BTreeMap<(String, String), Member>>>;

/// The queues of one peer.
#[derive(Clone, Default)]
pub(crate) struct AmiQueues {
    members: Members,
}

impl AmiQueues {
    /// The peer has these queues, with nobody in them.
    pub(crate) fn of(peer: &AmiPeer, names: &'static [&'static str]) -> Self {
        let queues = Self::default();
        queues.serve(peer, names);
        queues
    }

    /// The same queues, as they are, at another peer.
    pub(crate) fn serve(&self, peer: &AmiPeer, names: &'static [&'static str]) {
        let does = |action: &str, does: fn(&Members, &[&str], &Asked) -> Vec<String>| {
            let members = self.members.clone();
            peer.behave(action, Behaviour::Does(Arc::new(move |asked| does(&members, names, asked))));
        };
        does("QueueAdd", add);
        does("QueueRemove", remove);
        does("QueuePause", pause);
        does("QueueStatus", status);
    }

    /// A member that was there before, or that another program added.
    pub(crate) fn put(&self, queue: &str, interface: &str, name: &str, state_interface: &str) {
        let (name, state_interface) = (name.to_owned(), state_interface.to_owned());
        let member = Member { name, state_interface, penalty: "0".to_owned(), paused: None };
        self.members.lock().unwrap().insert((queue.to_owned(), interface.to_owned()), member);
    }

    /// As `queue name`, and `paused`, with its reason if there is one.
    pub(crate) fn shown(&self) -> Vec<String> {
        let members = self.members.lock().unwrap();
        let shown = members.iter().map(|((queue, _), member)| {
            let pause = member.paused.as_ref().map_or(String::new(), |reason| format!(" paused {reason}"));
            format!("{queue} {}{pause}", member.name).trim_end().to_owned()
        });
        shown.collect()
    }

    /// Asterisk has restarted.
    pub(crate) fn clear(&self) {
        self.members.lock().unwrap().clear();
    }
}

fn success() -> String {
    "Response: Success\nActionID: {id}".to_owned()
}

fn error(words: &str) -> Vec<String> {
    vec![format!("Response: Error\nActionID: {{id}}\nMessage: {words}")]
}

fn headers((queue, interface): &(String, String), member: &Member, (name, place): (&str, &str)) -> String {
    let (paused, reason) = member.paused.as_ref().map_or(("0", ""), |reason| ("1", reason));
    format!(
        "Queue: {queue}\n{name}: {}\n{place}: {interface}\nStateInterface: {}\nMembership: dynamic\nPenalty: {}\n\
         CallsTaken: 0\nLastCall: 0\nInCall: 0\nStatus: 1\nPaused: {paused}\nPausedReason: {reason}",
        member.name, member.state_interface, member.penalty
    )
}

fn event(event: &str, key: &(String, String), member: &Member) -> String {
    format!("Event: {event}\n{}", headers(key, member, ("MemberName", "Interface")))
}

fn add(members: &Members, names: &[&str], asked: &Asked) -> Vec<String> {
    let mut members = members.lock().unwrap();
    let key = (asked.get("Queue").to_owned(), asked.get("Interface").to_owned());
    if !names.contains(&asked.get("Queue")) {
        return error("Unable to add interface to queue: No such queue");
    }
    if members.contains_key(&key) {
        return error("Unable to add interface: Already there");
    }
    let own = |name: &str| asked.get(name).to_owned();
    let paused = (asked.get("Paused") == "true").then(String::new);
    let member =
        Member { name: own("MemberName"), state_interface: own("StateInterface"), penalty: own("Penalty"), paused };
    let told = event("QueueMemberAdded", &key, &member);
    members.insert(key, member);
    vec![told, success()]
}

fn remove(members: &Members, _names: &[&str], asked: &Asked) -> Vec<String> {
    let key = (asked.get("Queue").to_owned(), asked.get("Interface").to_owned());
    match members.lock().unwrap().remove(&key) {
        Some(member) => vec![event("QueueMemberRemoved", &key, &member), success()],
        None => error("Unable to remove interface: Not there"),
    }
}

fn pause(members: &Members, _names: &[&str], asked: &Asked) -> Vec<String> {
    let mut said = Vec::new();
    for (key, member) in members.lock().unwrap().iter_mut() {
        if key.1 == asked.get("Interface") && (asked.get("Queue").is_empty() || key.0 == asked.get("Queue")) {
            member.paused = (asked.get("Paused") == "true").then(|| asked.get("Reason").to_owned());
            said.push(event("QueueMemberPause", key, member));
        }
    }
    if said.is_empty() {
        return error("Interface not found");
    }
    said.push(success());
    said
}

fn status(members: &Members, names: &[&str], asked: &Asked) -> Vec<String> {
    let mut said = vec![format!("{}\nEventList: start", success())];
    let members = members.lock().unwrap();
    for name in names.iter().filter(|name| asked.get("Queue").is_empty() || asked.get("Queue") == **name) {
        said.push(format!("Event: QueueParams\nActionID: {{id}}\nQueue: {name}\nHoldtime: 0"));
        for (key, member) in members.iter().filter(|(key, _)| key.0 == **name) {
            if asked.get("Member").is_empty() || asked.get("Member") == key.1 {
                let headers = headers(key, member, ("Name", "Location"));
                said.push(format!("Event: QueueMember\nActionID: {{id}}\n{headers}"));
            }
        }
    }
    said.push("Event: QueueStatusComplete\nActionID: {id}\nEventList: Complete".to_owned());
    said
}

/// A telephone whose state alone tells that what was said before it has arrived: it has the fourth line of the appliance.
pub(crate) struct Sign {
    is_given: AtomicBool,
}

pub(crate) const SIGN: &str = "1999";
const SIGN_TID: &str = "4";

impl Sign {
    /// Of an appliance that has three lines.
    pub(crate) fn at(appliance: &Appliance, user: &str) -> Self {
        appliance.run(&["line", "add", SIGN, "--context", "default", "--user", user]);
        Self { is_given: AtomicBool::new(false) }
    }

    /// As a list has it.
    pub(crate) fn status(&self) -> &'static str {
        if self.is_given.load(Ordering::Relaxed) { "1" } else { "0" }
    }

    /// What the client heard of all that the peer has said so far, without stamps.
    #[track_caller]
    pub(crate) fn heard(&self, peer: &AmiPeer, client: &mut Client) -> Vec<Value> {
        self.is_given.fetch_xor(true, Ordering::Relaxed);
        peer.say(&hint(SIGN, self.status()));
        let is_sign = |message: &Value| {
            message["listname"] == "phones"
                && message["tid"] == SIGN_TID
                && message["status"]["hintstatus"] == self.status()
        };
        let mut heard = Vec::new();
        loop {
            let message = client.receive();
            if is_sign(&message) {
                break;
            }
            heard.push(message);
        }
        // What is told together has no order.
        heard.extend(client.fence());
        heard.into_iter().map(unstamped).filter(|message| message["tid"] != SIGN_TID).collect()
    }
}

/// An appliance that has the peer as its Asterisk: agnes (profile Client, line 1001), bertil (profile Agent, line 1002,
/// agent 2105), sonja (profile Supervisor, line 1003), the agent 2106 without a user, and queues `support` and `orders` that
/// have the first agent.
pub(crate) struct Floor {
    pub(crate) appliance: Appliance,
    pub(crate) sign: Sign,
}

pub(crate) const QUEUES: &[&str] = &["support", "orders"];

impl Floor {
    pub(crate) fn beside(peer: &AmiPeer) -> Self {
        let appliance = Appliance::company();
        let sonja = ["--first-name", "Sonja", "--last-name", "Gamma", "--profile", "Supervisor"];
        appliance.add_user("sonja", &sonja);
        appliance.run(&["line", "add", "1003", "--context", "default", "--user", "sonja"]);
        let sign = Sign::at(&appliance, "sonja");
        appliance.run(&["agent", "add", "2106", "--first-name", "Other", "--context", "default"]);
        for (name, number) in QUEUES.iter().zip(["3001", "3002"]) {
            appliance.run(&["queue", "add", name, "--number", number, "--context", "default"]);
            appliance.run(&["queue", "member", "add", name, "2105"]);
        }
        link(&appliance, peer);
        Self { appliance, sign }
    }

    #[track_caller]
    pub(crate) fn heard(&self, peer: &AmiPeer, client: &mut Client) -> Vec<Value> {
        self.sign.heard(peer, client)
    }

    /// A server whose link is up, and where nothing is under way.
    pub(crate) fn serve(&self, peer: &AmiPeer) -> Running {
        let server = self.appliance.serve();
        server.await_log(&["the link to Asterisk is up"]);
        let mut client = server.logged_in("agnes");
        self.heard(peer, &mut client);
        server
    }
}

/// The appliance has this Asterisk.
pub(crate) fn link(appliance: &Appliance, peer: &AmiPeer) {
    appliance.set("ami.port", &peer.port.to_string());
    appliance.run_with_input(&["setting", "set", "ami.secret", "--value-stdin"], &format!("{SECRET}\n"));
}

/// A telephone of the context `default` is so now.
pub(crate) fn hint(extension: &str, status: &str) -> String {
    format!(
        "Event: ExtensionStatus\nExten: {extension}\nContext: default\nHint: PJSIP/{extension}\nStatus: {status}\n\
         StatusText: some"
    )
}
