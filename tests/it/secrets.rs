//! What is secret stays so: planted passwords are nowhere in a log that says everything, nor in anything that is
//! shown, whoever else is asked about them; no core is dumped; whoever could read the files from outside is told of.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{FileExt as _, PermissionsExt};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustix::process::geteuid;
use serde_json::json;

use crate::support::client::login_id;
use crate::support::slapd::{BASE, DIRECTORY_PASSWORD, READER, READER_PASSWORD, Slapd};
use crate::support::token_server::{Behaviour, ServerPair, TOKEN, TokenServer};
use crate::support::{Appliance, Running, left_out};

const RIGHT: &str = "planted-right-Aq7";
const WRONG: &str = "planted-wrong-Bw8";
const IN_A_BAD_LINE: &str = "planted-in-a-bad-line-Ce9";
const OF_LDAP: &str = "planted-for-ldap-Dr1";
const OF_AMI: &str = "planted-for-ami-Et2";
const OF_AN_ACCOUNT: &str = "planted-of-an-account-Fu3";
const AT_A_SERVICE: &str = "planted-at-a-service-Gv4";
const PIN: &str = "48151623";
const PLANTED: [&str; 8] = [RIGHT, WRONG, IN_A_BAD_LINE, OF_LDAP, OF_AMI, OF_AN_ACCOUNT, PIN, "$argon2id$"];

fn expect_nothing_secret(where_: &str, text: &str) {
    expect_none_of(&PLANTED, where_, text);
}

fn expect_none_of(secrets: &[&str], where_: &str, text: &str) {
    for secret in secrets {
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

/// As text, as the numbers of its bytes, and as it goes into a header behind a login.
fn expect_no_form_of(secrets: &[&str], where_: &str, text: &str) {
    for secret in secrets {
        let bytes = format!("{:?}", secret.as_bytes());
        let basic = STANDARD.encode(format!("agnes:{secret}"));
        expect_none_of(&[secret, bytes.trim_matches(['[', ']']), &basic], where_, text);
    }
}

/// A server that logs everything, and agnes, whose password somebody else keeps: she logs in right and wrong, and
/// somebody whom nobody knows wrong.
fn ask_others(appliance: &Appliance, form: &str, right: &str) -> Running {
    let server = Running::start_traced(appliance, form);
    for (login, password) in [("agnes", right), ("agnes", WRONG), ("nobody", WRONG)] {
        let answer = server.client(login).authenticate(login, password, ("wazoversion", "2.3"));
        assert_eq!(answer.get("capalist").is_some(), password == right, "{answer}");
    }
    let tried = appliance.run_with_input(&["-v", "auth", "check", "agnes", "--password-stdin"], &format!("{right}\n"));
    expect_no_form_of(&[right, WRONG], "auth check", &format!("{}\n{}", tried.stdout, tried.stderr));
    server
}

#[test]
fn what_a_directory_is_told_is_in_no_log_that_says_everything() {
    let Some(slapd) = Slapd::start() else { return };
    let appliance = Appliance::company().on_any_port();
    appliance.run(&["user", "edit", "agnes", "--email", "agnes@example.org"]);
    appliance.run(&["user", "password", "agnes", "--no-password"]);
    for (key, value) in [
        ("auth.ldap.uri", slapd.plain().as_str()),
        ("auth.ldap.user_base_dn", BASE),
        ("auth.ldap.user_login_attribute", "uid"),
        ("auth.ldap.ca_file", &slapd.ca_file()),
        ("auth.ldap.bind_dn", READER),
    ] {
        appliance.set(key, value);
    }
    let of_reader = format!("{READER_PASSWORD}\n");
    appliance.run_with_input(&["setting", "set", "auth.ldap.bind_password", "--value-stdin"], &of_reader);
    appliance.set("auth.backends", "xivo_user,ldap_user");
    for (uri, form) in [(slapd.plain(), "text"), (slapd.encrypted(), "text"), (slapd.encrypted(), "json")] {
        appliance.set("auth.ldap.uri", &uri);
        let log = ask_others(&appliance, form, DIRECTORY_PASSWORD).log();
        let is_encrypted = uri.starts_with("ldaps");
        assert_eq!(log.contains("Sending ClientHello"), is_encrypted, "the libraries say nothing:\n{log}");
        expect_no_form_of(&[DIRECTORY_PASSWORD, WRONG, READER_PASSWORD], "the log", &log);
    }
}

#[test]
fn what_an_authentication_service_is_told_is_in_no_log_that_says_everything() {
    let appliance = Appliance::company().on_any_port();
    appliance.run(&["user", "password", "agnes", "--no-password"]);
    let pair = ServerPair::for_localhost();
    let user = appliance.user_uuid("agnes").into();
    let service = TokenServer::start(&pair, Behaviour::Grants { password: AT_A_SERVICE, user });
    let file = appliance.beside("ca.crt");
    fs::write(&file, &pair.certificate).unwrap();
    appliance.set("auth.xivo_auth.port", &service.port.to_string());
    appliance.set("auth.xivo_auth.ca_file", file.to_str().unwrap());
    appliance.set("auth.backends", "xivo_user,xivo_auth");
    for form in ["text", "json"] {
        let server = ask_others(&appliance, form, AT_A_SERVICE);
        // Nobody needs it any more.
        service.asked_to("DELETE");
        let log = server.log();
        assert!(log.contains("Sending ClientHello"), "the libraries say nothing:\n{log}");
        expect_no_form_of(&[AT_A_SERVICE, WRONG, TOKEN], "the log", &log);
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

/// Whether this stands anywhere in what the process may write to.
fn is_in_memory(pid: u32, text: &str) -> bool {
    let memory = File::open(format!("/proc/{pid}/mem")).unwrap();
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
    maps.lines().filter(|line| line.contains(" rw")).any(|line| {
        let (begin, end) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let [begin, end] = [begin, end].map(|address| u64::from_str_radix(address, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(end - begin).unwrap()];
        // What goes away meanwhile holds nothing any more.
        let read = memory.read_at(&mut bytes, begin).unwrap_or(0);
        bytes[..read].windows(text.len()).any(|window| window == text.as_bytes())
    })
}

#[test]
fn a_password_that_was_checked_is_overwritten_in_memory() {
    if !geteuid().is_root() {
        return left_out("the memory of the server", "root");
    }
    let appliance = planted();
    let server = appliance.serve();
    // The search finds what is there: a login stays for as long as its session.
    let mut client = server.client("carla");
    assert!(client.authenticate("carla", RIGHT, ("wazoversion", "2.3")).get("capalist").is_some());
    assert!(is_in_memory(server.pid, "carla"));
    let answer = server.client("carla").authenticate("carla", WRONG, ("wazoversion", "2.3"));
    assert!(answer.get("capalist").is_none(), "{answer}");
    for password in [RIGHT, WRONG] {
        assert!(!is_in_memory(server.pid, password), "{password} is still in memory");
    }
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

#[test]
fn a_settings_file_with_a_secret_that_everybody_may_read_is_told_of() {
    let appliance = Appliance::company().on_any_port();
    appliance.write_settings("ctibox/conf.d/10.yml", "auth: {ldap: {user_base_dn: ou=people}}\n");
    appliance.write_settings("xivo-auth/conf.d/20.yml", &format!("ldap: {{bind_password: {OF_LDAP}}}\n"));
    let (open, secret) = (appliance.etc("ctibox/conf.d/10.yml"), appliance.etc("xivo-auth/conf.d/20.yml"));
    for file in [&open, &secret] {
        fs::set_permissions(file, Permissions::from_mode(0o644)).unwrap();
    }
    let on = format!("settings file {}", secret.display());
    let said =
        appliance.run(&["check"]).expect_data(&["warning", &on, "everybody on this host may read it (mode 0644)"]);
    said.expect_data(&["another system's secret", "chgrp ctibox"]);
    let server = appliance.serve();
    server.await_log(&["WARN", &on, "everybody on this host may read it", "chgrp ctibox"]);
    assert_eq!(server.terminate(), Some(0));
    fs::set_permissions(&secret, Permissions::from_mode(0o640)).unwrap();
    let said = appliance.run(&["check"]).stdout;
    assert!(!said.contains("this host") && !said.contains(OF_LDAP), "{said}");
}
