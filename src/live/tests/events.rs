//! What happens is said as events too: with its time, what brought it about, whom it is about and what changed.

use super::*;
use crate::live::messages::{Cause, Change, EndReason, Ending, Event, ServiceChange, Subject};

impl Stage {
    /// What happened since this was asked last, without its time.
    fn happened(&mut self) -> Vec<(Cause, Subject, Change)> {
        let stamp = self.now.unix;
        let plain = |Event { at, cause, subject, change }| {
            assert!(at <= stamp, "{at}");
            (cause, subject, change)
        };
        std::mem::take(&mut self.events).into_iter().map(plain).collect()
    }
}

fn user(number: i64) -> Subject {
    Subject::User(UserId::new(number))
}

fn presence(from: &str, to: &str) -> Change {
    Change::Presence { from: from.into(), to: to.into() }
}

#[test]
fn a_session_begins_moves_and_ends() {
    let mut stage = Stage::new();
    let agnes = stage.log_in(AGNES, "available");
    stage.choose(agnes, "away");
    stage.choose(agnes, "away");
    stage.apply(Input::End { session: agnes, how: Ending::Force });
    let (by_login, by_line) = (Cause::Login(agnes), Cause::Request(agnes));
    let began = Change::SessionBegan { session: agnes, version: Version::V2_2 };
    let ended = Change::SessionEnded { session: agnes, reason: EndReason::Forced };
    assert_eq!(
        stage.happened(),
        [
            (by_login, user(AGNES), began),
            (by_login, user(AGNES), presence("disconnected", "available")),
            (by_line, user(AGNES), presence("available", "away")),
            (Cause::Administrator, user(AGNES), ended),
            (Cause::Administrator, user(AGNES), presence("away", "disconnected")),
        ]
    );
}

#[test]
fn services_are_said_when_they_are_on_disk_and_only_if_they_changed() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.happened();
    let switched = r#"{"class":"featuresput","function":"enablednd","value":true}"#;
    stage.ask(agnes, switched);
    let changed = vec![ServiceChange::DoNotDisturb(true)];
    assert_eq!(stage.happened(), [(Cause::Request(agnes), user(AGNES), Change::Services { changed })]);
    stage.ask(agnes, switched);
    assert_eq!(stage.happened(), []);
}

#[test]
fn what_is_told_later_or_by_way_of_others_has_the_cause_that_began_it() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.happened();
    stage.choose(agnes, "donotdisturb");
    let changed = vec![ServiceChange::DoNotDisturb(true)];
    let chosen = presence("available", "donotdisturb");
    let switched = Change::Services { changed };
    let by_agnes = |change| (Cause::Request(agnes), user(AGNES), change);
    assert_eq!(stage.happened(), [by_agnes(chosen), by_agnes(switched)], "the presence has that action");
    let (mut stage, mut queues, bertil) = agents::linked(stage);
    stage.happened();
    agents::command(&mut stage, bertil, r#""agentlogin""#);
    queues.obey(&mut stage);
    let of_login = |(_, _, change): &(Cause, Subject, Change)| matches!(change, Change::AgentLoggedIn { .. });
    let causes: Vec<Cause> = stage.happened().into_iter().filter(of_login).map(|(cause, ..)| cause).collect();
    assert_eq!(causes, [Cause::Request(bertil)]);
}

#[test]
fn settings_say_what_was_configured_and_removed_and_whose_session_ended() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.happened();
    stage.change(|known, _| {
        known.remove_user(UserId::new(AGNES)).expect("a user goes");
        known.users.edit(UserId::new(CHIARA), |user| user.last_name = name(LastName::parse("Cecilia")));
    });
    let happened = stage.happened();
    let ended = Change::SessionEnded { session: agnes, reason: EndReason::AccessRevoked };
    for expected in [
        (Cause::Settings, user(AGNES), ended),
        (Cause::Settings, user(AGNES), Change::Removed),
        (Cause::Settings, user(CHIARA), Change::Configured),
    ] {
        assert!(happened.contains(&expected), "{expected:?} in {happened:?}");
    }
    assert!(!happened.iter().any(|(_, subject, _)| *subject == user(BERTIL)), "{happened:?}");
}

#[test]
fn chat_is_said_without_its_text() {
    let mut stage = Stage::new();
    let (agnes, _bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    stage.happened();
    let to = format!(r#"["{}","{}"]"#, server(), uuid(BERTIL));
    stage.ask(agnes, &format!(r#"{{"class":"chitchat","alias":"me","text":"secret","to":{to}}}"#));
    let relayed = Change::ChatRelayed { to: UserId::new(BERTIL) };
    assert_eq!(stage.happened(), [(Cause::Request(agnes), user(AGNES), relayed)]);
}

#[test]
fn nothing_is_said_while_nobody_follows() {
    let mut stage = Stage::new();
    stage.apply(Input::Unfollowed);
    let agnes = stage.enter(AGNES, "available");
    stage.choose(agnes, "away");
    stage.change(|configuration, _| configuration.users.edit(UserId::new(BERTIL), |user| user.enabled = false));
    stage.ask(agnes, r#"{"class":"featuresput","function":"enablednd","value":true}"#);
    assert_eq!(stage.happened(), []);
    stage.apply(Input::Followed);
    stage.choose(agnes, "available");
    let first = stage.happened().into_iter().next();
    assert_eq!(first, Some((Cause::Request(agnes), user(AGNES), presence("away", "available"))));
}
