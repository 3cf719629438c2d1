//! Registrations for the status of users, phones and agents.

use super::*;

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
    assert_eq!(stage.live.state.held().registrations, 0);
}

#[test]
fn nobody_registers_for_what_does_not_exist() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    for (class, member) in [("register_user", "user_ids"), ("register_endpoint", "endpoint_ids")] {
        stage.ask(agnes, &register(class, member, &["2", "99", "100"]));
    }
    stage.ask(agnes, &register("register_agent", "agent_ids", &["1", "99"]));
    stage.ask(agnes, &register("register_user", "user_ids", &[&quoted(BERTIL), &quoted(99)]));
    assert_eq!(stage.live.state.held().registrations, 3);
}
