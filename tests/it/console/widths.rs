//! Terminals of all sizes, by the keys that a person presses: a wide one shows beside the list what the cursor is on, and a
//! telephone in the hand is enough to change something.

use crate::support::Appliance;
use crate::support::terminal::{DOWN, ENTER, ESC, SAVE, Terminal, UP};

#[test]
fn a_wide_terminal_shows_beside_the_list_what_the_cursor_is_on() {
    let appliance = Appliance::separated_office();
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", "contexts"]);
    terminal.await_words("1 Overview  2 Presences").resize(120, 40).await_words("── default ─").await_words("1001");
    terminal.press(DOWN).await_words("── sales ─").await_words("2001").await_gone("1001");
    // Into it, as on any terminal, and back.
    terminal.press(ENTER).await_words("› sales").await_gone("default");
    terminal.press(ESC).await_words("── sales ─").await_words("default");
    terminal.resize(80, 24).await_words("1 Overview  2 Presences").await_gone("2001");
}

#[test]
fn from_a_telephone_a_presence_is_made() {
    let appliance = Appliance::company();
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", "presences"]);
    terminal.await_words("Default presences").resize(60, 20).await_words(" 1 2 Presences 3 4 ").await_words("? keys");
    terminal.press(ENTER).await_words("berightback").press("a").await_words("Presence name");
    terminal
        .press("lunch\tLunch\torange")
        .await_words("#FFA500")
        .press(SAVE)
        .await_words("presence \"lunch\" was added");
    assert!(appliance.document().to_string().contains("\"lunch\""));
}

/// A key that comes with a new size waited for the next key, once in so many.
#[test]
fn a_key_that_is_pressed_while_the_window_gets_another_size_acts() {
    let appliance = Appliance::separated_office();
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", "contexts"]);
    terminal.await_words("1 Overview  2 Presences").await_words("sales");
    for columns in 120..180 {
        terminal.resize(columns, 40).press(DOWN).await_words("── sales ─");
        terminal.resize(columns, 41).press(UP).await_words("── default ─");
    }
}
