//! Agents who are logged in while the settings become others.

use super::agents::{
    INTERFACE, Queues, added, at_their_telephone, availabilities, availability, besides_lamps, command, connected,
    of_agents, own_call, row,
};
use super::*;
use crate::live::messages::telephony::{DeviceSeen, QueueLogRow, StoredKey};
use crate::settings::id::LineId;
use crate::settings::id::QueueId;

/// Settings §9: 50.
#[test]
fn an_agent_who_is_deleted_or_moved_to_other_queues_follows_the_settings() {
    let (mut stage, mut queues, _) = at_their_telephone(Stage::new());
    let (support, agent) = (QueueId::new(1), AgentId::new(1));
    stage.change(|known, _| known.queues.edit(support, |queue| queue.members.clear()));
    assert_eq!(queues.obey(&mut stage), [removed("support")]);
    stage.change(|known, _| known.set_queue_member(support, agent, 0).expect("a member"));
    assert_eq!(queues.obey(&mut stage), [added("support")]);
    stage.change(|known, _| {
        known.remove_agent(agent).expect("removed");
    });
    let key = TelephonyRequest::DeleteKey { family: "cti/agent/1".into(), key: "iface".into() };
    let row = row("AGENTCALLBACKLOGOFF", "1002@default|0|CommandLogoff");
    assert_eq!(besides_lamps(queues.obey(&mut stage)), [removed("support"), removed("orders"), key, row]);
    assert!(queues.members.is_empty());
}

fn removed(queue: &str) -> TelephonyRequest {
    TelephonyRequest::QueueRemove { queue: queue.into(), interface: INTERFACE.into() }
}

/// Of bertil's line.
fn edit_line(stage: &mut Stage, edit: impl Fn(&mut crate::settings::line::Line)) {
    stage.change(|known, _| known.lines.edit(LineId::new(2), edit));
}

#[test]
fn an_agent_of_another_number_is_taken_anew_under_it_and_stays_as_they_were() {
    let (mut stage, mut queues, bertil) = at_their_telephone(Stage::new());
    command(&mut stage, bertil, r#""queuepause","member":"agent:xivo/1","queue":"queue:xivo/1""#);
    queues.obey(&mut stage);
    stage.pass(75);
    stage.heard(bertil);
    stage.change(|known, _| {
        known.agents.edit(AgentId::new(1), |agent| agent.number = name(AgentNumber::parse("2199")));
    });
    let asked = queues.obey(&mut stage);
    let lamps = asked.iter().filter_map(|request| match request {
        TelephonyRequest::SetLamp { lamp, is_lit } => Some((&**lamp, *is_lit)),
        _ => None,
    });
    let lamps: BTreeMap<&str, bool> = lamps.collect();
    let expected = [("*302105", false), ("*312105", false), ("*322105", false), ("*302199", true), ("*322199", false)];
    assert!(expected.iter().all(|(lamp, is_lit)| lamps.get(lamp) == Some(is_lit)), "{lamps:?}");
    let called = |request| match request {
        TelephonyRequest::QueueAdd { queue, interface, state_interface, penalty, paused, .. } => {
            TelephonyRequest::QueueAdd { queue, interface, name: "Agent/2199".into(), state_interface, penalty, paused }
        }
        TelephonyRequest::QueueLog(row) => {
            TelephonyRequest::QueueLog(QueueLogRow { interface: "Agent/2199".into(), ..row })
        }
        other => other,
    };
    let paused = |request| match request {
        TelephonyRequest::QueueAdd { queue, interface, name, state_interface, penalty, .. } => {
            TelephonyRequest::QueueAdd { queue, interface, name, state_interface, penalty, paused: Some("".into()) }
        }
        other => other,
    };
    let expected = [
        row("AGENTCALLBACKLOGOFF", "1002@default|75|CommandLogoff"),
        called(row("AGENTCALLBACKLOGIN", "1002@default")),
        removed("support"),
        removed("orders"),
        paused(called(added("support"))),
        called(added("orders")),
    ];
    assert_eq!(besides_lamps(asked), expected);
    assert_eq!(availabilities(&mut stage, bertil), [""; 0]);
    assert_eq!(availability(&mut stage, bertil)["availability"], "available");
    // What Asterisk said before it took them anew is theirs all the same.
    stage.happens(connected("support"));
    stage.pass_milliseconds(50);
    assert_eq!(availability(&mut stage, bertil)["on_call_acd"], true);
}

#[test]
fn whose_line_has_another_telephone_is_called_there() {
    let (mut stage, mut queues, bertil) = at_their_telephone(Stage::new());
    stage.happens(TelephonyEvent::Device(DeviceSeen { device: "PJSIP/1002".into(), state: "UNAVAILABLE".into() }));
    stage.heard(bertil);
    edit_line(&mut stage, |line| line.device = name(Device::parse("PJSIP/desk")));
    let there = |request| match request {
        TelephonyRequest::QueueAdd { queue, interface, name, penalty, paused, .. } => {
            TelephonyRequest::QueueAdd { queue, interface, name, state_interface: "PJSIP/desk".into(), penalty, paused }
        }
        other => other,
    };
    let key = StoredKey { family: "cti/agent/1".into(), key: "iface".into(), value: "PJSIP/desk".into() };
    let asked = queues.obey(&mut stage);
    let moved = [removed("support"), removed("orders"), there(added("support")), there(added("orders"))];
    assert_eq!(asked[0], TelephonyRequest::PutKey(key));
    assert_eq!(asked[1..], moved);
    assert_eq!(availability(&mut stage, bertil)["availability"], "available");
    assert!(!stage.live.state.agents().get(AgentId::new(1)).is_phone_gone, "that was the other one");
}

#[test]
fn who_is_called_otherwise_while_there_is_no_link_is_taken_anew_by_the_next() {
    let (mut stage, mut queues, bertil) = at_their_telephone(Stage::new());
    command(&mut stage, bertil, r#""queuepause","member":"agent:xivo/1","queue":"queue:xivo/all""#);
    queues.obey(&mut stage);
    stage.lose_link();
    edit_line(&mut stage, |line| line.device = name(Device::parse("PJSIP/desk")));
    assert_eq!(queues.obey(&mut stage), []);
    command(&mut stage, bertil, r#""queueunpause","member":"agent:xivo/1","queue":"queue:xivo/1""#);
    queues.obey(&mut stage);
    stage.link(queues.snapshot());
    let asked = queues.obey(&mut stage);
    let key = StoredKey { family: "cti/agent/1".into(), key: "iface".into(), value: "PJSIP/desk".into() };
    assert!(asked.contains(&TelephonyRequest::PutKey(key)), "{asked:?}");
    assert!(asked.contains(&removed("support")) && asked.contains(&removed("orders")), "{asked:?}");
    let members: Vec<_> =
        queues.members.values().map(|member| (&*member.queue, &*member.state_interface, member.is_paused)).collect();
    assert_eq!(members, [("orders", "PJSIP/desk", true), ("support", "PJSIP/desk", false)]);
    assert_eq!(availability(&mut stage, bertil)["availability"], "available");
    stage.lose_link();
    stage.link(queues.snapshot());
    assert!(!queues.obey(&mut stage).contains(&removed("support")), "once");
}

#[test]
fn who_is_logged_in_elsewhere_right_behind_a_log_off_is_followed_once_that_is_past() {
    let (mut stage, mut queues, bertil) = at_their_telephone(Stage::new());
    let member = queues.members.values().next().expect("a member").clone();
    command(&mut stage, bertil, r#""agentlogout""#);
    queues.obey(&mut stage);
    queues.members.insert((member.queue.to_string(), member.interface.to_string()), member.clone());
    stage.happens(TelephonyEvent::Member(member.clone()));
    stage.pass_milliseconds(50);
    assert_eq!(availability(&mut stage, bertil)["availability"], "logged_out", "it may have been said before");
    stage.asked();
    stage.pass(5);
    let look = TelephonyRequest::MemberStatus { queue: member.queue.clone(), interface: INTERFACE.into() };
    assert_eq!(stage.asked(), [look]);
    stage.happens(TelephonyEvent::Member(member));
    stage.pass_milliseconds(50);
    assert_eq!(availability(&mut stage, bertil)["availability"], "available");
}

#[test]
fn whose_line_has_another_number_is_there_and_nothing_else_is_asked() {
    let (mut stage, mut queues, bertil) = at_their_telephone(Stage::new());
    edit_line(&mut stage, |line| line.extension = name(Extension::parse("1077")));
    assert_eq!(queues.obey(&mut stage), []);
    assert_eq!(availability(&mut stage, bertil)["phonenumber"], "1077");
    let heard = of_agents(stage.heard(bertil));
    assert!(heard.is_empty() || heard[0].contains("1077"), "{heard:?}");
    let at = stage.live.state.agents().at("default", "1077");
    assert_eq!(at, Some(AgentId::new(1)), "nobody else logs in there");
}

#[test]
fn whose_line_is_deleted_is_logged_off_and_not_during_a_call_of_a_queue() {
    for is_on_call in [false, true] {
        let (mut stage, mut queues, bertil) = at_their_telephone(Stage::new());
        // A call of their own nobody follows once the telephone is none of ours.
        own_call(&mut stage, "PJSIP/1001-0000000a");
        if is_on_call {
            stage.happens(connected("support"));
        }
        stage.pass(1);
        stage.heard(bertil);
        stage.change(|known, _| known.remove_line(LineId::new(2)).expect("a line goes"));
        if is_on_call {
            assert_eq!(queues.obey(&mut stage), []);
            assert_eq!(availability(&mut stage, bertil)["availability"], "unavailable");
            stage.happens(super::agents::completed("support"));
        }
        let asked = besides_lamps(queues.obey(&mut stage));
        assert!(asked.contains(&removed("support")) && asked.contains(&removed("orders")), "{asked:?}");
        assert_eq!(availability(&mut stage, bertil)["availability"], "logged_out");
        assert!(queues.members.is_empty());
    }
}

#[test]
fn a_queue_that_is_deleted_leaves_nothing_of_itself_with_its_agents() {
    let (mut stage, mut queues, bertil) = at_their_telephone(Stage::new());
    stage.change(|known, _| known.remove_queue(QueueId::new(2)).expect("a queue goes"));
    assert_eq!(queues.obey(&mut stage), [removed("orders")]);
    // In the only queue that is left they are logged off elsewhere.
    let name = "Agent/2105".into();
    stage.happens(TelephonyEvent::MemberRemoved { queue: "support".into(), interface: INTERFACE.into(), name });
    stage.pass_milliseconds(50);
    assert_eq!(availability(&mut stage, bertil)["availability"], "logged_out");
}

fn penalty(queue: &str, penalty: u8) -> TelephonyRequest {
    TelephonyRequest::QueuePenalty { queue: queue.into(), interface: INTERFACE.into(), penalty }
}

fn set_penalty(stage: &mut Stage, penalty: u8) {
    let (support, agent) = (QueueId::new(1), AgentId::new(1));
    stage.change(|known, _| known.set_queue_member(support, agent, penalty).expect("a member"));
}

#[test]
fn another_penalty_is_told_to_the_queue_that_has_the_agent_and_clients_hear_it() {
    let (mut stage, mut queues, bertil) = at_their_telephone(Stage::new());
    set_penalty(&mut stage, 7);
    assert_eq!(queues.obey(&mut stage), [penalty("support", 7)]);
    let heard = stage.heard(bertil);
    let is_told = |line: &String| line.contains("queuemembers") && line.contains(r#""penalty":"7""#);
    assert!(heard.iter().any(is_told), "{heard:?}");
    // What another program changed stays until the settings say something else again.
    let mut member = queues.members.values().next().expect("a member").clone();
    member.penalty = 3;
    queues.members.insert((member.queue.to_string(), member.interface.to_string()), member.clone());
    stage.happens(TelephonyEvent::Member(member));
    stage.change(|_, general| general.enforce_profile_services = false);
    assert_eq!(queues.obey(&mut stage), []);
    command(&mut stage, bertil, r#""agentlogout""#);
    queues.obey(&mut stage);
    set_penalty(&mut stage, 8);
    assert_eq!(queues.obey(&mut stage), [], "nobody has them");
}

#[test]
fn another_penalty_without_a_link_is_told_when_there_is_one_and_the_last_one_wins() {
    let (mut stage, mut queues, _) = at_their_telephone(Stage::new());
    stage.lose_link();
    set_penalty(&mut stage, 7);
    set_penalty(&mut stage, 9);
    assert_eq!(queues.obey(&mut stage), []);
    stage.link(queues.snapshot());
    let mut penalties = |stage: &mut Stage| {
        let is_penalty = |request: &TelephonyRequest| matches!(request, TelephonyRequest::QueuePenalty { .. });
        queues.obey(stage).into_iter().filter(is_penalty).collect::<Vec<_>>()
    };
    assert_eq!(penalties(&mut stage), [penalty("support", 9)]);
    stage.lose_link();
    stage.link(TelephonySnapshot::default());
    assert_eq!(penalties(&mut stage), [], "it was told");
    // Asterisk has restarted: the queue takes the agent anew, as the settings now say.
    stage.lose_link();
    set_penalty(&mut stage, 4);
    stage.link(Queues::default().snapshot());
    let asked = queues.obey(&mut stage);
    let is_with_four = |request: &&TelephonyRequest| matches!(request, TelephonyRequest::QueueAdd { penalty: 4, .. });
    assert_eq!(asked.iter().filter(is_with_four).count(), 1, "{asked:?}");
    assert!(!asked.iter().any(|request| matches!(request, TelephonyRequest::QueuePenalty { .. })), "{asked:?}");
}
