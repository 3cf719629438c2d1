//! Conference rooms (protocol 4.12), as an installation without a telephony link has them: configured, and empty.

use serde::ser::{Serialize, Serializer};

use crate::protocol::notice::QuietRoom;

/// By number.
pub(super) struct QuietRooms<'a>(pub(super) &'a [QuietRoom]);

impl Serialize for QuietRooms<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|room| (&room.number, Room::of(room))))
    }
}

#[derive(serde::Serialize)]
struct Room<'a> {
    number: &'a str,
    name: &'a str,
    pin_required: bool,
    /// When the conference began; 0: it has not.
    start_time: u32,
    member_count: u32,
    members: RoomMembers,
}

impl<'a> Room<'a> {
    fn of(room: &'a QuietRoom) -> Self {
        Self {
            number: &room.number,
            name: &room.name,
            pin_required: room.needs_pin,
            start_time: 0,
            member_count: 0,
            members: RoomMembers {},
        }
    }
}

#[derive(serde::Serialize)]
struct RoomMembers {}
