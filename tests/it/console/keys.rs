//! What keys do on every screen: the palette, the help that does what it says, the mouse that is left to the terminal, and the
//! last change as a command that does the same.

use serde_json::Value;

use super::eventually;
use crate::support::Appliance;
use crate::support::terminal::{CLEAR, DOWN, END, ENTER, ESC, HOME, MARK_ALL, RIGHT, SAVE, SPACE, TAB, Terminal, UNDO};

const REDRAW: &str = "\x0c";
const F4: &str = "\x1bOS";

fn at(appliance: &Appliance, place: &str, words: &str) -> Terminal {
    let mut terminal = Terminal::console(appliance, "xterm-256color", &["--screen", place]);
    terminal.await_words(words);
    terminal
}

#[test]
fn the_palette_finds_whoever_has_a_number_and_ends_a_session_by_name() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.logged_in("agnes");
    let mut terminal = at(&appliance, "overview", "running, 1 in");
    terminal.press(":").await_words("go to, do").press("1002").await_words("Bertil Beta").press(ENTER);
    terminal.await_words("── Users › bertil");
    terminal.press(":end ses agn").await_words("end session agnes").press(ENTER);
    terminal.await_words("End the session of agnes?").press("y").await_told("ended 1 session of");
    client.expect_close();
    terminal.press(":out lunch").await_words("Out to lunch").press(ENTER).await_words("── Presences › xivo");
    terminal
        .press(":disable bert")
        .await_words("disable bertil")
        .press(ENTER)
        .await_told("user \"bertil\" was disabled");
    let users = appliance.document()["users"].clone();
    assert_eq!(users[1]["enabled"], false, "{users}");
    terminal.press(":enable bert").await_words("enable bertil").press(ENTER).await_told("user \"bertil\" was enabled");
    // What was done before stands there again.
    terminal.press(":").await_words("disable bertil").press(ESC).await_gone("go to, do");
}

#[test]
fn the_help_does_what_its_row_says() {
    let appliance = Appliance::company();
    let mut terminal = at(&appliance, "contexts", "Contexts and lines");
    terminal.press("?").await_words("Add a context").choose("Add a context").press(ENTER).await_words("new context");
    terminal.press(&format!("lab{SAVE}")).await_words("context \"lab\" was added");
    terminal.press("?").await_words("› keys").choose("Undo the last change").press(ENTER);
    // What it undoes is not seen beneath the page of keys.
    terminal.await_words("Undo the last change?").press("y").await_gone("To be undone:").await_told("undone:");
    assert!(!appliance.document().to_string().contains("\"lab\""));
}

#[test]
fn the_mouse_is_left_to_the_terminal_and_the_screen_is_drawn_anew() {
    let appliance = Appliance::company();
    let mut terminal = at(&appliance, "users", "agnes");
    terminal.await_mouse(true).press(F4).await_told("the mouse is for the terminal now").await_mouse(false);
    terminal.press(F4).await_told("the mouse is for the console again").await_mouse(true);
    terminal.press("j").await_quiet();
    let drawn = terminal.bytes();
    terminal.press(REDRAW);
    // The whole of a screen, after what was all there already.
    eventually(|| (terminal.bytes() > drawn + 1_000).then_some(()));
    terminal.await_quiet().await_words("agnes").press("q");
    assert_eq!(terminal.await_end().code(), Some(0));
    terminal.await_mouse(false);
}

#[test]
fn clicks_choose_open_answer_and_press_the_keys_of_the_last_row() {
    let appliance = Appliance::company();
    let mut terminal = at(&appliance, "users", "agnes");
    terminal.await_mouse(true).click("bertil").await_chosen("bertil").click("bertil").await_words("› bertil");
    terminal.press(ESC).await_gone("› bertil").click("a add").await_words("new user");
    terminal.click("Esc cancel").await_gone("new user").press(MARK_ALL).await_words("2 marked");
    terminal.press("x").await_words("Disable 2 users?").click("change nothing").await_gone("Disable 2 users?");
    terminal.press("x").await_words("Disable 2 users?").click("y   disable").await_told("2 users were disabled");
    let users = appliance.document()["users"].clone();
    assert!(users.as_array().unwrap().iter().all(|user| user["enabled"] == false), "{users}");
}

#[test]
fn the_last_change_is_done_again_to_the_next_row() {
    let appliance = Appliance::company();
    let mut terminal = at(&appliance, "users", "agnes");
    terminal.press("x").await_told("user \"agnes\" was disabled").choose("bertil").press(".");
    terminal.await_told("user \"bertil\" was disabled").press("8").await_words("client.port").press("d");
    terminal.await_told("has its default already");
    terminal.press(".").await_told("no row here is for that");
}

#[test]
fn a_fingerprint_is_copied() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut terminal = at(&appliance, "certificates", "SHA-256");
    terminal.press("y").await_told("copied the fingerprint");
    let fingerprint = appliance.run(&["health", "--json"]).json()["fingerprint"].clone();
    assert_eq!(Value::from(terminal.await_copied()), fingerprint);
    drop(server);
}

#[test]
fn a_made_password_is_copied_and_logs_in() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut terminal = at(&appliance, "users", "agnes");
    terminal.press("a").await_words("new user").press(&format!("dora{TAB}Dora{TAB}Delta{TAB}{TAB}{TAB}{TAB}C"));
    terminal.await_words("Client").press(&format!("{TAB}{TAB}{RIGHT}")).await_words("generate one").press(SAVE);
    terminal.await_words("the password of dora").press("y").await_told("copied the password");
    let password = terminal.await_copied();
    terminal.press(ENTER).await_words("› dora");
    let capas = eventually(|| {
        let passed = server.client("dora").authenticate("dora", &password, ("wazoversion", "2.3"));
        passed["capalist"].is_array().then_some(passed)
    });
    assert!(capas["capalist"][0].is_i64(), "{capas}");
}

/// Does something in the console, takes it back, and has the command that the console gives do it: the same comes of it.
fn same(appliance: &Appliance, terminal: &mut Terminal, done: &str, act: impl FnOnce(&mut Terminal)) -> String {
    let before = without_ids(appliance.document());
    act(terminal);
    terminal.await_told(done);
    let after = without_ids(appliance.document());
    assert_ne!(after, before, "{done}");
    terminal.press("y").await_words("the same as a command").press("y").await_told("copied the command");
    let commands = terminal.await_copied();
    terminal.press(UNDO);
    // What touched several objects is asked about.
    assert!(terminal.comes_to(|screen| screen.contains("undone:") || screen.contains("Undo the last change?")));
    if terminal.screen().contains("Undo the last change?") {
        terminal.press("y").await_gone("Undo the last change?");
    }
    terminal.await_told("undone:");
    assert_eq!(without_ids(appliance.document()), before, "{done}");
    appliance.run_in_shell(&commands);
    assert_eq!(without_ids(appliance.document()), after, "{commands}");
    commands
}

/// What is made anew has other ids, and a document says which come next.
fn without_ids(mut document: Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(object) => {
                object.remove("id");
                object.values_mut().for_each(strip);
            }
            Value::Array(array) => array.iter_mut().for_each(strip),
            _ => {}
        }
    }
    document.as_object_mut().unwrap().remove("next_ids");
    strip(&mut document);
    document
}

#[test]
fn presences_and_hints_are_changed_by_the_command_that_the_console_gives() {
    let appliance = Appliance::company();
    let mut terminal = at(&appliance, "presences", "Default presences");
    terminal.press(ENTER).await_words("berightback");
    let edited = same(&appliance, &mut terminal, "was changed", |terminal| {
        terminal
            .press(DOWN)
            .press(ENTER)
            .await_words("edit away")
            .press(&format!("{CLEAR}outside{TAB}{CLEAR}Gone out"));
        terminal.press(SAVE);
    });
    assert!(edited.contains("presence rename away outside --group xivo\n"), "{edited}");
    assert!(edited.ends_with("presence edit outside --group xivo --display 'Gone out'"), "{edited}");
    // The list, as the command left it: the row, not the words about the undo.
    assert!(terminal.comes_to(|screen| screen.lines().any(|row| row.contains("outside") && row.contains("Gone out"))));
    same(&appliance, &mut terminal, "presence \"lunch\" was added", |terminal| {
        terminal.press("a").await_words("new presence").press(&format!("lunch{TAB}{CLEAR}It's lunch{SAVE}"));
    });
    same(&appliance, &mut terminal, "was moved down", |terminal| {
        terminal.press(HOME).press(DOWN).press("J");
    });
    terminal.press("5").await_words("Default phone hints").press(ENTER).await_words("Ringing");
    same(&appliance, &mut terminal, "was changed: text \"Gone\"", |terminal| {
        terminal.press(HOME).press("e").await_words("Telephone state").press(&format!("{CLEAR}Gone{SAVE}"));
    });
}

#[test]
fn users_lines_and_contexts_are_changed_by_the_command_that_the_console_gives() {
    let appliance = Appliance::company();
    let mut terminal = at(&appliance, "users", "agnes");
    same(&appliance, &mut terminal, "was changed", |terminal| {
        terminal.press("e").await_words("edit agnes").press(&format!("{TAB}{CLEAR}Ag nes{TAB}{CLEAR}{SAVE}"));
    });
    terminal.await_words("Ag nes").press(ENTER).await_words("› agnes");
    same(&appliance, &mut terminal, "line 1007 was added", |terminal| {
        terminal.press("a").await_words("new line").press(&format!("1007{SAVE}"));
    });
    terminal.await_words("1007             default");
    let main = same(&appliance, &mut terminal, "was made the main line", |terminal| {
        terminal.press(END).press("M");
    });
    assert!(main.ends_with("line edit 1007 --context default --main"), "{main}");
    terminal.press("6").await_words("Contexts and lines");
    same(&appliance, &mut terminal, "context \"lab\" was added", |terminal| {
        terminal.press("a").await_words("new context").press(&format!("lab{SAVE}"));
    });
}

#[test]
fn profiles_settings_and_dial_rules_are_changed_by_the_command_that_the_console_gives() {
    let appliance = Appliance::company();
    let mut terminal = at(&appliance, "profiles", "Switchboard");
    terminal.press(DOWN).press(DOWN).press(ENTER).await_words("› Client");
    let edited = same(&appliance, &mut terminal, "was changed", |terminal| {
        terminal.press(END).press(SPACE).press(TAB).await_chosen("identity").choose("people").press("d");
        terminal.press(SAVE);
    });
    assert!(edited.contains("profile xlet remove Client people"), "{edited}");
    terminal.press(ESC).await_gone("› Client").press("8").await_words("client.listen").choose("chat.keep_days");
    same(&appliance, &mut terminal, "chat.keep_days was set", |terminal| {
        terminal.press(ENTER).await_words(": chat.keep_days").press(&format!("{CLEAR}9{SAVE}"));
    });
    terminal.press("T").await_words("ami.").press(TAB).await_words("no dial rule yet");
    same(&appliance, &mut terminal, "was added", |terminal| {
        terminal.press("a").await_words("new dial rule").press(&format!("+33{TAB}{CLEAR}3{TAB}0{SAVE}"));
    });
}
