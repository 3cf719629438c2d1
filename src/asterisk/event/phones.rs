//! Hints, devices and voicemail boxes (telephony §4, §12).

use super::given;
use crate::asterisk::packet::Packet;
use crate::live::messages::TelephonyEvent;
use crate::live::messages::telephony::{DeviceSeen, HintSeen, MailboxSeen};

pub(super) fn event(name: &str, packet: &Packet) -> Option<TelephonyEvent> {
    if name.eq_ignore_ascii_case("ExtensionStatus") {
        hint(packet).map(TelephonyEvent::Hint)
    } else if name.eq_ignore_ascii_case("DeviceStateChange") {
        device(packet).map(TelephonyEvent::Device)
    } else if name.eq_ignore_ascii_case("MessageWaiting") {
        mailbox(packet).map(TelephonyEvent::Mailbox)
    } else {
        None
    }
}

/// Of `ExtensionStatus`, which is also an item of `ExtensionStateList`.
pub(in crate::asterisk) fn hint(packet: &Packet) -> Option<HintSeen> {
    Some(HintSeen {
        extension: given(packet, "Exten")?,
        context: packet.text("Context").into(),
        hint: packet.text("Hint").into(),
        status: packet.number("Status")?,
    })
}

/// Of `DeviceStateChange`, which is also an item of `DeviceStateList`.
pub(in crate::asterisk) fn device(packet: &Packet) -> Option<DeviceSeen> {
    Some(DeviceSeen { device: given(packet, "Device")?, state: given(packet, "State")? })
}

/// An older Asterisk says only that there are new messages.
fn mailbox(packet: &Packet) -> Option<MailboxSeen> {
    let new = packet.number("New").or_else(|| packet.number("Waiting"))?;
    Some(MailboxSeen { mailbox: given(packet, "Mailbox")?, new, old: packet.number("Old").unwrap_or(0) })
}

/// Of an item of `VoicemailUsersList`.
pub(in crate::asterisk) fn mailbox_of_user(packet: &Packet) -> Option<MailboxSeen> {
    let mailbox = format!("{}@{}", given(packet, "VoiceMailbox")?, given(packet, "VMContext")?);
    let new = packet.number("NewMessageCount")?;
    Some(MailboxSeen { mailbox: mailbox.into(), new, old: packet.number("OldMessageCount").unwrap_or(0) })
}
