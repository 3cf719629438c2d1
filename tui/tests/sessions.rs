//! Sessions: the list, its order, the search, and ending them on a server that is only a socket.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixListener;
use std::thread::{self, JoinHandle};

use super::TestConsole;
use super::overview::{running, sessions};
use super::snapshots::assert_frames;
use crate::control::{self, socket_path};
use crate::settings::fixtures;
use crate::settings::setting::{Key as Setting, SettingValue};
use crate::tui::Rights;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::server::Server;
use crate::tui::tab::Tab;
use crate::tui::tests::COLOR;

fn console() -> TestConsole {
    let mut console = TestConsole::at(Tab::Sessions);
    console.inner.handle(Event::Server(running(sessions(), 460)));
    console
}

/// A server that is only a socket: it gives these answers, a caller each, and tells what it was asked.
pub(super) fn serve_responses(
    console: &TestConsole,
    replies: Vec<control::Response>,
) -> JoinHandle<Vec<control::Request>> {
    let listener = UnixListener::bind(socket_path(console.folder.path())).expect("a socket");
    let answer = move |reply: &control::Response| {
        let (mut stream, _) = listener.accept().expect("a caller");
        let mut line = String::new();
        BufReader::new(stream.try_clone().expect("a stream")).read_line(&mut line).expect("an ask");
        writeln!(stream, "{}", serde_json::to_string(reply).expect("words")).expect("told");
        serde_json::from_str(&line).expect("an ask")
    };
    thread::spawn(move || replies.iter().map(answer).collect())
}

/// The logins in the order of the rows.
fn logins(console: &mut TestConsole) -> Vec<String> {
    let screen = console.screen();
    let rows = screen.lines().filter_map(|line| line.split_whitespace().next().map(|word| (word, line)));
    rows.filter(|(word, line)| ["alice", "bob", "carol"].contains(word) && !line.contains("session"))
        .map(|(word, _)| word.to_owned())
        .collect()
}

#[test]
fn sessions_look_so() {
    assert_frames("sessions", Tab::Sessions, &fixtures::small_company(), |console| {
        console.inner.handle(Event::Server(running(sessions(), 460)));
        console.press(&[Key::DOWN, Key::DOWN]);
    });
}

#[test]
fn without_a_server_sessions_say_how_to_start_it() {
    assert_frames("sessions-stopped", Tab::Sessions, &fixtures::small_company(), |console| {
        console.inner.handle(Event::Server(Server::NotRunning));
    });
}

#[test]
fn what_ends_a_session_is_asked_first() {
    assert_frames("sessions-end", Tab::Sessions, &fixtures::small_company(), |console| {
        console.inner.handle(Event::Server(running(sessions(), 460)));
        console.press(&[Key::char('d')]);
    });
}

#[test]
fn s_changes_the_order_and_the_cursor_stays_on_its_session() {
    let mut console = console();
    assert_eq!(logins(&mut console), ["alice", "alice", "bob", "carol"]);
    console.press(&[Key::END, Key::char('s'), Key::RIGHT, Key::RIGHT, Key::RIGHT]);
    console.says("sorted by secured").says("carol (Carol");
    assert_eq!(logins(&mut console), ["bob", "carol", "alice", "alice"]);
    console.press(&[Key::char('s')]).says("sorted by secured, descending");
    assert_eq!(logins(&mut console), ["alice", "alice", "carol", "bob"]);
    console.press(&[Key::ENTER, Key::char('4'), Key::char('0')]).says("secured▾").says("bob");
    assert_eq!(logins(&mut console), ["alice", "alice", "carol", "bob"]);
}

#[test]
fn a_search_narrows_while_it_is_typed_and_esc_shows_all() {
    let mut console = console();
    console.press(&[Key::char('/')]).write("1.3 ARCH");
    assert_eq!(logins(&mut console), ["alice", "alice"]);
    console.press(&[Key::ENTER, Key::char('s')]).says("sorted by name");
    console.press(&[Key::char('/'), Key::RIGHT]).write("x").says("No session matches");
    console.press(&[Key::ESC]);
    assert_eq!(logins(&mut console).len(), 4);
}

#[test]
fn a_console_that_only_reads_ends_nothing() {
    let mut console = TestConsole::with(Tab::Sessions, fixtures::small_company(), Rights::ReadOnly, COLOR, (80, 24));
    console.inner.handle(Event::Server(running(sessions(), 460)));
    console.press(&[Key::char('d')]).says("this console is read-only");
}

#[test]
fn one_session_or_all_of_a_user_are_ended_with_or_without_coming_back() {
    let alice = || control::SessionSelector::User("alice".to_owned());
    for (key, whose, force) in [
        ('y', control::SessionSelector::Session(1), false),
        ('f', control::SessionSelector::Session(1), true),
        ('a', alice(), false),
        ('A', alice(), true),
    ] {
        let mut console = console();
        let server = serve_responses(&console, vec![control::Response::Disconnected { sessions: 2 }]);
        console.press(&[Key::char('d'), Key::char(key)]).says("ended 2 sessions of \"alice\"");
        assert_eq!(server.join().expect("asks"), [control::Request::Disconnect { which: whose, force }]);
    }
}

#[test]
fn all_sessions_that_are_marked_are_ended_at_once() {
    for (key, force) in [('y', false), ('f', true)] {
        let mut console = console();
        let server = serve_responses(&console, vec![control::Response::Disconnected { sessions: 3 }]);
        console.press(&[Key::char('/')]).write("context:default").press(&[Key::ENTER, Key::ctrl('a')]);
        console.says("2 marked, 2/4").press(&[Key::ESC, Key::ESC]).press(&[Key::char('/')]).write("!bob");
        console.press(&[Key::ENTER, Key::ctrl('a'), Key::char('b')]).says("End 3 marked sessions?");
        console.reads("3 sessions of 2 users are open.").press(&[Key::char(key)]);
        console.says("ended 3 marked sessions");
        let which = control::SessionSelector::Sessions(vec![1, 4, 3]);
        assert_eq!(server.join().expect("asks"), [control::Request::Disconnect { which, force }]);
    }
}

#[test]
fn what_a_session_left_behind_is_not_marked_any_more() {
    let mut console = console();
    console.press(&[Key::ctrl('a')]).says("4 marked, 4 ");
    console.inner.handle(Event::Server(running(sessions().into_iter().take(3).collect(), 460)));
    console.says("3 marked, 3 ");
}

#[test]
fn a_server_that_is_gone_is_told() {
    let mut console = console();
    console.press(&[Key::char('d'), Key::char('y')]).says("not ended: no server runs on");
}

#[test]
fn enter_goes_to_the_user_of_the_session() {
    let mut console = console();
    console.press(&[Key::END, Key::ENTER]).says("── Users").says("carol");
}

fn failed_logins() -> control::Response {
    let login = |login: &str, failures, delay_seconds, waiting| control::FailedLogin {
        login: login.to_owned(),
        failures,
        addresses: 2,
        delay_seconds,
        waiting,
        last_at: Some(super::two_at_night().unix_timestamp() - 125),
    };
    let address =
        control::FailedAddress { address: "2001:db8:1:2::/64".to_owned(), failures: 51, delay_seconds: 1, waiting: 0 };
    control::Response::FailedLogins(control::FailedLogins {
        logins: vec![login("alice", 6, 8, 3), login("nobody", 2, 0, 0)],
        addresses: vec![address],
    })
}

#[test]
fn whose_failed_logins_slow_further_ones_down_is_shown_and_forgotten_after_a_question() {
    let mut console = console();
    let none = control::Response::FailedLogins(control::FailedLogins { logins: Vec::new(), addresses: Vec::new() });
    let forgotten = control::Response::FailedLoginsForgotten { failures: 6 };
    let server = serve_responses(&console, vec![failed_logins(), forgotten, none]);
    console.press(&[Key::char('L')]).says("failed logins").says("alice").says("8 s").says("2001:db8:1:2::/64");
    console.press(&[Key::char('U')]).reads("6 failed logins of login \"alice\" are counted");
    console.press(&[Key::char('y')]).says("forgot 6 failed logins of alice").says("No login failed within the last 15");
    let asks = server.join().expect("asks");
    assert_eq!(asks[1], control::Request::ForgetFailedLogins { of: "alice".to_owned() });
}

/// Enabled and with a password, and all the same nobody can log in: the page of a caller says so.
#[test]
fn a_password_that_no_backend_checks_is_said_to_be_none() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::ENTER]).does_not_say("nobody checks it");
    let heard = console.elsewhere(|c| {
        let backends = SettingValue::parse(Setting::AuthBackends, "ldap_user").expect("a list");
        c.settings.insert(backends.key(), backends);
    });
    console.inner.handle(Event::Configuration(heard));
    console.reads("set, but nobody checks it: auth.backends does not name xivo_user");
}

#[test]
fn failed_logins_are_filtered_and_sorted_and_stay_so_when_the_server_is_asked_again() {
    let mut console = console();
    let again = control::Response::FailedLogins(control::FailedLogins {
        logins: vec![
            control::FailedLogin {
                login: "mallory".to_owned(),
                failures: 9,
                addresses: 1,
                delay_seconds: 8,
                waiting: 1,
                last_at: None,
            },
            control::FailedLogin {
                login: "nobody".to_owned(),
                failures: 3,
                addresses: 3,
                delay_seconds: 0,
                waiting: 0,
                last_at: None,
            },
        ],
        addresses: Vec::new(),
    });
    let server = serve_responses(&console, vec![failed_logins(), again]);
    console.press(&[Key::char('L')]).says(" 3 ──");
    console.press(&[Key::char('/')]).write("kind:login user:none").says("1/3").says("nobody").does_not_say("alice   ");
    console.press(&[Key::ENTER, Key::char('r')]).says("2/2").says("mallory").says("user:none");
    server.join().expect("asked");
    console.press(&[Key::ESC, Key::char('s'), Key::RIGHT, Key::RIGHT]).says("failures▴");
    // The cursor is where it was, whatever stands before it now.
    console.press(&[Key::ENTER, Key::ENTER]).says("nobody has the login \"nobody\"");
}

#[test]
fn beside_a_failed_login_stands_whose_it_is_and_beside_an_address_who_is_connected_from_there() {
    let mut console = TestConsole::with(Tab::Sessions, fixtures::small_company(), Rights::Edit, COLOR, (120, 40));
    console.inner.handle(Event::Server(running(sessions(), 460)));
    let mut failed = failed_logins();
    if let control::Response::FailedLogins(failed) = &mut failed {
        failed.addresses[0].address = "2001:db8:85a3:8d3::/64".to_owned();
    }
    let server = serve_responses(&console, vec![failed]);
    console.press(&[Key::char('L')]).says("E-mail address  alice@example.org").reads("from 2 addresses");
    console.reads("are checked 8 s apart").press(&[Key::DOWN]).reads("nobody has this login");
    console.press(&[Key::DOWN]).reads("1 user from there: bob");
    server.join().expect("asked");
}

#[test]
fn enter_on_a_failed_login_goes_to_whoever_has_it() {
    let mut console = console();
    let server = serve_responses(&console, vec![failed_logins()]);
    console.press(&[Key::char('L'), Key::DOWN, Key::ENTER]).says("nobody has the login \"nobody\"");
    console.press(&[Key::END, Key::ENTER]).says("it is an address, not a login");
    console.press(&[Key::HOME, Key::ENTER]).says("── Users › alice");
    server.join().expect("asked");
}

#[test]
fn a_users_page_tells_of_failed_logins_and_forgets_them() {
    let mut console = TestConsole::at(Tab::Users);
    let mut server = running(sessions(), 460);
    if let Server::Running(status, _) = &mut server {
        let login = "Alice".to_owned();
        status.failed_logins = vec![control::FailedLogin {
            login,
            failures: 6,
            addresses: 1,
            delay_seconds: 8,
            waiting: 0,
            last_at: Some(super::two_at_night().unix_timestamp() - 125),
        }];
    }
    console.inner.handle(Event::Server(server));
    console.press(&[Key::DOWN, Key::ENTER]).says("── Users › bob").does_not_say("Failed logins");
    console.press(&[Key::char('U')]).says("no login of this user failed lately").press(&[Key::ESC, Key::HOME]);
    console
        .press(&[Key::ENTER])
        .reads("6 within 15 minutes, the last 2 min ago, from 1 address; attempts are 8 s apart now; U forgets them");
    let server = serve_responses(&console, vec![control::Response::FailedLoginsForgotten { failures: 6 }]);
    console.press(&[Key::char('U'), Key::char('y')]).says("forgot 6 failed logins of Alice").says("── Users › alice");
    let asks = server.join().expect("asks");
    assert_eq!(asks[0], control::Request::ForgetFailedLogins { of: "Alice".to_owned() });
}

#[test]
fn failed_logins_look_so() {
    assert_frames("sessions-throttle", Tab::Sessions, &fixtures::small_company(), |console| {
        console.inner.handle(Event::Server(running(sessions(), 460)));
        let server = serve_responses(console, vec![failed_logins()]);
        console.press(&[Key::char('L')]);
        server.join().expect("asked");
    });
}
