//! People who share a name, with one another or with their agent; and what stays of somebody who leaves.

use super::{COLOR, TestConsole};
use crate::settings::configuration::Configuration;
use crate::settings::fixtures;
use crate::settings::id::{AgentId, Id as _, UserId};
use crate::settings::name::{FirstName, LastName};
use crate::tui::Rights;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const SAVE: Key = Key::ctrl('s');

fn named(first: &str, last: &str) -> (FirstName, LastName) {
    (FirstName::parse(first).expect("a name"), LastName::parse(last).expect("a name"))
}

fn users(company: Configuration) -> TestConsole {
    TestConsole::with(Tab::Users, company, Rights::Edit, COLOR, (80, 24))
}

#[test]
fn of_two_people_with_one_name_a_question_tells_the_login() {
    let mut company = fixtures::small_company();
    for id in [1, 2] {
        company.users.edit(UserId::new(id), |user| (user.first_name, user.last_name) = named("Anna", "Martin"));
    }
    let mut console = users(company);
    console.press(&[Key::char('b'), Key::char('m')]).reads("New passwords for Anna Martin (alice)?");
    console.press(&[Key::ESC, Key::ctrl('a'), Key::char('b')]).reads("Anna Martin (alice), Anna Martin (bob)");
}

/// bob's agent 8001 is called as bob is.
fn with_namesake() -> TestConsole {
    let mut company = fixtures::small_company();
    company.users.edit(UserId::new(2), |user| (user.first_name, user.last_name) = named("Bob", "Butcher"));
    company.agents.edit(AgentId::new(1), |agent| (agent.first_name, agent.last_name) = named("Bob", "Butcher"));
    let mut console = users(company);
    console.press(&[Key::DOWN, Key::char('e'), Key::TAB]);
    console
}

fn agent(console: &TestConsole) -> String {
    let stored = console.stored();
    let agent = stored.agents.get(AgentId::new(1)).expect("8001");
    format!("{} {}", agent.first_name, agent.last_name)
}

#[test]
fn an_agent_who_is_called_as_the_user_is_renamed_with_the_user_and_undo_takes_both_back() {
    let mut console = with_namesake();
    console.says("Rename agent").write("Robert").press(&[SAVE]).reads("agent 8001 is renamed with it");
    assert_eq!(agent(&console), "Robert Butcher");
    console.press(&[Key::ctrl('z')]);
    if console.screen().contains("Undo the last change?") {
        console.press(&[Key::char('y')]);
    }
    assert_eq!(agent(&console), "Bob Butcher");
    let user = console.stored().users.get(UserId::new(2)).map(|user| user.full_name());
    assert_eq!(user.as_deref(), Some("Bob Butcher"));
}

#[test]
fn the_agent_keeps_the_name_where_that_is_wanted_or_where_it_is_another() {
    let mut console = with_namesake();
    console.write("Robert").press(&[Key::TAB; 7]).press(&[Key::SPACE, SAVE]).does_not_say("renamed");
    assert_eq!(agent(&console), "Bob Butcher");
    // Now they are called differently: nothing is offered.
    console.press(&[Key::char('e')]).says("edit bob").does_not_say("Rename agent");
}

#[test]
fn who_is_removed_is_told_with_the_queues_that_change_and_what_stays() {
    let mut console = users(fixtures::small_company());
    console.press(&[Key::DOWN, Key::char('d')]).reads("The agent \"8001\" stays a member of queue \"support\"");
    console.reads("without a user: 7 shows it.").press(&[Key::ESC, Key::UP, Key::char('d')]);
    console.reads("The voicemail box \"1001@default\" stays, without a user: V shows it.");
}

#[test]
fn who_uses_a_profile_stands_in_the_order_of_the_numbers_in_the_logins() {
    let mut company = fixtures::small_company();
    let profile = company.users.get(UserId::new(1)).expect("alice").profile;
    for (id, login) in [(1, "user10"), (2, "user9"), (3, "user1")] {
        company.users.edit(UserId::new(id), |user| {
            user.login = crate::settings::name::Login::parse(login).ok();
            user.profile = profile;
        });
    }
    let mut console = TestConsole::with(Tab::Profiles, company, Rights::Edit, COLOR, (80, 24));
    for _ in 0..10 {
        let screen = console.press(&[Key::char('w')]).screen();
        let found: Vec<&str> = screen.lines().filter_map(|line| line.split_whitespace().next()).collect();
        let found: Vec<&str> = found.into_iter().filter(|word| word.starts_with("user")).collect();
        if !found.is_empty() {
            return assert_eq!(found, ["user1", "user9", "user10"]);
        }
        console.press(&[Key::ESC, Key::DOWN]);
    }
    unreachable!("no profile is used\n{}", console.screen());
}
