//! Accounts of the administrative interfaces by keyboard, and the flag of a break-glass user.

use super::{TestConsole, assert_frames};
use crate::check;
use crate::settings::account::{Account, AccountKind, AccountRight};
use crate::settings::configuration::Configuration;
use crate::settings::fixtures;
use crate::settings::id::Id as _;
use crate::settings::rule::Severity;
use crate::settings::table::Kind;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const SAVE: Key = Key::ctrl('s');

fn accounts() -> TestConsole {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('A')]).says("── Accounts");
    console
}

fn account(configuration: &Configuration, name: &str) -> Account {
    let found = configuration.accounts.iter().find(|account| account.has_name(name));
    Account::clone(found.unwrap_or_else(|| panic!("no account {name}")))
}

/// To the field of rights or contexts, whose list is opened.
fn open_list(console: &mut TestConsole, tabs: usize) -> &mut TestConsole {
    console.press(&vec![Key::TAB; tabs]).press(&[Key::ENTER])
}

#[test]
fn an_account_is_added_with_rights_a_context_and_a_password_that_is_shown_once() {
    let mut console = accounts();
    console.press(&[Key::char('a')]).says("new account").write("night.shift").press(&[Key::TAB; 2]);
    open_list(&mut console, 1).press(&[Key::SPACE, Key::SPACE, Key::ENTER]).says("read-status, write-presence");
    console.press(&[Key::TAB]).says("all contexts, also those to come").press(&[Key::RIGHT]);
    console.says("only those that are marked below").press(&[SAVE]).reads("mark at least one");
    // The cursor is where something is wrong.
    open_list(&mut console, 0).press(&[Key::DOWN, Key::SPACE, Key::ENTER]).says("sales");
    console.press(&[Key::TAB, Key::RIGHT]).says("generate one, shown once after saving");
    console.press(&[SAVE]).says("the password of night.shift").says("made-password").says("was added");
    console.press(&[Key::ENTER]).does_not_say("made-password").says("night.shift");
    let stored = console.stored();
    let new = account(&stored, "night.shift");
    assert_eq!((new.kind, new.enabled, new.password.is_some()), (AccountKind::Admin, true, true));
    assert_eq!(new.rights, [AccountRight::ReadStatus, AccountRight::WritePresence].into());
    assert_eq!(new.contexts.len(), 1);
    console.undo_after_question().says("undone");
    assert_eq!(console.stored().accounts.len(), fixtures::small_company().accounts.len());
}

#[test]
fn what_an_account_is_changes_field_by_field_and_its_password_stays() {
    let mut console = accounts();
    let before = account(&console.stored(), "crm");
    console.press(&[Key::ENTER]).says("edit crm").press(&[Key::TAB, Key::TAB, Key::SPACE, SAVE]);
    console.says("account \"crm\" was changed");
    let after = account(&console.stored(), "crm");
    assert_eq!((after.enabled, &after.password), (!before.enabled, &before.password));
    assert_eq!((after.rights, after.contexts), (before.rights, before.contexts));
    // A second one of the name, and one that may do nothing.
    console.press(&[Key::char('a')]).write("CRM").press(&[Key::TAB; 5]).press(&[Key::RIGHT, SAVE]);
    console.reads("the case of letters does not count");
    assert_eq!(console.stored().accounts.len(), 1);
}

#[test]
fn accounts_are_found_by_what_they_may_do() {
    let mut console = accounts();
    console.press(&[Key::char('/')]).write("may:configuration").says("nothing found");
    console.press(&[Key::ESC, Key::char('/')]).write("may:write-presence kind:service").says("crm");
}

#[test]
fn one_key_disables_an_account_and_enables_it_again() {
    let mut console = accounts();
    for (words, enabled) in [("was disabled", false), ("was enabled", true)] {
        console.press(&[Key::char('x')]).says(words);
        assert_eq!(account(&console.stored(), "crm").enabled, enabled);
    }
}

#[test]
fn removing_an_account_is_asked_and_taken_back() {
    let mut console = accounts();
    console.press(&[Key::char('d')]).says("Remove account crm?").press(&[Key::char('n')]);
    assert_eq!(console.stored().accounts.len(), 1);
    console
        .press(&[Key::char('d'), Key::char('y')])
        .says("account \"crm\" was removed")
        .says("There is no account yet");
    console.undo_after_question().says("crm");
}

#[test]
fn history_shows_a_change_of_an_account_and_takes_it_back() {
    let mut console = accounts();
    let before = account(&console.stored(), "crm");
    console.press(&[Key::ENTER, Key::TAB, Key::TAB, Key::SPACE, SAVE]).says("was changed");
    console.press(&[Key::char('h')]).says("account \"crm\": enabled yes -> no");
    console.press(&[Key::char('u'), Key::char('y')]).says("undone:");
    assert_eq!(account(&console.stored(), "crm").enabled, before.enabled);
}

#[test]
fn a_finding_about_an_account_leads_to_it() {
    let mut console = TestConsole::at(Tab::Overview);
    let about = Some((Kind::Account, account(&console.stored(), "crm").id.number()));
    let finding = check::Finding {
        severity: Severity::Warning,
        about,
        on: check::FindingTarget::Database(None),
        defect: check::Defect::OlderSchema,
        remedy: check::Remedy::LookAtCauses,
    };
    console.inner.handle(Event::Findings(vec![finding]));
    console.press(&[Key::ENTER]).says("── Accounts").says("crm");
}

#[test]
fn accounts_look_so() {
    let company = fixtures::small_company();
    assert_frames("accounts", Tab::Accounts, &company, |_| {});
    assert_frames("account-form-error", Tab::Accounts, &company, |console| {
        console.press(&[Key::char('a')]).write("x y").press(&[SAVE]);
    });
}

#[test]
fn the_break_glass_flag_is_in_the_form_of_a_user_and_goes_with_the_login() {
    let mut console = TestConsole::at(Tab::Users);
    let flag = |console: &TestConsole| {
        let stored = console.stored();
        let alice = stored.users.iter().find(|user| user.first_name.as_str().eq_ignore_ascii_case("alice"));
        alice.expect("alice").break_glass
    };
    console.press(&[Key::char('e')]).says("edit alice").says("Break-glass");
    console.press(&[Key::BACK_TAB, Key::SPACE, SAVE]).says("user \"alice\" was changed");
    assert!(flag(&console));
    console.press(&[Key::ENTER]).reads("break-glass: works whatever other backends say");
    console.press(&[Key::ctrl('z')]);
    assert!(!flag(&console));
    console.press(&[Key::ctrl('z')]);
}

#[test]
fn the_list_of_rights_says_what_each_lets_an_account_do() {
    let mut console = accounts();
    console.press(&[Key::char('a')]);
    open_list(&mut console, 3).says("[ ] sessions").says("who is logged in from where, and end their sessions");
    console.write("secrets").says("read-configuration").does_not_say("[ ] sessions");
    console.press(&[Key::ESC]).resize((60, 20));
    console.says("who is logged in from where, an…");
}
