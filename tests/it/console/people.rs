//! People and what they get: a profile made from nothing and a user with a typed password, who logs in with both; what
//! History takes back.

use std::fs;

use serde_json::json;

use super::{eventually, presences};
use crate::support::Appliance;
use crate::support::terminal::{CLEAR, DOWN, ENTER, HOME, RIGHT, SAVE, SPACE, TAB, Terminal};

#[test]
fn a_profile_made_from_nothing_and_a_user_with_a_typed_password_log_in() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", "profiles"]);
    terminal.await_words("Switchboard").press("a").await_words("new profile");
    terminal.press(&format!("Front desk{SAVE}")).await_told("profile \"Front desk\" was added");
    terminal.await_told("F add Identity in grid").press(TAB).press("F").await_words("identity");
    terminal.press(SAVE).await_told("profile \"Front desk\" was changed");

    terminal.press("4").await_words("agnes").press("a").await_words("new user");
    terminal
        .press(&format!("dora{TAB}Dora{TAB}Delta{TAB}{TAB}{TAB}{TAB}F"))
        .await_words("Profile: F, ")
        .await_words("Front desk");
    terminal.press(&format!("{TAB}{TAB}{TAB}hunter2 typed{TAB}hunter2 typed"));
    terminal.await_words("*************");
    assert!(!terminal.screen().contains("hunter2"), "a password is never shown");
    terminal.press(SAVE).await_told("user \"dora\" was added");

    terminal.press("0").await_words("── Sessions");
    let capas = eventually(|| {
        let mut client = server.client("dora");
        let passed = client.authenticate("dora", "hunter2 typed", ("wazoversion", "2.3"));
        let profile = passed["capalist"][0].as_i64()?;
        let id = profile.to_string();
        client.send(&json!({"class": "login_capas", "capaid": id, "state": "available", "commandid": 3}));
        let capas = client.receive_class("login_capas");
        terminal.await_words("dora");
        Some(capas)
    });
    assert_eq!(capas["capaxlets"], json!([["identity", "grid"]]), "{capas}");
    assert_eq!(capas["appliname"], "Front desk");
}

#[test]
fn history_takes_a_change_back_and_refuses_when_the_object_changed_since() {
    let appliance = Appliance::company();
    let before = appliance.document();
    let mut terminal = presences(&appliance, "xterm-256color");
    terminal.press(DOWN).press(ENTER).await_words("edit away");
    terminal.press(&format!("{TAB}{CLEAR}Gone out{SAVE}")).await_words("was changed");
    terminal.press("h").await_words("── History").await_words("Gone out");
    terminal.press("u").await_words("Undo 1 change?").press("y").await_told("undone:");
    assert_eq!(appliance.document(), before);

    appliance.run(&["presence", "edit", "away", "--display", "First"]);
    appliance.run(&["presence", "edit", "away", "--display", "Second"]);
    terminal
        .await_times(2, "cli     presence")
        .press(HOME)
        .await_told("\"First\" -> \"Second\"")
        .press(DOWN)
        .press("u");
    // What cannot be done is told before anybody is asked.
    terminal.await_words("Changed again since").await_words("Second").await_words("First");
    assert!(appliance.document().to_string().contains("\"Second\""));
}

#[test]
fn who_uses_a_profile_is_moved_to_another_and_the_profile_removed() {
    let appliance = Appliance::company();
    let mut terminal = Terminal::console(&appliance, "screen-256color", &["--screen", "profiles"]);
    terminal.await_words("Switchboard").choose("Agent").press("d").await_told("is the profile of 1 user");
    terminal.press("w").await_words("bertil").press(ENTER).await_words("── Users").await_words("Beta");
    terminal.press("E").await_words("edit bertil");
    terminal.press(&TAB.repeat(6)).await_words("›  Profile").press(RIGHT).press(SAVE).await_told("was changed");
    // Esc leads back to where the user was gone to from.
    terminal.press("\x1b").await_words("who uses Agent").press("\x1b").await_words("pref.");
}

#[test]
fn an_account_and_a_stored_certificate_are_made_and_the_certificate_reaches_clients() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", "accounts"]);
    terminal.await_words("There is no account yet").press("a").await_words("new account");
    terminal.press(&format!("crm{TAB}{RIGHT}")).await_words("service: another program").press(&format!("{TAB}{TAB}"));
    terminal
        .press(ENTER)
        .await_words("] write-presence")
        .press(&format!("{SPACE}{ENTER}"))
        .await_gone("] write-presence");
    terminal.press(&format!("{TAB}{TAB}{RIGHT}{SAVE}")).await_told("account \"crm\" was added");
    terminal.await_words("the password of crm").press(ENTER).await_gone("the password of crm").await_words("1 right");
    let account = appliance.run(&["account", "show", "crm", "--json"]).json();
    assert_eq!((&account["kind"], &account["rights"]), (&json!("service"), &json!(["read-status"])));

    terminal.press("9").await_words("drop named").press("l").await_words("No pair is stored").press("n");
    terminal.await_words("make a pair").press(&format!("cti{SAVE}")).await_told("the certificate cti was made");
    let before = appliance.run(&["health", "--json"]).json()["fingerprint"].clone();
    terminal.press(ENTER).await_words("Use cti for clients?").press("y").await_told("the server has read it");
    let listed = appliance.run(&["certificate", "list", "--json"]).json();
    let made = &listed[1];
    assert_eq!((&made["name"], &made["in_use"]), (&json!("cti"), &json!(true)), "{listed}");
    let now = eventually(|| {
        let now = appliance.run(&["health", "--json"]).json()["fingerprint"].clone();
        (now != before).then_some(now)
    });
    assert_eq!(now, made["fingerprint"]);
    drop(server);
}

/// The path has what a shell would take apart.
#[test]
fn an_import_is_done_elsewhere_by_the_one_command_that_the_console_gives() {
    let (here, elsewhere) = (Appliance::new(), Appliance::new());
    let table = here.beside("new people's.csv");
    let lines = "8e6c1a52-7d0b-4d39-9a53-0d3f6f8b2c11,Ines,ines,a-good-one,1101,lab\n\
                 8e6c1a52-7d0b-4d39-9a53-0d3f6f8b2c12,Egon,egon,eg0,1102,lab\n\
                 8e6c1a52-7d0b-4d39-9a53-0d3f6f8b2c13,Dora,dora,a-better-one,1103,default\n";
    fs::write(&table, format!("uuid,firstname,username,password,exten,context\n{lines}")).unwrap();
    let mut terminal = Terminal::console(&here, "xterm-256color", &["--screen", "users"]);
    terminal.await_words("There is no user yet").press("i").await_words("File:");
    terminal.press(&format!("{}{ENTER}", table.display())).await_words("1 context is missing");
    terminal.press("F").await_words("Add 1 context of this file?").press("y").await_words("2 users would be added");
    terminal.press(ENTER).await_words("Import the good lines only?").press("y").await_told("2 users were added");
    terminal.press("y").await_words("the same as a command").press("y").await_told("copied the commands");
    let commands = terminal.await_copied();
    assert_eq!(commands.lines().count(), 2, "{commands}");
    let [from, to] = [&here, &elsewhere].map(|appliance| appliance.data().display().to_string());
    elsewhere.run_in_shell(&commands.replace(&from, &to));
    let [expected, found] = [&here, &elsewhere].map(Appliance::document);
    for table in ["contexts", "users", "lines"] {
        assert_eq!(found[table], expected[table], "{commands}");
    }
}
