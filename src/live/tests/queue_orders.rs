//! What the telephone system says of queues in orders that do not fit: of names that nobody has, twice, late, while there is
//! no link, and while the settings call something otherwise.

use proptest::prelude::*;

use super::queues::{
    SUBSCRIBE, SUBSCRIBE_FIGURES, completes, connects, entry, figures, joins, leaves, stands, telephone, waiting,
    with_queues,
};
use super::*;
use crate::live::messages::telephony::{AnsweredCall, Channel, MemberSeen};
use crate::protocol::queue_figures::CallFigures;
use crate::settings::id::{LineId, QueueId};

/// Agnes, who has subscribed to all that is told of the queue `support`.
fn subscribed(queues: TelephonySnapshot) -> (Stage, SessionId) {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.link(queues);
    stage.ask(agnes, SUBSCRIBE);
    stage.ask(agnes, SUBSCRIBE_FIGURES);
    stage.settle();
    stage.heard(agnes);
    stage.asked();
    (stage, agnes)
}

fn empty() -> TelephonySnapshot {
    with_queues(vec![stands(vec![], vec![])])
}

fn hangs_up(id: u32) -> TelephonyEvent {
    let channel = Channel { unique_id: format!("u.{id}").into(), ..Channel::default() };
    TelephonyEvent::HungUp { channel, cause: 16 }
}

/// Joined, answered, lost.
fn counts(stage: &Stage) -> [u32; 3] {
    let calls = &stage.live.state.queues().calls;
    let CallFigures { joined, answered, lost, .. } = calls.figures(QueueId::new(1), (3600, 60), stage.now.unix);
    [joined, answered, lost]
}

fn is_asked_how_it_stands(stage: &mut Stage) -> bool {
    stage.asked().contains(&TelephonyRequest::QueueStatus { queue: "support".into() })
}

#[test]
fn names_that_nobody_has_change_nothing() {
    let (mut stage, agnes) = subscribed(empty());
    let nobody = MemberSeen {
        name: "Agent/9999".into(),
        interface: "Local/id-99@agentcallback".into(),
        ..telephone("support", 1)
    };
    let elsewhere = AnsweredCall {
        queue: "nowhere".into(),
        name: "Agent/2105".into(),
        interface: "Local/id-1@agentcallback".into(),
        unique_id: "u.1".into(),
        hold_seconds: 3,
    };
    for event in [
        TelephonyEvent::CallerJoined { queue: "nowhere".into(), entry: entry(1, 1), count: 1 },
        TelephonyEvent::CallerLeft { queue: "nowhere".into(), unique_id: "u.1".into(), position: 1, count: 0 },
        TelephonyEvent::CallerAbandoned { queue: "support".into(), unique_id: "u.9".into(), hold_seconds: 3 },
        TelephonyEvent::Queue(crate::live::messages::telephony::QueueSeen {
            name: "nowhere".into(),
            ..stands(vec![telephone("nowhere", 1)], vec![entry(1, 1)])
        }),
        TelephonyEvent::Summary { queue: "nowhere".into(), available: 3, hold_seconds: 3 },
        TelephonyEvent::Member(telephone("nowhere", 1)),
        TelephonyEvent::Member(nobody.clone()),
        TelephonyEvent::MemberRemoved { queue: "support".into(), interface: nobody.interface, name: nobody.name },
        TelephonyEvent::MemberRemoved { queue: "support".into(), interface: "PJSIP/1001".into(), name: "".into() },
        completes(9, 3, 4),
        hangs_up(9),
    ] {
        stage.happens(event.clone());
        stage.settle();
        assert_eq!(stage.heard(agnes), [""; 0], "{event:?}");
    }
    stage.happens(TelephonyEvent::AgentConnected(elsewhere));
    assert_eq!(counts(&stage), [0, 0, 0]);
    assert!(!is_asked_how_it_stands(&mut stage));
}

#[test]
fn what_is_said_twice_counts_once_and_the_queue_is_asked() {
    let (mut stage, agnes) = subscribed(empty());
    stage.happens(joins(1, 1, 1));
    assert!(!is_asked_how_it_stands(&mut stage));
    stage.happens(joins(1, 1, 1));
    assert!(is_asked_how_it_stands(&mut stage));
    stage.settle();
    let since = "1471009851.0";
    assert_eq!(stage.heard(agnes)[0], waiting(&[(1, since)]));
    assert_eq!(counts(&stage), [1, 0, 0]);
    for event in
        [leaves(1, 1, 0), leaves(1, 1, 0), connects(1, 3), connects(1, 3), completes(1, 3, 4), completes(1, 3, 4)]
    {
        stage.happens(event);
    }
    assert_eq!(counts(&stage), [1, 1, 0]);
    stage.happens(hangs_up(1));
    stage.happens(hangs_up(1));
    stage.settle();
    assert_eq!(counts(&stage), [1, 1, 0]);
    assert_eq!(stage.answer(agnes, SUBSCRIBE), [waiting(&[])]);
}

#[test]
fn whoever_hangs_up_before_the_queue_says_so_is_no_ghost() {
    let (mut stage, agnes) = subscribed(empty());
    stage.happens(joins(1, 1, 1));
    stage.happens(joins(2, 2, 2));
    stage.happens(hangs_up(1));
    assert_eq!(counts(&stage), [2, 0, 1]);
    stage.happens(leaves(1, 1, 1));
    stage.settle();
    assert!(!is_asked_how_it_stands(&mut stage), "that is what was known");
    assert_eq!(stage.answer(agnes, SUBSCRIBE), [waiting(&[(2, "1471009851.0")])]);
    // Said of a call that is over.
    stage.happens(connects(1, 3));
    stage.happens(completes(1, 3, 4));
    assert_eq!(counts(&stage), [2, 0, 1]);
}

#[test]
fn what_comes_while_there_is_no_link_is_righted_by_the_next_one() {
    let (mut stage, agnes) = subscribed(empty());
    stage.lose_link();
    stage.happens(joins(1, 1, 1));
    stage.happens(joins(2, 1, 9));
    stage.happens(TelephonyEvent::Member(telephone("support", 2)));
    stage.settle();
    assert_eq!(stage.asked(), [], "nobody could answer");
    stage.link(empty());
    stage.settle();
    assert_eq!(stage.answer(agnes, SUBSCRIBE), [waiting(&[])]);
    let members = stage.live.state.queues().get(QueueId::new(1)).map(|queue| &queue.members);
    assert!(members.into_iter().flatten().all(|(_, member)| !member.is_there));
    // Twice, without a loss between them.
    stage.link(with_queues(vec![stands(vec![telephone("support", 1)], vec![entry(3, 1)])]));
    stage.link(with_queues(vec![stands(vec![telephone("support", 1)], vec![entry(3, 1)])]));
    stage.settle();
    assert_eq!(stage.answer(agnes, SUBSCRIBE), [waiting(&[(3, "1471009851.0")])]);
}

#[test]
fn a_line_with_another_telephone_and_one_that_is_gone_are_members_no_more() {
    for is_up in [true, false] {
        for is_deleted in [true, false] {
            let (mut stage, agnes) = subscribed(with_queues(vec![stands(vec![telephone("support", 1)], vec![])]));
            if !is_up {
                stage.lose_link();
            }
            stage.change(|known, _| {
                let line = LineId::new(1);
                if is_deleted {
                    return known.remove_line(line).expect("a line goes");
                }
                known.lines.edit(line, |line| line.device = name(Device::parse("PJSIP/desk")));
            });
            stage.settle();
            let heard = stage.heard(agnes);
            assert!(heard.contains(&r#"delconfig queuemembers ["PJSIP/1001,support"]"#.to_owned()), "{heard:?}");
            let none = figures(r#""Xivo-AvailableAgents":"0","Xivo-EWT":"12","Xivo-TalkingAgents":"0""#);
            assert!(heard.contains(&none), "{heard:?}");
            let ids = stage.answer(agnes, r#"{"class":"getlist","function":"listid","listname":"queuemembers"}"#);
            assert_eq!(ids, [r#"listid queuemembers ["Agent/2105,support","Agent/2105,orders"]"#]);
            assert_eq!(is_asked_how_it_stands(&mut stage), is_up);
        }
    }
}

#[test]
fn who_subscribed_before_a_queue_was_known_hears_that_nobody_waits() {
    let (mut stage, agnes) = subscribed(TelephonySnapshot::default());
    stage.happens(TelephonyEvent::Summary { queue: "support".into(), available: 0, hold_seconds: 7 });
    stage.settle();
    let heard = stage.heard(agnes);
    assert_eq!(heard[0], figures(r#""Xivo-WaitingCalls":0"#));
}

/// What has become of a call, as the caller knows it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    Waits,
    Lost,
    Talks,
    Answered,
}

/// One thing that becomes of a call where it can, said as Asterisk says it.
fn next_of(fate: Option<Fate>, act: u8, (id, waiting): (u32, &[u32])) -> Option<(Fate, Vec<TelephonyEvent>)> {
    let many = u32::try_from(waiting.len()).expect("few");
    let place = waiting.iter().zip(1..).find(|(other, _)| **other == id).map_or(0, |(_, place)| place);
    Some(match (fate, act) {
        // Who was answered may be brought back.
        (None | Some(Fate::Answered), 0..=2) => (Fate::Waits, vec![joins(id, many + 1, many + 1)]),
        (Some(Fate::Waits), 0) => {
            let queue = "support".into();
            let abandoned =
                TelephonyEvent::CallerAbandoned { queue, unique_id: format!("u.{id}").into(), hold_seconds: 3 };
            (Fate::Lost, vec![abandoned, leaves(id, place, many - 1), hangs_up(id)])
        }
        (Some(Fate::Waits), 1) => (Fate::Lost, vec![hangs_up(id)]),
        (Some(Fate::Waits), _) => (Fate::Talks, vec![leaves(id, place, many - 1), connects(id, 3)]),
        (Some(Fate::Talks), 0..=2) => (Fate::Answered, vec![completes(id, 3, 4)]),
        (Some(Fate::Lost | Fate::Talks | Fate::Answered) | None, _) => return None,
    })
}

proptest! {
    /// Said once or twice, the figures of the day are those of the calls, who waits has a place from 1 to the last, and a
    /// restart keeps the day.
    #[test]
    fn figures_are_those_of_the_calls_and_a_restart_keeps_them(
        acts in prop::collection::vec((0u8..5, 1u32..6, 0u8..4), 1..60)
    ) {
        let (mut stage, agnes) = subscribed(empty());
        let mut fates: BTreeMap<u32, Fate> = BTreeMap::new();
        let mut line: Vec<u32> = Vec::new();
        for (act, id, again) in acts {
            let Some((fate, events)) = next_of(fates.get(&id).copied(), act, (id, &line)) else { continue };
            fates.insert(id, fate);
            line.retain(|other| *other != id);
            if fate == Fate::Waits {
                line.push(id);
            }
            for event in events {
                if again == 0 {
                    stage.happens(event.clone());
                }
                stage.happens(event);
            }
            let many = |is_meant: fn(&Fate) -> bool| u32::try_from(fates.values().filter(|fate| is_meant(fate)).count());
            let expected = [
                many(|_| true),
                many(|fate| matches!(fate, Fate::Talks | Fate::Answered)),
                many(|fate| *fate == Fate::Lost),
            ];
            prop_assert_eq!(counts(&stage), expected.map(|count| count.expect("few")));
            let callers: Vec<(u32, &str)> = line.iter().map(|id| (*id, "1471009851.0")).collect();
            // Who waits is read as it was told.
            stage.pass_milliseconds(50);
            prop_assert_eq!(stage.answer(agnes, SUBSCRIBE), [waiting(&callers)]);
        }
        let mut kept = BTreeMap::new();
        for write in std::mem::take(&mut stage.writes) {
            if let StateWrite::QueueCall(call) = write {
                kept.insert(call.unique_id.clone(), call);
            }
        }
        let states = States { queue_calls: kept.into_values().collect(), ..States::default() };
        let again = Stage::restarted_with((**stage.configuration).clone(), General::default(), states);
        prop_assert_eq!(counts(&again), counts(&stage));
    }
}
