//! The pace of what one session makes others hear (protocol decision 13).

use super::*;
use crate::protocol::request::ClientLine;

fn dnd(stage: &mut Stage, session: SessionId, is_on: bool) {
    stage.ask(session, &format!(r#"{{"class":"featuresput","function":"enablednd","value":{is_on}}}"#));
}

fn forward(stage: &mut Stage, session: SessionId, kind: &str, to: &str) {
    stage.ask(
        session,
        &format!(r#"{{"class":"featuresput","function":"fwd","value":{{"enable{kind}":true,"dest{kind}":"{to}"}}}}"#),
    );
}

fn chat(stage: &mut Stage, session: SessionId, text: &str) -> bool {
    let line = format!(r#"{{"class":"chitchat","alias":"","text":"{text}","to":["{}","{}"]}}"#, server(), uuid(BERTIL));
    let line: ClientLine = parse(line.as_bytes()).expect("a chat");
    let permit = AnswerPermit::new(stage.answered.clone(), 1);
    let effects = stage.live.apply(stage.now, Input::Asked { session, line, permit });
    let is_waiting = !effects.permit.is_held();
    stage.run(effects);
    is_waiting
}

/// How many presences of agnes a session heard.
fn presences(heard: &[String]) -> Vec<&str> {
    heard.iter().filter_map(|line| line.strip_prefix(r#"updatestatus users "1" "#)).collect()
}

/// After ten at once two a second; whatever waits is replaced by a later one, so the last choice always comes.
#[test]
fn presences_pass_in_a_burst_and_then_two_a_second() {
    let mut stage = Stage::new();
    let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    for number in 0..101 {
        stage.choose(agnes, ["away", "available"][number % 2]);
    }
    assert_eq!(presences(&stage.heard(bertil)).len(), 10);
    stage.pass_milliseconds(499);
    assert_eq!(stage.heard(bertil), [""; 0]);
    let at = stage.live.next_alarm().expect("one waits");
    assert_eq!(at - stage.now.steady, Duration::from_millis(1));
    stage.pass_milliseconds(1);
    assert_eq!(presences(&stage.heard(bertil)), [r#"{"availstate":"away"}"#]);
    assert_eq!(stage.live.next_alarm(), None);
    stage.choose(agnes, "available");
    assert_eq!(stage.heard(bertil), [""; 0]);
    stage.pass(5);
    for _ in 0..20 {
        stage.choose(agnes, "away");
    }
    // One that waited, then what five seconds gave back.
    assert_eq!(presences(&stage.heard(bertil)).len(), 10);
}

#[test]
fn what_waits_is_replaced_by_its_kind_alone_and_other_lines_pass() {
    let mut stage = Stage::new();
    let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    for number in 0..10 {
        dnd(&mut stage, agnes, number % 2 == 0);
    }
    stage.heard(bertil);
    stage.choose(agnes, "away");
    forward(&mut stage, agnes, "unc", "1");
    dnd(&mut stage, agnes, true);
    forward(&mut stage, agnes, "busy", "2");
    forward(&mut stage, agnes, "unc", "3");
    dnd(&mut stage, agnes, false);
    assert_eq!(stage.heard(bertil), [""; 0]);
    assert_eq!(stage.answer(agnes, r#"{"class":"keepalive"}"#).len(), 1);
    assert!(!chat(&mut stage, agnes, "chat has a pace of its own"));
    stage.heard(bertil);
    stage.pass_milliseconds(500);
    assert_eq!(stage.heard(bertil), [r#"updatestatus users "1" {"availstate":"away"}"#]);
    stage.pass_milliseconds(500);
    let mut forwards = stage.heard(bertil);
    forwards.sort();
    assert_eq!(
        forwards,
        [
            r#"updateconfig users "1" {"enablebusy":true,"destbusy":"2"}"#,
            r#"updateconfig users "1" {"enableunc":true,"destunc":"3"}"#
        ]
    );
    stage.pass_milliseconds(500);
    assert_eq!(stage.heard(bertil), [r#"updateconfig users "1" {"enablednd":false}"#]);
    assert_eq!(stage.live.next_alarm(), None);
}

#[test]
fn what_nobody_hears_of_waits_for_nothing() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    for _ in 0..100 {
        assert_eq!(stage.answer(agnes, r#"{"class":"availstate","availstate":"nosuch"}"#).len(), 1);
    }
    assert_eq!(stage.live.next_alarm(), None);
}

#[test]
fn chat_waits_in_order_and_each_line_is_dealt_with_in_its_turn() {
    let mut stage = Stage::new();
    let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    let waiting: Vec<bool> = (0..23).map(|number| chat(&mut stage, agnes, &format!("text {number}"))).collect();
    assert_eq!(waiting, [vec![false; 20], vec![true; 3]].concat());
    assert_eq!(stage.heard(bertil).len(), 20);
    for number in 20..23 {
        assert_eq!(stage.answered.lines(), number);
        stage.pass_milliseconds(200);
        let heard = stage.heard(bertil);
        assert_eq!(heard.len(), 1);
        assert!(heard[0].contains(&format!("text {number}")), "{heard:?}");
    }
    assert_eq!(stage.answered.lines(), 23);
}

#[test]
fn chat_that_waited_and_is_kept_is_dealt_with_when_it_is_on_disk() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.is_store_slow = true;
    let waiting: Vec<bool> = (0..21).map(|number| chat(&mut stage, agnes, &format!("text {number}"))).collect();
    // Each waits: for the store, or for its turn.
    assert_eq!(waiting, [true; 21]);
    assert_eq!(stage.answered.lines(), 0);
    stage.answer_store_calls();
    assert_eq!((stage.kept.chats.len(), stage.answered.lines()), (20, 20));
    stage.pass_milliseconds(200);
    assert_eq!(stage.answered.lines(), 20);
    stage.answer_store_calls();
    assert_eq!((stage.kept.chats.len(), stage.answered.lines()), (21, 21));
}

#[test]
fn what_waits_when_a_session_ends_is_not_lost() {
    let mut stage = Stage::new();
    let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    for number in 0..11 {
        dnd(&mut stage, agnes, number % 2 == 0);
    }
    for number in 0..22 {
        chat(&mut stage, agnes, &format!("text {number}"));
    }
    stage.heard(bertil);
    stage.apply(Input::Gone { session: agnes });
    let heard = stage.heard(bertil).concat();
    for said in ["text 20", "text 21", r#""enablednd":true"#, "disconnected"] {
        assert!(heard.contains(said), "{said}: {heard}");
    }
    let other_timers = stage.live.number_of_timers(|key| !matches!(key, TimerKey::Grace(_)));
    assert_eq!((stage.live.state.held().paces, other_timers), (0, 0));
}

#[test]
fn each_session_has_its_own_pace() {
    let mut stage = Stage::new();
    let (first, second) = (stage.enter(AGNES, "available"), stage.enter(AGNES, "available"));
    let bertil = stage.enter(BERTIL, "available");
    for session in [first, second] {
        for _ in 0..12 {
            stage.choose(session, "away");
        }
    }
    assert_eq!(presences(&stage.heard(bertil)).len(), 20);
}
