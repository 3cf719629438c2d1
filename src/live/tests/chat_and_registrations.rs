//! Chat, and the registrations for the status of users, phones and agents.

use super::*;

fn chitchat(stage: &Stage, to: &str, text: &str) -> String {
    let server = stage.configuration.server_uuid;
    format!(r#"{{"class":"chitchat","alias":"x","text":"{text}","to":["{server}",{to}]}}"#)
}

fn quoted(number: i64) -> String {
    format!(r#""{}""#, uuid(number))
}

fn register(kind: &str, member: &str, ids: &[&str]) -> String {
    let server = server();
    let pairs: Vec<_> = ids.iter().map(|id| format!(r#"["{server}",{id}]"#)).collect();
    format!(r#"{{"class":"{kind}_status_update","{member}":[{}]}}"#, pairs.join(","))
}

fn user_status(number: i64, status: &str) -> String {
    let (server, user) = (server(), uuid(number));
    format!(
        r#"user_status_update {{"data":{{"xivo_uuid":"{server}","user_uuid":"{user}","user_id":{number},"status":"{status}"}}}}"#
    )
}

#[test]
fn chat_reaches_all_sessions_of_the_other_and_nobody_else() {
    let mut stage = Stage::new();
    let (agnes, first) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    let (second, chiara) = (stage.enter(BERTIL, "available"), stage.enter(CHIARA, "available"));
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "a <b> & c"));
    let (server, from, to) = (server(), uuid(AGNES), uuid(BERTIL));
    let line = format!(
        r#"chitchat {{"alias":"Agnes","text":"a &lt;b&gt; &amp; c","from":["{server}","{from}"],"to":["{server}","{to}"]}}"#
    );
    assert_eq!((stage.heard(first), stage.heard(second)), (vec![line.clone()], vec![line]));
    assert_eq!((stage.heard(agnes), stage.heard(chiara)), (vec![], vec![]));
}

#[test]
fn chat_to_one_who_is_away_waits_for_his_next_login() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    for text in ["one <1>", "two"] {
        stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), text));
    }
    let bertil = stage.log_in(BERTIL, "available");
    let heard = stage.heard(bertil);
    assert!(heard[0].starts_with("login_capas"), "{heard:?}");
    let texts: Vec<_> = heard.iter().filter(|line| line.starts_with("chitchat")).collect();
    assert!(texts.len() == 2 && texts[0].contains("one &lt;1&gt;") && texts[1].contains("two"), "{texts:?}");
    let second = stage.log_in(BERTIL, "available");
    assert!(!stage.heard(second).concat().contains("chitchat"));
    for id in [0, 1] {
        stage.apply(Input::ChatWritten(KeptChatId::new(id)));
    }
    assert_eq!(stage.kept.chats, []);
}

#[test]
fn chat_is_kept_only_between_those_who_see_each_other_then_and_later() {
    let mut stage = Stage::separated();
    let agnes = stage.enter(AGNES, "available");
    stage.ask(agnes, &chitchat(&stage, &quoted(CHIARA), "unseen"));
    assert_eq!(stage.kept.chats, []);
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "seen"));
    assert_eq!(stage.kept.chats.len(), 1);
    stage.change(|known, _| {
        let line = known.lines.find(|line| line.user == UserId::new(BERTIL)).expect("a line").id;
        known.move_line(line, ContextId::new(2)).expect("a line moves");
    });
    let bertil = stage.log_in(BERTIL, "available");
    assert!(!stage.heard(bertil).concat().contains("chitchat"));
    assert_eq!(stage.kept.chats, []);
}

#[test]
fn chat_is_not_kept_if_nobody_wants_that_or_it_is_too_long() {
    let mut stage = Stage::with(cast(), General { chat_kept_for: None, ..General::default() });
    let agnes = stage.enter(AGNES, "available");
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "lost"));
    assert_eq!(stage.kept.chats, []);
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), &"x".repeat(64 * 1024 + 1)));
    assert_eq!((stage.kept.chats.len(), stage.notes.len()), (0, 1));
}

#[test]
fn the_form_of_a_chat_follows_the_receivers_version() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    let old = stage.log_in_as(BERTIL, "available", Version::V2_0);
    stage.heard(old);
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "hi"));
    let server = server();
    let expected = format!(r#"chitchat {{"alias":"Agnes","text":"hi","from":["{server}",1],"to":["{server}",2]}}"#);
    assert_eq!(stage.heard(old), [expected]);
    stage.ask(old, &chitchat(&stage, "1", "hello"));
    assert!(stage.heard(agnes).concat().contains(&uuid(BERTIL).to_string()));
}

#[test]
fn text_stays_as_it_came_if_it_is_not_to_be_made_safe_but_names_are_escaped() {
    let mut known = cast();
    known.users.edit(UserId::new(AGNES), |agnes| agnes.last_name = name(LastName::parse("<b>")));
    let mut stage = Stage::with(known, General { chat_make_safe: false, ..General::default() });
    let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "<i>"));
    let heard = stage.heard(bertil).concat();
    assert!(heard.contains(r#""text":"<i>""#) && heard.contains(r#""alias":"Agnes &lt;b&gt;""#), "{heard}");
}

#[test]
fn chat_to_nobody_is_lost_without_a_word() {
    let mut stage = Stage::separated();
    let (agnes, chiara) = (stage.enter(AGNES, "available"), stage.enter(CHIARA, "available"));
    for to in [quoted(CHIARA), quoted(BERTIL), quoted(99), "3".to_owned()] {
        stage.ask(agnes, &chitchat(&stage, &to, "hi"));
    }
    let elsewhere = chitchat(&stage, &quoted(AGNES), "hi").replace("5a1e5a1e", "6a1e5a1e");
    stage.ask(agnes, &elsewhere);
    assert_eq!((stage.heard(agnes), stage.heard(chiara)), (vec![], vec![]));
    stage.ask(agnes, &chitchat(&stage, &quoted(AGNES), "to myself"));
    assert_eq!(stage.heard(agnes).len(), 1);
}

#[test]
fn a_registration_is_answered_at_once_in_the_order_asked() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.enter(BERTIL, "away");
    let line = register("register_user", "user_ids", &[r#""2""#, &quoted(AGNES), "3", "99", &quoted(98)]);
    let expected = [user_status(BERTIL, "away"), user_status(AGNES, "available"), user_status(CHIARA, "disconnected")];
    assert_eq!(stage.answer(agnes, &line), expected);
    let server = server();
    let phone = format!(r#"endpoint_status_update {{"data":{{"xivo_uuid":"{server}","endpoint_id":2,"status":4}}}}"#);
    assert_eq!(stage.answer(agnes, &register("register_endpoint", "endpoint_ids", &["2", "99"])), [phone]);
    let agent =
        format!(r#"agent_status_update {{"data":{{"xivo_uuid":"{server}","agent_id":1,"status":"logged_out"}}}}"#);
    assert_eq!(stage.answer(agnes, &register("register_agent", "agent_ids", &["1", "99"])), [agent]);
}

#[test]
fn what_is_named_twice_in_a_registration_is_answered_once() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    let line = register("register_user", "user_ids", &["2", r#""2""#, "2", "1"]);
    assert_eq!(stage.answer(agnes, &line), [user_status(BERTIL, "disconnected"), user_status(AGNES, "available")]);
}

#[test]
fn registrants_hear_every_real_change_until_they_unregister() {
    let mut stage = Stage::new();
    let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    stage.answer(agnes, &register("register_user", "user_ids", &["2"]));
    let of = |heard: Vec<String>| -> Vec<String> {
        heard.into_iter().filter(|line| line.starts_with("user_status")).collect()
    };
    stage.choose(bertil, "away");
    stage.choose(bertil, "away");
    stage.choose(bertil, "holiday");
    assert_eq!(of(stage.heard(agnes)), [user_status(BERTIL, "away")]);
    stage.apply(Input::Gone { session: bertil });
    assert_eq!(of(stage.heard(agnes)), [user_status(BERTIL, "disconnected")]);
    stage.answer(agnes, &register("unregister_user", "user_ids", &[&quoted(BERTIL)]));
    stage.log_in(BERTIL, "away");
    assert_eq!(of(stage.heard(agnes)), [""; 0]);
}

#[test]
fn a_registration_is_judged_when_it_is_pushed_too() {
    let mut stage = Stage::separated();
    let (agnes, chiara) = (stage.enter(AGNES, "available"), stage.enter(CHIARA, "available"));
    assert_eq!(stage.answer(agnes, &register("register_user", "user_ids", &[&quoted(CHIARA)])), [""; 0]);
    stage.choose(chiara, "away");
    assert_eq!(stage.heard(agnes), [""; 0]);
    stage.change(|_, general| general.context_separation = false);
    assert!(stage.heard(agnes).contains(&user_status(CHIARA, "away")));
    stage.choose(chiara, "available");
    assert!(stage.heard(agnes).contains(&user_status(CHIARA, "available")));
}

#[test]
fn registrations_end_with_their_session() {
    let mut stage = Stage::new();
    let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    stage.answer(agnes, &register("register_user", "user_ids", &["2"]));
    stage.apply(Input::Gone { session: agnes });
    stage.choose(bertil, "away");
    assert_eq!(stage.heard(agnes), [""; 0]);
    assert_eq!(stage.live.world.unfiltered().1.watches.len(), 0);
}

#[test]
fn a_session_registers_for_a_bounded_number_of_things() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    let most = super::super::registrations::REGISTRATIONS_PER_SESSION_MAX;
    let ids: Vec<String> = (0..most + 10).map(|id| id.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    stage.ask(agnes, &register("register_endpoint", "endpoint_ids", &ids));
    assert_eq!(stage.live.world.unfiltered().1.watches.len(), most);
}
