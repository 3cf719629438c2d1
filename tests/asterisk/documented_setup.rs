//! docs/asterisk.md is tried as it stands, on the Asterisk that Debian's package brings.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::company::{company, connected, installed_office};
use crate::pbx::Pbx;

#[test]
fn the_ten_lines_of_the_document_connect_a_bare_asterisk() {
    let Some(pbx) = Pbx::start() else { return };
    let office = company(&pbx);
    let document = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/asterisk.md")).unwrap();
    let lines = document.split("```").nth(1).unwrap().trim();
    assert_eq!(lines.lines().count(), 10, "{lines}");
    // The words of the document on this machine: root already, Asterisk already there, its folder elsewhere.
    let words = office.beside("words");
    fs::create_dir(&words).unwrap();
    let ctibox = format!("{} --data {} \"$@\"", env!("CARGO_BIN_EXE_ctibox"), office.data().display());
    for (word, text) in [
        ("sudo", "\"$@\"".to_owned()),
        ("apt", ":".to_owned()),
        ("ctibox", ctibox),
        ("asterisk", format!("{} \"$@\"", pbx.command_line())),
    ] {
        let path = words.join(word);
        fs::write(&path, format!("#!/bin/sh\nexec {text}\n").replace("exec :", ":")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let script = lines.replace("/etc/asterisk", pbx.etc().to_str().unwrap()).replace("sudo ctibox asterisk check", ":");
    let path = format!("{}:{}", words.display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh")
        .args(["-euc", &script])
        .env("PATH", path)
        .env("CTIBOX_CONFIG", office.etc("ctibox/config.yml"))
        .env("CTIBOX_OLD_CONFIG", office.etc(""))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let _server = connected(&office);
    // The tenth line: right after the reload Asterisk may not know the account yet.
    office.run(&["asterisk", "check"]).expect_data(&["logged in as ctibox"]);
    let health = office.try_run(&["health", "--json"]).json();
    assert_eq!(health["telephony"]["state"], "up", "{health}");
}

#[test]
fn asterisk_reads_what_is_written_for_it_without_a_complaint() {
    let Some(pbx) = Pbx::start() else { return };
    let _office = installed_office(&pbx);
    let mut observer = pbx.observer();
    for extension in ["1001", "3000", "*25", "*211234", "*20", "*30", "*98", "*971001", "*7351***225"] {
        let asked = format!("DIALPLAN_EXISTS(default,{extension},1)");
        assert_eq!(observer.value_of(&asked), "1", "{extension}:\n{}", pbx.cli("dialplan show default"));
    }
    assert!(pbx.cli("queue show support").contains("support"), "{}", pbx.cli("queue show"));
    assert!(pbx.cli("manager show user ctibox").contains("username: ctibox"), "{}", pbx.cli("manager show users"));
    let log = pbx.log();
    let complaints: Vec<&str> =
        log.lines().filter(|line| line.contains("_ctibox.conf") && !line.contains("Parsing")).collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn what_is_written_belongs_to_asterisk_and_replaces_nothing_of_others() {
    let Some(pbx) = Pbx::prepare() else { return };
    let office = company(&pbx);
    let etc = pbx.etc();
    let to: &Path = &etc;
    let write = || office.try_run(&["asterisk", "dialplan", "--to", to.to_str().unwrap()]);
    write().expect_code(0);
    let kin = fs::metadata(etc.join("manager.conf")).unwrap();
    for name in ["extensions_ctibox.conf", "manager_ctibox.conf", "queues_ctibox.conf"] {
        let ours = fs::metadata(etc.join(name)).unwrap();
        assert_eq!((ours.uid(), ours.gid(), ours.mode() & 0o777), (kin.uid(), kin.gid(), 0o640), "{name}");
    }
    let manager = fs::read_to_string(etc.join("manager_ctibox.conf")).unwrap();
    let secret = manager.lines().find_map(|line| line.strip_prefix("secret = ")).unwrap();
    assert!(!office.run(&["asterisk", "dialplan"]).stdout.contains(secret));
    assert!(office.run(&["asterisk", "dialplan", "--with-secrets"]).stdout.contains(secret));
    // Again, with the same secret.
    write().expect_code(0);
    assert_eq!(fs::read_to_string(etc.join("manager_ctibox.conf")).unwrap(), manager);
    fs::write(etc.join("queues_ctibox.conf"), "[mine]\n").unwrap();
    write().expect_code(1).expect_words(&["queues_ctibox.conf is there already and is not ours"]);
    assert_eq!(fs::read_to_string(etc.join("queues_ctibox.conf")).unwrap(), "[mine]\n");
}

#[test]
fn a_wrong_secret_is_told_and_tried_again_at_ease() {
    let Some(pbx) = Pbx::start() else { return };
    let office = installed_office(&pbx);
    office.run_with_input(&["setting", "set", "ami.secret", "--value-stdin"], "another\n");
    let server = office.serve();
    server.await_log(&["ERROR", "no link to Asterisk"]);
    let health = office.try_run(&["health", "--json"]).json();
    assert_eq!(health["telephony"]["state"], "refused", "{health}");
    // Clients are served all the same.
    server.logged_in("agnes").fence();
    let mut observer = pbx.observer();
    let accounts = observer.ask("Command", &[("Command", "manager show connected")]);
    assert!(!format!("{accounts:?}").contains("ctibox"), "{accounts:?}");
}

#[test]
fn the_first_link_to_a_living_asterisk_overwrites_nothing() {
    let Some(pbx) = Pbx::start() else { return };
    let office = installed_office(&pbx);
    let mut observer = pbx.observer();
    let agent = [
        ("Queue", "support"),
        ("Interface", "Local/id-1@agentcallback"),
        ("MemberName", "Agent/2105"),
        ("Paused", "1"),
    ];
    observer.tell("QueueAdd", &agent);
    observer.tell("DBPut", &[("Family", "other"), ("Key", "thing"), ("Val", "kept")]);
    observer.tell("Setvar", &[("Variable", "DEVICE_STATE(Custom:mine)"), ("Value", "INUSE")]);
    let _connected = connected(&office);
    let member = observer.member("support", "Agent/2105").unwrap();
    assert_eq!(member.get("Paused"), Some("1"), "{member:?}");
    assert_eq!(observer.key("other", "thing"), "kept");
    assert!(observer.is_lit("mine"));
    assert_eq!(observer.count("QueueMemberRemoved", &[]), 0);
}

#[test]
fn an_account_without_rights_serves_clients_and_does_no_harm() {
    let Some(pbx) = Pbx::start() else { return };
    let office = installed_office(&pbx);
    pbx.append("manager.d/weak.conf", "[weak]\nsecret = weak\nread = system,call\nwrite = call\n");
    pbx.cli("manager reload");
    office.set("ami.username", "weak");
    office.run_with_input(&["setting", "set", "ami.secret", "--value-stdin"], "weak\n");
    let server = office.serve();
    let mut observer = pbx.observer();
    observer.until("the account is logged in", |_| pbx.cli("manager show connected").contains("weak"));
    let mut client = server.logged_in("bertil");
    client.send(&json!({"class": "ipbxcommand", "command": "agentlogin", "commandid": 9}));
    client.fence();
    assert!(observer.members("support").is_empty(), "nothing is done without the right");
}
