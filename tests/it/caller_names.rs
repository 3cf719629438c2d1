//! Callers' names by FastAGI: what Asterisk hears when it asks, whole, in pieces, with nonsense, slowly and in a crowd, and
//! that a taken address is known.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::ami_peer::{AmiPeer, SECRET};
use crate::support::{Appliance, Client, Running};

const DEADLINE: Duration = Duration::from_secs(60);
/// What a real Asterisk says and does.
const RECORDED: &str = include_str!("../ami/25-fastagi.txt");

/// The company with an entry in the phone book, whose Asterisk is this one.
fn company(peer: &AmiPeer) -> Appliance {
    let appliance = Appliance::company();
    appliance.run(&["phonebook", "add", "--company", "Acme", "--number", "+33123456789"]);
    appliance.run(&["dial-rule", "add", "+33", "--strip", "3", "--add", "0"]);
    appliance.set("ami.port", &peer.port.to_string());
    appliance.run_with_input(&["setting", "set", "ami.secret", "--value-stdin"], &format!("{SECRET}\n"));
    appliance
}

/// What the running server says of itself.
fn status(appliance: &Appliance) -> Value {
    serde_json::from_str(&appliance.try_run(&["health", "--json"]).stdout).unwrap_or_default()
}

fn port(appliance: &Appliance) -> u16 {
    let status = status(appliance);
    let at = status["caller_names"].as_str().unwrap_or_else(|| panic!("nowhere: {status}"));
    at.rsplit_once(':').unwrap().1.parse().unwrap()
}

fn count(appliance: &Appliance, counter: &str) -> u64 {
    status(appliance)["counts"][counter].as_u64().unwrap()
}

/// The recorded words of a call from this number to 1001, of whose caller Asterisk knows this name.
fn call(number: &str, name: &str) -> String {
    let mut text = String::new();
    for line in RECORDED.lines().map_while(|line| line.strip_prefix("< ")).take_while(|line| !line.is_empty()) {
        let (key, value) = line.split_once(": ").unwrap();
        let value = match key {
            "agi_network_script" => "caller-name",
            "agi_callerid" => number,
            "agi_calleridname" => name,
            "agi_arg_1" => "1001",
            _ => value,
        };
        text.push_str(&format!("{key}: {value}\n"));
    }
    text + "\n"
}

/// Asterisk's end of one call.
struct Agi {
    stream: BufReader<TcpStream>,
}

impl Agi {
    fn connect(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        Self { stream: BufReader::new(stream) }
    }

    fn say(&mut self, text: &str) {
        self.stream.get_mut().write_all(text.as_bytes()).unwrap();
    }

    /// Does what it is told until the other side has done, and says what that was.
    fn obey(mut self) -> Vec<String> {
        let mut told = Vec::new();
        loop {
            let mut line = String::new();
            match self.stream.read_line(&mut line) {
                Ok(0) => return told,
                Ok(_) => {}
                // Closed with something unread: the call goes on all the same.
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return told,
                Err(error) => panic!("it neither tells nor closes: {error}"),
            }
            told.push(line.trim_end().to_owned());
            self.say("200 result=1\n");
        }
    }
}

/// What the call is told.
fn asked(port: u16, number: &str, name: &str) -> Vec<String> {
    let mut agi = Agi::connect(port);
    agi.say(&call(number, name));
    agi.obey()
}

/// The commands that give a call this name.
fn naming(name: &str) -> Vec<String> {
    vec![format!("SET VARIABLE CALLERID(name) \"{name}\""), "SET VARIABLE CTI_NAMED \"1\"".to_owned()]
}

/// A busy machine may be too late for a call: the next one asks again.
#[track_caller]
fn await_name(port: u16, number: &str, name: &str) {
    let end = Instant::now() + DEADLINE;
    loop {
        let told = asked(port, number, "unknown");
        if told == naming(name) {
            return;
        }
        assert!(told.is_empty() && Instant::now() < end, "{number}: {told:?}, not {name}");
    }
}

fn started(peer: &AmiPeer) -> (Appliance, Running, u16) {
    let appliance = company(peer);
    let server = appliance.serve();
    let port = port(&appliance);
    (appliance, server, port)
}

#[test]
fn a_caller_is_called_as_the_phone_book_the_users_and_ones_own_contacts_say() {
    let peer = AmiPeer::start();
    let (appliance, server, port) = started(&peer);
    await_name(port, "0123456789", "Acme");
    await_name(port, "+33123456789", "Acme");
    await_name(port, "1002", "Bertil Beta");
    let mut agnes: Client = server.logged_in("agnes");
    let contact = json!({"firstname": "Zo\u{eb}", "lastname": "\"Z\" \\ ", "number": "555-0107"});
    agnes.send(&json!({"class": "people_create_personal_contact", "contact_infos": contact}));
    agnes.receive_class("people_personal_contact_created");
    await_name(port, "5550107", "Zo\u{eb} \\\"Z\\\" \\\\");
    // 1002 is bertil's, who did not write it down.
    let mut agi = Agi::connect(port);
    agi.say(&call("5550107", "unknown").replace("agi_arg_1: 1001", "agi_arg_1: 1002"));
    assert!(agi.obey().is_empty());
    for (number, name) in [("0123456789", "Somebody"), ("5550108", "unknown"), ("unknown", "unknown")] {
        assert_eq!(asked(port, number, name), Vec::<String>::new(), "{number} {name}");
    }
    await_name(port, "0123456789", "Acme");
    assert!(count(&appliance, "caller_names_given") >= 4);
    assert!(appliance.run(&["info"]).stdout.contains(&format!("asked for at 127.0.0.1:{port}")));
}

#[test]
fn contexts_that_are_separated_name_nobody_elsewhere() {
    let peer = AmiPeer::start();
    let appliance = Appliance::separated_office();
    appliance.set("ami.port", &peer.port.to_string());
    appliance.run_with_input(&["setting", "set", "ami.secret", "--value-stdin"], &format!("{SECRET}\n"));
    appliance.run(&["phonebook", "add", "--company", "Rival", "--number", "5550109", "--context", "sales"]);
    let _server = appliance.serve();
    let port = port(&appliance);
    let of_sales = |number: &str| {
        let mut agi = Agi::connect(port);
        let call = call(number, "unknown").replace("agi_arg_1: 1001", "agi_arg_1: 2001\nagi_arg_2: sales");
        agi.say(&call);
        agi.obey()
    };
    let end = Instant::now() + DEADLINE;
    while of_sales("5550109") != naming("Rival") {
        assert!(Instant::now() < end, "sales does not know its own");
    }
    assert!(asked(port, "5550109", "unknown").is_empty(), "default hears of sales");
    assert!(of_sales("1002").is_empty(), "sales hears of default");
}

#[test]
fn any_split_of_what_asterisk_says_is_understood() {
    let peer = AmiPeer::start();
    let (_appliance, _server, port) = started(&peer);
    await_name(port, "0123456789", "Acme");
    let end = Instant::now() + DEADLINE;
    for piece in [1, 3, 50, 700] {
        loop {
            let mut agi = Agi::connect(port);
            agi.stream.get_ref().set_nodelay(true).unwrap();
            for piece in call("0123456789", "").as_bytes().chunks(piece) {
                agi.stream.get_mut().write_all(piece).unwrap();
            }
            if agi.obey() == naming("Acme") {
                break;
            }
            assert!(Instant::now() < end, "in pieces of {piece} bytes");
        }
    }
}

#[test]
fn nonsense_and_silence_end_a_call_and_no_more() {
    let peer = AmiPeer::start();
    let (appliance, _server, port) = started(&peer);
    for nonsense in [
        "\n".to_owned(),
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(),
        call("0123456789", "").replace("caller-name", "reboot"),
        call("0123456789", "").replace("caller-name", "caller-name?user=x"),
        "a".repeat(100_000),
    ] {
        let mut agi = Agi::connect(port);
        // It may have gone before all of it is said.
        let _ = agi.stream.get_mut().write_all(nonsense.as_bytes());
        assert!(agi.obey().is_empty(), "{:?}", &nonsense[..nonsense.len().min(30)]);
    }
    // Nothing said; half of it; and an Asterisk that does not do as it is told.
    assert!(Agi::connect(port).obey().is_empty());
    let mut half = Agi::connect(port);
    half.say("agi_network: yes\nagi_callerid");
    assert!(half.obey().is_empty());
    let mut gone = Agi::connect(port);
    gone.say(&call("0123456789", ""));
    drop(gone);
    let end = Instant::now() + DEADLINE;
    loop {
        let mut deaf = Agi::connect(port);
        deaf.say(&call("0123456789", ""));
        let mut line = String::new();
        deaf.stream.read_line(&mut line).unwrap();
        if !line.is_empty() {
            deaf.say("510 Invalid or unknown command\n");
            assert_eq!(deaf.stream.read(&mut [0; 64]).unwrap(), 0, "it goes on though it was refused");
            break;
        }
        assert!(Instant::now() < end, "never told anything");
    }
    await_name(port, "0123456789", "Acme");
    assert!(count(&appliance, "caller_names_refused") >= 8);
}

#[test]
fn a_hundred_calls_at_once_all_go_on() {
    let peer = AmiPeer::start();
    let (_appliance, _server, port) = started(&peer);
    let mut calls: Vec<Agi> = (0..100).map(|_| Agi::connect(port)).collect();
    for agi in &mut calls {
        agi.say(&call("0123456789", "0123456789"));
    }
    let told: Vec<_> = calls.into_iter().map(Agi::obey).collect();
    assert!(told.iter().all(|told| told.is_empty() || *told == naming("Acme")), "{told:?}");
    assert!(told.iter().any(|told| !told.is_empty()), "not one of them in time");
}

#[test]
fn a_taken_address_is_known_and_clients_are_served_all_the_same() {
    let peer = AmiPeer::start();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, appliance) = (taken.local_addr().unwrap().to_string(), company(&peer).on_any_port());
    let settings =
        |address: &str| appliance.write_settings("ctibox/config.yml", &format!("agi:\n  listen: {address}\n"));
    settings(&address);
    appliance.try_run(&["check"]).expect_data(&["cannot be listened on for callers' names", "agi.listen"]);
    let server = appliance.serve();
    server.logged_in("agnes");
    let health = appliance.try_run(&["health"]).expect_code(1);
    health.expect_words(&["for callers' names", &address, "agi.listen"]);
    appliance.try_run(&["check"]).expect_data(&["for callers' names", "agi.listen"]);
    // Free again, it is had with the next look.
    drop(taken);
    settings("127.0.0.1:0");
    let end = Instant::now() + DEADLINE;
    while status(&appliance)["caller_names"].is_null() {
        assert!(Instant::now() < end, "{}", status(&appliance));
    }
    await_name(port(&appliance), "0123456789", "Acme");
    settings("''");
    while !status(&appliance)["caller_names"].is_null() {
        assert!(Instant::now() < end, "{}", status(&appliance));
    }
}
