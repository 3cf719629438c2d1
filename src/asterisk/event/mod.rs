//! What a packet means to `live`. Pure; the session asks for every event that belongs to no action, `resync` and `request`
//! take from here what items of lists mean. Whatever an older Asterisk does not say is left empty; an event that lacks
//! what it is about is none.

/// Channels, bridges and calls.
mod channels;
/// Hints, devices and voicemail boxes.
mod phones;
/// Queues, members and callers.
mod queues;

pub(super) use channels::channel;
pub(super) use phones::{device, hint, mailbox_of_user};
pub(super) use queues::{entry, listed_member, queue_params, summary};

use super::packet::Packet;
use crate::live::messages::TelephonyEvent;
use crate::live::messages::telephony::UserEvent;

/// None: nothing that ctibox acts by.
pub(crate) fn event(packet: &Packet) -> Option<TelephonyEvent> {
    let name = packet.event()?;
    phones::event(name, packet)
        .or_else(|| channels::event(name, packet))
        .or_else(|| queues::event(name, packet))
        .or_else(|| user_event(name, packet))
}

/// What the dial plan or another program says: what stands behind `UserEvent`, but for the id of an action. What stands
/// before it is said of the channel.
fn user_event(event: &str, packet: &Packet) -> Option<TelephonyEvent> {
    if !event.eq_ignore_ascii_case("UserEvent") {
        return None;
    }
    let name = given(packet, "UserEvent")?;
    let behind = packet.headers().skip_while(|(header, _)| !header.eq_ignore_ascii_case("UserEvent")).skip(1);
    let fields = behind.filter(|(header, _)| !header.eq_ignore_ascii_case("ActionID"));
    let fields = fields.map(|(header, value)| (header.into(), value.into())).collect();
    Some(TelephonyEvent::User(UserEvent { name, fields }))
}

/// A value that must be there for the event to mean anything.
fn given(packet: &Packet, name: &str) -> Option<Box<str>> {
    let value = known(packet.text(name));
    (!value.is_empty()).then(|| value.into())
}

/// Asterisk's word for what it does not know is no name or number (telephony §18.12).
fn known(text: &str) -> &str {
    if text == "<unknown>" { "" } else { text }
}

#[cfg(test)]
mod tests;
