//! Agents who are logged in while the settings become others.

use super::agents::{INTERFACE, Queues, added, at_their_telephone, command};
use super::*;
use crate::settings::id::QueueId;

#[test]
fn an_agent_who_is_deleted_or_moved_to_other_queues_follows_the_settings() {
    let (mut stage, mut queues, _) = at_their_telephone(Stage::new());
    let (support, agent) = (QueueId::new(1), AgentId::new(1));
    stage.change(|known, _| known.queues.edit(support, |queue| queue.members.clear()));
    let removed = |queue: &str| TelephonyRequest::QueueRemove { queue: queue.into(), interface: INTERFACE.into() };
    assert_eq!(queues.obey(&mut stage), [removed("support")]);
    stage.change(|known, _| known.set_queue_member(support, agent, 0).expect("a member"));
    assert_eq!(queues.obey(&mut stage), [added("support")]);
    stage.change(|known, _| {
        known.remove_agent(agent).expect("removed");
    });
    let key = TelephonyRequest::DeleteKey { family: "cti/agent/1".into(), key: "iface".into() };
    assert_eq!(queues.obey(&mut stage), [removed("support"), removed("orders"), key]);
    assert!(queues.members.is_empty());
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
