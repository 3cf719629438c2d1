//! What the console says after saving is what came of it: on a running server, on a database that somebody holds, and on one
//! that was put in another's place.

use rusqlite::Connection;

use crate::support::Appliance;
use crate::support::terminal::{CLEAR, DOWN, ENTER, ESC, SAVE, SPACE, TAB, Terminal};

fn users(appliance: &Appliance) -> Terminal {
    let mut terminal = Terminal::console(appliance, "xterm-256color", &["--screen", "users"]);
    terminal.await_words("agnes");
    terminal
}

#[test]
fn disabling_a_connected_user_says_before_and_after_that_sessions_end() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.logged_in("agnes");
    let mut terminal = users(&appliance);
    terminal.await_words("running, 1 in").press("e").await_words("edit agnes").press(&TAB.repeat(5));
    terminal.await_words("›  Enabled").press(SPACE).press(SAVE).await_told("the server ends 1 session");
    terminal.press("y").await_told("user \"agnes\" was changed; 1 session ended");
    client.receive_class("disconnect");
}

#[test]
fn a_setting_that_the_command_line_stands_above_says_so_in_the_form_and_after_saving() {
    let appliance = Appliance::company();
    let _server = appliance.serve();
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", "settings"]);
    terminal.await_words("running, 0 in").choose("client.port").press(ENTER).await_words("Overridden");
    terminal.press(&format!("{CLEAR}5009{SAVE}")).await_told("started with --listen, which overrides");
    terminal.press("y").await_told("--listen of the running server overrides it");
}

#[test]
fn a_database_that_is_held_shows_that_it_is_being_saved_and_esc_gives_up() {
    let appliance = Appliance::company();
    let before = appliance.document();
    let mut terminal = users(&appliance);
    let holder = Connection::open(appliance.data().join("ctibox.db")).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    terminal.press("e").await_words("edit agnes").press(&format!("{TAB}Anna{SAVE}")).await_words("saving…");
    // Once the holder is named the message fills more than a row.
    terminal.await_told(&format!("(pid {}, ", std::process::id()));
    terminal.press("j").await_told("1 key waits").press(ESC).await_told("canceled, nothing was changed");
    holder.execute_batch("ROLLBACK").unwrap();
    terminal.press(ESC).await_words("discard").press("d").await_gone("edit agnes");
    terminal.press("q").await_end();
    assert_eq!(appliance.document(), before);
}

#[test]
fn a_database_that_was_put_in_anothers_place_takes_no_change_that_is_told_as_saved() {
    let appliance = Appliance::company();
    let mut terminal = users(&appliance);
    terminal.press(DOWN).press("e").await_words("edit bertil").press(&format!("{TAB}Bert"));
    let (database, copy) = (appliance.data().join("ctibox.db"), appliance.data().join("copy.db"));
    appliance.run(&["backup", copy.to_str().unwrap()]);
    std::fs::rename(&database, appliance.data().join("old.db")).unwrap();
    std::fs::rename(&copy, &database).unwrap();
    terminal.press(SAVE).await_told("not saved:").await_told("start it again to work on the file that is there now");
    terminal.press(ESC).await_words("discard").press("d").await_gone("edit bertil");
    terminal.press("q").await_end();
    assert!(!appliance.document().to_string().contains("Bert\""));
}
