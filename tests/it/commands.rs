//! What holds of every command: exit codes, streams, a missing folder, root on somebody else's folder, secrets,
//! completion of values.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::json;

use super::support::Appliance;

#[test]
fn a_missing_folder_is_named_with_the_command_that_makes_one() {
    let appliance = Appliance::untouched();
    for command in [
        &["user", "list"][..],
        &["context", "add", "sales"],
        &["setting", "set", "client.port", "5004"],
        &["export"],
        &["backup", "/nowhere"],
        &["user", "add", "ann", "--first-name", "Ann", "--no-password"],
    ] {
        let outcome = appliance.try_run(command).expect_code(1);
        outcome.expect_words(&[&appliance.data().display().to_string(), "hint: ", "`ctibox init`"]);
    }
    assert!(!appliance.data().exists());
}

#[test]
fn check_and_info_take_a_missing_folder_for_what_it_is() {
    let appliance = Appliance::untouched();
    let said = appliance.run(&["check"]).stdout;
    assert!(said.contains("no data folder"), "{said}");
    assert_eq!(appliance.run(&["check", "--json"]).json()["data"], "missing");
    let info = appliance.run(&["info", "--json"]).json();
    assert_eq!(info["data_folder"], json!(appliance.data().display().to_string()));
    assert!(!appliance.data().exists());
}

#[test]
fn init_says_the_next_step_and_leaves_what_is_there_alone() {
    let appliance = Appliance::untouched();
    let made = appliance.run(&["init", "--language", "fr"]).expect_words(&["made", "hint: ", "user add"]);
    // What whoever comes from a XiVO is to decide before its clients come, with the command where it does something.
    let made =
        made.expect_words(&["old desktop clients know TLS 1.0 alone", "switch their encryption off", "replace them"]);
    let allows = made.stderr.contains("setting set encryption.allow_legacy_tls true` (it can be broken)");
    assert_eq!(allows, cfg!(feature = "legacy-tls"), "{}", made.stderr);
    let document = appliance.document();
    assert_eq!(document["presence_groups"][0]["presences"][1]["display"], "Sorti");
    appliance.run(&["init", "--language", "en"]).expect_words(&["already there", "warning: ", "--language"]);
    assert_eq!(appliance.document(), document);
    appliance.try_run(&["init", "--language", "eo"]).expect_code(2).expect_words(&["en, fr"]);
}

#[test]
fn usage_is_2_failure_is_1_and_help_is_0() {
    let appliance = Appliance::new();
    for command in [&["nonsense"][..], &["user", "add", "ann"], &["user", "show"], &["presence", "list", "--colour"]] {
        appliance.try_run(command).expect_code(2).expect_words(&["Usage: "]);
    }
    appliance.try_run(&["user", "show", "nobody"]).expect_code(1).expect_words(&["nobody", "ctibox user list"]);
    assert!(appliance.run(&["user", "add", "--help"]).stdout.contains("Example:"));
}

#[test]
fn the_version_names_the_commit_and_the_build_in_full_and_one_line_in_short() {
    let appliance = Appliance::untouched();
    let short = appliance.run(&["-V"]).stdout;
    assert_eq!(short, format!("ctibox {}\n", env!("CARGO_PKG_VERSION")));
    let full = appliance.run(&["--version"]).stdout;
    let lines: Vec<&str> = full.lines().collect();
    assert_eq!((lines.len(), lines[0]), (3, short.trim_end()), "{full}");
    assert!(lines[1].starts_with("commit ") && lines[2].starts_with("build "), "{full}");
    let info = appliance.run(&["info", "--json"]).json();
    assert_eq!(format!("commit {}", info["commit"].as_str().unwrap()), lines[1]);
    assert_eq!(format!("build {}", info["build"].as_str().unwrap()), lines[2]);
}

#[test]
fn a_reader_who_has_read_enough_is_no_failure() {
    let appliance = Appliance::new();
    let mut child =
        appliance.command(&["setting", "list"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}

#[test]
fn what_a_terminal_would_obey_is_not_said() {
    let appliance = Appliance::new();
    let outcome = appliance.try_run(&["user", "show", "\u{1b}[2J\u{9b}31m"]).expect_code(1);
    assert!(!outcome.stderr.contains(['\u{1b}', '\u{9b}']), "{:?}", outcome.stderr);
}

#[test]
fn quiet_leaves_out_notes_and_hints_but_no_warning() {
    let appliance = Appliance::new();
    let said = appliance.run(&["--quiet", "context", "add", "sales"]).stderr;
    assert_eq!(said, "");
    let said = appliance.run(&["-q", "setting", "set", "encryption.mode", "off"]).stderr;
    assert!(said.starts_with("warning: ") && said.lines().count() == 1, "{said}");
}

#[test]
fn passwords_come_from_stdin_or_are_made_and_never_from_the_command_line() {
    let appliance = Appliance::new();
    let add = |login, how| ["user", "add", login, "--first-name", "F", "--profile", "Client", how];
    appliance.try_run(&["user", "add", "ann", "--first-name", "Ann", "--password", "secret"]).expect_code(2);
    appliance.try_run(&["user", "add", "ann", "--first-name", "Ann"]).expect_code(2).expect_words(&["--no-password"]);
    appliance.try_run_with_input(&add("ann", "--password-stdin"), "abc\n").expect_code(1).expect_words(&["(rule U2)"]);
    appliance.run_with_input(&add("ann", "--password-stdin"), "four and more\nignored\n");
    let made = appliance.run(&add("ben", "--generate-password")).stdout;
    assert!(made.trim_end().len() >= 16 && made.lines().count() == 1, "{made}");
    let again = appliance.run(&["user", "password", "ben", "--generate-password", "--json"]).json();
    assert_ne!(again["password"], json!(made.trim_end()));
    for command in [&["user", "show", "ben"][..], &["user", "list", "--json"], &["export"], &["info"]] {
        let said = appliance.run(command).stdout;
        assert!(!said.contains("argon2") && !said.contains(made.trim_end()), "{said}");
    }
}

#[test]
fn secrets_are_shown_as_set() {
    let appliance = Appliance::new();
    let key = "ami.secret";
    assert_eq!(appliance.run(&["setting", "get", key]).stdout, "not set\n");
    appliance.run_with_input(&["setting", "set", key, "--value-stdin"], "hunter2\n");
    assert_eq!(appliance.run(&["setting", "get", key]).stdout, "set\n");
    for command in [&["setting", "list"][..], &["setting", "get", key, "--json"], &["info"], &["export"]] {
        let said = appliance.run(command).stdout;
        assert!(!said.contains("hunter2"), "{said}");
    }
    appliance.run(&["setting", "set", key, "hunter3"]).expect_words(&["warning: ", "--value-stdin"]);
}

#[test]
fn an_empty_optional_value_means_none() {
    let appliance = Appliance::company();
    appliance.run(&["user", "edit", "agnes", "--email", "a@example.org", "--mobile", "+33123"]);
    appliance.run(&["user", "edit", "agnes", "--email", "", "--last-name", ""]);
    let user = appliance.run(&["user", "show", "agnes", "--json"]).json();
    assert_eq!((&user["email"], &user["last_name"], &user["mobile"]), (&json!(null), &json!(""), &json!("+33123")));
    appliance.run(&["agent", "edit", "2105", "--user", ""]);
    assert_eq!(appliance.run(&["agent", "show", "2105", "--json"]).json()["user"], json!(null));
    appliance.run(&["queue", "add", "help", "--number", "3001", "--context", "default", "--display", ""]);
    assert_eq!(appliance.run(&["queue", "show", "help", "--json"]).json()["display"], "help");
}

#[test]
fn a_line_moves_with_one_context_named_or_two() {
    let appliance = Appliance::company();
    appliance.run(&["context", "add", "sales"]);
    let context = || appliance.run(&["line", "show", "1001", "--json"]).json()["context"].take();
    appliance.run(&["line", "move", "1001", "--context", "default", "--to", "sales"]);
    assert_eq!(context(), "sales");
    appliance.run(&["line", "move", "1001", "--context", "default"]);
    assert_eq!(context(), "default");
    appliance.try_run(&["line", "move", "1001", "--context", "sales", "--to", "default"]).expect_code(1);
    let listed = appliance.run(&["user", "list"]).stdout;
    assert!(listed.contains("1001") && !listed.contains("no line"), "{listed}");
    appliance.run(&["line", "remove", "1001"]);
    assert!(appliance.run(&["user", "list"]).stdout.contains("no line"));
}

#[test]
fn a_room_gets_a_pin_that_is_told_once() {
    let appliance = Appliance::new();
    let add = ["conference", "add", "4001", "--name", "Round", "--context", "default", "--pin"];
    let pin = appliance.run(&add).stdout;
    assert!(pin.trim_end().bytes().all(|byte| byte.is_ascii_digit()) && pin.len() > 4, "{pin}");
    assert_eq!(appliance.run(&["conference", "show", "4001", "--json"]).json()["pin"], "set");
    let bad = appliance.try_run_with_input(&["conference", "edit", "4001", "--pin-stdin"], "12ab\n").expect_code(1);
    assert!(!bad.stderr.contains("12ab"), "{}", bad.stderr);
    appliance.run(&["conference", "edit", "4001", "--no-pin"]);
    assert_eq!(appliance.run(&["conference", "show", "4001", "--json"]).json()["pin"], "not set");
}

#[test]
fn a_document_becomes_the_first_configuration_of_an_empty_folder() {
    let (old, new) = (Appliance::company(), Appliance::untouched());
    let file = old.beside("export.json");
    let file = file.to_str().unwrap();
    old.run(&["export", file, "--with-secrets"]);
    assert_eq!(std::fs::metadata(file).unwrap().mode() & 0o777, 0o600);
    new.run(&["import", file, "--dry-run"]);
    assert!(!new.data().exists());
    new.run(&["import", file]);
    let export = |appliance: &Appliance| appliance.run(&["export", "--with-secrets"]).stdout;
    assert_eq!(export(&old), export(&new));
}

#[test]
fn a_bad_document_is_refused_with_all_its_problems() {
    let appliance = Appliance::company();
    let mut document = appliance.document();
    document["users"][0]["login"] = json!("x");
    document["presence_groups"][0]["presences"][0]["color"] = json!("nope");
    document["lines"][0]["context"] = json!("nowhere");
    let file = appliance.beside("bad.json");
    std::fs::write(&file, document.to_string()).unwrap();
    let outcome = appliance.try_run(&["import", file.to_str().unwrap()]).expect_code(1);
    let outcome = outcome.expect_words(&["rule U1", "rule P6", "nowhere"]);
    assert!(outcome.stderr.matches("error: ").count() >= 3, "{}", outcome.stderr);
}

#[test]
fn the_shell_completes_logins_and_profiles() {
    let appliance = Appliance::company();
    let complete = |words: &[&str]| {
        let data = appliance.data().to_str().unwrap();
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_ctibox"))
            .env("CTIBOX_COMPLETE", "fish")
            .args([&["--", "ctibox", "--data", data], words].concat())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(complete(&["user", "show", "ag"]).starts_with("agnes"), "{}", complete(&["user", "show", "ag"]));
    assert!(complete(&["user", "edit", "agnes", "--profile", ""]).contains("Switchboard"));
    assert!(complete(&["presence", "show", "a"]).contains("away"));
    assert!(appliance.run(&["completions", "bash"]).stdout.contains("CTIBOX_COMPLETE"));
    appliance.try_run(&["completions", "tcsh"]).expect_code(2).expect_words(&["bash", "zsh"]);
}

#[test]
fn help_and_manual_open_no_folder() {
    let appliance = Appliance::untouched();
    assert!(appliance.run(&["man"]).stdout.contains(".TH ctibox"));
    let folder = appliance.beside("man");
    std::fs::create_dir(&folder).unwrap();
    appliance.run(&["man", "--folder", folder.to_str().unwrap()]);
    assert!(folder.join("ctibox-user-add.1").exists());
    assert!(!appliance.data().exists());
}

/// The user of the service in the tests below. Only root can show them; others have nothing to give up.
const SERVICE: u32 = 12_345;

/// An empty data folder of the service's user; None where we are not root.
fn folder_of_the_service() -> Option<Appliance> {
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let appliance = Appliance::untouched();
    std::fs::create_dir(appliance.data()).unwrap();
    chown(appliance.data(), Some(SERVICE), Some(SERVICE)).unwrap();
    // The owner must be able to reach the folder.
    let parent = appliance.data().parent().unwrap();
    chown(parent, Some(SERVICE), Some(SERVICE)).unwrap();
    Some(appliance)
}

fn all_belongs_to_the_service(folder: &Path, when: &str) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let metadata = path.symlink_metadata().unwrap();
        assert_eq!((metadata.uid(), metadata.gid()), (SERVICE, SERVICE), "{} {when}", path.display());
        // Certificates are public.
        let is_public = path.extension().is_some_and(|end| end == "crt");
        assert!(is_public || metadata.mode() & 0o007 == 0, "{} {when}", path.display());
        if metadata.is_dir() {
            all_belongs_to_the_service(&path, when);
        }
    }
}

#[test]
fn root_leaves_nothing_of_its_own_in_a_folder_of_the_service() {
    let Some(appliance) = folder_of_the_service() else { return };
    let home = appliance.data();
    let folder = home.join("some/data");
    let made = Command::new(env!("CARGO_BIN_EXE_ctibox")).arg("--data").arg(&folder).arg("init").output().unwrap();
    assert!(made.status.success(), "{made:?}");
    all_belongs_to_the_service(home, "after init");
    assert!(folder.join("ctibox.db").exists());
}

#[test]
fn root_works_as_the_owner_of_the_folder() {
    let Some(appliance) = folder_of_the_service() else { return };
    appliance.run(&["init"]);
    appliance.run(&["context", "add", "sales"]);
    for entry in std::fs::read_dir(appliance.data()).unwrap() {
        let metadata = entry.unwrap().metadata().unwrap();
        assert_eq!((metadata.uid(), metadata.gid(), metadata.mode() & 0o077), (SERVICE, SERVICE, 0));
    }
    let output = appliance.command(&["context", "list"]).uid(SERVICE).gid(SERVICE).output().unwrap();
    assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).contains("sales"), "{output:?}");
}

/// `serve` as the service's user, until it is ready; killed when the test fails.
fn serve_as_the_service(appliance: &Appliance) -> ServiceProcess {
    let mut command = appliance.command(&["serve", "--listen", "127.0.0.1:0"]);
    let mut child = command.uid(SERVICE).gid(SERVICE).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let process = ServiceProcess(child);
    assert!(line.starts_with("ready "), "{line:?}");
    process
}

struct ServiceProcess(Child);

impl ServiceProcess {
    fn stop(mut self) {
        let pid = rustix::process::Pid::from_child(&self.0);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        assert!(self.0.wait().unwrap().success());
    }
}

impl Drop for ServiceProcess {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn root_and_the_service_share_a_folder() {
    let Some(appliance) = folder_of_the_service() else { return };
    let folder = appliance.data();
    appliance.run(&["init"]);
    all_belongs_to_the_service(folder, "after init");
    appliance.add_user("agnes", &["--first-name", "Agnes", "--profile", "Client"]);
    let server = serve_as_the_service(&appliance);
    all_belongs_to_the_service(folder, "when served");
    let (copy, document) = (appliance.beside("copy.db"), appliance.beside("document.json"));
    let (copy, document) = (copy.to_str().unwrap(), document.to_str().unwrap());
    for words in [
        &["line", "add", "1001", "--context", "default", "--user", "agnes"][..],
        &["user", "password", "agnes", "--generate-password"],
        &["setting", "set", "context_separation", "true"],
        &["certificate", "renew"],
        &["certificate", "show"],
        &["backup", copy],
        &["export", document],
        &["import", document],
        &["user", "list"],
        &["sessions"],
        &["health"],
        &["info"],
        &["check"],
        &["user", "disconnect", "agnes"],
    ] {
        appliance.run(words);
        all_belongs_to_the_service(folder, &words.join(" "));
    }
    server.stop();
    appliance.set("client.port", "0");
    for words in [&["context", "add", "sales"][..], &["restore", copy], &["check"], &["certificate", "renew"]] {
        appliance.run(words);
        all_belongs_to_the_service(folder, &words.join(" "));
        appliance.set("client.port", "0");
    }
    let server = serve_as_the_service(&appliance);
    appliance.run(&["health"]);
    server.stop();
    all_belongs_to_the_service(folder, "in the end");
}

#[test]
fn a_setting_says_which_layer_it_comes_from() {
    let appliance = Appliance::new();
    appliance.set("client.login_timeout", "7");
    let origin = |key: &str| appliance.run(&["setting", "get", key, "--json"]).json()["origin"].clone();
    assert_eq!(origin("client.listen"), "default");
    assert_eq!(origin("client.login_timeout"), "database");
    let server = appliance.serve();
    assert_eq!(origin("client.listen"), "command line");
    assert_eq!(origin("client.login_timeout"), "database");
    let list = appliance.run(&["setting", "list"]).stdout;
    let line = list.lines().find(|line| line.starts_with("client.listen ")).unwrap();
    assert!(line.contains("127.0.0.1 ") && line.contains(" command line "), "{line}");
    assert!(appliance.run(&["info"]).stdout.contains("command line"));
    appliance.run(&["setting", "set", "client.listen", "127.0.0.2"]).expect_words(&["warning: ", "command line"]);
    drop(server);
    assert_eq!(origin("client.listen"), "database");
    appliance.run(&["setting", "unset", "client.listen"]);
    assert_eq!(origin("client.listen"), "default");
}
