//! Channels, bridges and calls (telephony §2, §9.1).

use super::{given, known};
use crate::asterisk::packet::Packet;
use crate::live::messages::TelephonyEvent;
use crate::live::messages::telephony::{Channel, ChannelState, Party};

/// Events that show a channel, and say no more of it than that it is so now.
const SNAPSHOTS: [&str; 4] = ["Newchannel", "Newstate", "NewCallerid", "NewConnectedLine"];

pub(super) fn event(name: &str, packet: &Packet) -> Option<TelephonyEvent> {
    let is = |event: &str| name.eq_ignore_ascii_case(event);
    if SNAPSHOTS.into_iter().any(is) {
        channel(packet).map(TelephonyEvent::Channel)
    } else if is("Rename") {
        let unique_id = given(packet, "Uniqueid")?;
        Some(TelephonyEvent::ChannelRenamed { unique_id, name: given(packet, "Newname")? })
    } else if is("Hangup") {
        let cause = packet.number("Cause").unwrap_or(0);
        Some(TelephonyEvent::HungUp { channel: channel(packet)?, cause })
    } else if is("Hold") {
        Some(TelephonyEvent::Held { unique_id: given(packet, "Uniqueid")?, is_held: true })
    } else if is("Unhold") {
        Some(TelephonyEvent::Held { unique_id: given(packet, "Uniqueid")?, is_held: false })
    } else if is("DialBegin") {
        // A call that was originated has no channel but the one that is dialled (telephony §9.1).
        Some(TelephonyEvent::DialBegan { caller: channel(packet), callee: channel_of(packet, "Dest")? })
    } else if is("BridgeEnter") {
        let bridge = given(packet, "BridgeUniqueid")?;
        Some(TelephonyEvent::BridgeEntered { bridge, channel: channel(packet)? })
    } else if is("BridgeLeave") {
        let bridge = given(packet, "BridgeUniqueid")?;
        Some(TelephonyEvent::BridgeLeft { bridge, channel: channel(packet)? })
    } else {
        None
    }
}

/// The channel that the packet is about; `CoreShowChannel` has the same headers.
pub(in crate::asterisk) fn channel(packet: &Packet) -> Option<Channel> {
    channel_of(packet, "")
}

/// The channel whose headers begin so.
fn channel_of(packet: &Packet, prefix: &str) -> Option<Channel> {
    let text = |name: &str| -> Box<str> { known(packet.text(&format!("{prefix}{name}"))).into() };
    let name = given(packet, &format!("{prefix}Channel"))?;
    let unique_id = given(packet, &format!("{prefix}Uniqueid"))?;
    Some(Channel {
        name,
        unique_id,
        linked_id: text("Linkedid"),
        state: channel_state(packet.number(&format!("{prefix}ChannelState")).unwrap_or(0)),
        caller: Party { name: text("CallerIDName"), number: text("CallerIDNum") },
        connected: Party { name: text("ConnectedLineName"), number: text("ConnectedLineNum") },
        context: text("Context"),
        extension: text("Exten"),
    })
}

/// Off the hook, or about to hang up, is down: it has neither called nor answered.
fn channel_state(number: u8) -> ChannelState {
    match number {
        3 | 4 | 8 => ChannelState::Calling,
        5 | 9 => ChannelState::Ringing,
        6 => ChannelState::Up,
        7 => ChannelState::Busy,
        _ => ChannelState::Down,
    }
}
