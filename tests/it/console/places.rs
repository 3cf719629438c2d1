//! Places that only commands could edit before: an entry of the phone book, a table of entries, a voicemail box and a
//! room, each made by keyboard as a person does it, and seen by a client or a command.

use std::fs;

use serde_json::json;

use super::eventually;
use crate::support::Appliance;
use crate::support::terminal::{ENTER, RIGHT, SAVE, TAB, Terminal};

#[test]
fn an_entry_of_the_phone_book_is_made_in_the_console_and_found_by_a_client() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", "phone-book"]);
    terminal.await_words("The phone book is empty").press("a").await_words("new entry");
    terminal
        .press(&format!("Zoé{TAB}Roe{TAB}(514) 555-0001{SAVE}"))
        .await_told("phone book entry \"Zoé Roe\" was added");
    let found = eventually(|| {
        agnes.fence();
        let answer = agnes.ask(&json!({"class": "people_search", "pattern": "roe"}));
        answer["results"].as_array().filter(|rows| !rows.is_empty()).map(|rows| rows[0]["column_values"].clone())
    });
    assert_eq!((&found[0], &found[1]), (&json!("Zoé Roe"), &json!("5145550001")));

    // What a command adds appears, and is looked for.
    appliance.run(&["phonebook", "add", "--company", "Acme", "--home", "030 5550402"]);
    terminal.await_words("Acme").press("/5550402").await_words("1/2").await_gone("Zoé Roe").press(ENTER);
    terminal.press("d").await_words("Remove phone book entry").press("y").await_told("was removed");
    assert!(appliance.run(&["phonebook", "list"]).stdout.contains("Zoé Roe"));
}

#[test]
fn a_table_is_imported_into_the_phone_book_from_the_console() {
    let appliance = Appliance::company();
    let table = appliance.beside("people.csv");
    fs::write(&table, "firstname,number\nIda,030 5550401\nMax,none yet\n,\n").unwrap();
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", "phone-book"]);
    terminal.await_words("The phone book is empty").press("i").await_words("Encoding");
    terminal.press(&format!("{}{SAVE}", table.display())).await_words("2 entries would be added");
    terminal.await_words("left out: number").press(ENTER).await_words("Import all but what is wrong?").press("y");
    terminal.await_told("2 entries were added").await_words("0305550401");
    let listed = appliance.run(&["phonebook", "list"]).stdout;
    assert!(listed.contains("Ida") && listed.contains("Max"), "{listed}");
}

#[test]
fn a_voicemail_box_and_a_room_with_a_pin_are_made_in_the_console() {
    let appliance = Appliance::company();
    let mut terminal = Terminal::console(&appliance, "vt100", &["--screen", "voicemails"]);
    terminal.await_words("There is no voicemail box yet").press("a").await_words("new voicemail box");
    terminal.press(&format!("1001{TAB}{TAB}agnes{SAVE}")).await_told("voicemail box \"1001\" was added");
    let shown = appliance.run(&["voicemail", "show", "1001", "--json"]).json();
    assert_eq!(shown["user"], json!("agnes"), "{shown}");

    terminal.press("R").await_words("There is no conference room yet").press("a").await_words("new conference room");
    terminal.press(&format!("4001{TAB}Weekly{TAB}{TAB}{RIGHT}{TAB}4711{TAB}4711")).await_words("****");
    assert!(!terminal.screen().contains("4711"), "a PIN is never shown");
    terminal.press(SAVE).await_told("conference room \"4001\" was added");
    let shown = appliance.run(&["conference", "show", "4001", "--json"]).json();
    assert_eq!((&shown["name"], &shown["pin"]), (&json!("Weekly"), &json!("set")), "{shown}");
    terminal.press("A").await_words("There is no account yet");
}

/// Which of these stand above each other, from the top.
fn above_each_other(terminal: &mut Terminal, names: &[&'static str]) -> Vec<&'static str> {
    let screen = terminal.screen();
    let mut found: Vec<_> = names.iter().filter_map(|name| Some((screen.find(name)?, *name))).collect();
    found.sort_unstable();
    found.into_iter().map(|(_, name)| name).collect()
}

#[test]
fn a_table_is_sorted_by_two_keys_or_a_click_and_stays_so_when_it_is_left() {
    let appliance = Appliance::company();
    for (name, number) in [("Ada", "300"), ("Bea", "1000"), ("Cid", "200")] {
        appliance.run(&["phonebook", "add", "--first-name", name, "--number", number]);
    }
    let names = ["Ada", "Bea", "Cid"];
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", "phone-book"]);
    terminal.await_words("name▴").await_words("Cid").press("s").await_words("number▴");
    assert_eq!(above_each_other(&mut terminal, &names), ["Cid", "Ada", "Bea"]);
    terminal.press("s").await_words("number▾");
    assert_eq!(above_each_other(&mut terminal, &names), ["Bea", "Ada", "Cid"]);
    terminal.press("1").await_words("Last changes").press("B").await_words("number▾").await_words("Cid");
    // The head of the names stands in the fourth row.
    terminal.press("\x1b[<0;3;4M").await_words("name▴").press("\x1b[<0;3;4M").await_words("name▾");
    assert_eq!(above_each_other(&mut terminal, &names), ["Cid", "Bea", "Ada"]);
}
