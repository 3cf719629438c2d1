//! Tables sorted by any column, by key and by mouse; and the columns that come and go with the room that there is.

use ratatui::crossterm::event as terminal;
use ratatui::crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::snapshots::assert_frames;
use super::{COLOR, TestConsole};
use crate::settings::fixtures;
use crate::settings::id::{Id as _, UserId};
use crate::settings::name::{LastName, Login, MobileNumber};
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
fn users_are_sorted_by_their_last_names_right_behind_the_names() {
    let mut company = fixtures::small_company();
    for (id, name) in [(1, "Zimmer"), (2, "Archer"), (3, "Miller")] {
        company.users.edit(UserId::new(id), |user| user.last_name = LastName::parse(name).expect("a name"));
    }
    let mut console = TestConsole::with(Tab::Users, company, Rights::Edit, COLOR, (80, 24));
    console.press(&[SORT]).says("name▴").press(&[Key::RIGHT]).says("sorted by last name").says("by last name▴");
    assert_eq!(users(&mut console)[..3], ["bob", "carol", "alice"]);
    console.press(&[SORT]).says("by last name▾");
    assert_eq!(users(&mut console)[..3], ["alice", "carol", "bob"]);
}

#[test]
fn a_column_that_has_no_room_is_sorted_by_too_and_named() {
    let mut company = fixtures::small_company();
    company.users.edit(UserId::new(1), |user| user.mobile = MobileNumber::parse("+33612345678").ok());
    let mut console = TestConsole::with(Tab::Users, company, Rights::Edit, COLOR, (80, 24));
    console.does_not_say("mobile").press(&[SORT]);
    for _ in 0..10 {
        if console.screen().contains("by mobile▴") {
            return;
        }
        console.press(&[Key::RIGHT]);
    }
    unreachable!("s never comes to the mobile number\n{}", console.screen());
}

#[test]
fn sorting_keeps_the_object_under_the_cursor_and_numbers_count_by_their_value() {
    let mut company = fixtures::small_company();
    for (id, login) in [(1, "user10"), (2, "user2"), (3, "user1")] {
        company.users.edit(UserId::new(id), |user| user.login = Login::parse(login).ok());
    }
    let mut console = TestConsole::with(Tab::Users, company, Rights::Edit, COLOR, (80, 24));
    assert_eq!(order(&mut console, &["user1", "user2", "user10"]), ["user1", "user2", "user10"]);
    console.press(&[Key::DOWN, SORT, Key::LEFT, SORT]).says("login▾").press(&[Key::ENTER, Key::ENTER]);
    console.says("Users › user2");
}

#[test]
fn the_order_stays_when_the_place_is_left_and_under_a_filter() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[SORT, SORT, Key::char('3'), Key::char('4')]).says("name▾");
    console.press(&[Key::char('/')]).write("!bob").press(&[Key::ENTER]);
    assert_eq!(users(&mut console), ["carol", "alice"]);
}

/// All tables but those of sessions, which need a server, with what is pressed to get there.
pub(super) const TABLES: [(Tab, &[Key]); 16] = [
    (Tab::Presences, &[]),
    (Tab::Presences, &[Key::ENTER]),
    (Tab::Profiles, &[]),
    (Tab::Profiles, &[Key::char('w')]),
    (Tab::Hints, &[]),
    (Tab::Hints, &[Key::ENTER]),
    (Tab::Contexts, &[]),
    (Tab::Contexts, &[Key::ENTER]),
    (Tab::Queues, &[]),
    (Tab::Queues, &[Key::TAB]),
    (Tab::Queues, &[Key::ENTER]),
    (Tab::Telephony, &[Key::TAB]),
    (Tab::Accounts, &[]),
    (Tab::Voicemails, &[]),
    (Tab::Rooms, &[]),
    (Tab::Certificates, &[Key::char('l')]),
];

#[test]
fn every_table_is_sorted_by_the_same_key_and_comes_back_to_the_order_of_its_own() {
    for (tab, keys) in TABLES {
        let mut console = TestConsole::at(tab);
        console.press(keys);
        let before = console.screen();
        assert!(!before.contains('▴') && !before.contains('▾'), "{before}");
        console.press(&[SORT]).says("▴").says("sorted by ").press(&[SORT]).says("▾").says(", descending");
        console.press(&[SORT]).says("in the order of its own").press(&[Key::ENTER, Key::HOME]);
        assert!(!console.screen().contains('▾'), "{tab:?} {keys:?}");
        console.press(&[Key::char('/'), Key::ESC]).press(&[SORT, Key::ESC]).says("in the order of its own");
    }
}

#[test]
fn what_is_shown_of_a_context_orders_it_by_number_and_by_name() {
    let mut console = TestConsole::at(Tab::Contexts);
    let contexts = |console: &mut TestConsole| order(console, &["default", "sales"]);
    assert_eq!(contexts(&mut console), ["default", "sales"]);
    console.press(&[SORT, SORT]).says("context▾");
    assert_eq!(contexts(&mut console), ["sales", "default"]);
    console.press(&[Key::RIGHT]).says("lines▴");
    assert_eq!(contexts(&mut console), ["sales", "default"]);
    console.press(&[SORT]).says("lines▾");
    assert_eq!(contexts(&mut console), ["default", "sales"]);
}

#[test]
fn an_order_of_its_own_is_changed_in_that_order_alone() {
    let mut console = TestConsole::at(Tab::Presences);
    console.press(&[Key::ENTER, SORT, Key::char('J')]).says("it is sorted by a column: s s s goes back");
    console.press(&[SORT, SORT, SORT]).says("in the order of its own");
    console.press(&[Key::HOME, Key::char('J')]).says("presence \"available\" was moved down");
    let names = order(&mut console, &["=", "away"]);
    assert_eq!(names.first().map(String::as_str), Some("away"));
}

#[test]
fn agents_are_sorted_by_how_they_stand() {
    let mut console = TestConsole::at(Tab::Queues);
    console.inner.handle(Event::AtWork(Some(super::agents_at_work::at_work())));
    console.press(&[Key::TAB, SORT, Key::RIGHT, Key::RIGHT]).says("state▴").says("sorted by state");
    console.press(&[Key::RIGHT]).says("for▴");
    console.press(&[Key::char('1'), Key::char('7')]).says("for▴");
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
