//! What is secret stays so: planted passwords are nowhere in a log that says everything, nor in anything that is
//! shown; no core is dumped; whoever could read the files from outside is told of.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use crate::support::client::login_id;
use crate::support::{Appliance, Running};

const RIGHT: &str = "planted-right-Aq7";
const WRONG: &str = "planted-wrong-Bw8";
const IN_A_BAD_LINE: &str = "planted-in-a-bad-line-Ce9";
const OF_LDAP: &str = "planted-for-ldap-Dr1";
const OF_AMI: &str = "planted-for-ami-Et2";
const OF_AN_ACCOUNT: &str = "planted-of-an-account-Fu3";
const PIN: &str = "48151623";
const PLANTED: [&str; 8] = [RIGHT, WRONG, IN_A_BAD_LINE, OF_LDAP, OF_AMI, OF_AN_ACCOUNT, PIN, "$argon2id$"];

fn expect_nothing_secret(where_: &str, text: &str) {
    for secret in PLANTED {
        if let Some(line) = text.lines().find(|line| line.contains(secret)) {
            panic!("{where_} shows {secret}: {line}");
        }
    }
}

/// Carla with her password, an account, a room with a PIN, and the secrets of other systems.
fn planted() -> Appliance {
    let appliance = Appliance::company().on_any_port();
    let carla = ["user", "add", "carla", "--first-name", "Carla", "--profile", "Client", "--password-stdin"];
    appliance.run_with_input(&carla, &format!("{RIGHT}\n"));
    let account = ["account", "add", "crm", "--kind", "service", "--right", "read-status", "--password-stdin"];
    appliance.run_with_input(&account, &format!("{OF_AN_ACCOUNT}\n"));
    let room = ["conference", "add", "4001", "--name", "Board", "--context", "default", "--pin-stdin"];
    appliance.run_with_input(&room, &format!("{PIN}\n"));
    let mut document = appliance.run(&["export", "--with-secrets"]).json();
    document["settings"]["auth.ldap.bind_password"] = json!(OF_LDAP);
    document["settings"]["ami.secret"] = json!(OF_AMI);
    appliance.run_with_input(&["import", "-"], &document.to_string());
    appliance
}

/// Logs in right and wrong, in clear and encrypted.
fn log_in_every_way(server: &Running) {
    for is_encrypted in [false, true] {
        for password in [RIGHT, WRONG] {
            let mut client = server.client("carla");
            if is_encrypted {
                client.start_tls();
            }
            let answer = client.authenticate("carla", password, ("wazoversion", "2.3"));
            assert_eq!(answer.get("capalist").is_some(), password == RIGHT, "{answer}");
        }
    }
}

/// Lines in which a password stands where none belongs, before login and after it.
fn say_bad_lines(server: &Running) {
    let long = format!(r#"{{"class":"login_pass","password":"{IN_A_BAD_LINE}","x":"{}"}}"#, "y".repeat(70_000));
    let lines = [
        format!(r#"{{"class":"login_pass","password":["{IN_A_BAD_LINE}"]}}"#),
        format!(r#"{{"class":"login_pass","password":{{"{IN_A_BAD_LINE}":1}}}}"#),
        format!(r#"{{"class":"login_pass","password":"{IN_A_BAD_LINE}""#),
        format!(r#"{{"class":"login_pass","password":{IN_A_BAD_LINE}}}"#),
        format!(r#"{{"class":"login_pass","{IN_A_BAD_LINE}":"password"}}"#),
        format!(r#"{{"class":["{IN_A_BAD_LINE}"]}}"#),
        format!(r#"{{"class":"login_pass","password":"{IN_A_BAD_LINE}\q"}}"#),
        format!("\"{IN_A_BAD_LINE}\""),
        IN_A_BAD_LINE.to_owned(),
        long,
    ];
    for line in &lines {
        let mut client = server.client("bad");
        client.send(&login_id("carla", ("wazoversion", "2.3")));
        client.receive_class("login_id");
        client.send_text(&format!("{line}\n"));
        let mut invalid = line.clone().into_bytes();
        invalid.extend([0xFF, b'\n']);
        client.send_bytes(&invalid);
        client.receive();
    }
    let mut session = server.logged_in("agnes");
    for line in &lines[..8] {
        session.send_text(&format!("{line}\n"));
    }
    session.fence();
}

#[test]
fn no_secret_is_in_a_log_that_says_everything_nor_in_anything_that_is_shown() {
    let appliance = planted();
    for form in ["text", "json"] {
        let server = Running::start_traced(&appliance, form);
        log_in_every_way(&server);
        say_bad_lines(&server);
        server.await_log(&["bad line before login"]);
        let commands: &[&[&str]] = &[
            &["export"],
            &["info"],
            &["--json", "info"],
            &["check"],
            &["--json", "check"],
            &["-v", "check"],
            &["history"],
            &["--json", "history"],
            &["setting", "list"],
            &["--json", "setting", "list"],
            &["setting", "get", "auth.ldap.bind_password"],
            &["--json", "user", "show", "carla"],
            &["--json", "conference", "list"],
            &["user", "export"],
            &["account", "list"],
            &["--json", "account", "show", "crm"],
            &["--json", "sessions"],
            &["--json", "health"],
        ];
        for command in commands {
            let outcome = appliance.try_run(command);
            assert!(!outcome.stdout.is_empty() || !outcome.stderr.is_empty(), "{command:?} says nothing");
            expect_nothing_secret(&format!("{command:?}"), &format!("{}\n{}", outcome.stdout, outcome.stderr));
        }
        let log = server.log();
        assert!(log.contains("TRACE") && log.contains("carla"), "nothing was traced:\n{log}");
        expect_nothing_secret("the log", &log);
    }
}

#[test]
fn a_server_dumps_no_core() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let limits = fs::read_to_string(format!("/proc/{}/limits", server.pid)).unwrap();
    let of_cores = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(of_cores.split_whitespace().skip(4).collect::<Vec<_>>(), ["0", "0", "bytes"]);
}

#[test]
fn whoever_could_read_the_files_from_outside_is_told_of() {
    let appliance = Appliance::company().on_any_port();
    let database = appliance.data().join("ctibox.db");
    let on = format!("database {}", database.display());
    appliance.run(&["check"]);
    fs::set_permissions(&database, Permissions::from_mode(0o644)).unwrap();
    appliance.run(&["check"]).expect_data(&["warning", &on, "everybody on this host may read it (mode 0644)", "chmod"]);
    let server = appliance.serve();
    server.await_log(&["WARN", &on, "everybody on this host may read it", "chmod"]);
    server.logged_in("agnes");
    // What SQLite keeps beside it goes with the server.
    assert_eq!(server.terminate(), Some(0));
    fs::set_permissions(&database, Permissions::from_mode(0o666)).unwrap();
    appliance.try_run(&["check"]).expect_code(1).expect_data(&["error", &on, "everybody on this host may change it"]);
    let server = appliance.serve();
    server.await_log(&["ERROR", &on]);
    assert_eq!(server.terminate(), Some(0));
    // A group that reads, to make backups say, is the administrator's choice.
    fs::set_permissions(&database, Permissions::from_mode(0o640)).unwrap();
    let said = appliance.run(&["check"]).stdout;
    assert!(!said.contains("this host"), "{said}");
}
