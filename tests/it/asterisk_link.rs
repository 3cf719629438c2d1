//! The link to Asterisk: how it logs in, what keeps it, how it comes back, and that nothing that comes over it does harm.

use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, UdpSocket};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::ami_peer::{AmiPeer, Behaviour, SECRET};
use crate::support::token_server::ServerPair;
use crate::support::{Appliance, left_out};

const DEADLINE: Duration = Duration::from_secs(60);

/// The office, which has this peer as its Asterisk.
fn office_with(peer: &AmiPeer) -> Appliance {
    let appliance = Appliance::company();
    appliance.set("ami.port", &peer.port.to_string());
    give_secret(&appliance, SECRET);
    appliance
}

fn give_secret(appliance: &Appliance, secret: &str) {
    appliance.run_with_input(&["setting", "set", "ami.secret", "--value-stdin"], &format!("{secret}\n"));
}

/// What the running server says of itself.
fn status(appliance: &Appliance) -> Value {
    serde_json::from_str(&appliance.try_run(&["health", "--json"]).stdout).unwrap_or_default()
}

/// Waits until the status is so.
#[track_caller]
fn await_status(appliance: &Appliance, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    let end = Instant::now() + DEADLINE;
    loop {
        let status = status(appliance);
        if is_so(&status) {
            return status;
        }
        assert!(Instant::now() < end, "{what}: {status}");
    }
}

#[track_caller]
fn await_link(appliance: &Appliance, state: &str) -> Value {
    await_status(appliance, state, |status| status["telephony"]["state"] == state)["telephony"].clone()
}

#[test]
fn ctibox_logs_in_plainly_on_the_same_host_and_off_when_it_stops() {
    let peer = AmiPeer::start();
    let appliance = office_with(&peer);
    let server = appliance.serve();
    let login = peer.asked("Login");
    assert_eq!((login.get("Username"), login.get("Secret"), login.get("Key")), ("ctibox", SECRET, ""));
    assert_eq!(await_link(&appliance, "up")["version"], "22.10.1");
    assert!(appliance.run(&["info"]).stdout.contains("up, Asterisk 22.10.1"));
    server.await_log(&["INFO", "the link to Asterisk is up", "22.10.1"]);
    assert_eq!(server.terminate(), Some(0));
    peer.asked("Logoff");
    assert_eq!(peer.connections(), 1);
}

#[test]
fn the_secret_does_not_pass_the_network() {
    let own = UdpSocket::bind("0.0.0.0:0").and_then(|socket| {
        socket.connect("192.0.2.1:9")?;
        socket.local_addr()
    });
    let Some(own) = own.ok().filter(|own| !own.ip().is_loopback()) else {
        return left_out("a login over the network", "an address of this host that is not its loopback");
    };
    let peer = AmiPeer::start_everywhere();
    let appliance = office_with(&peer);
    appliance.set("ami.host", &own.ip().to_string());
    let _server = appliance.serve();
    assert_eq!(peer.asked("Challenge").get("AuthType"), "MD5");
    let login = peer.asked("Login");
    assert_eq!((login.get("AuthType"), login.get("Secret")), ("MD5", ""));
    await_link(&appliance, "up");
}

#[test]
fn a_refused_login_is_told_apart_from_an_asterisk_that_is_not_there_and_not_tried_again_at_once() {
    let peer = AmiPeer::start();
    let appliance = office_with(&peer);
    give_secret(&appliance, "wrong one");
    let server = appliance.serve();
    assert_eq!(await_link(&appliance, "refused")["why"], "Asterisk refuses the login: Authentication failed");
    server.await_log(&["ERROR", "no link to Asterisk", "refuses the login"]);
    let health = appliance.try_run(&["health"]).expect_code(1);
    health.expect_words(&["telephony", "refuses the login", "ami.secret"]);
    appliance.try_run(&["check"]).expect_code(1);
    assert_eq!(peer.connections(), 1);
    // New settings are tried at once.
    give_secret(&appliance, SECRET);
    await_link(&appliance, "up");
    assert_eq!(peer.connections(), 2);
    drop(peer);
    let down = await_link(&appliance, "down");
    assert!(
        down["why"].as_str().unwrap().contains("Connection refused")
            || down["why"].as_str().unwrap().contains("closed"),
        "{down}"
    );
}

#[test]
fn without_a_secret_telephony_is_off_and_nobody_is_asked() {
    let peer = AmiPeer::start();
    let appliance = Appliance::company();
    appliance.set("ami.port", &peer.port.to_string());
    let server = appliance.serve();
    await_link(&appliance, "off");
    server.logged_in("agnes").fence();
    assert_eq!(peer.connections(), 0);
    assert_eq!(server.terminate(), Some(0));
}

#[test]
fn settings_of_the_link_act_at_once() {
    let (first, second) = (AmiPeer::start(), AmiPeer::start());
    let appliance = office_with(&first);
    let _server = appliance.serve();
    await_link(&appliance, "up");
    appliance.set("ami.port", &second.port.to_string());
    first.asked("Logoff");
    second.asked("Login");
    await_link(&appliance, "up");
    appliance.run(&["setting", "unset", "ami.secret"]);
    second.asked("Logoff");
    await_link(&appliance, "off");
    assert_eq!((first.connections(), second.connections()), (1, 1));
}

#[test]
fn clients_stay_and_the_link_comes_back_when_asterisk_does() {
    let peer = AmiPeer::start();
    let port = peer.port;
    let appliance = office_with(&peer);
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    await_link(&appliance, "up");
    drop(peer);
    await_link(&appliance, "down");
    agnes.fence();
    let peer = AmiPeer::start_on(port);
    peer.asked("Login");
    await_link(&appliance, "up");
    agnes.fence();
    let links = status(&appliance)["counts"]["telephony_links"].clone();
    assert_eq!(links, 2);
}

#[test]
fn an_encrypted_link_needs_a_certificate_that_is_trusted() {
    let pair = ServerPair::for_localhost();
    let certificate = pair.certificate.clone();
    let peer = AmiPeer::start_encrypted(pair);
    let appliance = office_with(&peer);
    appliance.set("ami.host", "localhost");
    appliance.set("ami.tls", "true");
    let _server = appliance.serve();
    let why = await_link(&appliance, "down")["why"].clone();
    assert!(why.as_str().unwrap().contains("cannot encrypt"), "{why}");
    let file = appliance.beside("pbx.crt");
    std::fs::write(&file, certificate).unwrap();
    appliance.set("ami.ca_file", file.to_str().unwrap());
    await_link(&appliance, "up");
    peer.asked("Login");
}

#[test]
fn a_silent_asterisk_is_asked_whether_it_is_there_and_given_up() {
    let peer = AmiPeer::start();
    peer.behave("Ping", Behaviour::Silent);
    let appliance = office_with(&peer);
    let server = appliance.serve();
    await_link(&appliance, "up");
    peer.asked("Ping");
    server.await_log(&["ERROR", "does not answer any more"]);
    peer.await_connections(2);
    await_link(&appliance, "up");
}

#[test]
fn whoever_listens_and_is_no_asterisk_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let appliance = Appliance::company();
    appliance.set("ami.port", &listener.local_addr().unwrap().port().to_string());
    give_secret(&appliance, SECRET);
    let _server = appliance.serve();
    assert_eq!(await_link(&appliance, "down")["why"], "no AMI of Asterisk is there");
}

#[test]
fn garbage_harms_nothing_and_what_comes_behind_it_is_read() {
    let peer = AmiPeer::start();
    let appliance = office_with(&peer);
    let _server = appliance.serve();
    await_link(&appliance, "up");
    let noise: Vec<u8> = (0..100_000_u32).map(|n| u8::try_from(n.wrapping_mul(2_654_435_761) >> 24).unwrap()).collect();
    peer.say_bytes(&noise);
    peer.say_bytes(&vec![b'x'; 3_000_000]);
    peer.say_bytes(b"\r\n\r\nno header at all\r\nEvent\r\n: \r\n\r\nResponse: Success\r\nActionID: nobody's\r\n\r\n");
    peer.say("Event: ExtensionStatus\nExten: \u{1b}[2J\nContext: default\nHint: \nStatus: 99999999999");
    peer.say("Event: FullyBooted\nStatus: Fully Booted");
    let dropped = |status: &Value| status["counts"]["telephony_headers_dropped"].as_u64() > Some(2);
    await_status(&appliance, "what is no AMI is dropped", dropped);
    await_link(&appliance, "up");
    assert_eq!(peer.connections(), 1);
}

#[test]
fn a_trace_shows_what_passes_and_no_secret() {
    let peer = AmiPeer::start();
    let appliance = office_with(&peer);
    let server = appliance.serve();
    await_link(&appliance, "up");
    let mut trace =
        appliance.command(&["asterisk", "trace"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut words = BufReader::new(trace.stderr.take().unwrap());
    let mut begun = String::new();
    words.read_line(&mut begun).unwrap();
    assert!(begun.contains("following"), "{begun}");
    peer.say("Event: AuthDetail\nObjectName: 101\nPassword: of-a-telephone\nEvil: \u{1b}[2J");
    let mut shown = String::new();
    let mut lines = BufReader::new(trace.stdout.take().unwrap());
    let mut read_up_to = |end: &str| {
        while !shown.contains(end) {
            assert!(lines.read_line(&mut shown).unwrap() > 0, "{shown}");
        }
        shown.clone()
    };
    read_up_to("< Evil");
    // A login is seen too.
    peer.hang_up();
    let shown = read_up_to("> Secret: ***");
    assert!(shown.contains("< Event: AuthDetail\n< ObjectName: 101\n< Password: ***\n< Evil: [2J\n\n"), "{shown}");
    assert!(!shown.contains(SECRET), "{shown}");
    assert_eq!(server.terminate(), Some(0));
    assert_eq!(trace.wait().unwrap().code(), Some(1));
}
