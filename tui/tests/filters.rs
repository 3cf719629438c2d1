//! The filter, which is the same on every list: what it finds, how long it stays, and what cannot be done under it.

use super::sorting::TABLES;
use super::{COLOR, TestConsole, assert_frames};
use crate::settings::fixtures;
use crate::tui::Rights;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

/// Opens the filter and types into it.
fn look_for<'a>(console: &'a mut TestConsole, text: &str) -> &'a mut TestConsole {
    console.press(&[Key::char('/')]).write(text)
}

#[test]
fn every_list_is_narrowed_by_the_same_key() {
    for (tab, text, found, hidden) in [
        (Tab::Users, "bob", "bob", "carol"),
        (Tab::Presences, "nothing-like-it", "nothing found; Esc shows all", "Default presences"),
        (Tab::Profiles, "switch", "Switchboard", "Supervisor"),
        (Tab::Hints, "!xivo", "nothing found; Esc shows all", "profiles"),
        (Tab::Contexts, "!sal", "default", "sales  "),
        (Tab::Settings, "encryption", "encryption.mode", "client.port"),
    ] {
        let mut console = TestConsole::at(tab);
        console.says(hidden);
        look_for(&mut console, text).says(found).does_not_say(hidden);
        console.press(&[Key::ESC]).says(hidden).does_not_say("nothing found");
    }
}

#[test]
fn a_filter_stays_when_its_place_is_left_and_goes_with_esc() {
    let mut console = TestConsole::at(Tab::Users);
    look_for(&mut console, "agent:yes").press(&[Key::ENTER]).says("agent:yes").does_not_say("carol");
    console
        .press(&[Key::char('3')])
        .says("Supervisor")
        .press(&[Key::char('4')])
        .says("agent:yes")
        .does_not_say("carol");
    console.press(&[Key::ESC]).says("carol").does_not_say("agent:yes");
}

#[test]
fn a_field_that_the_list_does_not_have_is_told() {
    let mut console = TestConsole::at(Tab::Users);
    look_for(&mut console, "prfile:agent").says("no field prfile: here; profile:, state:").press(&[Key::ESC]);
    look_for(&mut console, "10:42").says("nothing found; Esc shows all");
}

#[test]
fn a_list_without_fields_tells_that_it_has_none() {
    let mut console = TestConsole::at(Tab::Profiles);
    console.press(&[Key::END, Key::UP, Key::char('w')]).says("who uses Client");
    look_for(&mut console, "unknown:x").reads("no field unknown: here, nor any other; words alone are looked for");
}

#[test]
fn the_lines_of_a_user_are_filtered_on_the_page() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::ENTER]).says("1001 ").says("1002 ");
    look_for(&mut console, "1002").says("1/2").press(&[Key::ENTER]).does_not_say("1001   ");
    console.press(&[Key::char('e')]).says("edit line").says("1002").press(&[Key::ESC]);
    look_for(&mut console, "telephone:nothing").reads("nothing found; telephone: pjsip/1001, pjsip/1002");
    console.press(&[Key::ENTER, Key::char('e')]).says("the filter hides all rows; Esc shows them");
    console.press(&[Key::ESC]).says("1001 ").says("Users › alice").press(&[Key::ESC]).does_not_say("Users › alice");
}

#[test]
fn words_are_found_in_what_the_rows_show() {
    let mut console = TestConsole::at(Tab::Users);
    look_for(&mut console, "sales").says("bob").does_not_say("alice").press(&[Key::ESC]);
    look_for(&mut console, "8001").says("bob").does_not_say("carol");
    let mut console = TestConsole::at(Tab::Contexts);
    look_for(&mut console, "default").says("sales");
    let mut console = TestConsole::at(Tab::Sessions);
    console.connect(&[("alice", "available"), ("bob", "available")]);
    look_for(&mut console, "sales").says("1/2").says("bob");
}

#[test]
fn what_stands_on_the_screen_is_found() {
    let mut console = TestConsole::at(Tab::Users);
    console.connect(&[("alice", "away")]);
    for (text, found, hidden) in [
        ("no line", "carol", "bob"),
        ("1001@default", "alice", "bob"),
        ("@sales", "bob", "alice"),
        ("connected", "alice", "bob"),
        ("away", "alice", "carol"),
    ] {
        look_for(&mut console, text).says(found).does_not_say(hidden).press(&[Key::ESC]);
    }
    console.press(&[Key::END, Key::char('x')]);
    look_for(&mut console, "disabled").says("carol").does_not_say("bob").press(&[Key::ESC]);
    // Whoever is connected is enabled too.
    look_for(&mut console, "state:enabled").says("alice").says("bob").does_not_say("carol").press(&[Key::ESC]);
    look_for(&mut console, "state:offline").says("bob").does_not_say("alice").does_not_say("carol");
}

#[test]
fn a_row_of_any_table_is_found_by_each_word_that_it_shows() {
    for (tab, keys) in TABLES {
        let mut console = TestConsole::at(tab);
        console.press(keys);
        let screen = console.screen();
        let lines: Vec<&str> = screen.lines().collect();
        let head = lines.iter().position(|line| line.starts_with("──")).expect("a title");
        let words = lines[head + 2].split_whitespace();
        for word in words.filter(|word| word.chars().any(char::is_alphanumeric) && !word.contains('…')) {
            look_for(&mut console, word);
            assert!(!console.screen().contains("nothing found"), "{word:?} of {tab:?} {keys:?}\n{screen}");
            console.press(&[Key::ESC]);
        }
    }
}

#[test]
fn fields_and_their_values_are_told_completed_and_looked_up() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('/')]).reads("words, a|b, !word, profile:, state:, context:, line:, agent:, presence:");
    console.write("st").press(&[Key::TAB]).says("state:").reads("enabled, connected, offline, disabled, no login");
    console.press(&[Key::TAB]).says("state:enabled").press(&[Key::TAB]).says("state:connected");
    console.press(&[Key::TAB, Key::TAB, Key::TAB]).says("state:\"no login\"").press(&[Key::ESC]);
    look_for(&mut console, "state:foo").reads("nothing found; state: enabled, connected, offline").press(&[Key::ESC]);
    look_for(&mut console, "profile:").reads("profile: client; none, any").press(&[Key::F1]);
    console.says("profile:").reads("What can be typed").does_not_say("Go to a place").press(&[Key::ESC]);
    console.says("/ profile:");
    let mut console = TestConsole::at(Tab::History);
    console.press(&[Key::char('/')]).write("time:").reads("today, yesterday, 30m, 1h");
}

#[test]
fn the_hint_of_a_filter_is_whole_in_any_width() {
    for size in [(60, 20), (80, 24), (120, 40)] {
        let mut console = TestConsole::with(Tab::Users, fixtures::small_company(), Rights::Edit, COLOR, size);
        console.press(&[Key::char('/')]).says("more)");
    }
}

#[test]
fn fields_and_what_must_not_be_there_are_asked_for() {
    let mut console = TestConsole::at(Tab::Users);
    console.connect(&[("alice", "away")]);
    look_for(&mut console, "presence:away").says("alice").does_not_say("bob").press(&[Key::ESC]);
    look_for(&mut console, "line:none").says("carol").does_not_say("alice").press(&[Key::ESC]);
    look_for(&mut console, "!line:none !context:sales").says("alice").does_not_say("carol").does_not_say("bob");
}

#[test]
fn an_order_is_not_changed_while_some_of_it_is_hidden() {
    let mut console = TestConsole::at(Tab::Presences);
    console.press(&[Key::ENTER]).says("available");
    look_for(&mut console, "action:off").press(&[Key::ENTER, Key::char('J')]);
    console.says("the filter may hide some").press(&[Key::ESC, Key::char('J')]).says("was moved down");
}

#[test]
fn history_is_looked_through_by_object_and_by_who() {
    let mut console = TestConsole::at(Tab::Contexts);
    console.press(&[Key::char('a')]).write("branch").press(&[Key::ctrl('s')]).says("branch");
    console.press(&[Key::char('h')]);
    look_for(&mut console, "who:root branch").says("\"branch\"").press(&[Key::ENTER, Key::ENTER]).says("before");
    console.press(&[Key::ESC, Key::ESC]);
    look_for(&mut console, "who:nobody").says("nothing found");
}

#[test]
fn the_filter_looks_well() {
    assert_frames("filter-open", Tab::Users, &fixtures::small_company(), |console| {
        console.press(&[Key::char('/')]);
    });
    assert_frames("filter-nothing-found", Tab::Contexts, &fixtures::small_company(), |console| {
        look_for(console, "nowhere");
    });
}

/// What the row under the cursor opens.
fn opened(console: &mut TestConsole) -> String {
    let screen = console.press(&[Key::ENTER]).screen();
    let title = screen.lines().find(|line| line.contains("Users › ")).unwrap_or_else(|| panic!("no user:\n{screen}"));
    let name = title.split("Users › ").nth(1).and_then(|rest| rest.split(' ').next()).expect("a name").to_owned();
    console.press(&[Key::ESC]);
    name
}

#[test]
fn the_cursor_stays_on_its_object_under_a_filter_and_comes_back_to_what_one_hid() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::DOWN, Key::char('/')]).write("o").press(&[Key::ENTER]);
    assert_eq!(opened(&mut console), "bob");
    console.press(&[Key::ESC, Key::char('/')]).write("carol").press(&[Key::ESC]);
    assert_eq!(opened(&mut console), "bob");
    // Whoever goes on with what was found stays there.
    console.press(&[Key::char('/')]).write("carol").press(&[Key::ENTER, Key::ESC]);
    assert_eq!(opened(&mut console), "carol");
}

#[test]
fn where_not_all_rows_are_seen_the_head_says_at_which_one_the_cursor_is() {
    let mut console = TestConsole::at(Tab::Users);
    console.does_not_say(" of 3 ──");
    let many = super::users::many_users();
    let mut console = TestConsole::with(Tab::Users, many, Rights::Edit, COLOR, (80, 24));
    console.press(&[Key::DOWN, Key::DOWN]).says(" 3 of ");
    console.press(&[Key::char('/')]).write("user001").says("100/10000, row ");
}

#[test]
fn words_find_what_the_row_shows_and_xlets_are_asked_for_by_name() {
    let mut console = TestConsole::at(Tab::Profiles);
    look_for(&mut console, "rec").says("nothing found").press(&[Key::ESC]);
    look_for(&mut console, "xlet:dir").says("Switchboard");
}

#[test]
fn moments_of_the_history_are_asked_for_as_people_type_them() {
    let mut console = TestConsole::at(Tab::History);
    // All of it happened in the future of this clock, or just now.
    for text in ["when:1 h", "time:<10m", "since:1 h", "since:00:30", "since:yesterday"] {
        look_for(&mut console, text).does_not_say("nothing found").press(&[Key::ESC]);
    }
    look_for(&mut console, "time:>1 h").says("nothing found").press(&[Key::ESC]);
}
