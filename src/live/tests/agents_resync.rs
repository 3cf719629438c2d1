//! Agents when a link begins (telephony §6.5): nothing that is not ours is removed or overwritten, logins and pauses come
//! back after a restart of Asterisk, and where nothing differs nothing is asked.

use proptest::prelude::*;

use super::agents::{
    INTERFACE, Queues, at_their_telephone, availability, besides_lamps, command, is_of_agents, of_agents, own_call,
};
use super::*;
use crate::live::messages::overview::{OverviewOf, OverviewRows};
use crate::live::messages::telephony::{AnsweredCall, CompletedCall, MemberSeen, StoredKey};
use crate::settings::state::AgentLogin;

/// An agent who is logged in on an extension of the context `default`.
pub(super) fn at_work(extension: &str) -> KeptAgent {
    let login = AgentLogin {
        extension: extension.into(),
        context: "default".into(),
        device: format!("PJSIP/{extension}").into(),
        since: 1_471_000_000,
    };
    KeptAgent { login: Some(login), ..KeptAgent::default() }
}

fn member(queue: &str, interface: &str, name: &str) -> MemberSeen {
    MemberSeen {
        queue: queue.into(),
        interface: interface.into(),
        name: name.into(),
        state_interface: "PJSIP/1002".into(),
        is_dynamic: true,
        in_call: Some(false),
        status: 1,
        ..MemberSeen::default()
    }
}

fn queues_with(members: &[MemberSeen]) -> Queues {
    let key = |member: &MemberSeen| (member.queue.to_string(), member.interface.to_string());
    Queues { members: members.iter().map(|member| (key(member), member.clone())).collect() }
}

/// What is kept of the agent, after all that was written.
fn kept(stage: &Stage) -> KeptAgent {
    let last = stage.writes.iter().rev().find_map(|write| match write {
        StateWrite::Agent(_, state) => Some(state.clone()),
        StateWrite::User(..) | StateWrite::QueueCall(_) => None,
    });
    last.unwrap_or_default()
}

#[test]
fn a_pause_from_before_is_as_old_as_asterisk_says() {
    let mut stage = Stage::new();
    let paused = MemberSeen { is_paused: true, last_pause: 4_711, ..member("support", INTERFACE, "Agent/2105") };
    stage.link(queues_with(&[paused]).snapshot());
    let OverviewRows::Agents(agents) = stage.live.overview(OverviewOf::Agents).rows else { panic!("no agents") };
    let since: Vec<_> = agents.iter().flat_map(|agent| &agent.queues).filter_map(|queue| queue.paused_since).collect();
    assert_eq!(since, [4_711.0]);
}

#[test]
fn the_first_link_takes_agents_over_as_they_are_and_removes_nobody() {
    let mut stage = Stage::new();
    let bertil = stage.enter(BERTIL, "available");
    let paused =
        MemberSeen { is_paused: true, pause_reason: "Lunch".into(), ..member("support", INTERFACE, "Agent/2105") };
    let other = member("support", "PJSIP/1001", "Reception");
    let mut queues = queues_with(&[paused, other]);
    stage.link(queues.snapshot());
    let login = kept(&stage).login.expect("taken over");
    assert_eq!((&*login.extension, &*login.context, &*login.device), ("1002", "default", "PJSIP/1002"));
    assert_eq!(kept(&stage).pauses.into_values().collect::<Vec<_>>(), ["Lunch".into()]);
    let asked = besides_lamps(queues.obey(&mut stage));
    let is_gentle = |request: &TelephonyRequest| {
        matches!(request, TelephonyRequest::QueueAdd { queue, .. } if **queue == *"orders")
            || matches!(request, TelephonyRequest::PutKey(StoredKey { family, .. }) if **family == *"cti/agent/1")
    };
    let asked: Vec<_> = asked.into_iter().filter(is_of_agents).collect();
    assert!(asked.iter().all(is_gentle), "{asked:?}");
    assert_eq!(queues.members.len(), 3);
    assert_eq!(availability(&mut stage, bertil)["availability"], "available", "paused in one of two");
}

#[test]
fn a_restart_of_this_server_touches_nothing_in_asterisk() {
    let (mut stage, queues, _) = at_their_telephone(Stage::new());
    let state = kept(&stage);
    stage = Stage::restarted(cast(), General::default(), HashMap::new(), [(AgentId::new(1), state)].into());
    let agnes = stage.enter(AGNES, "available");
    assert_eq!(availability(&mut stage, agnes)["availability"], "available", "as it was kept");
    let key = StoredKey { family: "cti/agent/1".into(), key: "iface".into(), value: "PJSIP/1002".into() };
    let lamps = ["*30*1", "*31*1", "*302105", "*312105"];
    let device = |lamp: &&str| crate::live::messages::telephony::DeviceSeen {
        device: format!("Custom:{lamp}").into(),
        state: "INUSE".into(),
    };
    let devices = lamps.iter().map(device).collect();
    stage.link(TelephonySnapshot { keys: vec![key], devices, ..queues.snapshot() });
    assert!(!stage.asked().iter().any(is_of_agents));
    assert_eq!(of_agents(stage.heard(agnes)), [""; 0]);
}

#[test]
fn a_restart_of_asterisk_brings_logins_and_pauses_back() {
    let (mut stage, mut queues, bertil) = at_their_telephone(Stage::new());
    command(&mut stage, bertil, r#""queuepause","member":"agent:xivo/1","queue":"queue:xivo/1""#);
    queues.obey(&mut stage);
    stage.heard(bertil);
    stage.lose_link();
    queues.members.clear();
    stage.link(queues.snapshot());
    queues.obey(&mut stage);
    let paused: Vec<(&str, bool)> = queues.members.values().map(|member| (&*member.queue, member.is_paused)).collect();
    assert_eq!(paused, [("orders", false), ("support", true)]);
    assert_eq!(of_agents(stage.heard(bertil)), [""; 0], "nothing differs for clients");
}

#[test]
fn only_whose_log_off_is_recorded_is_logged_off_and_not_during_a_call() {
    let recorded = KeptAgent {
        wanted: crate::settings::state::AgentWanted { is_logged_off: true, are_pauses_ours: false },
        ..at_work("1002")
    };
    let mut stage = Stage::restarted(cast(), General::default(), HashMap::new(), [(AgentId::new(1), recorded)].into());
    let agnes = stage.enter(AGNES, "available");
    assert_eq!(availability(&mut stage, agnes)["availability"], "logged_out");
    let on_call = MemberSeen { in_call: Some(true), status: 2, ..member("support", INTERFACE, "Agent/2105") };
    let mut queues = queues_with(&[on_call]);
    stage.link(queues.snapshot());
    assert!(!queues.obey(&mut stage).iter().any(|request| matches!(request, TelephonyRequest::QueueRemove { .. })));
    assert_eq!(availability(&mut stage, agnes)["availability"], "unavailable");
    stage.happens(completed());
    queues.obey(&mut stage);
    assert_eq!(queues.members.len(), 0);
    assert_eq!(availability(&mut stage, agnes)["availability"], "logged_out");
}

#[test]
fn who_is_logged_in_or_off_elsewhere_is_followed() {
    let mut stage = Stage::new();
    let bertil = stage.enter(BERTIL, "available");
    stage.link(TelephonySnapshot::default());
    stage.asked();
    let mut queues = queues_with(&[]);
    stage.happens(TelephonyEvent::Member(member("support", INTERFACE, "Agent/2105")));
    assert_eq!(availability(&mut stage, bertil)["availability"], "available");
    let (queue, interface, name) = ("support".into(), INTERFACE.into(), "Agent/2105".into());
    stage.happens(TelephonyEvent::MemberRemoved { queue, interface, name });
    assert_eq!(availability(&mut stage, bertil)["availability"], "logged_out");
    queues.obey(&mut stage);
    command(&mut stage, bertil, r#""agentlogin""#);
    queues.obey(&mut stage);
    command(&mut stage, bertil, r#""agentlogout""#);
    // Said before the queue heard of the log-off.
    stage.happens(TelephonyEvent::Member(member("support", INTERFACE, "Agent/2105")));
    assert_eq!(availability(&mut stage, bertil)["availability"], "logged_out");
    stage.happens(TelephonyEvent::Member(MemberSeen {
        is_dynamic: false,
        ..member("support", "PJSIP/1002", "Agent/2105")
    }));
    assert_eq!(availability(&mut stage, bertil)["availability"], "logged_out", "a fixed telephone is no login");
}

fn connected() -> TelephonyEvent {
    let (queue, name, interface) = ("support".into(), "Agent/2105".into(), INTERFACE.into());
    TelephonyEvent::AgentConnected(AnsweredCall { queue, name, interface, unique_id: "1.1".into(), hold_seconds: 1 })
}

fn completed() -> TelephonyEvent {
    TelephonyEvent::AgentCompleted(CompletedCall {
        queue: "support".into(),
        name: "Agent/2105".into(),
        interface: INTERFACE.into(),
        unique_id: "1.1".into(),
        hold_seconds: 1,
        talk_seconds: 1,
    })
}

/// Something that happens, whatever went before.
fn step(stage: &mut Stage, queues: &mut Queues, bertil: SessionId, what: u8) {
    match what {
        0 => drop(command(stage, bertil, r#""agentlogin""#)),
        1 => drop(command(stage, bertil, r#""agentlogout""#)),
        2 => drop(command(stage, bertil, r#""queuepause","member":"agent:xivo/1","queue":"queue:xivo/all""#)),
        3 => drop(command(stage, bertil, r#""queueunpause","member":"agent:xivo/1","queue":"queue:xivo/1""#)),
        4 => stage.happens(connected()),
        5 => stage.happens(completed()),
        6 => own_call(stage, "PJSIP/1001-0000000a"),
        7 => super::agents::hung_up(stage),
        8 => stage.lose_link(),
        9 => stage.link(queues.snapshot()),
        10 => {
            queues.members.clear();
            stage.lose_link();
        }
        11 => stage.pass_milliseconds(250),
        12 => stage.happens(TelephonyEvent::Member(member("support", INTERFACE, "Agent/2105"))),
        13 => stage.choose(bertil, "away"),
        _ => drop(queues.obey(stage)),
    }
}

proptest! {
    /// In whatever order things happen an agent has one availability, and is never both logged out and on a call.
    #[test]
    fn an_agent_has_one_availability_in_any_order_of_events(steps in proptest::collection::vec(0..15u8, 1..40)) {
        let mut stage = Stage::new();
        let bertil = stage.enter(BERTIL, "available");
        let mut queues = Queues::default();
        for what in steps {
            step(&mut stage, &mut queues, bertil, what);
            let status = availability(&mut stage, bertil);
            let is_out = status["availability"] == "logged_out";
            let is_busy = status["on_call_acd"] == true || status["on_wrapup"] == true || !status["nonacd_call_status"].is_null();
            prop_assert!(!(is_out && is_busy), "{status}");
            let agent = stage.live.state.agents().get(AgentId::new(1)).clone();
            prop_assert_eq!(is_out, agent.login().is_none());
            let is_told = agent.is_held || agent.standing.availability == agent.availability(&stage.live.state.queues_of_agent(AgentId::new(1)));
            prop_assert!(is_told, "{:?}", agent);
        }
    }
}
