//! The pictures of docs/console.md are what the program shows: 80 by 24 and some other sizes, `LANG=C.UTF-8`, on an office
//! made up here.
//! `CTIBOX_UPDATE_SNAPSHOTS=1` draws them anew. Only screens without times, ids and addresses are pictured.

use std::path::{Path, PathBuf};

use crate::support::Appliance;
use crate::support::terminal::{CLEAR, DOWN, ENTER, RIGHT, SPACE, TAB, Terminal, UP};

fn company() -> Appliance {
    let appliance = Appliance::separated_office();
    appliance.run(&["queue", "add", "support", "--display", "Support", "--number", "3000", "--context", "default"]);
    appliance.run(&["queue", "member", "add", "support", "2105"]);
    appliance.run(&["queue", "member", "add", "support", "2106", "--penalty", "5"]);
    for [first, last, company] in [["Ida", "Holm", "Globex"], ["Zoé", "Roe", "Globex"], ["", "", "Acme"]] {
        let words = ["--first-name", first, "--last-name", last, "--company", company, "--number", "030 5550401"];
        appliance.run(&[&["phonebook", "add"][..], &words].concat());
    }
    appliance.add_user("gudrun", &["--first-name", "Gudrun", "--last-name", "Gamma", "--profile", "Client"]);
    appliance
}

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/console.md")
}

/// The text between the marks of a picture.
fn block<'a>(text: &'a str, name: &str) -> &'a str {
    let mark = format!("<!-- picture: {name} -->\n");
    let rest = text.split_once(&mark).unwrap_or_else(|| panic!("docs/console.md has no {mark}")).1;
    rest.split_once("<!-- end -->").unwrap().0
}

fn framed(screen: &str) -> String {
    let rows: Vec<String> = screen.lines().map(|row| row.trim_end().to_owned()).collect();
    format!("```text\n{}\n```\n", rows.join("\n").trim_end())
}

#[test]
fn the_pictures_of_the_document_are_what_the_program_shows() {
    let appliance = company();
    let is_drawn_anew = std::env::var_os("CTIBOX_UPDATE_SNAPSHOTS").is_some();
    let mut text = std::fs::read_to_string(file()).unwrap();
    let mut different = Vec::new();
    let mut see = |name: &str, terminal: &mut Terminal, words: &str| {
        terminal.await_words("server stopped").await_words(words);
        let known = block(&text, name).to_owned();
        // Keys are worked off when the program gets to it: what it comes to is compared, not what stands there at first.
        if !is_drawn_anew && terminal.comes_to(|screen| framed(screen) == known) {
            return;
        }
        let now = framed(&terminal.await_quiet().screen());
        if known != now {
            let mark = format!("<!-- picture: {name} -->\n");
            text = text.replacen(&format!("{mark}{known}"), &format!("{mark}{now}"), 1);
            different.push(format!("{name} is now\n{now}"));
        }
    };
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", "presences"]);
    see("presences", &mut terminal, "Default presences");
    see("presence-group", terminal.press(ENTER), "on entering   switch do-not-disturb off");
    see("presence-matrix", terminal.press("m").press(DOWN).press(RIGHT).press(RIGHT), "can be chosen from ● away");
    see("presence-form", terminal.press(ENTER).press(&format!("{TAB}{TAB}{CLEAR}gren")), "color \"gren\"");
    drop(terminal);
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", "profiles"]);
    see("profiles", &mut terminal, "Switchboard");
    terminal.press(&format!("{DOWN}{DOWN}{ENTER}{TAB}")).await_words("conference");
    see("profile-xlets", terminal.press(&DOWN.repeat(2)), "people: ");
    see("profile-fault", terminal.press(UP).press(SPACE), "it must stand in grid");
    drop(terminal);
    for (place, words) in [
        ("users", "no line"),
        ("hints", "xivo"),
        ("contexts", "sales"),
        ("queues", "support"),
        ("settings", "client.port"),
        ("phone-book", "030555"),
    ] {
        let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", place]);
        see(place, &mut terminal, words);
    }
    for (name, place, keys, words, (columns, rows)) in [
        ("telephone", "presences", ENTER, "berightback", (60, 20)),
        ("beside-contexts", "contexts", DOWN, "sales", (120, 40)),
        ("beside-presences", "presences", ENTER, "allowed changes", (200, 60)),
        ("beside-profiles", "profiles", DOWN, "XiVO Client", (200, 60)),
    ] {
        let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", place]);
        terminal.resize(columns, rows).await_words("server stopped");
        see(name, terminal.press(keys), words);
    }
    let new = Appliance::new();
    see("first-run", &mut Terminal::console(&new, "xterm-256color", &[]), "Welcome to ctibox");
    if is_drawn_anew {
        std::fs::write(file(), text).unwrap();
        return;
    }
    assert!(different.is_empty(), "CTIBOX_UPDATE_SNAPSHOTS=1 draws them anew: {}", different.join("\n"));
}
