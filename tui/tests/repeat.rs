//! `.`: the last change is done to other rows, asks what it asked, and says so where it cannot be done again.

use super::TestConsole;
use crate::settings::setting::Key as Setting;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const SAVE: Key = Key::ctrl('s');
const YES: Key = Key::char('y');
const AGAIN: Key = Key::char('.');
const BULK: Key = Key::char('b');

/// Where it is asked about, it is agreed to.
fn agreed(console: &mut TestConsole) -> &mut TestConsole {
    if console.screen().contains("change nothing") {
        console.press(&[YES]);
    }
    console
}

/// Does it again, with the cursor there.
fn again<'a>(console: &'a mut TestConsole, moves: &[Key]) -> &'a mut TestConsole {
    agreed(console.press(moves).press(&[AGAIN]))
}

#[test]
fn a_profile_and_a_context_are_given_to_others() {
    let mut console = TestConsole::at(Tab::Users);
    agreed(console.press(&[BULK, Key::char('p')]).write("Sw").press(&[SAVE])).says("was given to 1 user");
    again(&mut console, &[Key::DOWN]).says("profile \"Switchboard\" was given to 1 user");
    let profiles: Vec<_> = console.stored().users.iter().map(|user| user.profile).collect();
    assert!(profiles[0] == profiles[1] && profiles[0] != profiles[2], "{profiles:?}");
    again(&mut console, &[Key::UP]).says("nothing was changed: alice had it so already");
    for context in ["s", "d"] {
        agreed(console.press(&[Key::HOME, BULK, Key::char('c')]).write(context).press(&[SAVE])).says("was moved");
    }
    again(&mut console, &[Key::DOWN]).says("1 main line was moved to context \"default\"");
    again(&mut console, &[Key::DOWN]).says("nothing was changed: carol has no line");
}

#[test]
fn passwords_are_made_and_users_removed_with_the_same_question() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[BULK, Key::char('m'), YES]);
    while !console.screen().contains("1 new password made") {
        console.inner.look_after();
    }
    console.press(&[YES]).says("copied the password of alice").press(&[Key::ENTER, YES, Key::DOWN, AGAIN]);
    console.says("New passwords for bob?").press(&[Key::ESC]);
    console.press(&[Key::char('d'), YES]).says("was removed").press(&[AGAIN]).says("keep the user");
    console.press(&[Key::ESC, Key::ctrl('a'), AGAIN]).says("Remove 2 marked users?");
}

#[test]
fn settings_are_set_to_the_same_value_and_back() {
    let mut console = TestConsole::at(Tab::Settings);
    agreed(console.on_setting(Setting::StrictPresence).press(&[Key::SPACE])).says("strict_presence is false");
    console.press(&[Key::HOME]).on_setting(Setting::ServicesEnforceProfile);
    again(&mut console, &[]).says("enforce_profile is false");
    console.press(&[Key::HOME]).on_setting(Setting::ClientPort);
    again(&mut console, &[]).says("client.port was not set:");
    console.press(&[Key::HOME]).on_setting(Setting::AmiSecret);
    again(&mut console, &[]).says("ami.secret is typed in its form");
    agreed(console.press(&[Key::HOME]).on_setting(Setting::StrictPresence).press(&[Key::char('d')]))
        .says("its default");
    console.press(&[Key::HOME]).on_setting(Setting::ServicesEnforceProfile);
    again(&mut console, &[]).says("enforce_profile is back to its default");
    again(&mut console, &[]).says("has its default already");
    // What was typed in a form too.
    console.press(&[Key::HOME]).on_setting(Setting::ChatKeepDays).press(&[Key::ENTER, Key::ctrl('u')]).write("7");
    agreed(console.press(&[SAVE])).says("was set").press(&[Key::HOME]);
    again(console.on_setting(Setting::ClientLoginTimeout), &[]).says("client.login_timeout is 7");
}

#[test]
fn accounts_and_the_user_of_a_page_are_switched() {
    let mut console = TestConsole::at(Tab::Accounts);
    console.press(&[Key::char('x')]).says("account \"crm\" was disabled");
    console.press(&[AGAIN]).says("nothing was changed: account \"crm\" is disabled already");
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('x')]).says("was disabled").press(&[Key::DOWN, Key::ENTER, AGAIN]);
    console.says("user \"bob\" was disabled");
}

#[test]
fn what_cannot_be_done_again_says_so() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[AGAIN]).says("nothing was changed in this console yet");
    console.press(&[Key::char('x')]).says("was disabled").press(&[Key::char('e'), Key::TAB]).write("X").press(&[SAVE]);
    console.says("was changed").press(&[Key::DOWN, AGAIN]).reads("the last change cannot be done to another row");
}
