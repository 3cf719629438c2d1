//! What another program on the telephone system, such as the agents' daemon of a XiVO, says it has done with agents
//! (telephony §6.3, §15).

use super::agents::{
    INTERFACE, Queues, at_their_telephone, availabilities, availability, besides_lamps, linked, of_agents,
};
use super::*;
use crate::live::messages::telephony::{MemberSeen, StoredKey, UserEvent};

/// Bertil's, in that program's own words.
const WHO: [(&str, &str); 2] = [("AgentID", "77"), ("AgentNumber", "2105")];

fn say(stage: &mut Stage, name: &str, fields: &[(&str, &str)]) {
    let fields = fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    stage.happens(TelephonyEvent::User(UserEvent { name: name.into(), fields }));
    stage.pass_milliseconds(50);
}

fn say_of_bertil(stage: &mut Stage, name: &str, more: &[(&str, &str)]) {
    say(stage, name, &[&WHO[..], more].concat());
}

/// As that program has queues take the agent: the id is its own.
fn member(queue: &str) -> MemberSeen {
    MemberSeen {
        queue: queue.into(),
        interface: "Local/id-77@agentcallback".into(),
        name: "Agent/2105".into(),
        state_interface: "SIP/other".into(),
        is_dynamic: true,
        in_call: Some(false),
        status: 1,
        ..MemberSeen::default()
    }
}

fn joins(stage: &mut Stage, queues: &mut Queues, queue: &str) {
    let member = member(queue);
    queues.members.insert((queue.into(), member.interface.to_string()), member.clone());
    stage.happens(TelephonyEvent::Member(member));
}

fn leaves(stage: &mut Stage, queues: &mut Queues, queue: &str) {
    let MemberSeen { queue, interface, name, .. } = member(queue);
    queues.members.remove(&(queue.to_string(), interface.to_string()));
    stage.happens(TelephonyEvent::MemberRemoved { queue, interface, name });
}

fn key(device: &str) -> TelephonyRequest {
    TelephonyRequest::PutKey(StoredKey { family: "cti/agent/1".into(), key: "iface".into(), value: device.into() })
}

/// Besides lamps, and what only looks.
fn asked(stage: &mut Stage, queues: &mut Queues) -> Vec<TelephonyRequest> {
    let looks = |request: &TelephonyRequest| matches!(request, TelephonyRequest::MemberStatus { .. });
    besides_lamps(queues.obey(stage)).into_iter().filter(|request| !looks(request)).collect()
}

#[test]
fn an_agent_who_was_logged_in_elsewhere_is_logged_in_where_it_is_said() {
    let (mut stage, mut queues, bertil) = linked(Stage::new());
    joins(&mut stage, &mut queues, "support");
    joins(&mut stage, &mut queues, "orders");
    say_of_bertil(&mut stage, "AgentLogin", &[("Extension", "1001"), ("Context", "default")]);
    assert_eq!(availabilities(&mut stage, bertil).last().map(String::as_str), Some("available"));
    let status = availability(&mut stage, bertil);
    assert_eq!((&status["phonenumber"], &status["queues"]), (&"1001".into(), &serde_json::json!(["1", "2"])));
    // No row of the log, nothing asked of queues: that program did both.
    let asked_for = asked(&mut stage, &mut queues);
    assert_eq!(asked_for, [key("SIP/other"), key("PJSIP/1001")]);
    assert_eq!(stage.notes, [LogEvent::AgentAdopted { agent: AgentId::new(1), device: "SIP/other".into() }]);
    // Said again it is no news.
    say_of_bertil(&mut stage, "AgentLogin", &[("Extension", "1001"), ("Context", "default")]);
    assert_eq!(asked(&mut stage, &mut queues), []);
    assert_eq!(of_agents(stage.heard(bertil)), [""; 0]);
}

#[test]
fn a_login_elsewhere_is_known_before_any_queue_says_so() {
    let (mut stage, mut queues, bertil) = linked(Stage::new());
    say_of_bertil(&mut stage, "agentlogin", &[("Extension", "555"), ("Context", "elsewhere")]);
    let status = availability(&mut stage, bertil);
    assert_eq!((&status["phonenumber"], &status["availability"]), (&"555".into(), &"available".into()));
    let all = besides_lamps(queues.obey(&mut stage));
    let look = |queue: &str| TelephonyRequest::MemberStatus { queue: queue.into(), interface: INTERFACE.into() };
    assert_eq!(all, [key("Local/555@elsewhere"), look("support"), look("orders")]);
    joins(&mut stage, &mut queues, "support");
    assert_eq!(asked(&mut stage, &mut queues), [], "where they are called is known");
}

#[test]
fn an_agent_who_was_logged_off_elsewhere_is_logged_off_and_unpaused() {
    let (mut stage, mut queues, bertil) = at_their_telephone(Stage::new());
    let (_, member) = queues.members.first_key_value().map(|(key, member)| (key, member.clone())).expect("a member");
    let paused = MemberSeen { is_paused: true, ..member };
    stage.happens(TelephonyEvent::Member(paused.clone()));
    say_of_bertil(&mut stage, "AgentLogoff", &[]);
    assert_eq!(availabilities(&mut stage, bertil).last().map(String::as_str), Some("logged_out"));
    let family = "cti/agent/1".into();
    assert_eq!(asked(&mut stage, &mut queues), [TelephonyRequest::DeleteKey { family, key: "iface".into() }]);
    let ask = r#"{"class":"getlist","function":"updatestatus","listname":"queuemembers","tid":"Agent/2105,support"}"#;
    let shown = stage.answer(bertil, ask).concat();
    assert!(shown.contains(r#""paused":"0""#) && shown.contains(r#""status":"101""#), "{shown}");
    // What a queue said before comes behind it.
    stage.happens(TelephonyEvent::Member(paused));
    stage.pass_milliseconds(50);
    assert_eq!(availability(&mut stage, bertil)["availability"], "logged_out");
    say_of_bertil(&mut stage, "AgentLogoff", &[]);
    assert_eq!(asked(&mut stage, &mut queues), [], "it is no news");
}

#[test]
fn memberships_that_were_changed_elsewhere_are_kept() {
    let (mut stage, mut queues, bertil) = at_their_telephone(Stage::new());
    leaves(&mut stage, &mut queues, "orders");
    say_of_bertil(&mut stage, "AgentRemovedFromQueue", &[("QueueName", "orders")]);
    assert_eq!(availability(&mut stage, bertil)["queues"], serde_json::json!(["1"]));
    assert_eq!(asked(&mut stage, &mut queues), []);
    // It holds over a new link.
    stage.lose_link();
    queues.members.remove(&("orders".into(), INTERFACE.into()));
    stage.link(queues.snapshot());
    let asked_for = asked(&mut stage, &mut queues);
    assert!(!asked_for.iter().any(|request| matches!(request, TelephonyRequest::QueueAdd { .. })), "{asked_for:?}");
    say_of_bertil(&mut stage, "AgentAddedToQueue", &[("QueueName", "orders")]);
    assert_eq!(availability(&mut stage, bertil)["queues"], serde_json::json!(["1", "2"]));
}

/// Settings §9: 30.
#[test]
fn whoever_is_no_agent_of_ours_or_nowhere_is_passed_over() {
    let (mut stage, mut queues, bertil) = linked(Stage::new());
    let place = [("Extension", "1001"), ("Context", "default")];
    // The number decides: the id is another program's.
    say(&mut stage, "AgentLogin", &[&[("AgentID", "1"), ("AgentNumber", "9999")], &place[..]].concat());
    say(&mut stage, "AgentLogin", &place);
    say(&mut stage, "AgentLogin", &[&[("AgentID", "many")], &place[..]].concat());
    for extension in ["", "1001,n", "${EXTEN}"] {
        say_of_bertil(&mut stage, "AgentLogin", &[("Extension", extension), ("Context", "default")]);
    }
    say_of_bertil(&mut stage, "AgentLogin", &[("Extension", "1001"), ("Context", "a)(b")]);
    say_of_bertil(&mut stage, "AgentAddedToQueue", &[("QueueName", "nowhere")]);
    say_of_bertil(&mut stage, "AgentRemovedFromQueue", &[]);
    assert_eq!(queues.obey(&mut stage), []);
    assert_eq!(of_agents(stage.heard(bertil)), [""; 0]);
    say(&mut stage, "AgentLogin", &[&[("AgentID", "1")], &place[..]].concat());
    assert_eq!(availability(&mut stage, bertil)["phonenumber"], "1001");
}
