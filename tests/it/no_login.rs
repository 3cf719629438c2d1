//! Users without a login: everybody who has a telephone and no client (settings §8). They are in lists, searches and
//! contexts as all are, and nobody logs in as one.

use serde_json::{Value, json};

use crate::support::client::getlist;
use crate::support::{Appliance, Client};

/// The office, and the workshop: id 3, line 1009, an address and no login.
fn with_workshop() -> Appliance {
    let appliance = Appliance::company();
    let added = appliance.run(&["user", "add", "--no-login", "--first-name", "Work", "--last-name", "Shop"]);
    added.expect_words(&["user 3 \"Work Shop\" was added with id 3", "--user 3` gives a line"]);
    appliance.run(&["user", "edit", "3", "--email", "Workshop@example.org"]);
    appliance.run(&["line", "add", "1009", "--context", "default", "--user", "3"]);
    appliance
}

fn asked(client: &mut Client, function: &str, tid: &str) -> Value {
    client.send(&getlist(function, "users", tid));
    client.receive_where(|message| message["class"] == "getlist" && message["function"] == function)
}

#[test]
fn a_telephone_without_a_client_is_a_user_like_any_other() {
    let appliance = with_workshop();
    let listed = appliance.run(&["user", "list"]).stdout;
    let row = listed.lines().find(|line| line.contains("Work Shop")).unwrap();
    assert!(row.starts_with("(id 3)") && row.contains("1009") && row.trim_end().ends_with("no"), "{listed}");
    let shown = appliance.run(&["user", "show", "workshop@EXAMPLE.org"]).stdout;
    assert!(shown.contains("no login: never logs in") && shown.contains("1009 in default"), "{shown}");
    assert_eq!(appliance.run(&["user", "list", "--json"]).json()[2]["login"], json!(null));
    // Nobody listens here; the usual port may be taken.
    appliance.set("client.port", "0");
    appliance.run(&["check"]).expect_words(&["nothing is wrong"]);
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    assert_eq!(asked(&mut agnes, "listid", "")["list"], json!(["1", "2", "3"]));
    assert_eq!(asked(&mut agnes, "updateconfig", "3")["config"]["fullname"], "Work Shop");
    assert_eq!(asked(&mut agnes, "updatestatus", "3")["status"]["availstate"], "disconnected");
    agnes.send(&json!({"class": "people_search", "pattern": "1009"}));
    let found = agnes.receive_where(|message| message["class"] == "people_search_result");
    assert_eq!(found["results"][0]["column_values"][0], "Work Shop");
}

#[test]
fn nobody_logs_in_as_a_user_without_a_login_until_one_is_given() {
    let appliance = with_workshop();
    let server = appliance.serve();
    for (login, password) in [("", ""), ("3", ""), ("workshop@example.org", "secret")] {
        let answer = server.client("none").authenticate(login, password, ("wazoversion", "2.3"));
        assert!(answer.get("capalist").is_none(), "{login:?}: {answer}");
    }
    let enable = appliance.try_run(&["user", "enable", "3"]).expect_code(1);
    enable.expect_words(&[
        "user 3 \"Work Shop\": has no login, so cannot be enabled (rule U4)",
        "user edit 3 --rename NEW",
    ]);
    let password = appliance.try_run_with_input(&["user", "password", "3", "--password-stdin"], "secret\n");
    password.expect_code(1).expect_words(&["(rule U4)"]);
    appliance.try_run(&["user", "disconnect", "3"]).expect_code(1).expect_words(&["has no login, and so no session"]);
    appliance.run(&["user", "edit", "3", "--rename", "workshop", "--profile", "Client"]);
    appliance.run_with_input(&["user", "password", "workshop", "--password-stdin"], "a good secret\n");
    appliance.run(&["user", "enable", "workshop@example.org"]);
    let entered = server.client("workshop").authenticate("workshop", "a good secret", ("wazoversion", "2.3"));
    assert!(entered.get("capalist").is_some(), "{entered}");
}

#[test]
fn a_login_that_is_taken_away_ends_the_sessions_and_takes_the_password_along() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut bertil = server.logged_in("bertil");
    appliance.run(&["user", "edit", "bertil", "--no-login"]).expect_words(&["user 2 \"Bertil Beta\" was changed"]);
    bertil.receive_where(|message| message["class"] == "disconnect");
    let shown = appliance.run(&["user", "show", "2", "--json"]).json();
    assert_eq!(
        (&shown["login"], &shown["password_hash"], &shown["enabled"]),
        (&json!(null), &json!(null), &json!(false))
    );
    let history = appliance.run(&["history", "--object", "2", "--kind", "user"]).stdout;
    assert!(history.contains("user \"bertil\", now user 2 \"Bertil Beta\""), "{history}");
    let entry = history.lines().nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    appliance.run(&["history", "undo", &entry]).expect_words(&["had a password"]);
    assert_eq!(appliance.run(&["user", "show", "2", "--json"]).json()["login"], "bertil");
}

#[test]
fn a_user_is_named_by_login_uuid_id_or_address_wherever_one_is_named() {
    let appliance = with_workshop();
    let uuid = appliance.run(&["user", "show", "3", "--json"]).json()["uuid"].as_str().unwrap().to_owned();
    let names = ["3", uuid.as_str(), "workshop@example.org"];
    for name in names {
        appliance.run(&["user", "edit", name, "--mobile", "+331"]);
        appliance.run(&["line", "list", "--user", name]).expect_data(&["(id 3)"]);
        appliance.run(&["user", "disable", name]);
    }
    appliance.run(&["voicemail", "add", "9", "--context", "default", "--user", names[0]]);
    appliance.run(&["voicemail", "list"]).expect_data(&["(id 3)"]);
    appliance.run(&["agent", "add", "2109", "--first-name", "W", "--context", "default", "--user", names[1]]);
    appliance.run(&["agent", "edit", "2109", "--user", "agnes"]);
    appliance.run(&["agent", "edit", "2109", "--user", names[2]]);
    appliance.run(&["agent", "list"]).expect_data(&["(id 3)"]);
    appliance.run(&["user", "show", "1"]).expect_data(&["agnes"]);
    appliance.run(&["user", "remove", names[2], "--yes"]).expect_words(&["user 3 \"Work Shop\" was removed"]);
    appliance.try_run(&["user", "show", "3"]).expect_code(1).expect_words(&["there is no user \"3\""]);
}

#[test]
fn no_login_and_a_login_or_password_are_not_said_together() {
    let appliance = Appliance::new();
    let add = |more: &[&'static str]| [&["user", "add", "--first-name", "F"], more].concat();
    for more in [&["ann", "--no-login"][..], &["--no-login", "--generate-password"], &["--no-login", "--disabled"], &[]]
    {
        appliance.try_run(&add(more)).expect_code(2);
    }
    appliance.run(&add(&["--no-login"]));
    appliance.try_run(&["user", "edit", "1", "--rename", "x1", "--no-login"]).expect_code(2);
}

#[test]
fn the_document_takes_users_without_a_login_to_another_machine() {
    let appliance = with_workshop();
    appliance.run(&["voicemail", "add", "1009", "--context", "default", "--user", "3"]);
    let document = appliance.document();
    let uuid = &document["users"][2]["uuid"];
    assert_eq!((&document["lines"][2]["user"], &document["voicemails"][0]["user"]), (uuid, uuid));
    let other = Appliance::untouched();
    other.run_with_input(&["import", "-"], &document.to_string());
    assert_eq!(other.document(), document);
    appliance
        .run_with_input(&["import", "-", "--dry-run"], &document.to_string())
        .expect_words(&["nothing would change"]);
}
