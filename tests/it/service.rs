//! How ctibox gets on with who started it: journald's priorities, a port that is taken at the start, the unit of the
//! package, a terminal that closes.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::pairs::{GOOD, write_pair};
use crate::support::terminal::Terminal;
use crate::support::{Appliance, Running};

/// Its words go into this file, of which systemd says that journald reads it.
fn for_journald(appliance: &Appliance, words: &[&str], file: &Path) -> Command {
    let stderr = File::create(file).unwrap();
    let seen = stderr.metadata().unwrap();
    let mut command = appliance.command(words);
    command.env("JOURNAL_STREAM", format!("{}:{}", seen.dev(), seen.ino()));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(stderr);
    command
}

fn await_ready(child: &mut Child) {
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line.starts_with("ready ")), "it never said `ready`");
}

fn end(mut child: Child) {
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert!(child.wait().unwrap().success());
}

/// Every line of the file; each must have a priority, and no time before its words.
fn journal(file: &Path) -> Vec<(u8, String)> {
    let text = fs::read_to_string(file).unwrap();
    let lines = text.lines().map(|line| {
        let (priority, words) =
            line.strip_prefix('<').and_then(|line| line.split_once('>')).unwrap_or_else(|| panic!("{line:?}"));
        assert!(!words.trim_start().starts_with("20"), "a time in {line:?}");
        (priority.parse().unwrap(), words.to_owned())
    });
    lines.collect()
}

fn has(lines: &[(u8, String)], priority: u8, words: &str) -> bool {
    lines.iter().any(|(of, line)| *of == priority && line.contains(words))
}

fn with_a_broken_pair() -> Appliance {
    let appliance = Appliance::company();
    let named = write_pair(appliance.data().parent().unwrap(), "named", GOOD);
    appliance.run(&["certificate", "use", &named[0], &named[1]]);
    fs::write(&named[0], "no PEM").unwrap();
    appliance
}

#[test]
fn under_journald_every_line_has_its_priority_and_no_time() {
    let appliance = with_a_broken_pair();
    let file = appliance.beside("journal");
    let mut server = for_journald(&appliance, &["serve", "--listen", "127.0.0.1:0"], &file).spawn().unwrap();
    await_ready(&mut server);
    end(server);
    let lines = journal(&file);
    assert!(has(&lines, 3, "clients get ctibox's own until it can"), "{lines:?}");
    assert!(has(&lines, 6, "certificate in use") && has(&lines, 6, "stopped"), "{lines:?}");
    let mut server =
        for_journald(&appliance, &["serve", "--listen", "127.0.0.1:0", "--log", "json"], &file).spawn().unwrap();
    await_ready(&mut server);
    end(server);
    for (_, line) in journal(&file) {
        serde_json::from_str::<serde_json::Value>(&line).unwrap_or_else(|error| panic!("{line:?}: {error}"));
    }
}

#[test]
fn what_keeps_a_start_from_going_on_is_an_error_in_the_journal() {
    let appliance = with_a_broken_pair();
    appliance.set("encryption.fallback_when_broken", "false");
    let file = appliance.beside("journal");
    let ended = for_journald(&appliance, &["serve", "--listen", "127.0.0.1:0"], &file).status().unwrap();
    assert_eq!(ended.code(), Some(1));
    let lines = journal(&file);
    assert!(has(&lines, 3, "error: the certificate cannot be used") && has(&lines, 3, "named.crt"), "{lines:?}");
    assert!(has(&lines, 6, "hint: ") && !has(&lines, 3, "hint: "), "{lines:?}");
}

#[test]
fn words_that_go_elsewhere_than_journald_keep_their_time() {
    let appliance = Appliance::company();
    let (file, other) = (appliance.beside("journal"), appliance.beside("other"));
    let mut command = for_journald(&appliance, &["serve", "--listen", "127.0.0.1:0"], &file);
    let mut server = command.stderr(File::create(&other).unwrap()).spawn().unwrap();
    await_ready(&mut server);
    end(server);
    let words = fs::read_to_string(other).unwrap();
    assert!(words.lines().all(|line| line.starts_with("20")) && words.contains(" INFO "), "{words}");
}

#[test]
fn all_ports_that_are_taken_at_the_start_are_named_together_and_a_later_start_has_them() {
    let appliance = Appliance::company();
    let taken = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let addresses = taken.each_ref().map(|listener| listener.local_addr().unwrap().to_string());
    let words = ["serve", "--listen", &addresses[0], "--listen", &addresses[1]];
    let refused = appliance.try_run(&words).expect_code(1);
    refused.expect_words(&[&addresses[0], &addresses[1], "in use", "ss -ltnp"]);
    let refused = appliance.try_run(&["serve", "--listen", &addresses[0], "--listen", "192.0.2.1:1"]).expect_code(1);
    refused.expect_words(&[&addresses[0], "192.0.2.1:1", "ss -ltnp", "addresses of this host"]);
    drop(taken);
    let server = Running::start(&appliance, &[]);
    server.logged_in("agnes").fence();
}

#[test]
fn a_start_without_port_and_certificate_names_both() {
    let appliance = with_a_broken_pair();
    appliance.set("encryption.fallback_when_broken", "false");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refused = appliance.try_run(&["serve", "--listen", &address]).expect_code(1);
    refused.expect_words(&["named.crt", &address, "in use"]);
}

#[test]
fn the_unit_goes_on_trying_and_no_finding_keeps_it_from_serving() {
    let unit = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/systemd/ctibox.service");
    let unit = fs::read_to_string(unit).unwrap();
    let has = |line: &str| unit.lines().any(|known| known == line);
    let goes_on = ["StartLimitIntervalSec=0", "Restart=on-failure", "ExecStartPre=-/usr/bin/ctibox check"];
    let wait_grows = ["RestartSec=5", "RestartSteps=5", "RestartMaxDelaySec=30"];
    for line in goes_on.iter().chain(&wait_grows) {
        assert!(has(line), "{line} is not in the unit");
    }
    assert!(!unit.contains("StartLimitBurst"), "a limit of starts");
}

#[test]
fn a_demonstration_ends_with_its_terminal_and_leaves_nothing() {
    let appliance = Appliance::untouched();
    let temporary = appliance.beside("temporary");
    fs::create_dir(&temporary).unwrap();
    let set = [("TMPDIR", temporary.to_str().unwrap())];
    let mut terminal = Terminal::program(&appliance, "xterm-256color", &set, &["demo", "--listen", "127.0.0.1:0"]);
    terminal.await_words("ready 127.0.0.1:");
    assert_eq!(fs::read_dir(&temporary).unwrap().count(), 1);
    terminal.hang_up();
    terminal.await_end();
    assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0);
}

#[test]
fn a_demonstration_under_nohup_goes_on_without_its_terminal() {
    let appliance = Appliance::untouched();
    let temporary = appliance.beside("temporary");
    fs::create_dir(&temporary).unwrap();
    let demo = appliance.command(&["demo", "--listen", "127.0.0.1:0"]);
    let log = appliance.beside("log");
    let mut command = Command::new("nohup");
    command.arg(demo.get_program()).args(demo.get_args()).env("TMPDIR", &temporary);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(&log).unwrap());
    let mut server = command.spawn().unwrap();
    await_ready(&mut server);
    kill_process(Pid::from_child(&server), Signal::HUP).unwrap();
    // It takes it for a word to read the certificate again.
    while fs::read_to_string(&log).unwrap().matches("certificate in use").count() < 2 {
        assert!(server.try_wait().unwrap().is_none(), "it ended");
        std::thread::yield_now();
    }
    end(server);
    assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0);
}

#[test]
fn a_server_whose_terminal_closes_goes_on() {
    let appliance = Appliance::company();
    let words = ["serve", "--listen", "127.0.0.1:0"];
    let mut terminal = Terminal::program(&appliance, "xterm-256color", &[], &words);
    terminal.await_words("ready 127.0.0.1:");
    terminal.hang_up();
    // It has heard of it: it reads the certificate again.
    let read = || appliance.run(&["health", "--json"]).json()["counts"]["certificates_read"].as_u64().unwrap();
    while read() < 2 {
        std::thread::yield_now();
    }
}
