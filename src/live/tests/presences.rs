//! Choosing, entering and leaving presences: protocol decisions 4 and 5, rule P18.

use super::*;
use crate::live::messages::Ending;
use crate::settings::presence::PresenceAction;
use crate::settings::state::AgentWanted;

const AWAY: &str = r#"updatestatus users "1" {"availstate":"away"}"#;
const AVAILABLE: &str = r#"updatestatus users "1" {"availstate":"available"}"#;
const DISCONNECTED: &str = r#"updatestatus users "1" {"availstate":"disconnected"}"#;

#[test]
fn a_presence_is_told_to_everybody_its_owner_included() {
    let mut stage = Stage::new();
    let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    stage.choose(agnes, "away");
    assert_eq!(stage.heard(agnes), [AWAY]);
    assert_eq!(stage.heard(bertil), [AWAY]);
}

#[test]
fn the_same_presence_again_is_told_again_but_its_dnd_is_not() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "donotdisturb");
    stage.writes.clear();
    stage.choose(agnes, "donotdisturb");
    assert_eq!(stage.heard(agnes), [r#"updatestatus users "1" {"availstate":"donotdisturb"}"#]);
    assert_eq!(stage.writes, []);
}

#[test]
fn an_unknown_presence_is_answered_by_the_present_one_to_that_session_alone() {
    let mut stage = Stage::new();
    let (first, second) = (stage.enter(AGNES, "away"), stage.enter(AGNES, "away"));
    stage.choose(first, "holiday");
    assert_eq!(stage.heard(first), [AWAY]);
    assert_eq!(stage.heard(second), [""; 0]);
    let refused = LogEvent::PresenceRefused { user: UserId::new(AGNES), from: "away".into(), to: "holiday".into() };
    assert_eq!(stage.notes, [refused]);
}

#[test]
fn a_presence_that_is_not_reachable_is_refused_unless_presences_are_not_strict() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "away");
    stage.choose(agnes, "disconnected");
    assert_eq!(stage.heard(agnes), [AWAY]);
    stage.change(|_, general| general.strict_presence = false);
    stage.choose(agnes, "disconnected");
    assert_eq!(stage.heard(agnes), [DISCONNECTED]);
}

#[test]
fn from_disconnected_a_session_may_enter_any_presence() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "disconnected");
    stage.choose(agnes, "away");
    assert_eq!(stage.heard(agnes), [AWAY]);
}

#[test]
fn a_presence_without_any_reachable_one_may_be_chosen_again() {
    let mut stage = Stage::new();
    stage.change(|known, _| {
        let away = known.presences.iter().nth(1).expect("away").id;
        known.presences.edit(away, |away| away.reachable.clear());
    });
    let agnes = stage.enter(AGNES, "away");
    stage.choose(agnes, "away");
    stage.choose(agnes, "available");
    assert_eq!(stage.heard(agnes), [AWAY, AWAY]);
    assert_eq!(stage.notes.len(), 1);
}

#[test]
fn dnd_is_told_when_it_is_on_disk_and_lists_answer_the_old_one_until_then() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.disk = Disk::Slow;
    stage.choose(agnes, "donotdisturb");
    assert_eq!(stage.heard(agnes), [r#"updatestatus users "1" {"availstate":"donotdisturb"}"#]);
    let config = r#"{"class":"getlist","function":"updateconfig","listname":"users","tid":"1"}"#;
    assert!(stage.answer(agnes, config)[0].contains(r#""enablednd":false"#));
    stage.commit();
    assert_eq!(stage.heard(agnes), [r#"updateconfig users "1" {"enablednd":true}"#]);
    assert!(stage.answer(agnes, config)[0].contains(r#""enablednd":true"#));
}

#[test]
fn a_failed_write_leaves_the_presence_and_is_told_once_a_minute() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.disk = Disk::Slow;
    stage.choose(agnes, "donotdisturb");
    stage.fail();
    let failed = r#"ipbxcommand {"error_string":"service_unavailable"}"#;
    assert_eq!(stage.heard(agnes), [r#"updatestatus users "1" {"availstate":"donotdisturb"}"#, failed]);
    stage.choose(agnes, "donotdisturb");
    stage.fail();
    assert_eq!(stage.heard(agnes), [r#"updatestatus users "1" {"availstate":"donotdisturb"}"#]);
    stage.pass(60);
    stage.choose(agnes, "donotdisturb");
    stage.fail();
    assert_eq!(stage.heard(agnes).last().map(String::as_str), Some(failed));
    stage.disk = Disk::Fast;
    stage.choose(agnes, "donotdisturb");
    let told =
        [r#"updatestatus users "1" {"availstate":"donotdisturb"}"#, r#"updateconfig users "1" {"enablednd":true}"#];
    assert_eq!(stage.heard(agnes), told);
}

#[test]
fn the_last_of_several_sessions_ends_the_presence() {
    let mut stage = Stage::new();
    let (first, second) = (stage.enter(AGNES, "away"), stage.enter(AGNES, "away"));
    let bertil = stage.enter(BERTIL, "available");
    stage.apply(Input::Gone { session: first });
    assert_eq!(stage.heard(bertil), [""; 0]);
    stage.apply(Input::Gone { session: second });
    assert_eq!(stage.heard(bertil), [DISCONNECTED]);
}

#[test]
fn the_actions_of_disconnected_run_when_the_grace_time_is_over() {
    let mut stage = with_agent_at_work(General { agent_actions_on_loss: true, ..General::default() });
    let bertil = stage.enter(BERTIL, "away");
    stage.writes.clear();
    stage.apply(Input::Gone { session: bertil });
    assert_eq!(stage.writes, []);
    stage.pass(44);
    assert_eq!((stage.writes.len(), stage.live.next_alarm()), (0, Some(Duration::from_secs(46))));
    stage.pass(1);
    let away = name(crate::settings::name::PresenceName::parse("away"));
    let state = UserState { last_presence: Some(away), is_present: false, ..UserState::default() };
    assert_eq!(stage.writes[0], StateWrite::User(uuid(BERTIL), state));
    assert!(stage.writes[1..].iter().all(is_log_off) && stage.writes.len() == 2, "{:?}", stage.writes);
}

#[test]
fn who_returns_within_the_grace_time_is_not_ended() {
    let mut stage = Stage::new();
    let bertil = stage.enter(BERTIL, "away");
    stage.writes.clear();
    stage.apply(Input::Gone { session: bertil });
    stage.now.steady += Duration::from_secs(45);
    stage.enter(BERTIL, "available");
    stage.pass(60);
    assert!(!stage.writes.iter().any(|write| matches!(write, StateWrite::Agent(..))));
    assert_eq!(stage.live.next_alarm(), None);
}

#[test]
fn without_grace_the_actions_run_at_once() {
    let mut stage = with_agent_at_work(General {
        disconnect_grace: Duration::ZERO,
        agent_actions_on_loss: true,
        ..General::default()
    });
    let bertil = stage.enter(BERTIL, "away");
    stage.apply(Input::Gone { session: bertil });
    assert!(stage.writes.last().is_some_and(is_log_off));
}

fn is_agents(write: &StateWrite) -> bool {
    matches!(write, StateWrite::Agent(..))
}

/// As it is recorded while there is no link.
fn is_log_off(write: &StateWrite) -> bool {
    matches!(write, StateWrite::Agent(_, state) if state.wanted.is_logged_off)
}

/// Bertil's agent is logged in; there is no link.
fn with_agent_at_work(general: General) -> Stage {
    agents_at_work(cast(), general)
}

fn agents_at_work(known: Configuration, general: General) -> Stage {
    Stage::restarted(known, general, HashMap::new(), [(AgentId::new(1), at_work("1002"))].into())
}

/// Bertil's presence `disconnected` switches their DND on and logs their agent off.
fn with_all_kinds_of_actions(general: General) -> Stage {
    let mut known = cast();
    let disconnected = known.presences.find(|presence| presence.name.as_str() == "disconnected").expect("there").id;
    known.presences.edit(disconnected, |presence| presence.actions.insert(0, PresenceAction::EnableDnd(true)));
    agents_at_work(known, general)
}

#[test]
fn a_lost_connection_touches_no_agent_unless_that_is_wanted() {
    for is_wanted in [false, true] {
        let general = General { agent_actions_on_loss: is_wanted, ..General::default() };
        let mut stage = with_all_kinds_of_actions(general);
        let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
        stage.apply(Input::Gone { session: bertil });
        stage.pass(45);
        assert_eq!(stage.writes.iter().any(is_agents), is_wanted);
        assert!(stage.heard(agnes).contains(&r#"updateconfig users "2" {"enablednd":true}"#.to_owned()));
    }
}

#[test]
fn a_logout_of_the_last_session_runs_all_actions_at_once() {
    let mut stage = with_all_kinds_of_actions(General::default());
    let (first, second) = (stage.enter(BERTIL, "available"), stage.enter(BERTIL, "available"));
    stage.ask(first, r#"{"class":"logout"}"#);
    assert!(!stage.writes.iter().any(is_agents));
    stage.ask(second, r#"{"class":"logout"}"#);
    assert!(stage.writes.iter().any(is_agents));
    assert_eq!(stage.live.next_alarm(), None);
    stage.writes.clear();
    stage.pass(600);
    assert_eq!(stage.writes, []);
}

#[test]
fn who_is_thrown_out_for_good_is_gone_and_who_may_come_back_has_the_grace_time() {
    for (how, is_gone) in [(Ending::Force, true), (Ending::Plain, false)] {
        let mut stage = with_agent_at_work(General::default());
        let bertil = stage.enter(BERTIL, "available");
        stage.apply(Input::End { session: bertil, how });
        assert_eq!(stage.writes.iter().any(is_agents), is_gone);
        assert_eq!(stage.live.next_alarm().is_none(), is_gone);
    }
}

/// Settings §9: 29.
#[test]
fn agent_actions_without_a_link_are_kept_as_what_is_wanted() {
    let mut stage = with_agent_at_work(General::default());
    stage.change(|known, _| {
        let away = known.presences.iter().nth(1).expect("away").id;
        known.presences.edit(away, |away| away.actions.push(PresenceAction::QueuePauseAll));
    });
    let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    stage.writes.clear();
    stage.choose(agnes, "away");
    stage.choose(bertil, "away");
    stage.choose(bertil, "away");
    let agents: Vec<_> = stage.writes.iter().filter(|write| is_agents(write)).collect();
    let [StateWrite::Agent(_, state)] = agents[..] else { unreachable!("one write, and not {agents:?}") };
    assert_eq!(state.wanted, AgentWanted { is_logged_off: false, are_pauses_ours: true });
    let reasons: Vec<&str> = state.pauses.values().map(|reason| &**reason).collect();
    assert_eq!((reasons, stage.asked.len()), (vec!["Away", "Away"], 0));
}

#[test]
fn the_actions_of_presences_leave_an_agent_alone_who_is_not_logged_in() {
    let mut stage = Stage::new();
    let bertil = stage.enter(BERTIL, "available");
    stage.ask(bertil, r#"{"class":"logout"}"#);
    assert!(!stage.writes.iter().any(is_agents));
}

#[test]
fn a_presence_crosses_no_context() {
    let mut stage = Stage::separated();
    let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    let (chiara, grete) = (stage.enter(CHIARA, "available"), stage.enter(GRETE, "available"));
    stage.choose(agnes, "donotdisturb");
    let told =
        [r#"updatestatus users "1" {"availstate":"donotdisturb"}"#, r#"updateconfig users "1" {"enablednd":true}"#];
    assert_eq!(
        (stage.heard(agnes), stage.heard(bertil)),
        (told.map(str::to_owned).to_vec(), told.map(str::to_owned).to_vec())
    );
    assert_eq!((stage.heard(chiara), stage.heard(grete)), (vec![], vec![]));
    stage.choose(grete, "away");
    assert_eq!(stage.heard(grete), [r#"updatestatus users "4" {"availstate":"away"}"#]);
    assert_eq!(stage.heard(agnes), [""; 0]);
}

#[test]
fn a_state_that_does_not_change_is_not_written_again() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.writes.clear();
    stage.choose(agnes, "available");
    stage.choose(agnes, "away");
    assert_eq!(stage.writes.len(), 1);
    assert_eq!(stage.heard(agnes), [AVAILABLE, AWAY]);
}
