//! Where clients may connect, and how that moves while the server runs (settings §1.9: `client.enabled`,
//! `client.listen`, `client.port` act live, old connections stay).

use std::net::{TcpListener, TcpStream};

use rustix::process::Signal;

use crate::support::{Appliance, Client, Running};

/// A port that nobody has.
fn free_port() -> u16 {
    TcpListener::bind("0.0.0.0:0").unwrap().local_addr().unwrap().port()
}

fn is_refused(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).is_err()
}

fn log_in(port: u16, login: &str) -> Client {
    let mut client = Client::connect(port, login);
    client.log_in(login, "available");
    client
}

#[test]
fn a_new_port_is_taken_at_once_and_old_connections_stay() {
    let (appliance, server) = Running::office_on_loopback();
    let mut agnes = server.logged_in("agnes");
    agnes.fence();
    let port = free_port();
    appliance.set("client.port", &port.to_string());
    let mut bertil = log_in(port, "bertil");
    assert!(is_refused(server.port));
    agnes.fence();
    bertil.fence();
    let health = appliance.run(&["health", "--json"]).json();
    assert_eq!(health["listen"], serde_json::json!([format!("127.0.0.1:{port}")]));
    assert_eq!(server.terminate(), Some(0));
    agnes.expect_plain_close();
    bertil.expect_plain_close();
}

#[test]
fn a_taken_port_keeps_the_old_one_and_says_what_to_do() {
    let (appliance, server) = Running::office_on_loopback();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let told = appliance.try_run(&["setting", "set", "client.port", &port.to_string()]).expect_code(1);
    told.expect_words(&[&format!("127.0.0.1:{port}"), "as before"]);
    server.await_log(&["ERROR", &format!("127.0.0.1:{port}"), "ctibox setting set"]);
    server.logged_in("agnes").fence();
    // Freed and reloaded, it is taken.
    drop(taken);
    server.signal(Signal::HUP);
    server.await_log(&["listening on", &format!("127.0.0.1:{port}")]);
    log_in(port, "agnes").fence();
    assert!(is_refused(server.port));
}

#[test]
fn every_address_and_one_of_them_follow_each_other_on_one_port() {
    let (appliance, server) = Running::office_on_loopback();
    appliance.set("client.port", &server.port.to_string());
    let mut agnes = server.logged_in("agnes");
    for listen in ["0.0.0.0", "127.0.0.1", "0.0.0.0,::1", "127.0.0.2,127.0.0.1"] {
        appliance.set("client.listen", listen);
        server.logged_in("bertil").fence();
        agnes.receive_where(|message| message["status"]["availstate"] == "available");
    }
    agnes.fence();
    // Another's address takes away what was in its way for a moment only.
    let taken = TcpListener::bind(("127.0.0.3", server.port)).unwrap();
    appliance.try_run(&["setting", "set", "client.listen", "0.0.0.0"]).expect_code(1);
    server.await_log(&["ERROR", "0.0.0.0:"]);
    server.logged_in("bertil").fence();
    assert!(TcpStream::connect(("127.0.0.2", server.port)).is_ok());
    drop(taken);
    agnes.fence();
}

#[test]
fn switched_off_nobody_comes_in_and_nobody_goes() {
    let (appliance, server) = Running::office_on_loopback();
    let mut agnes = server.logged_in("agnes");
    agnes.fence();
    appliance.set("client.port", &server.port.to_string());
    appliance.set("client.enabled", "false");
    assert!(is_refused(server.port));
    agnes.fence();
    appliance.run(&["health"]);
    appliance.set("client.enabled", "true");
    server.logged_in("bertil").fence();
    agnes.fence();
}

#[test]
fn the_command_line_outranks_the_settings() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let port = free_port();
    appliance.set("client.port", &port.to_string());
    appliance.set("client.listen", "127.0.0.1");
    server.logged_in("agnes").fence();
    assert!(is_refused(port));
    appliance.set("client.enabled", "false");
    assert!(is_refused(server.port));
    appliance.set("client.enabled", "true");
    server.logged_in("agnes").fence();
}
