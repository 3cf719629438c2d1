//! Queues: what Asterisk says of members, callers and calls, and what clients hear of that and may ask.

use super::*;
use crate::live::messages::telephony::{AnsweredCall, CompletedCall, EntrySeen, MemberSeen, Party, QueueSeen};
use crate::live::messages::{Cause, Change, Subject};
use crate::settings::id::{LineId, QueueId};
use crate::settings::queue::MemberId;

/// 2016-08-12 10:00 UTC, some minutes before the stage's now.
const LAST_CALL: i64 = 1_470_996_000;

/// Bertil's agent in a queue, on the telephone that is free.
pub(super) fn agent(queue: &str) -> MemberSeen {
    MemberSeen {
        queue: queue.into(),
        interface: "Local/id-1@agentcallback".into(),
        name: "Agent/2105".into(),
        state_interface: "PJSIP/1002".into(),
        is_dynamic: true,
        status: 1,
        ..MemberSeen::default()
    }
}

/// The telephone of agnes as a member.
pub(super) fn telephone(queue: &str, status: u8) -> MemberSeen {
    let device: Box<str> = "PJSIP/1001".into();
    MemberSeen { queue: queue.into(), interface: device.clone(), name: device, status, ..MemberSeen::default() }
}

pub(super) fn entry(id: u32, position: u32) -> EntrySeen {
    let caller = Party { name: "<unknown>".into(), number: format!("55500{id}").into() };
    EntrySeen { position, unique_id: format!("u.{id}").into(), channel: "".into(), caller, wait_seconds: 0 }
}

pub(super) fn joins(id: u32, position: u32, count: u32) -> TelephonyEvent {
    TelephonyEvent::CallerJoined { queue: "support".into(), entry: entry(id, position), count }
}

pub(super) fn leaves(id: u32, position: u32, count: u32) -> TelephonyEvent {
    TelephonyEvent::CallerLeft { queue: "support".into(), unique_id: format!("u.{id}").into(), position, count }
}

pub(super) fn connects(id: u32, hold_seconds: u32) -> TelephonyEvent {
    TelephonyEvent::AgentConnected(AnsweredCall {
        queue: "support".into(),
        name: "Agent/2105".into(),
        interface: "Local/id-1@agentcallback".into(),
        unique_id: format!("u.{id}").into(),
        hold_seconds,
    })
}

pub(super) fn completes(id: u32, hold_seconds: u32, talk_seconds: u32) -> TelephonyEvent {
    TelephonyEvent::AgentCompleted(CompletedCall {
        queue: "support".into(),
        name: "Agent/2105".into(),
        interface: "Local/id-1@agentcallback".into(),
        unique_id: format!("u.{id}").into(),
        hold_seconds,
        talk_seconds,
    })
}

pub(super) fn stands(members: Vec<MemberSeen>, entries: Vec<EntrySeen>) -> QueueSeen {
    QueueSeen { name: "support".into(), hold_seconds: 12, members, entries }
}

pub(super) fn with_queues(queues: Vec<QueueSeen>) -> TelephonySnapshot {
    TelephonySnapshot { queues, ..TelephonySnapshot::default() }
}

fn member_reads(tid: &str, says: &str) -> String {
    let (interface, queue) = tid.split_once(',').expect("a member's id");
    format!(
        r#"updateconfig queuemembers "{tid}" {{"queue_name":"{queue}","interface":"{interface}","membership":"static",{says}}}"#
    )
}

pub(super) fn waiting(callers: &[(u32, &str)]) -> String {
    let entries: Vec<String> = (1..)
        .zip(callers)
        .map(|(position, (id, since))| {
            format!(
                r#"{{"position":{position},"name":"","number":"55500{id}","join_time":{since},"uniqueid":"u.{id}"}}"#
            )
        })
        .collect();
    let entries = entries.join(",");
    format!(r#"queueentryupdate {{"state":{{"queue_name":"support","queue_id":1,"entries":[{entries}]}}}}"#)
}

pub(super) fn figures(says: &str) -> String {
    format!(r#"getqueuesstats {{"stats":{{"1":{{{says}}}}}}}"#)
}

pub(super) const SUBSCRIBE: &str = r#"{"class":"subscribe","message":"queueentryupdate","queueid":"1"}"#;
pub(super) const SUBSCRIBE_FIGURES: &str = r#"{"class":"subscribetoqueuesstats"}"#;

impl Stage {
    fn listed(&mut self, session: SessionId) -> String {
        self.answer(session, r#"{"class":"getlist","function":"listid","listname":"queuemembers"}"#).concat()
    }

    /// So that what comes next is told at once.
    pub(super) fn settle(&mut self) {
        self.pass_milliseconds(50);
    }
}

/// Settings §9: 47.
#[test]
fn a_member_is_told_as_asterisk_has_it_and_only_if_it_changed() {
    let mut stage = Stage::separated();
    let (agnes, chiara) = (stage.enter(AGNES, "available"), stage.enter(CHIARA, "available"));
    stage.link(with_queues(vec![stands(vec![], vec![])]));
    stage.heard.clear();
    let tid = "Agent/2105,support";
    let taken = MemberSeen { calls_taken: 7, last_call: LAST_CALL, penalty: 3, ..agent("support") };
    for (seen, says) in [
        (agent("support"), Some(r#""penalty":"0","paused":"0","status":"1","callstaken":"0","lastcall":"""#)),
        (agent("support"), None),
        (taken.clone(), Some(r#""penalty":"3","paused":"0","status":"1","callstaken":"7","lastcall":"10:00:00""#)),
        (
            MemberSeen { status: 6, is_paused: true, ..taken },
            Some(r#""penalty":"3","paused":"1","status":"6","callstaken":"7","lastcall":"10:00:00""#),
        ),
    ] {
        stage.settle();
        stage.heard.clear();
        stage.happens(TelephonyEvent::Member(seen));
        let heard: Vec<String> = stage.heard(agnes).into_iter().filter(|line| line.contains("queuemembers")).collect();
        assert_eq!(heard, says.map(|says| member_reads(tid, says)).into_iter().collect::<Vec<_>>());
        assert!(!stage.heard(chiara).concat().contains("queuemembers"));
    }
    // Who logs off stays in the list, logged out and not paused; what they did stays too.
    stage.settle();
    stage.heard.clear();
    let name = |name: &str| name.into();
    stage.happens(TelephonyEvent::MemberRemoved {
        queue: name("support"),
        interface: name("Local/id-1@agentcallback"),
        name: name("Agent/2105"),
    });
    let gone = r#""penalty":"0","paused":"0","status":"101","callstaken":"7","lastcall":"10:00:00""#;
    assert!(stage.heard(agnes).contains(&member_reads(tid, gone)));
    assert_eq!(stage.listed(agnes), r#"listid queuemembers ["Agent/2105,support"]"#);
}

/// Settings §9: 47.
#[test]
fn a_telephone_that_asterisk_has_as_a_member_is_listed_while_it_does() {
    let mut stage = Stage::separated();
    let (agnes, chiara) = (stage.enter(AGNES, "available"), stage.enter(CHIARA, "available"));
    stage.link(with_queues(vec![stands(vec![], vec![])]));
    stage.settle();
    stage.heard.clear();
    stage.happens(TelephonyEvent::Member(telephone("support", 1)));
    assert_eq!(stage.heard(agnes), [r#"addconfig queuemembers ["PJSIP/1001,support"]"#]);
    assert_eq!(stage.listed(agnes), r#"listid queuemembers ["Agent/2105,support","PJSIP/1001,support"]"#);
    let ask = r#"{"class":"getlist","function":"updateconfig","listname":"queuemembers","tid":"PJSIP/1001,support"}"#;
    let says = r#""penalty":"0","paused":"0","status":"1","callstaken":"0","lastcall":"""#;
    assert_eq!(stage.answer(agnes, ask), [member_reads("PJSIP/1001,support", says)]);
    assert_eq!(stage.answer(chiara, ask), [r#"updateconfig queuemembers "PJSIP/1001,support" {}"#]);
    // Whom the settings do not know nobody sees.
    let stranger = MemberSeen { name: "Carol".into(), interface: "PJSIP/999".into(), ..telephone("support", 1) };
    stage.settle();
    stage.happens(TelephonyEvent::Member(stranger));
    assert_eq!(stage.heard(agnes), Vec::<String>::new());
    // Its queue is elsewhere now: those who saw the member see it no more, and others do.
    stage.change(|known, _| known.queues.edit(QueueId::new(1), |queue| queue.context = ContextId::new(2)));
    let gone = stage.heard(agnes).concat();
    assert!(gone.contains(r#"delconfig queuemembers ["Agent/2105,support","PJSIP/1001,support"]"#), "{gone}");
    assert!(
        stage.heard(chiara).concat().contains(r#"addconfig queuemembers ["Agent/2105,support","PJSIP/1001,support"]"#)
    );
    stage.settle();
    stage.happens(TelephonyEvent::Queue(stands(vec![], vec![])));
    assert_eq!(stage.heard(chiara), [r#"delconfig queuemembers ["PJSIP/1001,support"]"#]);
    assert_eq!(stage.answer(chiara, ask), [r#"updateconfig queuemembers "PJSIP/1001,support" {}"#]);
}

#[test]
fn a_telephone_of_the_settings_is_unknown_until_asterisk_has_it_under_either_name() {
    let mut known = cast();
    known.lines.edit(LineId::new(1), |line| line.device = name(Device::parse("SIP/ab12cd")));
    known.set_queue_member(QueueId::new(1), LineId::new(1), 4).expect("a member");
    let mut stage = Stage::with(known, General::default());
    let agnes = stage.enter(AGNES, "available");
    let tid = "SIP/ab12cd,support";
    let ask = format!(r#"{{"class":"getlist","function":"updateconfig","listname":"queuemembers","tid":"{tid}"}}"#);
    let unknown = r#""penalty":"4","paused":"0","status":"100","callstaken":"0","lastcall":"""#;
    assert_eq!(stage.answer(agnes, &ask), [member_reads(tid, unknown)]);
    let device: Box<str> = "PJSIP/ab12cd".into();
    let seen = MemberSeen { interface: device.clone(), name: device, penalty: 4, ..telephone("support", 1) };
    stage.happens(TelephonyEvent::Member(seen));
    let free = r#""penalty":"4","paused":"0","status":"1","callstaken":"0","lastcall":"""#;
    assert_eq!(stage.heard(agnes), [member_reads(tid, free)]);
}

/// Settings §9: 47.
#[test]
fn who_waits_is_told_to_those_who_subscribed_and_see_the_queue() {
    let mut stage = Stage::separated();
    let (agnes, chiara) = (stage.enter(AGNES, "available"), stage.enter(CHIARA, "available"));
    stage.link(with_queues(vec![stands(vec![], vec![entry(1, 1)])]));
    stage.asked();
    let since = "1471009851.0";
    assert_eq!(stage.answer(agnes, SUBSCRIBE), [waiting(&[(1, since)])]);
    assert_eq!(stage.answer(chiara, SUBSCRIBE), Vec::<String>::new());
    for (event, callers) in [
        (joins(2, 2, 2), vec![(1, since), (2, since)]),
        (joins(3, 1, 3), vec![(3, since), (1, since), (2, since)]),
        (leaves(1, 2, 2), vec![(3, since), (2, since)]),
    ] {
        stage.settle();
        stage.happens(event);
        assert_eq!((stage.heard(agnes), stage.heard(chiara)), (vec![waiting(&callers)], vec![]));
    }
    assert!(stage.asked().is_empty(), "all fits");
    // Whoever talks waits no more, whatever the queue says; it is asked.
    stage.settle();
    let channel = crate::live::messages::telephony::Channel { unique_id: "u.3".into(), ..Default::default() };
    stage.happens(TelephonyEvent::BridgeEntered { bridge: "b".into(), channel });
    assert_eq!(stage.heard(agnes), [waiting(&[(2, since)])]);
    let ask = || vec![TelephonyRequest::QueueStatus { queue: "support".into() }];
    assert_eq!(stage.asked(), ask());
    // Something was missed: the queue is asked, and what it says holds.
    stage.settle();
    stage.happens(joins(4, 3, 3));
    assert_eq!(stage.asked(), ask());
    stage.settle();
    stage.heard.clear();
    stage.happens(TelephonyEvent::Queue(stands(vec![], vec![entry(9, 1), entry(4, 2)])));
    assert_eq!(stage.heard(agnes), [waiting(&[(9, since), (4, since)])]);
    let hung = crate::live::messages::telephony::Channel { unique_id: "u.9".into(), ..Default::default() };
    stage.settle();
    stage.happens(TelephonyEvent::HungUp { channel: hung, cause: 16 });
    assert_eq!(stage.heard(agnes), [waiting(&[(4, since)])]);
    // What comes and goes between two times of telling is told to nobody.
    stage.happens(joins(5, 2, 2));
    stage.happens(leaves(5, 2, 1));
    stage.settle();
    assert_eq!(stage.heard(agnes), Vec::<String>::new());
}

/// Settings §9: 47.
#[test]
fn figures_are_told_as_they_change_and_all_at_once_on_subscription() {
    let mut stage = Stage::separated();
    let (bertil, chiara) = (stage.enter(BERTIL, "available"), stage.enter(CHIARA, "available"));
    let logged = |count: u32| figures(&format!(r#""Xivo-LoggedAgents":{count}"#));
    assert_eq!(stage.answer(bertil, SUBSCRIBE_FIGURES), [logged(0)]);
    let elsewhere = r#"getqueuesstats {"stats":{"2":{"Xivo-LoggedAgents":0}}}"#;
    assert_eq!(stage.answer(chiara, SUBSCRIBE_FIGURES), [elsewhere]);
    stage.link(with_queues(vec![stands(vec![telephone("support", 1)], vec![])]));
    let members = |available: u32, talking: u32, wait: u32| {
        figures(&format!(
            r#""Xivo-AvailableAgents":"{available}","Xivo-EWT":"{wait}","Xivo-TalkingAgents":"{talking}""#
        ))
    };
    let of_figures = |stage: &mut Stage| -> Vec<String> {
        let heard = stage.heard(bertil);
        heard.into_iter().filter(|line| line.starts_with("getqueuesstats")).collect()
    };
    assert_eq!(of_figures(&mut stage), [figures(r#""Xivo-WaitingCalls":0"#), members(1, 0, 12)]);
    stage.settle();
    stage.happens(joins(1, 1, 1));
    let one = r#""Xivo-WaitingCalls":1,"Xivo-LongestWaitTime":0"#;
    assert_eq!(of_figures(&mut stage), [figures(one)]);
    stage.settle();
    stage.happens(TelephonyEvent::Summary { queue: "support".into(), available: 9, hold_seconds: 30 });
    assert_eq!(of_figures(&mut stage), [members(1, 0, 30)]);
    stage.pass(41);
    stage.happens(TelephonyEvent::Member(telephone("support", 2)));
    assert_eq!(of_figures(&mut stage), [members(0, 0, 30)]);
    let two = r#""Xivo-WaitingCalls":1,"Xivo-LongestWaitTime":41"#;
    assert_eq!(stage.answer(bertil, SUBSCRIBE_FIGURES), [logged(0), members(0, 0, 30), figures(two)]);
    stage.settle();
    stage.happens(leaves(1, 1, 0));
    assert_eq!(of_figures(&mut stage), [figures(r#""Xivo-WaitingCalls":0"#)]);
    assert!(!stage.heard(chiara).concat().contains(r#""1""#));
}

#[test]
fn an_agent_counts_as_logged_in_available_and_talking() {
    let mut stage = Stage::new();
    let bertil = stage.enter(BERTIL, "available");
    stage.link(with_queues(vec![stands(vec![agent("support")], vec![entry(1, 1)])]));
    stage.ask(bertil, SUBSCRIBE_FIGURES);
    stage.settle();
    let heard = stage.heard(bertil).concat();
    assert!(heard.contains(r#""Xivo-LoggedAgents":1"#), "{heard}");
    assert!(heard.contains(r#""Xivo-AvailableAgents":"1","Xivo-EWT":"12","Xivo-TalkingAgents":"0""#), "{heard}");
    stage.happens(leaves(1, 1, 0));
    stage.happens(connects(1, 3));
    stage.settle();
    let heard = stage.heard(bertil).concat();
    assert!(heard.contains(r#""Xivo-AvailableAgents":"0","Xivo-EWT":"12","Xivo-TalkingAgents":"1""#), "{heard}");
    stage.asked();
    stage.happens(completes(1, 3, 60));
    let interface = "Local/id-1@agentcallback".into();
    assert!(stage.asked().contains(&TelephonyRequest::MemberStatus { queue: "support".into(), interface }));
    stage.settle();
    let heard = stage.heard(bertil).concat();
    assert!(heard.contains(r#""Xivo-AvailableAgents":"1","Xivo-EWT":"12","Xivo-TalkingAgents":"0""#), "{heard}");
}

#[test]
fn a_summary_is_asked_for_five_times_a_second_at_most_and_only_if_somebody_hears_it() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.link(with_queues(vec![stands(vec![], vec![])]));
    let summaries = |stage: &mut Stage| {
        let asked = stage.asked();
        let of_support =
            |request: &&TelephonyRequest| **request == TelephonyRequest::QueueSummary { queue: "support".into() };
        asked.iter().filter(of_support).count()
    };
    stage.happens(TelephonyEvent::Member(telephone("support", 1)));
    assert_eq!(summaries(&mut stage), 0);
    stage.ask(agnes, SUBSCRIBE_FIGURES);
    assert_eq!(summaries(&mut stage), 1);
    for status in [2, 6, 1, 2, 1] {
        stage.happens(TelephonyEvent::Member(telephone("support", status)));
    }
    assert_eq!(summaries(&mut stage), 0);
    stage.pass_milliseconds(199);
    assert_eq!(summaries(&mut stage), 0);
    stage.pass_milliseconds(1);
    assert_eq!(summaries(&mut stage), 1);
    stage.pass_milliseconds(1000);
    assert_eq!(summaries(&mut stage), 0, "nothing happened");
    stage.happens(TelephonyEvent::Member(telephone("support", 2)));
    assert_eq!(summaries(&mut stage), 1);
    stage.lose_link();
    stage.happens(TelephonyEvent::Member(telephone("support", 1)));
    assert_eq!(summaries(&mut stage), 0);
}

/// Settings §9: 47.
#[test]
fn figures_of_calls_are_those_of_each_questions_own_window() {
    let mut stage = Stage::separated();
    let (bertil, chiara) = (stage.enter(BERTIL, "available"), stage.enter(CHIARA, "available"));
    stage.link(with_queues(vec![stands(vec![agent("support")], vec![])]));
    stage.happens(joins(1, 1, 1));
    stage.pass(70);
    stage.happens(leaves(1, 1, 0));
    stage.happens(connects(1, 70));
    stage.pass(600);
    stage.happens(completes(1, 70, 590));
    stage.happens(joins(2, 1, 1));
    stage.happens(joins(3, 2, 2));
    stage.pass(5);
    let gone = TelephonyEvent::CallerAbandoned { queue: "support".into(), unique_id: "u.2".into(), hold_seconds: 4 };
    stage.happens(gone);
    stage.happens(leaves(2, 1, 1));
    let ask = |window: i64, xqos: i64| {
        format!(r#"{{"class":"getqueuesstats","commandid":9,"on":{{"1":{{"window":"{window}","xqos":{xqos}}}}}}}"#)
    };
    let says = |figures: [&str; 7]| {
        let names = ["Join", "Link", "Lost", "Rate", "Qos", "Holdtime-avg", "Holdtime-max"];
        let figures: Vec<String> =
            names.iter().zip(figures).map(|(name, figure)| format!(r#""Xivo-{name}":"{figure}""#)).collect();
        vec![format!(r#"getqueuesstats {{"stats":{{"1":{{{}}}}},"replyid":9}}"#, figures.join(","))]
    };
    assert_eq!(stage.answer(bertil, &ask(3600, 60)), says(["3", "1", "1", "50", "0", "37", "70"]));
    assert_eq!(stage.answer(bertil, &ask(3600, 71)), says(["3", "1", "1", "50", "100", "37", "70"]));
    assert_eq!(stage.answer(bertil, &ask(60, 60)), says(["2", "0", "1", "", "", "4", "4"]));
    let nothing = says(["0", "0", "0", "", "", "", ""]);
    assert_eq!(stage.answer(bertil, &ask(0, 60)), nothing);
    assert_eq!(stage.answer(chiara, &ask(3600, 60)), nothing, "of a queue out of sight as of none");
    // A restart does not lose the day.
    let calls = stage.writes.iter().filter_map(|write| match write {
        StateWrite::QueueCall(call) => Some((call.unique_id.clone(), call.clone())),
        StateWrite::User(..) | StateWrite::Agent(..) => None,
    });
    let kept: BTreeMap<Box<str>, crate::settings::state::QueueCall> = calls.collect();
    let states = States { queue_calls: kept.into_values().collect(), ..States::default() };
    let mut again = Stage::restarted_with(cast(), General::default(), states);
    again.now.unix = stage.now.unix;
    let bertil = again.enter(BERTIL, "available");
    assert_eq!(again.answer(bertil, &ask(3600, 60)), says(["3", "1", "1", "50", "0", "37", "70"]));
}

/// Settings §9: 47.
#[test]
fn a_link_that_comes_back_tells_only_what_differs() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    let before = stands(vec![telephone("support", 1)], vec![entry(1, 1), entry(2, 2)]);
    stage.link(with_queues(vec![before.clone()]));
    stage.ask(agnes, SUBSCRIBE);
    stage.ask(agnes, SUBSCRIBE_FIGURES);
    stage.settle();
    stage.heard.clear();
    stage.lose_link();
    stage.pass(10);
    assert_eq!(stage.heard(agnes), Vec::<String>::new(), "the last that was known stays");
    let waited = |id, position| EntrySeen { wait_seconds: 10, ..entry(id, position) };
    stage.link(with_queues(vec![QueueSeen { entries: vec![waited(1, 1), waited(2, 2)], ..before.clone() }]));
    stage.settle();
    assert_eq!(stage.heard(agnes), Vec::<String>::new());
    stage.lose_link();
    stage.link(with_queues(vec![QueueSeen { entries: vec![waited(2, 1)], ..before }]));
    stage.settle();
    let since = "1471009851.0";
    let heard = stage.heard(agnes);
    assert_eq!(heard[0], waiting(&[(2, since)]));
    assert_eq!(heard[1..], [figures(r#""Xivo-WaitingCalls":1,"Xivo-LongestWaitTime":10"#)]);
    // A queue that Asterisk does not have any more.
    stage.link(with_queues(vec![]));
    stage.settle();
    let heard = stage.heard(agnes);
    assert_eq!(heard[0], r#"delconfig queuemembers ["PJSIP/1001,support"]"#);
    assert_eq!(heard[1], waiting(&[]));
}

#[test]
fn a_queue_that_is_called_otherwise_is_asked_anew() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.link(with_queues(vec![stands(vec![], vec![entry(1, 1)])]));
    stage.ask(agnes, SUBSCRIBE);
    stage.settle();
    stage.heard.clear();
    stage.asked();
    stage.change(|known, _| {
        known.queues.edit(QueueId::new(1), |queue| queue.name = name(QueueName::parse("help")));
    });
    assert!(stage.asked().contains(&TelephonyRequest::QueueStatus { queue: "help".into() }));
    let heard = stage.heard(agnes).concat();
    assert!(heard.contains(r#""queue_name":"help","queue_id":1,"entries":[]"#), "{heard}");
    stage.settle();
    stage.happens(TelephonyEvent::Queue(QueueSeen { name: "help".into(), ..stands(vec![], vec![entry(1, 1)]) }));
    assert!(stage.heard(agnes).concat().contains(r#""uniqueid":"u.1""#));
    stage.change(|known, _| known.remove_queue(QueueId::new(1)).expect("a queue goes"));
    stage.settle();
    stage.happens(joins(2, 1, 1));
    stage.heard.clear();
    assert_eq!(stage.answer(agnes, SUBSCRIBE), Vec::<String>::new());
}

#[test]
fn what_happens_in_queues_is_said_as_events() {
    let mut stage = Stage::new();
    stage.link(with_queues(vec![stands(vec![], vec![])]));
    stage.settle();
    stage.events.clear();
    stage.happens(TelephonyEvent::Member(telephone("support", 1)));
    stage.settle();
    stage.happens(joins(1, 1, 1));
    stage.settle();
    stage.happens(TelephonyEvent::Queue(stands(vec![], vec![])));
    stage.settle();
    let said = std::mem::take(&mut stage.events);
    assert!(said.iter().all(|event| event.cause == Cause::Telephony));
    let member = Subject::QueueMember(QueueId::new(1), MemberId::Line(LineId::new(1)));
    let queue = Subject::Queue(QueueId::new(1));
    let said: Vec<_> = said.into_iter().map(|event| (event.subject, event.change)).collect();
    let expected = [
        (member, Change::QueueMember { status: 1, is_paused: false }),
        (queue, Change::Waiting { callers: 1 }),
        (member, Change::LeftQueue),
        (queue, Change::Waiting { callers: 0 }),
    ];
    assert_eq!(said, expected);
}
