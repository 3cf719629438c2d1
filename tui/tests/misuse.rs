//! What somebody presses who does not know the console yet, or presses by mistake: nothing is lost, and what a key does
//! not do is said.

use super::{COLOR, MONO, TestConsole};
use crate::settings::fixtures;
use crate::tui::Rights;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

/// A form for a new user, with something in it.
fn half_a_user() -> TestConsole {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('a')]).write("dora");
    console
}

#[test]
fn ctrl_c_asks_before_a_form_is_lost() {
    let mut console = half_a_user();
    console.press(&[Key::ctrl('c')]).says("What you changed is not saved yet.");
    console.press(&[Key::ctrl('c')]).does_not_say("not saved").says("dora");
    console.press(&[Key::ctrl('c')]).write("d").does_not_say("dora");
    assert!(console.inner.is_open());
}

#[test]
fn ctrl_c_leaves_a_question_with_nothing_done() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('d')]).says("remove the user");
    console.press(&[Key::ctrl('c')]).does_not_say("remove the user");
    assert_eq!(console.stored().users.len(), fixtures::small_company().users.len());
}

#[test]
fn a_question_says_how_it_is_answered() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('d'), Key::ENTER]).says("nothing has been done yet: answer with y or n");
    let mut console = half_a_user();
    console.press(&[Key::ESC, Key::ENTER]).says("nothing has been done yet: answer with s, d or n");
}

#[test]
fn a_key_that_does_nothing_says_so() {
    let mut console = TestConsole::at(Tab::Overview);
    console.write("x").says("x does nothing here; ? shows the keys");
    let mut console = half_a_user();
    console.press(&[Key::ctrl('q')]).says("Ctrl-Q does nothing here; F1 shows the keys");
    console.press(&[Key::HOME, Key::BACKSPACE]).does_not_say("does nothing");
}

#[test]
fn keys_are_not_taken_while_nobody_can_see_what_they_do() {
    let mut console = half_a_user();
    console.resize((59, 20));
    console.screen();
    console.press(&[Key::ESC]).write("dq").says("60x20");
    assert!(console.inner.is_open(), "q would lose the form");
    console.resize((80, 24));
    console.says("dora").does_not_say("doradq");

    let mut console = TestConsole::with(Tab::Users, fixtures::small_company(), Rights::Edit, COLOR, (59, 20));
    console.screen();
    console.write("q");
    assert!(!console.inner.is_open());
}

#[test]
fn leaving_names_what_would_be_lost() {
    let mut console = TestConsole::at(Tab::Profiles);
    console.press(&[Key::ENTER, Key::DOWN, Key::DOWN, Key::DOWN, Key::SPACE]).says("not saved");
    console.write("1q").reads("What is not saved in Profiles \u{203a}");
}

#[test]
fn the_bar_says_what_enter_does_in_the_field() {
    let mut console = half_a_user();
    console.says("Enter go on");
    console.press(&[Key::TAB, Key::TAB, Key::TAB, Key::TAB, Key::TAB]).says("Enter go on  Space change");
    console.press(&[Key::TAB]).says("Enter choose  Space change");
    console.press(&[Key::UP, Key::DOWN]).press(&[Key::TAB; 5]).says("Enter save");
}

#[test]
fn a_letter_finds_its_option_in_an_open_list() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('a')]).write("sam").press(&[Key::TAB; 6]).press(&[Key::ENTER]);
    console.write("sw").press(&[Key::ENTER]).says("\u{2039} Switchboard \u{203a}");
}

#[test]
fn undo_says_that_history_brings_it_back() {
    let mut console = TestConsole::at(Tab::Presences);
    console.write("a").write("night").press(&[Key::ctrl('s'), Key::ctrl('z'), Key::char('y')]);
    console.reads("h, then u brings it back");
}

#[test]
fn no_help_text_is_cut() {
    for tab in Tab::ALL {
        let mut console = TestConsole::with(tab, fixtures::small_company(), Rights::Edit, MONO, (80, 24));
        console.press(&[Key::F1]);
        for _ in 0..20 {
            for line in console.screen().lines().skip(3) {
                assert!(line.chars().count() < 80 || !line.ends_with(char::is_alphabetic), "{line}");
                assert!(!line.contains("~ "), "{line}");
            }
            console.press(&[Key::PAGE_DOWN]);
        }
    }
}
