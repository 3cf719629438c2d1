//! What screens read from the disk is read beside the thread that draws: a key is answered before it is there, and the screen
//! shows it as soon as it is.

use std::thread::yield_now;
use std::time::Duration;

use super::{COLOR, TestConsole};
use crate::settings::fixtures;
use crate::settings::id::{Id as _, ProfileId};
use crate::settings::setting::Key as Setting;
use crate::tui::Rights;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

/// A console that waits for no disk, not even a moment.
fn impatient(size: (u16, u16)) -> TestConsole {
    let mut console = TestConsole::with(Tab::Users, fixtures::small_company(), Rights::Edit, COLOR, size);
    (console.inner.app.patience, console.inner.app.glance) = (Duration::ZERO, Duration::ZERO);
    console
}

/// Until nothing is read any more.
fn awaited(console: &mut TestConsole) -> &mut TestConsole {
    console.draw();
    while console.inner.is_working() {
        console.inner.look_after();
        console.draw();
        yield_now();
    }
    console
}

#[test]
fn certificates_settings_and_the_overview_show_the_pair_once_it_is_read() {
    let mut console = impatient((80, 24));
    console.press(&[Key::char('9')]);
    awaited(&mut console).says("made at the first start").press(&[Key::char('l')]);
    awaited(&mut console).says("No pair is stored").press(&[Key::char('1')]);
    awaited(&mut console).says("○ not made yet").says("Last changes").press(&[Key::char('8')]);
    awaited(&mut console).on_setting(Setting::EncryptionCertificate);
    console.press(&[Key::DOWN; 2]).says("ctibox's own");
}

#[test]
fn history_opens_and_takes_back_what_is_read_beside() {
    let mut console = impatient((160, 50));
    let changed = console.elsewhere(|c| {
        let users: Vec<_> = c.users.iter().map(|user| user.id).collect();
        users.into_iter().for_each(|user| c.users.edit(user, |user| user.profile = Some(ProfileId::new(2))));
    });
    console.inner.handle(Event::Configuration(changed));
    console.press(&[Key::char('h')]);
    // The detail beside the list.
    awaited(&mut console).says("· user \"alice\": profile");
    console.press(&[Key::HOME, Key::ENTER]);
    awaited(&mut console).says("▾");
    console.press(&[Key::DOWN, Key::ENTER]);
    awaited(&mut console).says("~ profile").press(&[Key::ESC, Key::UP, Key::char('u')]);
    awaited(&mut console).says("Undo 1 change of 3 objects?").press(&[Key::char('y')]);
    awaited(&mut console).reads("undone: profile");
}

#[test]
fn a_removal_in_the_phone_book_is_asked_once_its_entry_is_read() {
    let mut console = impatient((80, 24));
    console.press(&[Key::char('B')]);
    awaited(&mut console).says("Acme").press(&[Key::DELETE]);
    awaited(&mut console).says("Remove phone book entry").says("Nobody finds it any more").press(&[Key::char('y')]);
    awaited(&mut console).says("was removed");
    assert_eq!(console.stored().phone_book.len(), 1);
}
