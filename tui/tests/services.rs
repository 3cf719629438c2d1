//! Switching off what users switched on, on a server that is only a socket.

use super::overview::{running, sessions};
use super::sessions::serve_responses;
use super::{COLOR, TestConsole};
use crate::control::{self, ServicesOutcome, SwitchedService};
use crate::settings::fixtures;
use crate::settings::id::{Id as _, UserId, UserUuid};
use crate::settings::state::{Forward, Services};
use crate::tui::Rights;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::services_on::ServicesOn;
use crate::tui::tab::Tab;

const OFF: Key = Key::char('O');
const YES: Key = Key::char('y');

/// On the page of bob, who has do not disturb and a forward on, on a running server.
fn page_of_bob(rights: Rights) -> (TestConsole, UserUuid) {
    let mut console = TestConsole::with(Tab::Users, fixtures::small_company(), rights, COLOR, (80, 24));
    console.inner.handle(Event::Server(running(sessions(), 460)));
    let bob = console.stored().users.get(UserId::new(2)).expect("bob").uuid;
    let forward = Forward { is_on: true, destination: "1001".into() };
    let services = Services { do_not_disturb: true, busy: forward, ..Services::default() };
    console.inner.handle(Event::Services(ServicesOn::of_users([(bob, services)])));
    console.press(&[Key::DOWN, Key::ENTER]);
    (console, bob)
}

/// What the server was asked, who answers this.
fn asked(console: &mut TestConsole, keys: &[Key], outcome: ServicesOutcome, says: &str) -> control::Request {
    let server = serve_responses(console, vec![control::Response::SwitchedOff { outcome }]);
    console.press(keys).reads(says);
    let asked = server.join().expect("asks").remove(0);
    std::fs::remove_file(control::socket_path(console.folder())).expect("the socket goes");
    asked
}

#[test]
fn what_keeps_callers_away_is_switched_off_all_of_it_or_a_part() {
    use SwitchedService::{DoNotDisturb, ForwardBusy};
    let (mut console, bob) = page_of_bob(Rights::Edit);
    console.reads("do not disturb, forward busy 1001; O switches them off");
    console.press(&[OFF]).says("· do not disturb").says("· forward busy 1001").says("forwards alone");
    for (key, services, done) in [
        ('f', vec![ForwardBusy], "switched off for bob: forward busy"),
        ('d', vec![DoNotDisturb], "switched off for bob: do not disturb"),
        ('y', vec![DoNotDisturb, ForwardBusy], "switched off for bob: do not disturb, forward busy"),
    ] {
        let request = asked(&mut console, &[Key::char(key)], ServicesOutcome::Off, done);
        let user = bob.to_string();
        assert_eq!(request, control::Request::SwitchOff { user, services, by: "root".to_owned() });
        console.press(&[OFF]);
    }
    console.press(&[Key::ESC, YES]).reads("ctibox user switch-off bob dnd forward-busy");
}

#[test]
fn what_was_not_switched_off_is_told_with_the_reason() {
    let (mut console, _) = page_of_bob(Rights::Edit);
    asked(&mut console, &[OFF, YES], ServicesOutcome::NotKept, "not switched off: the server could not write it");
    asked(&mut console, &[OFF, YES], ServicesOutcome::NothingOn, "nothing was changed");
}

#[test]
fn services_are_switched_off_where_there_are_some_by_whoever_may() {
    let (mut console, _) = page_of_bob(Rights::ReadOnly);
    console.press(&[OFF]).does_not_say("Switch off services of");
    let (mut console, _) = page_of_bob(Rights::Edit);
    console.press(&[Key::ESC, Key::UP, Key::ENTER, OFF]).reads("the user has nothing switched on");
    console.press(&[Key::char(':')]).write("unreachable bob").says("services off bob").press(&[Key::ENTER]);
    console.says("Switch off services of bob?").press(&[Key::ESC, Key::char(':')]).write("nobody can reach bob");
    console.says("services off bob");
}
