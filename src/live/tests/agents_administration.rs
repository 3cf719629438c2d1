//! What administrators want of agents: what is asked of the telephone system, and what they are told came of it.

use super::agents::{INTERFACE, Queues, at_their_telephone, linked};
use super::*;
use crate::live::messages::overview::{OverviewOf, OverviewRows};
use crate::live::messages::{AgentAction, AgentChange, AgentChangeId, AgentChangeOutcome, AgentChangeRefusal};

const ID: AgentChangeId = AgentChangeId(7);

fn pause(queue: Option<&str>) -> AgentAction {
    AgentAction::Pause { queue: queue.map(Into::into), reason: "lunch".into() }
}

/// What came of it, once the queues have done what they were asked for.
fn change(stage: &mut Stage, queues: &mut Queues, action: AgentAction) -> Vec<AgentChangeOutcome> {
    change_of("2105", stage, queues, action)
}

fn change_of(agent: &str, stage: &mut Stage, queues: &mut Queues, action: AgentAction) -> Vec<AgentChangeOutcome> {
    stage.apply(Input::ChangeAgent { id: ID, change: AgentChange { agent: agent.into(), action } });
    queues.obey(stage);
    let changes = std::mem::take(&mut stage.agent_changes);
    assert!(changes.iter().all(|(id, _)| *id == ID));
    changes.into_iter().map(|(_, outcome)| outcome).collect()
}

fn refused(refusal: AgentChangeRefusal) -> Vec<AgentChangeOutcome> {
    vec![AgentChangeOutcome::Refused(refusal)]
}

/// Where bertil's agent is paused, why, and since when.
fn pauses(stage: &Stage) -> Vec<(String, String, Option<f64>)> {
    let OverviewRows::Agents(agents) = stage.live.overview(OverviewOf::Agents).rows else { panic!("no agents") };
    let agent = agents.into_iter().find(|agent| agent.agent == "2105").expect("bertil's");
    let paused =
        |queue: crate::live::messages::overview::AgentQueueNow| Some((queue.queue, queue.paused?, queue.paused_since));
    agent.queues.into_iter().filter_map(paused).collect()
}

#[test]
fn an_administrator_pauses_an_agent_ends_that_and_logs_them_off() {
    let (mut stage, mut queues, _) = at_their_telephone(Stage::new());
    assert_eq!(change(&mut stage, &mut queues, pause(None)), [AgentChangeOutcome::Done]);
    let since = stage.now.unix;
    let paused = pauses(&stage);
    assert_eq!((&*paused[0].0, &*paused[0].1), ("support", "lunch"));
    assert!(paused[0].2.is_some_and(|at| (at - since).abs() < 1.0), "{paused:?}");
    stage.pass_milliseconds(90_000);
    assert_eq!(pauses(&stage), paused, "since when stays");
    let unpause = AgentAction::Unpause { queue: Some("support".into()) };
    assert_eq!(change(&mut stage, &mut queues, unpause), [AgentChangeOutcome::Done]);
    assert_eq!(pauses(&stage), paused[1..]);
    let outcomes = change(&mut stage, &mut queues, AgentAction::LogOff);
    assert_eq!(outcomes.first(), Some(&AgentChangeOutcome::Done));
    assert!(queues.members.keys().all(|(_, interface)| interface != INTERFACE));
    assert_eq!(change(&mut stage, &mut queues, AgentAction::LogOff), refused(AgentChangeRefusal::NotLoggedIn));
}

#[test]
fn what_cannot_be_done_is_refused_with_the_reason() {
    let (mut stage, mut queues, _) = linked(Stage::new());
    let refusals = [
        ("999", AgentAction::LogOff, AgentChangeRefusal::NoSuchAgent),
        ("2105", pause(Some("nowhere")), AgentChangeRefusal::NoSuchQueue),
        ("2105", pause(None), AgentChangeRefusal::NotLoggedIn),
    ];
    for (agent, action, refusal) in refusals {
        assert_eq!(change_of(agent, &mut stage, &mut queues, action), refused(refusal));
    }
    let (mut stage, _, _) = at_their_telephone(Stage::new());
    let words: Box<str> = "Interface not found".into();
    stage.reply = Replies::Refused(words.clone());
    stage.apply(Input::ChangeAgent { id: ID, change: AgentChange { agent: "2105".into(), action: pause(None) } });
    let refusal = AgentChangeOutcome::Refused(AgentChangeRefusal::ByAsterisk(words));
    assert_eq!(stage.agent_changes.pop(), Some((ID, refusal)));
    assert_eq!(pauses(&stage), []);
}

#[test]
fn without_a_link_an_administrator_is_refused_and_one_that_is_lost_meanwhile_is_told() {
    let (mut stage, _, _) = at_their_telephone(Stage::new());
    stage.reply = Replies::Unavailable;
    for action in [pause(None), AgentAction::LogOff] {
        stage.apply(Input::ChangeAgent { id: ID, change: AgentChange { agent: "2105".into(), action } });
        let first = stage.agent_changes.first().cloned();
        assert_eq!(first, Some((ID, AgentChangeOutcome::Refused(AgentChangeRefusal::LinkLost))));
        stage.agent_changes.clear();
    }
    let (mut stage, mut queues, _) = at_their_telephone(Stage::new());
    stage.apply(Input::Telephony(TelephonyInput::Down));
    assert_eq!(change(&mut stage, &mut queues, AgentAction::LogOff), refused(AgentChangeRefusal::NoLink));
}
