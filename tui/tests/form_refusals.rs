//! What hands do in forms without looking: typing where nothing is typed, saving too early, going past a conflict. Each is said
//! in words, at the field that it is about, and nothing is written that nobody meant.

use super::{COLOR, TestConsole};
use crate::settings::fixtures;
use crate::settings::id::{Id as _, UserId};
use crate::settings::name::FirstName;
use crate::settings::setting::Key as Setting;
use crate::tui::Rights;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const SAVE: Key = Key::ctrl('s');

#[test]
fn a_row_that_tab_goes_past_looks_closed_and_a_letter_on_a_tick_box_is_not_lost_silently() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('e')]).says("New password         -\n").says("Repeat password      -\n");
    console.press(&[Key::BACK_TAB]).says("›  Break-glass").write("n").says("\"n\" does nothing here: Space switches");
    console.press(&[Key::BACK_TAB, Key::RIGHT]).does_not_say("New password         -");
}

#[test]
fn a_login_that_is_replaced_by_a_slip_is_asked_about_and_told() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('e')]).says("what you type replaces this").write("newpass").does_not_say("replaces this");
    console.press(&[SAVE]).reads("Who logs in as \"alice\" now must log in as \"newpass\" from then on");
    console.press(&[Key::char('n'), SAVE, Key::char('y')]).reads("user \"newpass\", until now \"alice\", was changed");
}

#[test]
fn a_new_user_has_the_profile_of_the_last_one_that_has_any_and_the_form_says_so() {
    let mut company = fixtures::small_company();
    let newest = company.users.iter().next_back().expect("a user").id;
    company.users.edit(newest, |user| user.profile = None);
    let mut console = TestConsole::with(Tab::Users, company, Rights::Edit, COLOR, (80, 24));
    console.press(&[Key::char('a')]).does_not_say("none: cannot log in").says("as the user added last");
    console.press(&[Key::TAB; 6]).press(&[Key::RIGHT]).does_not_say("as the user added last");
}

#[test]
fn a_conflict_that_nobody_decided_is_asked_about_again() {
    let mut console = TestConsole::at(Tab::Users);
    let called = |console: &TestConsole| {
        console.stored().users.get(UserId::new(1)).expect("alice").first_name.as_str().to_owned()
    };
    console.press(&[Key::char('e'), Key::TAB, Key::ctrl('u')]).write("Mine");
    console.elsewhere(|c| {
        let name = FirstName::parse("Their").expect("a name");
        c.users.edit(UserId::new(1), |user| user.first_name = name);
    });
    for _ in 0..2 {
        console.press(&[SAVE]).says("Somebody else changed this meanwhile").reads("○ Their").press(&[Key::ESC]);
        console.says("edit alice");
        assert_eq!(called(&console), "Their");
    }
    // A newer version of something else is no leave to forget it.
    console.elsewhere(|c| c.users.edit(UserId::new(1), |user| user.enabled = !user.enabled));
    console.press(&[SAVE]).reads("● Mine").reads("○ Their").press(&[Key::char('m')]).says("was changed");
    assert_eq!(called(&console), "Mine");
}

#[test]
fn which_contexts_an_account_sees_is_said_and_not_left_to_a_list_without_marks() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('A'), Key::char('a')]).says("‹ all contexts, also those to come ›");
}

#[test]
fn what_was_made_from_within_a_form_is_said_to_stay_when_the_form_is_thrown_away() {
    let mut console = TestConsole::at(Tab::Contexts);
    console.press(&[Key::ENTER, Key::char('a')]).press(&[Key::TAB; 2]).write("new").press(&[Key::ENTER]);
    console.write("lab").press(&[SAVE]).says("‹ lab ›").press(&[Key::ESC]);
    console
        .reads("Saved already, and it stays: context \"lab\" was added.")
        .click("discard it")
        .does_not_say("new line");
}

#[test]
fn all_wrong_fields_are_marked_and_each_is_told_once() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('a')]).write("z z").press(&[Key::TAB; 3]).write("nomail").press(&[SAVE]);
    for label in ["✗ Login", "✗ First name", "✗ E-mail address"] {
        console.says(label);
    }
    console.reads("not saved: see Login, First name, E-mail address");
    console.press(&[Key::TAB]).reads("first name: is missing; it must be 1 to 128 printable characters");
    assert_eq!(console.screen().matches("is missing").count(), 1);
}

#[test]
fn the_reason_is_never_cut_away_by_a_long_value() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('a')]).write("zoe").press(&[Key::TAB]).write(&"x".repeat(300));
    console.press(&[SAVE]).reads("must be 1 to 128 printable characters; this has 300");
}

#[test]
fn a_number_that_is_taken_is_told_with_whose_it_is_at_its_field() {
    let mut console = TestConsole::at(Tab::Contexts);
    console.press(&[Key::ENTER, Key::char('a')]).write("carol").press(&[Key::TAB]).write("1001");
    console.reads("1001 is alice's already").says("✗ Extension");
    let mut console = TestConsole::at(Tab::Contexts);
    console.press(&[Key::char('a')]).write("sales").reads("context \"sales\" has the same name already");
    console.says("✗ Context name");
}

#[test]
fn esc_in_a_list_of_a_form_first_shows_all_again_and_space_goes_on() {
    let mut console = TestConsole::at(Tab::Presences);
    console.press(&[Key::ENTER, Key::DOWN, Key::char('e')]).press(&[Key::TAB; 3]).press(&[Key::ENTER]);
    console.says("Reachable presences: type to search").write("zz").says("Nothing has that; Esc shows all again.");
    console.press(&[Key::ESC]).says("type to search").press(&[Key::char('-'), Key::SPACE, Key::SPACE]);
    console.says("[1]").says("[2]").press(&[Key::ESC]).does_not_say("type to search").says("edit away");
}

#[test]
fn whose_a_box_is_is_chosen_from_a_list_of_users() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('V'), Key::char('a')]).write("7001").press(&[Key::TAB; 2]).says("‹ nobody ›");
    console
        .write("caro")
        .press(&[Key::ENTER])
        .says("‹ carol (")
        .press(&[Key::ENTER])
        .says("voicemail box \"7001\" was");
    let stored = console.stored();
    let carol = stored.users.find(|user| user.has_login("carol")).expect("carol").id;
    assert!(stored.voicemails.find(|found| found.user == Some(carol)).is_some());
}

#[test]
fn an_agent_who_is_a_user_is_not_called_again() {
    let mut console = TestConsole::at(Tab::Queues);
    console
        .press(&[Key::TAB, Key::char('a')])
        .write("8100")
        .press(&[Key::TAB; 4])
        .write("carol")
        .press(&[Key::TAB, SAVE]);
    let stored = console.says("agent 8100 was added").stored();
    let carol = stored.users.find(|user| user.has_login("carol")).expect("carol");
    let agent = stored.agents.find(|agent| agent.user == Some(carol.id)).expect("the new one");
    assert_eq!((&agent.first_name, &agent.last_name), (&carol.first_name, &carol.last_name));
}

#[test]
fn the_first_line_is_said_to_be_the_main_one() {
    let mut console = TestConsole::at(Tab::Contexts);
    console.press(&[Key::ENTER, Key::char('a')]).says("Main line            [ ] no").write("carol").press(&[Key::TAB]);
    console.says("yes: it is the user's first line");
}

#[test]
fn enter_after_a_choice_on_the_last_field_saves() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('b'), Key::char('p'), Key::ENTER]).write("Agent").press(&[Key::ENTER]);
    console.says("‹ Agent ›").press(&[Key::ENTER]).says("Agent");
    let stored = console.stored();
    let agent = stored.profiles.find(|profile| profile.name.as_str() == "Agent").expect("it").id;
    assert_eq!(stored.users.get(UserId::new(1)).expect("alice").profile, Some(agent));
}

#[test]
fn digits_on_the_choice_of_a_pin_are_the_pin() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('R'), Key::char('a')]).says("Repeat PIN").press(&[Key::TAB; 3]).write("1234");
    console.says("‹ type one ›").says("›  New PIN              ****");
}

#[test]
fn on_a_telephone_the_help_of_a_field_is_read_whole_and_hidden_fields_are_counted() {
    let mut company = fixtures::small_company();
    let agent = company.agents.iter().next().expect("an agent").clone();
    let user = agent.user.expect("it has one");
    company.users.edit(user, |user| {
        (user.first_name, user.last_name) = (agent.first_name.clone(), agent.last_name.clone());
    });
    let mut console = TestConsole::with(Tab::Users, company, Rights::Edit, COLOR, (60, 20));
    console.press(&[Key::char('e')]).reads("2 to 64 letters, digits or").reads("empty: no login, only a telephone");
    console.says("Break-glass").does_not_say(" more ").press(&[Key::ESC, Key::DOWN, Key::char('e')]);
    // One who has an agent of the same name has a field more.
    console.says("↓ 1 more").press(&[Key::BACK_TAB]).says("Break-glass").says("↑ 1 more").does_not_say("↓ 1 more");
    console.reads("With a directory (LDAP): the local password works even while that is down");
}

/// Wherever the cursor was: what is wrong is replaced by what is typed next.
#[test]
fn after_a_refused_saving_the_next_letter_replaces_what_is_wrong() {
    for back in [&[][..], &[Key::TAB][..]] {
        let mut console = TestConsole::at(Tab::Settings);
        console.on_setting(Setting::ClientPort).press(&[Key::ENTER, Key::ctrl('u')]).write("99999").press(back);
        console.press(&[SAVE]).says("not saved").write("5009").does_not_say("999995009");
        console.press(&[SAVE, Key::char('y')]).reads("client.port was set");
    }
}

#[test]
fn a_password_that_is_typed_on_the_choice_above_it_is_not_shown() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('e')]);
    while !console.screen().contains("›  Password") {
        console.press(&[Key::TAB]);
    }
    console.write("hunter2xq").does_not_say("hunter2xq").press(&[Key::ENTER]).does_not_say("hunter2xq");
}

/// By habit of lists, where it marks, or behind a box that Tab left: it took the login away.
#[test]
fn a_blank_on_a_text_that_is_chosen_whole_replaces_nothing() {
    for (tab, keys, shown) in [
        (Tab::Users, &[Key::char('e')][..], "alice"),
        (Tab::Users, &[Key::ENTER, Key::ENTER], "1001"),
        (Tab::Contexts, &[Key::char('e')], "default"),
    ] {
        let mut console = TestConsole::at(tab);
        console.press(keys).says("what you type replaces this").press(&[Key::SPACE]).says(shown);
        console.says("Space does nothing here").says("what you type replaces this").press(&[SAVE]);
        console.says("nothing was changed");
    }
}
