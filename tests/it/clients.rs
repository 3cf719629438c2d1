//! `ctibox client`: two people in two terminals see each other's presence and chat, over STARTTLS.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use crate::support::cli::PASSWORD;
use crate::support::{Appliance, Running};

const DEADLINE: Duration = Duration::from_secs(60);

/// A running `ctibox client`; what it prints comes line by line.
struct Terminal {
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
    heard: Vec<String>,
}

impl Terminal {
    fn open(appliance: &Appliance, server: &Running, login: &str, more: &[&str]) -> Self {
        let address = format!("127.0.0.1:{}", server.port);
        let words = [&["client", &address, "--user", login, "--password-stdin"], more].concat();
        let mut child = appliance
            .command(&words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (tell, lines) = channel();
        let errors = tell.clone();
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        thread::spawn(move || {
            BufReader::new(stdout).lines().map_while(Result::ok).try_for_each(|line| tell.send(line))
        });
        thread::spawn(move || {
            BufReader::new(stderr).lines().map_while(Result::ok).try_for_each(|line| errors.send(line))
        });
        let mut input = child.stdin.take().unwrap();
        writeln!(input, "{PASSWORD}").unwrap();
        Self { child, input, lines, heard: Vec::new() }
    }

    fn say(&mut self, line: &str) {
        writeln!(self.input, "{line}").unwrap();
    }

    fn await_line(&mut self, words: &[&str]) -> String {
        loop {
            let line = self
                .lines
                .recv_timeout(DEADLINE)
                .unwrap_or_else(|error| panic!("no line with {words:?} ({error}); came:\n{}", self.heard.join("\n")));
            self.heard.push(line.clone());
            if words.iter().all(|word| line.contains(word)) {
                return line;
            }
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn two_terminals_see_each_others_presence_and_chat() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = Terminal::open(&appliance, &server, "agnes", &[]);
    agnes.await_line(&["logged in as"]);
    let mut bertil = Terminal::open(&appliance, &server, "bertil", &[]);
    bertil.await_line(&["logged in as"]);
    agnes.say("presence away");
    bertil.await_line(&["away"]);
    agnes.say(&format!("chat {} lunch?", appliance.user_uuid("bertil")));
    bertil.await_line(&["lunch?"]);
    assert!(agnes.heard.iter().any(|line| line.to_lowercase().contains("sha-256")), "{:?}", agnes.heard);
}

#[test]
fn a_wrong_fingerprint_ends_the_client() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let wrong = ["00"; 32].join(":");
    let address = format!("127.0.0.1:{}", server.port);
    let words = ["client", &address, "--user", "agnes", "--password-stdin", "--fingerprint", &wrong];
    let ended = appliance.try_run_with_input(&words, &format!("{PASSWORD}\n")).expect_code(1);
    let right = fingerprint(&appliance);
    ended.expect_words(&[
        "cannot encrypt the connection",
        &format!("the certificate has the fingerprint {right}"),
        "hint: ",
        "certificate show",
    ]);
    assert!(!server.log().contains("agnes"), "somebody asked to log in:\n{}", server.log());
}

/// As an administrator hands it out.
fn fingerprint(appliance: &Appliance) -> String {
    appliance.run(&["--json", "certificate", "show"]).json()["fingerprint"].as_str().unwrap().to_owned()
}

#[test]
fn the_fingerprint_that_is_handed_out_lets_the_client_log_in() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = Terminal::open(&appliance, &server, "agnes", &["--fingerprint", &fingerprint(&appliance)]);
    agnes.await_line(&["verified by its fingerprint"]);
    agnes.await_line(&["logged in as"]);
}

#[test]
fn the_client_speaks_in_clear_when_told_to() {
    let appliance = Appliance::company();
    appliance.set("encryption.mode", "off");
    let server = appliance.serve();
    let mut agnes = Terminal::open(&appliance, &server, "agnes", &["--clear"]);
    agnes.await_line(&["logged in as"]);
}
