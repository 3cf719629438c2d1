//! Each request: what is sent for it, and what its answers are taken to mean.

use std::time::Duration;

use super::*;
use crate::asterisk::packet::Packet;
use crate::asterisk::plan::Conclusion;
use crate::live::messages::telephony::{CallFailure, Originate, Party};

fn success(events: &[&str]) -> Answer {
    Answer { response: Packet::of("Response: Success"), events: events.iter().map(|text| Packet::of(text)).collect() }
}

fn error(message: &str) -> Answer {
    Answer { response: Packet::of(&format!("Response: Error\nMessage: {message}")), events: Vec::new() }
}

/// The actions that are sent when they are answered so, and what came of them.
fn run(request: &TelephonyRequest, answers: &[Answer]) -> (Vec<String>, Conclusion<Result<(), RequestFailure>>) {
    run_plan(plan(request), answers)
}

fn run_plan<R>(mut plan: Plan<R>, answers: &[Answer]) -> (Vec<String>, Conclusion<R>) {
    let mut answers = answers.iter();
    let mut sent = Vec::new();
    loop {
        match plan {
            Plan::Conclude(conclusion) => {
                assert!(answers.next().is_none(), "more answers than actions");
                return (sent, conclusion);
            }
            Plan::Ask(ask) => {
                let bytes = ask.action.encode("1").expect("it can be sent");
                let text = String::from_utf8(bytes).expect("text").replace("\r\n", "\n");
                sent.push(text.replacen("\nActionID: 1", "", 1).trim_end().to_owned());
                plan = (ask.then)(answers.next().expect("an answer"));
            }
        }
    }
}

fn reply(request: &TelephonyRequest, answer: Answer) -> Result<(), RequestFailure> {
    run(request, &[answer]).1.reply
}

fn call_reply(answer: Answer) -> Result<(), CallFailure> {
    run_plan(originate::plan(&dial()), &[answer]).1.reply
}

fn refused(text: &str) -> Result<(), RequestFailure> {
    Err(RequestFailure::Refused(text.into()))
}

fn add(paused: Option<&str>) -> TelephonyRequest {
    TelephonyRequest::QueueAdd {
        queue: "blue".into(),
        interface: "Local/id-1@agentcallback".into(),
        name: "Agent/8001".into(),
        state_interface: "PJSIP/101".into(),
        penalty: 5,
        paused: paused.map(Into::into),
    }
}

fn dial() -> Originate {
    Originate::Dial {
        device: "PJSIP/101".into(),
        context: "default".into(),
        extension: "600".into(),
        shown: Party { name: "Echo \"the\" <test>".into(), number: "600".into() },
        variables: vec![("XIVO_ORIG_CID_NAME".into(), "Al, \"ice\" \\".into())],
        timeout: Duration::from_secs(30),
    }
}

#[test]
fn a_member_is_added_as_it_is_wanted() {
    let (sent, conclusion) = run(&add(None), &[success(&[])]);
    let expected = "Action: QueueAdd\nQueue: blue\nInterface: Local/id-1@agentcallback\nMemberName: Agent/8001\n\
                    StateInterface: PJSIP/101\nPenalty: 5\nPaused: false";
    assert_eq!((sent, conclusion.reply), (vec![expected.to_owned()], Ok(())));
}

#[test]
fn a_paused_member_is_told_the_reason_even_if_it_is_there_already() {
    let there = error("Unable to add interface: Already there");
    let (sent, conclusion) = run(&add(Some("lunch")), &[there, success(&[])]);
    assert!(sent[0].ends_with("Paused: true"));
    let expected = "Action: QueuePause\nQueue: blue\nInterface: Local/id-1@agentcallback\nPaused: true\nReason: lunch";
    assert_eq!((&*sent[1], conclusion.reply), (expected, Ok(())));
}

#[test]
fn what_already_is_as_it_is_wanted_is_done() {
    let remove = TelephonyRequest::QueueRemove { queue: "blue".into(), interface: "PJSIP/101".into() };
    let delete = TelephonyRequest::DeleteKey { family: "cti/7".into(), key: "dnd".into() };
    let hang_up = TelephonyRequest::Hangup { channel: "PJSIP/101-0000001a".into(), cause: 16 };
    assert_eq!(reply(&add(None), error("Unable to add interface: Already there")), Ok(()));
    assert_eq!(reply(&remove, error("Unable to remove interface: Not there")), Ok(()));
    assert_eq!(reply(&delete, error("Database entry could not be deleted")), Ok(()));
    assert_eq!(reply(&hang_up, error("No such channel")), Ok(()));
}

#[test]
fn any_other_error_is_told_in_asterisks_words() {
    let no_queue = "Unable to add interface to queue: No such queue";
    assert_eq!(reply(&add(None), error(no_queue)), refused(no_queue));
    assert_eq!(reply(&add(None), error("Permission denied")), refused("Permission denied"));
    let not_called = CallFailure::Request(RequestFailure::Refused("Permission denied".into()));
    assert_eq!(call_reply(error("Permission denied")), Err(not_called));
    let pause = TelephonyRequest::QueuePause {
        queue: None,
        interface: "PJSIP/101".into(),
        is_paused: false,
        reason: "".into(),
    };
    let (sent, conclusion) = run(&pause, &[error("Interface not found")]);
    assert_eq!(sent, ["Action: QueuePause\nInterface: PJSIP/101\nPaused: false"]);
    assert_eq!(conclusion.reply, refused("Interface not found"));
}

#[test]
fn an_extension_is_asked_for_unless_it_could_be_another_question() {
    let ask = |extension: &str, answers: &[Answer]| {
        let place = DialplanPlace { context: "default".into(), extension: extension.into() };
        run_plan(exists(&place), answers)
    };
    let answer = |value: &str| Answer {
        response: Packet::of(&format!(
            "Response: Success\nVariable: DIALPLAN_EXISTS(default,*97101,1)\nValue: {value}"
        )),
        events: Vec::new(),
    };
    let (sent, conclusion) = ask("*97101", &[answer("1")]);
    assert_eq!(sent, ["Action: Getvar\nVariable: DIALPLAN_EXISTS(default,*97101,1)"]);
    assert_eq!(conclusion.reply, Ok(true));
    assert_eq!(ask("999", &[answer("0")]).1.reply, Ok(false));
    for odd in ["", "1,1)", "${SHELL(x)}"] {
        let (sent, conclusion) = ask(odd, &[]);
        assert_eq!((sent.len(), conclusion.reply), (0, Ok(false)), "{odd}");
    }
}

#[test]
fn a_penalty_is_that_of_one_member() {
    let (queue, interface) = ("blue".into(), "Local/id-1@agentcallback".into());
    let (sent, _) = run(&TelephonyRequest::QueuePenalty { queue, interface, penalty: 7 }, &[success(&[])]);
    assert_eq!(sent, ["Action: QueuePenalty\nQueue: blue\nInterface: Local/id-1@agentcallback\nPenalty: 7"]);
}

#[test]
fn a_lamp_is_the_state_of_a_device_of_its_own() {
    let lamp = TelephonyRequest::SetLamp { lamp: "*735 7***225".into(), is_lit: true };
    let (sent, _) = run(&lamp, &[success(&[])]);
    assert_eq!(sent, ["Action: Setvar\nVariable: DEVICE_STATE(Custom:*735 7***225)\nValue: INUSE"]);
}

#[test]
fn a_queue_is_told_whole_and_one_that_is_not_there_is_refused() {
    let ask = TelephonyRequest::QueueStatus { queue: "blue".into() };
    let params = "Event: QueueParams\nQueue: blue\nHoldtime: 7";
    let caller = "Event: QueueEntry\nQueue: blue\nPosition: 1\nUniqueid: 1.2\nCallerIDNum: unknown\nWait: 4";
    let member = "Event: QueueMember\nQueue: blue\nName: Carol\nLocation: PJSIP/103\nMembership: static\nStatus: 1";
    let (_, conclusion) = run(&ask, &[success(&[params, member, caller, "Event: QueueStatusComplete"])]);
    let [TelephonyEvent::Queue(queue)] = &*conclusion.events else { panic!("no queue") };
    assert_eq!((queue.hold_seconds, queue.members.len(), &*queue.entries[0].caller.number), (7, 1, ""));
    assert_eq!(reply(&ask, success(&["Event: QueueStatusComplete"])), refused("No such queue"));
    let ask = TelephonyRequest::MemberStatus { queue: "blue".into(), interface: "PJSIP/103".into() };
    let (sent, conclusion) = run(&ask, &[success(&[params, member])]);
    assert_eq!(sent, ["Action: QueueStatus\nQueue: blue\nMember: PJSIP/103"]);
    assert!(matches!(&*conclusion.events, [TelephonyEvent::Member(member)] if &*member.name == "Carol"));
}

#[test]
fn a_call_begins_asynchronously_with_every_value_quoted() {
    let answered = "Event: OriginateResponse\nResponse: Success\nReason: 4\nUniqueid: cti-orig-1";
    let (sent, conclusion) = run_plan(originate::plan(&dial()), &[success(&[answered])]);
    let expected = "Action: Originate\nChannel: PJSIP/101\nTimeout: 30000\nCallerID: \"Echo the test\" <600>\nAsync: true\n\
                    Context: default\nExten: 600\nPriority: 1\nEarlyMedia: false\n\
                    Variable: XIVO_ORIG_CID_NAME=\"Al, \\\"ice\\\" \\\\\"";
    assert_eq!((&*sent[0], conclusion.reply), (expected, Ok(())));
}

#[test]
fn a_call_that_did_not_come_about_says_why() {
    let failed =
        |reason: u8| format!("Event: OriginateResponse\nResponse: Failure\nReason: {reason}\nUniqueid: <unknown>");
    let busy = "Event: DialEnd\nDestChannel: PJSIP/101-0000002b\nDestUniqueid: tel-1795440505.45\nDialStatus: BUSY";
    let told = |events: &[&str]| call_reply(success(events));
    let not_called = Err::<(), CallFailure>;
    assert_eq!(told(&[&failed(3)]), not_called(CallFailure::NoAnswer));
    assert_eq!(told(&[&failed(5)]), not_called(CallFailure::Busy));
    assert_eq!(told(&[busy, &failed(0)]), not_called(CallFailure::Busy));
    assert_eq!(told(&["Event: Hangup\nCause: 17", &failed(0)]), not_called(CallFailure::Busy));
    assert_eq!(told(&[&failed(0)]), not_called(CallFailure::Unreachable));
    let missing = not_called(CallFailure::NoSuchExtension);
    assert_eq!(call_reply(error("Extension does not exist.")), missing);
    assert_eq!(call_reply(error("Invalid channel")), not_called(CallFailure::Unreachable));
}

#[test]
fn one_listens_to_one_device_and_none_whose_name_goes_on() {
    for to in ["PJSIP/101", "PJSIP/101-"] {
        let listen = Originate::Listen {
            device: "PJSIP/103".into(),
            to: to.into(),
            shown: Party { name: "Listen".into(), number: "8001".into() },
            timeout: Duration::from_secs(20),
        };
        let (sent, _) = run_plan(originate::plan(&listen), &[error("Invalid channel")]);
        assert!(sent[0].ends_with("Application: ChanSpy\nData: PJSIP/101-,bdSq"), "{}", sent[0]);
    }
}
