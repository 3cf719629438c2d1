//! Poor terminals, other locales, and tmux: what is drawn is what they can show, and nothing is lost.

use std::process::{Command, Output};
use std::time::{Duration, Instant};

use crate::support::Appliance;
use crate::support::terminal::{DOWN, ENTER, ESC, Terminal};

const PLACES: [&str; 12] = [
    "overview",
    "presences",
    "profiles",
    "users",
    "hints",
    "contexts",
    "queues",
    "settings",
    "certificates",
    "sessions",
    "history",
    "help",
];

/// Goes through places, a table, a form and a sketch.
fn walk(terminal: &mut Terminal, mut look: impl FnMut(&Terminal)) {
    terminal.await_words("Default presences").press(ENTER).await_gone("used by").await_words("berightback");
    look(terminal);
    terminal.press("m").await_gone("reaches ").await_words("allowed changes");
    look(terminal);
    terminal.press(ENTER).await_words("edit available");
    look(terminal);
    terminal.press(ESC).await_gone("edit available").press("3").await_words("Switchboard");
    look(terminal);
    terminal.press(&format!("{DOWN}{DOWN}{ENTER}\t")).await_words("people");
    look(terminal);
}

#[test]
fn a_locale_without_utf_8_gets_ascii_alone() {
    let appliance = Appliance::company();
    for (term, set) in [("xterm-256color", ("LANG", "C")), ("vt100", ("LC_ALL", "POSIX")), ("linux", ("LANG", ""))] {
        let mut terminal = Terminal::console_where(&appliance, term, &[set], &["--screen", "presences"]);
        walk(&mut terminal, |terminal| {
            let screen = terminal.screen();
            assert!(screen.is_ascii(), "{term}: {screen}");
        });
        assert!(terminal.sent_ascii_alone(), "{term}: not one byte is more");
    }
}

/// Where a terminal is slow, or on the other side of a slow line, half a frame would be seen.
#[test]
fn a_frame_is_shown_whole_or_not_at_all() {
    let appliance = Appliance::company();
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", "presences"]);
    terminal.resize(200, 60);
    walk(&mut terminal, |_| {});
    assert_eq!(terminal.sent_between_frames(), "");
    let mut plain = Terminal::console(&appliance, "linux", &["--screen", "presences"]);
    plain.await_words("Default presences");
    assert!(!plain.sent("\x1b[?2026"), "a terminal that may not know it is not told");
}

#[test]
fn a_terminal_without_colors_gets_none() {
    let appliance = Appliance::company();
    for (term, no_color) in [("vt100", ""), ("dumb", ""), ("xterm-256color", "1"), ("linux", "1")] {
        let set = [("NO_COLOR", no_color), ("COLORTERM", "truecolor")];
        let mut terminal = Terminal::console_where(&appliance, term, &set, &["--screen", "presences"]);
        walk(&mut terminal, |terminal| assert!(!terminal.has_colors(), "{term}:\n{}", terminal.screen()));
        // The same words and signs as anywhere else.
        terminal.await_words("tabber").await_words("identity");
    }
}

const DARK: vt100::Color = vt100::Color::Idx(234);
const LIGHT: vt100::Color = vt100::Color::Idx(231);

#[test]
fn a_theme_is_asked_for_or_set_or_the_terminals_and_a_changed_setting_is_seen_at_once() {
    let appliance = Appliance::company();
    let open = |set: &[(&str, &str)], more: &[&str]| {
        Terminal::console_where(&appliance, "xterm-256color", set, &[&["--screen", "presences"], more].concat())
    };
    let mut terminal = open(&[], &[]);
    let mut told = open(&[("COLORFGBG", "0;15")], &[]);
    let mut asked = open(&[("CTIBOX_THEME", "light")], &["--theme", "dark"]);
    let mut set = open(&[("CTIBOX_THEME", "light")], &[]);
    terminal.await_paper(DARK);
    told.await_paper(LIGHT);
    asked.await_paper(DARK);
    set.await_paper(LIGHT);
    appliance.set("console.theme", "light");
    terminal.await_paper(LIGHT);
    appliance.set("console.theme", "dark");
    terminal.await_paper(DARK);
    told.await_paper(DARK);
    appliance.set("console.theme", "mono");
    terminal.await_no_colors();
    asked.press("j").await_quiet().await_paper(DARK);
    set.await_paper(LIGHT);
    appliance.try_run(&["console", "--theme", "pink"]).expect_code(2).expect_words(&["dark, light, mono"]);
    appliance.try_run(&["setting", "set", "console.theme", "pink"]).expect_code(1).expect_words(&["auto, dark"]);
}

#[test]
fn each_place_is_there_from_the_start_on_any_terminal() {
    let appliance = Appliance::company();
    for (term, place) in ["vt100", "linux", "xterm", "screen", "tmux-256color", "dumb"].iter().cycle().zip(PLACES) {
        let mut terminal = Terminal::console(&appliance, term, &["--screen", place]);
        terminal.await_words("server stopped").await_words("leave");
        terminal.press("q");
        assert_eq!(terminal.await_end().code(), Some(0), "{place} in {term}");
    }
}

/// A tmux of its own, ended with the value.
struct Tmux {
    socket: String,
}

impl Tmux {
    /// None where there is none; a test run that must leave nothing out fails then.
    fn start(appliance: &Appliance) -> Option<Self> {
        if Command::new("tmux").arg("-V").output().is_err() {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "the program `tmux` is missing");
            eprintln!("left out: the program `tmux` is missing");
            return None;
        }
        let tmux = Self { socket: appliance.beside("tmux.socket").to_str().unwrap().to_owned() };
        let console = format!(
            "env -u NO_COLOR -u LC_ALL LANG=C.UTF-8 {} --data {} console --screen presences",
            env!("CARGO_BIN_EXE_ctibox"),
            appliance.data().display()
        );
        let output = tmux.run(&["-u", "-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", &console]);
        assert!(output.status.success(), "{output:?}");
        Some(tmux)
    }

    fn run(&self, words: &[&str]) -> Output {
        Command::new("tmux").arg("-S").arg(&self.socket).args(words).output().unwrap()
    }

    fn screen(&self) -> String {
        String::from_utf8_lossy(&self.run(&["capture-pane", "-p"]).stdout).into_owned()
    }

    fn await_words(&self, words: &str) {
        let end = Instant::now() + Duration::from_secs(60);
        while !self.screen().contains(words) {
            assert!(Instant::now() < end, "tmux never shows {words:?}:\n{}", self.screen());
            std::thread::yield_now();
        }
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        self.run(&["kill-server"]);
    }
}

#[test]
fn inside_tmux_everything_is_drawn_and_keys_arrive() {
    let appliance = Appliance::company();
    let Some(tmux) = Tmux::start(&appliance) else { return };
    tmux.await_words("Default presences");
    tmux.run(&["send-keys", "Enter"]);
    tmux.await_words("berightback");
    tmux.run(&["send-keys", "Down", "Enter"]);
    tmux.await_words("edit away");
    tmux.run(&["send-keys", "C-u", "outside", "C-s"]);
    tmux.await_words("was changed");
    assert!(appliance.document().to_string().contains("\"outside\""));
    tmux.run(&["resize-window", "-x", "120", "-y", "40"]);
    // Only a wide terminal shows it beside the table.
    tmux.await_words("reached from  ● available, ● outtolunch");
    tmux.run(&["send-keys", "Escape"]);
    tmux.await_words("Default presences");
    assert!(tmux.screen().contains('─'), "{}", tmux.screen());
}
