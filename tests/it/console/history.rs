//! History by keyboard: what one command did to several objects is one row, and all that somebody did in the last hour goes
//! back by a few keys.

use serde_json::Value;

use crate::support::Appliance;
use crate::support::terminal::{DOWN, ENTER, ESC, MARK_ALL, Terminal};

fn history(appliance: &Appliance) -> Terminal {
    let mut terminal = Terminal::console(appliance, "xterm-256color", &["--screen", "history"]);
    terminal.await_words("── History").await_words("cli");
    terminal
}

/// The configuration without the numbers that only count up.
fn configuration(appliance: &Appliance) -> Value {
    let mut document = appliance.document();
    document["next_ids"] = Value::Null;
    document
}

#[test]
fn what_another_administrator_did_in_the_last_hour_is_taken_back_by_two_dozen_keys() {
    let appliance = Appliance::company();
    appliance.run(&["context", "add", "mine"]);
    let before = configuration(&appliance);
    for words in [
        &["user", "edit", "agnes", "--last-name", "Omega"][..],
        &["presence", "group", "add", "other"],
        &["user", "edit", "bertil", "--last-name", "Zeta"],
    ] {
        let done = appliance.command(words).env("SUDO_USER", "admin2").status().unwrap();
        assert!(done.success(), "{words:?}");
    }
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &[]);
    terminal.await_words("1 Overview");
    let find = "h/who:admin2 time:1h";
    terminal.press(find);
    // Without a sign behind it the number stands: all was looked through.
    let is_whole = |title: &str| {
        title.split_once("3/").is_some_and(|(_, all)| !all.trim_start_matches(char::is_numeric).starts_with('+'))
    };
    assert!(terminal.comes_to(|screen| screen.contains(&find[2..]) && screen.lines().any(is_whole)));
    terminal.press(&format!("{ENTER}{MARK_ALL}u")).await_words("Undo 3 changes of 9 objects?");
    terminal.press("y").await_told("undone: 3 changes");
    assert_eq!(configuration(&appliance), before);
    assert_eq!(find.chars().count() + format!("{ENTER}{MARK_ALL}uy").chars().count(), 24);
}

#[test]
fn what_one_command_did_to_several_objects_is_one_row_that_opens() {
    let appliance = Appliance::company();
    let before = configuration(&appliance);
    appliance.run(&["presence", "group", "add", "other"]);
    let mut terminal = history(&appliance);
    terminal.await_words("▸").await_words("presence group \"other\" was added; 6 presences were added");
    terminal.press(ENTER).await_words("presence \"away\" in group \"other\" was added");
    terminal.press(DOWN).press(ENTER).await_words("entry ").await_words("before").press(ESC).await_words("▾");
    terminal.press("k").press("u").await_words("Undo 1 change of 7 objects?").press("y").await_told("undone:");
    assert_eq!(configuration(&appliance), before);
}
