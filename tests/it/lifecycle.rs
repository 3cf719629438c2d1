//! Start, stop, restart, and what an administrator ends (protocol decisions 5 and 11; settings §9 A 13).

use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::json;

use crate::support::client::{getlist, is_presence, unstamped};
use crate::support::{Appliance, Client, Running};

#[test]
fn a_planned_stop_closes_plainly_and_ends_with_nought() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    let mut bertil = server.logged_in("bertil");
    agnes.fence();
    bertil.fence();
    agnes.fence();
    assert_eq!(server.terminate(), Some(0));
    agnes.expect_plain_close();
    bertil.expect_plain_close();
}

#[test]
fn neither_hanging_clients_nor_a_busy_database_hold_up_a_stop() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    agnes.fence();
    let other = rusqlite::Connection::open(appliance.data().join("ctibox.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    agnes.send(&json!({"class": "availstate", "availstate": "away"}));
    agnes.fence();
    let mut shakes_no_hand = server.client("half-open");
    shakes_no_hand.receive_class("starttls");
    shakes_no_hand.ask(&json!({"class": "starttls", "status": true}));
    let silent = server.client("silent");
    let mut never_reads = server.client("never reads");
    let id = never_reads.log_in("bertil", "available")["userid"].as_str().unwrap().to_owned();
    never_reads.send_text(&format!("{}\n", getlist("updateconfig", "users", &id)).repeat(20_000));
    let begin = std::time::Instant::now();
    assert_eq!(server.terminate(), Some(0));
    let took = begin.elapsed();
    // Five are promised, of which its own timers take up to 4.8; the rest is what a slow machine needs beside them.
    assert!(took < std::time::Duration::from_secs(20), "{took:?}");
    drop((other, silent, shakes_no_hand));
}

#[test]
fn a_second_server_on_the_same_folder_is_refused_by_name() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let pid = server.pid.to_string();
    appliance.try_run(&["serve", "--listen", "127.0.0.1:0"]).expect_code(1).expect_words(&[&pid]);
}

#[test]
fn a_folder_is_free_again_after_a_kill() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    server.signal(Signal::KILL);
    drop(server);
    appliance.serve().logged_in("agnes");
}

#[test]
fn a_reload_signal_keeps_everybody_connected() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    agnes.fence();
    server.signal(Signal::HUP);
    agnes.fence();
    server.logged_in("bertil");
    agnes.fence();
}

#[test]
fn do_not_disturb_outlives_a_restart() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = server.client("agnes");
    let id = agnes.log_in("agnes", "donotdisturb")["userid"].as_str().unwrap().to_owned();
    agnes.receive_where(|message| message["config"]["enablednd"] == true);
    assert_eq!(server.terminate(), Some(0));
    let server = appliance.serve();
    let mut bertil = server.logged_in("bertil");
    bertil.fence();
    assert_eq!(bertil.ask(&getlist("updateconfig", "users", &id))["config"]["enablednd"], true);
    let status = bertil.ask(&getlist("updatestatus", "users", &id))["status"].clone();
    assert_eq!(status, json!({"connection": null, "availstate": "disconnected"}));
}

#[test]
fn the_last_presence_outlives_a_restart() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = server.client("agnes");
    let id = agnes.log_in("agnes", "berightback")["userid"].as_str().unwrap().to_owned();
    agnes.receive_where(|message| is_presence(message, &id, "berightback"));
    assert_eq!(server.terminate(), Some(0));
    let server = appliance.serve();
    let mut agnes = server.client("agnes");
    agnes.log_in("agnes", "nosuchstate");
    agnes.receive_where(|message| is_presence(message, &id, "berightback"));
}

#[test]
fn who_returns_after_a_restart_later_than_the_grace_time_is_not_ended_meanwhile() {
    let appliance = Appliance::company();
    appliance.add_user("chiara", &["--first-name", "Chiara", "--profile", "Client"]);
    appliance.set("presence.disconnect_grace", "1");
    appliance.run(&["presence", "edit", "disconnected", "--group", "xivo", "--action", "enablednd=true"]);
    let server = appliance.serve();
    server.logged_in("agnes").fence();
    assert_eq!(server.terminate(), Some(0));
    let server = appliance.serve();
    // The grace time of one who leaves now ends, and so would hers.
    let mut chiara = server.logged_in("chiara");
    drop(server.logged_in("bertil"));
    chiara.receive_where(|message| message["config"]["enablednd"] == true);
    let mut agnes = server.client("agnes");
    let id = agnes.log_in("agnes", "available")["userid"].as_str().unwrap().to_owned();
    agnes.fence();
    assert_eq!(agnes.ask(&getlist("updateconfig", "users", &id))["config"]["enablednd"], false);
}

#[test]
fn every_address_asked_for_is_served() {
    let appliance = Appliance::company();
    let server = Running::start(&appliance, &["--listen", "127.0.0.2:0"]);
    let other = server.ready.split_whitespace().nth(2).unwrap().to_owned();
    let stream = std::net::TcpStream::connect(&other).unwrap();
    drop(stream);
    server.logged_in("agnes");
}

/// What agnes hears at the end of her session, and that bertil sees her go.
fn ended_by(words: &[&str]) -> Vec<serde_json::Value> {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut bertil = server.logged_in("bertil");
    let mut agnes = server.client("agnes");
    let id = agnes.log_in("agnes", "available")["userid"].as_str().unwrap().to_owned();
    agnes.fence();
    appliance.run_with_input(words, "another secret\n");
    let heard = agnes.expect_close();
    bertil.receive_where(|message| is_presence(message, &id, "disconnected"));
    heard.into_iter().map(unstamped).collect()
}

#[test]
fn a_plain_disconnect_says_nothing() {
    let heard = ended_by(&["user", "disconnect", "agnes"]);
    assert!(heard.is_empty(), "{heard:?}");
}

#[test]
fn a_forced_disconnect_says_so() {
    let heard = ended_by(&["user", "disconnect", "agnes", "--force"]);
    assert_eq!(heard.last(), Some(&json!({"class": "disconnect", "type": "force"})), "{heard:?}");
}

#[test]
fn disabling_a_user_throws_them_out() {
    let heard = ended_by(&["user", "disable", "agnes"]);
    assert_eq!(heard.last(), Some(&json!({"class": "disconnect", "type": "force"})), "{heard:?}");
}

#[test]
fn a_changed_password_throws_the_user_out() {
    let heard = ended_by(&["user", "password", "agnes", "--password-stdin"]);
    assert_eq!(heard.last(), Some(&json!({"class": "disconnect", "type": "force"})), "{heard:?}");
}

#[test]
fn removing_a_user_throws_them_out() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    agnes.fence();
    appliance.run(&["user", "remove", "agnes"]);
    let heard = agnes.expect_close();
    assert_eq!(unstamped(heard.last().unwrap().clone()), json!({"class": "disconnect", "type": "force"}));
}

#[test]
fn a_disabled_user_stays_visible() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut bertil = server.logged_in("bertil");
    let mut agnes = server.client("agnes");
    let id = agnes.log_in("agnes", "available")["userid"].as_str().unwrap().to_owned();
    appliance.run(&["user", "disable", "agnes"]);
    bertil.receive_where(|message| is_presence(message, &id, "disconnected"));
    bertil.fence();
    assert_eq!(bertil.ask(&getlist("updateconfig", "users", &id))["config"]["firstname"], "Agnes");
}

#[test]
fn sessions_show_who_is_connected() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let agnes = server.logged_in("agnes");
    let outcome = appliance.run(&["sessions", "--json"]);
    outcome.json();
    assert!(outcome.stdout.contains("agnes") && !outcome.stdout.contains("bertil"), "{}", outcome.stdout);
    drop(agnes);
}

#[test]
fn the_control_socket_is_for_its_owner_alone_and_a_dead_one_is_replaced() {
    use std::os::unix::fs::PermissionsExt;
    let appliance = Appliance::company();
    let server = appliance.serve();
    let socket = appliance.data().join("control.sock");
    let mode = || std::fs::metadata(&socket).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(), 0o600);
    server.signal(Signal::KILL);
    drop(server);
    assert!(socket.exists());
    let server = appliance.serve();
    appliance.run(&["sessions"]);
    assert_eq!(mode(), 0o600);
    assert_eq!(server.terminate(), Some(0));
    assert!(!socket.exists());
}

#[test]
fn health_of_a_server_that_stands_still_says_no_within_a_second() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    server.signal(Signal::STOP);
    let socket = appliance.data().join("control.sock");
    // As many callers as its queue takes: a plain connect would wait for ever.
    let full = || {
        std::iter::repeat_with(|| {
            let socket_of_caller = socket2::Socket::new(socket2::Domain::UNIX, socket2::Type::STREAM, None).unwrap();
            socket_of_caller.set_nonblocking(true).unwrap();
            socket_of_caller.connect(&socket2::SockAddr::unix(&socket).unwrap()).map(|()| socket_of_caller)
        })
    };
    let callers: Vec<_> = full().take(8_192).map_while(Result::ok).collect();
    let begin = std::time::Instant::now();
    appliance.try_run(&["health"]).expect_code(1);
    let took = begin.elapsed();
    assert!(took < std::time::Duration::from_secs(20), "{took:?} with {} callers", callers.len());
    server.signal(Signal::CONT);
}

#[test]
fn the_service_manager_hears_ready_alive_reloading_and_stopping() {
    let appliance = Appliance::company();
    let path = appliance.beside("notify");
    let socket = std::os::unix::net::UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(std::time::Duration::from_secs(60))).unwrap();
    let await_word = |word: &str| {
        let mut bytes = [0; 512];
        while !String::from_utf8_lossy(&bytes).lines().any(|line| line.trim_end_matches('\0') == word) {
            bytes = [0; 512];
            socket.recv(&mut bytes).unwrap_or_else(|error| panic!("{word}: {error}"));
        }
    };
    let variables = [("NOTIFY_SOCKET", path.to_str().unwrap()), ("WATCHDOG_USEC", "400000")];
    let server = Running::start_managed(&appliance, &variables);
    for word in ["READY=1", "WATCHDOG=1", "WATCHDOG=1"] {
        await_word(word);
    }
    server.signal(Signal::HUP);
    await_word("RELOADING=1");
    await_word("READY=1");
    server.signal(Signal::TERM);
    await_word("STOPPING=1");
}

#[test]
fn a_lack_of_descriptors_ends_nothing_and_passes() {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    agnes.fence();
    let taken = std::fs::read_dir(format!("/proc/{}/fd", server.pid)).unwrap().count() as u64;
    let limit = Rlimit { current: Some(taken + 4), maximum: Some(taken + 4) };
    prlimit(Pid::from_raw(i32::try_from(server.pid).unwrap()), Resource::Nofile, limit).unwrap();
    let waiting: Vec<_> = (0..12).map(|_| server.client("waiting")).collect();
    server.await_log(&["cannot accept connections"]);
    agnes.fence();
    drop(waiting);
    server.logged_in("bertil").fence();
    agnes.fence();
    assert_eq!(server.terminate(), Some(0));
}

#[test]
fn health_follows_the_server() {
    let appliance = Appliance::company();
    appliance.try_run(&["health"]).expect_code(1);
    let server = appliance.serve();
    appliance.run(&["health"]);
    assert_eq!(server.terminate(), Some(0));
    appliance.try_run(&["health"]).expect_code(1);
}

#[test]
fn the_log_can_be_json() {
    let appliance = Appliance::company();
    let server = Running::start(&appliance, &["--log", "json"]);
    server.logged_in("agnes").fence();
    let line = server.await_log(&["{"]);
    serde_json::from_str::<serde_json::Value>(&line).unwrap();
}

/// Settings §9: 76.
#[test]
fn an_ordinary_day_leaves_no_error_in_the_log() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    agnes.send(&json!({"class": "availstate", "availstate": "away"}));
    agnes.fence();
    agnes.send(&json!({"class": "logout", "stopper": ""}));
    agnes.expect_close();
    assert!(!server.log().contains("ERROR"), "{}", server.log());
}

/// Settings §9: 13.
#[test]
fn a_client_that_comes_back_five_seconds_after_a_restart_is_in() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let port = server.port;
    let mut agnes = server.logged_in("agnes");
    assert_eq!(server.terminate(), Some(0));
    agnes.expect_close();
    let start = Instant::now();
    let _server = Running::start(&appliance, &["--listen", &format!("127.0.0.1:{port}")]);
    Client::connect(port, "agnes again").log_in("agnes", "available");
    // The client waits for five; a machine that is four times slower, or as busy, gets four times that.
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn a_server_whose_folder_was_replaced_leaves_the_other_ones_control_socket_alone() {
    let appliance = Appliance::company();
    let old = appliance.serve();
    std::fs::rename(appliance.data(), appliance.beside("moved")).unwrap();
    appliance.run(&["init"]);
    let new = appliance.serve();
    assert_eq!(old.terminate(), Some(0));
    appliance.run(&["health"]);
    assert_eq!(new.terminate(), Some(0));
}
