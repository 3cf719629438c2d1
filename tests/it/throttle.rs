//! The throttle (issue "Whom to let in"): failed logins make further ones late, nobody is locked out by others, and an
//! administrator sees and ends it. The delays are real time, so these tests fail no more often than they must.

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::cli::PASSWORD;
use crate::support::client::{Client, login_id, unstamped};
use crate::support::server::Running;
use crate::support::{Appliance, left_out};

const NEWEST: (&str, &str) = ("wazoversion", "2.3");

fn refused() -> Value {
    json!({"class": "login_pass", "error_string": "login_password"})
}

/// An attempt with a wrong password that is answered as it always is; says how late.
fn fail(server: &Running, from: &str, login: &str) -> Duration {
    let mut client = Client::connect_from(from, server.port, login);
    client.send(&login_id(login, NEWEST));
    client.receive_class("login_id");
    let began = Instant::now();
    client.send(&json!({"class": "login_pass", "password": "a wrong guess"}));
    assert_eq!(unstamped(client.receive_class("login_pass")), refused());
    let late = began.elapsed();
    client.expect_plain_close();
    late
}

fn fail_times(server: &Running, from: &str, login: &str, times: usize) {
    for _ in 0..times {
        fail(server, from, login);
    }
}

/// A client that asks and does not wait for the answer.
fn guess(server: &Running, from: &str, login: &str) -> Client {
    guess_over(Client::connect_from(from, server.port, login), login)
}

fn guess_over(mut client: Client, login: &str) -> Client {
    client.send(&login_id(login, NEWEST));
    client.receive_class("login_id");
    client.send(&json!({"class": "login_pass", "password": "a wrong guess"}));
    client
}

fn enter(server: &Running, from: &str, login: &str) -> (Client, Duration) {
    let mut client = Client::connect_from(from, server.port, login);
    let began = Instant::now();
    let passed = client.authenticate(login, PASSWORD, NEWEST);
    assert!(passed.get("capalist").is_some(), "{login} is refused: {passed}");
    (client, began.elapsed())
}

/// What is counted of a login, as the command shows it.
fn counted(appliance: &Appliance, login: &str) -> Value {
    let all = appliance.run(&["throttle", "--json"]).json();
    let logins = all["logins"].as_array().unwrap();
    logins.iter().find(|each| each["login"] == login).cloned().unwrap_or(Value::Null)
}

/// Waits until the command shows so many attempts that wait, or fewer.
fn await_waiting(appliance: &Appliance, login: &str, number: u64) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while counted(appliance, login)["waiting"].as_u64().is_none_or(|waiting| waiting > number) {
        assert!(Instant::now() < deadline, "{}", counted(appliance, login));
    }
}

#[test]
fn after_three_failures_the_usual_answer_comes_late_whether_or_not_anybody_has_the_login() {
    let appliance = Appliance::company();
    // Shorter than the longest delay: the timer stands still meanwhile.
    appliance.set("client.login_timeout", "1");
    let server = appliance.serve();
    for login in ["agnes", "nobody"] {
        fail_times(&server, "127.0.0.1", login, 2);
        // From before the third on: a second to the fourth, two more to the fifth, however long the network takes.
        let before_the_third = Instant::now();
        let apart = [2, 1].map(|times| {
            fail_times(&server, "127.0.0.1", login, times);
            before_the_third.elapsed()
        });
        assert!(apart[0] >= Duration::from_millis(990), "{login}: {apart:?}");
        assert!(apart[1] >= Duration::from_millis(2990), "{login}: {apart:?}");
    }
    server.await_log(&["too many failed logins", r#"login="agnes""#]);
    // The case of letters makes no other login.
    assert_eq!(counted(&appliance, "agnes")["failures"], 5);
    fail(&server, "127.0.0.1", "AGNES");
    assert_eq!(counted(&appliance, "agnes")["failures"], 6);
    assert_eq!(counted(&appliance, "agnes")["delay_seconds"], 8);
    let last_at = counted(&appliance, "agnes")["last_at"].as_i64().expect("when the last one was");
    assert!((0..900).contains(&(time::OffsetDateTime::now_utc().unix_timestamp() - last_at)), "{last_at}");
    let said = appliance.run(&["throttle"]);
    said.expect_data(&["KIND", "agnes", "nobody", "8 s", "127.0.0.1"]);
}

#[test]
fn the_owner_is_in_while_twenty_addresses_guess() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let _guesses: Vec<Client> = (2..22).map(|last| guess(&server, &format!("127.0.0.{last}"), "agnes")).collect();
    // The free ones are over, and one more.
    await_waiting(&appliance, "agnes", 16);
    let (_owner, _) = enter(&server, "127.0.0.99", "agnes");
    // One at a time: those who came before the owner still wait.
    assert!(counted(&appliance, "agnes")["waiting"].as_u64().unwrap() >= 12);
    // Others are not delayed.
    let (_other, late) = enter(&server, "127.0.0.2", "bertil");
    assert!(late < Duration::from_secs(8), "as long as a guess at agnes: {late:?}");
}

#[test]
fn new_addresses_for_ever_do_not_keep_an_owner_out() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (at_home, _) = enter(&server, "127.0.0.99", "agnes");
    drop(at_home);
    let guess_from = |net: u8| (1..=50).map(move |last| format!("127.0.{net}.{last}"));
    let _before: Vec<Client> = guess_from(1).map(|from| guess(&server, &from, "agnes")).collect();
    await_waiting(&appliance, "agnes", 46);
    // A slip at one's own desk, and then others who never failed yet come too.
    fail(&server, "127.0.0.99", "agnes");
    let _meanwhile: Vec<Client> = guess_from(2).map(|from| guess(&server, &from, "agnes")).collect();
    let (_owner, _) = enter(&server, "127.0.0.99", "agnes");
    assert!(counted(&appliance, "agnes")["waiting"].as_u64().unwrap() >= 90, "the owner was not next");
}

#[test]
fn an_attempt_whose_client_went_away_leaves_the_queue() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    fail_times(&server, "127.0.0.1", "agnes", 3);
    let waiting: Vec<Client> = (0..20).map(|_| guess(&server, "127.0.0.1", "agnes")).collect();
    let mut encrypted = server.client("encrypted");
    encrypted.start_tls();
    let encrypted = guess_over(encrypted, "agnes");
    drop(waiting);
    drop(encrypted);
    await_waiting(&appliance, "agnes", 0);
    let failures = counted(&appliance, "agnes")["failures"].as_u64().unwrap();
    assert!(failures <= 5, "those who went were checked: {failures}");
}

#[test]
fn unlocking_says_what_it_forgot_and_lets_in_at_once() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    fail_times(&server, "127.0.0.1", "agnes", 4);
    appliance.run(&["unlock", "Agnes"]).expect_words(&["forgot 4 failed logins of login \"agnes\""]);
    let late = fail(&server, "127.0.0.1", "agnes");
    assert!(late < Duration::from_millis(900), "{late:?}");
    appliance.run(&["unlock", "127.0.0.1"]).expect_words(&["forgot 1 failed login of address 127.0.0.1"]);
    appliance.run(&["unlock", "agnes"]).expect_words(&["was not slowed down"]);
    let nothing = appliance.run(&["throttle"]);
    nothing.expect_words(&["no login failed"]);
    assert_eq!(appliance.run(&["unlock", "agnes", "--json"]).json()["failures"], 0);
}

#[test]
fn failures_and_where_somebody_logged_in_hold_over_a_restart() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (known, _) = enter(&server, "127.0.0.7", "bertil");
    drop(known);
    fail_times(&server, "127.0.0.7", "agnes", 3);
    assert_eq!(server.terminate(), Some(0));
    assert_eq!(counted(&appliance, "agnes")["failures"], 3, "seen without a server too");
    let server = appliance.serve();
    assert_eq!(counted(&appliance, "agnes")["failures"], 3);
    // The address is at its last free failure.
    for number in 0..46 {
        fail(&server, "127.0.0.7", &format!("guess{number}"));
    }
    // Attempts are so far apart, whatever comes between them.
    let before_the_last = Instant::now();
    fail(&server, "127.0.0.7", "guess46");
    let (_known, late) = enter(&server, "127.0.0.7", "bertil");
    assert!(late < Duration::from_millis(900), "{late:?}");
    fail(&server, "127.0.0.7", "guess48");
    let apart = before_the_last.elapsed();
    assert!(apart >= Duration::from_millis(900), "{apart:?}");
    assert_eq!(server.terminate(), Some(0));
    appliance.run(&["unlock", "127.0.0.7"]).expect_words(&["forgot 51 failed logins of address 127.0.0.7"]);
    assert_eq!(counted(&appliance, "agnes"), Value::Null);
}

/// An address of this machine that is none of the loopback; nothing is sent to find it.
fn own_address() -> Option<String> {
    let socket = UdpSocket::bind(("0.0.0.0", 0)).unwrap();
    let address = socket.connect(("192.0.2.1", 9)).and_then(|()| socket.local_addr());
    let address = address.ok().filter(|address| !address.ip().is_loopback());
    if address.is_none() {
        left_out("who comes from another host", "an address that is none of the loopback");
    }
    address.map(|address| address.ip().to_string())
}

#[test]
fn the_break_glass_user_is_never_delayed_at_the_host_itself_whatever_comes_from_elsewhere() {
    let Some(elsewhere) = own_address() else { return };
    let appliance = Appliance::company();
    appliance.run(&["user", "edit", "agnes", "--break-glass", "on"]);
    let server = appliance.serve();
    fail_times(&server, &elsewhere, "agnes", 5);
    // From elsewhere the flag is of no use.
    let _waiting: Vec<Client> = (0..3).map(|_| guess(&server, &elsewhere, "agnes")).collect();
    let waits = || counted(&appliance, "agnes")["waiting"].as_u64().unwrap_or(0);
    assert_eq!(counted(&appliance, "agnes")["delay_seconds"], 4);
    assert!(waits() > 0, "{}", counted(&appliance, "agnes"));
    let late = fail(&server, "127.0.0.1", "agnes");
    assert!(late < Duration::from_secs(4), "a slip at the host itself: {late:?}");
    let (_owner, late) = enter(&server, "127.0.0.1", "agnes");
    assert!(late < Duration::from_secs(4), "{late:?}");
    assert!(waits() > 0, "others still wait");
    // Who is not flagged waits there too.
    fail_times(&server, "127.0.0.1", "bertil", 2);
    let before_the_third = Instant::now();
    fail_times(&server, "127.0.0.1", "bertil", 3);
    let apart = before_the_third.elapsed();
    assert!(apart >= Duration::from_millis(2990), "{apart:?}");
}
