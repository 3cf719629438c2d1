//! Chat: who hears it, when a session may hear it at all, and what becomes of what nobody has heard.

use super::*;

fn chitchat(stage: &Stage, to: &str, text: &str) -> String {
    let server = stage.configuration.server_uuid;
    format!(r#"{{"class":"chitchat","alias":"x","text":"{text}","to":["{server}",{to}]}}"#)
}

/// The texts that the session heard since it was asked last.
fn chats(stage: &mut Stage, session: SessionId) -> Vec<String> {
    let heard = stage.heard(session).into_iter();
    let chats =
        heard.filter_map(|line| Some(serde_json::from_str::<Value>(line.strip_prefix("chitchat ")?).expect("JSON")));
    chats.map(|chat| chat["text"].as_str().expect("a text").to_owned()).collect()
}

fn quoted(number: i64) -> String {
    format!(r#""{}""#, uuid(number))
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
fn chat_to_one_who_is_away_waits_for_the_next_login_and_comes_once() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    for text in ["one <1>", "two"] {
        stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), text));
    }
    let bertil = stage.log_in(BERTIL, "available");
    assert_eq!(chats(&mut stage, bertil), [""; 0]);
    stage.ask_own_config(bertil, BERTIL);
    assert_eq!(chats(&mut stage, bertil), ["one &lt;1&gt;", "two"]);
    let second = stage.enter(BERTIL, "available");
    assert_eq!(chats(&mut stage, second), [""; 0]);
    assert_eq!(stage.kept.chats.len(), 2);
    stage.acknowledge(bertil);
    assert_eq!(stage.kept.chats, []);
    assert_eq!(stage.live.state.held().chat_texts, 0);
}

#[test]
fn no_chat_comes_before_the_answer_about_the_own_user() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "kept"));
    let bertil = stage.log_in(BERTIL, "available");
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "live"));
    for line in [
        r#"{"class":"getipbxlist"}"#,
        r#"{"class":"getlist","function":"listid","listname":"users"}"#,
        r#"{"class":"getlist","function":"updateconfig","listname":"users","tid":"1"}"#,
        r#"{"class":"getlist","function":"updateconfig","listname":"phones","tid":"2"}"#,
        r#"{"class":"getlist","function":"updatestatus","listname":"users","tid":"2"}"#,
    ] {
        stage.ask(bertil, line);
    }
    stage.pass(3600);
    assert_eq!(chats(&mut stage, bertil), [""; 0]);
    stage.ask_own_config(bertil, BERTIL);
    let heard = stage.heard(bertil);
    assert!(heard[0].starts_with("updateconfig users \"2\""), "{heard:?}");
    assert!(heard[1].contains("kept") && heard[2].contains("live") && heard.len() == 3, "{heard:?}");
}

#[test]
fn a_session_that_is_no_desktop_client_hears_chat_ten_seconds_after_its_login() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "kept"));
    let bertil = stage.log_in(BERTIL, "available");
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "live"));
    stage.pass(9);
    assert_eq!(chats(&mut stage, bertil), [""; 0]);
    assert_eq!(stage.live.next_alarm(), Some(Duration::from_secs(11)));
    stage.pass(1);
    assert_eq!(chats(&mut stage, bertil), ["kept", "live"]);
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "later"));
    assert_eq!(chats(&mut stage, bertil), ["later"]);
}

#[test]
fn what_was_held_back_for_a_session_that_ends_is_kept_in_its_order() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    let bertil = stage.log_in(BERTIL, "available");
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "one"));
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "two"));
    stage.lose(bertil);
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "three"));
    let bertil = stage.log_in(BERTIL, "available");
    stage.ask_own_config(bertil, BERTIL);
    assert_eq!(chats(&mut stage, bertil), ["one", "two", "three"]);
}

#[test]
fn a_kept_text_that_ends_with_the_connection_comes_again() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "one"));
    for _ in 0..3 {
        let bertil = stage.log_in(BERTIL, "available");
        stage.ask_own_config(bertil, BERTIL);
        assert_eq!(chats(&mut stage, bertil), ["one"]);
        stage.lose(bertil);
    }
    assert_eq!(stage.kept.chats.len(), 1);
}

#[test]
fn a_live_text_that_nobody_acknowledged_comes_at_the_next_login_once() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    let dark = stage.enter(BERTIL, "available");
    for text in ["one", "two"] {
        stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), text));
    }
    let heard = chats(&mut stage, dark);
    assert_eq!(heard, ["one", "two"]);
    let first = stage.told[&dark][0];
    stage.apply(Input::ChatAcknowledged { session: dark, chat: first });
    stage.apply(Input::Gone { session: dark });
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "three"));
    stage.apply(Input::ConnectionOver { session: dark });
    let bertil = stage.log_in(BERTIL, "available");
    stage.ask_own_config(bertil, BERTIL);
    assert_eq!(chats(&mut stage, bertil), ["two", "three"]);
    stage.acknowledge(bertil);
    stage.lose(bertil);
    let bertil = stage.log_in(BERTIL, "available");
    stage.ask_own_config(bertil, BERTIL);
    assert_eq!(chats(&mut stage, bertil), [""; 0]);
}

#[test]
fn who_is_back_by_another_session_gets_the_unacknowledged_text_there_at_once() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    let dark = stage.enter(BERTIL, "available");
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "one"));
    let back = stage.enter(BERTIL, "available");
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "two"));
    assert_eq!(chats(&mut stage, back), ["two"]);
    stage.acknowledge(back);
    stage.lose(dark);
    assert_eq!(chats(&mut stage, back), ["one"]);
    assert_eq!(stage.kept.chats, []);
}

#[test]
fn a_text_that_one_session_has_is_delivered_whatever_becomes_of_the_others() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    let (dark, lit) = (stage.enter(BERTIL, "available"), stage.enter(BERTIL, "available"));
    let closed = stage.log_in(BERTIL, "available");
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "one"));
    stage.acknowledge(lit);
    stage.lose(dark);
    assert_eq!(chats(&mut stage, lit), ["one"]);
    stage.ask_own_config(closed, BERTIL);
    assert_eq!(chats(&mut stage, closed), ["one"]);
    stage.lose(closed);
    stage.lose(lit);
    assert_eq!(stage.kept.chats, []);
    assert_eq!(stage.live.state.held().chat_texts, 0);
}

#[test]
fn a_stop_keeps_what_is_on_its_way_until_it_is_acknowledged() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    let bertil = stage.enter(BERTIL, "available");
    let chiara = stage.log_in(CHIARA, "available");
    for to in [BERTIL, CHIARA] {
        stage.ask(agnes, &chitchat(&stage, &quoted(to), "hello"));
    }
    assert_eq!(stage.kept.chats, []);
    stage.apply(Input::Stopping);
    assert_eq!(stage.kept.chats.len(), 2);
    stage.acknowledge(bertil);
    let kept: Vec<UserUuid> = stage.kept.chats.iter().map(|(to, _)| *to).collect();
    assert_eq!(kept, [uuid(CHIARA)]);
    assert_eq!(chats(&mut stage, chiara), [""; 0]);
}

#[test]
fn a_connection_whose_end_is_heard_before_that_of_its_session_loses_nothing() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    let bertil = stage.enter(BERTIL, "available");
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "one"));
    stage.apply(Input::ConnectionOver { session: bertil });
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "two"));
    stage.apply(Input::Gone { session: bertil });
    let bertil = stage.enter(BERTIL, "available");
    assert_eq!(stage.kept.chats.len(), 2);
    assert_eq!(stage.told[&bertil].len(), 2);
}

#[test]
fn live_chat_waits_behind_what_is_being_fetched() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "kept"));
    let bertil = stage.log_in(BERTIL, "available");
    stage.is_store_slow = true;
    stage.ask_own_config(bertil, BERTIL);
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "live"));
    assert_eq!(chats(&mut stage, bertil), [""; 0]);
    stage.is_store_slow = false;
    stage.answer_store_calls();
    assert_eq!(chats(&mut stage, bertil), ["kept", "live"]);
}

#[test]
fn a_store_that_fails_keeps_no_live_chat_back() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.is_store_broken = true;
    let bertil = stage.enter(BERTIL, "available");
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "live"));
    assert_eq!(chats(&mut stage, bertil), ["live"]);
}

#[test]
fn what_is_held_back_is_bounded_and_the_oldest_goes() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    let bertil = stage.log_in(BERTIL, "available");
    stage.ask(bertil, r#"{"class":"getipbxlist"}"#);
    for number in 0..203 {
        // At a pace that nobody holds up.
        stage.pass(1);
        stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), &number.to_string()));
    }
    assert_eq!(stage.notes, vec![LogEvent::ChatDropped { number: 1 }; 3]);
    stage.ask_own_config(bertil, BERTIL);
    let heard = chats(&mut stage, bertil);
    assert_eq!((heard.len(), &*heard[0]), (200, "3"));
}

#[test]
fn what_is_on_its_way_is_bounded_in_bytes() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    let receivers = [BERTIL, CHIARA, GRETE].map(|user| (user, stage.log_in(user, "available")));
    for (_, session) in receivers {
        stage.ask(session, r#"{"class":"getipbxlist"}"#);
    }
    let long = "x".repeat(64 * 1024);
    for _ in 0..172 {
        for (user, _) in receivers {
            stage.pass(1);
            stage.ask(agnes, &chitchat(&stage, &quoted(user), &long));
        }
    }
    let came = receivers.map(|(user, session)| {
        stage.ask_own_config(session, user);
        let came = chats(&mut stage, session).len();
        stage.acknowledge(session);
        came
    });
    // The oldest four had to go.
    assert_eq!((came, stage.notes.len()), ([170, 171, 171], 4));
    assert_eq!(stage.live.state.held().chat_texts, 0);
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
    stage.ask_own_config(bertil, BERTIL);
    assert_eq!(chats(&mut stage, bertil), [""; 0]);
    assert_eq!(stage.kept.chats, []);
}

#[test]
fn chat_is_not_kept_if_nobody_wants_that() {
    let mut stage = Stage::with(cast(), General { chat_kept_for: None, ..General::default() });
    let agnes = stage.enter(AGNES, "available");
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "lost"));
    assert_eq!(stage.kept.chats, []);
}

#[test]
fn the_form_of_a_chat_follows_the_receivers_version() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    let old = stage.log_in_as(BERTIL, "available", Version::V2_0);
    stage.ask_own_config(old, BERTIL);
    stage.heard(old);
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "hi"));
    let server = server();
    let expected = format!(r#"chitchat {{"alias":"Agnes","text":"hi","from":["{server}",1],"to":["{server}",2]}}"#);
    assert_eq!(stage.heard(old), [expected]);
    stage.ask(old, &chitchat(&stage, "1", "hello"));
    assert!(stage.heard(agnes).concat().contains(&uuid(BERTIL).to_string()));
}

#[test]
fn text_stays_as_it_came_if_it_is_not_to_be_made_safe_but_names_hold_no_html() {
    let mut known = cast();
    known.users.edit(UserId::new(AGNES), |agnes| agnes.last_name = name(LastName::parse("<b>")));
    let mut stage = Stage::with(known, General { chat_make_safe: false, ..General::default() });
    let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    stage.ask(agnes, &chitchat(&stage, &quoted(BERTIL), "<i>"));
    let heard = stage.heard(bertil).concat();
    assert!(heard.contains(r#""text":"<i>""#) && heard.contains(r#""alias":"Agnes ‹b›""#), "{heard}");
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
