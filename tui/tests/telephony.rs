//! Telephony: the link and its settings, the test of the connection against nobody, and the dial rules.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use super::overview::{running, sessions};
use super::{TestConsole, assert_frames};
use crate::control::TelephonyLink;
use crate::settings::configuration::Configuration;
use crate::settings::edit::NewDialRule;
use crate::settings::fixtures;
use crate::settings::name::DialDigits;
use crate::settings::setting::{Key as Setting, SettingValue};
use crate::tui::Rights;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::server::Server;
use crate::tui::tab::Tab;
use crate::tui::tests::COLOR;

const SAVE: Key = Key::ctrl('s');
const YES: Key = Key::char('y');
const TEST: Key = Key::char('t');

/// With telephony on, at a port of this host.
fn linked_company(port: u16) -> Configuration {
    let mut company = fixtures::small_company();
    for (key, value) in [(Setting::AmiSecret, "opensesame".to_owned()), (Setting::AmiPort, port.to_string())] {
        company.settings.insert(key, SettingValue::parse(key, &value).expect("a value"));
    }
    company
}

/// With the link to Asterisk as it is said.
fn with_link(link: TelephonyLink) -> Server {
    let Server::Running(mut status, sessions) = running(sessions(), 460) else { unreachable!("it runs") };
    status.telephony = Some(link);
    Server::Running(status, sessions)
}

fn with_rules(rules: &[(&str, u8, &str, bool)]) -> Configuration {
    let mut company = fixtures::small_company();
    let sales = company.contexts.find(|context| context.name.as_str() == "sales").expect("sales").id;
    for (prefix, strip, add, is_of_sales) in rules {
        let digits = |text| DialDigits::parse(text).expect("digits");
        let context = is_of_sales.then_some(sales);
        let new = NewDialRule { prefix: digits(prefix), strip: *strip, add: digits(add), context };
        company.add_dial_rule(new).expect("a rule");
    }
    company
}

fn prefixes(console: &TestConsole) -> Vec<String> {
    console.stored().ordered_dial_rules().iter().map(|rule| rule.prefix.to_string()).collect()
}

/// Until the test is over.
fn await_test(console: &mut TestConsole) {
    let end = Instant::now() + Duration::from_secs(30);
    while console.inner.is_working() {
        assert!(Instant::now() < end, "the test never ends");
        console.inner.look_after();
        std::thread::yield_now();
    }
}

#[test]
fn telephony_looks_so_where_no_secret_is_set() {
    assert_frames("telephony-off", Tab::Telephony, &fixtures::small_company(), |console| {
        console.inner.handle(Event::Server(with_link(TelephonyLink::Off)));
    });
}

#[test]
fn telephony_looks_so_where_asterisk_refuses_the_login() {
    assert_frames("telephony-refused", Tab::Telephony, &linked_company(5038), |console| {
        let why = "127.0.0.1:5038 refuses the login: Authentication failed".to_owned();
        console.inner.handle(Event::Server(with_link(TelephonyLink::Refused { why, since: 0 })));
        console.press(&[Key::DOWN, Key::DOWN, Key::DOWN]);
    });
}

#[test]
fn the_secret_is_set_and_never_shown() {
    let mut console = TestConsole::at(Tab::Telephony);
    console.press(&[TEST]).says("ami.secret is not set: there is nothing to test yet");
    console.press(&[Key::DOWN, Key::DOWN, Key::DOWN, Key::ENTER]).write("opensesame").does_not_say("opensesame");
    console.press(&[SAVE]).says("ami.secret was set").does_not_say("opensesame").reads("ami.secret set set database");
}

#[test]
fn a_test_of_a_port_where_nobody_listens_says_what_to_do() {
    // Nobody has the port once it was let go.
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let mut console = TestConsole::with(Tab::Telephony, linked_company(port), Rights::ReadOnly, COLOR, (80, 24));
    console.press(&[TEST]).says("asking Asterisk at");
    await_test(&mut console);
    console.says("could not be asked").says("1 finding").reads("see that Asterisk runs");
    console.press(&[Key::ENTER]).says("── Telephony ──").says("Where Asterisk is").does_not_say("1 finding");
}

#[test]
fn a_test_is_given_up_by_esc() {
    // It takes the connection and never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let mut console = TestConsole::with(Tab::Telephony, linked_company(port), Rights::Edit, COLOR, (80, 24));
    console.press(&[TEST]).says("Esc cancels the test").press(&[Key::char('1')]).says("asking Asterisk at");
    console.press(&[Key::ESC]).says("the test was canceled").says("ami.secret");
}

#[test]
fn dial_rules_look_so_with_a_number_that_is_tried() {
    let rules = with_rules(&[("+33", 3, "00", false), ("+", 1, "000", false), ("0", 0, "9", true)]);
    assert_frames("dial-rules", Tab::Telephony, &rules, |console| {
        console.press(&[Key::TAB, TEST]).write("+33 1 23 45 67 89").press(&[Key::ENTER]);
    });
}

#[test]
fn a_dial_rule_form_looks_so() {
    assert_frames("dial-rule-form", Tab::Telephony, &fixtures::small_company(), |console| {
        console.press(&[Key::TAB, Key::char('a')]).write("+33").press(&[Key::TAB, Key::ctrl('u')]).write("3");
        console.press(&[Key::TAB]).write("0").press(&[Key::TAB, Key::TAB]).write("+33 1 23");
    });
}

#[test]
fn a_dial_rule_is_added_moved_edited_and_removed_and_undo_brings_it_back() {
    let mut console =
        TestConsole::with(Tab::Telephony, with_rules(&[("+", 1, "000", false)]), Rights::Edit, COLOR, (80, 24));
    console.press(&[Key::TAB, Key::char('a')]).write("+33").press(&[Key::TAB]).write("41").says("from 0 to 40");
    console.press(&[Key::ctrl('u')]).write("3").press(&[SAVE]).says("dial rule \"+33\" was added");
    assert_eq!(prefixes(&console), ["+", "+33"]);
    console.press(&[Key::char('J')]).says("it is the last already");
    console.press(&[Key::char('K')]).says("dial rule \"+33\" was moved up");
    assert_eq!(prefixes(&console), ["+33", "+"]);
    console.press(&[Key::char('K')]).says("it is the first already");
    console.press(&[Key::ENTER, Key::TAB, Key::TAB]).write("0").press(&[SAVE]).says("dial rule \"+33\" was changed");
    console.press(&[TEST]).write("+33123").says("becomes       0123, by the rule at place 1").press(&[Key::ESC]);
    console.press(&[Key::DELETE]).says("Remove dial rule +33?").press(&[YES]).says("was removed");
    assert_eq!(prefixes(&console), ["+"]);
    console.press(&[Key::ctrl('z')]).says("undone");
    assert_eq!(prefixes(&console), ["+33", "+"]);
}

#[test]
fn a_number_becomes_something_else_for_callers_in_a_context_of_their_own() {
    let rules = with_rules(&[("0", 0, "9", true)]);
    let mut console = TestConsole::with(Tab::Telephony, rules, Rights::ReadOnly, COLOR, (80, 24));
    console.press(&[Key::TAB, TEST]).write("0123");
    console.says("90123, by the rule at place 1, for callers in sales");
    console.says("0123, no rule matches it, for callers elsewhere");
    console.press(&[Key::ctrl('u')]).write("Bob").does_not_say("becomes");
}

/// It has its sign, its reason, and a word when it comes to that.
#[test]
fn a_rule_that_is_never_reached_is_marked_and_moving_one_there_warns() {
    let rules = with_rules(&[("+49", 3, "0", false), ("+", 1, "00", false)]);
    let mut console = TestConsole::with(Tab::Telephony, rules, Rights::Edit, COLOR, (120, 40));
    console.press(&[Key::TAB]).does_not_say(" ! ").press(&[Key::char('J')]);
    console.reads("dial rule \"+49\" was moved down. Note: dial rule \"+49\" at place 2 is never reached: dial rule \"+\" at place 1");
    console.says(" ! 2");
    console.press(&[Key::UP, Key::DOWN]).says("it fits no number").press(&[Key::char('K')]).does_not_say(" ! ");
    // On a small terminal the reason stands below.
    let rules = with_rules(&[("+", 1, "00", false), ("+49", 3, "0", false)]);
    let mut console = TestConsole::with(Tab::Telephony, rules, Rights::Edit, COLOR, (60, 20));
    console.press(&[Key::TAB]).does_not_say("fits no number").press(&[Key::DOWN]);
    console.reads("! +49 at place 2 fits no number: + at place 1 fits all of them before it");
}

#[test]
fn the_detail_of_a_rule_names_shorter_ones_before_it_that_take_some_of_its_numbers() {
    let rules = with_rules(&[("+", 1, "00", true), ("+49", 3, "0", false)]);
    let mut console = TestConsole::with(Tab::Telephony, rules, Rights::Edit, COLOR, (120, 40));
    console.press(&[Key::TAB, Key::DOWN]).reads("without those of + at place 1, for callers in sales");
}
