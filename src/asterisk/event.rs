//! What a packet means to `live`. Pure; the session asks for every event that belongs to no action.

use super::packet::Packet;
use crate::live::messages::TelephonyEvent;

/// None: nothing that ctibox acts by.
pub(crate) fn event(_packet: &Packet) -> Option<TelephonyEvent> {
    None
}
