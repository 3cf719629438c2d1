//! Accounts of the administrative interfaces: their commands, that they are a table like every other, and what a desktop
//! client is told that logs in with one.

use serde_json::json;

use crate::support::Appliance;
use crate::support::cli::Outcome;

const CRM: [&str; 9] =
    ["account", "add", "crm", "--kind", "service", "--right", "read-status", "--right", "write-presence"];

fn add_crm(appliance: &Appliance, more: &[&str]) {
    let words = [&CRM[..], &["--password-stdin"], more].concat();
    appliance.run_with_input(&words, "opensesame\n").expect_words(&["service account \"crm\" was added"]);
}

fn account(appliance: &Appliance, name: &str) -> serde_json::Value {
    appliance.run(&["account", "show", name, "--json"]).json()
}

fn undo_newest(appliance: &Appliance) -> Outcome {
    let entries = appliance.run(&["history", "--json"]).json();
    let newest = entries.as_array().unwrap().iter().filter_map(|entry| entry["id"].as_i64()).max().unwrap();
    appliance.run(&["history", "undo", &newest.to_string()])
}

#[test]
fn an_account_is_added_changed_and_removed() {
    let appliance = Appliance::new();
    appliance.run(&["context", "add", "sales"]);
    add_crm(&appliance, &["--context", "sales"]);
    let shown = account(&appliance, "CRM");
    assert_eq!(shown["rights"], json!(["read-status", "write-presence"]));
    assert_eq!((&shown["contexts"], &shown["password_hash"]), (&json!(["sales"]), &json!("set")));
    assert_eq!((&shown["kind"], &shown["enabled"]), (&json!("service"), &json!(true)));
    appliance.run(&["account", "set", "crm", "--rename", "billing", "--right", "configuration", "--all-contexts"]);
    appliance.run(&["account", "disable", "billing"]).expect_words(&["account \"billing\" may not be used"]);
    let listed = appliance.run(&["account", "list"]).stdout;
    let row = listed.lines().find(|line| line.starts_with("billing")).unwrap();
    assert_eq!(
        row.split_whitespace().collect::<Vec<_>>(),
        ["billing", "service", "no", "set", "all", "configuration"],
        "{listed}"
    );
    appliance.run(&["account", "enable", "billing"]);
    assert_eq!(account(&appliance, "billing")["enabled"], true);
    let made = appliance.run(&["account", "password", "billing", "--generate-password", "--json"]).json();
    assert!(made["password"].as_str().is_some_and(|password| password.len() > 8), "{made}");
    appliance.run(&["account", "remove", "billing", "--yes"]);
    appliance
        .try_run(&["account", "show", "billing"])
        .expect_code(1)
        .expect_words(&["there is no account \"billing\""]);
}

#[test]
fn what_no_account_can_be_is_refused_with_the_way_out() {
    let appliance = Appliance::new();
    appliance.run(&["context", "add", "sales"]);
    add_crm(&appliance, &["--context", "sales"]);
    let refused = |words: &[&str], told: &[&str]| {
        appliance.try_run(&[words, &["--no-password"]].concat()).expect_code(1).expect_words(told);
    };
    refused(
        &["account", "add", "Crm", "--kind", "admin", "--right", "sessions"],
        &["has the same name", "rule A1", "`ctibox account list`"],
    );
    refused(&["account", "add", "a:b", "--kind", "admin", "--right", "sessions"], &["this has ':'", "`helpdesk`"]);
    refused(&["account", "add", "root", "--kind", "god", "--right", "sessions"], &["one of admin, service"]);
    refused(
        &["account", "add", "root", "--kind", "admin", "--right", "everything"],
        &["must be one of read-status, write-presence", "rule A2"],
    );
    refused(
        &["account", "add", "root", "--kind", "admin", "--right", "sessions", "--context", "nowhere"],
        &["there is no context \"nowhere\""],
    );
    appliance.try_run(&["account", "add", "root", "--kind", "admin"]).expect_code(2);
    // It would see everything without a word.
    let removed = appliance.try_run(&["context", "remove", "sales"]).expect_code(1);
    removed.expect_words(&["is used by 1 account", "rule C1"]);
}

#[test]
fn accounts_are_exported_imported_and_taken_back_like_every_table() {
    let appliance = Appliance::new();
    add_crm(&appliance, &[]);
    let document = appliance.document();
    assert_eq!(document["accounts"][0]["name"], "crm");
    assert!(document["accounts"][0]["password_hash"].is_null(), "{document}");
    appliance.run(&["account", "edit", "crm", "--right", "sessions"]);
    appliance.run(&["history"]).expect_data(&["account \"crm\""]);
    undo_newest(&appliance);
    assert_eq!(account(&appliance, "crm")["rights"], json!(["read-status", "write-presence"]));
    appliance.run(&["account", "remove", "crm", "--yes"]);
    undo_newest(&appliance).expect_words(&["had a password, which the history does not keep"]);
    assert_eq!(account(&appliance, "crm")["enabled"], false);
    // A document of a version without accounts says nothing of them; one that has none takes them away.
    let import = |change: fn(&mut serde_json::Map<String, serde_json::Value>)| {
        let mut document = appliance.document();
        change(document.as_object_mut().unwrap());
        let file = appliance.beside("document.json");
        std::fs::write(&file, document.to_string()).unwrap();
        appliance.run(&["import", file.to_str().unwrap(), "--yes"]);
    };
    import(|document| drop(document.remove("accounts")));
    assert_eq!(account(&appliance, "crm")["name"], "crm");
    import(|document| drop(document.insert("accounts".to_owned(), json!([]))));
    assert!(appliance.document()["accounts"].as_array().unwrap().is_empty());
}

#[test]
fn a_desktop_client_is_told_that_an_account_is_no_user() {
    let appliance = Appliance::company().on_any_port();
    add_crm(&appliance, &[]);
    appliance.set("auth.backends", "xivo_user,xivo_service");
    let server = appliance.serve();
    let answer = |login: &str, password: &str| {
        let answer = server.client("any").authenticate(login, password, ("wazoversion", "2.3"));
        answer["error_string"].as_str().unwrap_or("logged in").to_owned()
    };
    assert_eq!(answer("crm", "opensesame"), "user_not_found");
    assert_eq!(answer("crm", "wrong one"), "login_password");
    appliance.run(&["account", "disable", "crm"]);
    assert_eq!(answer("crm", "opensesame"), "login_password");
    server.await_log(&["login refused", "the account is disabled (xivo_service)"]);
    server.logged_in("agnes").fence();
}

#[test]
fn a_short_password_is_taken_and_warned_of_for_users_and_accounts_alike() {
    let appliance = Appliance::company();
    let account = [&CRM[..], &["--password-stdin"]].concat();
    let words = "warning: password: 4 characters are easily guessed; 8 or more are better";
    appliance.run_with_input(&account, "abcd\n").expect_words(&[words]);
    appliance.run_with_input(&["user", "password", "agnes", "--password-stdin"], "abcd\n").expect_words(&[words]);
    let long = appliance.run_with_input(&["account", "password", "crm", "--password-stdin"], "abcdefgh\n");
    assert!(!long.stderr.contains("guessed"), "{}", long.stderr);
}
