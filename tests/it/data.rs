//! The data folder: first run, defaults, and the files that are not as they should be.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::PathBuf;

use rusqlite::Connection;
use serde_json::json;

use crate::support::Appliance;
use crate::support::client::getlist;
use crate::support::terminal::Terminal;

fn database(appliance: &Appliance) -> PathBuf {
    appliance.data().join("ctibox.db")
}

/// The command must fail, name the file, and leave it as it was.
fn refuses(appliance: &Appliance, words: &[&str]) {
    let file = database(appliance);
    let before = fs::read(&file).unwrap();
    let outcome = appliance.try_run(words).expect_code(1).expect_words(&["ctibox.db"]);
    assert!(!outcome.stderr.contains("panicked"), "{}", outcome.stderr);
    assert_eq!(before, fs::read(&file).unwrap(), "`{}` wrote to {}", outcome.line, file.display());
}

#[test]
fn the_first_run_makes_the_default_data() {
    let appliance = Appliance::new();
    let document = appliance.document();
    let names = |list: &str| -> Vec<String> {
        let list = document[list].as_array().unwrap();
        list.iter().map(|each| each["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("presence_groups"), ["xivo"]);
    assert_eq!(names("phone_hint_groups"), ["xivo"]);
    assert_eq!(names("profiles"), ["Supervisor", "Agent", "Client", "Switchboard"]);
    assert_eq!(names("contexts"), ["default"]);
    let presences = document["presence_groups"][0]["presences"].as_array().unwrap();
    let presences: Vec<&str> = presences.iter().map(|each| each["name"].as_str().unwrap()).collect();
    assert_eq!(presences, ["available", "away", "outtolunch", "donotdisturb", "berightback", "disconnected"]);
}

#[test]
fn the_french_texts_come_when_asked_for() {
    let appliance = Appliance::untouched();
    appliance.run(&["init", "--language", "fr"]);
    assert!(appliance.run(&["export"]).stdout.contains("Déconnecté"));
    assert!(appliance.run(&["setting", "get", "people.columns"]).stdout.starts_with("name=Nom,number=Numéro,"));
}

#[test]
fn the_folder_is_closed_to_others() {
    let appliance = Appliance::new();
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(appliance.data().to_owned()), 0o750);
    assert_eq!(mode(database(&appliance)) & 0o007, 0, "others may read the database");
}

#[test]
fn a_corrupted_database_is_refused_and_left_alone() {
    let appliance = Appliance::company();
    let file = database(&appliance);
    let mut bytes = fs::read(&file).unwrap();
    for byte in bytes.iter_mut().skip(16) {
        *byte = 0xa5;
    }
    fs::write(&file, bytes).unwrap();
    refuses(&appliance, &["user", "list"]);
    refuses(&appliance, &["serve", "--listen", "127.0.0.1:0"]);
    appliance.try_run(&["check"]).expect_code(1);
}

#[test]
fn a_file_of_another_kind_is_refused_and_left_alone() {
    let appliance = Appliance::new();
    fs::write(database(&appliance), "dear diary\n".repeat(200)).unwrap();
    refuses(&appliance, &["user", "list"]);
    refuses(&appliance, &["serve", "--listen", "127.0.0.1:0"]);
}

#[test]
fn a_database_of_another_application_is_refused_and_left_alone() {
    let appliance = Appliance::new();
    let file = database(&appliance);
    let mut bytes = fs::read(&file).unwrap();
    // SQLite's header keeps application_id at offset 68
    bytes[68..72].copy_from_slice(&0x4745_4f21_u32.to_be_bytes());
    fs::write(&file, bytes).unwrap();
    refuses(&appliance, &["user", "list"]);
    refuses(&appliance, &["serve", "--listen", "127.0.0.1:0"]);
}

#[test]
fn a_database_of_a_newer_version_is_refused_and_left_alone() {
    let appliance = Appliance::new();
    let database = Connection::open(database(&appliance)).unwrap();
    database.pragma_update(None, "user_version", 9_999).unwrap();
    database.close().unwrap();
    refuses(&appliance, &["user", "list"]);
    refuses(&appliance, &["serve", "--listen", "127.0.0.1:0"]);
}

#[test]
fn a_check_of_an_older_database_says_what_brings_it_up_to_date() {
    let appliance = Appliance::new().on_any_port();
    // As the first version made it.
    fs::remove_file(database(&appliance)).unwrap();
    let file = Connection::open(database(&appliance)).unwrap();
    file.execute_batch(include_str!("../../migrations/V1__schema.sql")).unwrap();
    file.close().unwrap();
    let report = appliance.try_run(&["check"]).expect_code(0).stdout;
    for words in ["written by an older ctibox", "start the server or run any command", "0 errors, 1 warning"] {
        assert!(report.contains(words), "{report}");
    }
}

#[test]
fn a_read_only_folder_is_named_when_something_is_to_be_written() {
    let appliance = Appliance::new();
    // root obeys no mode bits, but takes the id of the folder's owner before it opens anything
    if rustix::process::geteuid().is_root() {
        for path in [appliance.data().to_owned(), database(&appliance)] {
            chown(path, Some(65_534), Some(65_534)).unwrap();
        }
        fs::set_permissions(appliance.data().parent().unwrap(), fs::Permissions::from_mode(0o755)).unwrap();
    }
    fs::set_permissions(database(&appliance), fs::Permissions::from_mode(0o440)).unwrap();
    fs::set_permissions(appliance.data(), fs::Permissions::from_mode(0o550)).unwrap();
    refuses(&appliance, &["context", "add", "sales"]);
    fs::set_permissions(appliance.data(), fs::Permissions::from_mode(0o750)).unwrap();
}

#[test]
fn a_folder_that_does_not_exist_is_an_error_for_commands_that_need_it() {
    let appliance = Appliance::untouched();
    appliance.try_run(&["user", "list"]).expect_code(1);
    assert!(!appliance.data().exists(), "a reading command made the folder");
}

#[test]
fn a_check_of_an_empty_folder_is_no_failure() {
    let appliance = Appliance::untouched();
    appliance.run(&["check"]);
    fs::create_dir(appliance.data()).unwrap();
    appliance.run(&["check"]);
}

#[test]
fn a_check_of_a_served_folder_finds_nothing() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    appliance.run(&["check"]);
    drop(server);
}

#[test]
fn init_on_a_full_folder_changes_nothing() {
    let appliance = Appliance::company();
    let before = appliance.run(&["export", "--with-secrets"]).stdout;
    appliance.try_run(&["init"]);
    assert_eq!(before, appliance.run(&["export", "--with-secrets"]).stdout);
}

#[test]
fn a_backup_can_be_restored() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let file = appliance.beside("backup.db");
    let path = file.to_str().unwrap();
    appliance.run(&["backup", path]);
    drop(server);
    appliance.run(&["user", "remove", "agnes"]);
    appliance.run(&["restore", path]);
    appliance.serve().logged_in("agnes");
}

/// Whoever has it open is named, for the console may be on somebody else's screen.
#[test]
fn a_restore_under_a_console_says_whose_it_is() {
    let appliance = Appliance::company();
    let file = appliance.beside("backup.db");
    let path = file.to_str().unwrap();
    appliance.run(&["backup", path]);
    let mut console = Terminal::console(&appliance, "xterm-256color", &["--screen", "users"]);
    console.await_words("agnes");
    appliance
        .try_run(&["restore", path, "--yes"])
        .expect_code(1)
        .expect_words(&["is in use by ctibox console (pid ", "leave that console"]);
}

#[test]
fn a_backup_that_is_none_leaves_the_old_data() {
    let appliance = Appliance::company();
    let file = appliance.beside("no-backup");
    let path = file.to_str().unwrap();
    let hint = "name a file that `ctibox backup FILE` wrote; the nightly ones are in";
    appliance.try_run(&["restore", path]).expect_code(1).expect_words(&["there is no backup at", hint]);
    fs::write(&file, "nothing of the kind").unwrap();
    appliance.try_run(&["restore", path]).expect_code(1).expect_words(&["is not a ctibox database", hint]);
    appliance.serve().logged_in("agnes");
}

#[test]
fn ids_are_never_used_twice() {
    let appliance = Appliance::company();
    let id = |login: &str| {
        let document = appliance.document();
        let users = document["users"].as_array().unwrap().clone();
        users.iter().find(|user| user["login"] == login).unwrap()["id"].as_i64().unwrap()
    };
    appliance.add_user("first", &["--first-name", "First"]);
    let first = id("first");
    appliance.run(&["user", "remove", "first"]);
    appliance.add_user("second", &["--first-name", "Second"]);
    assert!(id("second") > first);
}

#[test]
fn info_masks_every_secret() {
    let appliance = Appliance::company();
    appliance.set("ami.secret", "very-secret-word");
    let outcome = appliance.run(&["info"]);
    assert!(!outcome.stdout.contains("very-secret-word"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("ami.secret"));
    let outcome = appliance.run(&["setting", "get", "ami.secret"]);
    assert!(!outcome.stdout.contains("very-secret-word"), "{}", outcome.stdout);
}

#[test]
fn a_database_that_is_replaced_while_served_is_told_and_no_service_is_promised() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = server.client("agnes");
    let id = agnes.log_in("agnes", "available")["userid"].as_str().unwrap().to_owned();
    agnes.fence();
    std::fs::rename(appliance.data().join("ctibox.db"), appliance.beside("moved.db")).unwrap();
    server.await_log(&["ERROR", "cannot read the settings", "was removed or replaced"]);
    agnes.send(&json!({"class": "featuresput", "function": "enablednd", "value": true}));
    server.await_log(&["ERROR", "cannot keep what users did", "was removed or replaced"]);
    agnes.receive_where(|message| message["status"] == "service_unavailable");
    agnes.receive_where(|message| message["config"]["enablednd"] == false);
    assert_eq!(agnes.ask(&getlist("updateconfig", "users", &id))["config"]["enablednd"], false);
    std::fs::rename(appliance.beside("moved.db"), appliance.data().join("ctibox.db")).unwrap();
    agnes.send(&json!({"class": "featuresput", "function": "enablednd", "value": true}));
    agnes.receive_where(|message| message["config"]["enablednd"] == true);
}
