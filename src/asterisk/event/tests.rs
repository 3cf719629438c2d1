//! Events of a real Asterisk, and some that are older or broken.

use super::*;
use crate::asterisk::transcript::received;
use crate::live::messages::telephony::{Channel, ChannelState, Party};

fn all() -> Vec<TelephonyEvent> {
    received(include_str!("../../../tests/ami/events.txt")).iter().filter_map(event).collect()
}

/// The only one of its kind, or the first.
fn first<T>(pick: impl FnMut(TelephonyEvent) -> Option<T>) -> T {
    all().into_iter().find_map(pick).expect("an event of the kind")
}

fn of(text: &str) -> Option<TelephonyEvent> {
    event(&Packet::of(text))
}

fn party(name: &str, number: &str) -> Party {
    Party { name: name.into(), number: number.into() }
}

#[test]
fn every_event_of_the_excerpt_is_understood() {
    let packets = received(include_str!("../../../tests/ami/events.txt"));
    for packet in &packets {
        assert!(event(packet).is_some(), "{packet:?}");
    }
    assert_eq!(packets.len(), 23);
}

#[test]
fn a_channel_is_read_with_both_ends_and_unknown_ones_are_empty() {
    let found = first(|event| match event {
        TelephonyEvent::Channel(channel) => Some(channel),
        _ => None,
    });
    let expected = Channel {
        name: "PJSIP/102-00000025".into(),
        unique_id: "tel-1795440489.39".into(),
        linked_id: "tel-1795440489.39".into(),
        state: ChannelState::Calling,
        caller: party("Bob", "102"),
        connected: Party::default(),
        context: "default".into(),
        extension: "101".into(),
    };
    assert_eq!(found, expected);
    assert_eq!(expected.device(), "PJSIP/102");
}

#[test]
fn a_dial_has_its_caller_unless_it_was_originated() {
    let dials = all().into_iter().filter_map(|event| match event {
        TelephonyEvent::DialBegan { caller, callee } => Some((caller.map(|caller| caller.name), callee.name)),
        _ => None,
    });
    let dialled = (Some("PJSIP/102-00000025".into()), "PJSIP/101-00000026".into());
    assert_eq!(dials.collect::<Vec<_>>(), [dialled, (None, "PJSIP/101-00000029".into())]);
}

#[test]
fn hold_hangup_and_bridges_name_the_channel() {
    let told = all().into_iter().filter_map(|event| match event {
        TelephonyEvent::Held { unique_id, is_held } => Some(format!("held {unique_id} {is_held}")),
        TelephonyEvent::HungUp { channel, cause } => Some(format!("hung up {} {cause}", channel.unique_id)),
        TelephonyEvent::BridgeEntered { channel, .. } => Some(format!("entered {}", channel.unique_id)),
        TelephonyEvent::BridgeLeft { channel, .. } => Some(format!("left {}", channel.unique_id)),
        _ => None,
    });
    let expected = [
        "entered tel-1795440489.40",
        "held tel-1795440489.40 true",
        "held tel-1795440489.40 false",
        "left tel-1795440489.39",
        "hung up tel-1795440489.40 16",
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

#[test]
fn a_member_is_read_from_every_event_that_shows_one() {
    let members = all().into_iter().filter_map(|event| match event {
        TelephonyEvent::Member(member) => Some(member),
        _ => None,
    });
    let members = members.collect::<Vec<_>>();
    assert_eq!(members.len(), 3);
    for member in &members {
        assert!(["blue", "red"].contains(&&*member.queue));
        assert_eq!(&*member.name, "Agent/8001");
        assert_eq!((&*member.interface, &*member.state_interface), ("Local/id-1@agentcallback", "PJSIP/101"));
        assert!(member.is_dynamic);
    }
    assert_eq!((members[1].is_paused, &*members[1].pause_reason), (true, "lunch"));
}

#[test]
fn a_queue_call_is_read_from_join_to_the_end_of_the_talk() {
    let told = all().into_iter().filter_map(|event| match event {
        TelephonyEvent::CallerJoined { queue, entry, count } => {
            Some(format!("{queue} joined {} {} {count} {}", entry.unique_id, entry.position, entry.caller.name))
        }
        TelephonyEvent::CallerLeft { unique_id, position, count, .. } => {
            Some(format!("left {unique_id} {position} {count}"))
        }
        TelephonyEvent::AgentConnected(call) => {
            Some(format!("{} answered {} after {}", call.name, call.unique_id, call.hold_seconds))
        }
        TelephonyEvent::AgentCompleted(call) => {
            Some(format!("{} talked {} for {}", call.name, call.unique_id, call.talk_seconds))
        }
        TelephonyEvent::CallerAbandoned { unique_id, hold_seconds, .. } => {
            Some(format!("abandoned {unique_id} after {hold_seconds}"))
        }
        TelephonyEvent::MemberRemoved { queue, name, interface } => Some(format!("{queue} lost {name} {interface}")),
        _ => None,
    });
    let expected = [
        "blue joined tel-1795440549.64 1 1 Bob",
        "left tel-1795440549.64 1 0",
        "Agent/8001 answered tel-1795440549.64 after 2",
        "Agent/8001 talked tel-1795440549.64 for 3",
        "abandoned tel-1795440558.68 after 2",
        "blue lost Agent/8001 Local/id-1@agentcallback",
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

#[test]
fn a_user_event_has_what_was_written_and_nothing_of_the_channel() {
    let told = all().into_iter().filter_map(|event| match event {
        TelephonyEvent::User(event) => Some(event),
        _ => None,
    });
    let told = told.collect::<Vec<_>>();
    assert_eq!((&*told[0].name, told[0].fields.len(), told[0].field("agentnumber")), ("AgentLogin", 4, Some("8001")));
    assert_eq!((&*told[1].name, told[1].fields.len()), ("User", 4));
    assert_eq!((told[1].field("Uniqueid"), told[1].field("channel")), (None, Some("PJSIP/102-0000004e")));
}

#[test]
fn fields_that_an_older_asterisk_does_not_say_are_left_empty() {
    let told = of("Event: QueueMemberStatus\nQueue: blue\nMemberName: Alice\nInterface: SIP/101\nStatus: 1\nPaused: 0");
    let Some(TelephonyEvent::Member(member)) = told else { panic!("no member") };
    assert_eq!((&*member.state_interface, member.in_call, member.last_call), ("SIP/101", None, 0));
    assert_eq!((member.is_dynamic, &*member.pause_reason), (false, ""));
    let told = of("Event: MessageWaiting\nMailbox: 101@default\nWaiting: 1");
    assert!(matches!(told, Some(TelephonyEvent::Mailbox(mailbox)) if mailbox.new == 1));
}

#[test]
fn headers_are_known_in_any_case() {
    let told = of("event: extensionstatus\nEXTEN: 101\ncontext: default\nhint: PJSIP/101\nSTATUS: -1");
    assert!(matches!(told, Some(TelephonyEvent::Hint(hint)) if hint.status == -1 && &*hint.extension == "101"));
}

#[test]
fn an_event_that_lacks_what_it_is_about_is_none() {
    let broken = [
        "Event: ExtensionStatus\nExten: 101\nStatus: many",
        "Event: Newchannel\nChannel: PJSIP/101-1",
        "Event: QueueCallerJoin\nQueue: blue\nPosition: 1\nCount: 1",
        "Event: QueueMemberStatus\nQueue: blue",
        "Event: UserEvent",
        "Event: Unheard",
        "Response: Success",
    ];
    for text in broken {
        assert_eq!(of(text), None, "{text}");
    }
}
