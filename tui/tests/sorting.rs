//! Tables sorted by any column, by key and by mouse; and the columns that come and go with the room that there is.

use ratatui::crossterm::event as terminal;
use ratatui::crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::snapshots::assert_frames;
use super::{COLOR, TestConsole};
use crate::settings::fixtures;
use crate::settings::id::{Id as _, UserId};
use crate::settings::name::MobileNumber;
use crate::tui::Rights;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::last_logins::LastLogins;
use crate::tui::tab::Tab;

const SORT: Key = Key::char('s');

/// The first words of the rows that begin with one of these.
fn order(console: &mut TestConsole, names: &[&str]) -> Vec<String> {
    let screen = console.screen();
    let first = screen.lines().skip(3).filter_map(|line| line.split_whitespace().next());
    first.filter(|word| names.contains(word)).map(str::to_owned).collect()
}

fn users(console: &mut TestConsole) -> Vec<String> {
    order(console, &["alice", "bob", "carol"])
}

/// Clicks on the first of these words on the screen.
fn click(console: &mut TestConsole, words: &str) {
    let screen = console.screen();
    let (row, line) = screen.lines().enumerate().find(|(_, line)| line.contains(words)).expect("it is there");
    let column = line[..line.find(words).expect("it is there")].chars().count();
    let (column, row) = (u16::try_from(column).expect("a column"), u16::try_from(row).expect("a row"));
    let kind = MouseEventKind::Down(MouseButton::Left);
    let mouse = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
    console.inner.handle(Event::Terminal(terminal::Event::Mouse(mouse)));
}

#[test]
fn s_sorts_users_by_the_next_column_and_again_reverses() {
    let mut console = TestConsole::at(Tab::Users);
    console.says("login▴").press(&[SORT]).says("sorted by name").says("name▴").press(&[SORT]).says("name▾");
    assert_eq!(users(&mut console), ["carol", "bob", "alice"]);
    console.press(&[Key::ESC]).says("login▴");
    assert_eq!(users(&mut console), ["alice", "bob", "carol"]);
    // Whoever has no line is last, either way.
    console.press(&[SORT, Key::RIGHT, Key::RIGHT, SORT]).says("main line▾");
    assert_eq!(users(&mut console), ["bob", "alice", "carol"]);
}

#[test]
fn the_order_stays_when_the_place_is_left_and_under_a_filter() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[SORT, SORT, Key::char('3'), Key::char('4')]).says("name▾");
    console.press(&[Key::char('/')]).write("!bob").press(&[Key::ENTER]);
    assert_eq!(users(&mut console), ["carol", "alice"]);
}

#[test]
fn a_click_on_a_head_sorts_and_again_reverses() {
    let mut console = TestConsole::at(Tab::Users);
    click(&mut console, "name  ");
    console.says("name▴");
    click(&mut console, "name▴");
    console.says("name▾");
    assert_eq!(users(&mut console), ["carol", "bob", "alice"]);
}

#[test]
fn who_logged_in_last_is_known_where_there_is_room() {
    let mut console = TestConsole::with(Tab::Users, fixtures::small_company(), Rights::Edit, COLOR, (360, 40));
    console.does_not_say("last login");
    // 2026-11-24 is day 20 781.
    let days = [("bob".to_owned(), 20_781), ("alice".to_owned(), 20_700)];
    console.inner.handle(Event::LastLogins(LastLogins::of(days)));
    console.says("last login").says("today").says("2026-09-04");
    click(&mut console, "last login");
    assert_eq!(users(&mut console), ["alice", "bob", "carol"]);
}

#[test]
fn columns_come_with_the_room_and_those_that_say_nothing_go() {
    assert_frames("users-all-columns", Tab::Users, &fixtures::small_company(), |console| {
        console.connect(&[("alice", "available"), ("bob", "away")]);
    });
    let mut company = fixtures::small_company();
    company.users.edit(UserId::new(1), |user| user.mobile = MobileNumber::parse("+33612345678").ok());
    let mut console = TestConsole::with(Tab::Users, company, Rights::Edit, COLOR, (360, 40));
    console.says("mobile").says("+33612345678").says("1001@default").does_not_say("client");
    console.connect(&[("alice", "away")]).says("client").says("presence").says("Away");
    let one = console.elsewhere(|c| {
        let lines = c.lines_of(UserId::new(2)).iter().map(|line| line.id).collect::<Vec<_>>();
        lines.into_iter().for_each(|line| c.remove_line(line).expect("it is there"));
        c.agents.iter().map(|agent| agent.id).collect::<Vec<_>>().into_iter().for_each(|agent| {
            c.remove_agent(agent).expect("it is there");
        });
    });
    console.inner.handle(Event::Configuration(one));
    console.does_not_say("1001@default  ").does_not_say(" agent ");
}
