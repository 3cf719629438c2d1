//! Forms as a person fills them in: what is missing is made on the way, a cut line loses nothing that was typed, and somebody
//! else who writes holds nothing up but the writing.

use rusqlite::Connection;

use crate::support::Appliance;
use crate::support::terminal::{DOWN, ENTER, ESC, SAVE, TAB, Terminal};

#[test]
fn a_line_is_added_in_a_context_that_is_made_from_within_its_form() {
    let appliance = Appliance::company();
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", "contexts"]);
    terminal.await_words("default").press(ENTER).await_words("1002").press("a").await_words("new line");
    terminal
        .press(&format!("agnes{TAB}3001{TAB}"))
        .await_words("›  Context")
        .press("night")
        .await_words("new context \"night\"…");
    terminal.press(DOWN).press(ENTER).await_words("new line › new context").await_words("night").press(SAVE);
    terminal.await_words("‹ night ›").await_words("3001").press(SAVE).await_told("line 3001 was added");
    let document = appliance.document().to_string();
    assert!(document.contains("\"night\"") && document.contains("\"3001\""), "{document}");
}

#[test]
fn what_was_typed_when_the_line_was_cut_is_offered_at_the_next_start() {
    let appliance = Appliance::company();
    let before = appliance.document();
    let mut cut = Terminal::console(&appliance, "xterm-256color", &["--screen", "users"]);
    cut.await_words("agnes").choose("agnes").press("e").await_words("edit agnes").press(&format!("{TAB}Agneta"));
    cut.await_words("Agneta").hang_up();
    cut.await_end();
    assert_eq!(appliance.document(), before, "nothing of it is saved");

    // Another console that only reads is offered nothing.
    let mut reader = Terminal::console(&appliance, "xterm-256color", &["--read-only", "--screen", "users"]);
    reader.await_words("agnes").await_gone("Go on with what was typed?");
    let mut again = Terminal::console(&appliance, "xterm-256color", &[]);
    again.await_words("Go on with what was typed?").await_words("Users › edit agnes (1 field)");
    // Two that start beside each other are not offered the same.
    let mut beside = Terminal::console(&appliance, "xterm-256color", &["--screen", "users"]);
    beside.await_words("agnes").await_gone("Go on with what was typed?");
    again.press("y").await_words("edit agnes").await_words("Agneta").press(SAVE).await_told("was changed");
    assert!(appliance.document().to_string().contains("Agneta"));
    again.press("q").await_end();
    let mut third = Terminal::console(&appliance, "xterm-256color", &["--screen", "users"]);
    third.await_words("Agneta").await_gone("Go on with what was typed?");
}

#[test]
fn whoever_holds_the_database_is_named_and_nothing_is_lost_by_waiting() {
    let appliance = Appliance::company();
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", "users"]);
    terminal.await_words("agnes").choose("agnes").press("e").await_words("edit agnes").press(&format!("{TAB}Agneta"));
    let other = Connection::open(appliance.data().join("ctibox.db")).expect("the same database");
    other.execute_batch("BEGIN IMMEDIATE").expect("nobody else writes");
    terminal.press(SAVE).await_told(&format!("(pid {}", std::process::id())).await_told("Esc cancels");
    terminal.press(ESC).await_told("canceled, nothing was changed").await_words("Agneta").await_words("edit agnes");
    other.execute_batch("ROLLBACK").expect("it began");
    terminal.press(SAVE).await_told("user \"agnes\" was changed");
    assert!(appliance.document().to_string().contains("Agneta"));
}

/// Whoever waits in vain is told whom to ask, in the console and at the command line.
#[test]
fn a_database_that_is_held_too_long_is_told_with_whoever_holds_it() {
    let appliance = Appliance::company();
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", "users"]);
    terminal.await_words("agnes").choose("agnes").press("e").await_words("edit agnes").press(&format!("{TAB}Agneta"));
    let other = Connection::open(appliance.data().join("ctibox.db")).expect("the same database");
    other.execute_batch("BEGIN IMMEDIATE").expect("nobody else writes");
    terminal.press(SAVE).await_words("saving…");
    let refused = appliance.try_run(&["context", "add", "elsewhere"]);
    let holder = format!("(pid {}, ", std::process::id());
    assert!(refused.stderr.contains(&holder) && refused.stderr.contains("too long"), "{}", refused.stderr);
    terminal.await_told("not saved:").await_told(&holder).await_words("Agneta");
    other.execute_batch("ROLLBACK").expect("it began");
    terminal.press(SAVE).await_told("user \"agnes\" was changed");
}
