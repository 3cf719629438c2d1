//! `ctibox history`: who changed what, and taking it back while a server runs and others change things too.

use serde_json::Value;

use crate::support::Appliance;
use crate::support::cli::PASSWORD;

/// The newest entry whose words hold this, not as those of a line name its user.
fn entry(appliance: &Appliance, words: &str) -> String {
    let entries = appliance.run(&["history", "--limit", "1000", "--json"]).json();
    let of_owner = format!("of {words}");
    let is_meant = |entry: &&Value| {
        let told = entry["words"].as_str().unwrap();
        told.contains(words) && !told.contains(&of_owner)
    };
    let found = entries.as_array().unwrap().iter().find(is_meant);
    found.unwrap_or_else(|| panic!("no {words:?} in {entries:#}"))["id"].to_string()
}

/// Takes the newest changes whose words hold these back, together.
fn undo(appliance: &Appliance, words: &[&str]) {
    let entries: Vec<String> = words.iter().map(|words| entry(appliance, words)).collect();
    let line: Vec<&str> = ["history", "undo"].into_iter().chain(entries.iter().map(String::as_str)).collect();
    appliance.run(&line);
}

/// The exported configuration without the numbers that only count up.
fn configuration(appliance: &Appliance) -> Value {
    let mut document = appliance.document();
    document["next_ids"] = Value::Null;
    document
}

#[test]
fn a_rename_is_named_and_taken_back_before_the_eyes_of_a_connected_client() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut watcher = server.logged_in("bertil");
    appliance.run(&["user", "edit", "agnes", "--last-name", "Omega"]);
    watcher.receive_where(|message| message["config"]["lastname"] == "Omega");
    let listed = appliance.run(&["history", "--limit", "1"]).stdout;
    assert!(listed.contains(r#"user "agnes": last name "Alpha" -> "Omega""#), "{listed}");
    let id = entry(&appliance, "Omega");
    let shown = appliance.run(&["history", "show", &id]).stdout;
    assert!(shown.contains(r#""last_name":"Alpha""#) && shown.contains(r#""last_name":"Omega""#), "{shown}");
    appliance.run(&["history", "undo", &id]).expect_words(&["undone: "]);
    watcher.receive_where(|message| message["config"]["lastname"] == "Alpha");
    // Taking back is a change like any other.
    undo(&appliance, &[r#""Omega" -> "Alpha""#]);
    watcher.receive_where(|message| message["config"]["lastname"] == "Omega");
}

#[test]
fn what_was_changed_again_is_left_alone_and_both_versions_are_told() {
    let appliance = Appliance::company();
    appliance.run(&["user", "edit", "agnes", "--last-name", "Omega"]);
    let first = entry(&appliance, "Omega");
    appliance.run(&["user", "edit", "agnes", "--last-name", "Zeta"]);
    let before = appliance.document();
    appliance
        .try_run(&["history", "undo", &first])
        .expect_code(1)
        .expect_words(&[r#""Omega" -> "Zeta""#, "ctibox history --kind user --object 1"]);
    assert_eq!(appliance.document(), before);
    // Both together go back to the beginning.
    let second = entry(&appliance, "Zeta");
    appliance.run(&["history", "undo", &first, &second]);
    assert_eq!(appliance.document()["users"][0]["last_name"], "Alpha");
}

#[test]
fn what_was_added_goes_again() {
    let appliance = Appliance::company();
    let before = configuration(&appliance);
    appliance.run(&["presence", "add", "lunch", "--reachable", "available"]);
    appliance.run(&["profile", "add", "Bare"]);
    appliance.add_user("cyril", &["--first-name", "Cyril", "--profile", "Client"]);
    appliance.run(&["line", "add", "1003", "--context", "default", "--user", "cyril"]);
    undo(&appliance, &[r#"line "1003@default" of user "cyril" was added"#]);
    undo(&appliance, &[r#"user "cyril" was added"#]);
    undo(&appliance, &[r#"profile "Bare" was added"#]);
    undo(&appliance, &[r#"presence "lunch" in group "xivo" was added"#]);
    assert_eq!(configuration(&appliance), before);
}

#[test]
fn what_was_removed_comes_back_under_its_old_id() {
    let appliance = Appliance::company();
    appliance.run(&["presence", "group", "add", "other"]);
    appliance.run(&["profile", "add", "Bare"]);
    let before = configuration(&appliance);
    let ids = |list: &str| -> Vec<String> {
        let entries = appliance.run(&["history", "--limit", "20", "--json"]).json();
        let is_meant = |entry: &&Value| entry["words"].as_str().unwrap().contains(list) && entry["after"].is_null();
        entries.as_array().unwrap().iter().filter(is_meant).map(|entry| entry["id"].to_string()).collect()
    };
    appliance.run(&["profile", "remove", "Bare"]);
    undo(&appliance, &[r#"profile "Bare" was removed"#]);
    appliance.run(&["line", "remove", "1001"]);
    undo(&appliance, &[r#"line "1001@default" of user "agnes" was removed"#]);
    // A group cannot be without its presences: the hint names all that belong together.
    appliance.run(&["presence", "group", "remove", "other"]);
    let group = entry(&appliance, r#"presence group "other" was removed"#);
    appliance
        .try_run(&["history", "undo", &group])
        .expect_code(1)
        .expect_words(&["is taken back together", "ctibox history undo --transaction"]);
    let all = ids("\"other\"");
    assert!(all.len() > 2, "{all:?}");
    appliance.run(&["history", "undo"].into_iter().chain(all.iter().map(String::as_str)).collect::<Vec<_>>());
    assert_eq!(configuration(&appliance), before);
}

#[test]
fn a_removed_user_comes_back_without_a_password_and_disabled() {
    let appliance = Appliance::company();
    let uuid = appliance.user_uuid("agnes");
    appliance.run(&["user", "remove", "agnes"]);
    let user = entry(&appliance, r#"user "agnes" was removed"#);
    let line = entry(&appliance, r#"line "1001@default" of user "agnes" was removed"#);
    let refused = appliance.try_run(&["history", "undo", &line]).expect_code(1);
    refused.expect_words(&["names user \"agnes\", which is not there any more"]);
    appliance.run(&["history", "undo", &line, &user]).expect_words(&["have none now and are disabled"]);
    assert_eq!(appliance.user_uuid("agnes"), uuid);
    let shown = appliance.run(&["user", "show", "agnes", "--json"]).json();
    assert_eq!((&shown["enabled"], &shown["password_hash"]), (&Value::Bool(false), &Value::Null));
    assert_eq!(appliance.document()["lines"][0]["user"], "agnes");
    appliance.run_with_input(&["user", "password", "agnes", "--password-stdin"], &format!("{PASSWORD}\n"));
    appliance.run(&["user", "enable", "agnes"]);
    appliance.serve().client("agnes").log_in("agnes", "available");
}

#[test]
fn no_secret_is_in_the_history_and_none_comes_out_of_it() {
    let appliance = Appliance::company();
    appliance.run_with_input(&["user", "password", "agnes", "--password-stdin"], "hunter2!\n");
    appliance.set("ami.secret", "swordfish");
    let text = appliance.run(&["history", "--limit", "1000", "--json"]).stdout;
    for secret in ["hunter2", "swordfish", "argon2"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let password = entry(&appliance, "a new password");
    let refused = appliance.try_run(&["history", "undo", &password]).expect_code(1);
    refused.expect_words(&["the history keeps no passwords"]);
}

#[test]
fn an_object_is_followed_through_its_names() {
    let appliance = Appliance::company();
    appliance.run(&["user", "edit", "agnes", "--rename", "agneta"]);
    appliance.run(&["user", "edit", "agneta", "--last-name", "Omega"]);
    let number = |words: &[&str]| {
        let line = [&["history", "--json"], words].concat();
        appliance.run(&line).json().as_array().unwrap().len()
    };
    for name in ["agnes", "agneta", "AGNES"] {
        assert_eq!(number(&["--object", name]), 3, "{name}");
    }
    assert_eq!(number(&["--kind", "user", "--object", "1"]), 3);
    assert_eq!(number(&["--kind", "line", "--object", "1001"]), 1);
    assert_eq!(number(&["--object", "nobody"]), 0);
    appliance.try_run(&["history", "show", "99999"]).expect_code(1).expect_words(&["there is no entry 99999"]);
    appliance.try_run(&["history", "undo", "-1"]).expect_code(2);
}

#[test]
fn what_one_command_changed_is_one_row_and_goes_back_together() {
    let appliance = Appliance::company();
    let before = configuration(&appliance);
    appliance.run(&["presence", "group", "add", "other"]);
    appliance.run(&["user", "remove", "agnes"]);
    let transactions = appliance.run(&["history", "--transactions", "--limit", "2", "--json"]).json();
    let words = transactions[0]["words"].as_str().unwrap();
    assert!(words.starts_with(r#"user "agnes" was removed; "#) && words.contains("line"), "{words}");
    assert!(transactions[0]["entries"].as_i64() > Some(1), "{transactions}");
    assert!(transactions[1]["words"].as_str().unwrap().starts_with(r#"presence group "other" was added; "#));
    let id = transactions[1]["transaction"].to_string();
    appliance.run(&["history", "undo", "--transaction", &id]).expect_words(&["undone: "]);
    let line = entry(&appliance, r#"line "1001@default" of user "agnes" was removed"#);
    appliance.run(&["history", "undo", "--transaction", &line]);
    let mut now = configuration(&appliance);
    // What the history has no password of comes back without one.
    for member in ["enabled", "password_hash"] {
        now["users"][0][member] = before["users"][0][member].clone();
    }
    assert_eq!(now, before);
    let listed = appliance.run(&["history", "--transactions"]).stdout;
    assert!(listed.contains("ENTRIES"), "{listed}");
    appliance.try_run(&["history", "undo"]).expect_code(2);
    appliance.try_run(&["history", "undo", "--transaction", "99999"]).expect_code(1);
}

#[test]
fn an_undo_of_a_removal_tells_what_is_not_kept_longer_than_a_week() {
    let appliance = Appliance::company();
    appliance.run(&["user", "remove", "agnes", "--yes"]);
    let removal = appliance.run(&["history", "--limit", "1", "--json"]).json()[0]["transaction"].to_string();
    let gone = "were kept for a week and do not come back";
    let database = rusqlite::Connection::open(appliance.data().join("ctibox.db")).unwrap();
    database.execute("UPDATE audit SET at = at - 8 * 24 * 3600", []).unwrap();
    let undone = appliance.run(&["history", "undo", "--transaction", &removal]);
    undone.expect_words(&[gone]);
    appliance.run(&["user", "remove", "agnes", "--yes"]);
    let removal = appliance.run(&["history", "--limit", "1", "--json"]).json()[0]["transaction"].to_string();
    let undone = appliance.run(&["history", "undo", "--transaction", &removal]);
    assert!(!format!("{}{}", undone.stdout, undone.stderr).contains(gone));
}
