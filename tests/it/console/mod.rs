//! The console in a real terminal, with the server running and clients connected: journeys of an administrator by
//! keyboard alone, and what must hold when the line is cut or somebody else is faster.

mod effects;
mod first_run;
mod forms;
mod history;
mod journeys;
mod keys;
mod marks;
mod people;
mod pictures;
mod places;
mod rebuild;
mod rules;
mod settings;
mod telephony;
mod terminals;
mod widths;

use std::os::unix::fs::MetadataExt as _;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::support::Appliance;
use crate::support::terminal::{CLEAR, DOWN, ENTER, ESC, SAVE, TAB, Terminal, UNDO};

/// What the server gives once it has heard of the change, well within a second.
fn eventually<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "the server never heard of it");
    }
}

/// Presses all of them and says how many keys that were: one a character.
fn press(terminal: &mut Terminal, keys: &[&str]) -> usize {
    keys.iter().for_each(|keys| {
        terminal.press(keys);
    });
    keys.iter().map(|keys| keys.chars().count()).sum()
}

/// In the group of the default presences, with the cursor on `available`.
fn presences(appliance: &Appliance, term: &str) -> Terminal {
    let mut terminal = Terminal::console(appliance, term, &["--screen", "presences"]);
    terminal.await_words("Default presences").press(ENTER).await_words("berightback");
    terminal
}

#[test]
fn a_presence_renamed_in_the_console_is_there_at_the_next_login() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let before = server.logged_in("agnes");
    let mut terminal = presences(&appliance, "xterm-256color");
    terminal.await_words("running, 1 in").press(DOWN).press(ENTER).await_words("edit away");
    terminal.press(CLEAR).press("outside").press(TAB).press(CLEAR).press("Outside").press(SAVE);
    terminal.await_words("was changed").await_words("outside");
    let renamed = eventually(|| {
        let presences = server.client("bertil").log_in("bertil", "available")["capas"]["userstatus"].clone();
        presences.get("outside").is_some().then_some(presences)
    });
    assert_eq!(renamed["outside"]["longname"], "Outside", "{renamed}");
    assert!(renamed.get("away").is_none(), "{renamed}");
    drop(before);
}

#[test]
fn undo_brings_the_last_change_back() {
    let appliance = Appliance::company();
    let mut terminal = presences(&appliance, "xterm-256color");
    terminal.press(DOWN).press(ENTER).await_words("edit away");
    terminal.press(CLEAR).press("outside").press(SAVE).await_words("was changed");
    terminal.press(UNDO).await_words("undone");
    let document = appliance.document().to_string();
    assert!(document.contains("\"away\"") && !document.contains("outside"));
}

#[test]
fn a_row_that_somebody_else_changed_is_shown_in_both_versions() {
    let appliance = Appliance::company();
    let (mut first, mut second) = (presences(&appliance, "xterm"), presences(&appliance, "xterm"));
    for terminal in [&mut first, &mut second] {
        terminal.press(DOWN).press(ENTER).await_words("edit away").press(TAB).press(CLEAR);
    }
    first.press("First").press(SAVE).await_words("was changed");
    second.press("Second").press(SAVE).await_words("Somebody else changed this meanwhile");
    second.await_words("First").await_words("Second");
    assert!(appliance.document().to_string().contains("\"First\""), "nothing was overwritten unseen");
    second.press("m").await_told("presence \"away\" was changed");
    assert!(appliance.document().to_string().contains("\"Second\""));
}

#[test]
fn a_line_that_is_cut_in_mid_form_leaves_everything_as_it_was() {
    let appliance = Appliance::company().on_any_port();
    let before = appliance.document();
    let mut terminal = presences(&appliance, "xterm-256color");
    terminal.press(ENTER).await_words("edit available").press(CLEAR).press("Half a na");
    terminal.hang_up();
    terminal.await_end();
    assert_eq!(appliance.document(), before);
    appliance.run(&["check"]);
}

#[test]
fn the_terminal_is_given_back_however_the_console_ends() {
    let appliance = Appliance::company();
    let mut left = presences(&appliance, "xterm-256color");
    assert!(left.is_taken());
    left.press("q");
    assert_eq!(left.await_end().code(), Some(0));
    for signal in [Signal::TERM, Signal::HUP] {
        let mut ended = presences(&appliance, "xterm-256color");
        ended.signal(signal);
        ended.await_end();
        ended.await_gone("berightback");
        assert!(!ended.is_taken(), "{signal:?}");
    }
}

#[test]
fn what_another_process_changes_appears() {
    let appliance = Appliance::company();
    let mut terminal = presences(&appliance, "vt100");
    appliance.run(&["presence", "rename", "away", "elsewhere"]);
    terminal.await_words("elsewhere").await_gone("away ");
}

/// Its locks must be there: else the last one who closes the file takes the log away into which the console writes.
#[test]
fn what_is_saved_beside_other_programs_that_read_the_database_is_kept() {
    let appliance = Appliance::company();
    appliance.run(&["user", "add", "carl", "--first-name", "Carl", "--profile", "Client", "--no-password"]);
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &[]);
    // It has been looked at by then for what is wrong in it, more than once.
    terminal.await_times(1, "cannot log");
    appliance.run(&["user", "add", "dora", "--first-name", "Dora", "--profile", "Client", "--no-password"]);
    terminal.await_times(2, "cannot log");
    let inode = std::fs::metadata(appliance.data().join("ctibox.db")).unwrap().ino();
    let locks = std::fs::read_to_string("/proc/locks").unwrap();
    assert!(locks.lines().any(|lock| lock.contains("POSIX") && lock.contains(&format!(":{inode} "))), "{locks}");
    let outsider = rusqlite::Connection::open(appliance.data().join("ctibox.db")).unwrap();
    let users: i64 = outsider.query_row("SELECT count(*) FROM user", [], |row| row.get(0)).unwrap();
    assert_eq!(users, 4);
    outsider.close().unwrap();
    terminal.press("2").await_words("Default presences").press(ENTER).await_words("berightback");
    terminal.press(DOWN).press(ENTER).await_words("edit away").press(&format!("{CLEAR}outside{SAVE}"));
    terminal.await_told("was changed and renamed \"outside\"");
    assert!(appliance.document().to_string().contains("\"outside\""));
}

#[test]
fn a_small_terminal_says_what_it_needs_and_goes_on_when_it_grows() {
    let appliance = Appliance::company();
    let mut terminal = presences(&appliance, "linux");
    terminal.resize(59, 20).await_words("60x20");
    terminal.resize(60, 20).await_words("berightback");
    terminal.resize(120, 40).await_words("berightback");
}

#[test]
fn a_console_that_only_reads_changes_nothing() {
    let appliance = Appliance::company();
    let before = appliance.document();
    let mut terminal = Terminal::console(&appliance, "xterm", &["--screen", "presences", "--read-only"]);
    terminal.await_words("Default presences").press(ENTER).await_words("berightback");
    terminal.press("a").await_words("this console is read-only");
    terminal.press(ESC).await_words("Default presences");
    assert_eq!(appliance.document(), before);
}

#[test]
fn the_console_needs_a_terminal_and_says_so() {
    let appliance = Appliance::company();
    appliance.try_run(&["console"]).expect_code(1).expect_words(&["needs a terminal", "hint:"]);
}
