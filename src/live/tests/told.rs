//! What clients read agrees with what they are told: whoever reads between two changes of which nobody is told, because the
//! second takes the first back, reads nothing that nobody corrects.

use super::agents::{INTERFACE, at_their_telephone, command};
use super::queues::{agent, completes, connects, joins, leaves};
use super::slices::{ask_once, begin_change, finish, stage_in_slices};
use super::*;
use crate::live::messages::telephony::{HintSeen, MailboxSeen, MemberSeen};

const AGENT: &str = r#"{"class":"getlist","function":"updatestatus","listname":"agents","tid":"1"}"#;

fn rings(status: i8) -> TelephonyEvent {
    let (extension, context, hint) = ("1002".into(), "default".into(), "PJSIP/1002".into());
    TelephonyEvent::Hint(HintSeen { extension, context, hint, status })
}

fn mailbox(new: u32) -> TelephonyEvent {
    TelephonyEvent::Mailbox(MailboxSeen { mailbox: "1001@default".into(), new, old: 0 })
}

fn paused(is_paused: bool) -> TelephonyEvent {
    TelephonyEvent::Member(MemberSeen { is_paused, ..agent("support") })
}

fn member_gone() -> TelephonyEvent {
    let [queue, interface, name] = ["support", INTERFACE, "Agent/2105"].map(Into::into);
    TelephonyEvent::MemberRemoved { queue, interface, name }
}

/// Something else is told, so that what comes next waits; the change comes, is read, and is taken back: the reader reads
/// later what was read then, or was told otherwise meanwhile.
#[track_caller]
fn check(question: &str, there: &[TelephonyEvent], back: &[TelephonyEvent]) {
    let (mut stage, _, bertil) = at_their_telephone(Stage::new());
    stage.happens(mailbox(1));
    stage.happens(TelephonyEvent::Summary { queue: "support".into(), available: 0, hold_seconds: 0 });
    stage.pass_milliseconds(50);
    let subscribed = stage.answer(bertil, question);
    stage.pass_milliseconds(50);
    stage.happens(TelephonyEvent::Hint(HintSeen {
        extension: "1001".into(),
        context: "default".into(),
        hint: "PJSIP/1001".into(),
        status: 8,
    }));
    there.iter().for_each(|event| stage.happens(event.clone()));
    let between = stage.answer(bertil, question);
    back.iter().for_each(|event| stage.happens(event.clone()));
    stage.pass_milliseconds(50);
    let told = stage.heard(bertil);
    let at_last = stage.answer(bertil, question);
    assert!(!at_last.is_empty() && subscribed.len() == at_last.len(), "{at_last:?}");
    for (line, read) in at_last.iter().zip(&between) {
        assert!(line == read || told.contains(line), "read {read}, told {told:?}, and reads {line}");
    }
}

fn list(function: &str, list: &str, tid: &str) -> String {
    format!(r#"{{"class":"getlist","function":"{function}","listname":"{list}","tid":"{tid}"}}"#)
}

#[test]
fn a_telephone_is_read_as_it_was_told() {
    check(&list("updatestatus", "phones", "2"), &[rings(8)], &[rings(4)]);
    let server = server();
    let register = format!(r#"{{"class":"register_endpoint_status_update","endpoint_ids":[["{server}",2]]}}"#);
    check(&register, &[rings(8)], &[rings(4)]);
}

#[test]
fn a_voicemail_box_is_read_as_it_was_told() {
    check(&list("updatestatus", "voicemails", "1"), &[mailbox(3)], &[mailbox(1)]);
}

#[test]
fn an_agent_is_read_as_they_were_told() {
    check(AGENT, &[connects(1, 4)], &[completes(1, 4, 5)]);
    check(AGENT, &[member_gone()], &[TelephonyEvent::Member(agent("support"))]);
    let server = server();
    let register = format!(r#"{{"class":"register_agent_status_update","agent_ids":[["{server}",1]]}}"#);
    let gone = ["support", "orders"].map(|queue| TelephonyEvent::MemberRemoved {
        queue: queue.into(),
        interface: INTERFACE.into(),
        name: "Agent/2105".into(),
    });
    check(&register, &gone, &[TelephonyEvent::Member(agent("support")), TelephonyEvent::Member(agent("orders"))]);
}

/// Joining a queue is no event, but a command that is done at once.
#[test]
fn the_queues_of_an_agent_are_read_as_they_were_told() {
    let (mut stage, _, bertil) = at_their_telephone(Stage::new());
    stage.pass_milliseconds(50);
    stage.happens(rings(8));
    let told = |heard: Vec<String>| heard.into_iter().rfind(|line| line.starts_with("updatestatus agents"));
    command(&mut stage, bertil, r#""queueremove","member":"agent:xivo/1","queue":"queue:xivo/1""#);
    let between = stage.answer(bertil, AGENT);
    command(&mut stage, bertil, r#""queueadd","member":"agent:xivo/1","queue":"queue:xivo/1""#);
    stage.heard(bertil);
    stage.pass_milliseconds(50);
    let heard = told(stage.heard(bertil));
    let at_last = stage.answer(bertil, AGENT);
    assert!(at_last == between || heard.is_some(), "read {between:?}, and reads {at_last:?}");
}

#[test]
fn a_member_of_a_queue_is_read_as_it_was_told() {
    let question = list("updateconfig", "queuemembers", "Agent/2105,support");
    check(&question, &[paused(true)], &[paused(false)]);
    check(&question, &[member_gone()], &[TelephonyEvent::Member(agent("support"))]);
}

#[test]
fn who_waits_is_read_as_it_was_told() {
    let question = r#"{"class":"subscribe","message":"queueentryupdate","queueid":"1"}"#;
    check(question, &[joins(1, 1, 1)], &[leaves(1, 1, 0)]);
}

#[test]
fn the_figures_of_a_queue_are_read_as_they_were_told() {
    let question = r#"{"class":"subscribetoqueuesstats"}"#;
    check(question, &[joins(1, 1, 1)], &[leaves(1, 1, 0)]);
    check(question, &[connects(1, 4)], &[completes(1, 4, 5)]);
}

/// Both wait behind changed settings, and are read meanwhile.
#[test]
fn a_presence_and_services_that_are_taken_back_are_told_to_whoever_read_them() {
    let mut stage = stage_in_slices();
    let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    begin_change(&mut stage, 100);
    let switch = |is_on| format!(r#"{{"class":"featuresput","function":"enablednd","value":{is_on}}}"#);
    ask_once(&mut stage, agnes, r#"{"class":"availstate","availstate":"away"}"#);
    ask_once(&mut stage, agnes, &switch(true));
    let server = server();
    let register = format!(r#"{{"class":"register_user_status_update","user_ids":[["{server}","{}"]]}}"#, uuid(AGNES));
    ask_once(&mut stage, bertil, &register);
    let read = stage.heard(bertil);
    assert!(read.concat().contains("away"), "{read:?}");
    ask_once(&mut stage, agnes, r#"{"class":"availstate","availstate":"available"}"#);
    ask_once(&mut stage, agnes, &switch(false));
    finish(&mut stage);
    let heard = stage.heard(bertil).concat();
    assert!(heard.contains(r#""status":"available""#), "{heard}");
    assert!(heard.contains(r#"updateconfig users "1" {"enablednd":false}"#), "{heard}");
}
