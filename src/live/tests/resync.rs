//! What a link begins with is taken over in slices: clients are served between them and hear once what differs, what
//! happens meanwhile comes behind it, and what is wanted meanwhile is ordered then.

use super::agents::{INTERFACE, Queues, at_their_telephone, command};
use super::agents_presences::with_actions;
use super::phones::hint;
use super::queues::agent;
use super::slices::{apply_once, ask_once, finish};
use super::*;
use crate::live::messages::telephony::{DeviceSeen, MailboxSeen, MemberSeen, QueueSeen, StoredKey};

const PHONE: &str = r#"{"class":"getlist","function":"updatestatus","listname":"phones","tid":"2"}"#;
/// Small enough that anything takes several.
const STEPS: usize = 3;

fn told(line: i64, status: i8) -> String {
    format!(r#"updatestatus phones "{line}" {{"hintstatus":"{status}"}}"#)
}

fn up(snapshot: TelephonySnapshot) -> Input {
    Input::Telephony(TelephonyInput::Up(Box::new(snapshot)))
}

fn event(event: TelephonyEvent) -> Input {
    Input::Telephony(TelephonyInput::Event(event))
}

/// Something of everything, and much of some.
fn floor(queues: &Queues) -> TelephonySnapshot {
    let free = |device: String| DeviceSeen { device: device.into(), state: "NOT_INUSE".into() };
    let lit = |lamp: &str| DeviceSeen { device: format!("Custom:{lamp}").into(), state: "INUSE".into() };
    let key = |family: &str, key: &str, value: &str| StoredKey {
        family: family.into(),
        key: key.into(),
        value: value.into(),
    };
    TelephonySnapshot {
        hints: vec![hint("1001", 1), hint("1002", 0), hint("1003", 8)],
        devices: (0..2_000).map(|number| free(format!("PJSIP/{number}"))).chain([lit("*7351***225")]).collect(),
        mailboxes: vec![MailboxSeen { mailbox: "1001@default".into(), new: 3, old: 0 }],
        keys: vec![key("cti/1", "dnd", "1"), key("cti/2", "fwdunc", "1044"), key("cti/agent/1", "iface", "PJSIP/1002")],
        ..queues.snapshot()
    }
}

#[test]
fn clients_are_served_while_a_link_begins_and_hear_once_what_differs() {
    let mut stage = Stage::new();
    stage.live.state.set_slice_steps(STEPS);
    let agnes = stage.enter(AGNES, "available");
    apply_once(&mut stage, up(floor(&Queues::default())));
    let mut slices = 0;
    while stage.live.is_publishing() && slices < 40 {
        ask_once(&mut stage, agnes, r#"{"class":"keepalive","commandid":7}"#);
        assert_eq!(stage.heard(agnes).len(), 1, "served, and nothing else is told");
        ask_once(&mut stage, agnes, PHONE);
        assert_eq!(stage.heard(agnes), [told(2, 4)], "as it was told");
        stage.pass_milliseconds_once(60);
        if slices == 3 {
            apply_once(&mut stage, event(TelephonyEvent::Hint(hint("1002", 1))));
            apply_once(&mut stage, event(TelephonyEvent::Hint(hint("1002", 16))));
            apply_once(&mut stage, event(TelephonyEvent::Hint(hint("1003", 4))));
        }
        apply_once(&mut stage, Input::Continue);
        slices += 1;
    }
    assert_eq!(slices, 40, "it goes on");
    finish(&mut stage);
    stage.pass_milliseconds(50);
    let heard = stage.heard(agnes);
    for (line, status) in [(1, 1), (2, 16)] {
        let of_line: Vec<_> = heard.iter().filter(|it| it.contains(&format!("phones \"{line}\""))).collect();
        assert_eq!(of_line, [&told(line, status)], "{heard:?}");
    }
    assert!(!heard.concat().contains(r#"phones "3""#), "what changed back is told to nobody: {heard:?}");
    assert!(heard.concat().contains(r#"voicemails "1""#), "{heard:?}");
}

#[test]
fn it_makes_no_difference_in_how_many_slices_all_is_taken_over() {
    let taken_over = |steps: usize| {
        let (mut stage, queues, bertil) = at_their_telephone(Stage::new());
        stage.asked();
        stage.lose_link();
        stage.live.state.set_slice_steps(steps);
        let paused = MemberSeen { is_paused: true, ..agent("support") };
        let caller = super::queues::joins(7, 1, 1);
        stage.reply = Replies::Done;
        apply_once(&mut stage, up(floor(&queues)));
        for happening in [TelephonyEvent::Member(paused), caller, TelephonyEvent::Hint(hint("1002", 1))] {
            apply_once(&mut stage, event(happening));
        }
        finish(&mut stage);
        stage.pass_milliseconds(50);
        let mut reads = stage.answer(bertil, PHONE);
        for ask in [
            r#"{"class":"getlist","function":"updatestatus","listname":"agents","tid":"1"}"#,
            r#"{"class":"getlist","function":"updateconfig","listname":"queuemembers","tid":"Agent/2105,support"}"#,
            r#"{"class":"getlist","function":"updateconfig","listname":"users","tid":"1"}"#,
            r#"{"class":"subscribe","message":"queueentryupdate","queueid":"1"}"#,
        ] {
            reads.extend(stage.answer(bertil, ask));
        }
        // In which order it is brought what stands apart is all the same.
        let mut asked: Vec<String> = stage.asked().iter().map(|asked| format!("{asked:?}")).collect();
        asked.sort_unstable();
        (asked, reads)
    };
    let at_once = taken_over(1_000_000);
    assert!(at_once.1.concat().contains(r#""enablednd":true"#) && at_once.1.concat().contains(r#""paused":"1""#));
    for steps in [1, 2, 5, 20, 100] {
        assert_eq!(taken_over(steps), at_once, "{steps} steps a slice");
    }
}

/// Whenever it is wanted.
#[test]
fn a_pause_and_a_log_off_that_are_wanted_while_a_link_begins_are_ordered_then() {
    let is_pause = |asked: &TelephonyRequest| matches!(asked, TelephonyRequest::QueuePause { is_paused: true, .. });
    let is_removal = |asked: &TelephonyRequest| matches!(asked, TelephonyRequest::QueueRemove { .. });
    for at_slice in [0, 1, 20, 34, 36, 38, 40, 42, 44, 48, 60, 100, 140] {
        let (mut stage, mut queues, bertil) = at_their_telephone(with_actions(General::default()));
        stage.lose_link();
        stage.live.state.set_slice_steps(STEPS);
        stage.reply = Replies::Done;
        apply_once(&mut stage, up(floor(&queues)));
        for _ in 0..at_slice {
            apply_once(&mut stage, Input::Continue);
        }
        let is_beginning = stage.live.is_publishing();
        ask_once(&mut stage, bertil, r#"{"class":"availstate","availstate":"away"}"#);
        if is_beginning {
            ask_once(&mut stage, bertil, r#"{"class":"ipbxcommand","command":"agentlogin"}"#);
            let refused = r#"ipbxcommand {"error_string":"service_unavailable"}"#.to_owned();
            assert!(stage.heard(bertil).contains(&refused), "no order yet, at slice {at_slice}");
        }
        finish(&mut stage);
        assert!(stage.asked.iter().any(is_pause), "at slice {at_slice}: {:?}", stage.asked);
        queues.obey(&mut stage);
        assert!(queues.members.values().all(|member| member.is_paused), "at slice {at_slice}");
        stage.lose_link();
        stage.reply = Replies::Done;
        apply_once(&mut stage, up(floor(&queues)));
        for _ in 0..at_slice {
            apply_once(&mut stage, Input::Continue);
        }
        ask_once(&mut stage, bertil, r#"{"class":"ipbxcommand","command":"agentlogout"}"#);
        finish(&mut stage);
        assert_eq!(stage.asked.iter().filter(|asked| is_removal(asked)).count(), 2, "at slice {at_slice}");
        queues.obey(&mut stage);
        assert!(queues.members.is_empty(), "at slice {at_slice}");
    }
}

#[test]
fn a_link_that_is_lost_and_comes_back_while_it_begins_is_followed_in_order() {
    let mut stage = Stage::new();
    stage.live.state.set_slice_steps(STEPS);
    let agnes = stage.enter(AGNES, "available");
    apply_once(&mut stage, up(floor(&Queues::default())));
    apply_once(&mut stage, event(TelephonyEvent::Hint(hint("1001", 16))));
    apply_once(&mut stage, Input::Telephony(TelephonyInput::Down));
    finish(&mut stage);
    stage.pass_milliseconds(50);
    assert!(stage.heard(agnes).contains(&told(1, 16)));
    assert_eq!(command(&mut stage, agnes, r#""dial","destination":"1002""#).len(), 1, "refused: there is no link");
    stage.reply = Replies::Done;
    apply_once(&mut stage, up(floor(&Queues::default())));
    apply_once(&mut stage, Input::Telephony(TelephonyInput::Down));
    let hints = vec![hint("1001", 8)];
    apply_once(&mut stage, up(TelephonySnapshot { hints, ..TelephonySnapshot::default() }));
    finish(&mut stage);
    stage.pass_milliseconds(50);
    assert_eq!(stage.answer(agnes, &PHONE.replace(r#""2""#, r#""1""#)), [told(1, 8)]);
}

#[test]
fn settings_that_change_while_a_link_begins_come_behind_it() {
    let mut stage = Stage::new();
    stage.live.state.set_slice_steps(STEPS);
    let agnes = stage.enter(AGNES, "available");
    let seen = QueueSeen { name: "support".into(), members: vec![agent("support")], ..QueueSeen::default() };
    apply_once(&mut stage, up(TelephonySnapshot { queues: vec![seen], ..floor(&Queues::default()) }));
    let mut known = (*stage.configuration).clone();
    known.agents.edit(AgentId::new(1), |agent| agent.last_name = name(LastName::parse("Other")));
    let input = stage.live.changed_to(Arc::new(known), Arc::clone(&stage.general));
    apply_once(&mut stage, input);
    assert_eq!(stage.ended, [0; 0], "not in use yet");
    finish(&mut stage);
    assert_eq!(stage.ended, [0]);
    assert!(stage.heard(agnes).iter().any(|heard| heard.contains("Other")));
    assert!(stage.asked.iter().all(|asked| !matches!(asked, TelephonyRequest::QueueRemove { interface, .. }
        if **interface == *INTERFACE)));
}
