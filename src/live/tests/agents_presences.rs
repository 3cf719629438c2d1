//! What presences do to agents while there is a link, and never during a call (protocol 8, protocol decisions 5 and 15).

use super::agents::{
    INTERFACE, at_their_telephone, availability, besides_lamps, command, hung_up, is_of_agents, own_call, row,
};
use super::*;
use crate::settings::presence::PresenceAction;

/// `away` pauses, `available` ends that, `disconnected` logs off.
pub(super) fn with_actions(general: General) -> Stage {
    let mut known = cast();
    for (presence, action) in [("away", PresenceAction::QueuePauseAll), ("available", PresenceAction::QueueUnpauseAll)]
    {
        let id = known.presences.find(|known| known.name.as_str() == presence).expect("there").id;
        known.presences.edit(id, |presence| presence.actions = vec![action]);
    }
    Stage::with(known, general)
}

fn pause(is_paused: bool, reason: &str) -> TelephonyRequest {
    TelephonyRequest::QueuePause { queue: None, interface: INTERFACE.into(), is_paused, reason: reason.into() }
}

fn is_log_off(request: &TelephonyRequest) -> bool {
    matches!(request, TelephonyRequest::QueueRemove { .. })
}

/// Settings §9: 28, 29.
#[test]
fn a_presence_pauses_unpauses_and_logs_off_its_users_agent_with_its_name_as_reason() {
    let (mut stage, mut queues, bertil) = at_their_telephone(with_actions(General::default()));
    stage.choose(bertil, "away");
    assert_eq!(queues.obey(&mut stage), [pause(true, "Away"), row("PRESENCE", "away")]);
    assert_eq!(availability(&mut stage, bertil)["availability"], "unavailable");
    stage.choose(bertil, "available");
    assert_eq!(queues.obey(&mut stage), [pause(false, ""), row("PRESENCE", "available")]);
    assert_eq!(availability(&mut stage, bertil)["availability"], "available");
    let agnes = stage.enter(AGNES, "available");
    stage.ask(bertil, r#"{"class":"logout"}"#);
    let asked = besides_lamps(queues.obey(&mut stage));
    assert_eq!(asked[0], row("PRESENCE", "disconnected"));
    assert_eq!(asked.iter().filter(|request| is_log_off(request)).count(), 2);
    assert_eq!(availability(&mut stage, agnes)["availability"], "logged_out");
    // At a login too; who is not logged in is left alone.
    stage.log_in(BERTIL, "away");
    assert_eq!(besides_lamps(queues.obey(&mut stage)), [row("PRESENCE", "away")]);
}

#[test]
fn a_lost_connection_leaves_the_agent_alone_unless_that_is_wanted() {
    for is_wanted in [false, true] {
        let general = General { agent_actions_on_loss: is_wanted, ..General::default() };
        let (mut stage, mut queues, bertil) = at_their_telephone(with_actions(general));
        stage.lose(bertil);
        stage.pass(45);
        assert_eq!(queues.obey(&mut stage).iter().any(is_log_off), is_wanted);
    }
}

#[test]
fn who_leaves_during_a_call_is_logged_off_at_its_end_unless_they_are_back() {
    for is_back in [false, true] {
        let (mut stage, mut queues, bertil) = at_their_telephone(with_actions(General::default()));
        let agnes = stage.enter(AGNES, "available");
        own_call(&mut stage, "PJSIP/1001-0000000a");
        stage.pass_milliseconds(300);
        stage.ask(bertil, r#"{"class":"logout"}"#);
        assert!(!queues.obey(&mut stage).iter().any(is_log_off));
        assert_eq!(availability(&mut stage, agnes)["availability"], "on_call_nonacd_incoming_internal");
        if is_back {
            stage.log_in(BERTIL, "available");
        }
        hung_up(&mut stage);
        assert_eq!(queues.obey(&mut stage).iter().any(is_log_off), !is_back);
        let expected = if is_back { "available" } else { "logged_out" };
        assert_eq!(availability(&mut stage, agnes)["availability"], expected);
    }
}

#[test]
fn a_presence_whose_action_asterisk_refuses_stands_and_its_user_is_told_once_a_minute() {
    let (mut stage, _, bertil) = at_their_telephone(with_actions(General::default()));
    stage.reply = Replies::Refused("Interface not found".into());
    let failed = r#"ipbxcommand {"error_string":"service_unavailable"}"#;
    for (seconds, is_told) in [(0, true), (30, false), (30, true)] {
        stage.pass(seconds);
        stage.heard(bertil);
        stage.choose(bertil, "away");
        let heard = stage.heard(bertil);
        assert_eq!(heard.iter().any(|line| line == failed), is_told, "{heard:?}");
        assert!(heard.contains(&r#"updatestatus users "2" {"availstate":"away"}"#.to_owned()));
    }
}

#[test]
fn without_a_link_the_last_one_wins_and_is_done_when_it_is_back() {
    let (mut stage, mut queues, bertil) = at_their_telephone(with_actions(General::default()));
    stage.lose_link();
    stage.choose(bertil, "away");
    assert_eq!(availability(&mut stage, bertil)["availability"], "unavailable");
    stage.choose(bertil, "available");
    stage.choose(bertil, "away");
    assert!(!stage.asked().iter().any(is_of_agents));
    stage.link(queues.snapshot());
    let asked = besides_lamps(queues.obey(&mut stage));
    let pauses = asked.iter().filter(|request| matches!(request, TelephonyRequest::QueuePause { is_paused: true, .. }));
    assert_eq!(pauses.count(), 2, "{asked:?}");
    stage.lose_link();
    command(&mut stage, bertil, r#""agentlogout""#);
    assert_eq!(availability(&mut stage, bertil)["availability"], "logged_out");
    stage.link(queues.snapshot());
    assert_eq!(queues.obey(&mut stage).iter().filter(|request| is_log_off(request)).count(), 2);
    assert!(queues.members.is_empty());
}
