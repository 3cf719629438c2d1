//! Queues, their members and the callers who wait (telephony §6.3, §7).

use super::{given, known};
use crate::asterisk::packet::Packet;
use crate::live::messages::TelephonyEvent;
use crate::live::messages::telephony::{AnsweredCall, CompletedCall, EntrySeen, MemberSeen, Party, QueueSeen};

/// Events that show a member, and say no more of it than that it is so now.
const SNAPSHOTS: [&str; 5] =
    ["QueueMemberAdded", "QueueMemberStatus", "QueueMemberPause", "QueueMemberPenalty", "QueueMemberRinginuse"];

pub(super) fn event(name: &str, packet: &Packet) -> Option<TelephonyEvent> {
    let is = |event: &str| name.eq_ignore_ascii_case(event);
    if SNAPSHOTS.into_iter().any(is) {
        member(packet, "MemberName", "Interface").map(TelephonyEvent::Member)
    } else if is("QueueMemberRemoved") {
        let interface = given(packet, "Interface")?;
        Some(TelephonyEvent::MemberRemoved { queue: queue(packet)?, interface, name: packet.text("MemberName").into() })
    } else if is("QueueCallerJoin") {
        let count = packet.number("Count")?;
        Some(TelephonyEvent::CallerJoined { queue: queue(packet)?, entry: entry(packet)?, count })
    } else if is("QueueCallerLeave") {
        caller_left(packet)
    } else if is("QueueCallerAbandon") {
        let hold_seconds = packet.number("HoldTime").unwrap_or(0);
        Some(TelephonyEvent::CallerAbandoned {
            queue: queue(packet)?,
            unique_id: given(packet, "Uniqueid")?,
            hold_seconds,
        })
    } else if is("AgentConnect") {
        answered(packet).map(TelephonyEvent::AgentConnected)
    } else if is("AgentComplete") {
        completed(packet).map(TelephonyEvent::AgentCompleted)
    } else {
        None
    }
}

fn queue(packet: &Packet) -> Option<Box<str>> {
    given(packet, "Queue")
}

fn caller_left(packet: &Packet) -> Option<TelephonyEvent> {
    Some(TelephonyEvent::CallerLeft {
        queue: queue(packet)?,
        unique_id: given(packet, "Uniqueid")?,
        position: packet.number("Position")?,
        count: packet.number("Count")?,
    })
}

fn answered(packet: &Packet) -> Option<AnsweredCall> {
    Some(AnsweredCall {
        queue: queue(packet)?,
        name: packet.text("MemberName").into(),
        interface: given(packet, "Interface")?,
        unique_id: given(packet, "Uniqueid")?,
        hold_seconds: packet.number("HoldTime").unwrap_or(0),
    })
}

fn completed(packet: &Packet) -> Option<CompletedCall> {
    Some(CompletedCall {
        queue: queue(packet)?,
        name: packet.text("MemberName").into(),
        interface: given(packet, "Interface")?,
        unique_id: given(packet, "Uniqueid")?,
        hold_seconds: packet.number("HoldTime").unwrap_or(0),
        talk_seconds: packet.number("TalkTime").unwrap_or(0),
    })
}

/// An item of `QueueStatus`, which has other names for two of the headers.
pub(in crate::asterisk) fn listed_member(packet: &Packet) -> Option<MemberSeen> {
    member(packet, "Name", "Location")
}

fn member(packet: &Packet, name: &str, interface: &str) -> Option<MemberSeen> {
    let interface = given(packet, interface)?;
    let or_interface = |name: &str| given(packet, name).unwrap_or_else(|| interface.clone());
    Some(MemberSeen {
        queue: queue(packet)?,
        name: or_interface(name),
        state_interface: or_interface("StateInterface"),
        is_dynamic: packet.text("Membership").eq_ignore_ascii_case("dynamic"),
        penalty: packet.number("Penalty").unwrap_or(0),
        calls_taken: packet.number("CallsTaken").unwrap_or(0),
        last_call: packet.number("LastCall").unwrap_or(0),
        in_call: packet.number::<u8>("InCall").map(|number| number != 0),
        status: packet.number("Status").unwrap_or(0),
        is_paused: packet.text("Paused").trim() == "1",
        pause_reason: packet.text("PausedReason").into(),
        last_pause: packet.number("LastPause").unwrap_or(0),
        interface,
    })
}

/// Of a caller who joins, or an item of `QueueStatus`.
pub(in crate::asterisk) fn entry(packet: &Packet) -> Option<EntrySeen> {
    Some(EntrySeen {
        position: packet.number("Position")?,
        unique_id: given(packet, "Uniqueid")?,
        channel: packet.text("Channel").into(),
        caller: Party { name: waiting(packet, "CallerIDName"), number: waiting(packet, "CallerIDNum") },
        wait_seconds: packet.number("Wait").unwrap_or(0),
    })
}

/// Lists have the bare word where events have `<unknown>`.
fn waiting(packet: &Packet, name: &str) -> Box<str> {
    match known(packet.text(name)) {
        "unknown" => "".into(),
        text => text.into(),
    }
}

/// The first item of a queue in `QueueStatus`: the queue itself, with nobody in it yet.
pub(in crate::asterisk) fn queue_params(packet: &Packet) -> Option<QueueSeen> {
    let hold_seconds = packet.number("Holdtime").unwrap_or(0);
    Some(QueueSeen { name: queue(packet)?, hold_seconds, ..QueueSeen::default() })
}

/// An item of `QueueSummary`.
pub(in crate::asterisk) fn summary(packet: &Packet) -> Option<TelephonyEvent> {
    let available = packet.number("Available").unwrap_or(0);
    let hold_seconds = packet.number("HoldTime").unwrap_or(0);
    Some(TelephonyEvent::Summary { queue: queue(packet)?, available, hold_seconds })
}
