//! From `ctibox init` to the first login, as somebody does it who has read nothing.

use crate::support::Appliance;
use crate::support::terminal::{ENTER, ESC, SAVE, TAB, Terminal};

#[test]
fn the_first_user_is_added_from_the_first_screen_and_logs_in_with_the_client() {
    let appliance = Appliance::new().on_any_port();
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &[]);
    terminal.await_words("Welcome to ctibox").await_words("✓ 1").await_words("✓ 2").await_words("○ 3");
    terminal.press(ENTER).await_words("new user");
    terminal.press(&format!("alice{TAB}Alice{TAB}{TAB}{TAB}{TAB}{TAB}C")).await_words("Profile: C, ");
    terminal.press(&format!("{TAB}{TAB}{TAB}open sesame{TAB}open sesame{SAVE}")).await_told("user \"alice\" was added");
    terminal.press(ESC).await_words("Last changes").await_gone("Welcome");

    let server = appliance.serve();
    terminal.await_words("running, 0");
    let address = format!("127.0.0.1:{}", server.port);
    let words = ["client", &address, "--user", "alice", "--password-stdin"];
    appliance.run_with_input(&words, "open sesame\nquit\n").expect_words(&["logged in as"]);
}
